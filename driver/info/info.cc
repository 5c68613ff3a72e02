// Every answer is literally true of what this driver runs (decisions.md 3): generic tools send what
// is advertised. tests/e2e/advertised_test.cc runs a statement for every bit of the SQL masks.
#include "driver/info/info.h"

#include <algorithm>
#include <iterator>

#include "base/error.h"
#include "driver/handles/connection.h"
#include "driver/handles/environment.h"

namespace graphodbc::driver {

namespace {

using W = InfoWidth;

struct Entry {
  SQLUSMALLINT id;
  InfoWidth width;
  SQLULEN number = 0;
  const char* text = "";
  // Answers that depend on the connection.
  std::string (*text_of)(const Connection&) = nullptr;
  SQLULEN (*number_of)(const Connection&) = nullptr;
};

constexpr Entry text(SQLUSMALLINT id, const char* value) {
  return {id, W::kText, 0, value};
}
constexpr Entry text(SQLUSMALLINT id, std::string (*value)(const Connection&)) {
  return {id, W::kText, 0, "", value};
}
constexpr Entry small(SQLUSMALLINT id, SQLULEN value) {
  return {id, W::kSmallInt, value};
}
constexpr Entry mask(SQLUSMALLINT id, SQLULEN value) {
  return {id, W::kInteger, value};
}
constexpr Entry len(SQLUSMALLINT id, SQLULEN (*value)(const Connection&)) {
  return {id, W::kLen, 0, "", nullptr, value};
}

// What CAST turns each family into (query/expression/cast.cc).
constexpr SQLULEN kToText = SQL_CVT_CHAR | SQL_CVT_VARCHAR | SQL_CVT_LONGVARCHAR | SQL_CVT_WCHAR |
                            SQL_CVT_WVARCHAR | SQL_CVT_WLONGVARCHAR;
constexpr SQLULEN kToNumber = SQL_CVT_NUMERIC | SQL_CVT_DECIMAL | SQL_CVT_INTEGER |
                              SQL_CVT_SMALLINT | SQL_CVT_FLOAT | SQL_CVT_REAL | SQL_CVT_DOUBLE |
                              SQL_CVT_TINYINT | SQL_CVT_BIGINT | SQL_CVT_BIT;
constexpr SQLULEN kToBinary = SQL_CVT_BINARY | SQL_CVT_VARBINARY | SQL_CVT_LONGVARBINARY;
constexpr SQLULEN kFromNumber = kToText | kToNumber;
constexpr SQLULEN kFromDate = kToText | SQL_CVT_DATE | SQL_CVT_TIMESTAMP;
constexpr SQLULEN kFromTime = kToText | SQL_CVT_TIME | SQL_CVT_TIMESTAMP;
constexpr SQLULEN kFromTimestamp = kToText | SQL_CVT_DATE | SQL_CVT_TIME | SQL_CVT_TIMESTAMP;
constexpr SQLULEN kFromBinary = kToText | kToBinary | SQL_CVT_GUID;
constexpr SQLULEN kFromText =
    kToText | kToNumber | kToBinary | kFromTimestamp | static_cast<SQLULEN>(SQL_CVT_GUID);

constexpr SQLULEN kStringFunctions = 0x00FFFFFF;  // all of Appendix E
constexpr SQLULEN kNumericFunctions = 0x00FFFFFF;
constexpr SQLULEN kTimedateFunctions = 0x001FFFFF;
constexpr SQLULEN kSystemFunctions = SQL_FN_SYS_USERNAME | SQL_FN_SYS_DBNAME | SQL_FN_SYS_IFNULL;
constexpr SQLULEN kIntervals = 0x000001FF;
constexpr SQLULEN kPredicates = SQL_SP_EXISTS | SQL_SP_ISNOTNULL | SQL_SP_ISNULL | SQL_SP_LIKE |
                                SQL_SP_IN | SQL_SP_BETWEEN | SQL_SP_COMPARISON |
                                SQL_SP_QUANTIFIED_COMPARISON;
constexpr SQLULEN kJoins = SQL_SRJO_CROSS_JOIN | SQL_SRJO_FULL_OUTER_JOIN | SQL_SRJO_INNER_JOIN |
                           SQL_SRJO_LEFT_OUTER_JOIN | SQL_SRJO_NATURAL_JOIN |
                           SQL_SRJO_RIGHT_OUTER_JOIN;
constexpr SQLULEN kOuterJoins = SQL_OJ_LEFT | SQL_OJ_RIGHT | SQL_OJ_FULL | SQL_OJ_NESTED |
                                SQL_OJ_NOT_ORDERED | SQL_OJ_INNER | SQL_OJ_ALL_COMPARISON_OPS;
constexpr SQLULEN kSubqueries = SQL_SQ_COMPARISON | SQL_SQ_EXISTS | SQL_SQ_IN | SQL_SQ_QUANTIFIED |
                                SQL_SQ_CORRELATED_SUBQUERIES;
constexpr SQLULEN kAggregates =
    SQL_AF_AVG | SQL_AF_COUNT | SQL_AF_MAX | SQL_AF_MIN | SQL_AF_SUM | SQL_AF_DISTINCT | SQL_AF_ALL;
constexpr SQLULEN kStringValueFunctions = SQL_SSF_LOWER | SQL_SSF_UPPER | SQL_SSF_SUBSTRING |
                                          SQL_SSF_TRIM_BOTH | SQL_SSF_TRIM_LEADING |
                                          SQL_SSF_TRIM_TRAILING;
constexpr SQLULEN kNumericValueFunctions = 0x3F;
constexpr SQLULEN kDatetimeFunctions =
    SQL_SDF_CURRENT_DATE | SQL_SDF_CURRENT_TIME | SQL_SDF_CURRENT_TIMESTAMP;
constexpr SQLULEN kValueExpressions =
    SQL_SVE_CASE | SQL_SVE_CAST | SQL_SVE_COALESCE | SQL_SVE_NULLIF;
constexpr SQLULEN kDatetimeLiterals =
    SQL_DL_SQL92_DATE | SQL_DL_SQL92_TIME | SQL_DL_SQL92_TIMESTAMP;
constexpr SQLULEN kGetData = SQL_GD_ANY_COLUMN | SQL_GD_ANY_ORDER | SQL_GD_BLOCK | SQL_GD_BOUND;
constexpr SQLULEN kForwardOnly1 = SQL_CA1_NEXT | SQL_CA1_POS_POSITION;
constexpr SQLULEN kForwardOnly2 =
    SQL_CA2_READ_ONLY_CONCURRENCY | SQL_CA2_MAX_ROWS_SELECT | SQL_CA2_MAX_ROWS_CATALOG;

constexpr SQLULEN kNameLength = 128;
constexpr SQLULEN kStatementLength = 1048576;  // sqlparser's limit, in bytes
constexpr SQLULEN kSelectItems = 500;
constexpr SQLULEN kTables = 64;

constexpr Entry kEntries[] = {
    // Who is who.
    text(SQL_DRIVER_NAME, "libgraphodbc.so"),
    text(SQL_DRIVER_VER, GRAPHODBC_DRIVER_VERSION),
    text(SQL_DRIVER_ODBC_VER, "03.80"),
    text(SQL_ODBC_VER, "03.80"),
    text(SQL_DM_VER, ""),
    text(SQL_DBMS_NAME, "Microsoft Graph"),
    text(SQL_DBMS_VER, "01.00.0000"),
    text(SQL_DATABASE_NAME, ""),
    text(SQL_SERVER_NAME, [](const Connection& c) { return c.server_name(); }),
    text(SQL_DATA_SOURCE_NAME, [](const Connection& c) { return c.data_source_name(); }),
    text(SQL_USER_NAME, [](const Connection& c) { return c.user_name(); }),
    text(SQL_XOPEN_CLI_YEAR, "1995"),
    text(SQL_COLLATION_SEQ, "UTF-8"),
    len(SQL_DRIVER_HDBC, [](const Connection& c) { return reinterpret_cast<SQLULEN>(&c); }),
    len(SQL_DRIVER_HENV,
        [](const Connection& c) { return reinterpret_cast<SQLULEN>(&c.environment()); }),
    // The manager answers these three itself; without one there is nothing to tell.
    len(SQL_DRIVER_HSTMT, [](const Connection&) { return SQLULEN{0}; }),
    len(SQL_DRIVER_HLIB, [](const Connection&) { return SQLULEN{0}; }),
    len(SQL_DRIVER_HDESC, [](const Connection&) { return SQLULEN{0}; }),

    // Conformance.
    small(SQL_ODBC_API_CONFORMANCE, SQL_OAC_LEVEL1),
    small(SQL_ODBC_SAG_CLI_CONFORMANCE, SQL_OSCC_COMPLIANT),
    small(SQL_ODBC_SQL_CONFORMANCE, SQL_OSC_MINIMUM),
    mask(SQL_ODBC_INTERFACE_CONFORMANCE, SQL_OIC_CORE),
    mask(SQL_STANDARD_CLI_CONFORMANCE, SQL_SCC_XOPEN_CLI_VERSION1 | SQL_SCC_ISO92_CLI),
    {SQL_SQL_CONFORMANCE, W::kInteger, 0, "", nullptr,
     [](const Connection& c) { return SQLULEN{c.sql_conformance()}; }},

    // Names.
    text(SQL_IDENTIFIER_QUOTE_CHAR, "\""),
    text(SQL_SEARCH_PATTERN_ESCAPE, "\\"),
    text(SQL_LIKE_ESCAPE_CLAUSE, "Y"),
    text(SQL_SPECIAL_CHARACTERS, "$#@"),
    text(SQL_KEYWORDS, "LIMIT,OFFSET"),
    text(SQL_CATALOG_NAME, "N"),
    text(SQL_CATALOG_TERM, ""),
    text(SQL_CATALOG_NAME_SEPARATOR, ""),
    small(SQL_CATALOG_LOCATION, 0),
    mask(SQL_CATALOG_USAGE, 0),
    text(SQL_SCHEMA_TERM, "schema"),
    mask(SQL_SCHEMA_USAGE, SQL_SU_DML_STATEMENTS),
    text(SQL_TABLE_TERM, "table"),
    text(SQL_PROCEDURE_TERM, ""),
    text(SQL_COLUMN_ALIAS, "Y"),
    small(SQL_IDENTIFIER_CASE, SQL_IC_MIXED),
    small(SQL_QUOTED_IDENTIFIER_CASE, SQL_IC_MIXED),
    small(SQL_CORRELATION_NAME, SQL_CN_ANY),
    small(SQL_MAX_IDENTIFIER_LEN, kNameLength),
    small(SQL_MAX_COLUMN_NAME_LEN, kNameLength),
    small(SQL_MAX_TABLE_NAME_LEN, kNameLength),
    small(SQL_MAX_SCHEMA_NAME_LEN, kNameLength),
    small(SQL_MAX_CURSOR_NAME_LEN, kNameLength),
    small(SQL_MAX_CATALOG_NAME_LEN, 0),
    small(SQL_MAX_PROCEDURE_NAME_LEN, 0),
    small(SQL_MAX_USER_NAME_LEN, 0),

    // What may be read and written.
    text(SQL_ACCESSIBLE_TABLES, "N"),  // the token's scopes may forbid a listed table
    text(SQL_ACCESSIBLE_PROCEDURES, "N"),
    text(SQL_PROCEDURES, "N"),
    text(SQL_DATA_SOURCE_READ_ONLY, "Y"),
    text(SQL_INTEGRITY, "N"),
    text(SQL_ROW_UPDATES, "N"),
    text(SQL_NEED_LONG_DATA_LEN, "N"),
    text(SQL_MAX_ROW_SIZE_INCLUDES_LONG, "N"),
    text(SQL_MULT_RESULT_SETS, "N"),
    text(SQL_MULTIPLE_ACTIVE_TXN, "N"),
    text(SQL_DESCRIBE_PARAMETER, "Y"),
    small(SQL_NON_NULLABLE_COLUMNS, SQL_NNC_NULL),
    small(SQL_FILE_USAGE, SQL_FILE_NOT_SUPPORTED),

    // Queries.
    text(SQL_ORDER_BY_COLUMNS_IN_SELECT, "N"),
    text(SQL_EXPRESSIONS_IN_ORDERBY, "Y"),
    text(SQL_OUTER_JOINS, "Y"),
    mask(SQL_OJ_CAPABILITIES, kOuterJoins),
    small(SQL_GROUP_BY, SQL_GB_GROUP_BY_CONTAINS_SELECT),
    mask(SQL_UNION, SQL_U_UNION | SQL_U_UNION_ALL),
    mask(SQL_SUBQUERIES, kSubqueries),
    mask(SQL_AGGREGATE_FUNCTIONS, kAggregates),
    small(SQL_NULL_COLLATION, SQL_NC_LOW),
    small(SQL_CONCAT_NULL_BEHAVIOR, SQL_CB_NULL),
    mask(SQL_SQL92_PREDICATES, kPredicates),
    mask(SQL_SQL92_RELATIONAL_JOIN_OPERATORS, kJoins),
    mask(SQL_SQL92_VALUE_EXPRESSIONS, kValueExpressions),
    mask(SQL_SQL92_ROW_VALUE_CONSTRUCTOR, SQL_SRVC_VALUE_EXPRESSION | SQL_SRVC_NULL),
    mask(SQL_SQL92_STRING_FUNCTIONS, kStringValueFunctions),
    mask(SQL_SQL92_NUMERIC_VALUE_FUNCTIONS, kNumericValueFunctions),
    mask(SQL_SQL92_DATETIME_FUNCTIONS, kDatetimeFunctions),
    mask(SQL_DATETIME_LITERALS, kDatetimeLiterals),
    mask(SQL_STRING_FUNCTIONS, kStringFunctions),
    mask(SQL_NUMERIC_FUNCTIONS, kNumericFunctions),
    mask(SQL_TIMEDATE_FUNCTIONS, kTimedateFunctions),
    mask(SQL_SYSTEM_FUNCTIONS, kSystemFunctions),
    mask(SQL_TIMEDATE_ADD_INTERVALS, kIntervals),
    mask(SQL_TIMEDATE_DIFF_INTERVALS, kIntervals),
    mask(SQL_CONVERT_FUNCTIONS, SQL_FN_CVT_CONVERT | SQL_FN_CVT_CAST),
    mask(SQL_CONVERT_BIGINT, kFromNumber),
    mask(SQL_CONVERT_BINARY, kFromBinary),
    mask(SQL_CONVERT_BIT, kFromNumber),
    mask(SQL_CONVERT_CHAR, kFromText),
    mask(SQL_CONVERT_DATE, kFromDate),
    mask(SQL_CONVERT_DECIMAL, kFromNumber),
    mask(SQL_CONVERT_DOUBLE, kFromNumber),
    mask(SQL_CONVERT_FLOAT, kFromNumber),
    mask(SQL_CONVERT_GUID, kFromBinary),
    mask(SQL_CONVERT_INTEGER, kFromNumber),
    mask(SQL_CONVERT_INTERVAL_DAY_TIME, 0),
    mask(SQL_CONVERT_INTERVAL_YEAR_MONTH, 0),
    mask(SQL_CONVERT_LONGVARBINARY, kFromBinary),
    mask(SQL_CONVERT_LONGVARCHAR, kFromText),
    mask(SQL_CONVERT_NUMERIC, kFromNumber),
    mask(SQL_CONVERT_REAL, kFromNumber),
    mask(SQL_CONVERT_SMALLINT, kFromNumber),
    mask(SQL_CONVERT_TIME, kFromTime),
    mask(SQL_CONVERT_TIMESTAMP, kFromTimestamp),
    mask(SQL_CONVERT_TINYINT, kFromNumber),
    mask(SQL_CONVERT_VARBINARY, kFromBinary),
    mask(SQL_CONVERT_VARCHAR, kFromText),
    mask(SQL_CONVERT_WCHAR, kFromText),
    mask(SQL_CONVERT_WLONGVARCHAR, kFromText),
    mask(SQL_CONVERT_WVARCHAR, kFromText),

    // Limits; 0 is "none or unknown".
    small(SQL_MAX_DRIVER_CONNECTIONS, 0),
    small(SQL_MAX_CONCURRENT_ACTIVITIES, 0),
    small(SQL_ACTIVE_ENVIRONMENTS, 0),
    small(SQL_MAX_COLUMNS_IN_GROUP_BY, 0),
    small(SQL_MAX_COLUMNS_IN_INDEX, 0),
    small(SQL_MAX_COLUMNS_IN_ORDER_BY, 0),
    small(SQL_MAX_COLUMNS_IN_SELECT, kSelectItems),
    small(SQL_MAX_COLUMNS_IN_TABLE, 0),
    small(SQL_MAX_TABLES_IN_SELECT, kTables),
    mask(SQL_MAX_INDEX_SIZE, 0),
    mask(SQL_MAX_ROW_SIZE, 0),
    mask(SQL_MAX_STATEMENT_LEN, kStatementLength),
    mask(SQL_MAX_CHAR_LITERAL_LEN, 0),
    mask(SQL_MAX_BINARY_LITERAL_LEN, 0),
    mask(SQL_MAX_ASYNC_CONCURRENT_STATEMENTS, 0),

    // Cursors.
    mask(SQL_GETDATA_EXTENSIONS, kGetData),
    mask(SQL_FETCH_DIRECTION, SQL_FD_FETCH_NEXT),
    mask(SQL_SCROLL_OPTIONS, SQL_SO_FORWARD_ONLY),
    mask(SQL_SCROLL_CONCURRENCY, SQL_SCCO_READ_ONLY),
    mask(SQL_FORWARD_ONLY_CURSOR_ATTRIBUTES1, kForwardOnly1),
    mask(SQL_FORWARD_ONLY_CURSOR_ATTRIBUTES2, kForwardOnly2),
    mask(SQL_STATIC_CURSOR_ATTRIBUTES1, 0),
    mask(SQL_STATIC_CURSOR_ATTRIBUTES2, 0),
    mask(SQL_KEYSET_CURSOR_ATTRIBUTES1, 0),
    mask(SQL_KEYSET_CURSOR_ATTRIBUTES2, 0),
    mask(SQL_DYNAMIC_CURSOR_ATTRIBUTES1, 0),
    mask(SQL_DYNAMIC_CURSOR_ATTRIBUTES2, 0),
    mask(SQL_CURSOR_SENSITIVITY, SQL_UNSPECIFIED),
    mask(SQL_BOOKMARK_PERSISTENCE, 0),
    mask(SQL_POS_OPERATIONS, SQL_POS_POSITION),
    mask(SQL_POSITIONED_STATEMENTS, 0),
    mask(SQL_LOCK_TYPES, 0),
    mask(SQL_STATIC_SENSITIVITY, 0),
    small(SQL_CURSOR_COMMIT_BEHAVIOR, SQL_CB_PRESERVE),
    small(SQL_CURSOR_ROLLBACK_BEHAVIOR, SQL_CB_PRESERVE),
    mask(SQL_PARAM_ARRAY_ROW_COUNTS, SQL_PARC_NO_BATCH),
    mask(SQL_PARAM_ARRAY_SELECTS, SQL_PAS_NO_SELECT),
    mask(SQL_BATCH_SUPPORT, 0),
    mask(SQL_BATCH_ROW_COUNT, 0),

    // Transactions, asynchronous work, pooling.
    small(SQL_TXN_CAPABLE, SQL_TC_NONE),
    mask(SQL_TXN_ISOLATION_OPTION, 0),
    mask(SQL_DEFAULT_TXN_ISOLATION, 0),
    mask(SQL_ASYNC_MODE, SQL_AM_NONE),
    mask(SQL_ASYNC_DBC_FUNCTIONS, SQL_ASYNC_DBC_NOT_CAPABLE),
    mask(SQL_ASYNC_NOTIFICATION, SQL_ASYNC_NOTIFICATION_NOT_CAPABLE),
    mask(SQL_DRIVER_AWARE_POOLING_SUPPORTED, SQL_DRIVER_AWARE_POOLING_NOT_CAPABLE),
    mask(SQL_DTC_TRANSITION_COST, 0),

    // Definition and change of data: none.
    mask(SQL_ALTER_DOMAIN, 0),
    mask(SQL_ALTER_TABLE, 0),
    mask(SQL_CREATE_ASSERTION, 0),
    mask(SQL_CREATE_CHARACTER_SET, 0),
    mask(SQL_CREATE_COLLATION, 0),
    mask(SQL_CREATE_DOMAIN, 0),
    mask(SQL_CREATE_SCHEMA, 0),
    mask(SQL_CREATE_TABLE, 0),
    mask(SQL_CREATE_TRANSLATION, 0),
    mask(SQL_CREATE_VIEW, 0),
    mask(SQL_DROP_ASSERTION, 0),
    mask(SQL_DROP_CHARACTER_SET, 0),
    mask(SQL_DROP_COLLATION, 0),
    mask(SQL_DROP_DOMAIN, 0),
    mask(SQL_DROP_SCHEMA, 0),
    mask(SQL_DROP_TABLE, 0),
    mask(SQL_DROP_TRANSLATION, 0),
    mask(SQL_DROP_VIEW, 0),
    mask(SQL_DDL_INDEX, 0),
    mask(SQL_INDEX_KEYWORDS, SQL_IK_NONE),
    mask(SQL_INFO_SCHEMA_VIEWS, 0),
    mask(SQL_INSERT_STATEMENT, 0),
    mask(SQL_SQL92_FOREIGN_KEY_DELETE_RULE, 0),
    mask(SQL_SQL92_FOREIGN_KEY_UPDATE_RULE, 0),
    mask(SQL_SQL92_GRANT, 0),
    mask(SQL_SQL92_REVOKE, 0),

    // ODBC 4.0 types that Power BI asks of 3.8 drivers (sql-dialect.md section 7).
    mask(174, 0),
    mask(175, 0),
    mask(176, 0),
    mask(177, 0),
    mask(178, 0),
    mask(179, 0),
    mask(180, 0),
    mask(181, 0),
};

}  // namespace

InfoValue get_info(const Connection& connection, SQLUSMALLINT id) {
  const auto* entry = std::find_if(std::begin(kEntries), std::end(kEntries),
                                   [&](const Entry& known) { return known.id == id; });
  if (entry == std::end(kEntries)) {
    throw base::Error("HY096", "there is no information type " + std::to_string(id));
  }
  InfoValue value{entry->width, entry->number, entry->text};
  if (entry->text_of != nullptr) value.text = entry->text_of(connection);
  if (entry->number_of != nullptr) value.number = entry->number_of(connection);
  return value;
}

}  // namespace graphodbc::driver
