// SQLGetDiagRec and SQLGetDiagField: they read, and leave no trace.
#include "driver/diagnostics/read.h"
#include "driver/entry_points/entry_point.h"

namespace graphodbc::driver {

namespace {

template <typename Text>
SQLRETURN diagnostic_record(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT number,
                            typename Text::Char* state, SQLINTEGER* native,
                            typename Text::Char* message, SQLSMALLINT size, SQLSMALLINT* length) {
  return with_diagnostics(type, handle, [&](Handle& h) -> SQLRETURN {
    if (number <= 0 || size < 0) return SQL_ERROR;
    const auto& records = diagnostics_of(h).records();
    const auto index = static_cast<std::size_t>(number) - 1;
    if (index >= records.size()) return SQL_NO_DATA;
    const DiagRecord& record = records[index];
    constexpr SQLLEN kStateSize = 6;
    if (state != nullptr) Text::copy(record.state.code(), state, kStateSize);
    if (native != nullptr) *native = record.native;
    const bool cut = put_text<Text, Count::kCharacters>(record.message, message, size, length);
    return cut ? SQL_SUCCESS_WITH_INFO : SQL_SUCCESS;
  });
}

template <typename Text>
SQLRETURN diagnostic_field(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT number, SQLSMALLINT id,
                           SQLPOINTER target, SQLSMALLINT size, SQLSMALLINT* length) {
  return with_diagnostics(type, handle, [&](Handle& h) -> SQLRETURN {
    DiagField field;
    const SQLRETURN result = read_diag_field(h, number, id, field);
    if (result != SQL_SUCCESS) return result;
    switch (field.width) {
      case DiagField::Width::kText: {
        if (target != nullptr && size < 0) return SQL_ERROR;
        const bool cut = put_text<Text, Count::kBytes>(field.text, target, size, length);
        return cut ? SQL_SUCCESS_WITH_INFO : SQL_SUCCESS;
      }
      case DiagField::Width::kSmallInt:
        put_number<SQLSMALLINT>(target, field.number);
        break;
      case DiagField::Width::kInteger:
        put_number<SQLINTEGER>(target, field.number);
        break;
      case DiagField::Width::kLen:
        put_number<SQLLEN>(target, field.number);
        break;
    }
    return SQL_SUCCESS;
  });
}

}  // namespace

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLGetDiagRec(SQLSMALLINT type, SQLHANDLE handle,
                                                 SQLSMALLINT number, SQLCHAR* state,
                                                 SQLINTEGER* native, SQLCHAR* message,
                                                 SQLSMALLINT size, SQLSMALLINT* length) {
  return diagnostic_record<Narrow>(type, handle, number, state, native, message, size, length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLGetDiagRecW(SQLSMALLINT type, SQLHANDLE handle,
                                                  SQLSMALLINT number, SQLWCHAR* state,
                                                  SQLINTEGER* native, SQLWCHAR* message,
                                                  SQLSMALLINT size, SQLSMALLINT* length) {
  return diagnostic_record<Wide>(type, handle, number, state, native, message, size, length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLGetDiagField(SQLSMALLINT type, SQLHANDLE handle,
                                                   SQLSMALLINT number, SQLSMALLINT id,
                                                   SQLPOINTER target, SQLSMALLINT size,
                                                   SQLSMALLINT* length) {
  return diagnostic_field<Narrow>(type, handle, number, id, target, size, length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLGetDiagFieldW(SQLSMALLINT type, SQLHANDLE handle,
                                                    SQLSMALLINT number, SQLSMALLINT id,
                                                    SQLPOINTER target, SQLSMALLINT size,
                                                    SQLSMALLINT* length) {
  return diagnostic_field<Wide>(type, handle, number, id, target, size, length);
}

}  // namespace graphodbc::driver
