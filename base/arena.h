// Bump allocator for the text and wide decimals that expressions make. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <vector>

namespace graphodbc::base {

class Arena {
 public:
  Arena() = default;
  Arena(Arena&&) = default;
  Arena& operator=(Arena&&) = default;

  // `size` bytes that live until clear() or destruction. Aligned for any scalar up to 16 bytes.
  char* allocate(std::size_t size) {
    size = (size + 15) & ~std::size_t{15};
    if (blocks_.empty() || size > blocks_[current_].size - used_) next_block(size);
    char* at = blocks_[current_].data.get() + used_;
    used_ += size;
    return at;
  }
  std::string_view copy(std::string_view text) {
    char* at = allocate(text.size() + 1);
    if (!text.empty()) std::memcpy(at, text.data(), text.size());
    return {at, text.size()};
  }
  template <typename T>
  T* make(const T& value) {
    static_assert(alignof(T) <= 16 && std::is_trivially_destructible_v<T>);
    return new (allocate(sizeof(T))) T(value);
  }
  // Forgets everything handed out; keeps the memory for reuse.
  void clear() {
    current_ = 0;
    used_ = 0;
  }
  std::size_t capacity() const {
    std::size_t total = 0;
    for (const Block& block : blocks_) total += block.size;
    return total;
  }

 private:
  struct Block {
    std::unique_ptr<char[]> data;
    std::size_t size;
  };
  static constexpr std::size_t kBlockSize = 16 * 1024;

  void next_block(std::size_t size) {
    // Skip kept blocks that are too small rather than lose them.
    for (std::size_t i = blocks_.empty() ? 0 : current_ + 1; i < blocks_.size(); ++i) {
      if (blocks_[i].size >= size) {
        std::swap(blocks_[i], blocks_[current_ + 1]);
        ++current_;
        used_ = 0;
        return;
      }
    }
    const std::size_t block_size = size > kBlockSize ? size : kBlockSize;
    blocks_.push_back({std::make_unique_for_overwrite<char[]>(block_size), block_size});
    current_ = blocks_.size() - 1;
    used_ = 0;
  }

  std::vector<Block> blocks_;
  std::size_t current_ = 0;
  std::size_t used_ = 0;
};

}  // namespace graphodbc::base
