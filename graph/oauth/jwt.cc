#include "graph/oauth/jwt.h"

#include <simdjson.h>

#include <string>

#include "graph/oauth/base64url.h"

namespace graphodbc::graph {
namespace {

std::string_view text_of(simdjson::dom::object object, std::string_view key) {
  std::string_view value;
  return object[key].get(value) == simdjson::SUCCESS ? value : std::string_view();
}

}  // namespace

Identity identity_from_token(std::string_view access_token) {
  Identity identity;
  const std::size_t first = access_token.find('.');
  if (first == std::string_view::npos) return identity;
  const std::size_t second = access_token.find('.', first + 1);
  if (second == std::string_view::npos) return identity;
  const auto claims = decode_base64url(access_token.substr(first + 1, second - first - 1));
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (!claims || parser.parse(simdjson::padded_string(*claims)).get(object) != simdjson::SUCCESS) {
    return identity;
  }
  const std::string_view kind = text_of(object, "idtyp");
  const bool delegated = !text_of(object, "scp").empty();
  const bool has_roles = object["roles"].error() == simdjson::SUCCESS;
  identity.app_only = kind == "app" || (kind.empty() && !delegated && has_roles);
  if (identity.app_only) return identity;
  for (std::string_view key : {"upn", "preferred_username", "unique_name", "email"}) {
    identity.user_name = text_of(object, key);
    if (!identity.user_name.empty()) break;
  }
  return identity;
}

}  // namespace graphodbc::graph
