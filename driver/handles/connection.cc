#include "driver/handles/connection.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "base/error.h"
#include "base/utf.h"
#include "driver/handles/environment.h"
#include "driver/handles/statement.h"
#include "graph/client.h"

namespace graphodbc::driver {

Connection::Connection(Environment& environment)
    : Handle(HandleKind::kConnection), environment_(environment) {}

Connection::~Connection() = default;

bool Connection::odbc2() const {
  return environment_.odbc2();
}

void Connection::require_connected() const {
  if (!connected()) throw base::Error("08003", "the connection is not open");
}

void Connection::require_disconnected() const {
  if (connected()) throw base::Error("08002", "the connection is already open");
}

void Connection::disconnect() {
  require_connected();
  for (const auto& statement : statements_) {
    // A call of another thread comes to an end before its statement goes.
    statement->cancel();
    std::lock_guard<std::mutex> wait(statement->mutex);
  }
  statements_.clear();
  descriptors_.clear();
  session_.reset();
  client_.reset();
  log_.reset();
}

void Connection::reset_attributes() {
  const SQLULEN ansi_app = attributes.ansi_app;
  const SQLULEN query_timeout = default_query_timeout_;
  attributes = ConnectionAttributes{};
  attributes.ansi_app = ansi_app;
  attributes.statement_defaults.query_timeout = query_timeout;
  apply_connection_timeout();
}

void Connection::apply_connection_timeout() {
  if (!connected()) return;
  const std::chrono::seconds own(static_cast<std::int64_t>(attributes.connection_timeout));
  client_->set_timeout(own.count() != 0 ? own : timeout_);
}

bool Connection::is_dead() const {
  return !connected() || (client_ && client_->is_dead());
}

Statement& Connection::allocate_statement() {
  require_connected();
  StatementAttributes defaults = attributes.statement_defaults;
  defaults.metadata_id = attributes.metadata_id;
  statements_.push_back(std::make_unique<Statement>(*this, defaults));
  Statement& statement = *statements_.back();
  statement.name_cursor(++cursor_number_);
  return statement;
}

std::unique_ptr<Statement> Connection::release_statement(Statement& statement) {
  const auto found = std::find_if(statements_.begin(), statements_.end(),
                                  [&](const auto& owned) { return owned.get() == &statement; });
  if (found == statements_.end()) return nullptr;
  std::unique_ptr<Statement> released = std::move(*found);
  statements_.erase(found);
  return released;
}

Descriptor& Connection::allocate_descriptor() {
  require_connected();
  descriptors_.push_back(std::make_unique<Descriptor>(*this, DescriptorRole::kApplication, true));
  return *descriptors_.back();
}

void Connection::free_descriptor(Descriptor& descriptor) {
  for (const auto& statement : statements_) {
    std::lock_guard<std::mutex> lock(statement->mutex);
    statement->forget(descriptor);
  }
  std::erase_if(descriptors_, [&](const auto& owned) { return owned.get() == &descriptor; });
}

bool Connection::cursor_name_taken(const std::string& name, const Statement& except) const {
  return std::any_of(statements_.begin(), statements_.end(), [&](const auto& statement) {
    return statement.get() != &except && base::equal_nocase(statement->cursor_name(), name);
  });
}

}  // namespace graphodbc::driver
