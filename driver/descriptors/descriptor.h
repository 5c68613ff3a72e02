// Descriptors: the one place where bindings and result columns are kept. SQLBindCol,
// SQLBindParameter and statement attributes write here; SQLDescribeCol, SQLColAttribute and the row
// writer read here. ODBC Programmer's Reference, "SQLSetDescField".
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

#include "base/sql_type.h"
#include "driver/handles/handle.h"
#include "driver/odbc.h"

namespace graphodbc::driver {

class Connection;

enum class DescriptorRole : std::uint8_t {
  kApplication,  // explicit, or an automatic ARD or APD
  kImplementationRow,
  kImplementationParameter,
};

struct DescriptorRecord {
  // Type as the application gave it (C type of ARD/APD, SQL type of IRD/IPD), always with the ODBC
  // 3 numbers. SQL_C_DEFAULT until something is set.
  SQLSMALLINT concise_type = SQL_C_DEFAULT;
  SQLSMALLINT type = SQL_C_DEFAULT;  // verbose: SQL_DATETIME for dates and times
  SQLSMALLINT datetime_interval_code = 0;
  SQLINTEGER datetime_interval_precision = 0;
  SQLULEN length = 0;       // characters
  SQLLEN octet_length = 0;  // bytes; the BufferLength of a binding
  SQLSMALLINT precision = 0;
  SQLSMALLINT scale = 0;
  SQLSMALLINT parameter_type = SQL_PARAM_INPUT;
  SQLSMALLINT nullable = SQL_NULLABLE_UNKNOWN;
  SQLSMALLINT unnamed = SQL_UNNAMED;

  // Bindings (deferred: read at fetch and execute time only).
  SQLPOINTER data_ptr = nullptr;
  SQLLEN* octet_length_ptr = nullptr;
  SQLLEN* indicator_ptr = nullptr;
  bool bound = false;  // by SQLBindCol/SQLBindParameter or a field that binds

  // Implementation descriptors only.
  std::string name;
  std::string label;
  std::string base_table;
  std::string base_column;
  base::TypeInfo info;
  SQLULEN column_size = 0;  // ODBC column size; UTF-8 worst case for ANSI applications
  SQLLEN display_size = 0;
  bool searchable = true;
  bool case_sensitive = true;
};

struct DescriptorHeader {
  SQLULEN array_size = 1;
  SQLUSMALLINT* array_status_ptr = nullptr;  // row/parameter operation or status array
  SQLLEN* bind_offset_ptr = nullptr;
  SQLULEN bind_type = SQL_BIND_BY_COLUMN;
  SQLULEN* rows_processed_ptr = nullptr;
};

class Descriptor : public Handle {
 public:
  // An automatic descriptor of a statement, or an explicit one (`explicitly_allocated`).
  Descriptor(Connection& connection, DescriptorRole role, bool explicitly_allocated);

  Connection& connection() const { return connection_; }
  DescriptorRole role() const { return role_; }
  bool explicitly_allocated() const { return explicit_; }
  bool is_implementation() const { return role_ != DescriptorRole::kApplication; }

  DescriptorHeader header;

  // Highest record number (SQL_DESC_COUNT); record 0 is the bookmark and not counted.
  SQLSMALLINT count() const { return static_cast<SQLSMALLINT>(records_.size()); }
  // 1-based. Null when beyond count().
  DescriptorRecord* find(SQLSMALLINT number);
  const DescriptorRecord* find(SQLSMALLINT number) const;
  // Makes records up to `number`, and changes version().
  DescriptorRecord& touch(SQLSMALLINT number);
  // Shrinks or grows; removing unbinds. Drops unbound records at the end on request.
  void set_count(SQLSMALLINT count);
  void trim();
  void clear();
  // As SQLCopyDesc: everything but how the descriptor was allocated.
  void copy_from(const Descriptor& other);

  // Unique over all descriptors and changed by every write that may move a binding, so that a
  // writer knows when to choose its converters anew.
  std::uint64_t version() const { return version_; }
  void changed();

 private:
  Connection& connection_;
  DescriptorRole role_;
  bool explicit_;
  std::deque<DescriptorRecord> records_;
  std::uint64_t version_ = 0;
};

// Sets concise, verbose and sub-code together; ODBC 2 date numbers become ODBC 3 ones. False when
// `concise` is no type known to ODBC.
bool set_concise_type(DescriptorRecord& record, SQLSMALLINT concise, bool is_c_type);

}  // namespace graphodbc::driver
