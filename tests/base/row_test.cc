#include <gtest/gtest.h>

#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

#include "base/arena.h"
#include "base/error.h"
#include "base/secret.h"
#include "base/value.h"

namespace graphodbc::base {
namespace {

TEST(Arena, KeepsWhatItHandsOutAndReusesItsMemory) {
  Arena arena;
  std::vector<std::string_view> texts;
  for (int i = 0; i < 10000; ++i) texts.push_back(arena.copy(std::to_string(i)));
  const std::string large(100000, 'x');
  EXPECT_EQ(arena.copy(large), large);
  for (int i = 0; i < 10000; ++i) ASSERT_EQ(texts[static_cast<std::size_t>(i)], std::to_string(i));
  const std::size_t capacity = arena.capacity();
  for (int round = 0; round < 5; ++round) {
    arena.clear();
    for (int i = 0; i < 10000; ++i) arena.copy(std::to_string(i));
    arena.copy(large);
  }
  EXPECT_EQ(arena.capacity(), capacity);
}

TEST(Arena, AlignsForWideIntegers) {
  Arena arena;
  arena.copy("x");
  const Int128* wide = arena.make(Int128{5});
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(wide) % alignof(Int128), 0u);
}

TEST(Value, OwnsItsBytesThroughCopyAndMove) {
  Value first;
  {
    std::string text = "short";
    first = Value(Cell::of_text(text));
    std::fill(text.begin(), text.end(), '?');
  }
  Value second = first;
  Value third = std::move(first);
  EXPECT_EQ(second.cell().view(), "short");
  EXPECT_EQ(third.cell().view(), "short");
  const Int128 wide = Int128{1} << 100;
  const Value decimal(Cell::of_wide(&wide, 2));
  const Value copy = decimal;
  EXPECT_NE(copy.cell().wide, &wide);
  EXPECT_TRUE(*copy.cell().wide == wide);
}

TEST(Secret, PrintsAsStars) {
  std::ostringstream out;
  out << Secret("hush");
  EXPECT_EQ(out.str(), "***");
}

}  // namespace
}  // namespace graphodbc::base
