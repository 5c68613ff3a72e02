// Binding, and the descriptor functions over the same records.
#include <mutex>

#include "driver/descriptors/binding.h"
#include "driver/descriptors/descriptor_fields.h"
#include "driver/entry_points/entry_point.h"

namespace graphodbc::driver {

namespace {

template <typename Text>
SQLRETURN set_field(SQLHDESC handle, SQLSMALLINT record, SQLSMALLINT id, SQLPOINTER value,
                    SQLINTEGER length) {
  return with_handle<Descriptor>(handle, [&](Descriptor& descriptor) {
    if (id != SQL_DESC_NAME) {
      return set_descriptor_field(descriptor, record, id, reinterpret_cast<SQLLEN>(value));
    }
    // The length counts bytes, in both families.
    const SQLLEN units = length == SQL_NTS ? SQL_NTS : length / Text::kUnit;
    const auto name = Text::in(static_cast<const typename Text::Char*>(value), units);
    set_descriptor_name(descriptor, record, name.value_or(""));
  });
}

template <typename Text>
SQLRETURN get_field(SQLHDESC handle, SQLSMALLINT record, SQLSMALLINT id, SQLPOINTER target,
                    SQLINTEGER size, SQLINTEGER* length) {
  return with_handle<Descriptor>(handle, [&](Descriptor& descriptor) -> SQLRETURN {
    FieldValue value;
    const SQLRETURN result = get_descriptor_field(descriptor, record, id, value);
    if (result != SQL_SUCCESS) return result;
    switch (value.width) {
      case FieldWidth::kSmallInt:
        put_number<SQLSMALLINT>(target, value.number);
        break;
      case FieldWidth::kInteger:
        put_number<SQLINTEGER>(target, value.number);
        break;
      case FieldWidth::kLen:
      case FieldWidth::kPointer:
        put_number<SQLLEN>(target, value.number);
        break;
      case FieldWidth::kText:
        if (put_text<Text, Count::kBytes>(value.text, target, size, length)) {
          warn_truncated(descriptor.diagnostics, "the descriptor field");
        }
        break;
    }
    return SQL_SUCCESS;
  });
}

template <typename Text>
SQLRETURN get_record(SQLHDESC handle, SQLSMALLINT number, typename Text::Char* name,
                     SQLSMALLINT name_size, SQLSMALLINT* name_length, SQLSMALLINT* type,
                     SQLSMALLINT* sub_type, SQLLEN* length, SQLSMALLINT* precision,
                     SQLSMALLINT* scale, SQLSMALLINT* nullable) {
  return with_handle<Descriptor>(handle, [&](Descriptor& descriptor) -> SQLRETURN {
    FieldValue checked;  // for the checks on number and state
    const SQLRETURN result = get_descriptor_field(descriptor, number, SQL_DESC_TYPE, checked);
    if (result != SQL_SUCCESS) return result;
    const DescriptorRecord& record = *descriptor.find(number);
    if (put_text<Text, Count::kCharacters>(record.name, name, name_size, name_length)) {
      warn_truncated(descriptor.diagnostics, "the column name");
    }
    put_number<SQLSMALLINT>(type, record.type);
    put_number<SQLSMALLINT>(sub_type, record.datetime_interval_code);
    put_number<SQLLEN>(length, record.octet_length);
    put_number<SQLSMALLINT>(precision, record.precision);
    put_number<SQLSMALLINT>(scale, record.scale);
    put_number<SQLSMALLINT>(nullable, record.nullable);
    return SQL_SUCCESS;
  });
}

SQLRETURN copy_descriptor(SQLHDESC source_handle, SQLHDESC target_handle) {
  auto* source = resolve<Descriptor>(source_handle);
  auto* target = resolve<Descriptor>(target_handle);
  if (source == nullptr || target == nullptr) return SQL_INVALID_HANDLE;
  if (source->from_parent_process() || target->from_parent_process()) return SQL_ERROR;
  std::unique_lock<std::mutex> source_lock(source->mutex, std::defer_lock);
  std::unique_lock<std::mutex> target_lock(target->mutex, std::defer_lock);
  if (source == target) {
    target_lock.lock();
  } else {
    std::lock(source_lock, target_lock);
  }
  target->diagnostics.clear();
  return guarded(target->diagnostics, [&] {
    if (target->role() == DescriptorRole::kImplementationRow) {
      throw base::Error("HY016", "the row descriptor of a result cannot be changed");
    }
    if (source->role() == DescriptorRole::kImplementationRow && source->count() == 0) {
      throw base::Error("HY007", "the statement has no result to describe yet");
    }
    if (source != target) target->copy_from(*source);
  });
}

}  // namespace

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLBindCol(SQLHSTMT handle, SQLUSMALLINT column,
                                              SQLSMALLINT c_type, SQLPOINTER target,
                                              SQLLEN buffer_length, SQLLEN* length_or_indicator) {
  return with_handle<Statement>(handle, [&](Statement& statement) {
    statement.require(Operation::kBind);
    std::lock_guard<std::mutex> lock(statement.ard().mutex);
    bind_column(statement.ard(), {column, c_type, target, buffer_length, length_or_indicator});
  });
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLBindParameter(SQLHSTMT handle, SQLUSMALLINT number,
                                                    SQLSMALLINT direction, SQLSMALLINT c_type,
                                                    SQLSMALLINT sql_type, SQLULEN column_size,
                                                    SQLSMALLINT decimal_digits, SQLPOINTER value,
                                                    SQLLEN buffer_length,
                                                    SQLLEN* length_or_indicator) {
  return with_handle<Statement>(handle, [&](Statement& statement) {
    statement.require(Operation::kBind);
    std::scoped_lock lock(statement.apd().mutex, statement.ipd().mutex);
    bind_parameter(statement.apd(), statement.ipd(),
                   {number, direction, c_type, sql_type, column_size, decimal_digits, value,
                    buffer_length, length_or_indicator});
  });
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLSetDescField(SQLHDESC handle, SQLSMALLINT record,
                                                   SQLSMALLINT id, SQLPOINTER value,
                                                   SQLINTEGER length) {
  return set_field<Narrow>(handle, record, id, value, length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLSetDescFieldW(SQLHDESC handle, SQLSMALLINT record,
                                                    SQLSMALLINT id, SQLPOINTER value,
                                                    SQLINTEGER length) {
  return set_field<Wide>(handle, record, id, value, length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLGetDescField(SQLHDESC handle, SQLSMALLINT record,
                                                   SQLSMALLINT id, SQLPOINTER target,
                                                   SQLINTEGER size, SQLINTEGER* length) {
  return get_field<Narrow>(handle, record, id, target, size, length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLGetDescFieldW(SQLHDESC handle, SQLSMALLINT record,
                                                    SQLSMALLINT id, SQLPOINTER target,
                                                    SQLINTEGER size, SQLINTEGER* length) {
  return get_field<Wide>(handle, record, id, target, size, length);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLGetDescRec(SQLHDESC handle, SQLSMALLINT number, SQLCHAR* name,
                                                 SQLSMALLINT name_size, SQLSMALLINT* name_length,
                                                 SQLSMALLINT* type, SQLSMALLINT* sub_type,
                                                 SQLLEN* length, SQLSMALLINT* precision,
                                                 SQLSMALLINT* scale, SQLSMALLINT* nullable) {
  return get_record<Narrow>(handle, number, name, name_size, name_length, type, sub_type, length,
                            precision, scale, nullable);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLGetDescRecW(SQLHDESC handle, SQLSMALLINT number,
                                                  SQLWCHAR* name, SQLSMALLINT name_size,
                                                  SQLSMALLINT* name_length, SQLSMALLINT* type,
                                                  SQLSMALLINT* sub_type, SQLLEN* length,
                                                  SQLSMALLINT* precision, SQLSMALLINT* scale,
                                                  SQLSMALLINT* nullable) {
  return get_record<Wide>(handle, number, name, name_size, name_length, type, sub_type, length,
                          precision, scale, nullable);
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLSetDescRec(SQLHDESC handle, SQLSMALLINT number,
                                                 SQLSMALLINT type, SQLSMALLINT sub_type,
                                                 SQLLEN length, SQLSMALLINT precision,
                                                 SQLSMALLINT scale, SQLPOINTER data,
                                                 SQLLEN* octet_length, SQLLEN* indicator) {
  return with_handle<Descriptor>(handle, [&](Descriptor& descriptor) {
    set_descriptor_record(
        descriptor, number,
        {type, sub_type, length, precision, scale, data, octet_length, indicator});
  });
}

GRAPHODBC_EXPORT SQLRETURN SQL_API SQLCopyDesc(SQLHDESC source, SQLHDESC target) {
  return copy_descriptor(source, target);
}

}  // namespace graphodbc::driver
