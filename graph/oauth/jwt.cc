#include "graph/oauth/jwt.h"

#include <simdjson.h>

#include <initializer_list>
#include <sstream>
#include <string>
#include <vector>

#include "base/base64.h"
#include "graph/json_member.h"

namespace graphodbc::graph {
namespace {

// `aud` may be a list (RFC 7519 4.1.3); the first is the service's.
std::string audience_of(simdjson::dom::object object) {
  simdjson::dom::array list;
  if (object["aud"].get(list) != simdjson::SUCCESS) return std::string(text_member(object, "aud"));
  for (simdjson::dom::element element : list) {
    std::string_view text;
    if (element.get(text) == simdjson::SUCCESS) return std::string(text);
  }
  return {};
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::istringstream stream{std::string(text)};
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::vector<std::string> list_of(simdjson::dom::object object, std::string_view key) {
  std::vector<std::string> texts;
  simdjson::dom::array list;
  if (object[key].get(list) != simdjson::SUCCESS) return texts;
  texts.reserve(list.size());
  for (simdjson::dom::element element : list) {
    std::string_view text;
    if (element.get(text) == simdjson::SUCCESS) texts.emplace_back(text);
  }
  return texts;
}

// The first of the members that is there.
std::string first_of(simdjson::dom::object object, std::initializer_list<std::string_view> keys) {
  for (std::string_view key : keys) {
    const std::string_view text = text_member(object, key);
    if (!text.empty()) return std::string(text);
  }
  return {};
}

}  // namespace

Identity identity_from_token(std::string_view access_token) {
  Identity identity;
  const std::size_t first = access_token.find('.');
  if (first == std::string_view::npos) return identity;
  const std::size_t second = access_token.find('.', first + 1);
  if (second == std::string_view::npos) return identity;
  const auto claims = base::decode_base64url(access_token.substr(first + 1, second - first - 1));
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (!claims || parser.parse(simdjson::padded_string(*claims)).get(object) != simdjson::SUCCESS) {
    return identity;
  }
  identity.object_id = text_member(object, "oid");
  identity.tenant_id = text_member(object, "tid");
  // Version 1 tokens, which Graph gets, say appid; version 2 tokens azp.
  identity.client_id = first_of(object, {"appid", "azp"});
  identity.audience = audience_of(object);
  identity.scopes = words_of(text_member(object, "scp"));
  identity.roles = list_of(object, "roles");
  identity.display_name = first_of(object, {"name", "app_displayname"});
  const std::string_view kind = text_member(object, "idtyp");
  const bool has_roles = object["roles"].error() == simdjson::SUCCESS;
  identity.app_only = kind == "app" || (kind.empty() && identity.scopes.empty() && has_roles);
  if (identity.app_only) return identity;
  identity.user_name = first_of(object, {"upn", "preferred_username", "unique_name", "email"});
  return identity;
}

}  // namespace graphodbc::graph
