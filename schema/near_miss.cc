#include "schema/near_miss.h"

#include <algorithm>

#include "base/utf.h"

namespace graphodbc::schema {
namespace {

std::u32string folded(std::string_view text) {
  std::u32string out;
  std::size_t offset = 0;
  while (offset < text.size()) out += base::fold_case(base::next_code_point(text, offset));
  return out;
}

std::size_t distance(const std::u32string& left, const std::u32string& right) {
  const std::size_t width = right.size() + 1;
  std::vector<std::size_t> before(width), last(width), current(width);
  for (std::size_t j = 0; j < width; ++j) last[j] = j;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j < width; ++j) {
      const std::size_t change = left[i - 1] == right[j - 1] ? 0 : 1;
      current[j] = std::min({last[j] + 1, current[j - 1] + 1, last[j - 1] + change});
      if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
        current[j] = std::min(current[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, current);
  }
  return last[width - 1];
}

// True when `name` is the candidate's last step or steps: "Address" of From_EmailAddress_Address.
bool is_last_part(const std::u32string& name, const std::u32string& candidate) {
  return candidate.size() > name.size() && candidate.ends_with(name) &&
         candidate[candidate.size() - name.size() - 1] == U'_';
}

}  // namespace

std::size_t edit_distance(std::string_view left, std::string_view right) {
  return distance(folded(left), folded(right));
}

std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates) {
  // A misspelt name is rarely longer than any name there is; the cut bounds the work.
  if (name.empty() || name.size() > 256) return {};
  const std::u32string wanted = folded(name);
  const std::size_t allowed = std::clamp<std::size_t>(wanted.size() / 3, 1, 3);
  std::size_t best = allowed + 1;
  std::string found;
  std::string by_part;
  std::size_t parts = 0;
  for (const std::string& candidate : candidates) {
    const std::u32string text = folded(candidate);
    const std::size_t edits = distance(wanted, text);
    if (edits < best) {
      best = edits;
      found = candidate;
    }
    if (is_last_part(wanted, text) && parts++ == 0) by_part = candidate;
  }
  if (!found.empty()) return found;
  return parts == 1 ? by_part : std::string();
}

}  // namespace graphodbc::schema
