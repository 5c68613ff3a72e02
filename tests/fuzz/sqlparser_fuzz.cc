// Any text either parses or fails with base::Error; what parses prints to text that parses to the
// same text.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/error.h"
#include "sqlparser/parser.h"
#include "sqlparser/printer.h"

using graphodbc::base::Error;
using graphodbc::sqlparser::parse_statement;
using graphodbc::sqlparser::print;
using graphodbc::sqlparser::StatementPtr;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  StatementPtr statement;
  try {
    statement = parse_statement({reinterpret_cast<const char*>(data), size});
  } catch (const Error&) {
    return 0;
  }
  const std::string printed = print(*statement);
  try {
    const StatementPtr again = parse_statement(printed);
    if (print(*again) == printed && again->parameter_count == statement->parameter_count) return 0;
    std::fprintf(stderr, "not a fixed point: %s\n", printed.c_str());
  } catch (const Error& error) {
    // Printing may lengthen the text and add brackets; nothing else may be refused the second time.
    if (error.message().starts_with("statement too long")) return 0;
    if (error.message().starts_with("too many nesting levels")) return 0;
    std::fprintf(stderr, "%s: %s\n", error.what(), printed.c_str());
  }
  std::abort();
}
