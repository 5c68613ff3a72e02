#include "driver/handles/statement_state.h"

#include <string>
#include <string_view>

#include "base/error.h"

namespace graphodbc::driver {

namespace {

enum Verdict : std::uint8_t {
  ok,
  HY010,  // function sequence error
  C2400,  // 24000, invalid cursor state
};

struct Row {
  std::string_view name;
  Verdict in[kStatementStates];
};

// Columns in the order of StatementState, rows in the order of Operation.
constexpr Row kTable[kOperations] = {
    //                        alloc  prep   exec   open   posn   need   must   can
    {"prepare a statement", {ok, ok, ok, C2400, C2400, HY010, HY010, HY010}},
    {"execute", {HY010, ok, ok, C2400, C2400, HY010, HY010, HY010}},
    {"execute a statement", {ok, ok, ok, C2400, C2400, HY010, HY010, HY010}},
    {"describe a result", {HY010, ok, ok, ok, ok, HY010, HY010, HY010}},
    {"describe parameters", {HY010, ok, ok, ok, ok, HY010, HY010, HY010}},
    {"fetch", {HY010, HY010, C2400, ok, ok, HY010, HY010, HY010}},
    {"get data", {HY010, HY010, C2400, C2400, ok, HY010, HY010, HY010}},
    {"set the position", {HY010, HY010, C2400, C2400, ok, HY010, HY010, HY010}},
    {"close the cursor", {C2400, C2400, C2400, ok, ok, HY010, HY010, HY010}},
    {"ask for more results", {ok, ok, ok, ok, ok, HY010, HY010, HY010}},
    {"ask for the row count", {HY010, HY010, ok, ok, ok, HY010, HY010, HY010}},
    {"supply parameter data", {HY010, HY010, HY010, HY010, HY010, ok, HY010, ok}},
    {"put parameter data", {HY010, HY010, HY010, HY010, HY010, HY010, ok, ok}},
    {"bind", {ok, ok, ok, ok, ok, HY010, HY010, HY010}},
    {"name the cursor", {ok, ok, ok, C2400, C2400, HY010, HY010, HY010}},
};

std::string_view reason(StatementState state) {
  switch (state) {
    case StatementState::kAllocated:
      return "nothing has been prepared or executed";
    case StatementState::kPrepared:
      return "the statement has not been executed";
    case StatementState::kExecuted:
      return "the statement has no result set";
    case StatementState::kOpen:
      return "a cursor is open and on no row";
    case StatementState::kPositioned:
      return "a cursor is open";
    case StatementState::kNeedParam:
    case StatementState::kMustPut:
    case StatementState::kCanPut:
      return "parameter data is awaited (SQLParamData, SQLPutData)";
  }
  return "";
}

}  // namespace

void require_allowed(StatementState state, Operation operation) {
  const Row& row = kTable[static_cast<int>(operation)];
  const Verdict verdict = row.in[static_cast<int>(state)];
  if (verdict == ok) return;
  const std::string message =
      std::string("cannot ").append(row.name).append(": ").append(reason(state));
  if (verdict == C2400) throw base::Error("24000", message);
  throw base::Error("HY010", message);
}

}  // namespace graphodbc::driver
