// SQLGetTypeInfo: every type that SQLColumns can name or CAST can make.
#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "base/error.h"
#include "driver/catalog/shape.h"
#include "driver/descriptors/type_facts.h"

namespace graphodbc::driver::catalog {
namespace {

using base::SqlType;

struct OfferedType {
  SqlType type;
  SQLINTEGER size;
  SQLSMALLINT minimum_scale;  // -1: no scale
  SQLSMALLINT maximum_scale;
};
// Sizes are the largest that a column can have.
constexpr OfferedType kOffered[] = {
    {SqlType::kGuid, 36, -1, -1},
    {SqlType::kWLongVarChar, static_cast<SQLINTEGER>(base::kLongSize), -1, -1},
    {SqlType::kWVarChar, static_cast<SQLINTEGER>(base::kMaxVarChar), -1, -1},
    {SqlType::kWChar, static_cast<SQLINTEGER>(base::kMaxVarChar), -1, -1},
    {SqlType::kBit, 1, -1, -1},
    {SqlType::kBigInt, 19, 0, 0},
    {SqlType::kLongVarBinary, static_cast<SQLINTEGER>(base::kLongSize), -1, -1},
    {SqlType::kVarBinary, static_cast<SQLINTEGER>(base::kMaxVarChar), -1, -1},
    {SqlType::kDecimal, 38, 0, 38},
    {SqlType::kInteger, 10, 0, 0},
    {SqlType::kSmallInt, 5, 0, 0},
    {SqlType::kReal, 7, -1, -1},
    {SqlType::kDouble, 15, -1, -1},
    {SqlType::kDate, 10, -1, -1},
    {SqlType::kTime, 16, 0, 7},
    {SqlType::kTimestamp, 27, 0, 7},
};
// Narrow names of the same text: clients ask for them by number (odbc-pitfalls.md 10.7), and CAST
// accepts them.
struct NarrowType {
  SQLSMALLINT number;
  const char* name;
  SqlType like;
};
constexpr NarrowType kNarrow[] = {
    {SQL_LONGVARCHAR, "LONGVARCHAR", SqlType::kWLongVarChar},
    {SQL_CHAR, "CHAR", SqlType::kWChar},
    {SQL_VARCHAR, "VARCHAR", SqlType::kWVarChar},
};

base::Value scale(SQLSMALLINT value) {
  return value < 0 ? null() : number(value);
}

Row type_row(const OfferedType& offered, const char* name, SQLSMALLINT type, SQLSMALLINT verbose) {
  const TypeFacts& facts = type_facts(offered.type);
  return {text(name),
          number(type),
          number(offered.size),
          text_or_null(facts.literal_prefix),
          text_or_null(facts.literal_suffix),
          text_or_null(facts.create_params),
          number(SQL_NULLABLE),
          number(facts.case_sensitive ? SQL_TRUE : SQL_FALSE),
          number(facts.searchable),
          facts.radix == 0 ? null() : number(facts.unsigned_attribute ? SQL_TRUE : SQL_FALSE),
          number(SQL_FALSE),
          facts.radix == 0 ? null() : number(SQL_FALSE),
          text(name),
          scale(offered.minimum_scale),
          scale(offered.maximum_scale),
          number(verbose),
          facts.datetime_code == 0 ? null() : number(facts.datetime_code),
          facts.radix == 0 ? null() : number(facts.radix),
          null()};
}

const OfferedType& offered_like(SqlType type) {
  return *std::find_if(std::begin(kOffered), std::end(kOffered),
                       [&](const OfferedType& offered) { return offered.type == type; });
}

bool is_known_type(SQLSMALLINT type) {
  return type == SQL_ALL_TYPES || (type >= SQL_GUID && type <= SQL_VARCHAR) ||
         (type >= SQL_TYPE_DATE && type <= SQL_TYPE_TIMESTAMP) ||
         (type >= SQL_INTERVAL_YEAR && type <= SQL_INTERVAL_MINUTE_TO_SECOND);
}

}  // namespace

// A type of ODBC that we lack has no rows (odbc-pitfalls.md 10.7). HY004 is for numbers that are
// neither ODBC's nor ours, as the page of SQLGetTypeInfo has it.
Result type_info(const Context& context, SQLSMALLINT data_type) {
  if (!is_known_type(data_type)) {
    throw base::Error("HY004", std::to_string(data_type) + " is no SQL data type");
  }
  struct Numbered {
    SQLSMALLINT number;
    Row row;
  };
  std::vector<Numbered> found;
  const SQLSMALLINT wanted = modern_type(data_type);
  for (const OfferedType& offered : kOffered) {
    const TypeFacts& facts = type_facts(offered.type);
    if (wanted != SQL_ALL_TYPES && wanted != static_cast<SQLSMALLINT>(offered.type)) continue;
    const SQLSMALLINT number = type_number(offered.type, context.odbc2);
    found.push_back({number, type_row(offered, facts.name.data(), number,
                                      context.odbc2 ? facts.odbc2 : facts.verbose)});
  }
  for (const NarrowType& narrow : kNarrow) {
    if (wanted != SQL_ALL_TYPES && wanted != narrow.number) continue;
    found.push_back({narrow.number, type_row(offered_like(narrow.like), narrow.name, narrow.number,
                                             narrow.number)});
  }
  std::stable_sort(found.begin(), found.end(), [](const Numbered& left, const Numbered& right) {
    return left.number < right.number;
  });
  std::vector<Row> rows;
  rows.reserve(found.size());
  for (Numbered& entry : found) rows.push_back(std::move(entry.row));
  return make_result(kTypeInfoShape, context, std::move(rows));
}

}  // namespace graphodbc::driver::catalog
