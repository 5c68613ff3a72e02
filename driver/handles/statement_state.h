// Which call is allowed when (ODBC Programmer's Reference, Appendix B "ODBC State Transition
// Tables", statement transitions). The driver manager keeps its own copy; ours answers where it is
// bypassed or out of step (pitfalls 5.1, 5.2).
#pragma once

#include <cstdint>

namespace graphodbc::driver {

enum class StatementState : std::uint8_t {
  kAllocated,   // S1
  kPrepared,    // S2, S3
  kExecuted,    // S4: executed, no result set
  kOpen,        // S5: cursor open, on no row
  kPositioned,  // S6, S7
  kNeedParam,   // S8: SQLParamData is awaited
  kMustPut,     // S9: SQLPutData is awaited
  kCanPut,      // S10: SQLPutData or SQLParamData
};
inline constexpr int kStatementStates = 8;

enum class Operation : std::uint8_t {
  kPrepare,
  kExecute,
  kExecuteDirect,  // and catalog functions
  kDescribe,       // SQLNumResultCols, SQLDescribeCol, SQLColAttribute
  kParameters,     // SQLNumParams, SQLDescribeParam
  kFetch,
  kGetData,
  kSetPosition,
  kCloseCursor,
  kMoreResults,
  kRowCount,
  kParamData,
  kPutData,
  kBind,  // bindings and cursor-independent attributes
  kSetCursorName,
};
inline constexpr int kOperations = 15;

// Throws base::Error HY010 or 24000 when the operation is not allowed.
void require_allowed(StatementState state, Operation operation);

}  // namespace graphodbc::driver
