#include "driver/diagnostics/read.h"

#include "driver/handles/connection.h"
#include "driver/handles/statement.h"

namespace graphodbc::driver {

namespace {

const Connection* connection_of(Handle& handle) {
  switch (handle.kind()) {
    case HandleKind::kConnection:
      return static_cast<Connection*>(&handle);
    case HandleKind::kStatement:
      return &static_cast<Statement&>(handle).connection();
    case HandleKind::kDescriptor:
      return &static_cast<Descriptor&>(handle).connection();
    case HandleKind::kEnvironment:
      break;
  }
  return nullptr;
}

void set(DiagField& field, DiagField::Width width, SQLLEN number) {
  field.width = width;
  field.number = number;
}

void set(DiagField& field, std::string_view text) {
  field.width = DiagField::Width::kText;
  field.text = text;
}

SQLRETURN read_header_field(Handle& handle, const Diagnostics& diagnostics, SQLSMALLINT id,
                            DiagField& field) {
  using Width = DiagField::Width;
  const bool is_statement = handle.kind() == HandleKind::kStatement;
  switch (id) {
    case SQL_DIAG_NUMBER:
      set(field, Width::kInteger, static_cast<SQLLEN>(diagnostics.records().size()));
      return SQL_SUCCESS;
    case SQL_DIAG_RETURNCODE:
      set(field, Width::kSmallInt, diagnostics.return_code);
      return SQL_SUCCESS;
    default:
      break;
  }
  // The rest belongs to statements alone (SQLGetDiagField, "Header Fields").
  if (!is_statement) return SQL_ERROR;
  switch (id) {
    case SQL_DIAG_ROW_COUNT:
      set(field, Width::kLen, diagnostics.row_count);
      return SQL_SUCCESS;
    case SQL_DIAG_CURSOR_ROW_COUNT:
      set(field, Width::kLen, diagnostics.cursor_row_count);
      return SQL_SUCCESS;
    case SQL_DIAG_DYNAMIC_FUNCTION:
      set(field, diagnostics.is_select ? "SELECT CURSOR" : "");
      return SQL_SUCCESS;
    case SQL_DIAG_DYNAMIC_FUNCTION_CODE:
      set(field, Width::kInteger,
          diagnostics.is_select ? SQL_DIAG_SELECT_CURSOR : SQL_DIAG_UNKNOWN_STATEMENT);
      return SQL_SUCCESS;
    default:
      return SQL_ERROR;
  }
}

bool is_header_field(SQLSMALLINT id) {
  return id == SQL_DIAG_NUMBER || id == SQL_DIAG_RETURNCODE || id == SQL_DIAG_ROW_COUNT ||
         id == SQL_DIAG_CURSOR_ROW_COUNT || id == SQL_DIAG_DYNAMIC_FUNCTION ||
         id == SQL_DIAG_DYNAMIC_FUNCTION_CODE;
}

SQLRETURN read_record_field(Handle& handle, const DiagRecord& record, SQLSMALLINT id,
                            DiagField& field) {
  using Width = DiagField::Width;
  const Connection* connection = handle.from_parent_process() ? nullptr : connection_of(handle);
  switch (id) {
    case SQL_DIAG_SQLSTATE:
      set(field, record.state.code());
      return SQL_SUCCESS;
    case SQL_DIAG_NATIVE:
      set(field, Width::kInteger, record.native);
      return SQL_SUCCESS;
    case SQL_DIAG_MESSAGE_TEXT:
      set(field, record.message);
      return SQL_SUCCESS;
    case SQL_DIAG_CLASS_ORIGIN:
      set(field, class_origin(record.state));
      return SQL_SUCCESS;
    case SQL_DIAG_SUBCLASS_ORIGIN:
      set(field, subclass_origin(record.state));
      return SQL_SUCCESS;
    case SQL_DIAG_CONNECTION_NAME:
      set(field, "");
      return SQL_SUCCESS;
    case SQL_DIAG_SERVER_NAME:
      set(field, connection == nullptr ? std::string_view() : connection->data_source_name());
      return SQL_SUCCESS;
    case SQL_DIAG_ROW_NUMBER:
      if (handle.kind() != HandleKind::kStatement) return SQL_ERROR;
      set(field, Width::kLen, record.row);
      return SQL_SUCCESS;
    case SQL_DIAG_COLUMN_NUMBER:
      if (handle.kind() != HandleKind::kStatement) return SQL_ERROR;
      set(field, Width::kInteger, record.column);
      return SQL_SUCCESS;
    default:
      return SQL_ERROR;
  }
}

}  // namespace

const Diagnostics& diagnostics_of(Handle& handle) {
  if (!handle.from_parent_process()) return handle.diagnostics;
  static const Diagnostics* const kForked = [] {
    auto* diagnostics = new Diagnostics;  // leaked: entry points may run after static destructors
    diagnostics->post("08S01",
                      "the connection belongs to the parent process; a forked child has to "
                      "connect anew");
    diagnostics->return_code = SQL_ERROR;
    return diagnostics;
  }();
  return *kForked;
}

SQLRETURN read_diag_field(Handle& handle, SQLSMALLINT record, SQLSMALLINT id, DiagField& field) {
  const Diagnostics& diagnostics = diagnostics_of(handle);
  // Header fields ignore the record number (SQLGetDiagField, RecNumber).
  if (is_header_field(id)) return read_header_field(handle, diagnostics, id, field);
  if (record <= 0) return SQL_ERROR;
  const auto index = static_cast<std::size_t>(record) - 1;
  if (index >= diagnostics.records().size()) return SQL_NO_DATA;
  return read_record_field(handle, diagnostics.records()[index], id, field);
}

}  // namespace graphodbc::driver
