// The token file of RefreshTokenFilePath (requirements A-Z08): a JSON object with access_token,
// refresh_token and expires_in, shared by processes.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.h"
#include "graph/oauth/token.h"

namespace graphodbc::graph {

struct StoredTokens {
  AccessToken access;          // text empty when the file has none
  base::Secret refresh_token;  // empty when the file has none
  // Since when the refresh token is what it is: our member refresh_token_since (seconds since
  // 1970), else the file's time of change. Not given to write(): since now.
  std::optional<WallTime> refresh_token_since = std::nullopt;
};

// flock on "<file>.lock" (decisions.md 28), released by destruction. Without permission to make the
// lock file (a read-only directory) there is no lock and held() is false.
class TokenFileLock {
 public:
  // A person's sign-in takes minutes, in which the file is read and renewed as ever: it has a lock
  // of its own, "<file>.sign-in.lock".
  enum class Purpose : std::uint8_t { kChange, kSignIn };

  // Waits as long as `keep_waiting` answers true, asked about every 50 ms; for kChange 60 s at
  // most. Throws Error 08001 when it gives up.
  TokenFileLock(const std::string& token_path, const std::function<bool()>& keep_waiting,
                Purpose purpose = Purpose::kChange);
  ~TokenFileLock();
  TokenFileLock(const TokenFileLock&) = delete;
  TokenFileLock& operator=(const TokenFileLock&) = delete;

  bool held() const { return file_ >= 0; }

 private:
  int file_ = -1;
};

class TokenFile {
 public:
  // `sign_in` names the command that fills the file, for messages.
  explicit TokenFile(std::string path, std::string sign_in = "`graphodbc login`")
      : path_(std::move(path)), sign_in_(std::move(sign_in)) {}

  const std::string& path() const { return path_; }

  // Expiry is the member expires_at (seconds since 1970) that we write, else the file's time of
  // change plus expires_in (decisions.md 27); without either the token counts as expired. Throws
  // Error 08001, in different words for: missing or unreadable, empty, not a JSON object, without
  // any token. Messages never quote the content.
  StoredTokens read() const;
  // The same, but without any token where the file is missing, empty or has none.
  StoredTokens read_if_any() const;
  // Error 08001 for a file whose access token is over and that has no refresh token.
  [[noreturn]] void fail_without_refresh_token() const;

  // A sentence for each way in which other users can read or replace the tokens.
  std::vector<std::string> check_modes() const;

  // Replaces the tokens and keeps every other member, as it was written. A reader sees the old file
  // or the new one (temporary file, fsync, rename); mode 0600. What writers of this file that were
  // killed left beside it goes. Throws Error 08001.
  void write(const StoredTokens& tokens) const;

  // New text of members that are not tokens; nullopt removes one.
  using Changes = std::vector<std::pair<std::string, std::optional<std::string>>>;
  // After a sign-in: the tokens and the changes, in a file that may be missing or broken. A missing
  // refresh token is removed, it would be another sign-in's. After prepare_replace().
  void replace(const StoredTokens& tokens, const Changes& changes) const;
  // Makes the folder with those above it, mode 0700, where they are missing. Throws now what
  // replace() would: Error 08001 when the file is there and cannot be read, or when none can be
  // written.
  void prepare_replace() const;
  // The changes alone, to any members of a file that is there.
  void change(const Changes& changes) const;
  // A text member; empty when file or member are missing or of another kind.
  std::string member(std::string_view name) const;

 private:
  StoredTokens parse(std::string_view text, std::int64_t changed_at) const;
  void make_folder() const;

  std::string path_;
  std::string sign_in_;
};

}  // namespace graphodbc::graph
