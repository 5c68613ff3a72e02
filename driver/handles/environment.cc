#include "driver/handles/environment.h"

#include <algorithm>
#include <new>

#include "driver/handles/connection.h"

namespace graphodbc::driver {

Environment::Environment() : Handle(HandleKind::kEnvironment) {}
Environment::~Environment() = default;

Connection& Environment::allocate_connection() {
  connections_.push_back(std::make_unique<Connection>(*this));
  return *connections_.back();
}

void Environment::free_connection(Connection& connection) {
  std::erase_if(connections_, [&](const auto& owned) { return owned.get() == &connection; });
}

void Environment::take_over_after_fork() {
  // Deliberately leaked: destructors would join threads that exist only in the parent.
  static_cast<void>(new std::vector<std::unique_ptr<Connection>>(std::move(connections_)));
  connections_.clear();
  new (&mutex) std::mutex;
  adopt();
}

}  // namespace graphodbc::driver
