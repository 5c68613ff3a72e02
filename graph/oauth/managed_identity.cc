#include "graph/oauth/managed_identity.h"

#include <simdjson.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "base/log.h"
#include "base/url.h"
#include "base/utf.h"
#include "graph/oauth/azure_arc.h"
#include "graph/transport_error.h"

namespace graphodbc::graph {
namespace {

using base::Error;
using std::chrono::milliseconds;

std::string environment(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? std::string() : text;
}

struct Source {
  std::string url;
  Headers headers;
  bool is_arc = false;
};

// Older agents set the variables; the program is there with all of them.
std::string arc_endpoint() {
  std::string endpoint = environment("IDENTITY_ENDPOINT");
  if (!endpoint.empty() && !environment("IMDS_ENDPOINT").empty()) return endpoint;
  if (!endpoint.empty() || ::access("/opt/azcmagent/bin/himds", F_OK) != 0) return {};
  return "http://127.0.0.1:40342/metadata/identity/oauth2/token";
}

Source find_source(const ClientSettings& settings) {
  const auto graph = base::parse_url(settings.graph_url);
  std::string query = "resource=" + base::percent_encode(graph->origin());
  if (!settings.client_id.empty())
    query += "&client_id=" + base::percent_encode(settings.client_id);
  const std::string endpoint = environment("IDENTITY_ENDPOINT");
  const std::string header = environment("IDENTITY_HEADER");
  if (!endpoint.empty() && !header.empty()) {
    const char joint = endpoint.find('?') == std::string::npos ? '?' : '&';
    return {endpoint + joint + "api-version=2019-08-01&" + query,
            {{"X-IDENTITY-HEADER", header}, {"Accept", "application/json"}}};
  }
  if (const std::string arc = arc_endpoint(); !arc.empty()) {
    if (!settings.client_id.empty()) {
      throw Error("08001",
                  "A machine of Azure Arc has an identity of its own only: leave ClientId out with "
                  "AuthMode=ManagedIdentity");
    }
    return {arc + "?api-version=2019-11-01&" + query,
            {{"Metadata", "true"}, {"Accept", "application/json"}},
            true};
  }
  std::string host = environment("AZURE_POD_IDENTITY_AUTHORITY_HOST");
  if (host.empty()) host = "http://169.254.169.254";
  while (host.ends_with('/')) host.pop_back();
  return {host + "/metadata/identity/oauth2/token?api-version=2018-02-01&" + query,
          {{"Metadata", "true"}, {"Accept", "application/json"}}};
}

// What the services ask of their callers: 404 while a new identity spreads, 408, 429 and 5xx are
// worth three more tries after 1, 2 and 4 s; 410 is an update that takes 70 s at most. -1: no more.
int wait_seconds(int status, int sent) {
  if (status == 410) return sent <= 7 ? 10 : -1;
  const bool passes = status == 404 || status == 408 || status == 429 || status >= 500;
  return passes && sent <= 3 ? 1 << (sent - 1) : -1;
}

std::string said(std::string_view body) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(simdjson::padded_string(body)).get(object) != simdjson::SUCCESS) return {};
  for (const std::string_view key : {"error_description", "message", "Message"}) {
    std::string_view text;
    if (object[key].get(text) != simdjson::SUCCESS || text.empty()) continue;
    const std::string safe = base::redact(text.substr(0, text.find_first_of("\r\n")));
    return ". It said: " + safe.substr(0, base::utf8_prefix(safe, 300));
  }
  return {};
}

class ManagedIdentityProvider final : public TokenProvider {
 public:
  ManagedIdentityProvider(const ClientSettings& settings, FormPoster& poster, WallClock clock,
                          std::string arc_folder)
      : settings_(settings),
        poster_(poster),
        clock_(std::move(clock)),
        arc_folder_(std::move(arc_folder)) {}

  AccessToken obtain(const base::Secret* rejected, const std::string&) override {
    Source source = find_source(settings_);
    bool proved = !source.is_arc;
    if (settings_.log) settings_.log->hide(base::Secret(environment("IDENTITY_HEADER")));
    for (int sent = 1;; ++sent) {
      const std::shared_ptr<Exchange> exchange = poster_.get(source.url, source.headers);
      if (exchange->outcome != Outcome::kOk) throw unreachable(*exchange, source.url);
      const HttpResponse& response = exchange->response;
      if (response.status == 200) return read(response, rejected);
      if (response.status == 401 && !std::exchange(proved, true)) {
        const base::Secret key =
            answer_arc_challenge(response.header("www-authenticate"), arc_folder_);
        if (settings_.log) settings_.log->hide(key);
        source.headers.emplace_back("Authorization", "Basic " + key.reveal());
        continue;
      }
      const int wait = wait_seconds(response.status, sent);
      if (wait < 0 || !poster_.pause(std::chrono::seconds(wait))) throw refused(response);
    }
  }
  std::optional<bool> app_only() const override { return true; }

 private:
  AccessToken read(const HttpResponse& response, const base::Secret* rejected) const {
    std::optional<TokenAnswer> answer = parse_token_answer(response.body.view(), clock_());
    if (!answer) {
      throw Error("08001",
                  "The managed identity endpoint of this machine answered without a token; is "
                  "IDENTITY_ENDPOINT right?");
    }
    // The services keep tokens for a day; one whose permissions changed stays what it was.
    if (rejected != nullptr && answer->access.text == *rejected) {
      throw Error("28000",
                  "Graph refused the managed identity's token, and there is no other one yet: "
                  "permissions given lately may take up to a day to appear in it");
    }
    return std::move(answer->access);
  }

  static Error unreachable(const Exchange& exchange, const std::string& url) {
    const Error below =
        connect_error(exchange.outcome, exchange.detail, url, "the managed identity endpoint");
    return {"08001",
            "No managed identity was found: AuthMode=ManagedIdentity works inside Azure only (a "
            "virtual machine, App Service, container) and on machines of Azure Arc. " +
                below.message()};
  }

  Error refused(const HttpResponse& response) const {
    const std::string status = "HTTP " + std::to_string(response.status);
    if (response.status != 400 && response.status != 401 && response.status != 403) {
      return {"08001",
              "The managed identity endpoint of this machine has trouble (" + status +
                  "): try again later" + said(response.body.view()),
              response.status};
    }
    const std::string which =
        settings_.client_id.empty()
            ? "this Azure resource has no identity of its own (switch it on, or name a "
              "user-assigned one in ClientId)"
            : "this Azure resource has no user-assigned identity with that ClientId";
    return {
        "28000",
        "The managed identity was refused (" + status + "): " + which + said(response.body.view()),
        response.status};
  }

  const ClientSettings& settings_;
  FormPoster& poster_;
  WallClock clock_;
  const std::string arc_folder_;
};

}  // namespace

std::unique_ptr<TokenProvider> make_managed_identity_provider(const ClientSettings& settings,
                                                              FormPoster& poster, WallClock clock,
                                                              std::string_view arc_folder) {
  return std::make_unique<ManagedIdentityProvider>(settings, poster, std::move(clock),
                                                   std::string(arc_folder));
}

}  // namespace graphodbc::graph
