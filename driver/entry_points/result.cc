// Describing results and reading rows.
#include <algorithm>

#include "driver/descriptors/descriptor_fields.h"
#include "driver/descriptors/type_facts.h"
#include "driver/entry_points/entry_point.h"

namespace graphodbc::driver {

namespace {

void require_result(Statement& statement) {
  statement.require(Operation::kDescribe);
  if (statement.ird().count() == 0) {
    throw base::Error("07005", "the statement has no result columns");
  }
}

template <typename Text>
SQLRETURN describe_column(SQLHSTMT handle, SQLUSMALLINT column, typename Text::Char* name,
                          SQLSMALLINT name_size, SQLSMALLINT* name_length, SQLSMALLINT* type,
                          SQLULEN* size, SQLSMALLINT* digits, SQLSMALLINT* nullable) {
  return with_handle<Statement>(handle, [&](Statement& statement) {
    require_result(statement);
    const DescriptorRecord* record =
        statement.ird().find(static_cast<SQLSMALLINT>(std::min<int>(column, 32767)));
    if (record == nullptr) {
      throw base::Error("07009", "column " + std::to_string(column) +
                                     " is not in the result, which has columns 1 to " +
                                     std::to_string(statement.ird().count()));
    }
    if (put_text<Text, Count::kCharacters>(record->name, name, name_size, name_length)) {
      warn_truncated(statement.diagnostics, "the column name");
    }
    put_number<SQLSMALLINT>(type, record->concise_type);
    put_number<SQLULEN>(size, record->column_size);
    put_number<SQLSMALLINT>(digits, std::max<SQLSMALLINT>(decimal_digits(record->info), 0));
    put_number<SQLSMALLINT>(nullable, record->nullable);
  });
}

template <typename Text>
SQLRETURN column_attribute_of(SQLHSTMT handle, SQLUSMALLINT column, SQLUSMALLINT id,
                              SQLPOINTER text, SQLSMALLINT text_size, SQLSMALLINT* text_length,
                              SQLLEN* number) {
  return with_handle<Statement>(handle, [&](Statement& statement) {
    require_result(statement);
    const FieldValue value = column_attribute(statement.ird(), column, id);
    if (value.width != FieldWidth::kText) return put_number<SQLLEN>(number, value.number);
    if (put_text<Text, Count::kBytes>(value.text, text, text_size, text_length)) {
      warn_truncated(statement.diagnostics, "the column attribute");
    }
  });
}

void require_position(SQLUSMALLINT operation, SQLUSMALLINT lock) {
  if (operation > SQL_ADD) {
    throw base::Error("HY092", "there is no SQLSetPos operation " + std::to_string(operation));
  }
  if (operation != SQL_POSITION || lock != SQL_LOCK_NO_CHANGE) {
    throw base::Error("HYC00", "rows can be positioned on, but not changed, refreshed or locked");
  }
}

}  // namespace

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLNumResultCols(SQLHSTMT handle, SQLSMALLINT* count) {
  return with_handle<Statement>(handle, [&](Statement& statement) {
    statement.require(Operation::kDescribe);
    put_number<SQLSMALLINT>(count, statement.ird().count());
  });
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLDescribeCol(SQLHSTMT handle, SQLUSMALLINT column,
                                                  SQLCHAR* name, SQLSMALLINT name_size,
                                                  SQLSMALLINT* name_length, SQLSMALLINT* type,
                                                  SQLULEN* size, SQLSMALLINT* digits,
                                                  SQLSMALLINT* nullable) {
  return describe_column<Narrow>(handle, column, name, name_size, name_length, type, size, digits,
                                 nullable);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLDescribeColW(SQLHSTMT handle, SQLUSMALLINT column,
                                                   SQLWCHAR* name, SQLSMALLINT name_size,
                                                   SQLSMALLINT* name_length, SQLSMALLINT* type,
                                                   SQLULEN* size, SQLSMALLINT* digits,
                                                   SQLSMALLINT* nullable) {
  return describe_column<Wide>(handle, column, name, name_size, name_length, type, size, digits,
                               nullable);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLColAttribute(SQLHSTMT handle, SQLUSMALLINT column,
                                                   SQLUSMALLINT id, SQLPOINTER text,
                                                   SQLSMALLINT text_size, SQLSMALLINT* text_length,
                                                   SQLLEN* number) {
  return column_attribute_of<Narrow>(handle, column, id, text, text_size, text_length, number);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLColAttributeW(SQLHSTMT handle, SQLUSMALLINT column,
                                                    SQLUSMALLINT id, SQLPOINTER text,
                                                    SQLSMALLINT text_size, SQLSMALLINT* text_length,
                                                    SQLLEN* number) {
  return column_attribute_of<Wide>(handle, column, id, text, text_size, text_length, number);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLFetch(SQLHSTMT handle) {
  return with_handle<Statement>(handle, [](Statement& statement) { return statement.fetch(); });
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLFetchScroll(SQLHSTMT handle, SQLSMALLINT orientation,
                                                  SQLLEN) {
  return with_handle<Statement>(handle, [&](Statement& statement) {
    if (orientation != SQL_FETCH_NEXT) {
      throw base::Error("HY106", "the cursor is forward-only: SQL_FETCH_NEXT alone is possible");
    }
    return statement.fetch();
  });
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLGetData(SQLHSTMT handle, SQLUSMALLINT column,
                                              SQLSMALLINT c_type, SQLPOINTER target,
                                              SQLLEN buffer_length, SQLLEN* length_or_indicator) {
  return with_handle<Statement>(handle, [&](Statement& statement) {
    return statement.get_data(column, c_type, target, buffer_length, length_or_indicator);
  });
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLSetPos(SQLHSTMT handle, SQLSETPOSIROW row,
                                             SQLUSMALLINT operation, SQLUSMALLINT lock) {
  return with_handle<Statement>(handle, [&](Statement& statement) {
    require_position(operation, lock);
    statement.set_position(row);
  });
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLBulkOperations(SQLHSTMT handle, SQLSMALLINT) {
  return with_handle<Statement>(handle, [](Statement&) {
    throw base::Error("HYC00", "rows cannot be changed through a cursor");
  });
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLRowCount(SQLHSTMT handle, SQLLEN* count) {
  return with_handle<Statement>(handle, [&](Statement& statement) {
    if (count == nullptr) throw base::Error("HY009", "the output of SQLRowCount is null");
    *count = statement.row_count();
  });
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLMoreResults(SQLHSTMT handle) {
  return with_handle<Statement>(handle,
                                [](Statement& statement) { return statement.more_results(); });
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLCloseCursor(SQLHSTMT handle) {
  return with_handle<Statement>(handle, [](Statement& statement) { statement.close_cursor(); });
}

}  // namespace graphodbc::driver
