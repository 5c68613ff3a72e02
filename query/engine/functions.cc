// Expressions as SQL functions: the C++ library computes what SQLite's operators do not.
#include <memory>
#include <utility>

#include "query/engine/sqlite_host.h"

namespace graphodbc::query {

// One registered expression. Owned by the connection.
class HostedFunction {
 public:
  HostedFunction(SqliteHost& host, FunctionSpec spec)
      : host_(host), expression_(std::move(spec.expression)), result_(spec.result) {
    for (const base::TypeInfo& type : spec.arguments) arguments_.emplace_back(type);
    row_.resize(arguments_.size());
  }

  static void call(sqlite3_context* context, int, sqlite3_value** values) {
    auto& self = *static_cast<HostedFunction*>(sqlite3_user_data(context));
    try {
      self.evaluate_into(context, values);
    } catch (...) {
      self.host_.keep_failure(std::current_exception());
      sqlite3_result_error(context, "", 0);
    }
  }
  static void destroy(void* self) { delete static_cast<HostedFunction*>(self); }

 private:
  void evaluate_into(sqlite3_context* context, sqlite3_value** values) {
    base::Arena& arena = host_.arena_;
    arena.clear();
    for (std::size_t at = 0; at < arguments_.size(); ++at) {
      row_[at] = arguments_[at].load(view_of(values[at]), arena);
    }
    host_.context_.arena = &arena;
    const base::Cell cell = evaluate(*expression_, row_.data(), host_.context_);
    char* scratch = arena.allocate(result_.scratch_size(cell));
    give_result(context, result_.store(cell, scratch), false);
  }

  SqliteHost& host_;
  const ExpressionPtr expression_;
  std::vector<Storage> arguments_;
  const Storage result_;
  std::vector<base::Cell> row_;
};

void SqliteHost::add_function(FunctionSpec spec) {
  const std::string name = spec.name;
  const int flags = SQLITE_UTF8 | (is_volatile(*spec.expression) ? 0 : SQLITE_DETERMINISTIC);
  const int count = static_cast<int>(spec.arguments.size());
  auto function = std::make_unique<HostedFunction>(*this, std::move(spec));
  // SQLite destroys the function also when registering fails.
  check(sqlite3_create_function_v2(database_, name.c_str(), count, flags, function.release(),
                                   HostedFunction::call, nullptr, nullptr,
                                   HostedFunction::destroy));
}

}  // namespace graphodbc::query
