// The way through the pages of one listing: which page is wanted next, which rows were handed out,
// what a refusal means. Knows no transport, so that a scan of one listing and a batch of many share
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/row_source.h"
#include "graph/collection_scan.h"
#include "graph/page_fetcher.h"
#include "graph/page_reader.h"
#include "graph/page_trail.h"
#include "graph/request_url.h"
#include "graph/seen_keys.h"

namespace graphodbc::graph {

// What is to be done about an HTTP status that is no success.
enum class Refusal : std::uint8_t {
  kEnd,    // there are no rows, or no more
  kAgain,  // the way changed: ask for link() with headers()
  kFail,
};

class PageWalk {
 public:
  // Both must outlive the walk.
  PageWalk(const PageFetcher& fetcher, const ScanRequest& request);

  // The page wanted next, absolute or below the version root; none: the end.
  const std::optional<std::string>& link() const { return link_; }
  // Of every page; several preferences share one header.
  Headers headers() const;
  // No page is wanted any more.
  void end() { link_.reset(); }

  Refusal refused(int status, std::string_view code);

  // `batch` holds the rows of the page at link(): drops those handed out before and those past the
  // limit, and moves on. Throws 08S01 when the page's link leads elsewhere or in a circle; nothing
  // has changed then if it is the page's own link.
  void take(const PageFacts& facts, base::RowBatch& batch);

  // Begins anew with pages of `page_size`; rows handed out already are dropped by their keys. False
  // where rows cannot be told apart.
  bool begin_with(std::uint32_t page_size);

  std::uint64_t delivered() const { return delivered_; }  // rows handed out
  std::size_t pages() const { return pages_; }            // read since the last (re)start
  std::uint32_t page_size() const { return page_size_; }  // the $top in force; 0: none
  std::vector<base::Warning> take_warnings();

  std::string absolute(const std::string& url) const;
  // "page 3 of Messages"
  std::string page_name() const;
  // 08S01 that names the page.
  [[noreturn]] void fail_page(const std::string& what) const;

 private:
  std::string first_url() const;
  std::string url_at(std::uint64_t rows) const;
  bool means_no_row(int status, std::string_view code) const;
  bool shrink_page();
  bool restart(const char* why);
  void begin_anew();
  void check_origin(const std::string& link) const;
  // Whether a row or object that comes again is known.
  bool has_keys() const { return request_.key_column || request_.expansion; }
  bool keep_new_rows(const PageFacts& facts, base::RowBatch& batch);
  bool keep_new_parents(const PageFacts& facts, base::RowBatch& batch);
  void choose_next(const PageFacts& facts, bool news);
  void ask_by_position();
  bool is_full(std::size_t items) const;
  void cut_to_limit(base::RowBatch& batch);

  const PageFetcher& fetcher_;
  const ScanRequest& request_;
  std::optional<std::string> link_;
  std::vector<base::Warning> warnings_;

  std::uint64_t delivered_ = 0;
  // Objects of the collection seen since the last (re)start, repeated pages left out.
  std::uint64_t received_ = 0;
  std::size_t pages_ = 0;
  std::size_t last_page_items_ = 0;
  SeenKeys seen_;
  std::vector<Hash128> hashes_;  // of the page's keys
  PageTrail trail_;
  bool position_checked_ = false;  // the next rows were asked for by position, nothing new since

  bool by_position_ = false;    // link_ asks for rows by position
  bool verifying_end_ = false;  // and only to make sure that none are left (decisions.md 17)

  std::uint32_t page_size_ = 0;
  std::uint32_t preferred_page_ = 0;  // Prefer: odata.maxpagesize; 0: none
  bool asked_for_less_ = false;
  int shrinks_ = 0;
  int idle_restarts_ = 0;
};

// The note about INF and NaN on a page, if it has any.
std::optional<base::Warning> not_finite_note(const PageFacts& facts, const PageProgram& program);

}  // namespace graphodbc::graph
