// Any text: parsing either fails with an Error or gives attributes that survive writing and
// parsing; resolving them never does anything but succeed or throw an Error.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/error.h"
#include "config/settings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace graphodbc;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const auto attributes = config::parse_connection_string(text);
    const std::string written = config::write_connection_string(attributes);
    if (config::parse_connection_string(written) != attributes) std::abort();
    (void)config::resolve(attributes, {});
  } catch (const base::Error& error) {
    if (error.message().empty()) std::abort();
  }
  return 0;
}
