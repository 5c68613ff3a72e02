// The device flow (contract sheet (b.4), RFC 8628).
#include <nlohmann/json.hpp>

#include "emulator/identity/crypto.h"
#include "emulator/identity/identity_service.h"

namespace graphodbc::emulator {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::chrono::seconds kDeviceCodeLifetime{900};
// Timers are not exact: a poll this little too early is no offence.
constexpr double kPollTolerance = 0.9;

std::string new_user_code() {
  constexpr std::string_view kLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";  // none look alike
  std::string code;
  for (const char byte : random_bytes(9)) {
    code += kLetters[static_cast<unsigned char>(byte) % kLetters.size()];
  }
  return code;
}

}  // namespace

Response IdentityService::handle_device_code(const Request& request, std::string_view tenant) {
  const Parameters form = parse_form(request.body);
  const TokenRequest token_request{request, form, choose_tenant(tenant), ""};
  const auto client_id = token_request.required("client_id");
  const AppRegistration* app = tenant_.find_app(client_id);
  if (app == nullptr) {
    throw SignInError{"unauthorized_client", 700016,
                      "Application with identifier '" + std::string(client_id) +
                          "' was not found in the directory '" + tenant_.id + "'.",
                      ""};
  }
  const std::string scope(token_request.required("scope"));
  parse_scopes(scope, own_urls(request));

  DeviceCode code;
  code.client_id = app->client_id;
  code.user_code = new_user_code();
  code.scope = scope;
  code.expires = Clock::now() + kDeviceCodeLifetime;
  const std::string device_code = base64url_encode(random_bytes(64));
  const std::string page = request.base_url + "/devicelogin";
  Json body;
  body["user_code"] = code.user_code;
  body["device_code"] = device_code;
  body["verification_uri"] = page;
  body["expires_in"] = kDeviceCodeLifetime.count();
  body["message"] = "To sign in, use a web browser to open the page " + page +
                    " and enter the code " + code.user_code + " to authenticate.";
  std::lock_guard lock(mutex_);
  body["interval"] = device_interval_;
  device_codes_[device_code] = std::move(code);
  return json_response(200, body.dump());
}

Response IdentityService::grant_device_code(const TokenRequest& token_request) {
  const std::string device_code(token_request.required("device_code"));
  const auto now = std::chrono::steady_clock::now();
  std::string scope;
  {
    std::lock_guard lock(mutex_);
    const auto found = device_codes_.find(device_code);
    if (found == device_codes_.end() || found->second.client_id != token_request.app->client_id) {
      throw SignInError{"bad_verification_code", 70018, "Invalid verification code.", ""};
    }
    DeviceCode& code = found->second;
    if (code.state == DeviceCode::State::kRedeemed) {
      throw SignInError{"invalid_grant", 90120, "The device code was already used.", ""};
    }
    if (Clock::now() > code.expires) {
      throw SignInError{"expired_token", 70019, "Verification code expired.", ""};
    }
    if (code.state == DeviceCode::State::kDeclined) {
      throw SignInError{"authorization_declined", 90120,
                        "The user has denied access to the device.", ""};
    }
    const std::chrono::duration<double> since =
        code.last_poll ? now - *code.last_poll : std::chrono::hours(1);
    code.last_poll = now;
    ++code.polls;
    if (code.state == DeviceCode::State::kPending && device_approve_after_ > 0 &&
        code.polls >= device_approve_after_) {
      code.state = DeviceCode::State::kApproved;
    }
    if (code.state == DeviceCode::State::kPending) {
      if (since.count() < device_interval_ * kPollTolerance) {
        throw SignInError{"slow_down", 90055, "Polling faster than the interval allows.", ""};
      }
      throw SignInError{"authorization_pending", 70016,
                        "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
                        ""};
    }
    code.state = DeviceCode::State::kRedeemed;
    scope = code.scope;
  }
  return user_tokens(token_request, account(), scope, "", "");
}

Response IdentityService::handle_device_page(const Request& request) {
  constexpr std::string_view kForm =
      "<!DOCTYPE html><html><head><title>Enter code</title></head><body><h1>Enter code</h1>"
      "<form method=\"POST\"><input name=\"otc\" autofocus>"
      "<button name=\"decision\" value=\"approve\">Next</button>"
      "<button name=\"decision\" value=\"decline\">Cancel</button></form>";
  std::string note;
  if (request.method == "POST") {
    const Parameters form = parse_form(request.body);
    const bool approve = find_parameter(form, "decision").value_or("approve") == "approve";
    const bool known = decide_device_code(find_parameter(form, "otc").value_or(""), approve);
    note = !known    ? "<p>That code didn't work. Check the code and try again.</p>"
           : approve ? "<p>You have signed in on your device. You may now close this window.</p>"
                     : "<p>You declined the sign-in.</p>";
  }
  return html_response(200, std::string(kForm) + note + "</body></html>");
}

bool IdentityService::decide_device_code(std::string_view user_code, bool approve) {
  std::lock_guard lock(mutex_);
  for (auto& [device_code, code] : device_codes_) {
    if (!equal_ignoring_case(code.user_code, trim(user_code))) continue;
    if (code.state != DeviceCode::State::kPending) continue;
    code.state = approve ? DeviceCode::State::kApproved : DeviceCode::State::kDeclined;
    return true;
  }
  return false;
}

void IdentityService::set_device_behaviour(std::optional<int> interval_seconds,
                                           std::optional<int> approve_after) {
  std::lock_guard lock(mutex_);
  if (interval_seconds) device_interval_ = *interval_seconds;
  if (approve_after) device_approve_after_ = *approve_after;
}

}  // namespace graphodbc::emulator
