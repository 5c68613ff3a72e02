#include "base/file_name.h"

#include "base/url.h"

namespace graphodbc::base {

std::string file_name_of(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    const bool sign = c == '-' || c == '_' || (c == '.' && !out.empty());
    if (c >= 'A' && c <= 'Z') {
      out += static_cast<char>(c | 0x20);
    } else if (letter || sign) {
      out += c;
    } else {
      append_percent_escape(out, c);
    }
  }
  return out.empty() ? "%default" : out;
}

}  // namespace graphodbc::base
