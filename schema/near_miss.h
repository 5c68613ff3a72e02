// "Did you mean ...?" for misspelt names.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace graphodbc::schema {

// Insertions, deletions, substitutions and swaps of neighbours that turn one text into the other,
// by code point and without case (Damerau-Levenshtein, optimal string alignment).
std::size_t edit_distance(std::string_view left, std::string_view right);

// The candidate closest to `name`, within a third of its length (at least 1, at most 3 edits), or
// with `name` as its part between underscores ("Address" for From_EmailAddress_Address when no
// other candidate has it). Empty when nothing is close.
std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace graphodbc::schema
