// Splitting and comparing absolute http(s) URLs (RFC 3986), as far as a client of one service
// needs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace graphodbc::base {

struct Url {
  std::string scheme;      // lower case
  std::string host;        // lower case, without brackets
  std::uint16_t port = 0;  // the scheme's default filled in
  std::string path;        // as given, with leading '/', or empty
  std::string query;       // as given, without '?'

  // "https://host[:port]", default port left out.
  std::string origin() const;
};

// nullopt unless it is http:// or https:// with a host; user information, blanks, control and
// other characters that no URL may hold are refused too.
std::optional<Url> parse_url(std::string_view text);

bool same_origin(const Url& left, const Url& right);

// localhost, 127.0.0.0/8, ::1: the only hosts that may be spoken to without TLS.
bool is_loopback_host(std::string_view host);

// Everything but the unreserved characters of RFC 3986 as %XX: for path segments, query values and
// form fields.
std::string percent_encode(std::string_view text);

// `byte` as %XX, for those who keep other characters than percent_encode().
void append_percent_escape(std::string& out, char byte);

// %XX resolved once; what is no escape stays as it is.
std::string percent_decode(std::string_view text);
// The same where '+' is a blank: names and values of forms and queries
// (application/x-www-form-urlencoded).
std::string form_decode(std::string_view text);

}  // namespace graphodbc::base
