#include "graph/oauth/token_inspection.h"

#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "base/url.h"
#include "graph/oauth/jwt.h"
#include "graph/oauth/scope.h"
#include "graph/oauth/token_error.h"

namespace graphodbc::graph {
namespace {

using base::Error;
using base::Warning;

// A secret this near its end is to be replaced now (requirements A-P30).
constexpr std::chrono::days kSecretNotice{14};

// Contract sheet (a).
struct Cloud {
  std::string_view environment;
  std::string_view graph;
};
constexpr Cloud kClouds[] = {
    {"Global", "https://graph.microsoft.com"},
    {"USGovL4", "https://graph.microsoft.us"},
    {"USGovL5", "https://dod-graph.microsoft.us"},
    {"China", "https://microsoftgraph.chinacloudapi.cn"},
};

const Cloud* cloud_of(std::string_view url) {
  const auto parsed = base::parse_url(url);
  if (!parsed) return nullptr;
  for (const Cloud& cloud : kClouds) {
    if (parsed->origin() == cloud.graph) return &cloud;
  }
  return nullptr;
}

// Only where both ends are known by name: behind a gateway of one's own anything may be right.
void check_audience(const ClientSettings& settings, const Identity& identity,
                    std::vector<Warning>& notes) {
  const Cloud* here = cloud_of(settings.graph_url);
  if (here == nullptr || !base::parse_url(identity.audience)) return;
  const Cloud* there = cloud_of(identity.audience);
  if (there == here) return;
  if (there != nullptr) {
    throw Error("28000",
                "The access token is for " + std::string(there->graph) + ", but " +
                    "this connection speaks to " + std::string(here->graph) +
                    ": set Environment=" + std::string(there->environment) +
                    ", or sign in to the cloud of Environment=" + std::string(here->environment));
  }
  notes.push_back({"01000", "The access token is meant for " + identity.audience + ", not for " +
                                std::string(here->graph) + ", and will be refused: check Scope"});
}

void check_kind(const ClientSettings& settings, const Identity& identity,
                std::vector<Warning>& notes) {
  if (identity.audience.empty()) return;  // unreadable
  const bool app_mode = is_app_only(settings.auth_mode);
  if (app_mode && !identity.scopes.empty()) {
    notes.push_back({"01000",
                     "The access token carries delegated permissions (scp), although AuthMode "
                     "signs in as the application: rows are what that user may see"});
    return;
  }
  if (!app_mode && !identity.app_only) return;
  if (!app_mode && settings.auth_mode != AuthMode::kAccessToken &&
      settings.auth_mode != AuthMode::kAzureCli) {
    notes.push_back({"01000",
                     "The access token is an application's, although AuthMode signs in a user: "
                     "tables of /me need Account"});
  }
  if (!identity.roles.empty()) return;
  std::string text =
      "The application has no application permissions (the token carries no roles), so Graph will "
      "refuse most tables: add them to the app registration and let an administrator consent";
  const std::string consent = admin_consent_url(settings);
  if (!consent.empty()) text += " at " + consent;
  notes.push_back({"01000", std::move(text)});
}

class InspectingProvider final : public TokenProvider {
 public:
  InspectingProvider(const ClientSettings& settings, std::unique_ptr<TokenProvider> provider,
                     WallClock clock)
      : settings_(settings), provider_(std::move(provider)), clock_(std::move(clock)) {}

  AccessToken obtain(const base::Secret* rejected, const std::string& claims) override {
    AccessToken token = provider_->obtain(rejected, claims);
    if (settings_.log) settings_.log->hide(token.text);
    if (inspected_) return token;
    std::vector<Warning> notes = inspect_settings(settings_, clock_());
    std::vector<Warning> more = inspect_token(settings_, identity_from_token(token.text.reveal()));
    std::move(more.begin(), more.end(), std::back_inserter(notes));
    warnings_ = std::move(notes);
    inspected_ = true;
    return token;
  }

  std::optional<bool> app_only() const override { return provider_->app_only(); }

  std::vector<Warning> take_warnings() override {
    std::vector<Warning> notes = std::exchange(warnings_, {});
    std::vector<Warning> more = provider_->take_warnings();
    std::move(more.begin(), more.end(), std::back_inserter(notes));
    return notes;
  }

 private:
  const ClientSettings& settings_;
  std::unique_ptr<TokenProvider> provider_;
  WallClock clock_;
  bool inspected_ = false;
  std::vector<Warning> warnings_;
};

}  // namespace

std::vector<Warning> inspect_settings(const ClientSettings& settings, WallTime now) {
  std::vector<Warning> notes;
  if (settings.client_secret_expires && !settings.client_secret.empty()) {
    const auto left = *settings.client_secret_expires - std::chrono::floor<std::chrono::days>(now);
    const std::string date = date_text(*settings.client_secret_expires);
    const std::string advice =
        "make a new one in the app registration and give it in ClientSecretNext";
    if (left.count() < 0) {
      notes.push_back(
          {"01000", "ClientSecret expired on " + date + " by ClientSecretExpires: " + advice});
    } else if (left < kSecretNotice) {
      notes.push_back({"01000", "ClientSecret expires in " + std::to_string(left.count()) +
                                    (left.count() == 1 ? " day" : " days") + " (on " + date +
                                    "): " + advice});
    }
  }
  if (is_app_only(settings.auth_mode) && app_scope(settings).replaced) {
    notes.push_back({"01000",
                     "Scope lists delegated permissions, which do not count when the application "
                     "signs in by itself: " +
                         app_scope(settings).text +
                         " was asked for instead, and the application permissions of the app "
                         "registration decide"});
  }
  return notes;
}

std::vector<Warning> inspect_token(const ClientSettings& settings, const Identity& identity) {
  std::vector<Warning> notes;
  check_audience(settings, identity, notes);
  check_kind(settings, identity, notes);
  return notes;
}

std::unique_ptr<TokenProvider> make_inspecting_provider(const ClientSettings& settings,
                                                        std::unique_ptr<TokenProvider> provider,
                                                        WallClock clock) {
  return std::make_unique<InspectingProvider>(settings, std::move(provider), std::move(clock));
}

}  // namespace graphodbc::graph
