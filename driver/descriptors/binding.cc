#include "driver/descriptors/binding.h"

#include <algorithm>
#include <string>

#include "base/error.h"
#include "driver/descriptors/type_facts.h"

namespace graphodbc::driver {

namespace {

constexpr SQLSMALLINT kDefaultNumericPrecision = 38;
constexpr SQLUSMALLINT kMostRecords = 32767;

void set_c_type(DescriptorRecord& record, SQLSMALLINT c_type) {
  if (!set_concise_type(record, c_type, true)) {
    throw base::Error("HY003", std::to_string(c_type) + " is no C data type");
  }
  // SQLBindCol, SQLBindParameter: SQL_C_NUMERIC gets defaults that only descriptor fields change.
  record.precision =
      record.concise_type == SQL_C_NUMERIC ? kDefaultNumericPrecision : SQLSMALLINT{0};
  record.scale = 0;
}

}  // namespace

void bind_column(Descriptor& ard, const ColumnBinding& binding) {
  if (binding.column == 0) {
    throw base::Error("07009", "column 0 is the bookmark, and bookmarks are off");
  }
  if (binding.column > kMostRecords) throw base::Error("07009", "the column number is too large");
  if (binding.buffer_length < 0) {
    throw base::Error("HY090", "the buffer length of SQLBindCol is negative");
  }
  const auto number = static_cast<SQLSMALLINT>(binding.column);
  if (binding.target == nullptr && binding.length_or_indicator == nullptr) {
    if (ard.find(number) != nullptr) ard.touch(number) = DescriptorRecord{};
    return ard.trim();
  }
  DescriptorRecord fresh;
  set_c_type(fresh, binding.c_type);
  fresh.octet_length = binding.buffer_length;
  fresh.length = static_cast<SQLULEN>(binding.buffer_length);
  fresh.data_ptr = binding.target;
  fresh.octet_length_ptr = binding.length_or_indicator;
  fresh.indicator_ptr = binding.length_or_indicator;
  fresh.bound = true;
  ard.touch(number) = fresh;
}

void bind_parameter(Descriptor& apd, Descriptor& ipd, const ParameterBinding& binding) {
  if (binding.number == 0 || binding.number > kMostRecords) {
    throw base::Error("07009", "parameter numbers begin at 1");
  }
  if (binding.buffer_length < 0) {
    throw base::Error("HY090", "the buffer length of SQLBindParameter is negative");
  }
  switch (binding.direction) {
    case SQL_PARAM_INPUT:
      break;
    case SQL_PARAM_INPUT_OUTPUT:
    case SQL_PARAM_OUTPUT:
      throw base::Error("HYC00", "there are no procedures, so parameters are input only");
    default:
      throw base::Error("HY105", std::to_string(binding.direction) + " is no parameter type");
  }
  if (binding.value == nullptr && binding.length_or_indicator == nullptr) {
    throw base::Error("HY009", "the value and its length are both null pointers");
  }
  DescriptorRecord application;
  set_c_type(application, binding.c_type);
  application.octet_length = binding.buffer_length;
  application.data_ptr = binding.value;
  application.octet_length_ptr = binding.length_or_indicator;
  application.indicator_ptr = binding.length_or_indicator;
  application.bound = true;

  DescriptorRecord implementation;
  if (!set_concise_type(implementation, binding.sql_type, false)) {
    throw base::Error("HY004", std::to_string(binding.sql_type) + " is no SQL data type");
  }
  implementation.length = binding.column_size;
  implementation.column_size = binding.column_size;
  implementation.precision =
      static_cast<SQLSMALLINT>(std::min<SQLULEN>(binding.column_size, 32767));
  implementation.scale = binding.decimal_digits;
  implementation.parameter_type = binding.direction;
  implementation.nullable = SQL_NULLABLE;
  implementation.bound = true;

  const auto number = static_cast<SQLSMALLINT>(binding.number);
  apd.touch(number) = application;
  ipd.touch(number) = implementation;
}

void set_descriptor_record(Descriptor& descriptor, SQLSMALLINT number, const RecordFields& fields) {
  if (descriptor.role() == DescriptorRole::kImplementationRow) {
    throw base::Error("HY016", "the row descriptor of a result cannot be changed");
  }
  if (number < 1) {
    throw base::Error("07009", "descriptor record " + std::to_string(number) + " does not exist");
  }
  const bool is_c_type = descriptor.role() == DescriptorRole::kApplication;
  DescriptorRecord record;
  SQLSMALLINT concise = fields.type;
  if (fields.type == SQL_DATETIME) {
    concise = static_cast<SQLSMALLINT>(SQL_TYPE_DATE + fields.sub_type - 1);
  } else if (fields.type == SQL_INTERVAL) {
    concise = static_cast<SQLSMALLINT>(SQL_INTERVAL_YEAR + fields.sub_type - 1);
  }
  if (!set_concise_type(record, concise, is_c_type)) {
    throw base::Error("HY021", "the type and sub-type of the record do not go together");
  }
  record.octet_length = fields.length;
  record.length = static_cast<SQLULEN>(std::max<SQLLEN>(fields.length, 0));
  record.precision = fields.precision;
  record.scale = fields.scale;
  record.data_ptr = fields.data;
  record.octet_length_ptr = fields.octet_length;
  record.indicator_ptr = fields.indicator;
  record.bound = !is_c_type || fields.data != nullptr || fields.indicator != nullptr ||
                 fields.octet_length != nullptr;
  descriptor.touch(number) = record;
}

}  // namespace graphodbc::driver
