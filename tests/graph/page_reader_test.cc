#include "graph/page_reader.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "base/datetime.h"
#include "base/json_text.h"

namespace graphodbc::graph {
namespace {

using base::Cell;
using base::CellKind;
using schema::EdmKind;

ScanColumn column(std::vector<std::string> path, EdmKind edm = EdmKind::kString) {
  ScanColumn result;
  result.json_path = std::move(path);
  result.edm = edm;
  return result;
}

// A page and its cells; keeps alive what the cells point to.
struct Read {
  ByteBuffer page;
  base::Arena arena;
  std::vector<Cell> cells;
  std::shared_ptr<const PageProgram> program;
  PageFacts facts;

  Read(std::string_view json, std::vector<ScanColumn> columns, bool single_item = false,
       std::optional<Expansion> expansion = std::nullopt)
      : program(std::make_shared<const PageProgram>(std::move(columns), std::move(expansion))) {
    page.append(json);
    PageReader reader(program);
    facts = reader.read(page, single_item, cells, arena);
    // Read again with the same parser: guesses learnt from the first time must not matter.
    const std::vector<Cell> before = cells;
    arena.clear();
    facts = reader.read(page, single_item, cells, arena);
    EXPECT_EQ(before.size(), cells.size());
  }
  const Cell& at(std::size_t row, std::size_t column) const {
    return cells.at(row * program->column_count() + column);
  }
};

// Kind and value of a cell as text, for tables of expectations.
std::string show(const Cell& cell) {
  switch (cell.kind) {
    case CellKind::kNull:
      return "null";
    case CellKind::kBool:
      return "bool " + std::to_string(cell.integer);
    case CellKind::kInt64:
      return "int " + std::to_string(cell.integer);
    case CellKind::kDouble:
      return "double " + std::to_string(cell.real);
    case CellKind::kDecimal:
      return "decimal " + std::to_string(cell.integer) + " /10^" + std::to_string(cell.scale);
    case CellKind::kDecimalWide: {
      std::string digits;
      for (base::Int128 rest = *cell.wide < 0 ? -*cell.wide : *cell.wide; rest != 0; rest /= 10) {
        digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
      }
      return std::string("wide ") + (*cell.wide < 0 ? "-" : "") + digits + " /10^" +
             std::to_string(cell.scale);
    }
    case CellKind::kDate: {
      char out[16];
      return "date " + std::string(out, base::format_date(cell.integer, out));
    }
    case CellKind::kTime: {
      char out[24];
      return "time " + std::string(out, base::format_time(cell.integer, 7, out));
    }
    case CellKind::kTimestamp: {
      char out[32];
      return "timestamp " + std::string(out, base::format_timestamp(cell.integer, 7, ' ', out));
    }
    case CellKind::kText:
      return "text " + std::string(cell.view());
    case CellKind::kJsonText:
      return "string " + std::string(cell.view());
    case CellKind::kJson:
      return "json " + std::string(cell.view());
    case CellKind::kBinary:
      return "binary " + std::string(cell.view());
    case CellKind::kBase64:
      return "base64 " + std::string(cell.view());
    case CellKind::kGuid: {
      std::string hex;
      for (const char c : cell.view()) {
        constexpr std::string_view kHex = "0123456789abcdef";
        hex += kHex[static_cast<unsigned char>(c) >> 4];
        hex += kHex[static_cast<unsigned char>(c) & 15];
      }
      return "guid " + hex;
    }
    case CellKind::kInvalid:
      return "invalid " + std::string(cell.view());
  }
  return "?";
}

struct ValueCase {
  EdmKind edm;
  const char* json;  // "" means that the member is absent
  const char* expected;
};

// Names the case in ctest's list.
void PrintTo(const ValueCase& given, std::ostream* out) {
  *out << given.expected << " from " << (*given.json == '\0' ? "nothing" : given.json);
}

class PageValue : public testing::TestWithParam<ValueCase> {};

TEST_P(PageValue, BecomesCell) {
  const ValueCase& c = GetParam();
  for (const char* blank : {"", " ", "\r\n\t  "}) {
    std::string json = "{\"value\":[{\"before\":1";
    if (*c.json != '\0') json += std::string(",\"x\":") + blank + c.json + blank;
    json += ",\"after\":{\"x\":5}}]}";
    const Read read(json, {column({"x"}, c.edm)});
    ASSERT_EQ(read.facts.row_count, 1u);
    EXPECT_EQ(show(read.at(0, 0)), c.expected) << c.json;
  }
}

constexpr ValueCase kValues[] = {
    {EdmKind::kString, "\"a b\"", "string a b"},
    {EdmKind::kString, "\"\"", "string "},
    {EdmKind::kString, R"("a\"b\\")", R"(string a\"b\\)"},
    {EdmKind::kString, R"("\ud83d")", R"(string \ud83d)"},
    {EdmKind::kString, "\"\xC3\xA9 \xF0\x9F\x98\x80\"", "string \xC3\xA9 \xF0\x9F\x98\x80"},
    {EdmKind::kString, "\"{[,]}:\"", "string {[,]}:"},
    {EdmKind::kString, "null", "null"},
    {EdmKind::kString, "", "null"},
    {EdmKind::kString, "12", "invalid 12"},
    {EdmKind::kString, "true", "invalid true"},
    {EdmKind::kString, "{\"a\":1}", "invalid {\"a\":1}"},
    {EdmKind::kString, "[1, 2]", "invalid [1, 2]"},
    {EdmKind::kDuration, "\"PT1H\"", "string PT1H"},
    {EdmKind::kBoolean, "true", "bool 1"},
    {EdmKind::kBoolean, "false", "bool 0"},
    {EdmKind::kBoolean, "tru", "invalid tru"},
    {EdmKind::kBoolean, "\"true\"", "invalid \"true\""},
    {EdmKind::kBoolean, "1", "invalid 1"},
    {EdmKind::kInt16, "32767", "int 32767"},
    {EdmKind::kInt16, "32768", "invalid 32768"},
    {EdmKind::kInt16, "-32768", "int -32768"},
    {EdmKind::kInt32, "-2147483648", "int -2147483648"},
    {EdmKind::kInt32, "2147483648", "invalid 2147483648"},
    {EdmKind::kInt32, "5.0", "int 5"},
    {EdmKind::kInt32, "5.5", "invalid 5.5"},
    {EdmKind::kInt32, "1e3", "int 1000"},
    {EdmKind::kInt32, "\"5\"", "invalid \"5\""},
    {EdmKind::kInt64, "9223372036854775807", "int 9223372036854775807"},
    {EdmKind::kInt64, "9223372036854775808", "invalid 9223372036854775808"},
    {EdmKind::kInt64, "\"-9223372036854775808\"", "int -9223372036854775808"},
    {EdmKind::kInt64, "12x", "invalid 12x"},
    {EdmKind::kInt64, "\"\"", "invalid \"\""},
    {EdmKind::kDouble, "1.5", "double 1.500000"},
    {EdmKind::kDouble, "-3", "double -3.000000"},
    {EdmKind::kDouble, "1e400", "invalid 1e400"},
    {EdmKind::kDouble, "1e-400", "double 0.000000"},
    {EdmKind::kDouble, "\"NaN\"", "null"},
    {EdmKind::kDouble, "\"-INF\"", "null"},
    {EdmKind::kDouble, "\"1.5\"", "invalid \"1.5\""},
    {EdmKind::kSingle, "1e39", "invalid 1e39"},
    {EdmKind::kSingle, "0.25", "double 0.250000"},
    {EdmKind::kDecimal, "12.50", "decimal 1250 /10^2"},
    {EdmKind::kDecimal, "-0.001", "decimal -1 /10^3"},
    {EdmKind::kDecimal, "\"7\"", "decimal 7 /10^0"},
    {EdmKind::kDecimal, "1.5e2", "decimal 150 /10^0"},
    {EdmKind::kDecimal, "15e-1", "decimal 15 /10^1"},
    {EdmKind::kDecimal, "1234567890123456789.5", "wide 12345678901234567895 /10^1"},
    {EdmKind::kDecimal, "-99999999999999999999999999999999999999",
     "wide -99999999999999999999999999999999999999 /10^0"},
    {EdmKind::kDecimal, "999999999999999999999999999999999999999",
     "invalid 999999999999999999999999999999999999999"},
    {EdmKind::kDecimal, "1.", "invalid 1."},
    {EdmKind::kDateTimeOffset, "\"2024-02-29T23:59:59Z\"", "timestamp 2024-02-29 23:59:59.0000000"},
    {EdmKind::kDateTimeOffset, "\"2024-02-29T23:59:59.1234567Z\"",
     "timestamp 2024-02-29 23:59:59.1234567"},
    {EdmKind::kDateTimeOffset, "\"2024-02-29T23:59:59.123456789Z\"",
     "timestamp 2024-02-29 23:59:59.1234567"},
    {EdmKind::kDateTimeOffset, "\"2024-03-01T01:30:00+02:00\"",
     "timestamp 2024-02-29 23:30:00.0000000"},
    {EdmKind::kDateTimeOffset, "\"0001-01-01T00:00:00Z\"", "timestamp 0001-01-01 00:00:00.0000000"},
    {EdmKind::kDateTimeOffset, "\"9999-12-31T23:59:59.9999999Z\"",
     "timestamp 9999-12-31 23:59:59.9999999"},
    {EdmKind::kDateTimeOffset, R"("2024-01-02T03:04:05\u005a")",
     "timestamp 2024-01-02 03:04:05.0000000"},
    {EdmKind::kDateTimeOffset, "\"2023-02-29T00:00:00Z\"", "invalid \"2023-02-29T00:00:00Z\""},
    {EdmKind::kDateTimeOffset, "\"2024-01-02T24:00:00Z\"", "invalid \"2024-01-02T24:00:00Z\""},
    {EdmKind::kDateTimeOffset, "\"2024-01-02T03:04:05.Z\"", "invalid \"2024-01-02T03:04:05.Z\""},
    {EdmKind::kDateTimeOffset, "\"2024-01-02T03:04:05Zx\"", "invalid \"2024-01-02T03:04:05Zx\""},
    {EdmKind::kDateTimeOffset, "1704164645", "invalid 1704164645"},
    {EdmKind::kDateTimeText, "\"2024-01-02T03:04:05.0000000\"",
     "timestamp 2024-01-02 03:04:05.0000000"},
    {EdmKind::kDate, "\"2024-02-29\"", "date 2024-02-29"},
    {EdmKind::kDate, "\"2024-02-30\"", "invalid \"2024-02-30\""},
    {EdmKind::kTimeOfDay, "\"08:15:00.5000000\"", "time 08:15:00.5000000"},
    {EdmKind::kTimeOfDay, "\"25:00:00\"", "invalid \"25:00:00\""},
    {EdmKind::kGuid, "\"00112233-4455-6677-8899-AABBCCDDEEFF\"",
     "guid 00112233445566778899aabbccddeeff"},
    {EdmKind::kGuid, "\"00112233-4455-6677-8899-AABBCCDDEEF\"",
     "invalid \"00112233-4455-6677-8899-AABBCCDDEEF\""},
    {EdmKind::kGuid, "\"0011223344-55-6677-8899-AABBCCDDEEFF\"",
     "invalid \"0011223344-55-6677-8899-AABBCCDDEEFF\""},
    {EdmKind::kBinary, "\"AAEC_-4=\"", "base64 AAEC_-4="},
    {EdmKind::kJson, "[{\"a\":\"]\"}, null ]", "json [{\"a\":\"]\"}, null ]"},
    {EdmKind::kJson, "{}", "json {}"},
    {EdmKind::kJson, "[]", "json []"},
    {EdmKind::kJson, "\"s\"", "json \"s\""},
    {EdmKind::kJson, "1.5", "json 1.5"},
    {EdmKind::kJson, "false", "json false"},
    {EdmKind::kJson, "null", "null"},
    {EdmKind::kFacet, "{\"childCount\":2}", "bool 1"},
    {EdmKind::kFacet, "{}", "bool 1"},
    {EdmKind::kFacet, "null", "bool 0"},
    {EdmKind::kFacet, "", "bool 0"},
    {EdmKind::kFacet, "[1]", "invalid [1]"},
    {EdmKind::kFacet, "\"x\"", "invalid \"x\""},
};
INSTANTIATE_TEST_SUITE_P(All, PageValue, testing::ValuesIn(kValues));

TEST(PageReader, ReadsMembersInAnyOrder) {
  const Read read(
      R"({"value":[{"a":1,"b":2,"c":3},{"c":6,"skipped":[{"a":9}],"b":5,"a":4},{"b":8},{}]})",
      {column({"a"}, EdmKind::kInt32), column({"b"}, EdmKind::kInt32),
       column({"c"}, EdmKind::kInt32)});
  std::string all;
  for (const Cell& cell : read.cells) all += show(cell) + ";";
  EXPECT_EQ(all, "int 1;int 2;int 3;int 4;int 5;int 6;null;int 8;null;null;null;null;");
}

TEST(PageReader, ReadsNestedAndOverlappingPaths) {
  const std::vector<ScanColumn> columns = {
      column({"from", "emailAddress", "address"}), column({"from"}, EdmKind::kJson),
      column({"from", "emailAddress", "address"}), column({"from", "emailAddress"}, EdmKind::kJson),
      column({"from"}, EdmKind::kFacet),           column({"from", "emailAddress", "name"}),
  };
  const Read read(R"({"value":[{"from": {"emailAddress" : {"name":"N","address":"A"} } , "x":1},)"
                  R"({"from":null},{"from":{"emailAddress":null}},{"from":{}},{"from":7},)"
                  R"({"from":{"emailAddress":["q"]}},{"from":{"emailAddress":{}}}]})",
                  columns);
  const std::vector<std::vector<std::string>> expected = {
      {"string A", R"(json {"emailAddress" : {"name":"N","address":"A"} })", "string A",
       R"(json {"name":"N","address":"A"})", "bool 1", "string N"},
      {"null", "null", "null", "null", "bool 0", "null"},
      {"null", R"(json {"emailAddress":null})", "null", "null", "bool 1", "null"},
      {"null", "json {}", "null", "null", "bool 1", "null"},
      {"invalid 7", "json 7", "invalid 7", "invalid 7", "invalid 7", "invalid 7"},
      {"invalid [\"q\"]", R"(json {"emailAddress":["q"]})", "invalid [\"q\"]", "json [\"q\"]",
       "bool 1", "invalid [\"q\"]"},
      {"null", R"(json {"emailAddress":{}})", "null", "json {}", "bool 1", "null"},
  };
  ASSERT_EQ(read.facts.row_count, expected.size());
  for (std::size_t row = 0; row < expected.size(); ++row) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      EXPECT_EQ(show(read.at(row, i)), expected[row][i]) << "row " << row << " column " << i;
    }
  }
}

TEST(PageReader, ComparesKeysUnescaped) {
  const Read read(R"({"value":[{"sub\u006aect":"a"},{"subjec":"b","subject2":"c"}]})",
                  {column({"subject"})});
  EXPECT_EQ(show(read.at(0, 0)), "string a");
  EXPECT_EQ(show(read.at(1, 0)), "null");
}

// What one row taught about the order of members must not mislead in the next.
TEST(PageReader, ForgetsTheOrderOfTheRowBefore) {
  const std::vector<std::string> keys = {
      "a", "ab", "importance", "subjectText", "webLinkOfIt1", "aKeyThatIsLongerThanAnyWord"};
  std::vector<ScanColumn> columns;
  for (const std::string& key : keys) columns.push_back(column({key}));
  std::string page = R"({"value":[)";
  std::vector<std::vector<std::string>> expected;
  for (std::size_t row = 0; row < 200; ++row) {
    page += row > 0 ? ",{" : "{";
    expected.emplace_back(keys.size(), "null");
    const char* comma = "";
    for (std::size_t i = 0; i < keys.size() * 2; ++i) {
      const std::size_t key = (i * (row % 5 + 1) + row / 7) % (keys.size() + 1);
      const std::string value = std::to_string(row) + "." + std::to_string(i);
      // Some rows leave members out, some spell them with escapes, some have others in between.
      if ((row * 7 + i) % 3 == 0) continue;
      if (key == keys.size()) {
        page += std::string(comma) + "\"x" + std::to_string(i * row % 90) + "\":\"" + value + '"';
      } else {
        const bool escaped = (row + i) % 5 == 0;
        char first[8];
        std::snprintf(first, sizeof(first), "\\u%04x", static_cast<unsigned>(keys[key][0]));
        page += std::string(comma) + '"' + (escaped ? first : keys[key].substr(0, 1)) +
                keys[key].substr(1) + "\":\"" + value + '"';
        expected.back()[key] = value;
      }
      comma = ",";
    }
    page += "}";
  }
  const Read read(page + "]}", columns);
  ASSERT_EQ(read.facts.row_count, expected.size());
  for (std::size_t row = 0; row < expected.size(); ++row) {
    for (std::size_t key = 0; key < keys.size(); ++key) {
      const Cell& cell = read.at(row, key);
      EXPECT_EQ(cell.is_null() ? "null" : std::string(cell.view()), expected[row][key])
          << row << ' ' << keys[key];
    }
  }
}

TEST(PageReader, ReadsTimestampsOfManyDates) {
  const Read read(R"({"value":[{"t":"2026-03-01T10:00:00Z"},{"t":"2026-03-01T10:00:01Z"},)"
                  R"({"t":"2026-03-02T10:00:00Z"},{"t":"2026-03-01T10:00:00.5Z"},)"
                  R"({"t":"2026-03-32T10:00:00Z"},{"t":"2026-03-01T24:00:00Z"},)"
                  R"({"t":"2026-03-01T10:00:00Z"}]})",
                  {column({"t"}, EdmKind::kDateTimeOffset)});
  const std::int64_t first = read.at(0, 0).integer;
  EXPECT_EQ(first, *base::parse_timestamp("2026-03-01T10:00:00Z"));
  EXPECT_EQ(read.at(1, 0).integer, first + base::kTicksPerSecond);
  EXPECT_EQ(read.at(2, 0).integer, first + base::kTicksPerDay);
  EXPECT_EQ(read.at(3, 0).integer, first + base::kTicksPerSecond / 2);
  EXPECT_EQ(read.at(4, 0).kind, CellKind::kInvalid);
  EXPECT_EQ(read.at(5, 0).kind, CellKind::kInvalid);
  EXPECT_EQ(read.at(6, 0).integer, first);
}

TEST(PageReader, TakesTheLastOfRepeatedMembers) {
  const Read read(R"({"value":[{"a":1,"a":2},{"a":1,"a":null}]})",
                  {column({"a"}, EdmKind::kInt32)});
  EXPECT_EQ(show(read.at(0, 0)), "int 2");
  EXPECT_EQ(show(read.at(1, 0)), "null");
}

TEST(PageReader, RepeatsConstants) {
  ScanColumn constant;
  constant.constant = base::Value::text("AAMk");
  const Read read(R"({"value":[{"id":"1"},{"id":"2"}]})", {constant, column({"id"})});
  EXPECT_EQ(show(read.at(0, 0)), "text AAMk");
  EXPECT_EQ(show(read.at(1, 0)), "text AAMk");
  EXPECT_EQ(show(read.at(1, 1)), "string 2");
}

TEST(PageReader, CountsRowsWithoutColumns) {
  const Read read(R"({"value":[{"id":"1"},{"id":"2"},{}]})", {});
  EXPECT_EQ(read.facts.row_count, 3u);
  EXPECT_TRUE(read.cells.empty());
}

TEST(PageReader, ReadsManyColumnsAndRows) {
  std::vector<ScanColumn> columns;
  std::string object = "{";
  for (int i = 0; i < 300; ++i) {
    columns.push_back(column({std::string("c") + std::to_string(i)}, EdmKind::kInt32));
    const std::string number = std::to_string(299 - i);
    if (i > 0) object += ',';
    object.append("\"c").append(number).append("\":").append(number);
  }
  object += "}";
  std::string json = "{\"value\":[";
  for (int row = 0; row < 200; ++row) json += (row > 0 ? "," : "") + object;
  const Read read(json + "]}", columns);
  ASSERT_EQ(read.facts.row_count, 200u);
  for (std::size_t row = 0; row < 200; ++row) {
    for (std::size_t i = 0; i < 300; ++i) {
      ASSERT_EQ(read.at(row, i).integer, static_cast<std::int64_t>(i));
    }
  }
}

TEST(PageReader, FindsFactsBeforeAndAfterTheRows) {
  for (
      const char* json :
      {R"({"@odata.nextLink":"https:\/\/g\u002fx?$skip=1","@odata.count":42,"value":[{"id":"1"}]})",
       R"({"value":[{"id":"1"}],"@odata.count":42,"@odata.nextLink":"https://g/x?$skip=1"})",
       "\xEF\xBB\xBF {\"value\" : [ {\"id\":\"1\"} ] , \"@odata.nextLink\": "
       "\"https://g/x?$skip=1\" ,\"@odata.count\":42}\n"}) {
    const Read read(json, {column({"id"})});
    EXPECT_EQ(read.facts.next_link, "https://g/x?$skip=1") << json;
    EXPECT_EQ(read.facts.count, 42) << json;
    EXPECT_EQ(show(read.at(0, 0)), "string 1");
  }
  const Read last(R"({"value":[],"@odata.nextLink":null})", {column({"id"})});
  EXPECT_FALSE(last.facts.next_link);
  EXPECT_EQ(last.facts.row_count, 0u);
}

TEST(PageReader, CountsWhatSqlHasNoNumberFor) {
  const Read read(R"({"value":[{"b":"NaN"},{"b":"INF","a":1}]})",
                  {column({"a"}, EdmKind::kInt32), column({"b"}, EdmKind::kDouble)});
  EXPECT_EQ(read.facts.not_finite, 2u);
  EXPECT_EQ(read.facts.not_finite_column, 1u);
}

TEST(PageReader, CellsPointIntoThePage) {
  const Read read(R"({"value":[{"id":"abc\n"}]})", {column({"id"})});
  const std::string_view page = read.page.view();
  const std::string_view text = read.at(0, 0).view();
  EXPECT_GE(text.data(), page.data());
  EXPECT_LE(text.data() + text.size(), page.data() + page.size());
}

TEST(PageReader, ReadsRowsThatStandInObjects) {
  ScanColumn parent = column({});
  parent.parent_key = true;
  const Expansion expansion{"parts", "id"};
  // The key comes before or after the rows; objects may have none, and no rows.
  const Read read(
      R"({"value":[{"id":"p","parts":[{"id":"a","n":1},{"id":"b"}]},{"parts":[],"id":"q"},)"
      R"({"x":{"id":"no"},"parts":[{"n":3,"id":"c"}],"id":"r"},{"id":"s","parts":null},)"
      R"({"parts":[{"id":"d"}]}],"@odata.nextLink":"l"})",
      {column({"id"}), parent, column({"n"}, EdmKind::kInt32)}, false, expansion);
  EXPECT_EQ(read.facts.row_count, 4u);
  EXPECT_EQ(read.facts.item_count, 5u);
  EXPECT_EQ(read.facts.next_link, "l");
  std::string rows;
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 3; ++j) rows += show(read.at(i, j)) + ",";
  }
  EXPECT_EQ(
      rows,
      "string a,string p,int 1,string b,string p,null,string c,string r,int 3,string d,null,null,");
  ASSERT_EQ(read.facts.parents.size(), 5u);
  EXPECT_EQ(read.facts.parents[1].key.view(), "q");
  EXPECT_EQ(read.facts.parents[1].rows_end, 2u);
  EXPECT_TRUE(read.facts.parents[4].key.is_null());
}

// What is missing must not look like objects without rows.
TEST(PageReader, RefusesObjectsWithoutTheirRows) {
  for (const char* json :
       {R"({"value":[{"id":"p"}]})", R"({"value":[{"id":"p","parts":{}}]})",
        R"({"value":[{"id":"p","parts":[1]}]})", R"({"value":[1]})",
        R"({"value":[{"id":"p","parts":[],"parts@odata.nextLink":"https://more"}]})"}) {
    EXPECT_THROW(Read(json, {column({"id"})}, false, Expansion{"parts", "id"}), PageError) << json;
  }
}

TEST(PageReader, ReadsSingleItems) {
  const Read read(R"({"@odata.context":"c","id":"1","from":{"a":{"b":2}}})",
                  {column({"from", "a", "b"}, EdmKind::kInt32), column({"id"})}, true);
  ASSERT_EQ(read.facts.row_count, 1u);
  EXPECT_EQ(show(read.at(0, 0)), "int 2");
  EXPECT_EQ(show(read.at(0, 1)), "string 1");
}

struct BrokenCase {
  const char* name;
  const char* json;
  const char* said;
};

// Names the case in ctest's list.
void PrintTo(const BrokenCase& broken, std::ostream* out) {
  *out << broken.name;
}

class BrokenPage : public testing::TestWithParam<BrokenCase> {};

TEST_P(BrokenPage, IsRefused) {
  const BrokenCase& c = GetParam();
  try {
    const Read read(c.json, {column({"id"}), column({"n"}, EdmKind::kInt32)});
    FAIL() << c.name << " was accepted";
  } catch (const PageError& error) {
    EXPECT_EQ(error.state(), base::SqlState("08S01"));
    EXPECT_NE(error.message().find(c.said), std::string::npos) << error.message();
  }
}

constexpr BrokenCase kBroken[] = {
    {"Empty", "", "empty"},
    {"Blank", " \n", "empty"},
    {"Html", "<html><body>Gateway</body></html>", "HTML"},
    {"Text", "upstream timed out", "no JSON object"},
    {"Array", "[]", "no JSON object"},
    {"NoValue", R"({"@odata.context":"x"})", "no member `value`"},
    {"NullValue", R"({"value":null})", "no array"},
    {"ObjectValue", R"({"value":{}})", "no array"},
    {"TwoValues", R"({"value":[],"value":[]})", "two members"},
    {"RowIsNull", R"({"value":[null]})", "no object"},
    {"RowIsString", R"({"value":["id"]})", "no object"},
    {"CutInString", R"({"value":[{"id":"abc)", ""},
    {"CutInRow", R"({"value":[{"id":"abc"})", ""},
    {"CutBetweenRows", R"({"value":[{"id":"abc"},)", ""},
    {"CutAfterInnerObject", R"({"value":[{"id":"a"},{"id":"b","f":{"x":1})", ""},
    {"CutAfterValue", R"({"value":[{"id":"abc"}])", ""},
    {"CutInLink", R"({"value":[],"@odata.nextLink":"https://)", ""},
    {"Garbage", R"({"value":[]} x)", ""},
    {"SecondDocument", R"({"value":[]}{"value":[]})", ""},
    {"ExtraBrace", R"({"value":[]}})", ""},
    {"MissingComma", R"({"value":[{"id":"1" "n":2}]})", ""},
    {"MissingColon", R"({"value":[{"id" "1"}]})", ""},
    {"MissingMember", R"({"value":[{"id":}]})", ""},
    {"Word", R"({"value":[{"id":nil}]})", "no JSON"},
    {"Letter", R"({"value":[{"id":abc}]})", "no JSON"},
    {"MismatchedBrackets", R"({"value":[{"id":[1}]}]})", ""},
    {"BadUtf8", "{\"value\":[{\"id\":\"\xC3\x28\"}]}", "UTF-8"},
    {"ControlCharacter", "{\"value\":[{\"id\":\"a\nb\"}]}", ""},
    {"Error", R"({"value":[{"id":"1"}],"error":{"code":"generalException","message":"broke"}})",
     "generalException: broke"},
    {"ErrorOnly", R"({"error":{"code":"x"}})", "broke the page off"},
    {"LinkIsNumber", R"({"value":[],"@odata.nextLink":5})", "no link"},
    {"LinkIsEmpty", R"({"value":[],"@odata.nextLink":""})", "no link"},
};
INSTANTIATE_TEST_SUITE_P(All, BrokenPage, testing::ValuesIn(kBroken));

TEST(PageReader, RefusesEveryCutOfAPage) {
  const std::string json =
      R"({"a":[1,{"b":2}],"value":[{"id":"x\"y","f":{"g":[1]}},{"id":"z"}],"@odata.nextLink":"u"})";
  for (std::size_t size = 0; size < json.size(); ++size) {
    EXPECT_THROW(Read(json.substr(0, size), {column({"id"}), column({"f"}, EdmKind::kJson)}),
                 PageError)
        << json.substr(0, size);
  }
}

TEST(PageReader, RefusesErrorInsteadOfItem) {
  EXPECT_THROW(Read(R"({"error":{"code":"x"}})", {column({"id"})}, true), PageError);
}

TEST(PageReader, ParserSurvivesBrokenPages) {
  const auto program = std::make_shared<const PageProgram>(std::vector<ScanColumn>{column({"id"})});
  PageReader reader(program);
  base::Arena arena;
  std::vector<Cell> cells;
  ByteBuffer broken;
  broken.append(R"({"value":[{"id":"1"},{"id)");
  EXPECT_THROW(reader.read(broken, false, cells, arena), PageError);
  ByteBuffer good;
  good.append(R"({"value":[{"id":"1"}]})");
  EXPECT_EQ(reader.read(good, false, cells, arena).row_count, 1u);
  EXPECT_EQ(cells.size(), 1u);
}

TEST(NextLinkHint, LooksAtBothEnds) {
  const std::string rows(10'000, ' ');
  const struct {
    std::string json;
    std::optional<std::string> expected;
  } cases[] = {
      {R"({"value":[],"@odata.nextLink":"https://g/a"})", "https://g/a"},
      {R"({"@odata.nextLink" : "https:\/\/g/a\u0026b","value":[)" + rows + "]}", "https://g/a&b"},
      {"{\"value\":[" + rows + R"(],"@odata.nextLink":"https://g/a"})", "https://g/a"},
      {"{\"value\":[" + rows + R"("@odata.nextLink":"https://g/a")" + rows + "]}", std::nullopt},
      {R"({"value":[{"x":"\"@odata.nextLink\":\"https://evil\""}]})", std::nullopt},
      {R"({"value":[{"attachments@odata.nextLink":"https://g/x"}]})", std::nullopt},
      {R"({"@odata.nextLink":null,"value":[]})", std::nullopt},
      {R"({"@odata.nextLink":"https://cut)", std::nullopt},
      {R"({"@odata.nextLink":"ends in escape\)", std::nullopt},
      {R"({"@odata.nextLink")", std::nullopt},
      {"", std::nullopt},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(find_next_link_hint(c.json), c.expected) << c.json.substr(0, 100);
  }
}

}  // namespace
}  // namespace graphodbc::graph
