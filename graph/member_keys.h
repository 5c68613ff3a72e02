// Which member of a JSON object is which key of a column's path. Services write members in one
// order, so what followed a member last time is tried first, with a few word comparisons; any order
// and any spelling is found.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace graphodbc::graph {

class MemberKeys {
 public:
  static constexpr std::uint32_t kNone = UINT32_MAX;
  // Where find() is in an object; a new one for each object.
  using Place = std::uint32_t;

  // find() gives indexes into `keys`, which are unescaped.
  explicit MemberKeys(const std::vector<std::string>& keys);

  // `raw`: behind a member's opening quote, with at least kReadAhead readable bytes behind `end`,
  // the end of the page. The key's index if it is the one that was seen after `place` before;
  // nullptr when it has to be looked up.
  const std::uint32_t* guess(Place& place, const char* raw, const char* end) const {
    const Place next = entries_[place].next;
    const Entry& entry = entries_[next];
    if (!entry.is_at(raw, end)) return nullptr;
    place = next;
    return &entry.key;
  }

  // `raw` up to its closing quote, and the same without escapes. kNone: a member nobody asked for.
  std::uint32_t look_up(Place& place, std::string_view raw, std::string_view unescaped);

  static constexpr std::size_t kReadAhead = 24;

 private:
  struct Entry {
    std::string text;  // a raw key with its closing quote
    // The first, second and last eight bytes of it, or the only ones and which bits of them count.
    std::uint64_t first = 0, second = 0, last = 0, mask = 0;
    std::uint32_t key = kNone;
    Place next = 0;  // what followed it last time

    Entry(std::string_view raw, std::uint32_t index);

    static std::uint64_t word(const char* at) {
      std::uint64_t value = 0;
      std::memcpy(&value, at, sizeof(value));
      return value;
    }
    bool is_at(const char* raw, const char* end) const {
      const std::size_t size = text.size();
      if (size < 8) return size > 0 && ((word(raw) ^ first) & mask) == 0;
      if (size <= kReadAhead) {
        return word(raw) == first && word(raw + size - 8) == last &&
               (size <= 16 || word(raw + 8) == second);
      }
      return size <= static_cast<std::size_t>(end - raw) &&
             std::memcmp(raw, text.data(), size) == 0;
    }
  };

  std::uint32_t index_of(std::string_view key) const;
  static std::size_t slot_hash(std::string_view key);

  std::vector<std::string> keys_;
  std::vector<std::uint16_t> slots_;  // index into keys_ plus one, by hash; 0 is empty
  // The beginning, the keys in their order, then members that nobody asked for.
  std::vector<Entry> entries_;
};

}  // namespace graphodbc::graph
