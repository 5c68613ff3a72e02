// Reading and writing attributes of environments, connections and statements: one table each, with
// an attribute's width, what it accepts and where it lives.
#pragma once

#include <cstddef>
#include <string>

#include "driver/odbc.h"

namespace graphodbc::driver {

class Connection;
class Diagnostics;
class Environment;
class Statement;

// How wide the application's variable is (SQLSetStmtAttr, SQLSetConnectAttr: the attribute decides,
// never the length argument, pitfalls 3.4).
enum class AttributeWidth : unsigned char {
  kInteger,  // SQLUINTEGER
  kLen,      // SQLULEN
  kPointer,
  kText,
};

// What is read: a number or pointer, or text.
struct AttributeValue {
  AttributeWidth width = AttributeWidth::kInteger;
  SQLULEN number = 0;
  std::string text;
};

// What became of a value that was set.
struct Acceptance {
  enum class Kind : unsigned char {
    kAccepted,
    kSubstituted,  // 01S02, `value` is used
    kInvalid,      // HY024
    kUnsupported,  // HYC00
  } kind = Kind::kAccepted;
  SQLULEN value = 0;
};

// Each throws base::Error: HY092 unknown or read-only attribute, HY024 bad value, HYC00 what is
// not offered, HY011 or 24000 at the wrong time, 08002/08003. Changed values post 01S02.
void set_environment_attribute(Environment& environment, SQLINTEGER id, SQLULEN value);
AttributeValue get_environment_attribute(const Environment& environment, SQLINTEGER id);

bool is_text_connection_attribute(SQLINTEGER id);
void set_connection_attribute(Connection& connection, SQLINTEGER id, SQLULEN value);
void set_connection_text_attribute(Connection& connection, SQLINTEGER id, const std::string& text);
AttributeValue get_connection_attribute(const Connection& connection, SQLINTEGER id);

void set_statement_attribute(Statement& statement, SQLINTEGER id, SQLULEN value);
AttributeValue get_statement_attribute(Statement& statement, SQLINTEGER id);

// Statement options that ODBC 2 applications set on the connection. Null when `id` is none.
struct StatementAttributes;
bool set_statement_default(StatementAttributes& defaults, SQLINTEGER id, SQLULEN value,
                           Diagnostics& diagnostics);

// The entry of a table of attributes, or null.
template <typename Entry, std::size_t size>
const Entry* find_attribute(const Entry (&table)[size], SQLINTEGER id) {
  for (const Entry& entry : table) {
    if (entry.id == id) return &entry;
  }
  return nullptr;
}

// Reports 01S02, or throws HY024 or HYC00. Returns the value to keep.
SQLULEN settle(const Acceptance& acceptance, SQLINTEGER id, SQLULEN asked,
               Diagnostics& diagnostics);

}  // namespace graphodbc::driver
