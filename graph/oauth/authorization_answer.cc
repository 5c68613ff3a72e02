#include "graph/oauth/authorization_answer.h"

#include <algorithm>

#include "base/url.h"

namespace graphodbc::graph {
namespace {

// From the query on to where the address ends in running text.
std::optional<std::string> query_after(std::string_view text, std::string_view return_url) {
  for (std::size_t at = text.find(return_url); at != std::string_view::npos;
       at = text.find(return_url, at + 1)) {
    std::string_view rest = text.substr(at + return_url.size());
    // A browser gives an address without a path the path "/".
    if (rest.starts_with('/')) rest.remove_prefix(1);
    // A ReturnUrl with a query of its own gets the answer appended to it.
    const bool appended = return_url.find('?') != std::string_view::npos && rest.starts_with('&');
    if (!rest.starts_with('?') && !appended) continue;
    rest.remove_prefix(1);
    return std::string(rest.substr(0, rest.find_first_of(" \t\r\n\"'<>`#")));
  }
  return std::nullopt;
}

}  // namespace

std::optional<AuthorizationAnswer> parse_answer(std::string_view form) {
  AuthorizationAnswer answer;
  struct Member {
    std::string_view name;
    std::string& value;
    bool seen = false;
  };
  Member members[] = {{"code", answer.code},
                      {"state", answer.state},
                      {"error", answer.error},
                      {"error_description", answer.error_description}};
  while (!form.empty()) {
    const std::string_view pair = form.substr(0, form.find('&'));
    form.remove_prefix(std::min(form.size(), pair.size() + 1));
    const std::size_t equals = pair.find('=');
    const std::string name = base::form_decode(pair.substr(0, equals));
    for (Member& member : members) {
      if (member.name != name) continue;
      if (member.seen) return std::nullopt;
      member.seen = true;
      if (equals != std::string_view::npos)
        member.value = base::form_decode(pair.substr(equals + 1));
    }
  }
  if (answer.code.empty() && answer.error.empty()) return std::nullopt;
  return answer;
}

std::optional<std::string> query_of_pasted(std::string_view text, std::string_view return_url) {
  constexpr int kMostLayers = 2;
  std::string current(text);
  for (int layer = 0; layer <= kMostLayers; ++layer) {
    if (auto query = query_after(current, return_url)) return query;
    current = base::percent_decode(current);
  }
  return std::nullopt;
}

}  // namespace graphodbc::graph
