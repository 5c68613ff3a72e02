// Statement: preparing, executing, describing what comes out.
#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "driver/descriptors/type_facts.h"
#include "driver/handles/connection.h"
#include "driver/handles/running_source.h"
#include "driver/handles/statement.h"
#include "graph/client.h"

namespace graphodbc::driver {

void Statement::prepare(std::string_view sql) {
  require(Operation::kPrepare);
  connection_.require_connected();
  // A failed SQLPrepare leaves nothing prepared (Appendix B).
  state_ = StatementState::kAllocated;
  prepared_ = false;
  query_.reset();
  typed_query_.reset();
  ird_.clear();
  if (base::Log* log = connection_.log(); log && log->enabled(base::LogLevel::kStatements)) {
    log->write(base::LogLevel::kStatements, std::string("statement ").append(sql));
  }
  try {
    set_query(connection_.session().prepare(sql));
  } catch (const base::Error& error) {
    log_failure(error);
    throw;
  }
  state_ = StatementState::kPrepared;
  prepared_ = true;
}

SQLRETURN Statement::execute_direct(std::string_view sql) {
  require(Operation::kExecuteDirect);
  prepare(sql);
  prepared_ = false;
  try {
    return start_execution();
  } catch (...) {
    state_ = StatementState::kAllocated;
    throw;
  }
}

SQLRETURN Statement::execute() {
  require(Operation::kExecute);
  if (!prepared_) throw base::Error("HY010", "no statement has been prepared");
  return start_execution();
}

void Statement::set_query(std::shared_ptr<query::Query> query) {
  query_ = std::move(query);
  describe_result(query_->columns());
  describe_parameters();
  diagnostics.is_select = !query_->columns().empty();
}

const std::vector<query::ParameterInfo>& Statement::parameters() const {
  require(Operation::kParameters);
  static const auto* const none = new std::vector<query::ParameterInfo>;
  return query_ ? query_->parameters() : *none;
}

void Statement::describe_result(const std::vector<query::ResultColumn>& columns) {
  std::lock_guard<std::mutex> lock(ird_.mutex);
  ird_.clear();
  const bool ansi = connection_.ansi();
  SQLSMALLINT number = 0;
  for (const query::ResultColumn& column : columns) {
    DescriptorRecord& record = ird_.touch(++number);
    const TypeFacts& facts = type_facts(column.type.type);
    set_concise_type(record, static_cast<SQLSMALLINT>(facts.type), false);
    record.info = column.type;
    record.column_size = column_size(column.type, ansi);
    record.length = record.column_size;
    record.octet_length = octet_length(column.type, ansi);
    record.display_size = display_size(column.type, ansi);
    const SQLSMALLINT digits = std::max<SQLSMALLINT>(decimal_digits(column.type), 0);
    if (base::is_datetime(column.type.type)) {
      record.precision = digits;  // of the seconds' fraction
    } else if (base::is_numeric(column.type.type)) {
      record.precision = static_cast<SQLSMALLINT>(column.type.size);
      record.scale = digits;
    }
    record.nullable = static_cast<SQLSMALLINT>(column.nullability);
    record.name = column.name;
    record.label = column.label.empty() ? column.name : column.label;
    record.unnamed = column.name.empty() ? SQL_UNNAMED : SQL_NAMED;
    record.base_table = column.base_table;
    record.base_column = column.base_column;
    record.searchable = column.searchable;
    record.case_sensitive = column.case_sensitive;
  }
}

// SQLDescribeParam's answers stay apart from the IPD, which is the application's (SQL_ATTR_AUTO_IPD
// is false); records it has not set get the inferred type as their default.
void Statement::describe_parameters() {
  std::lock_guard<std::mutex> lock(ipd_.mutex);
  SQLSMALLINT number = 0;
  for (const query::ParameterInfo& parameter : query_->parameters()) {
    ++number;
    const DescriptorRecord* existing = ipd_.find(number);
    if (existing != nullptr && existing->bound) continue;
    DescriptorRecord& record = ipd_.touch(number);
    set_concise_type(record, static_cast<SQLSMALLINT>(type_facts(parameter.type.type).type), false);
    record.length = parameter.type.size;
    record.scale = std::max<SQLSMALLINT>(decimal_digits(parameter.type), 0);
    record.nullable = static_cast<SQLSMALLINT>(parameter.nullability);
  }
}

SQLRETURN Statement::start_execution() {
  collect_parameters();
  if (!pending_.empty()) {
    state_ = StatementState::kNeedParam;
    return SQL_NEED_DATA;
  }
  return run_with_values();
}

SQLRETURN Statement::run_with_values() {
  try {
    query::ExecuteOptions options;
    options.max_rows = attributes.max_rows;
    if (attributes.query_timeout != 0) {
      options.deadline = std::chrono::steady_clock::now() +
                         std::chrono::seconds(static_cast<std::int64_t>(attributes.query_timeout));
    }
    RunningSource::forget_requests(*this);
    run(choose_query().execute(values_, options));
  } catch (const base::Error& error) {
    report_parameter_status(SQL_PARAM_ERROR);
    log_failure(error);
    // What SQLPrepare made can be executed again; a direct execution leaves nothing.
    state_ = prepared_ ? StatementState::kPrepared : StatementState::kAllocated;
    throw;
  }
  report_parameter_status(SQL_PARAM_SUCCESS);
  if (query_->columns().empty()) {
    drop_cursor();
    state_ = StatementState::kExecuted;
  }
  return SQL_SUCCESS;
}

query::Query& Statement::choose_query() {
  std::shared_ptr<query::Query> typed = query_->with_types(bound_types());
  if (typed != typed_query_) {
    typed_query_ = std::move(typed);
    describe_result((typed_query_ ? typed_query_ : query_)->columns());
  }
  return typed_query_ ? *typed_query_ : *query_;
}

void Statement::run(std::unique_ptr<base::RowSource> source) {
  drop_cursor();
  if (source != nullptr) {
    RunningSource running(*this, *source);
    source->open();
    cursor_ = std::make_unique<Cursor>(std::move(source), attributes.max_rows);
  }
  position_ = 0;
  data_column_ = 0;
  state_ = StatementState::kOpen;
  post_warnings();
  if (graph::Client* client = connection_.client()) {
    for (const base::Warning& warning : client->take_warnings()) diagnostics.post(warning);
  }
}

void Statement::open_catalog(catalog::Result result) {
  state_ = StatementState::kAllocated;
  prepared_ = false;
  query_.reset();
  typed_query_.reset();
  RunningSource::forget_requests(*this);
  describe_result(result.columns);
  run(std::move(result.rows));
  diagnostics.is_select = true;
}

void Statement::post_warnings() {
  if (!cursor_) return;
  for (const base::Warning& warning : cursor_->take_warnings()) diagnostics.post(warning);
}

void Statement::log_failure(const base::Error& error) const {
  base::Log* log = connection_.log();
  if (log == nullptr || !log->enabled(base::LogLevel::kStatements)) return;
  log->write(base::LogLevel::kStatements,
             std::string("error ").append(error.state().code()) + ": " + error.message());
}

}  // namespace graphodbc::driver
