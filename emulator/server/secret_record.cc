#include "emulator/server/secret_record.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "emulator/server/text.h"

namespace graphodbc::emulator {
namespace {

constexpr std::array<std::string_view, 8> kParameters = {
    "client_secret", "refresh_token",    "code",      "code_verifier",
    "device_code",   "client_assertion", "assertion", "password"};
constexpr std::array<std::string_view, 4> kMembers = {"access_token", "refresh_token", "id_token",
                                                      "device_code"};

}  // namespace

SecretRecord::SecretRecord(const std::string& path) {
  if (path.empty()) return;
  file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file_ < 0) throw std::runtime_error("--secrets: " + path + " cannot be written");
}

SecretRecord::~SecretRecord() {
  if (file_ >= 0) ::close(file_);
}

void SecretRecord::add(std::string_view secret) {
  if (file_ < 0 || secret.empty()) return;
  const std::string line = std::string(secret) + "\n";
  const std::lock_guard lock(mutex_);
  if (::write(file_, line.data(), line.size()) < 0) return;
}

void SecretRecord::add_sign_in(const Request& request, const Response& response) {
  if (file_ < 0) return;
  if (const auto basic = find_header(request.headers, "Authorization")) {
    add(basic->substr(basic->find(' ') + 1));
  }
  for (const auto& [name, value] : parse_form(request.body)) {
    for (const std::string_view secret : kParameters) {
      if (name == secret) add(value);
    }
  }
  const auto body = nlohmann::json::parse(response.body, nullptr, false);
  if (body.is_object()) {
    for (const std::string_view member : kMembers) {
      const auto found = body.find(member);
      if (found != body.end() && found->is_string()) add(found->get<std::string>());
    }
  }
  const std::string_view location = find_header(response.headers, "Location").value_or("");
  const std::size_t query = location.find('?');
  if (query == std::string_view::npos) return;
  for (const auto& [name, value] : parse_form(location.substr(query + 1))) {
    if (name == "code") add(value);
  }
}

}  // namespace graphodbc::emulator
