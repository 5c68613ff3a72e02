#include "tests/e2e/oracle_functions.h"

#include <sqlite3.h>
#include <utf8proc.h>

#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

namespace graphodbc::test {
namespace {

using CodePoints = std::vector<utf8proc_int32_t>;

std::string text_of(sqlite3_value* value) {
  const auto* text = sqlite3_value_text(value);
  return {reinterpret_cast<const char*>(text),
          static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

CodePoints code_points(const std::string& text) {
  CodePoints points;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t count = utf8proc_iterate(bytes, left, &point);
    if (count <= 0) throw std::runtime_error("the oracle holds text that is no UTF-8");
    points.push_back(point);
    bytes += count;
    left -= count;
  }
  return points;
}

void return_text(sqlite3_context* context, const std::string& text) {
  sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

bool any_null(int count, sqlite3_value** values) {
  for (int i = 0; i < count; ++i) {
    if (sqlite3_value_type(values[i]) == SQLITE_NULL) return true;
  }
  return false;
}

utf8proc_int32_t ascii_lower(utf8proc_int32_t point) {
  return point >= 'A' && point <= 'Z' ? point + ('a' - 'A') : point;
}

// The definition, letter by letter, without any cleverness.
bool like(const CodePoints& text, std::size_t i, const CodePoints& pattern, std::size_t j,
          utf8proc_int32_t escape, bool nocase) {
  if (j == pattern.size()) return i == text.size();
  if (pattern[j] == escape && j + 1 < pattern.size()) {
    ++j;
  } else if (pattern[j] == '%') {
    for (std::size_t rest = i; rest <= text.size(); ++rest) {
      if (like(text, rest, pattern, j + 1, escape, nocase)) return true;
    }
    return false;
  } else if (pattern[j] == '_') {
    return i < text.size() && like(text, i + 1, pattern, j + 1, escape, nocase);
  }
  if (i == text.size()) return false;
  const bool equal =
      nocase ? ascii_lower(text[i]) == ascii_lower(pattern[j]) : text[i] == pattern[j];
  return equal && like(text, i + 1, pattern, j + 1, escape, nocase);
}

void like_function(sqlite3_context* context, int count, sqlite3_value** values) {
  if (any_null(count, values)) return sqlite3_result_null(context);
  const CodePoints escape = count == 3 ? code_points(text_of(values[2])) : CodePoints{-1};
  sqlite3_result_int(context, like(code_points(text_of(values[1])), 0,
                                   code_points(text_of(values[0])), 0, escape.front(), false));
}

void like_nocase_function(sqlite3_context* context, int count, sqlite3_value** values) {
  if (any_null(count, values)) return sqlite3_result_null(context);
  sqlite3_result_int(context, like(code_points(text_of(values[0])), 0,
                                   code_points(text_of(values[1])), 0, -1, true));
}

void length_function(sqlite3_context* context, int count, sqlite3_value** values) {
  if (any_null(count, values)) return sqlite3_result_null(context);
  CodePoints points = code_points(text_of(values[0]));
  while (!points.empty() && points.back() == ' ') points.pop_back();
  sqlite3_result_int64(context, static_cast<std::int64_t>(points.size()));
}

void char_length_function(sqlite3_context* context, int count, sqlite3_value** values) {
  if (any_null(count, values)) return sqlite3_result_null(context);
  sqlite3_result_int64(context, static_cast<std::int64_t>(code_points(text_of(values[0])).size()));
}

// utf8proc makes U+00DF the capital U+1E9E; UnicodeData.txt gives it no simple upper case.
utf8proc_int32_t to_upper(utf8proc_int32_t point) {
  return point == 0xDF ? point : utf8proc_toupper(point);
}

template <utf8proc_int32_t (*Map)(utf8proc_int32_t)>
void map_function(sqlite3_context* context, int count, sqlite3_value** values) {
  if (any_null(count, values)) return sqlite3_result_null(context);
  std::string out;
  for (const utf8proc_int32_t point : code_points(text_of(values[0]))) {
    utf8proc_uint8_t bytes[4];
    const auto size = utf8proc_encode_char(Map(point), bytes);
    out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  }
  return_text(context, out);
}

// Days since 1970-01-01 of the proleptic Gregorian calendar, counted year by year.
std::int64_t days_of(int year, int month, int day) {
  const auto leap = [](int y) { return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0; };
  constexpr int kLengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  std::int64_t days = day - 1;
  for (int y = 1970; y < year; ++y) days += leap(y) ? 366 : 365;
  for (int y = year; y < 1970; ++y) days -= leap(y) ? 366 : 365;
  for (int m = 1; m < month; ++m) days += kLengths[m - 1] + (m == 2 && leap(year) ? 1 : 0);
  return days;
}

void ticks_function(sqlite3_context* context, int count, sqlite3_value** values) {
  if (any_null(count, values)) return sqlite3_result_null(context);
  std::string text = text_of(values[0]);
  if (text.size() == 10) text += " 00:00:00.0000000";
  const auto part = [&](std::size_t at, std::size_t size) {
    return std::atoi(text.substr(at, size).c_str());
  };
  std::int64_t ticks = days_of(part(0, 4), part(5, 2), part(8, 2)) * 86400;
  ticks += part(11, 2) * 3600 + part(14, 2) * 60 + part(17, 2);
  sqlite3_result_int64(context, ticks * 10'000'000 + part(20, 7));
}

struct Function {
  const char* name;
  int arguments;
  void (*call)(sqlite3_context*, int, sqlite3_value**);
};
constexpr Function kFunctions[] = {
    {"like", 2, like_function},
    {"like", 3, like_function},
    {"like_nocase", 2, like_nocase_function},
    {"length", 1, length_function},
    {"char_length", 1, char_length_function},
    {"upper", 1, map_function<to_upper>},
    {"lower", 1, map_function<utf8proc_tolower>},
    {"ticks", 1, ticks_function},
};

}  // namespace

void register_oracle_functions(sqlite3* database) {
  for (const Function& function : kFunctions) {
    sqlite3_create_function(database, function.name, function.arguments,
                            SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, function.call, nullptr,
                            nullptr);
  }
}

}  // namespace graphodbc::test
