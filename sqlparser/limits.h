// What one statement may hold (sql-dialect.md section 1). SQLGetInfo reports some of these.
#pragma once

#include <cstddef>
#include <cstdint>

namespace graphodbc::sqlparser {

inline constexpr std::size_t kMaxStatementBytes = 1'048'576;
// Brackets, subqueries, function calls, CASE, NOT and signs, one inside another.
inline constexpr std::uint32_t kMaxNesting = 200;
inline constexpr std::uint32_t kMaxEscapeNesting = 32;
inline constexpr std::size_t kMaxSelectItems = 500;
inline constexpr std::size_t kMaxTables = 64;  // of one FROM clause
inline constexpr std::uint32_t kMaxParameters = 1'000;
// Of IN lists, arguments, VALUES rows, GROUP BY, ORDER BY and the like.
inline constexpr std::size_t kMaxListMembers = 16'384;

}  // namespace graphodbc::sqlparser
