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
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "graph/client_settings.h"
#include "graph/http.h"
#include "graph/oauth/identity.h"

namespace graphodbc::graph {

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
  // Of the token at hand, by the issuer's word; nullopt: there is none, or nobody said.
  std::optional<std::chrono::system_clock::time_point> token_expires_at() const;
  // Gets another token though the one at hand is good: that renews the refresh token too. After
  // connect(), throws the same.
  void renew(Deadline deadline = {});
  // False until a failure proved the connection useless (token refused for good, fork).
  bool is_dead() const;
  // The last failure was the identity service's wish to see a person: the stored sign-in is over.
  bool is_sign_in_over() const;
  // Notes (class 01) since the last call, for example a token file that cannot be rewritten.
  std::vector<base::Warning> take_warnings();

 private:
  struct Impl;
  // Waits for a token newer than generation `refused`.
  void wait_for_token(std::uint64_t refused, Deadline deadline);

  std::unique_ptr<Impl> impl_;
};

}  // namespace graphodbc::graph
