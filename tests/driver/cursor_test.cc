#include "driver/cursor.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace graphodbc::driver {
namespace {

// Batches of the given sizes, rows numbered from 0, then an error or a clean end.
class ScriptedSource : public base::RowSource {
 public:
  ScriptedSource(std::vector<std::size_t> sizes, bool fails)
      : sizes_(std::move(sizes)), fails_(fails) {}

  std::size_t column_count() const override { return 1; }
  void open() override {}
  bool next_batch(base::RowBatch& batch) override {
    batch.clear();
    ++calls;
    if (next_ == sizes_.size()) {
      if (fails_) throw base::Error("08S01", "the page was cut short");
      return false;
    }
    batch.column_count = 1;
    batch.row_count = sizes_[next_++];
    for (std::size_t i = 0; i < batch.row_count; ++i) {
      batch.cells.push_back(base::Cell::of_int64(number_++));
    }
    return true;
  }
  void cancel() noexcept override {}

  int calls = 0;

 private:
  std::vector<std::size_t> sizes_;
  bool fails_;
  std::size_t next_ = 0;
  std::int64_t number_ = 0;
};

std::vector<std::int64_t> numbers(std::span<const RowSpan> spans) {
  std::vector<std::int64_t> out;
  for (const RowSpan& span : spans) {
    for (std::size_t i = 0; i < span.count; ++i) out.push_back(span.first[i * span.stride].integer);
  }
  return out;
}

using Rows = std::vector<std::int64_t>;

Cursor make_cursor(std::vector<std::size_t> sizes, bool fails = false, std::uint64_t max = 0) {
  return Cursor(std::make_unique<ScriptedSource>(std::move(sizes), fails), max);
}

TEST(Cursor, RowsetsRunAcrossBatches) {
  Cursor cursor = make_cursor({2, 1, 4});
  EXPECT_EQ(numbers(cursor.next_rowset(3)), (Rows{0, 1, 2}));
  EXPECT_EQ(cursor.first_row_number(), 1u);
  EXPECT_EQ(cursor.row(0)->integer, 0);
  EXPECT_EQ(cursor.row(2)->integer, 2);
  EXPECT_EQ(cursor.row(3), nullptr);
  EXPECT_EQ(numbers(cursor.next_rowset(1)), (Rows{3}));
  EXPECT_EQ(cursor.first_row_number(), 4u);
  EXPECT_EQ(numbers(cursor.next_rowset(100)), (Rows{4, 5, 6}));
  EXPECT_TRUE(cursor.next_rowset(100).empty());
  EXPECT_EQ(cursor.first_row_number(), 0u);
  EXPECT_TRUE(cursor.next_rowset(1).empty()) << "the end stays the end";
}

TEST(Cursor, ReadsNoFurtherThanTheRowsetNeeds) {
  auto source = std::make_unique<ScriptedSource>(std::vector<std::size_t>{2, 2}, false);
  ScriptedSource& script = *source;
  Cursor cursor(std::move(source), 0);
  cursor.next_rowset(2);
  EXPECT_EQ(script.calls, 1) << "a full rowset must not wait for the next page";
}

TEST(Cursor, DeliversTheRowsBeforeAFailureAndThenTheFailureForEver) {
  Cursor cursor = make_cursor({2}, true);
  EXPECT_EQ(numbers(cursor.next_rowset(5)), (Rows{0, 1}));
  EXPECT_TRUE(cursor.failed_after());
  for (int again = 0; again < 3; ++again) {
    try {
      cursor.next_rowset(5);
      FAIL() << "a broken result ended like a complete one";
    } catch (const base::Error& error) {
      EXPECT_EQ(error.state(), base::SqlState("08S01"));
    }
    EXPECT_EQ(cursor.rowset_size(), 0u);
  }
}

TEST(Cursor, MaxRowsEndsTheResultCleanly) {
  Cursor cursor = make_cursor({2, 2}, true, 3);
  EXPECT_EQ(numbers(cursor.next_rowset(2)), (Rows{0, 1}));
  EXPECT_EQ(numbers(cursor.next_rowset(2)), (Rows{2}));
  EXPECT_FALSE(cursor.failed_after());
  EXPECT_TRUE(cursor.next_rowset(2).empty());
}

}  // namespace
}  // namespace graphodbc::driver
