#include "driver/handles/statement.h"

#include <utility>

#include "driver/handles/connection.h"

namespace graphodbc::driver {

Statement::Statement(Connection& connection, const StatementAttributes& defaults)
    : Handle(HandleKind::kStatement),
      attributes(defaults),
      connection_(connection),
      automatic_ard_(connection, DescriptorRole::kApplication, false),
      automatic_apd_(connection, DescriptorRole::kApplication, false),
      ird_(connection, DescriptorRole::kImplementationRow, false),
      ipd_(connection, DescriptorRole::kImplementationParameter, false) {}

Statement::~Statement() {
  drop_cursor();
}

void Statement::forget(const Descriptor& descriptor) {
  if (ard_ == &descriptor) use_ard(nullptr);
  if (apd_ == &descriptor) use_apd(nullptr);
}

void Statement::unbind_columns() {
  require(Operation::kBind);
  std::lock_guard<std::mutex> lock(ard_->mutex);
  ard_->clear();
}

void Statement::unbind_parameters() {
  require(Operation::kBind);
  std::scoped_lock lock(apd_->mutex, ipd_.mutex);
  apd_->clear();
  // The types inferred at prepare come back, so that describing still works.
  for (SQLSMALLINT number = 1; number <= ipd_.count(); ++number) ipd_.touch(number).bound = false;
}

catalog::Context Statement::catalog_context() const {
  return {connection_.session().registry(), connection_.odbc2(), attributes.metadata_id == SQL_TRUE,
          connection_.ansi()};
}

std::string Statement::cursor_name() const {
  std::lock_guard<std::mutex> lock(name_mutex_);
  return cursor_name_;
}

void Statement::set_cursor_name(std::string name) {
  std::lock_guard<std::mutex> lock(name_mutex_);
  cursor_name_ = std::move(name);
}

void Statement::name_cursor(std::uint32_t number) {
  // SQLGetCursorName: generated names begin with SQL_CUR and have at most 18 characters.
  set_cursor_name("SQL_CUR" + std::to_string(number));
}

SQLRETURN Statement::cancel() noexcept {
  try {
    std::unique_lock<std::mutex> idle(mutex, std::try_to_lock);
    if (!idle.owns_lock()) {
      std::lock_guard<std::mutex> lock(cancel_mutex_);
      cancel_requested_ = true;
      if (running_ != nullptr) running_->cancel();
      return SQL_SUCCESS;
    }
    diagnostics.clear();
    drop_cursor();
    pending_.clear();
    after_close();
    return SQL_SUCCESS;
  } catch (...) {
    return SQL_ERROR;
  }
}

}  // namespace graphodbc::driver
