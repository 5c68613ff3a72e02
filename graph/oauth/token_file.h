// The token file of RefreshTokenFilePath (requirements A-Z08): a JSON object with access_token,
// refresh_token and expires_in, shared by processes.
#pragma once

#include <functional>
#include <string>

#include "base/secret.h"
#include "graph/oauth/token.h"

namespace graphodbc::graph {

struct StoredTokens {
  AccessToken access;  // text empty when the file has none
  base::Secret refresh_token;
};

// flock on "<file>.lock" (decisions.md 28), released by destruction. Without permission to make the
// lock file (a read-only directory) there is no lock and held() is false.
class TokenFileLock {
 public:
  // Waits as long as `keep_waiting` answers true, asked about every 50 ms, 60 s at most.
  // Throws Error 08001 when it gives up.
  TokenFileLock(const std::string& token_path, const std::function<bool()>& keep_waiting);
  ~TokenFileLock();
  TokenFileLock(const TokenFileLock&) = delete;
  TokenFileLock& operator=(const TokenFileLock&) = delete;

  bool held() const { return file_ >= 0; }

 private:
  int file_ = -1;
};

class TokenFile {
 public:
  explicit TokenFile(std::string path) : path_(std::move(path)) {}

  const std::string& path() const { return path_; }

  // Expiry is the member expires_at (seconds since 1970) that we write, else the file's time of
  // change plus expires_in (decisions.md 27); without either the token counts as expired. Throws
  // Error 08001, in different words for: missing or unreadable, empty, not a JSON object, without
  // refresh_token. Messages never quote the content.
  StoredTokens read() const;

  // Replaces the tokens and keeps every other member, as it was written. A reader sees the old file
  // or the new one (temporary file, fsync, rename); mode 0600. Throws Error 08001.
  void write(const StoredTokens& tokens) const;

 private:
  std::string path_;
};

}  // namespace graphodbc::graph
