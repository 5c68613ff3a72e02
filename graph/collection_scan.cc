#include "graph/collection_scan.h"

#include <algorithm>
#include <cctype>
#include <exception>
#include <utility>

#include "base/error.h"
#include "base/url.h"
#include "graph/page_fetcher.h"
#include "graph/page_reader.h"
#include "graph/page_stream.h"
#include "graph/page_trail.h"
#include "graph/request_url.h"
#include "graph/seen_keys.h"
#include "graph/service_error.h"

namespace graphodbc::graph {
namespace {

using base::Cell;
using base::RowBatch;

// Filtered and delta listings answer empty pages now and then, never so many in a row.
constexpr std::size_t kLongestDrought = 1000;
// Attempts to get past 504: 1000 rows a page halved this often is 3.
constexpr int kMostShrinks = 8;
// Restarts in a row that brought no new row.
constexpr int kMostIdleRestarts = 2;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

// A page link that the service no longer takes (contract sheet (c) 10, (h)).
bool is_expired_link(int status, std::string_view code) {
  if (status == 410) return true;
  if (status != 400) return false;
  const std::string name = lower(code);
  return name.find("pagetoken") != std::string::npos || name.find("skiptoken") != std::string::npos;
}

// No such row, or none that this id could ever name (decisions.md 8). A mailbox that is not there
// at all is an error all the same.
bool means_no_row(int status, std::string_view code, schema::Service service) {
  const std::string name = lower(code);
  if (status == 404) {
    return name != "mailboxnotenabledforrestapi" && name != "errornonexistentmailbox";
  }
  if (status != 400) return false;
  return name == "errorinvalididmalformed" || name == "errorinvalididempty" ||
         name == "errorinvalidid" ||
         (name == "invalidrequest" && service == schema::Service::kFiles);
}

class CollectionScan final : public base::RowSource {
 public:
  CollectionScan(std::shared_ptr<PageFetcher> fetcher, ScanRequest request)
      : fetcher_(std::move(fetcher)),
        request_(std::move(request)),
        program_(std::make_shared<const PageProgram>(request_.columns)),
        reader_(program_),
        stream_(fetcher_, common(request_)),
        page_size_(request_.page_size) {
    link_ = first_url();
    if (request_.row_limit == 0) link_.reset();
  }

  std::size_t column_count() const override { return program_->column_count(); }

  void open() override {
    guarded([&] {
      if (link_) read_page(first_);
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

  std::vector<base::Warning> take_warnings() override { return std::exchange(warnings_, {}); }

 private:
  static HttpRequest common(const ScanRequest& request) {
    HttpRequest http;
    http.service = request.service;
    http.mailbox = request.mailbox;
    http.context = {request.table_name, request.least_permissions};
    http.deadline = request.deadline;
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
    while (link_) {
      read_page(batch);
      if (batch.row_count > 0) return true;
    }
    return false;
  }

  void expect_next() {
    if (fetching_ahead_ && link_ && delivered_ < request_.enough_rows) {
      stream_.expect(*link_, headers());
    }
  }

  std::string first_url() const {
    QueryOptions options = request_.query;
    if (page_size_ > 0 && page_size_ != request_.page_size) {
      set_option(options, "$top", std::to_string(page_size_));
    }
    return request_url(request_.path, options);
  }

  // The rows after the `rows` first ones, asked for by position.
  std::string url_at(std::uint64_t rows) const {
    QueryOptions options = request_.query;
    if (page_size_ > 0) set_option(options, "$top", std::to_string(page_size_));
    std::uint64_t skip = rows;
    if (const std::string* offset = find_option(options, "$skip")) {
      skip += std::strtoull(offset->c_str(), nullptr, 10);
    }
    set_option(options, "$skip", std::to_string(skip));
    return request_url(request_.path, options);
  }

  // Several preferences go into one header (contract sheet (i)).
  Headers headers() const {
    Headers headers = request_.headers;
    if (preferred_page_ == 0) return headers;
    const std::string preference = "odata.maxpagesize=" + std::to_string(preferred_page_);
    const auto prefer = std::find_if(headers.begin(), headers.end(), [](const auto& header) {
      return lower(header.first) == "prefer";
    });
    if (prefer != headers.end()) {
      prefer->second += ", " + preference;
    } else {
      headers.emplace_back("Prefer", preference);
    }
    return headers;
  }

  // "page 3 of Messages"
  std::string page_name() const {
    const std::string table = request_.table_name.empty() ? request_.path : request_.table_name;
    return "page " + std::to_string(pages_ + 1) + " of " + table;
  }

  [[noreturn]] void fail_page(const std::string& what) const {
    throw base::Error("08S01", page_name() + " (" + describe_url(absolute(*link_)) + "): " + what);
  }

  std::string absolute(const std::string& url) const {
    return url.starts_with('/') ? fetcher_->version_root() + url : url;
  }

  // One page's rows into `batch`, and the link of the next into link_. May leave no rows.
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
        if (!link_) return;
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
        fail_page(problem + (repeated ? "; a second request gave no better answer" : "") +
                  ". Rows returned so far are valid; run the statement again for the rest");
      }
      repeated = true;
      stream_.drop_ahead();
    }
  }

  FetchedPage fetch() {
    // A page that may satisfy the limit is looked at before the next is requested.
    const std::uint64_t wanted = std::min(request_.row_limit, request_.enough_rows);
    const bool chain = fetching_ahead_ && (wanted == UINT64_MAX ||
                                           (page_size_ > 0 && delivered_ + page_size_ < wanted));
    try {
      return stream_.take(*link_, headers(), chain && !request_.single_item);
    } catch (const ServiceError&) {
      throw;
    } catch (const base::Error& error) {
      if (error.state() == base::SqlState("HY008")) throw;
      throw base::Error(error.state(), page_name() + ": " + error.message(), error.native());
    }
  }

  // An HTTP status that is no success: recovers by setting link_, ends the scan by resetting it, or
  // throws.
  void page_refused(const FetchedPage& page) {
    const int status = page.response.status;
    const std::string code = parse_error_body(bytes_of(*page.body).view()).code;
    stream_.drop_ahead();
    if (request_.single_item && means_no_row(status, code, request_.service)) {
      link_.reset();
    } else if (verifying_end_ && (status == 400 || status == 404 || status == 501)) {
      // The page before named no next one, and the service has no position past it.
      verifying_end_ = false;
      link_.reset();
    } else if (status == 504 && shrink_page()) {
      // link_ or the page size changed.
    } else if (pages_ > 0 && is_expired_link(status, code) && restart("its page link expired")) {
      // From the beginning.
    } else {
      throw_refused(page);
    }
  }

  [[noreturn]] void throw_refused(const FetchedPage& page) const {
    HttpResponse response;  // make_service_error reads the body where it arrived
    response.status = page.response.status;
    response.headers = page.response.headers;
    response.content_type = page.response.content_type;
    response.url = page.response.url;
    response.request_id = page.response.request_id;
    response.client_request_id = page.response.client_request_id;
    response.date = page.response.date;
    response.attempts = page.response.attempts;
    response.body.append(bytes_of(*page.body).view());
    const ServiceError error =
        make_service_error(response, {request_.table_name, request_.least_permissions});
    if (pages_ == 0) throw error;
    throw ServiceError(error.state(), page_name() + ": " + error.message(), error.http_status(),
                       error.code());
  }

  // Answers a gateway timeout with a smaller page (decisions.md 15). False when there is none.
  bool shrink_page() {
    if (request_.single_item || ++shrinks_ > kMostShrinks) return false;
    const std::uint32_t now = preferred_page_ > 0 ? preferred_page_
                              : page_size_ > 0    ? page_size_
                                                  : static_cast<std::uint32_t>(last_page_rows_);
    if (now < 2) return false;
    if (pages_ == 0) {
      if (page_size_ < 2) return false;
      page_size_ /= 2;
      link_ = first_url();
      return true;
    }
    if (!asked_for_less_) {
      asked_for_less_ = true;
      preferred_page_ = now / 2;
      return true;
    }
    if (page_size_ < 2) return false;
    page_size_ = std::max<std::uint32_t>(1, page_size_ / 2);
    return restart("the service timed out on it");
  }

  // Begins anew; rows handed out already are dropped by their keys. False when that is impossible.
  bool restart(const char* why) {
    if (!request_.key_column && delivered_ > 0) return false;
    if (++idle_restarts_ > kMostIdleRestarts) return false;
    warnings_.push_back({"01000",
                         "reading " + request_.table_name + " began anew after " +
                             std::to_string(delivered_) + " rows because " + why +
                             "; rows that were returned already are not repeated",
                         0});
    link_ = first_url();
    received_ = 0;
    pages_ = 0;
    asked_for_less_ = false;
    preferred_page_ = 0;
    position_checked_ = false;
    by_position_ = false;
    trail_.clear();
    return true;
  }

  // Parses, drops repeated rows, decides where to go next. Throws PageError before anything of the
  // scan's state has changed.
  void use_page(FetchedPage& page, RowBatch& batch) {
    batch.arena.clear();
    const ByteBuffer& body = bytes_of(*page.body);
    PageFacts facts =
        page.index ? reader_.read(body, *page.index, request_.single_item, batch.cells, batch.arena)
                   : reader_.read(body, request_.single_item, batch.cells, batch.arena);
    stream_.recycle(std::move(page.index));
    if (facts.next_link) check_origin(*facts.next_link);
    note_not_finite(facts);
    batch.row_count = facts.row_count;
    const bool news = keep_new_rows(facts, batch);
    const bool first_visit = trail_.first_visit(absolute(*link_));
    // After a restart the first pages bring nothing new and count all the same.
    if (news || first_visit) received_ += facts.row_count;
    if (news) {
      idle_restarts_ = 0;
      position_checked_ = false;
      asked_for_less_ = false;
      shrinks_ = 0;
    }
    last_page_rows_ = facts.row_count;
    choose_next(facts, news);
    ++pages_;
    cut_to_limit(batch);
    if (batch.row_count > 0) {
      batch.pins.push_back(std::move(page.body));
      batch.pins.push_back(program_);  // constants
    }
    delivered_ += batch.row_count;
    if (link_) {
      expect_next();
    } else {
      stream_.drop_ahead();
    }
  }

  void check_origin(const std::string& link) const {
    const auto url = base::parse_url(link);
    if (url && fetcher_->same_origin(link)) return;
    fail_page("the service names " + (url ? url->origin() : std::string("something else")) +
              " for the next page, but the connection is to " + fetcher_->origin() +
              ". The link was not followed and no token was sent there; check GraphUrl and any "
              "proxy in between");
  }

  void note_not_finite(const PageFacts& facts) {
    if (facts.not_finite == 0 || told_not_finite_) return;
    told_not_finite_ = true;
    warnings_.push_back({"01000",
                         "column " + program_->columns()[facts.not_finite_column].name +
                             " holds INF or NaN, which SQL has no number for; returned as NULL",
                         0});
  }

  // Removes rows that were handed out before. True when the page brought something new.
  bool keep_new_rows(const PageFacts& facts, RowBatch& batch) {
    if (!request_.key_column) {
      if (request_.single_item || facts.row_count == 0) return facts.row_count > 0;
      if (!trail_.is_repeat(absolute(*link_), facts.value, by_position_)) return true;
      batch.row_count = 0;
      return false;
    }
    const std::size_t columns = batch.column_count;
    hashes_.resize(facts.row_count);
    for (std::size_t i = 0; i < facts.row_count; ++i) {
      const Cell& key = batch.row(i)[*request_.key_column];
      if (key.is_null()) continue;
      hashes_[i] = hash_text(key.view());
      seen_.prefetch(hashes_[i]);
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < facts.row_count; ++i) {
      const Cell* row = batch.row(i);
      if (!row[*request_.key_column].is_null() && !seen_.insert(hashes_[i])) continue;
      if (kept != i) std::copy(row, row + columns, batch.row(kept));
      ++kept;
    }
    batch.row_count = kept;
    batch.cells.resize(kept * columns);
    return kept > 0;
  }

  void choose_next(const PageFacts& facts, bool news) {
    const std::string here = std::exchange(link_, facts.next_link).value_or("");
    by_position_ = false;
    const bool verifying = std::exchange(verifying_end_, false);
    if (request_.single_item) {
      link_.reset();
      return;
    }
    // Known rows where the position past the last row was asked for: the service does not look at
    // `$skip`, so its word that there is no next page stands.
    if (verifying && !news && facts.row_count > 0) {
      link_.reset();
      return;
    }
    if (!link_) {
      if (news && is_full(facts.row_count)) {
        ask_by_position();
        verifying_end_ = true;
      }
      return;
    }
    const bool round = trail_.closes_round(*link_, news);
    if (!round && trail_.pages_without_news() <= kLongestDrought) return;
    // Leads nowhere. Where rows can be asked for by position, the next one is: either there are
    // more, or their absence proves the end.
    if (request_.paging == schema::PagingStyle::kSkip && !position_checked_ && page_size_ > 0) {
      position_checked_ = true;
      ask_by_position();
      return;
    }
    link_ = here;
    fail_page(round ? "the service's page links lead in a circle; the rest of the rows cannot be "
                      "reached. Rows returned so far are valid"
                    : "the service answered " + std::to_string(trail_.pages_without_news()) +
                          " pages in a row without a new row; giving up");
  }

  void ask_by_position() {
    link_ = url_at(received_);
    by_position_ = true;
  }

  // A full last page without a link may hide more rows (decisions.md 17).
  bool is_full(std::size_t rows) const {
    if (request_.paging != schema::PagingStyle::kSkip || page_size_ == 0) return false;
    const std::uint32_t size =
        preferred_page_ > 0 ? std::min(page_size_, preferred_page_) : page_size_;
    return rows >= size;
  }

  void cut_to_limit(RowBatch& batch) {
    const std::uint64_t wanted = request_.row_limit - delivered_;
    if (batch.row_count < wanted) return;
    batch.row_count = static_cast<std::size_t>(wanted);
    batch.cells.resize(batch.row_count * batch.column_count);
    link_.reset();
  }

  std::shared_ptr<PageFetcher> fetcher_;  // shared with requests in flight
  ScanRequest request_;
  std::shared_ptr<const PageProgram> program_;  // shared with batches: constants
  PageReader reader_;
  PageStream stream_;

  std::optional<std::string> link_;  // the page wanted next; none: the end
  RowBatch first_;                   // read by open(), not handed out yet
  bool fetching_ahead_ = false;
  std::exception_ptr failure_;
  std::vector<base::Warning> warnings_;
  bool told_not_finite_ = false;

  std::uint64_t delivered_ = 0;  // rows handed out
  std::uint64_t received_ = 0;   // rows seen since the last (re)start, repeated pages left out
  std::size_t pages_ = 0;        // read since the last (re)start
  std::size_t last_page_rows_ = 0;
  SeenKeys seen_;
  std::vector<Hash128> hashes_;  // of the page's keys
  PageTrail trail_;
  bool position_checked_ = false;  // the next rows were asked for by position, nothing new since

  bool by_position_ = false;    // link_ asks for rows by position
  bool verifying_end_ = false;  // and only to make sure that none are left (decisions.md 17)

  std::uint32_t page_size_ = 0;       // the $top in force; 0: none
  std::uint32_t preferred_page_ = 0;  // Prefer: odata.maxpagesize; 0: none
  bool asked_for_less_ = false;
  int shrinks_ = 0;
  int idle_restarts_ = 0;
};

// The real client behind the seam.
class ClientFetcher final : public PageFetcher {
 public:
  explicit ClientFetcher(Client& client) : client_(client) {}
  std::shared_ptr<PendingResponse> start(HttpRequest request) override {
    return client_.start(std::move(request));
  }
  const std::string& version_root() const override { return client_.version_root(); }
  const std::string& origin() const override { return client_.origin(); }
  bool same_origin(std::string_view url) const override { return client_.same_origin(url); }
  bool may_resend() const override {
    const RetrySettings& retry = client_.settings().retry;
    return retry.mode != RetryMode::kNone && retry.count > 0;
  }

 private:
  Client& client_;
};

}  // namespace

std::unique_ptr<base::RowSource> make_collection_scan(std::shared_ptr<PageFetcher> fetcher,
                                                      ScanRequest request) {
  return std::make_unique<CollectionScan>(std::move(fetcher), std::move(request));
}

std::unique_ptr<base::RowSource> make_collection_scan(Client& client, ScanRequest request) {
  return make_collection_scan(std::make_shared<ClientFetcher>(client), std::move(request));
}

}  // namespace graphodbc::graph
