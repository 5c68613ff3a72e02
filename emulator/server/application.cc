#include "emulator/server/application.h"

#include <nlohmann/json.hpp>

#include "emulator/identity/crypto.h"
#include "emulator/server/batch.h"
#include "emulator/server/fault_bodies.h"
#include "emulator/server/graph_error.h"
#include "emulator/server/text.h"

namespace graphodbc::emulator {
namespace {

constexpr std::string_view kDiagnostic =
    R"({"ServerInfo":{"DataCenter":"Emulator","Slice":"E","Ring":"1","ScaleUnit":"000","RoleInstance":"EMULATOR01"}})";

// A braced connection string value (ODBC: `}` is doubled).
std::string braced(std::string_view value) {
  std::string out = "{";
  for (const char c : value) {
    out += c;
    if (c == '}') out += c;
  }
  return out + "}";
}

bool is_graph_path(std::string_view path) {
  return path == "/v1.0" || path.starts_with("/v1.0/");
}

}  // namespace

Application::Application(const ApplicationOptions& options, UserDirectory directory,
                         GraphBackend backend)
    : identity_(options.identity, std::move(directory)),
      secrets_(options.secrets_file),
      gate_(std::move(backend), identity_, faults_, log_, throttle_),
      server_(
          options.server, [this](Request& request) { return handle(request); }, stop_),
      control_(identity_, faults_, log_, throttle_, gate_, server_) {
  gate_.set_latency(options.latency);
}

Outcome Application::handle(Request& request) {
  if (ControlApi::owns(request.path)) {
    Outcome outcome;
    outcome.response = control_.handle(request);
    return outcome;
  }
  const std::uint64_t sequence = log_.begin(request);
  std::erase_if(request.headers,
                [](const auto& header) { return equal_ignoring_case(header.first, "request-id"); });
  request.headers.emplace_back("request-id", random_guid());
  Outcome outcome;
  try {
    if (IdentityService::owns(request.path)) {
      outcome = handle_sign_in(request, sequence);
    } else if (is_graph_path(request.path)) {
      outcome = handle_graph(request, sequence);
    } else {
      outcome.response = graph_error(400, "BadRequest", "Invalid version or path.", request);
    }
  } catch (const std::exception& problem) {
    outcome = Outcome();
    outcome.response = graph_error(500, "InternalServerError", problem.what(), request);
  }
  finish_headers(request, outcome.response);
  const bool answered = !outcome.wire.before_headers || outcome.wire.then_continue;
  outcome.on_send = [this, sequence, status = answered ? outcome.response.status : 0](
                        std::size_t bytes) { log_.finish(sequence, status, bytes); };
  return outcome;
}

Outcome Application::handle_sign_in(Request& request, std::uint64_t sequence) {
  if (request.method == "POST") log_.set_form(sequence, request);
  const auto fault = faults_.match(request, false);
  const double wait = gate_.latency_seconds() + (fault ? fault->delay_ms / 1000 : 0);
  if (wait > 0) stop_.wait_for(std::chrono::duration<double>(wait));
  Outcome outcome;
  if (fault) {
    log_.set_fault(sequence, fault->kind_name);
    outcome.wire = fault->wire;
    if (auto replaced = replacement_response(*fault, request, true)) {
      outcome.response = std::move(*replaced);
      return outcome;
    }
  }
  outcome.response = identity_.handle(request);
  secrets_.add_sign_in(request, outcome.response);
  if (fault) alter_response(*fault, request, nlohmann::ordered_json::array(), outcome.response);
  return outcome;
}

Outcome Application::handle_graph(Request& request, std::uint64_t sequence) {
  Admission admission = gate_.admit(request, sequence);
  if (admission.wait_seconds > 0) {
    stop_.wait_for(std::chrono::duration<double>(admission.wait_seconds));
  }
  if (!is_service_path(request.path, "$batch") || admission.refused) return gate_.finish(admission);
  Outcome outcome = run_batch(request, admission.principal, sequence, gate_, stop_);
  if (admission.fault) {
    outcome.wire = admission.fault->wire;
    alter_response(*admission.fault, request, nlohmann::ordered_json::array(), outcome.response);
  }
  return outcome;
}

void Application::finish_headers(const Request& request, Response& response) const {
  const auto add = [&](const char* name, std::string_view value) {
    if (!find_header(response.headers, name)) {
      response.headers.emplace_back(name, std::string(value));
    }
  };
  add("request-id", find_header(request.headers, "request-id").value_or(""));
  if (const auto id = find_header(request.headers, "client-request-id")) {
    add("client-request-id", *id);
  }
  if (is_graph_path(request.path)) {
    add("x-ms-ags-diagnostic", kDiagnostic);
    add("Cache-Control", "no-cache");
  }
}

std::string Application::ready_line() {
  const std::string base = base_url();
  const Tenant& tenant = identity_.tenant();
  const std::string oauth = base + "/" + tenant.id + "/oauth2/v2.0/";
  const std::string scope = identity_.default_scope();
  const std::string refresh_token = identity_.preissued_refresh_token(tenant.web_app);
  nlohmann::ordered_json line;
  line["graph_url"] = base;
  line["auth_url"] = oauth + "authorize";
  line["token_url"] = oauth + "token";
  line["device_code_url"] = oauth + "devicecode";
  line["control_url"] = base + "/_control";
  line["tenant_id"] = tenant.id;
  line["tenant_domain"] = tenant.domain;
  line["client_id"] = tenant.web_app.client_id;
  line["client_secret"] = tenant.web_app.secret;
  line["identity_header"] = identity_.identity_header();
  line["user_assigned_client_id"] = identity_.user_assigned_identity();
  line["expired_client_secret"] = tenant.web_app.expired_secret;
  line["public_client_id"] = tenant.native_app.client_id;
  line["account"] = identity_.directory().account_upn;
  line["account_id"] = identity_.directory().account_id;
  line["scope"] = scope;
  line["refresh_token"] = refresh_token;
  line["public_refresh_token"] = identity_.preissued_refresh_token(tenant.native_app);
  line["access_token"] = identity_.preissued_access_token(tenant.web_app, base);
  for (const char* secret : {"client_secret", "expired_client_secret", "refresh_token",
                             "public_refresh_token", "access_token"}) {
    secrets_.add(line[secret].get<std::string>());
  }
  line["expires_in"] = identity_.tokens().lifetime().count();
  line["connection_string"] =
      "Driver=graphodbc;TenantId=" + tenant.id + ";ClientId=" + tenant.web_app.client_id +
      ";ClientSecret=" + braced(tenant.web_app.secret) + ";TokenUrl=" + oauth +
      "token;AuthUrl=" + oauth + "authorize;GraphUrl=" + base + ";RefreshToken=" + refresh_token +
      ";Scope=" + braced(scope) + ";";
  return line.dump();
}

}  // namespace graphodbc::emulator
