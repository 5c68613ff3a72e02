#include "emulator/server/control_api.h"

#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace graphodbc::emulator {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kPrefix = "/_control";
constexpr int kExpiredByInactivity = 700082;

Json read_json(const Request& request) {
  Json body = Json::parse(request.body, nullptr, false);
  if (body.is_discarded()) throw std::invalid_argument("the body is no JSON");
  return body;
}

template <class Value>
std::optional<Value> member(const Json& body, const char* name) {
  if (!body.is_object() || !body.contains(name)) return std::nullopt;
  try {
    return body.at(name).get<Value>();
  } catch (const Json::exception&) {
    throw std::invalid_argument(std::string("'") + name + "' has the wrong type");
  }
}

template <class Value>
Value required(const Json& body, const char* name) {
  auto value = member<Value>(body, name);
  if (!value) throw std::invalid_argument(std::string("'") + name + "' is missing");
  return *value;
}

Response done() {
  return json_response(200, "{}");
}

Response failure(int status, const std::string& text) {
  return json_response(status,
                       Json{{"error", text}}.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace

struct ControlApi::Route {
  std::string_view method;
  std::string_view path;
  Response (ControlApi::*handler)(const Request&);
};

const ControlApi::Route* ControlApi::find_route(std::string_view method, std::string_view path) {
  static constexpr std::array kRoutes = {
      Route{"GET", "/requests", &ControlApi::get_requests},
      Route{"DELETE", "/requests", &ControlApi::delete_requests},
      Route{"GET", "/faults", &ControlApi::get_faults},
      Route{"POST", "/faults", &ControlApi::post_faults},
      Route{"DELETE", "/faults", &ControlApi::delete_faults},
      Route{"GET", "/stats", &ControlApi::get_stats},
      Route{"DELETE", "/stats", &ControlApi::delete_stats},
      Route{"POST", "/token-lifetime", &ControlApi::post_token_lifetime},
      Route{"POST", "/latency", &ControlApi::post_latency},
      Route{"POST", "/revoke", &ControlApi::post_revoke},
      Route{"POST", "/certificates", &ControlApi::post_certificates},
      Route{"POST", "/devicecode", &ControlApi::post_device_code},
      Route{"POST", "/devicecode/approve", &ControlApi::post_device_approve},
      Route{"POST", "/devicecode/decline", &ControlApi::post_device_decline},
      Route{"POST", "/consent", &ControlApi::post_consent},
      Route{"POST", "/redirect-uris", &ControlApi::post_redirect_uris},
      Route{"POST", "/federated-token", &ControlApi::post_federated_token},
  };
  for (const auto& route : kRoutes) {
    if (route.method == method && route.path == path) return &route;
  }
  return nullptr;
}

bool ControlApi::owns(std::string_view path) {
  return path == kPrefix || (path.starts_with(kPrefix) && path[kPrefix.size()] == '/');
}

Response ControlApi::handle(const Request& request) {
  const Route* route =
      find_route(request.method, std::string_view(request.path).substr(kPrefix.size()));
  if (route == nullptr) {
    return failure(404, "no such control call: " + request.method + " " + request.path);
  }
  try {
    return (this->*route->handler)(request);
  } catch (const std::invalid_argument& problem) {
    return failure(400, problem.what());
  }
}

Response ControlApi::get_requests(const Request& request) {
  const Parameters parameters = parse_form(request.query);
  return json_response(200,
                       log_.json(std::string(find_parameter(parameters, "method").value_or("")),
                                 std::string(find_parameter(parameters, "path").value_or(""))));
}

Response ControlApi::delete_requests(const Request&) {
  log_.clear();
  return done();
}

Response ControlApi::get_faults(const Request&) {
  return json_response(200, faults_.list());
}

Response ControlApi::post_faults(const Request& request) {
  const std::vector<int> ids = faults_.add(read_json(request));
  return json_response(200, Json{{"ids", ids}}.dump());
}

Response ControlApi::delete_faults(const Request&) {
  faults_.clear();
  return done();
}

Response ControlApi::get_stats(const Request&) {
  return json_response(
      200, throttle_.stats_json(server_.accepted_connections(), identity_.replayed_assertions()));
}

Response ControlApi::delete_stats(const Request&) {
  throttle_.clear_stats();
  return done();
}

Response ControlApi::post_token_lifetime(const Request& request) {
  const int seconds = required<int>(read_json(request), "seconds");
  if (seconds < 1) throw std::invalid_argument("'seconds' must be at least 1");
  identity_.tokens().set_lifetime(std::chrono::seconds(seconds));
  return done();
}

Response ControlApi::post_latency(const Request& request) {
  gate_.set_latency(std::chrono::milliseconds(required<int>(read_json(request), "ms")));
  return done();
}

Response ControlApi::post_revoke(const Request& request) {
  const Json body = read_json(request);
  const std::string what = required<std::string>(body, "what");
  const int code = member<int>(body, "code").value_or(kExpiredByInactivity);
  if (what == "access") {
    identity_.tokens().revoke_access_tokens();
  } else if (what == "refresh") {
    if (const auto token = member<std::string>(body, "token")) {
      identity_.tokens().revoke_refresh_token(*token, code);
    } else {
      identity_.tokens().revoke_refresh_tokens(code);
    }
  } else {
    throw std::invalid_argument("'what' is access or refresh");
  }
  return done();
}

Response ControlApi::post_certificates(const Request& request) {
  if (!identity_.register_certificate(request.body)) {
    throw std::invalid_argument("the body holds no PEM certificate");
  }
  return done();
}

Response ControlApi::post_device_code(const Request& request) {
  const Json body = read_json(request);
  identity_.set_device_behaviour(member<int>(body, "interval"), member<int>(body, "approve_after"));
  return done();
}

Response ControlApi::decide_device_code(const Request& request, bool approve) {
  const std::string code = required<std::string>(read_json(request), "user_code");
  if (identity_.decide_device_code(code, approve)) return done();
  return failure(404, "no pending sign-in has this user code");
}

Response ControlApi::post_device_approve(const Request& request) {
  return decide_device_code(request, true);
}

Response ControlApi::post_device_decline(const Request& request) {
  return decide_device_code(request, false);
}

Response ControlApi::post_consent(const Request& request) {
  const Json body = read_json(request);
  const auto scopes = member<std::vector<std::string>>(body, "scopes");
  const auto roles = member<std::vector<std::string>>(body, "roles");
  if (!scopes && !roles) throw std::invalid_argument("'scopes' or 'roles' must be given");
  if (scopes) identity_.set_consent(*scopes);
  if (roles) identity_.set_roles(*roles);
  return done();
}

Response ControlApi::post_redirect_uris(const Request& request) {
  identity_.add_redirect_uri(required<std::string>(read_json(request), "uri"));
  return done();
}

Response ControlApi::post_federated_token(const Request& request) {
  const Json body = read_json(request);
  const auto lifetime = std::chrono::seconds(member<int>(body, "seconds").value_or(3600));
  const std::string subject = member<std::string>(body, "subject").value_or("");
  return json_response(
      200, Json{{"token", identity_.federated_token(subject, lifetime, request.base_url)}}.dump());
}

}  // namespace graphodbc::emulator
