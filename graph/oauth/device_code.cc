// The device authorization grant (RFC 8628; contract sheet b.4).
#include <simdjson.h>

#include <algorithm>
#include <utility>

#include "graph/json_member.h"
#include "graph/oauth/interactive_flow.h"
#include "graph/oauth/scope.h"
#include "graph/oauth/token_error.h"
#include "graph/transport_error.h"

namespace graphodbc::graph {
namespace {

using base::Error;
using std::chrono::seconds;

constexpr std::string_view kStart = "asking for a device code";
constexpr std::string_view kPoll = "signing in by device code";
constexpr seconds kDefaultInterval{5};  // RFC 8628 3.2
constexpr seconds kSlowDown{5};         // RFC 8628 3.5
constexpr seconds kLongestInterval{60};
constexpr seconds kDefaultLifetime{900};

seconds seconds_of(simdjson::dom::object object, std::string_view key, seconds otherwise) {
  constexpr std::int64_t kLongest = 86'400;
  std::int64_t number = 0;
  double real = 0;
  if (object[key].get(number) == simdjson::SUCCESS) {
    return seconds(std::clamp<std::int64_t>(number, 0, kLongest));
  }
  if (object[key].get(real) == simdjson::SUCCESS) {
    return seconds(static_cast<std::int64_t>(std::clamp(real, 0.0, 86'400.0)));
  }
  return otherwise;
}

// Trouble on the way that may pass while the code is still good (RFC 8628 3.5).
bool may_pass(const PollAnswer& answer) {
  switch (answer.outcome) {
    case Outcome::kResolve:
    case Outcome::kConnect:
    case Outcome::kTimeout:
    case Outcome::kReset:
    case Outcome::kTruncated:
      return true;
    case Outcome::kOk:
      return answer.error.error.empty() ? answer.status >= 500 || answer.status == 429
                                        : is_transient(answer.status, answer.error);
    default:
      return false;
  }
}

}  // namespace

struct DeviceCodeFlow::Grant {
  std::string device_code;
  seconds interval{0};
  WallTime ends;
};

DeviceCodeFlow::DeviceCodeFlow(const ClientSettings& settings, TokenEndpoint& endpoint,
                               FormPoster& poster, SignInPrompt& prompt, WallClock clock)
    : settings_(settings),
      endpoint_(endpoint),
      poster_(poster),
      prompt_(prompt),
      clock_(std::move(clock)) {}

TokenAnswer DeviceCodeFlow::run(const std::string& claims) {
  return poll(start(), claims);
}

DeviceCodeFlow::Grant DeviceCodeFlow::start() {
  const std::string json =
      endpoint_.authorize_device({{"scope", requested_scope(settings_)}}, kStart);
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  Grant grant;
  DeviceCodePrompt shown;
  if (parser.parse(simdjson::padded_string(json)).get(object) == simdjson::SUCCESS) {
    grant.device_code = text_member(object, "device_code");
    shown.user_code = text_member(object, "user_code");
    shown.verification_url = text_member(object, "verification_uri");
    shown.message = text_member(object, "message");
    grant.interval = seconds_of(object, "interval", kDefaultInterval);
    shown.expires_in = seconds_of(object, "expires_in", kDefaultLifetime);
  }
  if (grant.device_code.empty() || shown.user_code.empty() || shown.verification_url.empty()) {
    throw token_error(200, {}, kStart, settings_, "DeviceCodeUrl");
  }
  grant.ends = clock_() + shown.expires_in;
  prompt_.show_device_code(shown);
  return grant;
}

TokenAnswer DeviceCodeFlow::poll(const Grant& grant, const std::string& claims) {
  FormFields form = {{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"},
                     {"device_code", grant.device_code}};
  if (!claims.empty()) form.emplace_back("claims", claims);
  seconds interval = std::max(grant.interval, seconds(1));
  seconds wait = interval;
  while (clock_() + wait < grant.ends) {
    if (!poster_.pause(wait)) throw Error("HY008", "The sign-in was given up");
    PollAnswer answer = endpoint_.poll(form, kPoll);
    if (answer.tokens) return std::move(*answer.tokens);
    const std::string& error = answer.error.error;
    if (answer.outcome == Outcome::kAborted) throw Error("HY008", "The sign-in was given up");
    if (error == "authorization_pending") {
      wait = interval;
    } else if (error == "slow_down") {
      interval += kSlowDown;
      wait = interval;
    } else if (error == "expired_token") {
      break;
    } else if (may_pass(answer)) {
      wait = std::min(wait * 2, std::max(kLongestInterval, interval));
    } else {
      refuse(answer);
    }
  }
  throw Error("HYT00", "Nobody entered the device code before it expired: start again with " +
                           login_command(settings_) +
                           ". If the page showed an error, it says why: app or tenant may be wrong "
                           "(AADSTS700016, 90002)");
}

void DeviceCodeFlow::refuse(const PollAnswer& answer) const {
  if (answer.outcome != Outcome::kOk) {
    throw connect_error(answer.outcome, answer.detail, settings_.token_url,
                        "TokenUrl, when " + std::string(kPoll));
  }
  throw token_error(answer.status, answer.error, kPoll, settings_);
}

}  // namespace graphodbc::graph
