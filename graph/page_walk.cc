#include "graph/page_walk.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <utility>

#include "base/url.h"
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

}  // namespace

PageWalk::PageWalk(const PageFetcher& fetcher, const ScanRequest& request)
    : fetcher_(fetcher), request_(request), page_size_(request.page_size) {
  if (request_.row_limit > 0) link_ = first_url();
}

std::string PageWalk::first_url() const {
  QueryOptions options = request_.query;
  if (page_size_ > 0 && page_size_ != request_.page_size) {
    set_option(options, "$top", std::to_string(page_size_));
  }
  return request_url(request_.path, options);
}

// The rows after the `rows` first ones, asked for by position.
std::string PageWalk::url_at(std::uint64_t rows) const {
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
Headers PageWalk::headers() const {
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

std::string PageWalk::page_name() const {
  const std::string table = request_.table_name.empty() ? request_.path : request_.table_name;
  return "page " + std::to_string(pages_ + 1) + " of " + table;
}

void PageWalk::fail_page(const std::string& what) const {
  throw base::Error("08S01", page_name() + " (" + describe_url(absolute(*link_)) + "): " + what);
}

std::string PageWalk::absolute(const std::string& url) const {
  return url.starts_with('/') ? fetcher_.version_root() + url : url;
}

// No such row, or none that this id could ever name (decisions.md 8). A mailbox that is not there
// at all is an error all the same.
bool PageWalk::means_no_row(int status, std::string_view code) const {
  if (request_.owner_may_lack_it && pages_ == 0 && status == 404) return true;
  if (!request_.single_item && (!request_.may_be_missing || pages_ > 0)) return false;
  const std::string name = lower(code);
  if (status == 404) {
    return name != "mailboxnotenabledforrestapi" && name != "errornonexistentmailbox";
  }
  if (status != 400) return false;
  return name == "errorinvalididmalformed" || name == "errorinvalididempty" ||
         name == "errorinvalidid" ||
         (name == "invalidrequest" && request_.single_item &&
          request_.service == schema::Service::kFiles);
}

Refusal PageWalk::refused(int status, std::string_view code) {
  const bool past_the_end = verifying_end_ && (status == 400 || status == 404 || status == 501);
  if (means_no_row(status, code) || past_the_end) {
    // Past the end: the page before named no next one, and the service has no position after it.
    verifying_end_ = false;
    link_.reset();
    return Refusal::kEnd;
  }
  if (status == 504 && shrink_page()) return Refusal::kAgain;
  if (pages_ > 0 && is_expired_link(status, code) && restart("its page link expired")) {
    return Refusal::kAgain;
  }
  return Refusal::kFail;
}

// Answers a gateway timeout with a smaller page (decisions.md 15). False when there is none.
bool PageWalk::shrink_page() {
  if (request_.single_item || ++shrinks_ > kMostShrinks) return false;
  const std::uint32_t now = preferred_page_ > 0 ? preferred_page_
                            : page_size_ > 0    ? page_size_
                                                : static_cast<std::uint32_t>(last_page_items_);
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
bool PageWalk::restart(const char* why) {
  if (!has_keys() && delivered_ > 0) return false;
  if (++idle_restarts_ > kMostIdleRestarts) return false;
  warnings_.push_back({"01000",
                       "reading " + request_.table_name + " began anew after " +
                           std::to_string(delivered_) + " rows because " + why +
                           "; rows that were returned already are not repeated",
                       0});
  begin_anew();
  return true;
}

bool PageWalk::begin_with(std::uint32_t page_size) {
  if (!has_keys() && delivered_ > 0) return false;
  page_size_ = page_size;
  begin_anew();
  return true;
}

void PageWalk::begin_anew() {
  link_ = first_url();
  received_ = 0;
  pages_ = 0;
  asked_for_less_ = false;
  preferred_page_ = 0;
  position_checked_ = false;
  by_position_ = false;
  verifying_end_ = false;
  trail_.clear();
}

void PageWalk::take(const PageFacts& facts, RowBatch& batch) {
  if (facts.next_link) check_origin(*facts.next_link);
  batch.row_count = facts.row_count;
  const bool news = keep_new_rows(facts, batch);
  const bool first_visit = trail_.first_visit(absolute(*link_));
  // After a restart the first pages bring nothing new and count all the same.
  if (news || first_visit) received_ += facts.item_count;
  if (news) {
    idle_restarts_ = 0;
    position_checked_ = false;
    asked_for_less_ = false;
    shrinks_ = 0;
  }
  last_page_items_ = facts.item_count;
  choose_next(facts, news);
  ++pages_;
  cut_to_limit(batch);
  delivered_ += batch.row_count;
}

std::vector<base::Warning> PageWalk::take_warnings() {
  return std::exchange(warnings_, {});
}

void PageWalk::check_origin(const std::string& link) const {
  const auto url = base::parse_url(link);
  if (url && fetcher_.same_origin(link)) return;
  fail_page("the service names " + (url ? url->origin() : std::string("something else")) +
            " for the next page, but the connection is to " + fetcher_.origin() +
            ". The link was not followed and no token was sent there; check GraphUrl and any "
            "proxy in between");
}

// Removes rows that were handed out before. True when the page brought something new.
bool PageWalk::keep_new_rows(const PageFacts& facts, RowBatch& batch) {
  if (request_.expansion) return keep_new_parents(facts, batch);
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

// The rows of an object are known with it.
bool PageWalk::keep_new_parents(const PageFacts& facts, RowBatch& batch) {
  const std::size_t columns = batch.column_count;
  bool news = false;
  std::size_t kept = 0;
  std::size_t row = 0;
  for (const PageParent& parent : facts.parents) {
    const bool is_new = parent.key.is_null() || seen_.insert(hash_text(parent.key.view()));
    news = news || is_new;
    for (; row < parent.rows_end; ++row) {
      if (!is_new) continue;
      if (kept != row) std::copy(batch.row(row), batch.row(row) + columns, batch.row(kept));
      ++kept;
    }
  }
  batch.row_count = kept;
  batch.cells.resize(kept * columns);
  return news;
}

void PageWalk::choose_next(const PageFacts& facts, bool news) {
  const std::string here = std::exchange(link_, facts.next_link).value_or("");
  by_position_ = false;
  const bool verifying = std::exchange(verifying_end_, false);
  if (request_.single_item) {
    link_.reset();
    return;
  }
  // Known rows where the position past the last row was asked for: the service does not look at
  // `$skip`, so its word that there is no next page stands.
  if (verifying && !news && facts.item_count > 0) {
    link_.reset();
    return;
  }
  if (!link_) {
    if (news && is_full(facts.item_count)) {
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

void PageWalk::ask_by_position() {
  link_ = url_at(received_);
  by_position_ = true;
}

// A full last page without a link may hide more rows (decisions.md 17).
bool PageWalk::is_full(std::size_t items) const {
  if (request_.paging != schema::PagingStyle::kSkip || page_size_ == 0) return false;
  const std::uint32_t size =
      preferred_page_ > 0 ? std::min(page_size_, preferred_page_) : page_size_;
  return items >= size;
}

void PageWalk::cut_to_limit(RowBatch& batch) {
  const std::uint64_t wanted = request_.row_limit - delivered_;
  if (batch.row_count < wanted) return;
  batch.row_count = static_cast<std::size_t>(wanted);
  batch.cells.resize(batch.row_count * batch.column_count);
  link_.reset();
}

std::optional<base::Warning> not_finite_note(const PageFacts& facts, const PageProgram& program) {
  if (facts.not_finite == 0) return std::nullopt;
  return base::Warning{"01000",
                       "column " + program.columns()[facts.not_finite_column].name +
                           " holds INF or NaN, which SQL has no number for; returned as NULL",
                       0};
}

}  // namespace graphodbc::graph
