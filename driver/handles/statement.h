// Statement handle: one query, its parameters, its cursor.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "driver/attributes/attribute_values.h"
#include "driver/catalog/catalog.h"
#include "driver/conversion/convert.h"
#include "driver/cursor.h"
#include "driver/descriptors/descriptor.h"
#include "driver/handles/handle.h"
#include "driver/handles/statement_state.h"
#include "driver/rowset.h"
#include "query/session.h"

namespace graphodbc::driver {

class Connection;

// Everything but cancel() is called with the mutex held. Errors are base::Error; the entry point
// turns them into records.
class Statement : public Handle {
 public:
  Statement(Connection& connection, const StatementAttributes& attributes);
  ~Statement() override;

  Connection& connection() const { return connection_; }
  StatementState state() const { return state_; }

  StatementAttributes attributes;

  // Descriptors. The automatic four always exist; the application may set others for ARD and APD.
  Descriptor& ard() { return *ard_; }
  Descriptor& apd() { return *apd_; }
  Descriptor& ird() { return ird_; }
  Descriptor& ipd() { return ipd_; }
  void unbind_columns();     // SQLFreeStmt(SQL_UNBIND)
  void unbind_parameters();  // SQLFreeStmt(SQL_RESET_PARAMS)
  // Null: back to the automatic one. HY017 and HY024 are the caller's to check.
  void use_ard(Descriptor* descriptor) { ard_ = descriptor ? descriptor : &automatic_ard_; }
  void use_apd(Descriptor* descriptor) { apd_ = descriptor ? descriptor : &automatic_apd_; }
  // The explicit descriptor goes away.
  void forget(const Descriptor& descriptor);

  // Preparing and executing (execute.cc).
  void prepare(std::string_view sql);
  SQLRETURN execute();
  SQLRETURN execute_direct(std::string_view sql);
  void open_catalog(catalog::Result result);
  catalog::Context catalog_context() const;
  // Of the prepared or executed statement.
  const std::vector<query::ParameterInfo>& parameters() const;

  // Data at execution (parameters.cc).
  SQLRETURN parameter_data(SQLPOINTER* token);
  void put_data(const void* data, SQLLEN length);

  // Rows (fetch.cc).
  SQLRETURN fetch();
  SQLRETURN get_data(SQLUSMALLINT column, SQLSMALLINT c_type, SQLPOINTER target,
                     SQLLEN buffer_length, SQLLEN* length_or_indicator);
  void set_position(SQLSETPOSIROW row);
  void close_cursor();   // 24000 when none is open
  void close_if_open();  // SQLFreeStmt(SQL_CLOSE)
  SQLRETURN more_results();
  SQLLEN row_count() const;
  // SQL_ATTR_ROW_NUMBER: 0 when on no row.
  SQLULEN row_number() const;

  void require(Operation operation) const { require_allowed(state_, operation); }
  bool cursor_open() const {
    return state_ == StatementState::kOpen || state_ == StatementState::kPositioned;
  }
  bool prepared() const { return prepared_; }

  // The generated name where none was set. The name has its own lock, because other statements
  // look at it to keep names unique.
  std::string cursor_name() const;
  void set_cursor_name(std::string name);
  void name_cursor(std::uint32_t number);

  // SQLCancel, without the mutex. Idle: closes the cursor, because the driver manager takes any
  // success for that (pitfalls 5.3). Busy: makes the running call return HY008.
  SQLRETURN cancel() noexcept;

 private:
  struct PendingParameter {
    SQLUSMALLINT number = 0;  // 1-based
    std::string data;
    bool null = false;
    bool started = false;
  };

  void set_query(std::shared_ptr<query::Query> query);
  void describe_result(const std::vector<query::ResultColumn>& columns);
  void describe_parameters();
  // Lets the markers that nothing determined take their types from SQLBindParameter.
  query::Query& choose_query();
  SQLRETURN start_execution();
  SQLRETURN run_with_values();
  void run(std::unique_ptr<base::RowSource> source);
  void drop_cursor();
  void after_close();
  void post_warnings();
  void log_failure(const base::Error& error) const;

  // Reads bound values; fills pending_ with those that come later. (parameters.cc)
  void collect_parameters();
  ParameterBuffer parameter_buffer(SQLUSMALLINT number) const;
  std::vector<base::TypeInfo> bound_types();  // one a marker
  void report_parameter_status(SQLUSMALLINT status);

  Connection& connection_;
  Descriptor automatic_ard_;
  Descriptor automatic_apd_;
  Descriptor ird_;
  Descriptor ipd_;
  Descriptor* ard_ = &automatic_ard_;
  Descriptor* apd_ = &automatic_apd_;

  StatementState state_ = StatementState::kAllocated;
  bool prepared_ = false;  // by SQLPrepare: closing the cursor goes back to kPrepared
  std::shared_ptr<query::Query> query_;
  // Runs in its place where the application typed markers that nothing determined; else null.
  std::shared_ptr<query::Query> typed_query_;
  std::unique_ptr<Cursor> cursor_;
  RowsetWriter writer_;

  std::vector<base::Value> values_;
  std::vector<PendingParameter> pending_;
  std::size_t next_pending_ = 0;

  std::size_t position_ = 0;  // row within the rowset
  SQLUSMALLINT data_column_ = 0;
  GetDataState data_state_;

  mutable std::mutex name_mutex_;
  std::string cursor_name_;

  // Where a cancel from another thread finds the work; guarded by cancel_mutex_.
  std::mutex cancel_mutex_;
  base::RowSource* running_ = nullptr;
  bool cancel_requested_ = false;

  friend class RunningSource;
};

}  // namespace graphodbc::driver
