// Diagnostic records and header fields of one handle (SQLGetDiagField, "Sequence of Status
// Records"). Guarded by the mutex of the handle that owns it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/sqlstate.h"
#include "driver/odbc.h"

namespace graphodbc::driver {

// Who speaks in a message: "[graphodbc][Driver] text" or "[graphodbc][Graph] text", so that readers
// can tell us from the driver manager and the service from us.
enum class Speaker : std::uint8_t { kDriver, kService };

// Longest message of a record in bytes, prefix included. SQL_MAX_MESSAGE_LENGTH is 512: the manager
// cuts there what a connection reports, after a prefix of its own, and isql shows nothing at all of
// a longer record.
inline constexpr std::size_t kLongestMessage = 480;
// Begins the text of a record that goes on with the one before.
inline constexpr std::string_view kContinued = "(continued) ";

struct DiagRecord {
  base::SqlState state;
  std::int32_t native = 0;
  std::string message;  // with prefix, UTF-8
  SQLLEN row = SQL_NO_ROW_NUMBER;
  SQLINTEGER column = SQL_NO_COLUMN_NUMBER;
};

class Diagnostics {
 public:
  Diagnostics() { records_.reserve(4); }

  // Forgets everything; each ODBC function but the diagnostic ones begins so.
  void clear();

  // Adds a record in its place: by row number (unknown, none, 1, 2, ...), errors before warnings.
  void post(DiagRecord record);
  // The same; a longer text than fits becomes several records that follow each other.
  void post(base::SqlState state, std::string_view text, SQLLEN row = SQL_NO_ROW_NUMBER,
            SQLINTEGER column = SQL_NO_COLUMN_NUMBER);
  void post(const base::Error& error, SQLLEN row = SQL_NO_ROW_NUMBER);
  void post(const base::Warning& warning);
  // HY001 without allocating; replaces what was there.
  void post_out_of_memory() noexcept;

  bool empty() const { return records_.empty(); }
  bool has_error() const;
  const std::vector<DiagRecord>& records() const { return records_; }

  // Header fields.
  SQLRETURN return_code = SQL_SUCCESS;
  SQLLEN row_count = -1;         // SQL_DIAG_ROW_COUNT
  SQLLEN cursor_row_count = -1;  // SQL_DIAG_CURSOR_ROW_COUNT
  bool is_select = false;        // SQL_DIAG_DYNAMIC_FUNCTION(_CODE)

 private:
  void post_parts(const DiagRecord& record, Speaker speaker, std::string_view text);

  std::vector<DiagRecord> records_;
};

// Class and subclass origins of a state: "ISO 9075" or "ODBC 3.0" (SQLGetDiagField, table of
// SQL_DIAG_SUBCLASS_ORIGIN).
std::string_view class_origin(const base::SqlState& state);
std::string_view subclass_origin(const base::SqlState& state);

}  // namespace graphodbc::driver
