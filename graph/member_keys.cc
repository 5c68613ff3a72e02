#include "graph/member_keys.h"

#include <algorithm>

namespace graphodbc::graph {
namespace {

// Unasked members that are remembered, and how long ones; the rest is looked up each time.
constexpr std::size_t kMostUnasked = 64;
constexpr std::size_t kLongestUnasked = 256;

}  // namespace

MemberKeys::Entry::Entry(std::string_view raw, std::uint32_t index) : key(index) {
  // The beginning, which no member is; a key that is never written as it is.
  if (raw.empty() || (index != kNone && raw.find_first_of("\"\\") != raw.npos)) return;
  text.append(raw).append(1, '"');
  const std::size_t size = text.size();
  std::memcpy(&first, text.data(), std::min<std::size_t>(size, 8));
  if (size < 8) std::memset(&mask, 0xFF, size);
  if (size >= 16) second = word(text.data() + 8);
  if (size >= 8) last = word(text.data() + size - 8);
}

MemberKeys::MemberKeys(const std::vector<std::string>& keys) : keys_(keys) {
  std::size_t size = 4;
  while (size < keys_.size() * 2) size *= 2;
  slots_.assign(size, 0);
  entries_.emplace_back(std::string_view(), kNone);
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    std::size_t slot = slot_hash(keys_[i]) & (size - 1);
    while (slots_[slot] != 0) slot = (slot + 1) & (size - 1);
    slots_[slot] = static_cast<std::uint16_t>(i + 1);
    entries_.back().next = static_cast<Place>(i + 1);
    entries_.emplace_back(keys_[i], static_cast<std::uint32_t>(i));
  }
}

// Length and three characters tell property names apart well enough, and cost nothing to read.
std::size_t MemberKeys::slot_hash(std::string_view key) {
  if (key.empty()) return 0;
  const auto first = static_cast<unsigned char>(key.front());
  const auto middle = static_cast<unsigned char>(key[key.size() / 2]);
  const auto last = static_cast<unsigned char>(key.back());
  return key.size() * 31 + first * 7u + middle * 13u + last;
}

std::uint32_t MemberKeys::index_of(std::string_view key) const {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = slot_hash(key) & mask; slots_[slot] != 0; slot = (slot + 1) & mask) {
    const std::uint32_t index = slots_[slot] - 1u;
    if (keys_[index] == key) return index;
  }
  return kNone;
}

std::uint32_t MemberKeys::look_up(Place& place, std::string_view raw, std::string_view unescaped) {
  const std::uint32_t index = index_of(unescaped);
  std::size_t found = 0;
  if (index != kNone) {
    found = index + 1;
  } else {
    const auto is_raw = [&](const Entry& entry) {
      return entry.text.size() == raw.size() + 1 && entry.text.starts_with(raw);
    };
    const auto unasked = entries_.begin() + static_cast<std::ptrdiff_t>(keys_.size() + 1);
    found =
        static_cast<std::size_t>(std::find_if(unasked, entries_.end(), is_raw) - entries_.begin());
    if (found == entries_.size()) {
      if (found - keys_.size() > kMostUnasked || raw.size() > kLongestUnasked) return kNone;
      entries_.emplace_back(raw, kNone);
    }
  }
  entries_[place].next = static_cast<Place>(found);
  place = static_cast<Place>(found);
  return index;
}

}  // namespace graphodbc::graph
