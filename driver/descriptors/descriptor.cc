#include "driver/descriptors/descriptor.h"

#include <algorithm>
#include <atomic>
#include <iterator>

#include "driver/descriptors/type_facts.h"

namespace graphodbc::driver {

namespace {

std::uint64_t next_version() {
  static std::atomic<std::uint64_t> version{0};
  return version.fetch_add(1, std::memory_order_relaxed) + 1;
}

// SQL types that SQLBindParameter and SQL_DESC_CONCISE_TYPE accept (Appendix D, "SQL Data Types").
constexpr SQLSMALLINT kSqlTypes[] = {
    SQL_CHAR,         SQL_VARCHAR,        SQL_LONGVARCHAR, SQL_WCHAR,         SQL_WVARCHAR,
    SQL_WLONGVARCHAR, SQL_DECIMAL,        SQL_NUMERIC,     SQL_SMALLINT,      SQL_INTEGER,
    SQL_REAL,         SQL_FLOAT,          SQL_DOUBLE,      SQL_BIT,           SQL_TINYINT,
    SQL_BIGINT,       SQL_BINARY,         SQL_VARBINARY,   SQL_LONGVARBINARY, SQL_TYPE_DATE,
    SQL_TYPE_TIME,    SQL_TYPE_TIMESTAMP, SQL_GUID};

bool is_interval(SQLSMALLINT type) {
  return type >= SQL_INTERVAL_YEAR && type <= SQL_INTERVAL_MINUTE_TO_SECOND;
}

bool is_known(SQLSMALLINT concise, bool is_c_type) {
  if (is_c_type) return concise == SQL_C_DEFAULT || fixed_c_size(concise) >= 0;
  return is_interval(concise) ||
         std::find(std::begin(kSqlTypes), std::end(kSqlTypes), concise) != std::end(kSqlTypes);
}

}  // namespace

Descriptor::Descriptor(Connection& connection, DescriptorRole role, bool explicitly_allocated)
    : Handle(HandleKind::kDescriptor),
      connection_(connection),
      role_(role),
      explicit_(explicitly_allocated) {
  changed();
}

DescriptorRecord* Descriptor::find(SQLSMALLINT number) {
  if (number < 1 || number > count()) return nullptr;
  return &records_[static_cast<std::size_t>(number) - 1];
}

const DescriptorRecord* Descriptor::find(SQLSMALLINT number) const {
  return const_cast<Descriptor*>(this)->find(number);
}

DescriptorRecord& Descriptor::touch(SQLSMALLINT number) {
  if (number > count()) records_.resize(static_cast<std::size_t>(number));
  changed();
  return *find(number);
}

void Descriptor::set_count(SQLSMALLINT count) {
  records_.resize(static_cast<std::size_t>(std::max<SQLSMALLINT>(count, 0)));
  changed();
}

void Descriptor::trim() {
  while (!records_.empty() && !records_.back().bound) records_.pop_back();
  changed();
}

void Descriptor::clear() {
  set_count(0);
}

void Descriptor::copy_from(const Descriptor& other) {
  header = other.header;
  records_ = other.records_;
  changed();
}

void Descriptor::changed() {
  version_ = next_version();
}

bool set_concise_type(DescriptorRecord& record, SQLSMALLINT concise, bool is_c_type) {
  concise = modern_type(concise);
  if (!is_known(concise, is_c_type)) return false;
  record.concise_type = concise;
  record.type = concise;
  record.datetime_interval_code = 0;
  // SQL and C numbers of dates, times and intervals are the same.
  if (concise == SQL_TYPE_DATE || concise == SQL_TYPE_TIME || concise == SQL_TYPE_TIMESTAMP) {
    record.type = SQL_DATETIME;
    record.datetime_interval_code = static_cast<SQLSMALLINT>(concise - SQL_TYPE_DATE + 1);
  } else if (is_interval(concise)) {
    record.type = SQL_INTERVAL;
    record.datetime_interval_code = static_cast<SQLSMALLINT>(concise - SQL_INTERVAL_YEAR + 1);
  }
  return true;
}

}  // namespace graphodbc::driver
