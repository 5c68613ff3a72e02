#include "emulator/server/fault_bodies.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>

#include "emulator/identity/sign_in_error.h"
#include "emulator/server/graph_error.h"
#include "emulator/server/text.h"

namespace graphodbc::emulator {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kNextLink = "@odata.nextLink";
constexpr std::string_view kPageMarker = "emulatorpage=";
constexpr std::string_view kDatePrefix = "http-date:";

struct StatusCode {
  int status;
  std::string_view code;
};

constexpr std::array kDefaultCodes = {
    StatusCode{400, "BadRequest"},          StatusCode{401, "InvalidAuthenticationToken"},
    StatusCode{403, "accessDenied"},        StatusCode{404, "itemNotFound"},
    StatusCode{409, "nameAlreadyExists"},   StatusCode{410, "resyncRequired"},
    StatusCode{412, "preconditionFailed"},  StatusCode{429, "TooManyRequests"},
    StatusCode{500, "generalException"},    StatusCode{501, "NotImplemented"},
    StatusCode{503, "serviceNotAvailable"}, StatusCode{504, "UnknownError"},
    StatusCode{507, "quotaLimitReached"},
};

std::string default_code(int status) {
  for (const auto& entry : kDefaultCodes) {
    if (entry.status == status) return std::string(entry.code);
  }
  return "UnknownError";
}

std::string retry_after_value(const std::string& given) {
  if (!given.starts_with(kDatePrefix)) return given;
  const double seconds = std::strtod(given.c_str() + kDatePrefix.size(), nullptr);
  return http_date(std::chrono::system_clock::now() +
                   std::chrono::duration_cast<std::chrono::system_clock::duration>(
                       std::chrono::duration<double>(seconds)));
}

std::string own_url(const Request& request) {
  return request.base_url + request.path + (request.query.empty() ? "" : "?" + request.query);
}

// A link to this very request that no loop guard can take for a repetition.
std::string fresh_own_url(const Request& request) {
  static std::atomic<std::uint64_t> counter = 0;
  Request plain = request;
  plain.query = without_page_marker(request.query);
  return own_url(plain) + (plain.query.empty() ? "?" : "&") + std::string(kPageMarker) +
         std::to_string(++counter);
}

std::string foreign_url(const std::string& link, const std::string& host) {
  const auto authority = link.find("://") + 3;
  const auto path = link.find('/', authority);
  const std::string rest = path == std::string::npos ? "" : link.substr(path);
  if (host.find("://") != std::string::npos) return host + rest;
  const auto port = link.find(':', authority);
  const std::string port_text = port < path ? link.substr(port, path - port) : std::string();
  return link.substr(0, authority) + host + port_text + rest;
}

void damage_json(const FaultAction& action, std::string& body) {
  if (action.mode == "empty") {
    body.clear();
  } else if (action.mode == "garbage") {
    const std::size_t at = body.size() / 2;
    const std::string junk = "}]\x01 not json {[";
    body.replace(at, std::min(junk.size(), body.size() - at), junk);
  } else {
    body.resize(body.size() / 2);
  }
}

void drop_first(Json& array, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) array.erase(0);
}

Json put_in_front(Json rows, const Json& value, int count) {
  // Without an earlier page the page's own last rows come twice.
  if (rows.empty()) rows = value;
  const auto wanted = static_cast<std::size_t>(std::max(0, count));
  if (rows.size() > wanted) drop_first(rows, rows.size() - wanted);
  rows.insert(rows.end(), value.begin(), value.end());
  return rows;
}

void break_off(const Request& request, Json& page) {
  auto& value = page["value"];
  value.erase(value.begin() + static_cast<std::ptrdiff_t>(value.size() / 2), value.end());
  page.erase(std::string(kNextLink));
  const Response error =
      graph_error(500, "InternalServerError", "The stream was interrupted.", request);
  page["error"] = Json::parse(error.body).at("error");
}

void alter_page(const FaultAction& action, const Request& request, const Json& previous_rows,
                Json& page) {
  const std::string next(kNextLink);
  switch (action.kind) {
    case FaultKind::kEmptyPage:
      page["value"] = Json::array();
      page[next] = fresh_own_url(request);
      break;
    case FaultKind::kMissingNextLink:
      page.erase(next);
      break;
    case FaultKind::kLoopingNextLink:
      page[next] = own_url(request);
      break;
    case FaultKind::kForeignNextLink: {
      const std::string link =
          page.contains(next) ? page[next].get<std::string>() : own_url(request);
      page[next] = foreign_url(link, action.host.empty() ? "https://evil.example" : action.host);
      break;
    }
    case FaultKind::kDuplicateRows:
      page["value"] = put_in_front(previous_rows, page["value"], action.rows);
      break;
    case FaultKind::kErrorInBody:
      break_off(request, page);
      break;
    default:
      break;
  }
}

bool changes_page(FaultKind kind) {
  constexpr std::array kPageKinds = {FaultKind::kEmptyPage,       FaultKind::kMissingNextLink,
                                     FaultKind::kLoopingNextLink, FaultKind::kForeignNextLink,
                                     FaultKind::kDuplicateRows,   FaultKind::kErrorInBody};
  return std::find(kPageKinds.begin(), kPageKinds.end(), kind) != kPageKinds.end();
}

// Start positions of the top-level pieces between ` and `; empty when ` or ` joins them.
std::vector<std::string_view> conjuncts(std::string_view filter) {
  std::vector<std::string_view> pieces;
  int depth = 0;
  bool quoted = false;
  std::size_t start = 0;
  for (std::size_t i = 0; i < filter.size(); ++i) {
    const char c = filter[i];
    if (c == '\'') quoted = !quoted;  // a doubled quote toggles twice
    if (quoted) continue;
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (depth != 0 || c != ' ') continue;
    if (equal_ignoring_case(filter.substr(i, 4), " or ")) return {filter};
    if (equal_ignoring_case(filter.substr(i, 5), " and ")) {
      pieces.push_back(filter.substr(start, i - start));
      start = i + 5;
      i += 4;
    }
  }
  pieces.push_back(filter.substr(start));
  return pieces;
}

}  // namespace

std::string without_page_marker(std::string_view query) {
  std::string out;
  for (const auto piece : split(query, '&')) {
    if (piece.starts_with(kPageMarker)) continue;
    if (!out.empty()) out += '&';
    out += piece;
  }
  return out;
}

std::string widened_filter(std::string_view filter, int drop) {
  const auto pieces = conjuncts(trim(filter));
  if (pieces.size() < 2) return {};
  const auto dropped = drop < 0 || static_cast<std::size_t>(drop) >= pieces.size()
                           ? pieces.size() - 1
                           : static_cast<std::size_t>(drop);
  std::string out;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (i == dropped) continue;
    if (!out.empty()) out += " and ";
    out += pieces[i];
  }
  return out;
}

std::optional<Response> replacement_response(const FaultAction& action, const Request& request,
                                             bool token_request) {
  if (action.kind == FaultKind::kExpiredToken) {
    Response response = graph_error(401, "InvalidAuthenticationToken",
                                    "Lifetime validation failed, the token is expired.", request);
    response.headers.emplace_back("WWW-Authenticate", "Bearer error=\"invalid_token\"");
    return response;
  }
  if (action.kind != FaultKind::kStatus && action.kind != FaultKind::kHtmlError) {
    return std::nullopt;
  }
  Response response;
  if (action.kind == FaultKind::kHtmlError) {
    response = html_response(action.status,
                             "<html><head><title>" + std::to_string(action.status) +
                                 "</title></head><body><h1>Our services aren't available right "
                                 "now</h1></body></html>");
  } else if (token_request) {
    const SignInError error{action.code.empty() ? "temporarily_unavailable" : action.code,
                            action.aadsts,
                            action.message.empty() ? "A transient error has occurred. Please try "
                                                     "again."
                                                   : action.message,
                            ""};
    response = token_error_response(error, request);
  } else {
    response =
        graph_error(action.status, action.code.empty() ? default_code(action.status) : action.code,
                    action.message.empty() ? "Please retry again later." : action.message, request);
  }
  response.status = action.status;
  if (action.raw_body) response.body = *action.raw_body;
  if (!action.retry_after.empty()) {
    response.headers.emplace_back("Retry-After", retry_after_value(action.retry_after));
  }
  for (const auto& [name, value] : action.headers) {
    std::erase_if(response.headers, [&, &header = name](const auto& old) {
      return equal_ignoring_case(old.first, header);
    });
    response.headers.emplace_back(name, value);
  }
  return response;
}

void alter_request(const FaultAction& action, Request& request) {
  if (action.kind != FaultKind::kIgnoreFilter && action.kind != FaultKind::kWidenFilter) return;
  std::string query;
  for (const auto piece : split(request.query, '&')) {
    const auto equals = piece.find('=');
    std::string kept(piece);
    if (percent_decode(piece.substr(0, equals), true) == "$filter" &&
        equals != std::string_view::npos) {
      const std::string filter = percent_decode(piece.substr(equals + 1), true);
      const std::string wider = action.kind == FaultKind::kIgnoreFilter
                                    ? std::string()
                                    : widened_filter(filter, action.drop);
      kept = wider.empty() ? "" : "$filter=" + percent_encode(wider);
    }
    if (kept.empty()) continue;
    if (!query.empty()) query += '&';
    query += kept;
  }
  request.query = query;
}

void alter_response(const FaultAction& action, const Request& request, const Json& previous_rows,
                    Response& response) {
  if (action.kind == FaultKind::kMalformedJson) return damage_json(action, response.body);
  if (!changes_page(action.kind) || response.status != 200) return;
  Json page = Json::parse(response.body, nullptr, false);
  if (!page.is_object() || !page.contains("value") || !page["value"].is_array()) return;
  alter_page(action, request, previous_rows, page);
  response.body = page.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace graphodbc::emulator
