#include "sqlparser/limits.h"

#include <gtest/gtest.h>
#include <pthread.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"
#include "sqlparser/parser.h"
#include "sqlparser/printer.h"

namespace graphodbc::sqlparser {
namespace {

std::string repeat(std::string_view text, std::size_t count) {
  std::string out;
  out.reserve(text.size() * count);
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

std::string list(std::string_view item, std::size_t count) {
  return std::string(item) + repeat(", " + std::string(item), count - 1);
}

// The message, or "" when the statement parses (and prints).
std::string message_of(const std::string& sql) {
  try {
    print(*parse_statement(sql));
    return "";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.state().code(), "42000");
    return error.message();
  }
}

std::string nested(std::string_view open, std::size_t count, std::string_view core,
                   std::string_view close) {
  return repeat(open, count) + std::string(core) + repeat(close, count);
}

TEST(Limit, Nesting) {
  EXPECT_EQ(message_of("SELECT " + nested("(", kMaxNesting, "1", ")")), "");
  EXPECT_EQ(message_of("SELECT " + nested("(", kMaxNesting + 1, "1", ")")),
            "too many nesting levels near '(' at 1:208: the limit is 200 nesting levels");
}

// Every way to nest is counted, so that a megabyte of it ends in a message (joins may meet the
// limit of tables first).
TEST(Limit, NestingOfEveryKindEndsInAMessage) {
  constexpr std::size_t kCount = 20'000;
  const std::string expected = ": the limit is ";
  for (const std::string& sql : {"SELECT " + repeat("(", 1'000'000),
                                 repeat("(", 1'000'000),
                                 "SELECT 1 FROM " + repeat("(", 1'000'000),
                                 "SELECT " + repeat("- ", 500'000) + "1",
                                 "SELECT " + repeat("NOT ", 250'000) + "1",
                                 "SELECT " + nested("f(", kCount, "1", ")"),
                                 "SELECT " + nested("a IN (", kCount, "1", ")"),
                                 "SELECT " + nested("CASE WHEN ", kCount, "1", " THEN 1 END"),
                                 "SELECT " + nested("CAST(", kCount, "1", " AS INTEGER)"),
                                 "SELECT " + nested("EXISTS (SELECT ", kCount, "1", ")"),
                                 "SELECT " + nested("(SELECT 1 UNION SELECT ", kCount, "1", ")"),
                                 "SELECT * FROM " + nested("(SELECT * FROM ", kCount, "t", ") x"),
                                 "SELECT * FROM " + nested("(t JOIN ", kCount, "t", " ON 1=1)"),
                                 "SELECT * FROM " + nested("{oj t JOIN ", kCount, "t", " ON 1=1}"),
                                 nested("WITH a AS (", kCount, "SELECT 1", ") SELECT 1"),
                                 "SELECT " + nested("a = ANY (SELECT ", kCount, "1", ")"),
                                 "SELECT " + nested("SUM(1) OVER (ORDER BY ", kCount, "1", ")"),
                                 "SELECT " + nested("SUM(1) FILTER (WHERE ", kCount, "1", ")"),
                                 "SELECT " + nested("1 OR 1 AND 1 = 1 + 1 * - (", 30'000, "1", ")"),
                                 "VALUES " + nested("((VALUES ", kCount, "(1)", "))")}) {
    EXPECT_NE(message_of(sql).find(expected), std::string::npos)
        << sql.substr(0, 60) << ": " << message_of(sql);
  }
}

TEST(Limit, EscapesNest32Deep) {
  EXPECT_EQ(message_of("SELECT " + nested("{fn UCASE(", kMaxEscapeNesting, "a", ")}")), "");
  EXPECT_NE(message_of("SELECT " + nested("{fn UCASE(", kMaxEscapeNesting + 1, "a", ")}"))
                .find("the limit is 32 nested escapes"),
            std::string::npos);
  EXPECT_EQ(message_of("SELECT " + list("{fn UCASE(a)}", 100)), "") << "side by side";
}

TEST(Limit, LongChainsOfOneLevelParse) {
  EXPECT_EQ(message_of("SELECT a FROM t WHERE " + repeat("Id = 'x' OR ", 10'000) + "Id = 'y'"), "");
  EXPECT_EQ(message_of("SELECT a FROM t WHERE " + repeat("Id = 'x' AND ", 10'000) + "1 = 1"), "");
  EXPECT_EQ(message_of("SELECT " + repeat("1+", 200'000) + "1"), "");
  EXPECT_EQ(message_of("SELECT " + repeat("a||", 100'000) + "b"), "");
  EXPECT_EQ(message_of(repeat("SELECT 1 UNION ", 20'000) + "SELECT 1"), "");
  EXPECT_EQ(message_of(repeat("SELECT 1 INTERSECT ", 20'000) + "SELECT 1"), "");
}

TEST(Limit, LogicalChainsStayFlat) {
  const StatementPtr statement =
      parse_statement("SELECT a FROM t WHERE " + repeat("Id = ? OR ", 999) + "Id = ?");
  EXPECT_EQ(count_parameters(*statement), 1000U);
  const auto& select =
      static_cast<const SelectBody&>(*static_cast<const SelectStatement&>(*statement).query->body);
  const auto* logical = as<LogicalExpr>(*select.where);
  ASSERT_NE(logical, nullptr);
  EXPECT_EQ(logical->operands.size(), 1000U);
}

TEST(Limit, StatementLength) {
  const std::string text = "SELECT '" + repeat("x", kMaxStatementBytes - 9) + "'";
  ASSERT_EQ(text.size(), kMaxStatementBytes);
  EXPECT_EQ(message_of(text), "");
  EXPECT_EQ(message_of(text + " "),
            "statement too long: 1048577 bytes; the limit is 1048576 bytes (1 MB) of statement "
            "text");
}

TEST(Limit, Parameters) {
  EXPECT_EQ(message_of("SELECT a FROM t WHERE a IN (" + list("?", kMaxParameters) + ")"), "");
  EXPECT_EQ(message_of("SELECT a FROM t WHERE a IN (" + list("?", kMaxParameters + 1) + ")"),
            "too many parameter markers near '?' at 1:3029: the limit is 1000 parameter markers");
}

TEST(Limit, SelectItems) {
  EXPECT_EQ(message_of("SELECT " + list("a", kMaxSelectItems)), "");
  EXPECT_EQ(message_of("SELECT " + list("a", kMaxSelectItems + 1)),
            "too many select items near 'a' at 1:1508: the limit is 500 select items");
}

TEST(Limit, TablesOfOneFromClause) {
  const std::string full = list("t", kMaxTables);
  EXPECT_EQ(message_of("SELECT 1 FROM " + full), "");
  EXPECT_NE(message_of("SELECT 1 FROM " + full + ", t").find("the limit is 64 tables"),
            std::string::npos);
  EXPECT_NE(message_of("SELECT 1 FROM t" + repeat(" CROSS JOIN t", 64)).find("64 tables"),
            std::string::npos);
  EXPECT_EQ(
      message_of("SELECT 1 FROM (SELECT 1 FROM " + full + ") x, (SELECT 2 FROM " + full + ") y, t"),
      "");
}

TEST(Limit, ListMembers) {
  EXPECT_EQ(message_of("SELECT a FROM t WHERE a IN (" + list("1", kMaxListMembers) + ")"), "");
  for (const std::string& sql :
       {"SELECT a FROM t WHERE a IN (" + list("1", kMaxListMembers + 1) + ")",
        "SELECT COALESCE(" + list("1", kMaxListMembers + 1) + ")",
        "VALUES " + list("(1)", kMaxListMembers + 1),
        "SELECT a FROM t ORDER BY " + list("1", kMaxListMembers + 1),
        "INSERT INTO t (" + list("a", kMaxListMembers + 1) + ") SELECT 1"}) {
    EXPECT_NE(message_of(sql).find("the limit is 16384 list members"), std::string::npos)
        << sql.substr(0, 40);
  }
}

// Threads of applications have small stacks; the deepest accepted statement must fit them.
TEST(Limit, TheDeepestStatementFitsASmallStack) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  constexpr std::size_t kStack = 4U << 20U;
#else
  constexpr std::size_t kStack = 1U << 20U;
#endif
  static const std::string sql =
      "SELECT " + nested("1 OR 1 AND NOT 1 = 1 + 1 * (", kMaxNesting / 2, "1", ")");
  static std::string result;
  pthread_attr_t attributes;
  ASSERT_EQ(pthread_attr_init(&attributes), 0);
  ASSERT_EQ(pthread_attr_setstacksize(&attributes, kStack), 0);
  pthread_t thread{};
  const auto body = [](void*) -> void* {
    result = message_of(sql);
    return nullptr;
  };
  ASSERT_EQ(pthread_create(&thread, &attributes, body, nullptr), 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
  EXPECT_EQ(result, "");
}

}  // namespace
}  // namespace graphodbc::sqlparser
