// What every entry point does: check the handle, lock it, clear its diagnostics, run the body, turn
// exceptions into records, derive the return code. An entry point is then a few lines around a
// body:
//
//   SQLRETURN SQL_API SQLNumParams(SQLHSTMT statement, SQLSMALLINT* count) {
//     return with_handle<Statement>(statement, [&](Statement& s) { s.number_of_parameters(count);
//     });
//   }
//
// Entry points never call another SQL... function: the name would resolve to the driver manager's
// copy, which takes our handle for one of its own (odbc-pitfalls.md 2.2).
#pragma once

#include <exception>
#include <mutex>
#include <new>
#include <string>
#include <type_traits>

#include "base/error.h"
#include "driver/diagnostics/diagnostics.h"
#include "driver/handles/connection.h"
#include "driver/handles/environment.h"
#include "driver/handles/handle.h"
#include "driver/handles/statement.h"

namespace graphodbc::driver {

template <typename H>
struct HandleTraits;
template <>
struct HandleTraits<Environment> {
  static constexpr HandleKind kKind = HandleKind::kEnvironment;
};
template <>
struct HandleTraits<Connection> {
  static constexpr HandleKind kKind = HandleKind::kConnection;
};
template <>
struct HandleTraits<Statement> {
  static constexpr HandleKind kKind = HandleKind::kStatement;
};
template <>
struct HandleTraits<Descriptor> {
  static constexpr HandleKind kKind = HandleKind::kDescriptor;
};

template <typename H>
H* resolve(SQLHANDLE raw) noexcept {
  return static_cast<H*>(Handle::check(raw, HandleTraits<H>::kKind));
}

// Any of the four kinds, for the functions that take a handle type.
inline Handle* resolve_any(SQLSMALLINT type, SQLHANDLE raw) noexcept {
  switch (type) {
    case SQL_HANDLE_ENV:
      return Handle::check(raw, HandleKind::kEnvironment);
    case SQL_HANDLE_DBC:
      return Handle::check(raw, HandleKind::kConnection);
    case SQL_HANDLE_STMT:
      return Handle::check(raw, HandleKind::kStatement);
    case SQL_HANDLE_DESC:
      return Handle::check(raw, HandleKind::kDescriptor);
    default:
      return nullptr;
  }
}

// Posts the exception being handled. Never throws.
SQLRETURN post_current_exception(Diagnostics& diagnostics) noexcept;

// Runs `body` (returning SQLRETURN or nothing) and derives the return code.
template <typename Body>
SQLRETURN guarded(Diagnostics& diagnostics, Body&& body) noexcept {
  SQLRETURN result = SQL_SUCCESS;
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<Body>>) {
      body();
    } else {
      result = body();
    }
    if (result == SQL_SUCCESS && !diagnostics.empty()) result = SQL_SUCCESS_WITH_INFO;
  } catch (...) {
    result = post_current_exception(diagnostics);
  }
  diagnostics.return_code = result;
  return result;
}

template <typename H, typename Body>
SQLRETURN with_handle(SQLHANDLE raw, Body&& body) noexcept {
  H* handle = resolve<H>(raw);
  if (handle == nullptr) return SQL_INVALID_HANDLE;
  // diagnostics_of() then answers 08S01 without touching what the parent may have been changing.
  if (handle->from_parent_process()) return SQL_ERROR;
  std::lock_guard<std::mutex> lock(handle->mutex);
  handle->diagnostics.clear();
  return guarded(handle->diagnostics, [&] { return body(*handle); });
}

// For SQLGetDiagRec and SQLGetDiagField: neither clears nor posts.
template <typename Body>
SQLRETURN with_diagnostics(SQLSMALLINT type, SQLHANDLE raw, Body&& body) noexcept {
  Handle* handle = resolve_any(type, raw);
  if (handle == nullptr) return SQL_INVALID_HANDLE;
  try {
    if (handle->from_parent_process()) return body(*handle);
    std::lock_guard<std::mutex> lock(handle->mutex);
    return body(*handle);
  } catch (...) {
    return SQL_ERROR;
  }
}

}  // namespace graphodbc::driver
