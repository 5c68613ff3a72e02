#include "graph/collection_scan.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/error.h"
#include "graph/page_fetcher.h"
#include "graph/page_reader.h"
#include "graph/page_stream.h"
#include "graph/page_walk.h"
#include "graph/scan_statistics.h"
#include "graph/service_error.h"

namespace graphodbc::graph {
namespace {

using base::RowBatch;

class CollectionScan final : public base::RowSource {
 public:
  CollectionScan(std::shared_ptr<PageFetcher> fetcher, ScanRequest request)
      : fetcher_(std::move(fetcher)),
        request_(std::move(request)),
        program_(std::make_shared<const PageProgram>(request_.columns, request_.expansion)),
        reader_(program_),
        stream_(fetcher_, common(request_)),
        walk_(*fetcher_, request_) {}

  std::size_t column_count() const override { return program_->column_count(); }

  void open() override {
    guarded([&] {
      if (walk_.link()) read_page(first_);
    });
  }

  bool next_batch(RowBatch& batch) override {
    if (failure_) std::rethrow_exception(failure_);
    bool more = false;
    guarded([&] {
      batch.clear();
      batch.column_count = column_count();
      if (stream_.cancelled()) throw base::Error("HY008", "the statement was cancelled");
      more = next_rows(batch);
    });
    return more;
  }

  void cancel() noexcept override { stream_.cancel(); }

  std::vector<base::Warning> take_warnings() override {
    std::vector<base::Warning> taken = std::exchange(warnings_, {});
    for (base::Warning& warning : walk_.take_warnings()) taken.push_back(std::move(warning));
    return taken;
  }

 private:
  static HttpRequest common(const ScanRequest& request) {
    HttpRequest http;
    http.service = request.service;
    http.mailbox = request.mailbox;
    http.context = context_of(request);
    http.deadline = request.deadline;
    http.statistics = request.statistics;
    return http;
  }

  // What fails once fails for good, so that no later call can end cleanly.
  template <typename Work>
  void guarded(Work work) {
    try {
      work();
    } catch (...) {
      failure_ = std::current_exception();
      first_.clear();
      stream_.close();
      throw;
    }
  }

  bool next_rows(RowBatch& batch) {
    if (!fetching_ahead_) {
      // The application reads: from now on pages are requested ahead.
      fetching_ahead_ = true;
      std::swap(batch, first_);
      first_ = RowBatch();
      expect_next();
      if (batch.row_count > 0) return true;
    }
    while (walk_.link()) {
      read_page(batch);
      if (batch.row_count > 0) return true;
    }
    return false;
  }

  void expect_next() {
    if (fetching_ahead_ && walk_.link() && walk_.delivered() < request_.enough_rows) {
      stream_.expect(*walk_.link(), walk_.headers());
    }
  }

  // One page's rows into `batch`, and on to the next. May leave no rows.
  void read_page(RowBatch& batch) {
    batch.clear();
    batch.column_count = column_count();
    bool repeated = false;
    for (;;) {
      FetchedPage page = fetch();
      std::string problem;
      if (page.decode_failure) {
        problem = *page.decode_failure;
      } else if (page.response.status < 200 || page.response.status > 299) {
        page_refused(page);
        if (!walk_.link()) return;
        continue;
      } else {
        try {
          use_page(page, batch);
          return;
        } catch (const PageError& error) {
          problem = error.message();
        }
      }
      // A page that came through broken is asked for once more: reading it again changes nothing.
      if (repeated || !fetcher_->may_resend()) {
        walk_.fail_page(problem + (repeated ? "; a second request gave no better answer" : "") +
                        ". Rows returned so far are valid; run the statement again for the rest");
      }
      repeated = true;
      if (request_.statistics) ++request_.statistics->retries;
      stream_.drop_ahead();
    }
  }

  FetchedPage fetch() {
    // A page that may satisfy the limit is looked at before the next is requested.
    const std::uint64_t wanted = std::min(request_.row_limit, request_.enough_rows);
    const std::uint32_t size = walk_.page_size();
    const bool chain = fetching_ahead_ &&
                       (wanted == UINT64_MAX || (size > 0 && walk_.delivered() + size < wanted));
    try {
      return stream_.take(*walk_.link(), walk_.headers(), chain && !request_.single_item);
    } catch (const ServiceError&) {
      throw;
    } catch (const base::Error& error) {
      if (error.state() == base::SqlState("HY008")) throw;
      throw base::Error(error.state(), walk_.page_name() + ": " + error.message(), error.native());
    }
  }

  // An HTTP status that is no success: goes another way, ends the scan, or throws.
  void page_refused(const FetchedPage& page) {
    const std::string_view body = bytes_of(*page.body).view();
    stream_.drop_ahead();
    if (walk_.refused(page.response.status, parse_error_body(body).code) != Refusal::kFail) return;
    const ServiceError error = make_service_error(page.response, body, context_of(request_));
    if (walk_.pages() == 0) throw error;
    throw ServiceError(error.state(), walk_.page_name() + ": " + error.message(),
                       error.http_status(), error.code());
  }

  // Parses, drops repeated rows, decides where to go next. Throws PageError before anything of the
  // scan's state has changed.
  void use_page(FetchedPage& page, RowBatch& batch) {
    batch.arena.clear();
    const ByteBuffer& body = bytes_of(*page.body);
    const PageFacts facts =
        page.index ? reader_.read(body, *page.index, request_.single_item, batch.cells, batch.arena)
                   : reader_.read(body, request_.single_item, batch.cells, batch.arena);
    stream_.recycle(std::move(page.index));
    if (request_.statistics) request_.statistics->rows += facts.row_count;
    walk_.take(facts, batch);
    auto note = not_finite_note(facts, *program_);
    if (note && !std::exchange(told_not_finite_, true)) warnings_.push_back(std::move(*note));
    if (batch.row_count > 0) {
      batch.pins.push_back(std::move(page.body));
      batch.pins.push_back(program_);  // constants
    }
    if (walk_.link()) {
      expect_next();
    } else {
      stream_.drop_ahead();
    }
  }

  std::shared_ptr<PageFetcher> fetcher_;  // shared with requests in flight
  ScanRequest request_;
  std::shared_ptr<const PageProgram> program_;  // shared with batches: constants
  PageReader reader_;
  PageStream stream_;

  PageWalk walk_;

  RowBatch first_;  // read by open(), not handed out yet
  bool fetching_ahead_ = false;
  std::exception_ptr failure_;
  std::vector<base::Warning> warnings_;
  bool told_not_finite_ = false;
};

}  // namespace

RequestContext context_of(const ScanRequest& request) {
  return {request.table_name, request.least_permissions, request.least_for_others};
}

std::unique_ptr<base::RowSource> make_collection_scan(std::shared_ptr<PageFetcher> fetcher,
                                                      ScanRequest request) {
  return std::make_unique<CollectionScan>(std::move(fetcher), std::move(request));
}

std::unique_ptr<base::RowSource> make_collection_scan(Client& client, ScanRequest request) {
  return make_collection_scan(make_client_fetcher(client), std::move(request));
}

}  // namespace graphodbc::graph
