// SQLSTATE values as a type, so that a misspelt one does not compile.
// Source: ODBC Programmer's Reference, Appendix A "ODBC Error Codes".
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace graphodbc::base {

class SqlState {
 public:
  // Accepts only the states listed below; anything else is a compile-time error.
  consteval SqlState(const char (&code)[6])  // NOLINT(google-explicit-constructor): "42S02"
      : code_{code[0], code[1], code[2], code[3], code[4], 0} {
    bool known = false;
    for (std::string_view candidate : kKnown) {
      if (candidate == std::string_view(code, 5)) known = true;
    }
    if (!known) throw "not an SQLSTATE of this driver";
  }

  // Five characters; lives as long as this object.
  constexpr std::string_view code() const { return {code_.data(), 5}; }
  constexpr bool is_warning() const { return code_[0] == '0' && code_[1] == '1'; }
  constexpr bool operator==(const SqlState&) const = default;

 private:
  static constexpr std::string_view kKnown[] = {
      "01000", "01004", "01S00", "01S01", "01S02", "01S05", "01S06", "01S07", "07001", "07002",
      "07005", "07006", "07007", "07009", "07S01", "08001", "08002", "08003", "08004", "08007",
      "08S01", "21000", "21S01", "21S02", "22001", "22002", "22003", "22007", "22008", "22011",
      "22012", "22015", "22018", "22019", "22025", "22026", "23000", "24000", "25000", "25006",
      "25S01", "28000", "34000", "3C000", "40001", "42000", "42S01", "42S02", "42S11", "42S12",
      "42S21", "42S22", "44000", "HY000", "HY001", "HY003", "HY004", "HY007", "HY008", "HY009",
      "HY010", "HY011", "HY012", "HY013", "HY014", "HY015", "HY016", "HY017", "HY018", "HY019",
      "HY020", "HY021", "HY024", "HY090", "HY091", "HY092", "HY095", "HY096", "HY097", "HY098",
      "HY099", "HY100", "HY101", "HY103", "HY104", "HY105", "HY106", "HY107", "HY109", "HY110",
      "HY111", "HY117", "HYC00", "HYT00", "HYT01", "IM001", "IM002", "IM003"};

  std::array<char, 6> code_;
};

}  // namespace graphodbc::base
