// Any access token: what it says is read, or it says nothing.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/base64.h"
#include "graph/oauth/jwt.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace graphodbc::graph;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)identity_from_token(text);
  // Claims that reach the reader of JSON.
  (void)identity_from_token("e30." + graphodbc::base::encode_base64url(text) + ".x");
  return 0;
}
