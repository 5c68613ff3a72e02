// Where a scan has been: tells whether following links still leads anywhere (requirements D-03).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "graph/seen_keys.h"

namespace graphodbc::graph {

// A link that repeats is no loop by itself: services have sent the same link with new rows. Only a
// round of links that brought nothing new is.
class PageTrail {
 public:
  // Same rows under the same link as before: for scans that cannot tell rows apart by key. `value`
  // is the raw text of the page's rows. `under_any_link`: a service that ignores `$skip` answers a
  // link never seen with rows seen.
  bool is_repeat(const std::string& link, std::string_view value, bool under_any_link);

  // True when no page was read from this link before.
  bool first_visit(const std::string& link);

  // Call with the link that a page names. True when it closes a round without news.
  bool closes_round(const std::string& link, bool page_had_news);

  // Pages in a row without news; bounded by the scan.
  std::size_t pages_without_news() const { return without_news_; }
  void clear();

 private:
  struct Hasher {
    std::size_t operator()(const Hash128& hash) const { return hash.low; }
  };
  std::unordered_map<Hash128, Hash128, Hasher> content_;  // of each link
  std::unordered_set<Hash128, Hasher> visited_;
  std::unordered_set<Hash128, Hasher> since_news_;
  std::size_t without_news_ = 0;
};

}  // namespace graphodbc::graph
