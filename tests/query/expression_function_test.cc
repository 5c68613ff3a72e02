// Every scalar function of the table: values, nulls, errors, result types.
#include <gtest/gtest.h>

#include "tests/query/expression_helper.h"

namespace graphodbc::query {
namespace {

using testing::call;

struct Row {
  std::string name;
  std::vector<std::string> arguments;
  std::string expected;
};

std::string shown(const Row& row) {
  std::string text = row.name + "(";
  for (std::size_t i = 0; i < row.arguments.size(); ++i) {
    text += (i > 0 ? ", " : "") + row.arguments[i];
  }
  return text + ")";
}

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) EXPECT_EQ(call(row.name, row.arguments), row.expected) << shown(row);
}

TEST(StringFunctions, CharactersAndLengths) {
  check({{"ASCII", {"'A'"}, "65"},
         {"ASCII", {"'\u20ac1'"}, "8364"},
         {"ASCII", {"''"}, "0"},
         {"ASCII", {"NULL"}, "NULL"},
         {"ASCII", {"d:2026-01-01"}, "literals: 50 folded: 50 columns: !42000"},
         {"CHAR", {"65"}, "A"},
         {"CHAR", {"128512"}, "\U0001F600"},
         {"CHAR", {"-1"}, "!22003"},
         {"CHAR", {"1114112"}, "!22003"},
         {"CHAR", {"55296"}, "!22003"},
         {"CHAR", {"NULL"}, "NULL"},
         {"BIT_LENGTH", {"'a\u00e9'"}, "24"},
         {"BIT_LENGTH", {"x:0102"}, "16"},
         {"OCTET_LENGTH", {"'a\u00e9\U0001F600'"}, "7"},
         {"OCTET_LENGTH", {"x:010203"}, "3"},
         {"CHAR_LENGTH", {"'a\u00e9\U0001F600  '"}, "5"},
         {"CHARACTER_LENGTH", {"''"}, "0"},
         {"LENGTH", {"'a\u00e9\U0001F600  '"}, "3"},
         {"LENGTH", {"'  '"}, "0"},
         {"LENGTH", {"NULL"}, "NULL"}});
}

TEST(StringFunctions, Case) {
  check({{"LCASE", {"'\u00c4BC \u0130'"}, "\u00e4bc i"},
         {"LOWER", {"'ABC'"}, "abc"},
         {"UCASE", {"'straa\u00dfe'"}, "STRAA\u00dfE"},
         {"UPPER", {"'\u03c3\u03c2'"}, "\u03a3\u03a3"},
         {"UPPER", {"NULL"}, "NULL"}});
}

TEST(StringFunctions, Parts) {
  check({{"LEFT", {"'a\u00e9\U0001F600d'", "3"}, "a\u00e9\U0001F600"},
         {"LEFT", {"'abc'", "9"}, "abc"},
         {"LEFT", {"'abc'", "0"}, ""},
         {"LEFT", {"'abc'", "-1"}, "!22011"},
         {"LEFT", {"'abc'", "NULL"}, "NULL"},
         {"RIGHT", {"'a\u00e9\U0001F600d'", "2"}, "\U0001F600d"},
         {"RIGHT", {"'abc'", "0"}, ""},
         {"RIGHT", {"'abc'", "9"}, "abc"},
         {"RIGHT", {"'abc'", "-1"}, "!22011"},
         {"SUBSTRING", {"'abcdef'", "2", "3"}, "bcd"},
         {"SUBSTRING", {"'abcdef'", "4"}, "def"},
         {"SUBSTRING", {"'abcdef'", "-1", "4"}, "ab"},
         {"SUBSTRING", {"'abcdef'", "0", "1"}, ""},
         {"SUBSTRING", {"'abcdef'", "7", "1"}, ""},
         {"SUBSTRING", {"'abcdef'", "2", "9223372036854775807"}, "bcdef"},
         {"SUBSTRING", {"'abcdef'", "2", "-1"}, "!22011"},
         {"SUBSTRING", {"NULL", "1", "1"}, "NULL"},
         {"INSERT", {"'abcdef'", "2", "3", "'XY'"}, "aXYef"},
         {"INSERT", {"'abc'", "1", "0", "'X'"}, "Xabc"},
         {"INSERT", {"'abc'", "9", "2", "'X'"}, "abcX"},
         {"INSERT", {"'abc'", "0", "1", "'X'"}, "!22011"},
         {"INSERT", {"'abc'", "1", "-1", "'X'"}, "!22011"},
         {"INSERT", {"'abc'", "1", "1", "NULL"}, "NULL"}});
}

TEST(StringFunctions, Search) {
  check({{"LOCATE", {"'b'", "'abcb'"}, "2"},
         {"LOCATE", {"'b'", "'abcb'", "3"}, "4"},
         {"LOCATE", {"'x'", "'abc'"}, "0"},
         {"LOCATE", {"'B'", "'abc'"}, "0"},
         {"LOCATE", {"''", "'abc'"}, "1"},
         {"LOCATE", {"''", "'abc'", "3"}, "3"},
         {"LOCATE", {"''", "'abc'", "9"}, "0"},
         {"LOCATE", {"'c'", "'\u00e9\u00e9c'", "-5"}, "3"},
         {"LOCATE", {"NULL", "'abc'"}, "NULL"},
         {"POSITION", {"'c'", "'abc'"}, "3"},
         {"REPLACE", {"'abcabc'", "'bc'", "'X'"}, "aXaX"},
         {"REPLACE", {"'abc'", "''", "'X'"}, "abc"},
         {"REPLACE", {"'aaa'", "'a'", "''"}, ""},
         {"REPLACE", {"'abc'", "'B'", "'X'"}, "abc"},
         {"REPLACE", {"'abc'", "'b'", "NULL"}, "NULL"}});
}

TEST(StringFunctions, RepeatAndTrim) {
  check({{"REPEAT", {"'ab'", "3"}, "ababab"},
         {"REPEAT", {"'ab'", "0"}, ""},
         {"REPEAT", {"'ab'", "-1"}, ""},
         {"REPEAT", {"'ab'", "9000000"}, "!22001"},
         {"SPACE", {"3"}, "   "},
         {"SPACE", {"-1"}, ""},
         {"SPACE", {"99999999999"}, "!22001"},
         {"LTRIM", {"'  a b '"}, "a b "},
         {"RTRIM", {"'  a b '"}, "  a b"},
         {"TRIM", {"'  a b '"}, "a b"},
         {"TRIM", {"'xxaxbxx'", "'x'"}, "axb"},
         {"LTRIM", {"'\u00e9\u00e9a\u00e9'", "'\u00e9'"}, "a\u00e9"},
         {"RTRIM", {"'\u00e9a\u00e9'", "'\u00e9'"}, "\u00e9a"},
         {"TRIM", {"'abc'", "'ab'"}, "!22011"},
         {"TRIM", {"NULL"}, "NULL"}});
}

TEST(StringFunctions, ConcatSoundexDifference) {
  check({{"CONCAT", {"'a'", "'b'"}, "ab"},
         {"CONCAT", {"'a'", "'b'", "''"}, "ab"},
         {"CONCAT", {"'a'", "NULL"}, "NULL"},
         {"SOUNDEX", {"'Robert'"}, "R163"},
         {"SOUNDEX", {"'Rupert'"}, "R163"},
         {"SOUNDEX", {"'Ashcraft'"}, "A261"},
         {"SOUNDEX", {"'Tymczak'"}, "T522"},
         {"SOUNDEX", {"'Pfister'"}, "P236"},
         {"SOUNDEX", {"'Honeyman'"}, "H555"},
         {"SOUNDEX", {"'12'"}, "0000"},
         {"DIFFERENCE", {"'Robert'", "'Rupert'"}, "4"},
         {"DIFFERENCE", {"'Smith'", "'Jones'"}, "2"},
         {"DIFFERENCE", {"'a'", "NULL"}, "NULL"}});
}

TEST(NumericFunctions, ExactOnes) {
  check({{"ABS", {"-5"}, "5"},
         {"ABS", {"-2147483648"}, "!22003"},
         {"ABS", {"-9223372036854775808"}, "!22003"},
         {"ABS", {"-1.50"}, "1.50"},
         {"ABS", {"-1e3"}, "1000"},
         {"ABS", {"NULL"}, "NULL"},
         {"SIGN", {"-0.01"}, "-1"},
         {"SIGN", {"0"}, "0"},
         {"SIGN", {"12"}, "1"},
         {"CEILING", {"1.2"}, "2.0"},
         {"CEILING", {"-1.2"}, "-1.0"},
         {"CEILING", {"9.9"}, "10.0"},
         {"CEILING", {"5"}, "5"},
         {"CEILING", {"1.5e0"}, "2"},
         {"FLOOR", {"1.8"}, "1.0"},
         {"FLOOR", {"-1.2"}, "-2.0"},
         {"MOD", {"7", "3"}, "1"},
         {"MOD", {"-7", "3"}, "-1"},
         {"MOD", {"5", "1.5"}, "0.5"},
         {"MOD", {"7", "0"}, "!22012"},
         {"MOD", {"-9223372036854775808", "-1"}, "0"},
         {"MOD", {"7", "NULL"}, "NULL"},
         {"ROUND", {"2.5", "0"}, "3.0"},
         {"ROUND", {"-2.5", "0"}, "-3.0"},
         {"ROUND", {"2.345", "2"}, "2.350"},
         {"ROUND", {"15", "-1"}, "20"},
         {"ROUND", {"14", "-1"}, "10"},
         {"ROUND", {"2147483647", "-1"}, "!22003"},
         {"ROUND", {"5", "3"}, "5"},
         {"ROUND", {"2.675e0", "2"}, "2.68"},
         {"ROUND", {"-2.675e0", "2"}, "-2.68"},
         {"ROUND", {"9.99e0", "1"}, "10"},
         {"ROUND", {"1234.5e0", "-2"}, "1200"},
         {"ROUND", {"4e0", "-1"}, "0"},
         {"ROUND", {"6e0", "-1"}, "10"},
         {"ROUND", {"NULL", "1"}, "NULL"},
         {"TRUNCATE", {"2.999", "1"}, "2.900"},
         {"TRUNCATE", {"-2.999", "0"}, "-2.000"},
         {"TRUNCATE", {"19", "-1"}, "10"},
         {"TRUNCATE", {"2.999e0", "1"}, "2.9"}});
}

TEST(NumericFunctions, Reals) {
  check({{"ACOS", {"1"}, "0"},
         {"ACOS", {"2"}, "!22003"},
         {"ASIN", {"0"}, "0"},
         {"ASIN", {"-1.5"}, "!22003"},
         {"ATAN", {"0"}, "0"},
         {"ATAN2", {"0", "1"}, "0"},
         {"COS", {"0"}, "1"},
         {"COT", {"0"}, "!22012"},
         {"DEGREES", {"0"}, "0"},
         {"EXP", {"0"}, "1"},
         {"EXP", {"1000"}, "!22003"},
         {"LOG", {"1"}, "0"},
         {"LOG", {"0"}, "!22003"},
         {"LOG", {"-1"}, "!22003"},
         {"LOG10", {"1000"}, "3"},
         {"LOG10", {"0"}, "!22003"},
         {"PI", {}, "3.141592653589793"},
         {"POWER", {"2", "10"}, "1024"},
         {"POWER", {"0", "-1"}, "!22012"},
         {"POWER", {"-8", "0.5"}, "!22003"},
         {"POWER", {"10", "400"}, "!22003"},
         {"RADIANS", {"180"}, "3.141592653589793"},
         {"SIN", {"0"}, "0"},
         {"SQRT", {"9"}, "3"},
         {"SQRT", {"-1"}, "!22003"},
         {"SQRT", {"'16'"}, "literals: 4 folded: 4 columns: !42000"},
         {"TAN", {"0"}, "0"},
         {"TAN", {"NULL"}, "NULL"}});
}

TEST(NumericFunctions, RandomRepeatsWithItsSeedOnly) {
  EXPECT_EQ(call("RAND", {"42"}), call("RAND", {"42"}));
  EXPECT_NE(call("RAND", {"42"}), call("RAND", {"43"}));
  BindContext context;
  const ExpressionPtr node = fold(make_function(context, "RAND", {}, {}));
  EXPECT_FALSE(is_constant(*node));
  base::Arena arena;
  EvalContext running(arena);
  double last = -1;
  for (int i = 0; i < 100; ++i) {
    const double value = evaluate(*node, nullptr, running).real;
    EXPECT_GE(value, 0);
    EXPECT_LT(value, 1);
    EXPECT_NE(value, last);
    last = value;
  }
}

TEST(DatetimeFunctions, Parts) {
  const std::string moment = "ts:2026-12-31 23:59:58.9999999";
  check({{"YEAR", {moment}, "2026"},
         {"QUARTER", {moment}, "4"},
         {"MONTH", {moment}, "12"},
         {"DAYOFMONTH", {moment}, "31"},
         {"DAYOFYEAR", {moment}, "365"},
         {"DAYOFWEEK", {moment}, "5"},
         {"WEEK", {moment}, "53"},
         {"HOUR", {moment}, "23"},
         {"MINUTE", {moment}, "59"},
         {"SECOND", {moment}, "58"},
         {"DAYNAME", {moment}, "Thursday"},
         {"MONTHNAME", {moment}, "December"},
         {"WEEK", {"d:2026-01-01"}, "1"},
         {"WEEK", {"d:2026-01-03"}, "1"},
         {"WEEK", {"d:2026-01-04"}, "2"},
         {"WEEK", {"d:2012-12-31"}, "53"},
         {"DAYOFWEEK", {"d:1969-12-28"}, "1"},
         {"DAYNAME", {"d:0001-01-01"}, "Monday"},
         {"YEAR", {"ts:1969-12-31 23:59:59"}, "1969"},
         {"SECOND", {"ts:1969-12-31 23:59:59.5"}, "59"},
         {"DAYOFYEAR", {"d:2024-12-31"}, "366"},
         {"HOUR", {"t:10:20:30"}, "10"},
         {"HOUR", {"d:2026-01-01"}, "0"},
         {"YEAR", {"NULL"}, "NULL"},
         {"YEAR", {"t:10:20:30"}, "!42000"},
         {"YEAR", {"12"}, "!42000"},
         {"YEAR", {"'2026-02-03'"}, "literals: 2026 folded: 2026 columns: !42000"},
         {"EXTRACT", {"u:YEAR", moment}, "2026"},
         {"EXTRACT", {"u:day", moment}, "31"},
         {"EXTRACT", {"u:SECOND", moment}, "58"},
         {"EXTRACT", {"u:WEEK", moment}, "!42000"}});
}

TEST(DatetimeFunctions, Now) {
  const auto at_execute = [](const std::string& name, std::vector<ExpressionPtr> arguments) {
    BindContext context;
    ExpressionPtr node = fold(make_function(context, name, std::move(arguments), {}));
    EXPECT_FALSE(node->is_literal()) << name << " must wait for the execution";
    base::Arena arena;
    EvalContext running(arena);
    running.statement_start = testing::statement_start();
    running.user_name = "ada@contoso.com";
    node = fold(std::move(node), running);
    EXPECT_TRUE(node->is_literal());
    return testing::text_of_cell(node->cell, node->type);
  };
  EXPECT_EQ(at_execute("NOW", {}), "2026-03-04 05:06:07.1234567");
  EXPECT_EQ(at_execute("CURRENT_TIMESTAMP", testing::list(testing::literal("0"))),
            "2026-03-04 05:06:07");
  EXPECT_EQ(at_execute("CURRENT_TIMESTAMP", testing::list(testing::literal("3"))),
            "2026-03-04 05:06:07.123");
  EXPECT_EQ(at_execute("CURDATE", {}), "2026-03-04");
  EXPECT_EQ(at_execute("CURRENT_DATE", {}), "2026-03-04");
  EXPECT_EQ(at_execute("CURTIME", {}), "05:06:07");
  EXPECT_EQ(at_execute("CURRENT_TIME", testing::list(testing::literal("7"))), "05:06:07.1234567");
  EXPECT_EQ(at_execute("USER", {}), "ada@contoso.com");
  EXPECT_EQ(at_execute("DATABASE", {}), "");
  EXPECT_EQ(call("CURRENT_TIMESTAMP", {"12"}), "!42000");
}

TEST(DatetimeFunctions, TimestampAdd) {
  check({{"TIMESTAMPADD",
          {"u:SQL_TSI_FRAC_SECOND", "250", "ts:2026-01-01 00:00:00"},
          "2026-01-01 00:00:00.0000002"},
         {"TIMESTAMPADD",
          {"u:SQL_TSI_SECOND", "-1", "ts:2026-01-01 00:00:00"},
          "2025-12-31 23:59:59.0000000"},
         {"TIMESTAMPADD",
          {"u:SQL_TSI_MINUTE", "90", "ts:2026-01-01 00:00:00"},
          "2026-01-01 01:30:00.0000000"},
         {"TIMESTAMPADD", {"u:SQL_TSI_HOUR", "25", "d:2026-01-01"}, "2026-01-02 01:00:00.0000000"},
         {"TIMESTAMPADD", {"u:sql_tsi_day", "1", "d:2024-02-28"}, "2024-02-29"},
         {"TIMESTAMPADD", {"u:SQL_TSI_WEEK", "-1", "d:2026-01-01"}, "2025-12-25"},
         {"TIMESTAMPADD", {"u:SQL_TSI_MONTH", "1", "d:2026-01-31"}, "2026-02-28"},
         {"TIMESTAMPADD", {"u:SQL_TSI_MONTH", "-13", "d:2026-01-31"}, "2024-12-31"},
         {"TIMESTAMPADD", {"u:SQL_TSI_QUARTER", "1", "d:2025-11-30"}, "2026-02-28"},
         {"TIMESTAMPADD", {"u:SQL_TSI_YEAR", "1", "d:2024-02-29"}, "2025-02-28"},
         {"TIMESTAMPADD", {"u:SQL_TSI_YEAR", "9000", "d:2024-02-29"}, "!22008"},
         {"TIMESTAMPADD", {"u:SQL_TSI_DAY", "9223372036854775807", "d:2024-02-29"}, "!22008"},
         {"TIMESTAMPADD", {"u:SQL_TSI_MONTH", "-9223372036854775808", "d:2024-02-29"}, "!22008"},
         {"TIMESTAMPADD", {"u:DAY", "1", "NULL"}, "NULL"},
         {"TIMESTAMPADD", {"u:DECADE", "1", "d:2026-01-01"}, "!42000"},
         {"TIMESTAMPADD", {"u:SQL_TSI_HOUR", "20", "t:05:00:00"}, "2026-03-05 01:00:00.0000000"},
         {"TIMESTAMPADD",
          {"u:DAY", "'1'", "d:2026-01-01"},
          "literals: 2026-01-02 folded: 2026-01-02 columns: !42000"}});
}

TEST(DatetimeFunctions, TimestampDiff) {
  const std::string a = "ts:2026-01-31 12:00:00";
  check({{"TIMESTAMPDIFF",
          {"u:SQL_TSI_FRAC_SECOND", "ts:2026-01-01", "ts:2026-01-01 00:00:00.1"},
          "100000000"},
         {"TIMESTAMPDIFF", {"u:FRAC_SECOND", "ts:0001-01-01", "ts:9999-01-01"}, "!22003"},
         {"TIMESTAMPDIFF",
          {"u:SQL_TSI_SECOND", "ts:2026-01-01 00:00:00.9", "ts:2026-01-01 00:00:02"},
          "1"},
         {"TIMESTAMPDIFF",
          {"u:SQL_TSI_DAY", "ts:2026-01-02 00:00:00", "ts:2026-01-01 00:00:01"},
          "0"},
         {"TIMESTAMPDIFF", {"u:SQL_TSI_DAY", "d:2026-03-01", "d:2026-01-01"}, "-59"},
         {"TIMESTAMPDIFF", {"u:SQL_TSI_WEEK", "d:2026-01-01", "d:2026-01-15"}, "2"},
         {"TIMESTAMPDIFF", {"u:SQL_TSI_MONTH", a, "ts:2026-02-28 12:00:00"}, "0"},
         {"TIMESTAMPDIFF", {"u:SQL_TSI_MONTH", a, "ts:2026-03-31 11:59:59"}, "1"},
         {"TIMESTAMPDIFF", {"u:SQL_TSI_MONTH", a, "ts:2026-03-31 12:00:00"}, "2"},
         {"TIMESTAMPDIFF", {"u:SQL_TSI_MONTH", "ts:2026-03-31 12:00:00", a}, "-2"},
         {"TIMESTAMPDIFF", {"u:SQL_TSI_QUARTER", "d:2026-01-01", "d:2026-12-31"}, "3"},
         {"TIMESTAMPDIFF", {"u:SQL_TSI_YEAR", "d:2024-02-29", "d:2025-02-28"}, "0"},
         {"TIMESTAMPDIFF", {"u:SQL_TSI_YEAR", "d:2024-02-29", "d:2025-03-01"}, "1"},
         {"TIMESTAMPDIFF", {"u:DAY", "NULL", "d:2025-03-01"}, "NULL"}});
}

TEST(SystemFunctions, NullsAndChoices) {
  check({{"IFNULL", {"NULL", "5"}, "5"},
         {"IFNULL", {"4", "5"}, "4"},
         {"IFNULL", {"'a'", "'b'"}, "a"},
         {"COALESCE", {"NULL", "NULL", "'c'"}, "c"},
         {"COALESCE", {"NULL", "1", "2.5"}, "1.0"},
         {"NULLIF", {"1", "1"}, "NULL"},
         {"NULLIF", {"1", "2"}, "1"},
         {"NULLIF", {"'a'", "'A'"}, "a"},
         {"NULLIF", {"NULL", "1"}, "NULL"},
         {"IFNULL", {"1", "'x'"}, "literals: !22018 folded: !22018 columns: !42000"}});
}

TEST(JsonFunctions, ReadInsideText) {
  const std::string doc =
      R"('{"a":{"b":[10,"x\"y",null,{"c":true}]},"odd name":"\u00e9","n":-1.5e3,"e\u0078":1}')";
  check({{"JSON_VALUE", {doc, "'$.a.b[0]'"}, "10"},
         {"JSON_VALUE", {doc, "'$.a.b[1]'"}, "x\"y"},
         {"JSON_VALUE", {doc, "'$.a.b[2]'"}, "NULL"},
         {"JSON_VALUE", {doc, "'$.a.b[3].c'"}, "true"},
         {"JSON_VALUE", {doc, "'$.a.b[#-4]'"}, "10"},
         {"JSON_VALUE", {doc, "'$.a.b[9]'"}, "NULL"},
         {"JSON_VALUE", {doc, "'$.a.b'"}, "NULL"},
         {"JSON_VALUE", {doc, "'$.\"odd name\"'"}, "\u00e9"},
         {"JSON_VALUE", {doc, "'$.n'"}, "-1.5e3"},
         {"JSON_VALUE", {doc, "'$.ex'"}, "1"},
         {"JSON_VALUE", {doc, "'$.missing.x'"}, "NULL"},
         {"JSON_VALUE", {"'{\"a\":'", "'$.a'"}, "NULL"},
         {"JSON_VALUE", {"'[1,2'", "'$[5]'"}, "NULL"},
         {"JSON_VALUE", {doc, "'a.b'"}, "!42000"},
         {"JSON_VALUE", {doc, "'$.a['"}, "!42000"},
         {"JSON_VALUE", {doc, "'$[x]'"}, "!42000"},
         {"JSON_VALUE", {"NULL", "'$.a'"}, "NULL"},
         {"json_extract", {doc, "'$.a.b[3]'"}, "{\"c\":true}"},
         {"json_extract", {"'[1, 2]'", "'$'"}, "[1, 2]"},
         {"json_extract", {"'oops'", "'$'"}, "!22018"},
         {"json_extract", {"'{\"k\":1}'", "'$.j'"}, "NULL"},
         {"json_valid", {doc}, "1"},
         {"json_valid", {"'{\"k\":01}'"}, "0"},
         {"json_valid", {"'[1] x'"}, "0"},
         {"json_valid", {"'[1,]'"}, "0"},
         {"json_valid", {"''"}, "0"},
         {"json_valid", {"'\"\\u12\"'"}, "0"},
         {"json_valid", {"NULL"}, "NULL"}});
  EXPECT_EQ(call("json_valid", {"'" + std::string(600, '[') + std::string(600, ']') + "'"}), "0");
}

TEST(Functions, UnknownNamesAndCounts) {
  BindContext context;
  EXPECT_EQ(call("LENGHT", {"'a'"}), "!42000");
  EXPECT_EQ(testing::message_of([&] {
              make_function(context, "lenght", testing::list(testing::literal("'a'")), {0, 2, 8});
            }),
            "there is no function LENGHT; did you mean LENGTH? at 2:8");
  EXPECT_EQ(testing::message_of([&] {
              make_function(context, "FROBNICATE", {}, {0, 1, 1});
            }),
            "there is no function FROBNICATE at 1:1");
  EXPECT_EQ(testing::message_of([&] {
              make_function(context, "LEFT", {}, {0, 1, 8});
            }),
            "LEFT takes 2 arguments, not 0 at 1:8");
  EXPECT_EQ(call("PI", {"1"}), "!42000");
  EXPECT_EQ(call("CONCAT", {"'a'"}), "!42000");
  EXPECT_EQ(call("$NUMBER", {"'1'"}), "!42000");
  EXPECT_TRUE(is_function_name("ucase"));
  EXPECT_TRUE(is_function_name("Coalesce"));
  EXPECT_FALSE(is_function_name("COUNT"));
}

// sql-dialect.md section 6, column "result".
TEST(Functions, ResultTypes) {
  const auto type = [](const std::string& name, const std::vector<std::string>& arguments) {
    return testing::type_of(
        [&](BindContext& context, std::vector<ExpressionPtr> nodes) {
          return make_function(context, name, std::move(nodes), {});
        },
        arguments);
  };
  EXPECT_EQ(type("ASCII", {"'a'"}), "INTEGER");
  EXPECT_EQ(type("CHAR", {"65"}), "WCHAR(1)");
  EXPECT_EQ(type("CONCAT", {"'abc'", "'de'"}), "WVARCHAR(5)");
  EXPECT_EQ(
      type("CONCAT", {"'" + std::string(3000, 'x') + "'", "'" + std::string(1001, 'x') + "'"}),
      "WLONGVARCHAR");
  EXPECT_EQ(type("LEFT", {"'abc'", "1"}), "WVARCHAR(3)");
  EXPECT_EQ(type("REPEAT", {"'abc'", "3"}), "WVARCHAR(9)");
  EXPECT_EQ(type("SOUNDEX", {"'abc'"}), "WCHAR(4)");
  EXPECT_EQ(type("ABS", {"1.5"}), "DECIMAL(2,1)");
  EXPECT_EQ(type("SIGN", {"1.5"}), "INTEGER");
  EXPECT_EQ(type("SQRT", {"4"}), "DOUBLE");
  EXPECT_EQ(type("CURDATE", {}), "DATE");
  EXPECT_EQ(type("NOW", {}), "TIMESTAMP");
  EXPECT_EQ(type("DAYNAME", {"d:2026-01-01"}), "WVARCHAR(9)");
  EXPECT_EQ(type("TIMESTAMPADD", {"u:DAY", "1", "d:2026-01-01"}), "DATE");
  EXPECT_EQ(type("TIMESTAMPADD", {"u:HOUR", "1", "d:2026-01-01"}), "TIMESTAMP");
  EXPECT_EQ(type("TIMESTAMPDIFF", {"u:DAY", "d:2026-01-01", "d:2026-01-01"}), "BIGINT");
  EXPECT_EQ(type("USER", {}), "WVARCHAR(128)");
  EXPECT_EQ(type("IFNULL", {"1", "2.5"}), "DECIMAL(11,1)");
  EXPECT_EQ(type("JSON_VALUE", {"'{}'", "'$'"}), "WVARCHAR(4000)");
  EXPECT_EQ(type("json_extract", {"'{}'", "'$'"}), "WLONGVARCHAR");
  EXPECT_EQ(type("json_valid", {"'{}'"}), "BIT");
}

}  // namespace
}  // namespace graphodbc::query
