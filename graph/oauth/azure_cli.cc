#include "graph/oauth/azure_cli.h"

#include <simdjson.h>

#include <algorithm>
#include <ctime>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "base/utf.h"
#include "graph/oauth/run_program.h"
#include "graph/oauth/scope.h"

namespace graphodbc::graph {
namespace {

using base::Error;

constexpr std::int64_t kFarthest = 9'000'000'000;  // seconds since 1970

// "2026-03-01 12:30:45.000000" in local time.
std::optional<std::int64_t> parse_local_time(const std::string& text) {
  std::tm parts{};
  if (::strptime(text.c_str(), "%Y-%m-%d %H:%M:%S", &parts) == nullptr) return std::nullopt;
  parts.tm_isdst = -1;
  const std::time_t seconds = std::mktime(&parts);
  if (seconds < 0) return std::nullopt;
  return seconds;
}

class AzureCliProvider final : public TokenProvider {
 public:
  AzureCliProvider(const ClientSettings& settings, std::function<bool()> keep_waiting)
      : settings_(settings), keep_waiting_(std::move(keep_waiting)) {}

  AccessToken obtain(const base::Secret* rejected, const std::string&) override {
    const std::string program = find_on_path("az");
    if (program.empty()) {
      throw Error("08001",
                  "AuthMode=AzureCli needs the Azure CLI, but there is no `az` on this program's "
                  "PATH: install azure-cli, or choose another AuthMode");
    }
    std::vector<std::string> arguments = {
        program, "account", "get-access-token", "--scope", scope(), "--output", "json"};
    if (!settings_.tenant_id.empty()) {
      arguments.insert(arguments.end(), {"--tenant", settings_.tenant_id});
    }
    const ProgramResult result = run_program(arguments, keep_waiting_);
    if (result.status != 0) throw refused(result);
    std::optional<AccessToken> token = parse_cli_token(result.output.reveal());
    if (!token) {
      throw Error("08001", "`az account get-access-token` printed no token: update azure-cli");
    }
    if (rejected != nullptr && token->text == *rejected) {
      throw Error("28000",
                  "Graph refused the Azure CLI's token, and it has no other one: sign in again "
                  "with `az login`");
    }
    return std::move(*token);
  }

 private:
  std::string scope() const {
    return settings_.scope.ends_with("/.default") ? app_scope(settings_).text
                                                  : granted_scope(settings_);
  }

  Error refused(const ProgramResult& result) const {
    if (result.timed_out) {
      return {"08001", "`az account get-access-token` did not end within a minute: try it by hand"};
    }
    const std::string safe = base::redact(result.errors);
    std::string text = safe.substr(0, base::utf8_prefix(safe, 300));
    std::replace(text.begin(), text.end(), '\n', ' ');
    const std::string login = settings_.tenant_id.empty()
                                  ? "`az login`"
                                  : "`az login --tenant " + settings_.tenant_id + "`";
    if (result.errors.find("az login") != std::string::npos) {
      return {"28000", "Nobody is signed in to the Azure CLI, or the sign-in is over: run " +
                           login + ". It said: " + text};
    }
    return {"28000", "The Azure CLI could not get a token: run " + login +
                         " and try `az account get-access-token --scope " + scope() +
                         "` by hand. It said: " + text};
  }

  const ClientSettings& settings_;
  std::function<bool()> keep_waiting_;
};

}  // namespace

std::optional<AccessToken> parse_cli_token(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  std::string_view text;
  if (parser.parse(simdjson::padded_string(json)).get(object) != simdjson::SUCCESS ||
      object["accessToken"].get(text) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  const bool clean = std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) > 0x20 && c != 0x7F;
  });
  if (text.empty() || !clean) return std::nullopt;
  AccessToken token;
  token.text = base::Secret(std::string(text));
  std::int64_t seconds = 0;
  std::optional<std::int64_t> end;
  if (object["expires_on"].get(seconds) == simdjson::SUCCESS) {
    end = seconds;
  } else if (object["expiresOn"].get(text) == simdjson::SUCCESS) {
    end = parse_local_time(std::string(text));
  }
  // Unknown: over (requirements A-N05), so that the program is asked again when it is needed again.
  token.expires_at =
      WallTime(std::chrono::seconds(std::clamp<std::int64_t>(end.value_or(0), 0, kFarthest)));
  // The program hands out what it has for as long as five minutes are left; no skew of ours, or
  // the same token would come again and again.
  return token;
}

std::unique_ptr<TokenProvider> make_azure_cli_provider(const ClientSettings& settings,
                                                       std::function<bool()> keep_waiting) {
  return std::make_unique<AzureCliProvider>(settings, std::move(keep_waiting));
}

}  // namespace graphodbc::graph
