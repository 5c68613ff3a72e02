// The connection's current access token, and the thread that renews it. The I/O thread asks without
// waiting (decisions.md 22); one renewal serves all that ask meanwhile.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "graph/oauth/identity.h"
#include "graph/oauth/token.h"

namespace graphodbc::graph {

// A token with its number: numbers grow with every replacement, 0 is none.
struct CurrentToken {
  AccessToken token;
  std::uint64_t generation = 0;
  Identity identity;
};

class Authenticator {
 public:
  // Exactly one of the two is set. Runs on the renewing thread, or inside renew() or stop().
  using Callback = std::function<void(std::shared_ptr<const CurrentToken>, std::exception_ptr)>;

  Authenticator(std::unique_ptr<TokenProvider> provider, WallClock clock);
  // stop()s; in a forked child leaks.
  ~Authenticator();
  Authenticator(const Authenticator&) = delete;
  Authenticator& operator=(const Authenticator&) = delete;

  // The token at hand if it may be used; null when it must be renewed first. Any thread.
  std::shared_ptr<const CurrentToken> fresh() const;
  // Any token at hand, fresh or not; null before the first.
  std::shared_ptr<const CurrentToken> latest() const;

  // Asks for a token newer than generation `refused` (0: just for a fresh one), satisfying `claims`
  // when the service challenged with them (JSON; empty: it did not). Any thread.
  void renew(std::uint64_t refused, Callback callback, std::string claims = {});

  // Ends waiting callbacks with 08S01 and joins the thread; the provider's waits must end by
  // themselves then.
  void stop();

  bool app_only() const;
  Identity identity() const;
  // The last renewal was refused for good (28000).
  bool is_refused() const;
  // And what was refused is the stored sign-in: only a person's new one helps.
  bool is_sign_in_over() const;
  std::vector<base::Warning> take_warnings();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace graphodbc::graph
