// The requests of one scan: the page wanted now and at most one ahead of it (decisions.md 16).
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "graph/http.h"
#include "graph/page_fetcher.h"
#include "graph/page_reader.h"

namespace graphodbc::graph {

// Decoded page bytes; the memory goes back to its scan's pool when the last pin drops.
class PageBytes;

struct FetchedPage {
  HttpResponse response;                  // without the body
  std::shared_ptr<const PageBytes> body;  // decoded; never null
  // Of the body, or to be built by the reader; null unless the status was 200.
  std::unique_ptr<PageIndex> index;
  // The body could not be decoded; `body` is empty.
  std::optional<std::string> decode_failure;
};

const ByteBuffer& bytes_of(const PageBytes& page);

// One thread calls everything but cancel(). Requests in flight are cancelled by close() and by
// destruction, which do not wait for them.
class PageStream {
 public:
  // `common`: what all requests share (service, mailbox, context, deadline).
  PageStream(std::shared_ptr<PageFetcher> fetcher, HttpRequest common);
  ~PageStream();
  PageStream(const PageStream&) = delete;
  PageStream& operator=(const PageStream&) = delete;

  // Waits for the page, which is requested now unless it is on its way. With `chain` the page after
  // it is requested as soon as its link shows, on the I/O thread. Any HTTP status. Throws Error:
  // what PendingResponse::wait throws, HY008 after cancel(), HYT00 after the deadline.
  FetchedPage take(const std::string& url, const Headers& headers, bool chain);

  // Says which page comes next: it is requested now unless it is on its way, and another one on its
  // way is given up.
  void expect(const std::string& url, const Headers& headers);
  // Gives up the page on its way, if any.
  void drop_ahead();

  // Takes an index back for a later page.
  void recycle(std::unique_ptr<PageIndex> index) noexcept;

  void close() noexcept;
  void cancel() noexcept;  // from any thread
  bool cancelled() const noexcept;

 private:
  struct State;
  class Fetch;
  std::shared_ptr<State> state_;  // shared with the handlers of requests in flight
};

}  // namespace graphodbc::graph
