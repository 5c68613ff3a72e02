#include "graph/request_url.h"

#include <algorithm>

#include "base/url.h"

namespace graphodbc::graph {
namespace {

bool stays(char c) {
  constexpr std::string_view kMarks = "-._~,/:()'$*!@";
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         kMarks.find(c) != std::string_view::npos;
}

void append_encoded(std::string& url, std::string_view text) {
  for (const char c : text) {
    if (stays(c)) {
      url += c;
    } else {
      base::append_percent_escape(url, c);
    }
  }
}

}  // namespace

std::string request_url(std::string_view path, const QueryOptions& options) {
  std::string url(path);
  char separator = path.find('?') == std::string_view::npos ? '?' : '&';
  for (const auto& [name, value] : options) {
    url += separator;
    append_encoded(url, name);
    url += '=';
    append_encoded(url, value);
    separator = '&';
  }
  return url;
}

const std::string* find_option(const QueryOptions& options, std::string_view name) {
  const auto found = std::find_if(options.begin(), options.end(),
                                  [&](const auto& option) { return option.first == name; });
  return found == options.end() ? nullptr : &found->second;
}

void set_option(QueryOptions& options, std::string_view name, std::string value) {
  const auto found = std::find_if(options.begin(), options.end(),
                                  [&](const auto& option) { return option.first == name; });
  if (found != options.end()) {
    found->second = std::move(value);
  } else {
    options.emplace_back(name, std::move(value));
  }
}

}  // namespace graphodbc::graph
