#include "driver/handles/statement_state.h"

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"

namespace graphodbc::driver {
namespace {

std::string verdict(StatementState state, Operation operation) {
  try {
    require_allowed(state, operation);
    return "ok";
  } catch (const base::Error& error) {
    return std::string(error.state().code());
  }
}

using S = StatementState;
using O = Operation;

// ODBC Appendix B, statement transitions: S1, S2-3, S4, S5, S6, S8, S9, S10.
TEST(StatementState, FollowsAppendixB) {
  struct Row {
    Operation operation;
    const char* expected[kStatementStates];
  };
  const Row rows[] = {
      {O::kPrepare, {"ok", "ok", "ok", "24000", "24000", "HY010", "HY010", "HY010"}},
      {O::kExecute, {"HY010", "ok", "ok", "24000", "24000", "HY010", "HY010", "HY010"}},
      {O::kExecuteDirect, {"ok", "ok", "ok", "24000", "24000", "HY010", "HY010", "HY010"}},
      {O::kDescribe, {"HY010", "ok", "ok", "ok", "ok", "HY010", "HY010", "HY010"}},
      {O::kFetch, {"HY010", "HY010", "24000", "ok", "ok", "HY010", "HY010", "HY010"}},
      {O::kGetData, {"HY010", "HY010", "24000", "24000", "ok", "HY010", "HY010", "HY010"}},
      {O::kCloseCursor, {"24000", "24000", "24000", "ok", "ok", "HY010", "HY010", "HY010"}},
      {O::kParamData, {"HY010", "HY010", "HY010", "HY010", "HY010", "ok", "HY010", "ok"}},
      {O::kPutData, {"HY010", "HY010", "HY010", "HY010", "HY010", "HY010", "ok", "ok"}},
      {O::kRowCount, {"HY010", "HY010", "ok", "ok", "ok", "HY010", "HY010", "HY010"}},
  };
  for (const Row& row : rows) {
    for (int state = 0; state < kStatementStates; ++state) {
      EXPECT_EQ(verdict(static_cast<S>(state), row.operation), row.expected[state])
          << "operation " << static_cast<int>(row.operation) << " in state " << state;
    }
  }
}

}  // namespace
}  // namespace graphodbc::driver
