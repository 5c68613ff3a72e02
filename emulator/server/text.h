// Small text helpers of the emulator: splitting, percent-encoding, forms, globs, dates.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace graphodbc::emulator {

std::string to_lower(std::string_view text);  // ASCII only
bool equal_ignoring_case(std::string_view a, std::string_view b);
std::string_view trim(std::string_view text);

// Always at least one element; empty pieces are kept.
std::vector<std::string_view> split(std::string_view text, char separator);

// RFC 3986 percent-decoding; a `%` without two hex digits stays as it is. `plus_is_space` is the
// rule of application/x-www-form-urlencoded.
std::string percent_decode(std::string_view text, bool plus_is_space);
std::string percent_encode(std::string_view text);  // everything but unreserved characters

using Parameters = std::vector<std::pair<std::string, std::string>>;

// Name and value pairs of a query or form, decoded, in order.
Parameters parse_form(std::string_view text);
std::optional<std::string_view> find_parameter(const Parameters& parameters, std::string_view name);

std::string html_escape(std::string_view text);

// `*` matches any run of characters (slashes too), `?` one; without ASCII case.
bool glob_matches(std::string_view pattern, std::string_view text);

std::string http_date(std::chrono::system_clock::time_point time);         // RFC 9110 section 5.6.7
std::string iso_date_time(std::chrono::system_clock::time_point time);     // 2026-02-03T04:05:06
std::string aadsts_timestamp(std::chrono::system_clock::time_point time);  // 2026-02-03 04:05:06Z

}  // namespace graphodbc::emulator
