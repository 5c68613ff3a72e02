#include "tests/e2e/oracle_functions.h"

#include <sqlite3.h>
#include <utf8proc.h>

#include <algorithm>
#include <cctype>
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

// utf8proc knows full folding alone. Where that gives one character it is the simple folding, too;
// where it gives several there is none, but for the capital sharp s.
utf8proc_int32_t folded(utf8proc_int32_t point) {
  if (point == 0x1E9E) return 0xDF;
  utf8proc_int32_t out[8];
  int boundary = 0;
  const utf8proc_ssize_t count =
      utf8proc_decompose_char(point, out, 8, UTF8PROC_CASEFOLD, &boundary);
  return count == 1 ? out[0] : point;
}

std::string utf8(const CodePoints& points) {
  std::string out;
  for (const utf8proc_int32_t point : points) {
    utf8proc_uint8_t bytes[4];
    const auto size = utf8proc_encode_char(point, bytes);
    out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  }
  return out;
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
  const bool equal = nocase ? folded(text[i]) == folded(pattern[j]) : text[i] == pattern[j];
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
  CodePoints points = code_points(text_of(values[0]));
  for (utf8proc_int32_t& point : points) point = Map(point);
  return_text(context, utf8(points));
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
    {"fold", 1, map_function<folded>},
    {"ticks", 1, ticks_function},
};

int compare_folded(void*, int left_size, const void* left, int right_size, const void* right) {
  const auto text = [](const void* data, int size) {
    return test::folded({static_cast<const char*>(data), static_cast<std::size_t>(size)});
  };
  return text(left, left_size).compare(text(right, right_size));
}

}  // namespace

std::string folded(const std::string& text) {
  if (std::all_of(text.begin(), text.end(), [](char c) { return c >= 0; })) {
    std::string out = text;
    for (char& c : out) c = static_cast<char>(std::tolower(c));
    return out;
  }
  CodePoints points = code_points(text);
  for (utf8proc_int32_t& point : points) point = folded(point);
  return utf8(points);
}

void register_oracle_functions(sqlite3* database) {
  for (const Function& function : kFunctions) {
    sqlite3_create_function(database, function.name, function.arguments,
                            SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, function.call, nullptr,
                            nullptr);
  }
  sqlite3_create_collation(database, "FOLD", SQLITE_UTF8, nullptr, compare_folded);
}

}  // namespace graphodbc::test
