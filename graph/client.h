// One connection to Microsoft Graph: token, transport, retry and throttling behind one call.
//
//   Client client(settings);          // validates, no network
//   client.connect(deadline);         // 28000 / 08001 when no token can be had
//   auto pending = client.start({.url = "/me/messages?$top=10", ...});
//   HttpResponse response = pending->wait();
//   if (response.status != 200) throw make_service_error(response, context);   // service_error.h
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "base/secret.h"
#include "graph/http.h"

namespace graphodbc::graph {

// RetryMode (requirements A-Z10).
enum class RetryMode : std::uint8_t { kNone, kAny, kWhenStatusCodeMatches };

struct RetrySettings {
  RetryMode mode = RetryMode::kWhenStatusCodeMatches;
  std::vector<int> statuses = {429, 503};  // RetryStatusCodeList
  int count = 5;                           // RetryCountMax: re-sends after the first
  bool multiply_wait = true;               // RetryMultiplyWaitTime
  std::chrono::milliseconds first_wait{1000};
  std::chrono::milliseconds longest_wait{60'000};  // cap of our own waits, not of Retry-After
};

// Values of the connection keys, already checked and defaulted (config::Settings has the same).
struct ClientSettings {
  std::string graph_url = "https://graph.microsoft.com";  // without /v1.0
  std::string auth_url;
  std::string token_url;
  std::string client_id;
  base::Secret client_secret;
  std::string scope;               // blanks between scopes
  std::string refresh_token_file;  // path of the token file (requirements A-Z08)
  base::Secret refresh_token;
  base::Secret access_token;
  std::string tenant_id;
  std::string account;  // user id or UPN; empty: the signed-in user
  bool auto_refresh = true;
  RetrySettings retry;
  std::chrono::seconds timeout{60};  // without progress; 0: none
  std::string ca_file;               // empty: the system's
  std::string user_agent = "graphodbc";
  std::shared_ptr<base::Log> log;  // may be null; shared by the parts of one connection
};

// Who the token speaks for. A hint from undecoded-trust JWT claims, for messages, USER() and the
// choice between /me and /users; never for security (decisions.md 28).
struct Identity {
  std::string user_name;  // UPN of the signed-in user; empty when unknown or app-only
  bool app_only = false;
};

// A request on its way. Shared between the thread that waits and those that cancel; dropping the
// last reference cancels it.
class PendingResponse {
 public:
  virtual ~PendingResponse() = default;
  // Blocks until the request is done. Called once. Throws Error: HY008 cancelled, HYT00 deadline or
  // stall, 08S01 network, 28000 the token could not be renewed; or what the handler threw. Any
  // HTTP status that is left after retries is returned, not thrown.
  virtual HttpResponse wait() = 0;
  // True when wait() would not block.
  virtual bool ready() const = 0;
  // From any thread; wakes wait() at once. Never blocks on the network.
  virtual void cancel() noexcept = 0;
};

// Thread-safe. Destruction aborts what is under way and joins its threads promptly; in a forked
// child it leaks instead (decisions.md 23).
class Client {
 public:
  // Checks the settings without network. Throws Error 08001 naming the key: plain http to a host
  // that is not loopback, a malformed URL, no credentials at all.
  explicit Client(ClientSettings settings);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Makes sure of a usable token; no token call when the token at hand is still valid. Throws
  // Error 28000 (refused credentials, with advice), 08001 (unreachable, token file), HYT00.
  void connect(Deadline deadline = {});

  // Sends the request as soon as token and throttle gate allow, and repeats it by the retry
  // settings. Returns at once, also on the I/O thread. Throws Error 08S01 when the URL has another
  // origin than GraphUrl (the token would leave it), or after fork.
  std::shared_ptr<PendingResponse> start(HttpRequest request);

  // Nobody sends to the mailbox before `until`: for a part of a batch that was throttled.
  void close_gate(const GateShare& share, std::chrono::steady_clock::time_point until);
  // Replaces ClientSettings::timeout, for requests under way too; 0: none. Throws Error 08S01 after
  // fork.
  void set_timeout(std::chrono::seconds timeout);

  // "https://graph.microsoft.com", no path, default port left out.
  const std::string& origin() const;
  // "https://graph.microsoft.com/v1.0"
  const std::string& version_root() const;
  // Same scheme, host and port as GraphUrl.
  bool same_origin(std::string_view url) const;

  const ClientSettings& settings() const;
  const std::string& account() const;  // settings().account
  Identity identity() const;
  // False until a failure proved the connection useless (token refused for good, fork).
  bool is_dead() const;
  // Notes (class 01) since the last call, for example a token file that cannot be rewritten.
  std::vector<base::Warning> take_warnings();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace graphodbc::graph
