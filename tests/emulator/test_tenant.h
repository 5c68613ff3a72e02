// The emulator's server half over a tiny stand-in for the data: numbered rows.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "emulator/server/application.h"
#include "tests/emulator/test_client.h"

namespace graphodbc::emulator::testing {

inline constexpr std::string_view kAccount = "ada@contoso.example";
inline constexpr std::string_view kAccountId = "11111111-2222-4333-8444-555555555555";

// GET /v1.0/me/messages pages through `rows` rows by $top and $skip and echoes $filter; any other
// path answers 404. The mailbox is one throttling bucket.
GraphBackend numbered_rows(std::size_t rows);
UserDirectory one_user();

class EmulatorTest : public ::testing::Test {
 protected:
  void start(const ApplicationOptions& options = {}, std::size_t rows = 100);

  std::uint16_t port() const { return app_->port(); }
  std::string oauth(const std::string& endpoint, const std::string& tenant = "") const;
  const AppRegistration& web_app() const { return app_->identity().tenant().web_app; }
  const AppRegistration& native_app() const { return app_->identity().tenant().native_app; }

  // Headers with a fresh delegated access token.
  HeaderList bearer() const;
  Reply control(const std::string& method, const std::string& path,
                const nlohmann::json& body = nullptr);
  nlohmann::json log() { return control("GET", "/requests").json(); }
  void add_fault(const nlohmann::json& rule);

  // Follows nextLinks from `target`; the ids in order. Stops after `most` pages.
  std::vector<std::string> read_all(TestClient& client, std::string target, int most = 100);

  std::unique_ptr<Application> app_;
};

std::string target_of(const std::string& url);  // path and query of an absolute URL

}  // namespace graphodbc::emulator::testing
