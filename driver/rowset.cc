#include "driver/rowset.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "driver/conversion/target.h"
#include "driver/descriptors/type_facts.h"

namespace graphodbc::driver {
namespace {

// Null stays null when `bytes` is 0.
template <typename T>
T* moved(T* pointer, SQLLEN bytes) {
  return reinterpret_cast<T*>(reinterpret_cast<char*>(pointer) + bytes);
}
template <typename T>
T* advance_bytes(T* pointer, SQLLEN bytes) {
  return pointer == nullptr ? nullptr : moved(pointer, bytes);
}
SQLPOINTER advance_bytes(SQLPOINTER pointer, SQLLEN bytes) {
  return pointer == nullptr ? nullptr : static_cast<char*>(pointer) + bytes;
}

ConvertResult put_cell(const base::Cell& cell, const Converter* converters,
                       const base::TypeInfo& type, const TargetBuffer& target) {
  if (converters == nullptr) return ConvertResult::kNotConvertible;
  if (cell.is_null()) return set_null(target);
  const Converter converter = converters[static_cast<std::size_t>(cell.kind)];
  return converter != nullptr ? converter(cell, type, target) : ConvertResult::kNotConvertible;
}

void post_outcome(ConvertResult outcome, std::size_t row, SQLUSMALLINT column,
                  const std::string& label, Diagnostics& diagnostics) {
  const auto note = note_of(outcome);
  if (!note) return;
  std::string text = "row ";
  text += std::to_string(row + 1);
  text += ", column ";
  text += std::to_string(column);
  text += " (";
  text += label;
  text += "): ";
  text += note->text;
  diagnostics.post(note->state, text, static_cast<SQLLEN>(row) + 1, column);
}

// Records per rowset that are worth their memory: a rowset of 100,000 cut texts should not make as
// many records. Errors count apart, so that warnings never crowd them out. Row statuses are
// complete in any case.
constexpr std::size_t kMostRecords = 1000;

}  // namespace

void RowsetWriter::choose_converters(const Descriptor& ard, const Descriptor& ird) {
  if (ard_version_ == ard.version() && ird_version_ == ird.version()) return;
  columns_.clear();
  const SQLSMALLINT count = std::min(ard.count(), ird.count());
  for (SQLSMALLINT number = 1; number <= count; ++number) {
    const DescriptorRecord* binding = ard.find(number);
    if (binding == nullptr || !binding->bound) continue;
    BoundColumn column;
    column.number = static_cast<SQLUSMALLINT>(number);
    column.binding = binding;
    column.column = ird.find(number);
    SQLSMALLINT c_type = modern_type(binding->concise_type);
    if (c_type == SQL_C_DEFAULT) c_type = default_c_type(column.column->concise_type);
    // A pair that never converts fails also where the cell is null.
    if (is_convertible(column.column->info.type, c_type)) {
      column.converters = converters_for(c_type);
    }
    column.target.c_type = c_type;
    column.target.buffer_length = binding->octet_length;
    column.target.precision = binding->precision;
    column.target.scale = binding->scale;
    const SQLLEN fixed = fixed_c_size(c_type);
    column.element_size = fixed > 0 ? fixed : binding->octet_length;
    columns_.push_back(column);
  }
  ard_version_ = ard.version();
  ird_version_ = ird.version();
}

SQLRETURN RowsetWriter::write(std::span<const RowSpan> rows, const Descriptor& ard,
                              const Descriptor& ird, SQLULEN max_length, Diagnostics& diagnostics) {
  std::size_t row_count = 0;
  for (const RowSpan& span : rows) row_count += span.count;
  if (ird.header.rows_processed_ptr != nullptr) {
    const SQLULEN fetched = row_count;
    std::memcpy(ird.header.rows_processed_ptr, &fetched, sizeof(fetched));
  }
  SQLUSMALLINT* statuses = ird.header.array_status_ptr;
  if (statuses != nullptr) {
    for (std::size_t i = 0; i < ard.header.array_size; ++i) {
      statuses[i] = i < row_count ? SQL_ROW_SUCCESS : SQL_ROW_NOROW;
    }
  }
  if (row_count == 0) return SQL_NO_DATA;

  choose_converters(ard, ird);
  const SQLLEN offset = ard.header.bind_offset_ptr != nullptr ? *ard.header.bind_offset_ptr : 0;
  const bool by_column = ard.header.bind_type == SQL_BIND_BY_COLUMN;
  const auto row_size = static_cast<SQLLEN>(ard.header.bind_type);
  bool noted = false;
  std::size_t records[2] = {0, 0};  // warnings, errors
  std::vector<bool> failed;         // made with the first failure
  const auto note = [&](ConvertResult outcome, std::size_t row, const BoundColumn& column) {
    noted = true;
    if (is_error(outcome)) {
      failed.resize(row_count);
      failed[row] = true;
    }
    if (statuses != nullptr && statuses[row] != SQL_ROW_ERROR) {
      statuses[row] = is_error(outcome) ? SQL_ROW_ERROR : SQL_ROW_SUCCESS_WITH_INFO;
    }
    if (records[is_error(outcome) ? 1 : 0]++ < kMostRecords) {
      post_outcome(outcome, row, column.number, column.column->label, diagnostics);
    }
  };
  // Column after column, so that one converter and one buffer stay in the cache.
  for (const BoundColumn& column : columns_) {
    TargetBuffer target = column.target;
    target.max_length = max_length;
    target.pointer = advance_bytes(column.binding->data_ptr, offset);
    target.octet_length_ptr = advance_bytes(column.binding->octet_length_ptr, offset);
    target.indicator_ptr = advance_bytes(column.binding->indicator_ptr, offset);
    // What is not bound stays null from row to row.
    const SQLLEN data_stride = target.pointer == nullptr ? 0
                               : by_column               ? column.element_size
                                                         : row_size;
    const SQLLEN length_stride = by_column ? static_cast<SQLLEN>(sizeof(SQLLEN)) : row_size;
    const SQLLEN octet_stride = target.octet_length_ptr == nullptr ? 0 : length_stride;
    const SQLLEN indicator_stride = target.indicator_ptr == nullptr ? 0 : length_stride;
    const base::TypeInfo& type = column.column->info;
    std::size_t row = 0;
    for (const RowSpan& span : rows) {
      const base::Cell* cell = span.first + (column.number - 1);
      for (std::size_t i = 0; i < span.count; ++i, ++row, cell += span.stride) {
        const ConvertResult outcome = put_cell(*cell, column.converters, type, target);
        if (outcome != ConvertResult::kOk) note(outcome, row, column);
        target.pointer = static_cast<char*>(target.pointer) + data_stride;
        target.octet_length_ptr = moved(target.octet_length_ptr, octet_stride);
        target.indicator_ptr = moved(target.indicator_ptr, indicator_stride);
      }
    }
  }
  if (!noted) return SQL_SUCCESS;
  const auto failures = static_cast<std::size_t>(std::count(failed.begin(), failed.end(), true));
  return failures == row_count ? SQL_ERROR : SQL_SUCCESS_WITH_INFO;
}

}  // namespace graphodbc::driver
