// What a scan needs of the client, so that scans can be tested against a scripted service.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "graph/client.h"
#include "graph/collection_scan.h"
#include "graph/http.h"

namespace graphodbc::graph {

// Thread-safe. The handler of a request runs before those that wait for its response wake up, never
// inside start().
class PageFetcher {
 public:
  virtual ~PageFetcher() = default;
  virtual std::shared_ptr<PendingResponse> start(HttpRequest request) = 0;
  virtual const std::string& version_root() const = 0;
  virtual const std::string& origin() const = 0;
  virtual bool same_origin(std::string_view url) const = 0;
  // Whether the retry settings allow to repeat a request identically.
  virtual bool may_resend() const = 0;
};

// Shared with the handlers of requests in flight, which can outlive the source by moments.
std::unique_ptr<base::RowSource> make_collection_scan(std::shared_ptr<PageFetcher> fetcher,
                                                      ScanRequest request);

}  // namespace graphodbc::graph
