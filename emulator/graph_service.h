// The Graph half of the emulator: seeded data and the v1.0 resource paths over it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "emulator/http_types.h"

namespace graphodbc::emulator {

struct TenantOptions {
  std::uint64_t seed = 1;
  std::size_t users = 40;
  std::size_t messages = 500;     // in the account's mailbox; other mailboxes hold a few
  std::size_t drive_items = 300;  // in the account's drive
};

class GraphService {
 public:
  explicit GraphService(const TenantOptions& options);
  ~GraphService();
  GraphService(const GraphService&) = delete;
  GraphService& operator=(const GraphService&) = delete;

  // Answers one request below /v1.0 (request.path starts with "/v1.0/"; `$batch` excluded, the
  // server splits it). Thread-safe: the data is immutable while reads are served.
  Response handle(const Request& request, const Principal& principal) const;

  // Key of the throttling bucket of this request ("mailbox:<user id>", "drive:...", "directory"),
  // or empty. Outlook allows 4 concurrent requests a mailbox (contract sheet (g)).
  std::string throttle_bucket(const Request& request, const Principal& principal) const;

  // The user principal name and object id of the seeded account that delegated tokens sign in as,
  // and lookup of any user by id or UPN (empty when unknown).
  std::string account_upn() const;
  std::string account_id() const;
  std::string user_id(std::string_view id_or_upn) const;
  std::string display_name(std::string_view user_id) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace graphodbc::emulator
