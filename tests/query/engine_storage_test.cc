// Stored forms: every value comes back, and SQLite's order is the library's.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/json_text.h"
#include "query/engine/row_store.h"
#include "query/engine/storage.h"
#include "tests/query/expression_helper.h"

namespace graphodbc::query {
namespace {

using base::Cell;
using base::CellKind;
using base::SqlType;
using base::TypeInfo;

struct Stored {
  std::string scratch;
  StoredValue value;
};

Stored store(const Cell& cell, const TypeInfo& type) {
  Stored stored;
  const Storage storage(type);
  stored.scratch.resize(storage.scratch_size(cell) + 1);
  stored.value = storage.store(cell, stored.scratch.data());
  return stored;
}

// As SQLite compares values of one column.
int order_of(const StoredValue& a, const StoredValue& b) {
  if (a.has_bytes()) {
    const int order = a.view().compare(b.view());
    return order < 0 ? -1 : (order > 0 ? 1 : 0);
  }
  const double x = a.kind == StoredKind::kReal ? a.real : static_cast<double>(a.integer);
  const double y = b.kind == StoredKind::kReal ? b.real : static_cast<double>(b.integer);
  return x < y ? -1 : (x > y ? 1 : 0);
}

struct RoundTrip {
  std::string form;
  TypeInfo type;
  StoredKind kind;
  std::string text;  // after loading
};

TEST(Storage, ValuesComeBack) {
  const RoundTrip cases[] = {
      {"TRUE", base::bit_type(), StoredKind::kInteger, "1"},
      {"12", base::integer_type(), StoredKind::kInteger, "12"},
      {"-9223372036854775807", base::bigint_type(), StoredKind::kInteger, "-9223372036854775807"},
      {"1e300", base::double_type(), StoredKind::kReal, "1e+300"},
      {"7", base::double_type(), StoredKind::kReal, "7"},
      {"1.25", base::decimal_type(10, 2), StoredKind::kInteger, "1.25"},
      {"-1.5", base::decimal_type(18, 4), StoredKind::kInteger, "-1.5000"},
      {"1.5", base::decimal_type(28, 8), StoredKind::kBlob, "1.50000000"},
      {"-99999999999999999999.5", base::decimal_type(38, 1), StoredKind::kBlob,
       "-99999999999999999999.5"},
      {"1.005", base::decimal_type(10, 2), StoredKind::kInteger, "1.01"},
      {"d:2026-01-31", base::date_type(), StoredKind::kInteger, "2026-01-31"},
      {"t:10:20:30", base::time_type(), StoredKind::kInteger, "10:20:30"},
      {"ts:2026-01-01 10:20:30.1234567", base::timestamp_type(), StoredKind::kInteger,
       "2026-01-01 10:20:30.1234567"},
      {"'Zoë'", base::text_type(20), StoredKind::kText, "Zoë"},
      {"''", base::text_type(20), StoredKind::kText, ""},
      {"x:00FF", {SqlType::kVarBinary, 10, 0}, StoredKind::kBlob, "00FF"},
      {"g:0f8fad5b-d9cb-469f-a165-70867728950e", base::guid_type(), StoredKind::kBlob,
       "0f8fad5b-d9cb-469f-a165-70867728950e"},
      {"1.5", base::integer_type(), StoredKind::kReal, "1.5"},  // a marker declared INTEGER
  };
  for (const RoundTrip& item : cases) {
    const ExpressionPtr literal = testing::literal(item.form);
    const Stored stored = store(literal->cell, item.type);
    EXPECT_EQ(stored.value.kind, item.kind) << item.form;
    base::Arena arena;
    const Cell cell = Storage(item.type).load_copy(stored.value, arena);
    EXPECT_EQ(testing::text_of_cell(cell, item.type), item.text) << item.form;
  }
}

TEST(Storage, TextComesWithoutJsonEscapes) {
  const std::string raw = R"(caf\u00e9 \"x\" \ud800)";
  const Stored stored = store(Cell::of_bytes(CellKind::kJsonText, raw), base::text_type(50));
  EXPECT_EQ(stored.value.view(), "café \"x\" \xEF\xBF\xBD");
  const std::string json = R"({"a":"\u00e9"})";
  EXPECT_EQ(store(Cell::of_bytes(CellKind::kJson, json), base::long_text_type()).value.view(),
            json);
  const std::string base64 = "AAEC_w==";
  EXPECT_EQ(store(Cell::of_bytes(CellKind::kBase64, base64), base::long_binary_type()).value.view(),
            std::string_view("\0\1\2\xFF", 4));
}

TEST(Storage, NullAndNotANumber) {
  for (const TypeInfo& type :
       {base::integer_type(), base::double_type(), base::text_type(3), base::guid_type()}) {
    EXPECT_EQ(store(Cell::null(), type).value.kind, StoredKind::kNull);
  }
  EXPECT_EQ(store(Cell::of_double(std::nan("")), base::double_type()).value.kind,
            StoredKind::kNull);
  EXPECT_EQ(store(Cell::of_double(INFINITY), base::double_type()).value.real, INFINITY);
}

TEST(Storage, RefusesWhatDoesNotFit) {
  const auto state = [](const Cell& cell, const TypeInfo& type) {
    return testing::state_of([&] { store(cell, type); });
  };
  const Cell invalid = Cell::of_bytes(CellKind::kInvalid, "{}");
  for (const TypeInfo& type :
       {base::integer_type(), base::double_type(), base::timestamp_type(), base::text_type(3),
        base::guid_type(), base::decimal_type(9, 2), base::decimal_type(38, 2)}) {
    EXPECT_EQ(state(invalid, type), "!22018") << type_name(type);
  }
  EXPECT_EQ(state(Cell::of_bytes(CellKind::kBase64, "*"), base::long_binary_type()), "!22018");
  EXPECT_EQ(state(Cell::of_int64(INT64_MAX), base::decimal_type(18, 4)), "!22003");
  EXPECT_EQ(state(Cell::of_double(1e300), base::decimal_type(38, 2)), "!22003");
}

TEST(Storage, WideDecimalsKeepTheirOrder) {
  const std::vector<std::string> ascending = {"-99999999999999999999999999999999999999",
                                              "-18446744073709551616",
                                              "-256",
                                              "-255",
                                              "-1",
                                              "0",
                                              "1",
                                              "255",
                                              "256",
                                              "18446744073709551616",
                                              "99999999999999999999999999999999999999"};
  const TypeInfo type = base::decimal_type(38, 0);
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    for (std::size_t j = 0; j < ascending.size(); ++j) {
      const ExpressionPtr a = testing::literal(ascending[i]);
      const ExpressionPtr b = testing::literal(ascending[j]);
      EXPECT_EQ(order_of(store(a->cell, type).value, store(b->cell, type).value),
                i < j ? -1 : (i > j ? 1 : 0))
          << ascending[i] << " " << ascending[j];
    }
  }
}

TEST(Storage, TellsWhatComparesDirectly) {
  const TypeInfo binary{SqlType::kVarBinary, 9, 0};
  struct Pair {
    TypeInfo left, right;
    bool same;
  };
  const Pair pairs[] = {
      {base::integer_type(), base::bigint_type(), true},
      {base::bit_type(), base::integer_type(), true},
      {base::integer_type(), base::double_type(), true},
      {base::integer_type(), base::decimal_type(9, 0), true},
      {base::integer_type(), base::decimal_type(9, 2), false},
      {base::decimal_type(9, 2), base::decimal_type(18, 2), true},
      {base::decimal_type(9, 2), base::decimal_type(9, 3), false},
      {base::decimal_type(9, 2), base::decimal_type(28, 2), false},
      {base::decimal_type(20, 2), base::decimal_type(28, 2), true},
      {base::decimal_type(20, 0), base::integer_type(), false},
      {base::decimal_type(9, 2), base::double_type(), false},
      {base::text_type(3), base::long_text_type(), true},
      {base::text_type(3), base::guid_type(), false},
      {base::guid_type(), binary, true},
      {base::date_type(), base::timestamp_type(), false},
      {base::time_type(), base::timestamp_type(), false},
      {base::date_type(), base::integer_type(), false},
  };
  for (const Pair& pair : pairs) {
    EXPECT_EQ(same_storage(pair.left, pair.right), pair.same)
        << type_name(pair.left) << " " << type_name(pair.right);
    EXPECT_EQ(same_storage(pair.right, pair.left), pair.same);
  }
}

TEST(Storage, ConstantsTakeTheColumnsForm) {
  struct Constant {
    std::string form;
    TypeInfo type;
    std::string text;  // "-": there is none
  };
  const Constant cases[] = {
      {"1.5", base::decimal_type(28, 8), "1.50000000"},
      {"1.5", base::decimal_type(10, 0), "-"},
      {"1.50", base::decimal_type(10, 1), "1.5"},
      {"1.55", base::decimal_type(10, 1), "-"},
      {"3", base::decimal_type(10, 2), "3.00"},
      {"3.0", base::integer_type(), "3"},
      {"1.5", base::integer_type(), "1.5"},
      {"0.1", base::integer_type(), "0.1"},
      {"0.1", base::double_type(), "0.1"},
      {"0.5", base::double_type(), "0.5"},
      {"7", base::double_type(), "7"},
      {"9007199254740993", base::double_type(), "-"},
      {"1e0", base::decimal_type(10, 2), "-"},
      {"'x'", base::text_type(1), "x"},
      {"'x'", base::integer_type(), "-"},
      {"d:2026-01-01", base::timestamp_type(), "-"},
      {"NULL", base::timestamp_type(), "NULL"},
  };
  for (const Constant& item : cases) {
    base::Arena arena;
    const ExpressionPtr literal = testing::literal(item.form);
    const auto cell = exact_cell(literal->cell, item.type, arena);
    EXPECT_EQ(cell ? testing::text_of_cell(*cell, item.type) : "-", item.text)
        << item.form << " as " << type_name(item.type);
  }
}

base::RowBatch batch_of(const std::vector<std::vector<Cell>>& rows) {
  base::RowBatch batch;
  batch.row_count = rows.size();
  batch.column_count = rows.front().size();
  for (const std::vector<Cell>& row : rows) {
    batch.cells.insert(batch.cells.end(), row.begin(), row.end());
  }
  return batch;
}

TEST(RowStore, KeepsRowsAfterTheirPageIsGone) {
  auto page = std::make_unique<std::string>(R"(plaintabbed\tb2e)");
  const std::string_view raw = *page;
  const base::RowBatch batch = batch_of({
      {Cell::of_int64(1), Cell::of_bytes(CellKind::kJsonText, raw.substr(0, 5))},
      {Cell::null(), Cell::of_bytes(CellKind::kJsonText, raw.substr(5, 9))},
  });
  const RowConverter converter({{base::integer_type(), "T.A"}, {base::text_type(20), "T.B"}});
  std::size_t row = 0;
  const StoredBatch stored = converter.convert(batch, row);
  std::memset(page->data(), '#', page->size());
  page.reset();
  EXPECT_EQ(row, 2U);
  ASSERT_EQ(stored.row_count(), 2U);
  EXPECT_EQ(stored.row(0)[0].integer, 1);
  EXPECT_EQ(stored.row(0)[1].view(), "plain");
  EXPECT_EQ(stored.row(1)[0].kind, StoredKind::kNull);
  EXPECT_EQ(stored.row(1)[1].view(), "tabbed\tb");
}

TEST(RowStore, NamesTheColumnThatDoesNotFit) {
  const base::RowBatch batch =
      batch_of({{Cell::of_int64(1), Cell::of_bytes(CellKind::kInvalid, "[]")}});
  const RowConverter converter(
      {{base::integer_type(), "Messages.Size"}, {base::text_type(20), "Messages.Subject"}});
  std::size_t row = 0;
  const std::string message = testing::message_of([&] { converter.convert(batch, row); });
  EXPECT_NE(message.find("Messages.Subject"), std::string::npos) << message;
}

TEST(RowStore, CarriesWhatDoesNotFitWhereItIsOnlyHandedOn) {
  const base::TypeInfo types[] = {
      base::bit_type(),         base::integer_type(),      base::double_type(),
      base::decimal_type(9, 2), base::decimal_type(30, 2), base::timestamp_type(),
      base::text_type(20),      base::guid_type(),         base::long_binary_type()};
  const base::RowBatch batch = batch_of({{Cell::of_bytes(CellKind::kInvalid, "[1,2,3,4,5,6,7]")}});
  for (const base::TypeInfo& type : types) {
    const RowConverter converter({{type, "T.C", true}});
    std::size_t row = 0;
    const StoredBatch stored = converter.convert(batch, row);
    base::Arena arena;
    const Cell cell = converter.storage(0).load(*stored.row(0), arena);
    EXPECT_EQ(cell.kind, CellKind::kInvalid) << type_name(type);
    EXPECT_EQ(cell.view(), "[1,2,3,4,5,6,7]") << type_name(type);
  }
}

TEST(RowStore, SplitsLongBatches) {
  const std::string body(1 << 20, 'x');
  std::vector<std::vector<Cell>> rows(10, {Cell::of_text(body)});
  const base::RowBatch batch = batch_of(rows);
  const RowConverter converter({{base::long_text_type(), "T.Body"}});
  std::size_t row = 0;
  std::size_t blocks = 0;
  while (row < batch.row_count) {
    const StoredBatch stored = converter.convert(batch, row);
    EXPECT_EQ(stored.row(stored.row_count() - 1)[0].length, body.size());
    ++blocks;
  }
  EXPECT_GT(blocks, 1U);
}

TEST(RowStore, StopsAtTheMemoryLimit) {
  const std::string body(1 << 20, 'x');
  const base::RowBatch batch = batch_of({{Cell::of_text(body)}});
  const RowConverter converter({{base::long_text_type(), "T.Body"}});
  initialize_sqlite();
  set_local_memory_limit(local_memory_in_use() + (1 << 19));
  std::size_t row = 0;
  EXPECT_EQ(testing::state_of([&] { converter.convert(batch, row); }), "!HY001");
  set_local_memory_limit(kDefaultLocalMemory);
  EXPECT_EQ(testing::state_of([&] { converter.convert(batch, row); }), "");
}

}  // namespace
}  // namespace graphodbc::query
