// What a scan needs of the client, so that scans can be tested against a scripted service.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "graph/batch_scan.h"
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
  virtual RetrySettings retry_settings() const = 0;
  // Nobody sends to the mailbox before `until`.
  virtual void close_gate(const GateShare& share, std::chrono::steady_clock::time_point until) = 0;

  // Whether the retry settings allow to repeat a request identically.
  bool may_resend() const {
    const RetrySettings retry = retry_settings();
    return retry.mode != RetryMode::kNone && retry.count > 0;
  }
};

// `client` must outlive what is made of it.
std::shared_ptr<PageFetcher> make_client_fetcher(Client& client);

// Shared with the handlers of requests in flight, which can outlive the source by moments.
std::unique_ptr<base::RowSource> make_collection_scan(std::shared_ptr<PageFetcher> fetcher,
                                                      ScanRequest request);
std::unique_ptr<BatchScan> make_batch_scan(std::shared_ptr<PageFetcher> fetcher,
                                           std::vector<ScanRequest> parts, BatchLimits limits);

}  // namespace graphodbc::graph
