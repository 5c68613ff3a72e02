#include <gtest/gtest.h>

#include <chrono>

#include "emulator/identity/crypto.h"
#include "tests/emulator/test_tenant.h"

namespace graphodbc::emulator::testing {
namespace {

using Json = nlohmann::json;

std::int64_t now_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

class Assertion : public EmulatorTest {
 protected:
  void SetUp() override {
    key_ = generate_rsa_key();
    certificate_ = self_signed_certificate(key_.get(), "tests");
    const std::string der = certificate_der(certificate_.get());
    sha1_ = base64url_encode(sha1(der));
    sha256_ = base64url_encode(sha256(der));
  }

  void start_registered(const ApplicationOptions& options = {}) {
    start(options);
    TestClient client(port());
    ASSERT_EQ(
        client.send("POST", "/_control/certificates", certificate_pem(certificate_.get())).status,
        200);
    claims_ = {{"aud", app_->base_url() + oauth("token")},
               {"iss", web_app().client_id},
               {"sub", web_app().client_id},
               {"jti", random_guid()},
               {"nbf", now_seconds()},
               {"exp", now_seconds() + 600}};
  }

  Json ps256_header() const { return {{"alg", "PS256"}, {"typ", "JWT"}, {"x5t#S256", sha256_}}; }
  Json rs256_header() const { return {{"alg", "RS256"}, {"typ", "JWT"}, {"x5t", sha1_}}; }

  Reply ask(const Json& header, const Json& claims, SignatureKind kind, bool spoil = false) {
    const std::string text =
        base64url_encode(header.dump()) + "." + base64url_encode(claims.dump());
    std::string signature = sign(key_.get(), kind, text);
    if (spoil) signature[10] = static_cast<char>(signature[10] ^ 1);
    return TestClient(port()).post_form(
        oauth("token"),
        {{"grant_type", "client_credentials"},
         {"client_id", web_app().client_id},
         {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
         {"client_assertion", text + "." + base64url_encode(signature)},
         {"scope", "https://graph.microsoft.com/.default"}});
  }

  static int number(const Reply& reply) {
    const Json body = reply.json();
    return body.contains("error_codes") ? body.at("error_codes").at(0).get<int>() : 0;
  }

  Key key_;
  Certificate certificate_;
  std::string sha1_;
  std::string sha256_;
  Json claims_;
};

TEST_F(Assertion, AcceptsBothForms) {
  start_registered();
  EXPECT_EQ(ask(ps256_header(), claims_, SignatureKind::kPs256).status, 200);
  claims_["jti"] = random_guid();
  EXPECT_EQ(ask(rs256_header(), claims_, SignatureKind::kRs256).status, 200);
  Json padded = rs256_header();
  padded["x5t"] = sha1_ + "=";
  EXPECT_EQ(ask(padded, claims_, SignatureKind::kRs256).status, 200);
}

TEST_F(Assertion, RefusesWhatDoesNotVerify) {
  start_registered();
  EXPECT_EQ(number(ask(ps256_header(), claims_, SignatureKind::kPs256, true)), 700027);
  EXPECT_EQ(number(ask(ps256_header(), claims_, SignatureKind::kRs256)), 700027);
  Json header = ps256_header();
  header["x5t#S256"] = sha1_;
  EXPECT_EQ(number(ask(header, claims_, SignatureKind::kPs256)), 700027);
  header = ps256_header();
  header["alg"] = "none";
  EXPECT_EQ(number(ask(header, claims_, SignatureKind::kPs256)), 5002738);
}

TEST_F(Assertion, ChecksEveryClaim) {
  start_registered();
  const std::vector<std::tuple<std::string, Json, int>> cases = {
      {"aud", "https://elsewhere.example/token", 50013},
      {"sub", "someone else", 700030},
      {"iss", "someone else", 700030},
      {"exp", now_seconds() - 400, 700024},
      {"nbf", now_seconds() + 400, 700024},
      {"exp", now_seconds() + 200000, 700024},
      {"jti", "", 50027},
  };
  for (const auto& [claim, value, expected] : cases) {
    Json changed = claims_;
    changed[claim] = value;
    const Reply reply = ask(ps256_header(), changed, SignatureKind::kPs256);
    EXPECT_EQ(number(reply), expected) << claim;
    EXPECT_EQ(reply.status, 401);
    EXPECT_EQ(reply.json().at("error"), "invalid_client");
  }
}

TEST_F(Assertion, CountsReplaysAndRefusesThemWhenStrict) {
  start_registered();
  EXPECT_EQ(ask(ps256_header(), claims_, SignatureKind::kPs256).status, 200);
  EXPECT_EQ(ask(ps256_header(), claims_, SignatureKind::kPs256).status, 200);
  EXPECT_EQ(control("GET", "/stats").json().at("replayed_assertions"), 1);
  app_.reset();
  ApplicationOptions options;
  options.identity.strict_assertions = true;
  start_registered(options);
  EXPECT_EQ(ask(ps256_header(), claims_, SignatureKind::kPs256).status, 200);
  EXPECT_EQ(number(ask(ps256_header(), claims_, SignatureKind::kPs256)), 50013);
}

TEST(Crypto, DecodesBase64) {
  EXPECT_EQ(base64url_encode(std::string("\xfb\xff", 2)), "-_8");
  EXPECT_EQ(base64url_decode("-_8"), std::string("\xfb\xff", 2));
  EXPECT_EQ(base64url_decode(""), "");
  EXPECT_FALSE(base64url_decode("a+b="));
  EXPECT_FALSE(base64url_decode("abcde"));
  EXPECT_EQ(base64_decode("aGk="), "hi");
  EXPECT_FALSE(base64_decode("!!!!"));
}

}  // namespace
}  // namespace graphodbc::emulator::testing
