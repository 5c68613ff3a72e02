// Statement: values of bound parameters, at once or by SQLPutData.
#include <cstring>
#include <string>
#include <utility>

#include "driver/descriptors/type_facts.h"
#include "driver/handles/connection.h"
#include "driver/handles/statement.h"

namespace graphodbc::driver {

namespace {

bool is_at_execution(SQLLEN indicator) {
  return indicator == SQL_DATA_AT_EXEC || indicator <= SQL_LEN_DATA_AT_EXEC_OFFSET;
}

template <typename T>
T* moved(T* pointer, SQLLEN offset) {
  if (pointer == nullptr) return nullptr;
  return reinterpret_cast<T*>(reinterpret_cast<char*>(pointer) + offset);
}

std::size_t terminated_length(const void* data, SQLSMALLINT c_type) {
  if (c_type != SQL_C_WCHAR) return std::strlen(static_cast<const char*>(data));
  const auto* units = static_cast<const SQLWCHAR*>(data);
  std::size_t count = 0;
  while (units[count] != 0) ++count;
  return count * sizeof(SQLWCHAR);
}

}  // namespace

// Addresses of the first (and only) parameter set: pointer plus the offset read now
// ("Rebinding with Offsets").
ParameterBuffer Statement::parameter_buffer(SQLUSMALLINT number) const {
  const DescriptorRecord& bound = *apd_->find(static_cast<SQLSMALLINT>(number));
  const DescriptorRecord* described = ipd_.find(static_cast<SQLSMALLINT>(number));
  const SQLLEN offset = apd_->header.bind_offset_ptr ? *apd_->header.bind_offset_ptr : 0;
  ParameterBuffer buffer;
  buffer.c_type = bound.concise_type;
  if (described != nullptr && described->concise_type != SQL_C_DEFAULT) {
    buffer.sql_type = described->concise_type;
    buffer.column_size = described->length;
    buffer.decimal_digits = described->scale;
  }
  if (buffer.c_type == SQL_C_DEFAULT) buffer.c_type = default_c_type(buffer.sql_type);
  buffer.precision = bound.precision;
  buffer.scale = bound.scale;
  buffer.buffer_length = bound.octet_length;
  buffer.pointer = moved(static_cast<char*>(bound.data_ptr), offset);
  const SQLLEN* indicator = moved(bound.indicator_ptr, offset);
  const SQLLEN* length = moved(bound.octet_length_ptr, offset);
  if (indicator != nullptr && *indicator == SQL_NULL_DATA) {
    buffer.length = SQL_NULL_DATA;
  } else if (length != nullptr) {
    buffer.length = *length;
  } else {
    buffer.length = SQL_NTS;
  }
  return buffer;
}

void Statement::collect_parameters() {
  const std::size_t needed = query_->parameters().size();
  std::lock_guard<std::mutex> apd_lock(apd_->mutex);
  std::lock_guard<std::mutex> ipd_lock(ipd_.mutex);
  values_.clear();
  pending_.clear();
  next_pending_ = 0;
  if (needed == 0) return;
  if (apd_->header.array_size > 1) {
    // SQL_PARAM_ARRAY_SELECTS is SQL_PAS_NO_SELECT.
    throw base::Error("HYC00",
                      "a query cannot be run with an array of parameters; set "
                      "SQL_ATTR_PARAMSET_SIZE to 1 and execute once for each set");
  }
  for (std::size_t index = 0; index < needed; ++index) {
    const auto number = static_cast<SQLUSMALLINT>(index + 1);
    const DescriptorRecord* record = apd_->find(static_cast<SQLSMALLINT>(number));
    if (record == nullptr || !record->bound) {
      throw base::Error("07002", "parameter " + std::to_string(number) + " of " +
                                     std::to_string(needed) + " is not bound");
    }
    const ParameterBuffer buffer = parameter_buffer(number);
    if (is_at_execution(buffer.length)) {
      pending_.push_back({number, {}, false, false});
      values_.emplace_back();
    } else {
      values_.push_back(read_parameter(buffer, number));
    }
  }
}

std::vector<base::TypeInfo> Statement::bound_types() {
  std::vector<base::TypeInfo> types;
  const std::vector<query::ParameterInfo>& parameters = query_->parameters();
  std::lock_guard<std::mutex> apd_lock(apd_->mutex);
  std::lock_guard<std::mutex> ipd_lock(ipd_.mutex);
  types.reserve(parameters.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const bool open = !parameters[i].inferred;
    types.push_back(open ? marker_type(parameter_buffer(static_cast<SQLUSMALLINT>(i + 1)))
                         : base::TypeInfo{});
  }
  return types;
}

void Statement::report_parameter_status(SQLUSMALLINT status) {
  std::lock_guard<std::mutex> lock(ipd_.mutex);
  if (query_ == nullptr || query_->parameters().empty()) return;
  if (ipd_.header.rows_processed_ptr != nullptr) *ipd_.header.rows_processed_ptr = 1;
  if (ipd_.header.array_status_ptr != nullptr) *ipd_.header.array_status_ptr = status;
}

SQLRETURN Statement::parameter_data(SQLPOINTER* token) {
  require(Operation::kParamData);
  if (state_ == StatementState::kCanPut) {
    PendingParameter& done = pending_[next_pending_ - 1];
    std::lock_guard<std::mutex> apd_lock(apd_->mutex);
    std::lock_guard<std::mutex> ipd_lock(ipd_.mutex);
    ParameterBuffer buffer = parameter_buffer(done.number);
    buffer.pointer = done.data.data();
    buffer.length = done.null ? SQL_NULL_DATA : static_cast<SQLLEN>(done.data.size());
    buffer.buffer_length = static_cast<SQLLEN>(done.data.size());
    values_[done.number - 1u] = read_parameter(buffer, done.number);
  }
  if (next_pending_ < pending_.size()) {
    const PendingParameter& next = pending_[next_pending_++];
    // The application's own token: the pointer it gave to SQLBindParameter (pitfalls 9.7).
    std::lock_guard<std::mutex> apd_lock(apd_->mutex);
    if (token != nullptr) {
      *token = apd_->find(static_cast<SQLSMALLINT>(next.number))->data_ptr;
    }
    state_ = StatementState::kMustPut;
    return SQL_NEED_DATA;
  }
  pending_.clear();
  return run_with_values();
}

void Statement::put_data(const void* data, SQLLEN length) {
  require(Operation::kPutData);
  PendingParameter& parameter = pending_[next_pending_ - 1];
  const SQLSMALLINT c_type = [&] {
    std::lock_guard<std::mutex> apd_lock(apd_->mutex);
    std::lock_guard<std::mutex> ipd_lock(ipd_.mutex);
    return parameter_buffer(parameter.number).c_type;
  }();
  if (length == SQL_NULL_DATA) {
    if (parameter.started) {
      throw base::Error("HY020", "SQLPutData cannot add a null to data already given");
    }
    parameter.null = true;
  } else {
    if (parameter.null) throw base::Error("HY020", "SQLPutData cannot add data to a null");
    const SQLLEN fixed_size = fixed_c_size(c_type);
    if (fixed_size > 0 && parameter.started) {
      throw base::Error("HY019", "only character and binary data can be given in parts");
    }
    if (length < 0 && length != SQL_NTS) {
      throw base::Error("HY090", "the length given to SQLPutData is negative");
    }
    if (data == nullptr && (fixed_size > 0 || length != 0)) {
      throw base::Error("HY009", "the data pointer of SQLPutData is null");
    }
    std::size_t size = 0;
    if (fixed_size > 0) {
      size = static_cast<std::size_t>(fixed_size);
    } else if (length == SQL_NTS) {
      size = terminated_length(data, c_type);
    } else {
      size = static_cast<std::size_t>(length);
    }
    if (size > 0) parameter.data.append(static_cast<const char*>(data), size);
  }
  parameter.started = true;
  state_ = StatementState::kCanPut;
}

}  // namespace graphodbc::driver
