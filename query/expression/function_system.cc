// System functions. ODBC Appendix E "System Functions"; IFNULL is bound as COALESCE.
#include "query/expression/function.h"

namespace graphodbc::query {
namespace {

using base::Cell;

void bind_name(BindContext&, Expression& node) {
  node.type = base::text_type(128);
}

Cell database(const Call& call) {
  return Cell::of_text(call.context.database);
}
Cell user(const Call& call) {
  return Cell::of_text(call.context.user_name);
}

constexpr Function kFunctions[] = {
    {FunctionId::kDatabase, "DATABASE", 0, 0, "x", bind_name, database, Volatility::kStable},
    {FunctionId::kUser, "USER", 0, 0, "x", bind_name, user, Volatility::kStable},
};

}  // namespace

std::span<const Function> system_functions() {
  return kFunctions;
}

}  // namespace graphodbc::query
