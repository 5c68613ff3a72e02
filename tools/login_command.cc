// `graphodbc login` and `graphodbc logout`: the sign-in that needs a person, once; from then on the
// token file is enough (requirements A-N12, A-T15, A-Z31).
#include <chrono>
#include <optional>
#include <string>

#include "connection/browser.h"
#include "connection/open.h"
#include "graph/oauth/loopback_listener.h"
#include "graph/oauth/sign_in.h"
#include "tools/command.h"
#include "tools/console.h"
#include "tools/target.h"
#include "tools/time_text.h"

namespace graphodbc::tools {
namespace {

using base::Error;

// As long as Entra keeps a device code, and longer than a person takes.
constexpr std::chrono::minutes kLongestSignIn{15};

class TerminalPrompt final : public graph::SignInPrompt {
 public:
  explicit TerminalPrompt(bool browser) : browser_(browser) {}

  void show_address(const std::string& url) override {
    const bool opened = browser_ && connection::can_open_browser() && connection::open_browser(url);
    say(opened ? "The sign-in page opens in your browser. If it does not, open this address:"
               : "Open this address in a browser on this machine:");
    say("");
    say(url);
    say("");
  }

  void show_device_code(const graph::DeviceCodePrompt& prompt) override {
    say("On any device, open " + printable(prompt.verification_url) + " and type the code");
    say("");
    say("    " + printable(prompt.user_code));
    say("");
    say("It is good for " + duration_text(prompt.expires_in) + ".");
  }

  std::string ask_for_redirected_address() override {
    if (!can_ask()) {
      throw Error("08001",
                  "ReturnUrl leads to another machine, so the address at which the browser ends "
                  "has to be pasted here: run this in a terminal, or use --device");
    }
    return ask("When the browser has ended on a page of its own, paste that page's address: ");
  }

 private:
  bool browser_;
};

bool signs_in_a_person(config::AuthMode mode) {
  return mode == config::AuthMode::kRefreshToken || mode == config::AuthMode::kAuthorizationCode ||
         mode == config::AuthMode::kDeviceCode;
}

// A data source that already has its tokens by hand says nothing about how to get new ones: the
// browser, unless --device.
graph::ClientSettings settings_for_login(const Target& target, const Arguments& arguments) {
  graph::ClientSettings settings =
      connection::client_settings(target.resolved.settings, target.log);
  if (!signs_in_a_person(target.resolved.settings.auth_mode)) {
    throw Error("08001",
                target.name +
                    " signs in without a person (AuthMode): there is nothing to log in "
                    "to; `graphodbc test` says whether it works, AuthMode=AuthorizationCode "
                    "or DeviceCode lets a person sign in");
  }
  if (arguments.has("device")) {
    settings.auth_mode = graph::AuthMode::kDeviceCode;
  } else if (settings.auth_mode == graph::AuthMode::kRefreshToken) {
    settings.auth_mode = graph::AuthMode::kAuthorizationCode;
  }
  std::string scope;
  for (const std::string& part : arguments.all("scope")) {
    scope += (scope.empty() ? "" : " ") + part;
  }
  if (!scope.empty()) settings.scope = scope;
  if (const auto hint = arguments.get("hint")) settings.login_hint = *hint;
  return settings;
}

// By browser one at a time, with connections that wait for one: they use the tokens of this one
// afterwards. (Those cannot wait for an address that is pasted back.) After another's success the
// sign-in is done anew all the same, because somebody asked for it. A device code opens no page and
// waits for nobody.
graph::SignedIn sign_in(const graph::ClientSettings& settings, bool browser) {
  const auto end = [] { return std::chrono::steady_clock::now() + kLongestSignIn; };
  std::optional<graph::SignInTurn> turn;
  if (settings.auth_mode == graph::AuthMode::kAuthorizationCode &&
      graph::LoopbackListener::can_serve(settings.return_url)) {
    turn.emplace(settings, end(), [&settings] {
      say("Another program waits for a sign-in to " + printable(graph::token_file_of(settings)) +
          ". This one begins when that is done or given up: look for its page in your browser, or "
          "use --device.");
    });
  }
  TerminalPrompt prompt(browser);
  return graph::sign_in(settings, prompt, end());
}

std::string who(const graph::Identity& identity) {
  if (identity.user_name.empty()) return "Signed in.";
  return "Signed in as " + identity.user_name + ".";
}

}  // namespace

int run_login(const Arguments& arguments) {
  if (!arguments.positional().empty()) throw UsageError("login takes options only");
  const Target target = find_target(arguments);
  const graph::ClientSettings settings = settings_for_login(target, arguments);
  const graph::SignedIn result = sign_in(settings, !arguments.has("no-browser"));
  for (const base::Warning& warning : result.warnings) say_warning(warning);
  print_line(printable(who(result.identity)));
  if (!result.granted_scope.empty()) {
    print_line("Permissions: " + printable(result.granted_scope));
  }
  print_line("The tokens are kept in " + printable(graph::token_file_of(settings)) + ".");
  if (!settings.data_source.empty()) {
    print_line("Try: graphodbc test --dsn " + printable(settings.data_source) +
               "   or: isql -3 -v " + printable(settings.data_source));
  }
  return kDone;
}

int run_logout(const Arguments& arguments) {
  if (!arguments.positional().empty()) throw UsageError("logout takes options only");
  const Target target = find_target(arguments);
  const graph::ClientSettings settings =
      connection::client_settings(target.resolved.settings, target.log);
  const bool forgot = graph::sign_out(settings);
  print_line(forgot ? "The tokens in " + printable(graph::token_file_of(settings)) +
                          " are forgotten. Entra keeps the session until it is revoked there."
                    : "Nobody was signed in.");
  return kDone;
}

}  // namespace graphodbc::tools
