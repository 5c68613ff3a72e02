#include "driver/rowset.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "driver/descriptors/binding.h"

namespace graphodbc::driver {
namespace {

using base::Cell;

// The descriptors never look at their connection here.
Connection& no_connection() {
  alignas(16) static std::array<char, 16> nothing{};
  return reinterpret_cast<Connection&>(nothing);
}

class RowsetTest : public ::testing::Test {
 protected:
  RowsetTest() {
    ird_.header.array_status_ptr = statuses_.data();
    ird_.header.rows_processed_ptr = &fetched_;
    statuses_.fill(99);
  }

  void add_column(std::string label, base::TypeInfo type) {
    DescriptorRecord& record = ird_.touch(static_cast<SQLSMALLINT>(ird_.count() + 1));
    record.concise_type = static_cast<SQLSMALLINT>(type.type);
    record.label = std::move(label);
    record.info = type;
  }
  // Two columns: "Size" BIGINT and "Name" WVARCHAR(50).
  void add_two_columns() {
    add_column("Size", base::bigint_type());
    add_column("Name", base::text_type(50));
  }
  void bind(SQLUSMALLINT column, SQLSMALLINT c_type, SQLPOINTER target, SQLLEN size,
            SQLLEN* indicator) {
    bind_column(ard_, {column, c_type, target, size, indicator});
  }
  SQLRETURN write(const std::vector<Cell>& cells, SQLULEN max_length = 0) {
    diagnostics_.clear();
    const auto columns = static_cast<std::size_t>(ird_.count());
    std::vector<RowSpan> spans;
    if (!cells.empty()) spans.push_back({cells.data(), columns, cells.size() / columns});
    return writer_.write(spans, ard_, ird_, max_length, diagnostics_);
  }
  // "state row/column" of each record.
  std::vector<std::string> records() const {
    std::vector<std::string> out;
    for (const DiagRecord& record : diagnostics_.records()) {
      out.push_back(std::string(record.state.code()) + " " + std::to_string(record.row) + "/" +
                    std::to_string(record.column));
    }
    return out;
  }

  Descriptor ard_{no_connection(), DescriptorRole::kApplication, false};
  Descriptor ird_{no_connection(), DescriptorRole::kImplementationRow, false};
  RowsetWriter writer_;
  Diagnostics diagnostics_;
  std::array<SQLUSMALLINT, 8> statuses_{};
  SQLULEN fetched_ = 99;
};

using Strings = std::vector<std::string>;

TEST_F(RowsetTest, ColumnWise) {
  add_two_columns();
  std::int64_t sizes[3] = {};
  SQLLEN size_lengths[3] = {};
  char names[3][6] = {};
  SQLLEN name_lengths[3] = {};
  bind(1, SQL_C_SBIGINT, sizes, 0, size_lengths);
  bind(2, SQL_C_CHAR, names, 6, name_lengths);
  ard_.header.array_size = 3;
  EXPECT_EQ(write({Cell::of_int64(1), Cell::of_text("one"), Cell::of_int64(2), Cell::null(),
                   Cell::of_int64(3), Cell::of_text("three")}),
            SQL_SUCCESS);
  EXPECT_EQ(sizes[0], 1);
  EXPECT_EQ(sizes[2], 3);
  EXPECT_EQ(size_lengths[1], 8);
  EXPECT_STREQ(names[0], "one");
  EXPECT_STREQ(names[2], "three");
  EXPECT_EQ(name_lengths[0], 3);
  EXPECT_EQ(name_lengths[1], SQL_NULL_DATA);
  EXPECT_EQ(name_lengths[2], 5);
  EXPECT_EQ(fetched_, 3u);
  EXPECT_EQ(statuses_[2], SQL_ROW_SUCCESS);
  EXPECT_EQ(statuses_[3], 99) << "the status array ends with the rowset";
  EXPECT_TRUE(diagnostics_.empty());
}

TEST_F(RowsetTest, RowWiseWithUnalignedMembers) {
  add_two_columns();
#pragma pack(push, 1)
  struct Row {
    char before;
    std::int64_t size;
    SQLLEN size_length;
    SQLWCHAR name[4];
    SQLLEN name_length;
    char after;
  };
#pragma pack(pop)
  std::array<Row, 2> rows;
  std::memset(rows.data(), 0x5A, sizeof(rows));
  char* base = reinterpret_cast<char*>(rows.data());
  const auto member = [&](std::size_t offset) { return reinterpret_cast<SQLLEN*>(base + offset); };
  bind(1, SQL_C_SBIGINT, base + offsetof(Row, size), 0, member(offsetof(Row, size_length)));
  bind(2, SQL_C_WCHAR, base + offsetof(Row, name), sizeof(Row::name),
       member(offsetof(Row, name_length)));
  ard_.header.bind_type = sizeof(Row);
  ard_.header.array_size = 2;
  EXPECT_EQ(write({Cell::of_int64(1), Cell::of_text("one"), Cell::of_int64(2), Cell::of_text("x")}),
            SQL_SUCCESS);
  for (const Row& row : rows) {
    EXPECT_EQ(row.before, 0x5A);
    EXPECT_EQ(row.after, 0x5A);
  }
  const auto value = [&](std::size_t row, std::size_t offset) {
    std::int64_t out = 0;
    std::memcpy(&out, base + row * sizeof(Row) + offset, sizeof(out));
    return out;
  };
  EXPECT_EQ(value(0, offsetof(Row, size)), 1);
  EXPECT_EQ(value(1, offsetof(Row, size)), 2);
  EXPECT_EQ(value(1, offsetof(Row, size_length)), 8);
  EXPECT_EQ(value(0, offsetof(Row, name_length)), 6);
  EXPECT_EQ(value(1, offsetof(Row, name_length)), 2);
  EXPECT_EQ(std::memcmp(base + offsetof(Row, name), u"one", 8), 0);
  EXPECT_EQ(std::memcmp(base + sizeof(Row) + offsetof(Row, name), u"x", 4), 0);
}

TEST_F(RowsetTest, TheBindOffsetIsReadAtEachFetch) {
  add_column("Size", base::bigint_type());
  struct Slot {
    std::int64_t value;
    SQLLEN length;
  };
  Slot slots[3] = {{-1, -1}, {-1, -1}, {-1, -1}};
  SQLLEN offset = 0;
  ard_.header.bind_offset_ptr = &offset;
  bind(1, SQL_C_SBIGINT, &slots[0].value, 0, &slots[0].length);
  for (SQLLEN i = 0; i < 3; ++i) {
    offset = i * static_cast<SQLLEN>(sizeof(Slot));
    EXPECT_EQ(write({Cell::of_int64(10 + i)}), SQL_SUCCESS);
  }
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(slots[i].value, 10 + i);
    EXPECT_EQ(slots[i].length, 8);
  }
}

TEST_F(RowsetTest, TheOffsetIsNotAddedToNullPointers) {
  add_column("Size", base::bigint_type());
  std::int64_t values[2] = {-1, -1};
  SQLLEN offset = sizeof(std::int64_t);
  ard_.header.bind_offset_ptr = &offset;
  bind(1, SQL_C_SBIGINT, values, 0, nullptr);
  EXPECT_EQ(write({Cell::of_int64(5)}), SQL_SUCCESS);
  EXPECT_EQ(values[0], -1);
  EXPECT_EQ(values[1], 5);
}

TEST_F(RowsetTest, AShortRowsetMarksTheRestAndAnEmptyOneIsTheEnd) {
  add_column("Size", base::bigint_type());
  std::int64_t values[4] = {-1, -1, -1, -1};
  bind(1, SQL_C_SBIGINT, values, 0, nullptr);
  ard_.header.array_size = 4;
  EXPECT_EQ(write({Cell::of_int64(1), Cell::of_int64(2)}), SQL_SUCCESS);
  EXPECT_EQ(fetched_, 2u);
  const std::array<SQLUSMALLINT, 4> wanted = {SQL_ROW_SUCCESS, SQL_ROW_SUCCESS, SQL_ROW_NOROW,
                                              SQL_ROW_NOROW};
  EXPECT_TRUE(std::equal(wanted.begin(), wanted.end(), statuses_.begin()));
  EXPECT_EQ(values[2], -1);

  EXPECT_EQ(write({}), SQL_NO_DATA);
  EXPECT_EQ(fetched_, 0u);
  EXPECT_EQ(statuses_[0], SQL_ROW_NOROW);
  EXPECT_EQ(statuses_[3], SQL_ROW_NOROW);
}

TEST_F(RowsetTest, CountAndStatusesAreOptional) {
  add_column("Size", base::bigint_type());
  ird_.header.array_status_ptr = nullptr;
  ird_.header.rows_processed_ptr = nullptr;
  std::int32_t value = 0;
  bind(1, SQL_C_SLONG, &value, 0, nullptr);
  EXPECT_EQ(write({Cell::of_int64(std::int64_t{1} << 40)}), SQL_ERROR);
  EXPECT_EQ(write({Cell::of_int64(4)}), SQL_SUCCESS);
  EXPECT_EQ(value, 4);
  EXPECT_EQ(write({}), SQL_NO_DATA);
}

TEST_F(RowsetTest, AnIndicatorWithoutABufferGetsLengths) {
  add_two_columns();
  SQLLEN lengths[2] = {-7, -7};
  bind(2, SQL_C_WCHAR, nullptr, 0, lengths);
  ard_.header.array_size = 2;
  EXPECT_EQ(write({Cell::of_int64(1), Cell::of_text("four"), Cell::of_int64(2), Cell::null()}),
            SQL_SUCCESS);
  EXPECT_EQ(lengths[0], 8);
  EXPECT_EQ(lengths[1], SQL_NULL_DATA);
}

TEST_F(RowsetTest, OneFailedRowAmongOthers) {
  add_two_columns();
  std::int32_t sizes[3] = {-1, -1, -1};
  char names[3][4] = {};
  SQLLEN lengths[3] = {};
  bind(1, SQL_C_SLONG, sizes, 0, nullptr);
  bind(2, SQL_C_CHAR, names, 4, lengths);
  ard_.header.array_size = 3;
  EXPECT_EQ(write({Cell::of_int64(1), Cell::of_text("long"), Cell::of_int64(std::int64_t{1} << 40),
                   Cell::of_text("longer"), Cell::of_int64(3), Cell::of_text("abc")}),
            SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(fetched_, 3u) << "failed rows count";
  EXPECT_EQ(statuses_[0], SQL_ROW_SUCCESS_WITH_INFO);
  EXPECT_EQ(statuses_[1], SQL_ROW_ERROR);
  EXPECT_EQ(statuses_[2], SQL_ROW_SUCCESS);
  EXPECT_EQ(sizes[1], -1);
  EXPECT_STREQ(names[1], "lon") << "the other columns of a failed row are delivered";
  EXPECT_EQ(lengths[0], 4);
  EXPECT_EQ(records(), (Strings{"01004 1/2", "22003 2/1", "01004 2/2"}));
  EXPECT_NE(diagnostics_.records()[1].message.find("row 2, column 1 (Size)"), std::string::npos)
      << diagnostics_.records()[1].message;
}

TEST_F(RowsetTest, EveryRowFailedIsAnError) {
  add_column("Size", base::bigint_type());
  std::int8_t values[2] = {};
  bind(1, SQL_C_STINYINT, values, 0, nullptr);
  ard_.header.array_size = 2;
  EXPECT_EQ(write({Cell::of_int64(1000), Cell::null()}), SQL_ERROR);
  EXPECT_EQ(records(), (Strings{"22003 1/1", "22002 2/1"}));
  EXPECT_EQ(statuses_[1], SQL_ROW_ERROR);
  ard_.header.array_size = 4;
  EXPECT_EQ(write({Cell::of_int64(1000), Cell::of_int64(1000)}), SQL_ERROR)
      << "rows that are not there do not count";
}

TEST_F(RowsetTest, AnErrorOutranksAWarningOfAnotherColumn) {
  add_two_columns();
  add_column("Other", base::text_type(50));
  char names[4];
  char others[4];
  SQLLEN length = 0;
  std::int8_t size = 0;
  bind(1, SQL_C_STINYINT, &size, 0, &length);
  bind(2, SQL_C_CHAR, names, 4, &length);
  bind(3, SQL_C_CHAR, others, 4, &length);
  EXPECT_EQ(write({Cell::of_int64(1000), Cell::of_text("longer"), Cell::of_text("longer")}),
            SQL_ERROR);
  EXPECT_EQ(statuses_[0], SQL_ROW_ERROR);
  EXPECT_EQ(records(), (Strings{"22003 1/1", "01004 1/2", "01004 1/3"}));
}

TEST_F(RowsetTest, AnUnconvertibleColumnFailsAlsoWhereItIsNull) {
  add_column("Day", base::date_type());
  std::int32_t value = 0;
  SQLLEN length = 0;
  bind(1, SQL_C_SLONG, &value, 0, &length);
  EXPECT_EQ(write({Cell::null()}), SQL_ERROR);
  EXPECT_EQ(records(), (Strings{"07006 1/1"}));
  EXPECT_EQ(write({Cell::of_integer(base::CellKind::kDate, 5)}), SQL_ERROR);
  EXPECT_EQ(records(), (Strings{"07006 1/1"}));
}

TEST_F(RowsetTest, BindingsMayChangeBetweenFetches) {
  add_two_columns();
  std::int64_t wide_number = 0;
  std::int32_t number = 0;
  char name[8] = {};
  bind(1, SQL_C_SBIGINT, &wide_number, 0, nullptr);
  EXPECT_EQ(write({Cell::of_int64(1), Cell::of_text("one")}), SQL_SUCCESS);
  EXPECT_EQ(wide_number, 1);

  bind(1, SQL_C_SLONG, &number, 0, nullptr);
  bind(2, SQL_C_CHAR, name, sizeof(name), nullptr);
  EXPECT_EQ(write({Cell::of_int64(2), Cell::of_text("two")}), SQL_SUCCESS);
  EXPECT_EQ(wide_number, 1);
  EXPECT_EQ(number, 2);
  EXPECT_STREQ(name, "two");

  bind(1, SQL_C_SLONG, nullptr, 0, nullptr);
  EXPECT_EQ(write({Cell::of_int64(3), Cell::of_text("three")}), SQL_SUCCESS);
  EXPECT_EQ(number, 2) << "unbound";
  EXPECT_STREQ(name, "three");
}

TEST_F(RowsetTest, TheArraySizeMayChangeBetweenFetches) {
  add_column("Size", base::bigint_type());
  std::int64_t values[3] = {};
  bind(1, SQL_C_SBIGINT, values, 0, nullptr);
  EXPECT_EQ(write({Cell::of_int64(1)}), SQL_SUCCESS);
  EXPECT_EQ(statuses_[1], 99);
  ard_.header.array_size = 3;
  EXPECT_EQ(write({Cell::of_int64(2), Cell::of_int64(3)}), SQL_SUCCESS);
  EXPECT_EQ(statuses_[2], SQL_ROW_NOROW);
  EXPECT_EQ(values[1], 3);
}

TEST_F(RowsetTest, DefaultTypesAndOdbc2Types) {
  add_two_columns();
  add_column("At", base::timestamp_type());
  add_column("Price", base::decimal_type(9, 2));
  std::int64_t size = 0;
  SQLWCHAR name[8] = {};
  SQL_TIMESTAMP_STRUCT at{};
  char price[8] = {};
  bind(1, SQL_C_DEFAULT, &size, sizeof(size), nullptr);
  bind(2, SQL_C_DEFAULT, name, sizeof(name), nullptr);
  bind(3, SQL_C_TIMESTAMP, &at, sizeof(at), nullptr);
  bind(4, SQL_C_DEFAULT, price, sizeof(price), nullptr);
  EXPECT_EQ(write({Cell::of_int64(7), Cell::of_text("x"),
                   Cell::of_integer(base::CellKind::kTimestamp, 0), Cell::of_decimal(199, 2)}),
            SQL_SUCCESS);
  EXPECT_EQ(size, 7);
  EXPECT_EQ(name[0], 'x');
  EXPECT_EQ(at.year, 1970);
  EXPECT_STREQ(price, "1.99");
}

TEST_F(RowsetTest, BindingsBeyondTheResultAreIgnored) {
  add_column("Size", base::bigint_type());
  std::int64_t value = 0;
  std::int64_t other = -1;
  bind(1, SQL_C_SBIGINT, &value, 0, nullptr);
  bind(5, SQL_C_SBIGINT, &other, 0, nullptr);
  EXPECT_EQ(write({Cell::of_int64(7)}), SQL_SUCCESS);
  EXPECT_EQ(value, 7);
  EXPECT_EQ(other, -1);
}

TEST_F(RowsetTest, RowsOfSeveralBatchesFollowEachOther) {
  add_column("Size", base::bigint_type());
  std::int64_t values[3] = {};
  bind(1, SQL_C_SBIGINT, values, 0, nullptr);
  ard_.header.array_size = 3;
  const std::vector<Cell> first = {Cell::of_int64(1), Cell::of_text("not of this row")};
  const std::vector<Cell> second = {Cell::of_int64(2), Cell::of_int64(3)};
  const std::vector<RowSpan> spans = {{first.data(), 2, 1}, {second.data(), 1, 2}};
  EXPECT_EQ(writer_.write(spans, ard_, ird_, 0, diagnostics_), SQL_SUCCESS);
  EXPECT_EQ(values[0], 1);
  EXPECT_EQ(values[1], 2);
  EXPECT_EQ(values[2], 3);
  EXPECT_EQ(fetched_, 3u);
}

TEST_F(RowsetTest, MaxLengthLimitsTextSilently) {
  add_two_columns();
  char name[8] = {};
  SQLLEN length = 0;
  bind(2, SQL_C_CHAR, name, sizeof(name), &length);
  EXPECT_EQ(write({Cell::of_int64(1), Cell::of_text("abcdef")}, 3), SQL_SUCCESS);
  EXPECT_STREQ(name, "abc");
  EXPECT_EQ(length, 3);
}

TEST_F(RowsetTest, ManyWarningsNeverHideAnError) {
  add_two_columns();
  const std::size_t count = 3000;
  std::vector<std::int8_t> sizes(count);
  std::vector<char> names(count * 2);
  std::vector<SQLLEN> lengths(count);
  std::vector<SQLUSMALLINT> statuses(count);
  ird_.header.array_status_ptr = statuses.data();
  bind(1, SQL_C_CHAR, names.data(), 2, lengths.data());
  bind(2, SQL_C_STINYINT, sizes.data(), 0, lengths.data());
  ard_.header.array_size = count;
  std::vector<Cell> cells;
  for (std::size_t i = 0; i < count; ++i) {
    cells.push_back(Cell::of_decimal(15, 1));
    cells.push_back(Cell::of_text(i + 1 == count ? "none" : "1"));
  }
  EXPECT_EQ(write(cells), SQL_SUCCESS_WITH_INFO);
  EXPECT_LE(diagnostics_.records().size(), 1001u);
  EXPECT_EQ(statuses[count - 2], SQL_ROW_SUCCESS_WITH_INFO);
  EXPECT_EQ(statuses[count - 1], SQL_ROW_ERROR);
  EXPECT_EQ(records().back(), "22018 3000/2");
}

}  // namespace
}  // namespace graphodbc::driver
