// Any Retry-After: no wait, or one that is not negative.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "graph/retry_policy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace graphodbc::graph;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::chrono::system_clock::time_point now{std::chrono::seconds(1'767'225'600)};
  const auto wait = parse_retry_after(text, now);
  if (wait && *wait < std::chrono::milliseconds(0)) std::abort();
  return 0;
}
