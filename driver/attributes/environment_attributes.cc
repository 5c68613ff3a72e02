#include <string>

#include "base/error.h"
#include "driver/attributes/attribute.h"
#include "driver/handles/environment.h"

namespace graphodbc::driver {

namespace {

base::Error bad_value(SQLINTEGER id, SQLULEN value) {
  return base::Error("HY024", "environment attribute " + std::to_string(id) + ": value " +
                                  std::to_string(value) + " is not valid");
}

base::Error unknown_attribute(SQLINTEGER id) {
  return base::Error("HY092", "there is no environment attribute " + std::to_string(id));
}

}  // namespace

void set_environment_attribute(Environment& environment, SQLINTEGER id, SQLULEN value) {
  const auto number = static_cast<SQLINTEGER>(value);
  switch (id) {
    case SQL_ATTR_ODBC_VERSION:
      if (number != SQL_OV_ODBC2 && number != SQL_OV_ODBC3 && number != SQL_OV_ODBC3_80) {
        throw bad_value(id, value);
      }
      if (environment.has_connections()) {
        throw base::Error("HY010", "the ODBC version cannot change once a connection exists");
      }
      environment.odbc_version = number;
      return;
    case SQL_ATTR_CONNECTION_POOLING:
      if (value > SQL_CP_ONE_PER_HENV) throw bad_value(id, value);
      environment.connection_pooling = number;
      return;
    case SQL_ATTR_CP_MATCH:
      if (value > SQL_CP_RELAXED_MATCH) throw bad_value(id, value);
      environment.pooling_match = number;
      return;
    case SQL_ATTR_OUTPUT_NTS:
      if (value == SQL_TRUE) return;
      if (value == SQL_FALSE) {
        throw base::Error("HYC00", "text is always returned with a terminator");
      }
      throw bad_value(id, value);
    default:
      throw unknown_attribute(id);
  }
}

AttributeValue get_environment_attribute(const Environment& environment, SQLINTEGER id) {
  const auto integer = [](SQLINTEGER value) {
    return AttributeValue{AttributeWidth::kInteger, static_cast<SQLULEN>(value), {}};
  };
  switch (id) {
    case SQL_ATTR_ODBC_VERSION:
      // Exactly what was asked for, or every connect warns (pitfalls 3.2).
      return integer(environment.odbc_version);
    case SQL_ATTR_CONNECTION_POOLING:
      return integer(environment.connection_pooling);
    case SQL_ATTR_CP_MATCH:
      return integer(environment.pooling_match);
    case SQL_ATTR_OUTPUT_NTS:
      return integer(SQL_TRUE);
    default:
      throw unknown_attribute(id);
  }
}

}  // namespace graphodbc::driver
