#include "graph/service_error.h"

#include <simdjson.h>

#include <algorithm>

#include "base/log.h"
#include "base/url.h"
#include "base/utf.h"
#include "graph/json_member.h"
#include "graph/oauth/identity.h"

namespace graphodbc::graph {
namespace {

constexpr std::size_t kLongestServiceText = 400;

struct Rule {
  int low;  // HTTP statuses from low to high
  int high;
  std::string_view code;  // empty: any
  base::SqlState state;
  std::string_view advice;
};

constexpr std::string_view kPermission =
    "the app or the user lacks a permission, or an access policy forbids it";
constexpr std::string_view kNoMailbox =
    "this user has no Exchange Online mailbox (unlicensed, on-premises or guest)";

// First match wins. Contract sheet (h); states by sql-dialect.md 8. A service that is busy or slow
// is a time-out (HYT00): the link itself works, and pools must not drop the connection.
constexpr Rule kRules[] = {
    {300, 399, "", "08S01",
     "redirects are not followed with a token; check GraphUrl and any proxy"},
    {400, 400, "InefficientFilter", "42000",
     "Outlook cannot combine this filter and order; set PushdownFallback=on or Pushdown=off"},
    {400, 400, "Directory_ExpiredPageToken", "08S01", "the page link expired; run the query again"},
    {400, 400, "", "42000", "Graph does not accept this query; Pushdown=off may help"},
    {401, 401, "", "28000",
     "the access token was refused even after renewal; check that Scope and GraphUrl belong to the "
     "same cloud and sign in again"},
    {402, 402, "", "42000", "the service is metered and not paid for"},
    {403, 403, "", "42000", kPermission},
    {404, 404, "MailboxNotEnabledForRESTAPI", "42000", kNoMailbox},
    {404, 404, "ErrorNonExistentMailbox", "42000", kNoMailbox},
    {404, 404, "", "42000", "the object does not exist or this account cannot see it"},
    {405, 406, "", "42000", "this operation does not exist here"},
    {407, 407, "", "08S01", "the proxy wants a sign-in"},
    {408, 408, "", "HYT00", "the service gave up waiting; try again"},
    {409, 409, "", "23000", "the object exists already or was changed meanwhile"},
    {410, 410, "", "08S01", "the page link or change token is gone; run the query again"},
    {412, 412, "", "23000", "the object was changed meanwhile; read it again"},
    {423, 423, "", "42000", "the object is locked"},
    {429, 429, "", "HYT00",
     "the service is throttling this app or mailbox; wait, or raise RetryCountMax"},
    {451, 451, "", "42000", "blocked for legal reasons"},
    {400, 499, "", "42000", "Graph refused the request"},
    {501, 501, "", "42000", "this service does not implement the option; Pushdown=off may help"},
    {504, 504, "", "HYT00", "the service ran out of time; select fewer columns or narrower rows"},
    {507, 507, "", "42000", "a quota is used up"},
    {509, 509, "", "HYT00", "the bandwidth limit is used up; wait"},
    {500, 599, "", "08S01", "the service failed; try again, or raise RetryCountMax"},
};

constexpr Rule kUnknownRule = {0, 999, "", "08S01", "the answer makes no sense; check GraphUrl"};

bool equal_code(std::string_view left, std::string_view right) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

const Rule& rule_of(int status, std::string_view code) {
  for (const Rule& rule : kRules) {
    if (status < rule.low || status > rule.high) continue;
    if (rule.code.empty() || equal_code(rule.code, code)) return rule;
  }
  return kUnknownRule;
}

// `innerError` and `innererror` both occur, and nest.
bool step_inside(simdjson::dom::object& object) {
  simdjson::dom::object inner;
  for (std::string_view key : {"innerError", "innererror"}) {
    if (object[key].get(inner) == simdjson::SUCCESS) {
      object = inner;
      return true;
    }
  }
  return false;
}

// The samples repeat the status as an inner "code": that is no name.
bool is_name(std::string_view code) {
  return code.find_first_not_of("0123456789") != std::string_view::npos;
}

void take(std::string& slot, std::string_view text) {
  if (slot.empty()) slot = text;
}

std::string joined(const std::vector<std::string>& names, std::string_view separator) {
  std::string out;
  for (const std::string& name : names) {
    if (!out.empty()) out += separator;
    out += name;
  }
  return out;
}

// Whose the data behind an address is, as far as the address tells.
enum class Owner : std::uint8_t { kSignedIn, kAnother, kUnknown };

Owner owner_of(std::string_view url, const Identity& identity) {
  const auto parsed = base::parse_url(url);
  std::string_view path = parsed ? std::string_view(parsed->path) : url;
  constexpr std::string_view kVersion = "/v1.0/";
  if (const std::size_t at = path.find(kVersion); at != std::string_view::npos) {
    path.remove_prefix(at + kVersion.size());
  }
  const std::string_view collection = path.substr(0, path.find('/'));
  if (collection == "drives") return Owner::kUnknown;
  if (collection != "users" || path.size() == collection.size()) return Owner::kSignedIn;
  path.remove_prefix(collection.size() + 1);
  const std::string user = base::percent_decode(path.substr(0, path.find('/')));
  const bool own =
      base::equal_nocase(user, identity.user_name) || base::equal_nocase(user, identity.object_id);
  return own ? Owner::kSignedIn : Owner::kAnother;
}

std::string needed_permissions(const HttpResponse& response, const RequestContext& context) {
  std::string own = joined(context.least_permissions, " or ");
  const std::string others = joined(context.least_for_others, " or ");
  if (own.empty() || others.empty() || !response.identity || response.identity->app_only) {
    return own;
  }
  switch (owner_of(response.url, *response.identity)) {
    case Owner::kAnother:
      return others + ", as it is another user's (who must share mail and files too)";
    case Owner::kUnknown:
      return own + ", or " + others + " where it is another's";
    case Owner::kSignedIn:
      break;
  }
  return own;
}

// Only what looks like a permission's name: nothing else of a token is for messages.
bool is_permission_name(std::string_view text) {
  constexpr std::size_t kLongest = 100;
  return !text.empty() && text.size() <= kLongest &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '.' || c == '_' || c == '-';
         });
}

// What the token was granted, by its own word; empty when it cannot be read.
std::string granted_permissions(const Identity* identity) {
  constexpr std::size_t kLongestList = 300;
  if (identity == nullptr || identity->audience.empty()) return {};
  std::string out;
  for (const std::string& name : identity->app_only ? identity->roles : identity->scopes) {
    if (!is_permission_name(name)) continue;
    if (out.size() > kLongestList) return out + " ...";
    out += " " + name;
  }
  return out.empty() ? " no permission at all" : out;
}

// Whatever text a gateway sent is cut, put on one line and cleaned of secrets.
std::string quote_service(std::string_view text) {
  std::string line = base::redact(text);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  if (line.size() <= kLongestServiceText) return line;
  return line.substr(0, base::utf8_prefix(line, kLongestServiceText)) + "...";
}

std::string advice_of(const Rule& rule, int status, const HttpResponse& response,
                      const RequestContext& context) {
  std::string advice(rule.advice);
  if (status == 403) {
    const std::string needed = needed_permissions(response, context);
    if (!needed.empty()) advice += "; least permission: " + needed;
    const std::string granted = granted_permissions(response.identity.get());
    if (!granted.empty()) advice += "; the token has" + granted;
  }
  if (status == 401 &&
      response.header("www-authenticate").find("claims=") != std::string_view::npos) {
    advice = "Conditional Access asks for a new interactive sign-in (claims challenge)";
  }
  return advice;
}

}  // namespace

ErrorBody parse_error_body(std::string_view json) {
  ErrorBody body;
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(simdjson::padded_string(json)).get(object) != simdjson::SUCCESS) return body;
  simdjson::dom::object error;
  if (object["error"].get(error) != simdjson::SUCCESS) return body;
  do {
    const std::string_view code = text_member(error, "code");
    if (!code.empty() && (is_name(code) || body.code.empty())) body.code = code;
    take(body.message, text_member(error, "message"));
    take(body.request_id, text_member(error, "request-id"));
    take(body.date, text_member(error, "date"));
  } while (step_inside(error));
  return body;
}

base::SqlState state_of(int http_status, std::string_view code) {
  return rule_of(http_status, code).state;
}

ServiceError make_service_error(const HttpResponse& response, const RequestContext& context) {
  const bool decoded = response.content_encoding.empty();
  return make_service_error(response, decoded ? response.body.view() : std::string_view(), context);
}

ServiceError make_service_error(const HttpResponse& response, std::string_view text,
                                const RequestContext& context) {
  const ErrorBody body = parse_error_body(text);
  const Rule& rule = rule_of(response.status, body.code);
  std::string message = context.table_name.empty() ? "" : context.table_name + ": ";
  message += "Graph answered " + std::to_string(response.status);
  if (!body.code.empty()) message += " " + quote_service(body.code).substr(0, 100);
  message += " to " + response.method + " " + describe_url(response.url);
  message += ": " + advice_of(rule, response.status, response, context);
  if (!body.message.empty()) message += ". It said: " + quote_service(body.message);
  const std::string_view id =
      response.request_id.empty() ? std::string_view(body.request_id) : response.request_id;
  message += " (";
  if (!id.empty()) message += "request-id " + quote_service(id).substr(0, 100) + ", ";
  const std::string_view date =
      body.date.empty() ? std::string_view(response.date) : std::string_view(body.date);
  if (!date.empty()) message += quote_service(date).substr(0, 40) + ", ";
  message += std::to_string(response.attempts);
  message += response.attempts == 1 ? " attempt)" : " attempts)";
  return {rule.state, std::move(message), response.status, body.code};
}

std::string describe_url(std::string_view url) {
  const auto parsed = base::parse_url(url);
  std::string_view path;
  std::string_view query;
  if (parsed) {
    path = parsed->path;
    query = parsed->query;
  } else {
    const std::size_t mark = url.find('?');
    path = url.substr(0, mark);
    if (mark != std::string_view::npos) query = url.substr(mark + 1);
  }
  std::string out(path.substr(0, base::utf8_prefix(path, 200)));
  char separator = '?';
  while (!query.empty() && out.size() < 300) {
    const std::string_view option = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(option.size() + 1, query.size()));
    std::string name(option.substr(0, option.find('=')));
    if (name.starts_with("%24")) name.replace(0, 3, "$");
    if (name.empty()) continue;
    out += separator;
    out += name.substr(0, 40);
    separator = '&';
  }
  return out;
}

}  // namespace graphodbc::graph
