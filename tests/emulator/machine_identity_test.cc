// Managed identities and the tokens of a cluster's workload.
#include <gtest/gtest.h>

#include "tests/emulator/test_tenant.h"

namespace graphodbc::emulator::testing {
namespace {

constexpr const char* kMachine =
    "/metadata/identity/oauth2/token?api-version=2018-02-01"
    "&resource=https%3A%2F%2Fgraph.microsoft.com";
constexpr const char* kAppService =
    "/msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fgraph.microsoft.com";

class MachineIdentity : public EmulatorTest {
 protected:
  Reply ask(const std::string& target, const HeaderList& headers) {
    return TestClient(port()).send("GET", target, "", headers);
  }
  Reply redeem(const std::string& assertion) {
    return TestClient(port()).post_form(
        oauth("token"),
        {{"grant_type", "client_credentials"},
         {"client_id", web_app().client_id},
         {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
         {"client_assertion", assertion},
         {"scope", "https://graph.microsoft.com/.default"}});
  }
  std::string federated(const nlohmann::json& what = nlohmann::json::object()) {
    return control("POST", "/federated-token", what).json().at("token");
  }
};

TEST_F(MachineIdentity, WantsItsHeader) {
  start();
  EXPECT_EQ(ask(kMachine, {}).status, 400);
  EXPECT_EQ(ask(kAppService, {{"X-IDENTITY-HEADER", "wrong"}}).status, 401);
  const Reply machine = ask(kMachine, {{"Metadata", "true"}});
  EXPECT_EQ(machine.status, 200);
  EXPECT_EQ(machine.json().at("expires_in"), "3600");
  const Reply service =
      ask(kAppService, {{"X-IDENTITY-HEADER", app_->identity().identity_header()}});
  EXPECT_EQ(service.status, 200);
  EXPECT_FALSE(service.json().contains("expires_in"));
  EXPECT_TRUE(service.json().at("expires_on").is_string());
}

TEST_F(MachineIdentity, KnowsTheAssignedOnesOnly) {
  start();
  const std::string assigned = app_->identity().user_assigned_identity();
  const HeaderList headers = {{"Metadata", "true"}};
  const Reply named = ask(std::string(kMachine) + "&client_id=" + assigned, headers);
  EXPECT_EQ(named.status, 200);
  EXPECT_EQ(named.json().at("client_id"), assigned);
  EXPECT_EQ(ask(std::string(kMachine) + "&client_id=x", headers).status, 400);
  EXPECT_EQ(ask("/metadata/identity/oauth2/token?api-version=2018-02-01", headers).status, 400);
}

TEST_F(MachineIdentity, AFederatedCredentialTrustsOneWorkload) {
  start();
  EXPECT_EQ(redeem(federated()).status, 200);
  const auto code_of = [this](const std::string& token) {
    return redeem(token).json().at("error_codes").at(0).get<int>();
  };
  EXPECT_EQ(code_of(federated({{"subject", "somebody"}})), 700213);
  EXPECT_EQ(code_of(federated({{"seconds", -10}})), 700024);
  std::string spoilt = federated();
  spoilt[spoilt.size() - 10] = spoilt[spoilt.size() - 10] == 'A' ? 'B' : 'A';
  EXPECT_EQ(code_of(spoilt), 50013);
}

}  // namespace
}  // namespace graphodbc::emulator::testing
