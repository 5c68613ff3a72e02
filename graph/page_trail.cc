#include "graph/page_trail.h"

#include <algorithm>

namespace graphodbc::graph {
namespace {

// Length and both ends: rows begin with their ids, so other rows differ there.
Hash128 sample(std::string_view value) {
  constexpr std::size_t kEnd = 2048;
  const Hash128 head = hash_text(value.substr(0, kEnd));
  const Hash128 tail = hash_text(value.substr(value.size() - std::min(value.size(), kEnd)));
  return {head.high ^ value.size(), head.low + tail.low * 3};
}

}  // namespace

bool PageTrail::is_repeat(const std::string& link, std::string_view value, bool under_any_link) {
  const Hash128 content = sample(value);
  const bool known =
      under_any_link && std::any_of(content_.begin(), content_.end(),
                                    [&](const auto& page) { return page.second == content; });
  const auto [at, added] = content_.try_emplace(hash_text(link), content);
  if (added || known) return known;
  if (at->second == content) return true;
  at->second = content;
  return false;
}

bool PageTrail::first_visit(const std::string& link) {
  return visited_.insert(hash_text(link)).second;
}

bool PageTrail::closes_round(const std::string& link, bool page_had_news) {
  if (page_had_news) {
    since_news_.clear();
    without_news_ = 0;
  } else {
    ++without_news_;
  }
  return !since_news_.insert(hash_text(link)).second;
}

void PageTrail::clear() {
  *this = PageTrail();
}

}  // namespace graphodbc::graph
