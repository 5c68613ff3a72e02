#include <string>

#include "base/error.h"
#include "driver/attributes/accept.h"
#include "driver/attributes/attribute.h"
#include "driver/handles/connection.h"

namespace graphodbc::driver {

namespace {

using A = ConnectionAttributes;

enum class When : unsigned char { kAlways, kBeforeConnect };

struct ValueAttribute {
  SQLINTEGER id;
  AttributeWidth width;
  SQLULEN ConnectionAttributes::*member;
  Acceptance (*accept)(SQLULEN);
  When when = When::kAlways;
};

constexpr AttributeWidth kInt = AttributeWidth::kInteger;

// Autocommit is taken both ways although there are no transactions (decisions.md 31): pyodbc turns
// it off right after connecting and gives up when that fails (pitfalls 3.3).
constexpr ValueAttribute kValues[] = {
    {SQL_ATTR_ACCESS_MODE, kInt, &A::access_mode, flag},
    {SQL_ATTR_AUTOCOMMIT, kInt, &A::autocommit, flag},
    {SQL_ATTR_LOGIN_TIMEOUT, kInt, &A::login_timeout, timeout},
    {SQL_ATTR_CONNECTION_TIMEOUT, kInt, &A::connection_timeout, timeout},
    {SQL_ATTR_PACKET_SIZE, kInt, &A::packet_size, any, When::kBeforeConnect},
    {SQL_ATTR_QUIET_MODE, AttributeWidth::kPointer, &A::quiet_mode, any},
    {SQL_ATTR_METADATA_ID, kInt, &A::metadata_id, flag},
    {SQL_ATTR_ANSI_APP, kInt, &A::ansi_app, flag, When::kBeforeConnect},
    {SQL_ATTR_DISCONNECT_BEHAVIOR, kInt, &A::disconnect_behavior, flag},
    {SQL_ATTR_ASYNC_ENABLE, AttributeWidth::kLen, &A::async_enable, off_only},
};

// Answers that never change.
struct FixedAttribute {
  SQLINTEGER id;
  SQLULEN value;
};
constexpr FixedAttribute kFixed[] = {
    {SQL_ATTR_AUTO_IPD, SQL_FALSE},
    {SQL_ATTR_ODBC_CURSORS, SQL_CUR_USE_DRIVER},
    {SQL_ATTR_TRACE, SQL_OPT_TRACE_OFF},
    {SQL_ATTR_ASYNC_DBC_FUNCTIONS_ENABLE, SQL_ASYNC_DBC_ENABLE_OFF},
    {SQL_ATTR_TXN_ISOLATION, 0},
    {SQL_ATTR_DRIVER_THREADING, 0},
};

base::Error unknown_attribute(SQLINTEGER id) {
  return base::Error("HY092", "there is no connection attribute " + std::to_string(id));
}

}  // namespace

bool is_text_connection_attribute(SQLINTEGER id) {
  return id == SQL_ATTR_CURRENT_CATALOG || id == SQL_ATTR_TRACEFILE || id == SQL_ATTR_TRANSLATE_LIB;
}

void set_connection_attribute(Connection& connection, SQLINTEGER id, SQLULEN value) {
  if (const ValueAttribute* attribute = find_attribute(kValues, id)) {
    if (attribute->when == When::kBeforeConnect && connection.connected()) {
      throw base::Error("HY011", "connection attribute " + std::to_string(id) +
                                     " can only be set before connecting");
    }
    // A 32-bit attribute in a pointer: its upper half may be anything.
    if (attribute->width == kInt) value = static_cast<SQLUINTEGER>(value);
    connection.attributes.*(attribute->member) =
        settle(attribute->accept(value), id, value, connection.diagnostics);
    if (id == SQL_ATTR_CONNECTION_TIMEOUT) connection.apply_connection_timeout();
    return;
  }
  switch (id) {
    case SQL_ATTR_RESET_CONNECTION:
      if (value != SQL_RESET_CONNECTION_YES) {
        throw base::Error("HY024", "SQL_ATTR_RESET_CONNECTION takes SQL_RESET_CONNECTION_YES only");
      }
      return connection.reset_attributes();
    case SQL_ATTR_ASYNC_DBC_FUNCTIONS_ENABLE:
      static_cast<void>(settle(off_only(value), id, value, connection.diagnostics));
      return;
    case SQL_ATTR_TXN_ISOLATION:
    case SQL_ATTR_ENLIST_IN_DTC:
    case SQL_ATTR_TRANSLATE_OPTION:
      throw base::Error("HYC00", "connection attribute " + std::to_string(id) +
                                     " is not supported: there are no transactions and no "
                                     "translation libraries");
    case SQL_ATTR_CONNECTION_DEAD:
    case SQL_ATTR_AUTO_IPD:
      throw base::Error("HY092",
                        "connection attribute " + std::to_string(id) + " can only be read");
    default:
      break;
  }
  // ODBC 2 applications set statement options on the connection for all statements to come.
  if (!set_statement_default(connection.attributes.statement_defaults, id, value,
                             connection.diagnostics)) {
    throw unknown_attribute(id);
  }
}

void set_connection_text_attribute(Connection& connection, SQLINTEGER id, const std::string& text) {
  if (id != SQL_ATTR_CURRENT_CATALOG) {
    throw base::Error("HYC00", "connection attribute " + std::to_string(id) + " is not supported");
  }
  // What was set before connecting may arrive in the wrong encoding (pitfalls 3.4), so nothing is
  // made of it.
  if (!connection.connected() || text.empty()) return;
  throw base::Error("HYC00", "there are no catalogs to choose from");
}

AttributeValue get_connection_attribute(const Connection& connection, SQLINTEGER id) {
  if (const ValueAttribute* attribute = find_attribute(kValues, id)) {
    return {attribute->width, connection.attributes.*(attribute->member), {}};
  }
  if (const FixedAttribute* fixed = find_attribute(kFixed, id)) return {kInt, fixed->value, {}};
  switch (id) {
    case SQL_ATTR_CONNECTION_DEAD:
      return {kInt, static_cast<SQLULEN>(connection.is_dead() ? SQL_CD_TRUE : SQL_CD_FALSE), {}};
    case SQL_ATTR_CURRENT_CATALOG:
      return {AttributeWidth::kText, 0, {}};
    case SQL_ATTR_TRANSLATE_LIB:
    case SQL_ATTR_TRANSLATE_OPTION:
    case SQL_ATTR_TRACEFILE:
    case SQL_ATTR_ENLIST_IN_DTC:
      throw base::Error("HYC00",
                        "connection attribute " + std::to_string(id) + " is not supported");
    default:
      throw unknown_attribute(id);
  }
}

}  // namespace graphodbc::driver
