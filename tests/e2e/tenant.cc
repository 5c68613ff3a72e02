#include "tests/e2e/tenant.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace graphodbc::test {
namespace {

constexpr std::string_view kRoot = "/v1.0";

bool is_large(const std::vector<std::string>& options) {
  const auto at = std::find(options.begin(), options.end(), "--messages");
  return at != options.end() && at + 1 != options.end() && std::stoull(*(at + 1)) > 10'000;
}

// Everything is logged at the highest level where the leak test looks for secrets (tests/leaks);
// not the large scans, whose bodies would fill the disk.
std::string log_keys(bool large) {
  const char* folder = std::getenv("GRAPHODBC_TEST_OUTPUT");
  if (folder == nullptr || large) return {};
  return ";LogLevel=5;LogMaxSize=1024;LogFile=" + std::string(folder) + "/driver-" +
         std::to_string(::getpid()) + ".log";
}

}  // namespace

std::string percent_decoded(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

Tenant::Tenant(std::vector<std::string> options)
    : log_keys_(log_keys(is_large(options))), emulator_(GRAPHODBC_EMULATOR, std::move(options)) {
  use_private_driver_manager();
}

std::string Tenant::connection_string(const std::string& more) const {
  return more + (more.empty() ? "" : ";") + emulator_.fact("connection_string") + log_keys_;
}

std::vector<Tenant::Served> Tenant::requests() const {
  std::vector<Served> served;
  for (const auto& entry : nlohmann::json::parse(emulator_.control("GET", "/requests"))) {
    std::string path = entry["path"];
    if (entry["batch_item"] || path.compare(0, kRoot.size(), kRoot) != 0) continue;
    served.push_back({entry["method"], percent_decoded(path.substr(kRoot.size())),
                      percent_decoded(entry["query"]), entry["status"]});
  }
  return served;
}

std::size_t Tenant::token_requests() const {
  std::size_t count = 0;
  for (const auto& entry : nlohmann::json::parse(emulator_.control("GET", "/requests"))) {
    const std::string path = entry["path"];
    if (path.find("/oauth2/v2.0/token") != std::string::npos) ++count;
  }
  return count;
}

nlohmann::json Tenant::log() const {
  return nlohmann::json::parse(emulator_.control("GET", "/requests"));
}

void Tenant::forget() const {
  emulator_.control("DELETE", "/requests");
}

void Tenant::add_faults(const nlohmann::json& rules) const {
  emulator_.control("POST", "/faults", rules.dump());
}

void Tenant::clear_faults() const {
  emulator_.control("DELETE", "/faults");
}

nlohmann::json Tenant::stats() const {
  return nlohmann::json::parse(emulator_.control("GET", "/stats"));
}

std::size_t large_mailbox() {
  const char* set = std::getenv("GRAPHODBC_TEST_MESSAGES");
  return set != nullptr ? std::strtoull(set, nullptr, 10) : GRAPHODBC_LARGE_MAILBOX;
}

void use_private_driver_manager() {
  static const bool done = [] {
    std::string folder = "/tmp/graphodbc-e2e-XXXXXX";
    if (::mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no folder for odbcinst.ini");
    std::ofstream(folder + "/odbcinst.ini")
        << "[graphodbc]\nDriver = " GRAPHODBC_LIBRARY "\nThreading = 0\nCPTimeout = 0\n";
    ::setenv("ODBCSYSINI", folder.c_str(), 1);
    ::setenv("ODBCINI", "/dev/null", 1);
    return true;
  }();
  static_cast<void>(done);
}

}  // namespace graphodbc::test
