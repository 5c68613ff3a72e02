#include "base/text_width.h"

#include <utf8proc.h>

#include "base/utf.h"

namespace graphodbc::base {

std::size_t display_width(char32_t code_point) {
  const int width = utf8proc_charwidth(static_cast<utf8proc_int32_t>(code_point));
  return width > 0 ? static_cast<std::size_t>(width) : 0;
}

std::size_t display_width(std::string_view utf8) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < utf8.size();) width += display_width(next_code_point(utf8, at));
  return width;
}

}  // namespace graphodbc::base
