#include "graph/seen_keys.h"

#include <cstring>
#include <random>
#include <utility>

namespace graphodbc::graph {
namespace {

__extension__ typedef unsigned __int128 Product;

struct Seeds {
  std::array<std::uint64_t, 4> key;
  Seeds() {
    std::random_device device;
    for (auto& part : key) part = (std::uint64_t{device()} << 32 | device()) | 1;
  }
};

const Seeds& seeds() {
  static const Seeds kSeeds;
  return kSeeds;
}

// Both halves of the product folded: every input bit reaches every output bit.
std::uint64_t mix(std::uint64_t left, std::uint64_t right) {
  const Product product = static_cast<Product>(left) * right;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t load(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof(word));
  return word;
}

}  // namespace

Hash128 hash_text(std::string_view text) {
  const auto& key = seeds().key;
  // Two chains, each over all of the text and under its own keys.
  std::uint64_t high = key[0] ^ text.size();
  std::uint64_t low = key[1] + text.size();
  const auto take = [&](std::uint64_t one, std::uint64_t two) {
    high = mix(high ^ one ^ key[2], two ^ key[3]);
    low = mix(low + two + key[3], one ^ key[0] ^ (low << 1));
  };
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left >= 16; at += 16, left -= 16) take(load(at), load(at + 8));
  if (left > 0) {
    char rest[16] = {};
    std::memcpy(rest, at, left);
    take(load(rest), load(rest + 8));
  }
  high = mix(high ^ key[1], key[2] ^ low);
  low = mix(low ^ key[3], key[0] + high);
  if (high == 0 && low == 0) low = 1;  // {0, 0} marks an empty slot
  return {high, low};
}

// Scales the hash to the number of slots, which is no power of two.
std::size_t SeenKeys::first_slot(const Shard& shard, Hash128 key) {
  const Product scaled = static_cast<Product>(key.low) * shard.slots.size();
  return static_cast<std::size_t>(scaled >> 64);
}

std::size_t SeenKeys::slot_of(const Shard& shard, Hash128 key) {
  std::size_t slot = first_slot(shard, key);
  while (shard.slots[slot] != Hash128() && shard.slots[slot] != key) {
    if (++slot == shard.slots.size()) slot = 0;
  }
  return slot;
}

void SeenKeys::grow(Shard& shard) {
  Shard larger;
  larger.slots.resize(shard.slots.empty() ? kFirstSlots
                                          : shard.slots.size() + shard.slots.size() / 2);
  for (const Hash128& key : shard.slots) {
    if (key != Hash128()) larger.slots[slot_of(larger, key)] = key;
  }
  larger.used = shard.used;
  shard = std::move(larger);
}

bool SeenKeys::insert(Hash128 key) {
  Shard& shard = shards_[key.high % kShards];
  if (shard.used * 5 >= shard.slots.size() * 4) grow(shard);
  Hash128& slot = shard.slots[slot_of(shard, key)];
  if (slot == key) return false;
  slot = key;
  ++shard.used;
  ++size_;
  return true;
}

void SeenKeys::prefetch(Hash128 key) const {
  const Shard& shard = shards_[key.high % kShards];
  if (!shard.slots.empty()) __builtin_prefetch(&shard.slots[first_slot(shard, key)], 1);
}

bool SeenKeys::contains(Hash128 key) const {
  const Shard& shard = shards_[key.high % kShards];
  return !shard.slots.empty() && shard.slots[slot_of(shard, key)] == key;
}

std::size_t SeenKeys::memory() const {
  std::size_t bytes = sizeof(*this) + kShards * sizeof(Shard);
  for (const Shard& shard : shards_) bytes += shard.slots.capacity() * sizeof(Hash128);
  return bytes;
}

}  // namespace graphodbc::graph
