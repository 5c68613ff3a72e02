// An emulated tenant and a driver manager configuration of a test's own.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/emulator_process.h"

namespace graphodbc::test {

class Tenant {
 public:
  explicit Tenant(std::vector<std::string> options = {});

  // For SQLDriverConnect; `more` like "Pushdown=off" comes first, so it wins.
  std::string connection_string(const std::string& more = "") const;
  std::string fact(const std::string& name) const { return emulator_.fact(name); }

  // Requests to Graph since the last forget(), batch items left out. `path` without "/v1.0".
  struct Served {
    std::string method;
    std::string path;
    std::string query;  // decoded
    int status = 0;
  };
  std::vector<Served> requests() const;
  std::size_t token_requests() const;
  // The whole log as docs/emulator.md describes it: sign-in requests and batch items too.
  nlohmann::json log() const;
  void forget() const;

  // Fault rules as docs/emulator.md describes them.
  void add_faults(const nlohmann::json& rules) const;
  void clear_faults() const;
  // The body that the control API answers.
  std::string control(const std::string& method, const std::string& path,
                      const std::string& body) const {
    return emulator_.control(method, path, body);
  }
  nlohmann::json stats() const;

 private:
  std::string log_keys_;
  EmulatorProcess emulator_;
};

std::string percent_decoded(const std::string& text);

// Messages of the large scans: 100,000, less where a sanitizer makes everything slow
// (GRAPHODBC_TEST_MESSAGES).
std::size_t large_mailbox();

// Writes odbcinst.ini with our driver into a new folder and points ODBCSYSINI there. Called once,
// before the first connection.
void use_private_driver_manager();

}  // namespace graphodbc::test
