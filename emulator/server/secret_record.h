// Writes down every secret that went over the wire, for tests which prove that none turns up in a
// log or a message (docs/emulator.md, --secrets). Thread-safe.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "emulator/http_types.h"

namespace graphodbc::emulator {

class SecretRecord {
 public:
  // Appends to the file, a secret a line; an empty path records nothing. Throws std::runtime_error.
  explicit SecretRecord(const std::string& path);
  ~SecretRecord();
  SecretRecord(const SecretRecord&) = delete;
  SecretRecord& operator=(const SecretRecord&) = delete;

  void add(std::string_view secret);
  // Secret parameters of the form, secret members of the answer, and a code in a redirect.
  void add_sign_in(const Request& request, const Response& response);

 private:
  int file_ = -1;
  std::mutex mutex_;
};

}  // namespace graphodbc::emulator
