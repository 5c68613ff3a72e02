#include "driver/diagnostics/diagnostics.h"

#include <algorithm>
#include <array>

#include "base/utf.h"

namespace graphodbc::driver {

namespace {

std::string_view prefix(Speaker speaker) {
  return speaker == Speaker::kService ? "[graphodbc][Graph] " : "[graphodbc][Driver] ";
}

// How much of the text goes into a record with so much room: up to a blank if there is one, and
// never a part of a character.
std::size_t part_length(std::string_view text, std::size_t room) {
  if (text.size() <= room) return text.size();
  if (const std::size_t blank = text.rfind(' ', room); blank != 0 && blank != text.npos) {
    return blank;
  }
  return base::utf8_prefix(text, room);
}

// SQLGetDiagField, SQL_DIAG_SUBCLASS_ORIGIN: the states that ODBC itself defined.
constexpr std::string_view kOdbcSubclasses[] = {
    "01S00", "01S01", "01S02", "01S05", "01S06", "01S07", "07S01", "08S01", "21S01",
    "21S02", "25S01", "42S01", "42S02", "42S11", "42S12", "42S21", "42S22", "HY095",
    "HY097", "HY098", "HY099", "HY100", "HY101", "HY105", "HY106", "HY107", "HY109",
    "HY110", "HY111", "HYT00", "HYT01", "IM001", "IM002", "IM003"};

}  // namespace

void Diagnostics::clear() {
  records_.clear();
  return_code = SQL_SUCCESS;
}

void Diagnostics::post(DiagRecord record) {
  // Records without a row come first because SQL_ROW_NUMBER_UNKNOWN is -2 and SQL_NO_ROW_NUMBER -1;
  // within a row errors outrank warnings, and equals keep the order in which they were posted.
  const auto rank = [](const DiagRecord& r) {
    return std::pair<SQLLEN, bool>(r.row, r.state.is_warning());
  };
  const auto at = std::upper_bound(
      records_.begin(), records_.end(), record,
      [&](const DiagRecord& left, const DiagRecord& right) { return rank(left) < rank(right); });
  records_.insert(at, std::move(record));
}

void Diagnostics::post(base::SqlState state, std::string_view text, SQLLEN row, SQLINTEGER column) {
  post_parts(DiagRecord{state, 0, {}, row, column}, Speaker::kDriver, text);
}

void Diagnostics::post(const base::Error& error, SQLLEN row) {
  const Speaker speaker = error.native() != 0 ? Speaker::kService : Speaker::kDriver;
  post_parts(DiagRecord{error.state(), error.native(), {}, row, SQL_NO_COLUMN_NUMBER}, speaker,
             error.message());
}

void Diagnostics::post(const base::Warning& warning) {
  const Speaker speaker = warning.native != 0 ? Speaker::kService : Speaker::kDriver;
  post_parts(DiagRecord{warning.state, warning.native, {}}, speaker, warning.message);
}

void Diagnostics::post_parts(const DiagRecord& record, Speaker speaker, std::string_view text) {
  std::string begin(prefix(speaker));
  do {
    const std::size_t length = part_length(text, kLongestMessage - begin.size());
    DiagRecord part = record;
    part.message = begin;
    part.message += text.substr(0, length);
    post(std::move(part));
    text.remove_prefix(length);
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    if (begin.size() == prefix(speaker).size()) begin += kContinued;
  } while (!text.empty());
}

void Diagnostics::post_out_of_memory() noexcept {
  // Short enough for the string's own storage, and the vector keeps room for it: no allocation.
  records_.clear();
  records_.push_back(DiagRecord{base::SqlState("HY001"), 0, std::string("out of memory")});
}

bool Diagnostics::has_error() const {
  return std::any_of(records_.begin(), records_.end(),
                     [](const DiagRecord& record) { return !record.state.is_warning(); });
}

std::string_view class_origin(const base::SqlState& state) {
  return state.code().starts_with("IM") ? "ODBC 3.0" : "ISO 9075";
}

std::string_view subclass_origin(const base::SqlState& state) {
  const bool odbc = std::find(std::begin(kOdbcSubclasses), std::end(kOdbcSubclasses),
                              state.code()) != std::end(kOdbcSubclasses);
  return odbc ? "ODBC 3.0" : "ISO 9075";
}

}  // namespace graphodbc::driver
