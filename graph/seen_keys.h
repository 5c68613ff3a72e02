// Which row keys were handed out already (decisions.md 9): 128-bit hashes in open addressing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace graphodbc::graph {

struct Hash128 {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  bool operator==(const Hash128&) const = default;
};

// Seeded once a process, so that nobody outside can prepare two texts with one hash. Two different
// texts of a scan share a hash with a chance of about n² / 2^129.
Hash128 hash_text(std::string_view text);

// At most 31 bytes a key, once there are some hundred: the set is cut into shards that grow by half
// one by one, so growing never holds two copies of more than one of them.
class SeenKeys {
 public:
  SeenKeys() : shards_(kShards) {}

  // True when the key was not there.
  bool insert(Hash128 key);
  bool contains(Hash128 key) const;
  // Brings a key's place into the cache: a page's keys are looked up together, and each would wait
  // for memory by itself.
  void prefetch(Hash128 key) const;
  std::size_t size() const { return size_; }
  std::size_t memory() const;  // bytes held

 private:
  static constexpr std::size_t kShards = 64;
  static constexpr std::size_t kFirstSlots = 8;
  struct Shard {
    std::vector<Hash128> slots;  // {0, 0} is empty
    std::size_t used = 0;
  };

  static std::size_t first_slot(const Shard& shard, Hash128 key);
  static std::size_t slot_of(const Shard& shard, Hash128 key);
  static void grow(Shard& shard);

  std::vector<Shard> shards_;
  std::size_t size_ = 0;
};

}  // namespace graphodbc::graph
