// Any answer of a token endpoint, a managed identity endpoint or the Azure CLI: read, or refused
// with a message. A token that is taken may stand in a header line.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "graph/oauth/azure_cli.h"
#include "graph/oauth/token_endpoint.h"
#include "graph/oauth/token_error.h"

namespace {

void require_header_safe(const graphodbc::base::Secret& token) {
  if (token.empty()) std::abort();
  for (const char c : token.reveal()) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7F) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace graphodbc;
  using namespace graphodbc::graph;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const WallTime now{std::chrono::seconds(1'767'225'600)};
  if (const auto answer = parse_token_answer(text, now)) {
    require_header_safe(answer->access.text);
    if (*answer->access.expires_at < now) std::abort();
  }
  if (const auto token = parse_cli_token(text)) require_header_safe(token->text);
  const TokenErrorBody body = parse_token_error(text);
  ClientSettings settings;
  settings.token_url = "https://login.example.com/t/oauth2/v2.0/token";
  const TokenRefused error = token_error(400, body, "renewing the access token", settings);
  if (error.message().empty()) std::abort();
  return 0;
}
