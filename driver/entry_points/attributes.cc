// Environment, connection and statement attributes.
#include "driver/attributes/attribute.h"
#include "driver/entry_points/entry_point.h"

namespace graphodbc::driver {

namespace {

SQLULEN number_of(SQLPOINTER value) {
  return reinterpret_cast<SQLULEN>(value);
}

template <typename Text>
void deliver_attribute(const AttributeValue& value, SQLPOINTER target, SQLINTEGER size,
                       SQLINTEGER* length, Diagnostics& diagnostics) {
  switch (value.width) {
    case AttributeWidth::kInteger:
      put_number<SQLUINTEGER>(target, value.number);
      return put_number<SQLINTEGER>(length, sizeof(SQLUINTEGER));
    case AttributeWidth::kLen:
    case AttributeWidth::kPointer:
      put_number<SQLULEN>(target, value.number);
      return put_number<SQLINTEGER>(length, sizeof(SQLULEN));
    case AttributeWidth::kText:
      if (put_text<Text, Count::kBytes>(value.text, target, size, length)) {
        warn_truncated(diagnostics, "the attribute's value");
      }
      return;
  }
}

template <typename Text>
SQLRETURN set_connection(SQLHDBC handle, SQLINTEGER id, SQLPOINTER value, SQLINTEGER length) {
  return with_handle<Connection>(handle, [&](Connection& connection) {
    if (!is_text_connection_attribute(id)) {
      return set_connection_attribute(connection, id, number_of(value));
    }
    // The length counts bytes, in both families.
    const SQLLEN units = length == SQL_NTS ? SQL_NTS : length / Text::kUnit;
    const auto text = Text::in(static_cast<const typename Text::Char*>(value), units);
    set_connection_text_attribute(connection, id, text.value_or(""));
  });
}

template <typename Text>
SQLRETURN get_connection(SQLHDBC handle, SQLINTEGER id, SQLPOINTER target, SQLINTEGER size,
                         SQLINTEGER* length) {
  return with_handle<Connection>(handle, [&](Connection& connection) {
    deliver_attribute<Text>(get_connection_attribute(connection, id), target, size, length,
                            connection.diagnostics);
  });
}

template <typename Text>
SQLRETURN get_statement(SQLHSTMT handle, SQLINTEGER id, SQLPOINTER target, SQLINTEGER size,
                        SQLINTEGER* length) {
  return with_handle<Statement>(handle, [&](Statement& statement) {
    deliver_attribute<Text>(get_statement_attribute(statement, id), target, size, length,
                            statement.diagnostics);
  });
}

SQLRETURN set_statement(SQLHSTMT handle, SQLINTEGER id, SQLPOINTER value) {
  return with_handle<Statement>(handle, [&](Statement& statement) {
    statement.require(Operation::kBind);
    set_statement_attribute(statement, id, number_of(value));
  });
}

}  // namespace

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLSetEnvAttr(SQLHENV handle, SQLINTEGER id, SQLPOINTER value,
                                                 SQLINTEGER) {
  return with_handle<Environment>(handle, [&](Environment& environment) {
    set_environment_attribute(environment, id, number_of(value));
  });
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLGetEnvAttr(SQLHENV handle, SQLINTEGER id, SQLPOINTER target,
                                                 SQLINTEGER size, SQLINTEGER* length) {
  return with_handle<Environment>(handle, [&](Environment& environment) {
    deliver_attribute<Narrow>(get_environment_attribute(environment, id), target, size, length,
                              environment.diagnostics);
  });
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLSetConnectAttr(SQLHDBC handle, SQLINTEGER id,
                                                     SQLPOINTER value, SQLINTEGER length) {
  return set_connection<Narrow>(handle, id, value, length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLSetConnectAttrW(SQLHDBC handle, SQLINTEGER id,
                                                      SQLPOINTER value, SQLINTEGER length) {
  return set_connection<Wide>(handle, id, value, length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLGetConnectAttr(SQLHDBC handle, SQLINTEGER id,
                                                     SQLPOINTER target, SQLINTEGER size,
                                                     SQLINTEGER* length) {
  return get_connection<Narrow>(handle, id, target, size, length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLGetConnectAttrW(SQLHDBC handle, SQLINTEGER id,
                                                      SQLPOINTER target, SQLINTEGER size,
                                                      SQLINTEGER* length) {
  return get_connection<Wide>(handle, id, target, size, length);
}

// No statement attribute is text, so both families are one.
GRAPHODBC_EXPORT SQLRETURN SQL_API SQLSetStmtAttr(SQLHSTMT handle, SQLINTEGER id, SQLPOINTER value,
                                                  SQLINTEGER) {
  return set_statement(handle, id, value);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLSetStmtAttrW(SQLHSTMT handle, SQLINTEGER id, SQLPOINTER value,
                                                   SQLINTEGER) {
  return set_statement(handle, id, value);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLGetStmtAttr(SQLHSTMT handle, SQLINTEGER id, SQLPOINTER target,
                                                  SQLINTEGER size, SQLINTEGER* length) {
  return get_statement<Narrow>(handle, id, target, size, length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLGetStmtAttrW(SQLHSTMT handle, SQLINTEGER id,
                                                   SQLPOINTER target, SQLINTEGER size,
                                                   SQLINTEGER* length) {
  return get_statement<Wide>(handle, id, target, size, length);
}

}  // namespace graphodbc::driver
