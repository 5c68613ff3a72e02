// How wide text stands on a terminal.
#pragma once

#include <cstddef>
#include <string_view>

namespace graphodbc::base {

// Cells of a terminal: 2 for East Asian wide characters and emoji, 0 for combining marks, else 1
// (Unicode Standard Annex 11, by utf8proc). Control characters count 0.
std::size_t display_width(char32_t code_point);
std::size_t display_width(std::string_view utf8);

}  // namespace graphodbc::base
