#include <gtest/gtest.h>

#include <chrono>

#include "emulator/identity/crypto.h"
#include "emulator/server/text.h"
#include "tests/emulator/test_tenant.h"

namespace graphodbc::emulator::testing {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const std::string kScope = "openid profile offline_access Mail.Read User.Read";
constexpr std::string_view kRedirect = "http://localhost:5123/";

Json decode_jwt_part(const std::string& token, std::size_t index) {
  const auto parts = split(token, '.');
  return Json::parse(base64url_decode(parts.at(index)).value());
}

class Identity : public EmulatorTest {
 protected:
  // The authorize request of a well-behaved public client, with some parameters replaced ("" takes
  // one away).
  Reply authorize(const Parameters& changes = {}, const std::string& tenant = "") {
    std::map<std::string, std::string> parameters = {
        {"client_id", native_app().client_id},
        {"response_type", "code"},
        {"redirect_uri", std::string(kRedirect)},
        {"scope", kScope},
        {"state", "st&te=1"},
        {"nonce", "n0nce"},
        {"code_challenge", base64url_encode(sha256(kVerifier))},
        {"code_challenge_method", "S256"}};
    for (const auto& [name, value] : changes) parameters[name] = value;
    std::string query;
    for (const auto& [name, value] : parameters) {
      if (!value.empty()) query += (query.empty() ? "?" : "&") + name + "=" + percent_encode(value);
    }
    return TestClient(port()).get(oauth("authorize", tenant) + query);
  }

  static Parameters redirect_parameters(const Reply& reply) {
    const std::string location = reply.header("Location");
    return parse_form(location.substr(location.find('?') + 1));
  }

  std::string code(const Parameters& changes = {}) {
    const Reply reply = authorize(changes);
    EXPECT_EQ(reply.status, 302) << reply.body;
    return std::string(find_parameter(redirect_parameters(reply), "code").value_or(""));
  }

  Reply token(const Parameters& form, const HeaderList& headers = {},
              const std::string& tenant = "") {
    return TestClient(port()).post_form(oauth("token", tenant), form, headers);
  }

  Reply redeem(const std::string& authorization_code, const Parameters& more = {}) {
    Parameters form = {{"grant_type", "authorization_code"},
                       {"client_id", native_app().client_id},
                       {"code", authorization_code},
                       {"redirect_uri", std::string(kRedirect)},
                       {"code_verifier", std::string(kVerifier)}};
    for (const auto& [name, value] : more) {
      std::erase_if(form, [&, &changed = name](const auto& old) { return old.first == changed; });
      form.emplace_back(name, value);
    }
    return token(form);
  }

  Reply refresh(const std::string& refresh_token, const Parameters& more = {}) {
    Parameters form = {{"grant_type", "refresh_token"},
                       {"client_id", native_app().client_id},
                       {"refresh_token", refresh_token}};
    form.insert(form.end(), more.begin(), more.end());
    return token(form);
  }

  static void expect_error(const Reply& reply, const std::string& error, int aadsts) {
    const Json body = reply.json();
    ASSERT_TRUE(body.is_object()) << reply.body;
    EXPECT_EQ(body.value("error", ""), error) << reply.body;
    EXPECT_EQ(body.at("error_codes"), Json::array({aadsts})) << reply.body;
    EXPECT_EQ(body.at("error_description")
                  .get<std::string>()
                  .find("AADSTS" + std::to_string(aadsts) + ": "),
              0U);
    EXPECT_NE(body.at("error_description").get<std::string>().find("\r\nTrace ID: "),
              std::string::npos);
    for (const char* name : {"timestamp", "trace_id", "correlation_id", "error_uri"}) {
      EXPECT_TRUE(body.contains(name)) << name;
    }
    EXPECT_EQ(reply.status, error == "invalid_client" ? 401 : 400);
  }
};

TEST_F(Identity, SignsInWithCodeAndPkce) {
  start();
  const Reply reply = authorize();
  ASSERT_EQ(reply.status, 302);
  EXPECT_EQ(reply.header("Location").rfind("http://localhost:5123/?code=", 0), 0U);
  const Parameters back = redirect_parameters(reply);
  EXPECT_EQ(find_parameter(back, "state"), "st&te=1");

  const Reply tokens = redeem(std::string(*find_parameter(back, "code")));
  ASSERT_EQ(tokens.status, 200) << tokens.body;
  const Json body = tokens.json();
  EXPECT_EQ(body.at("token_type"), "Bearer");
  EXPECT_EQ(body.at("expires_in"), 3600);
  EXPECT_EQ(body.at("scope"), "Mail.Read User.Read openid profile");
  EXPECT_TRUE(body.contains("refresh_token"));

  const Json access = decode_jwt_part(body.at("access_token"), 1);
  EXPECT_EQ(access.at("aud"), "https://graph.microsoft.com");
  EXPECT_EQ(access.at("scp"), "Mail.Read User.Read");
  EXPECT_EQ(access.at("upn"), kAccount);
  EXPECT_EQ(access.at("oid"), kAccountId);
  const Json id = decode_jwt_part(body.at("id_token"), 1);
  EXPECT_EQ(id.at("aud"), native_app().client_id);
  EXPECT_EQ(id.at("nonce"), "n0nce");
  EXPECT_EQ(id.at("preferred_username"), kAccount);
  EXPECT_EQ(id.at("name"), "Ada Example");

  const HeaderList headers = {
      {"Authorization", "Bearer " + body.at("access_token").get<std::string>()}};
  EXPECT_EQ(TestClient(port()).get("/v1.0/me/messages", headers).status, 200);
}

TEST_F(Identity, SignsTokensWithThePublishedKey) {
  start();
  const Reply tokens = redeem(code());
  const std::string jwt = tokens.json().at("id_token");
  const Json configuration =
      TestClient(port()).get("/common/v2.0/.well-known/openid-configuration").json();
  EXPECT_NE(configuration.at("issuer").get<std::string>().find("{tenantid}"), std::string::npos);
  const Json keys = TestClient(port()).get(target_of(configuration.at("jwks_uri"))).json();
  const Json& key = keys.at("keys").at(0);
  EXPECT_EQ(key.at("kid"), decode_jwt_part(jwt, 0).at("kid"));
  std::string pem = "-----BEGIN CERTIFICATE-----\n";
  const std::string der = key.at("x5c").at(0);
  for (std::size_t i = 0; i < der.size(); i += 64) pem += der.substr(i, 64) + "\n";
  pem += "-----END CERTIFICATE-----\n";
  const Certificate certificate = parse_certificate(pem);
  ASSERT_NE(certificate, nullptr);
  const auto dot = jwt.rfind('.');
  const std::string signature = base64url_decode(jwt.substr(dot + 1)).value();
  EVP_PKEY* public_key = X509_get0_pubkey(certificate.get());
  EXPECT_TRUE(verify(public_key, SignatureKind::kRs256, jwt.substr(0, dot), signature));
  EXPECT_FALSE(verify(public_key, SignatureKind::kRs256, jwt.substr(0, dot - 1), signature));
  EXPECT_EQ(base64url_encode(rsa_public_numbers(public_key).modulus), key.at("n"));
}

TEST_F(Identity, PublishesDiscovery) {
  start();
  const std::string tenant = app_->identity().tenant().id;
  TestClient client(port());
  const Json own = client.get("/" + tenant + "/v2.0/.well-known/openid-configuration").json();
  EXPECT_EQ(own.at("issuer"), app_->base_url() + "/" + tenant + "/v2.0");
  EXPECT_EQ(own.at("token_endpoint"), app_->base_url() + "/" + tenant + "/oauth2/v2.0/token");
  EXPECT_TRUE(own.at("response_types_supported").is_array());
  const Json instance = client.get("/common/discovery/instance?api-version=1.1").json();
  EXPECT_EQ(instance.at("metadata").at(0).at("aliases").at(0),
            "127.0.0.1:" + std::to_string(port()));
  const Reply unknown = client.get("/no-such-tenant/v2.0/.well-known/openid-configuration");
  expect_error(unknown, "invalid_request", 90002);
}

TEST_F(Identity, GuardsAuthorizationCodes) {
  start();
  const std::string used = code();
  ASSERT_EQ(redeem(used).status, 200);
  expect_error(redeem(used), "invalid_grant", 54005);
  expect_error(redeem("1.unknown"), "invalid_grant", 9002313);
  expect_error(redeem(code(), {{"code_verifier", std::string(43, 'x')}}), "invalid_grant", 501481);
  expect_error(redeem(code(), {{"code_verifier", ""}}), "invalid_grant", 501481);
  expect_error(redeem(code(), {{"redirect_uri", "http://localhost:5123"}}), "invalid_grant",
               500112);
  const std::string plain(50, 'p');
  const std::string plain_code = code({{"code_challenge", plain}, {"code_challenge_method", ""}});
  EXPECT_EQ(redeem(plain_code, {{"code_verifier", plain}}).status, 200);
}

TEST_F(Identity, ShowsErrorsInTheBrowserWhereTheyMustNotTravel) {
  start();
  const std::vector<std::pair<Parameters, std::string>> cases = {
      {{{"client_id", "00000000-0000-0000-0000-000000000001"}}, "AADSTS700016"},
      {{{"client_id", ""}}, "AADSTS900144"},
      {{{"redirect_uri", "http://localhost:5123/other"}}, "AADSTS50011"},
      {{{"redirect_uri", ""}}, "AADSTS50011"},
      {{{"login_hint", "nobody@contoso.example"}}, "AADSTS50034"},
  };
  for (const auto& [changes, number] : cases) {
    const Reply reply = authorize(changes);
    EXPECT_EQ(reply.status, 400);
    EXPECT_EQ(reply.header("Location"), "");
    EXPECT_EQ(reply.header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_NE(reply.body.find(number), std::string::npos) << reply.body;
  }
  EXPECT_NE(authorize({}, "elsewhere.example").body.find("AADSTS90002"), std::string::npos);
}

TEST_F(Identity, SendsOtherErrorsToTheRedirect) {
  start();
  const std::vector<std::pair<Parameters, std::string>> cases = {
      {{{"login_hint", "deny@contoso.example"}}, "access_denied"},
      {{{"response_type", "token"}}, "unsupported_response_type"},
      {{{"scope", ""}}, "invalid_request"},
      {{{"scope", "Mail.Eat"}}, "invalid_scope"},
      {{{"scope", "Mail.Send"}}, "consent_required"},
      {{{"scope", "Mail.Send"}, {"prompt", "none"}}, "interaction_required"},
      {{{"code_challenge", "short"}}, "invalid_request"},
      {{{"code_challenge_method", "S512"}}, "invalid_request"},
  };
  for (const auto& [changes, error] : cases) {
    const Reply reply = authorize(changes);
    ASSERT_EQ(reply.status, 302) << reply.body;
    const Parameters back = redirect_parameters(reply);
    EXPECT_EQ(find_parameter(back, "error"), error);
    EXPECT_EQ(find_parameter(back, "state"), "st&te=1");
    EXPECT_TRUE(find_parameter(back, "error_description")->starts_with("AADSTS"));
    EXPECT_FALSE(find_parameter(back, "code"));
  }
}

TEST_F(Identity, PostsTheCodeWhenAsked) {
  start();
  const Reply reply = authorize({{"response_mode", "form_post"}});
  EXPECT_EQ(reply.status, 200);
  EXPECT_NE(reply.body.find("action=\"http://localhost:5123/\""), std::string::npos);
  EXPECT_NE(reply.body.find("name=\"code\""), std::string::npos);
  EXPECT_NE(reply.body.find("value=\"st&amp;te=1\""), std::string::npos);
}

TEST(RedirectUri, MatchesByTheLoopbackRule) {
  const std::vector<std::tuple<std::string, std::string, bool>> cases = {
      {"http://localhost", "http://localhost", true},
      {"http://localhost", "http://localhost:1234", true},
      {"http://localhost", "http://localhost:1234/", true},
      {"http://localhost", "http://localhost:1234/callback", false},
      {"http://localhost/Callback", "http://localhost:1/callback", false},
      {"http://localhost", "http://127.0.0.1:1234", false},
      {"http://127.0.0.1", "http://127.0.0.1:1234", true},
      {"http://localhost", "https://localhost", false},
      {"https://app.example/cb", "https://app.example:444/cb", false},
      {"https://app.example/cb", "https://app.example/cb", true},
  };
  for (const auto& [registered, given, expected] : cases) {
    EXPECT_EQ(redirect_uri_matches(registered, given), expected) << registered << " " << given;
  }
  EXPECT_EQ(redirect_target("http://localhost:1", "code=x"), "http://localhost:1/?code=x");
  EXPECT_EQ(redirect_target("http://localhost:1/a?b=c", "code=x"),
            "http://localhost:1/a?b=c&code=x");
}

TEST_F(Identity, RotatesRefreshTokensAndKeepsTheOldOne) {
  start();
  const std::string first = redeem(code()).json().at("refresh_token");
  const Reply once = refresh(first);
  ASSERT_EQ(once.status, 200) << once.body;
  EXPECT_NE(once.json().at("refresh_token"), first);
  EXPECT_EQ(refresh(first).status, 200);
  EXPECT_EQ(refresh(once.json().at("refresh_token")).status, 200);
  EXPECT_EQ(refresh(first, {{"scope", "User.Read"}}).json().at("scope"), "User.Read");
}

TEST_F(Identity, RevokesOnRotationWhenAsked) {
  ApplicationOptions options;
  options.identity.rotation_revokes = true;
  start(options);
  const std::string first = redeem(code()).json().at("refresh_token");
  const Reply once = refresh(first);
  ASSERT_EQ(once.status, 200);
  expect_error(refresh(first), "invalid_grant", 50173);
  EXPECT_EQ(refresh(once.json().at("refresh_token")).status, 200);
}

TEST_F(Identity, OutlivesARestartWithTheSameSeed) {
  start();
  const std::string token_text = redeem(code()).json().at("refresh_token");
  app_.reset();
  start();
  EXPECT_EQ(refresh(token_text).status, 200);
  app_.reset();
  ApplicationOptions other;
  other.identity.seed = 2;
  start(other);
  EXPECT_EQ(refresh(token_text).status, 400);
}

TEST_F(Identity, RefusesDeadRefreshTokens) {
  start();
  const std::string token_text = redeem(code()).json().at("refresh_token");
  expect_error(refresh("rubbish"), "invalid_grant", 9002313);
  expect_error(refresh(token_text + "x"), "invalid_grant", 9002313);
  expect_error(refresh(token_text, {{"scope", "Mail.Send"}}), "invalid_grant", 65001);
  expect_error(refresh(token_text, {{"scope", "Mail.Eat"}}), "invalid_scope", 70011);
  control("POST", "/revoke", {{"what", "refresh"}, {"code", 50173}});
  expect_error(refresh(token_text), "invalid_grant", 50173);
  control("POST", "/revoke", {{"what", "refresh"}});
  expect_error(refresh(token_text), "invalid_grant", 700082);
  const std::string fresh = redeem(code()).json().at("refresh_token");
  EXPECT_EQ(refresh(fresh).status, 200);
  control("POST", "/revoke", {{"what", "refresh"}, {"code", 50076}, {"token", fresh}});
  expect_error(refresh(fresh), "interaction_required", 50076);
}

TEST_F(Identity, RefusesBadTokenRequests) {
  start();
  const std::string id = web_app().client_id;
  const std::string secret = web_app().secret;
  const std::string graph = "https://graph.microsoft.com/.default";
  struct Case {
    Parameters form;
    std::string error;
    int aadsts;
  };
  const std::vector<Case> cases = {
      {{}, "invalid_request", 900144},
      {{{"grant_type", "client_credentials"}}, "invalid_request", 900144},
      {{{"grant_type", "client_credentials"}, {"client_id", "nobody"}},
       "unauthorized_client",
       700016},
      {{{"grant_type", "client_credentials"}, {"client_id", id}, {"scope", graph}},
       "invalid_client",
       7000218},
      {{{"grant_type", "client_credentials"}, {"client_id", id}, {"client_secret", "wrong"}},
       "invalid_client",
       7000215},
      {{{"grant_type", "client_credentials"},
        {"client_id", id},
        {"client_secret", web_app().expired_secret}},
       "invalid_client",
       7000222},
      {{{"grant_type", "client_credentials"}, {"client_id", id}, {"client_secret", secret}},
       "invalid_request",
       900144},
      {{{"grant_type", "client_credentials"},
        {"client_id", id},
        {"client_secret", secret},
        {"scope", "Mail.Read"}},
       "invalid_scope",
       1002012},
      {{{"grant_type", "client_credentials"},
        {"client_id", id},
        {"client_secret", secret},
        {"scope", "https://graph.microsoft.us/.default"}},
       "invalid_resource",
       500011},
      {{{"grant_type", "client_credentials"},
        {"client_id", id},
        {"client_secret", secret},
        {"resource", "https://graph.microsoft.com"}},
       "invalid_request",
       901002},
      {{{"grant_type", "refresh_token"},
        {"client_id", native_app().client_id},
        {"client_secret", secret},
        {"refresh_token", "x"}},
       "invalid_client",
       700025},
      {{{"grant_type", "telepathy"}, {"client_id", id}, {"client_secret", secret}},
       "unsupported_grant_type",
       70003},
      {{{"grant_type", "refresh_token"}, {"client_id", id}, {"client_secret", secret}},
       "invalid_request",
       900144},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.aadsts);
    expect_error(token(c.form), c.error, c.aadsts);
  }
  const Parameters good = {{"grant_type", "client_credentials"},
                           {"client_id", id},
                           {"client_secret", secret},
                           {"scope", graph}};
  expect_error(token(good, {}, "common"), "invalid_request", 9001023);
  expect_error(token(good, {}, "contoso.invalid"), "invalid_request", 90002);
  expect_error(token(good, {}, "consumers"), "invalid_request", 9002332);
  expect_error(TestClient(port()).get(oauth("token")), "invalid_request", 900561);
}

TEST_F(Identity, GivesApplicationsTheirRoles) {
  start();
  const Reply reply = token({{"grant_type", "client_credentials"},
                             {"client_id", web_app().client_id},
                             {"client_secret", web_app().secret},
                             {"scope", "https://graph.microsoft.com/.default"}},
                            {}, "contoso.example");
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_FALSE(reply.json().contains("refresh_token"));
  EXPECT_FALSE(reply.json().contains("scope"));
  const Json claims = decode_jwt_part(reply.json().at("access_token"), 1);
  EXPECT_FALSE(claims.contains("scp"));
  const auto roles = claims.at("roles").get<std::vector<std::string>>();
  EXPECT_NE(std::find(roles.begin(), roles.end(), "Mail.Read"), roles.end());
}

TEST_F(Identity, AcceptsBasicAuthentication) {
  start();
  const std::string pair =
      percent_encode(web_app().client_id) + ":" + percent_encode(web_app().secret);
  const Parameters form = {{"grant_type", "client_credentials"},
                           {"scope", app_->base_url() + "/.default"}};
  EXPECT_EQ(token(form, {{"Authorization", "Basic " + base64_encode(pair)}}).status, 200);
  const std::string wrong = percent_encode(web_app().client_id) + ":nope";
  expect_error(token(form, {{"Authorization", "Basic " + base64_encode(wrong)}}), "invalid_client",
               7000215);
}

TEST_F(Identity, FollowsTheDeviceFlow) {
  ApplicationOptions options;
  options.identity.device_interval_seconds = 0;
  start(options);
  TestClient client(port());
  const Reply begun = client.post_form(oauth("devicecode"),
                                       {{"client_id", native_app().client_id}, {"scope", kScope}});
  ASSERT_EQ(begun.status, 200) << begun.body;
  const Json device = begun.json();
  EXPECT_FALSE(device.contains("verification_uri_complete"));
  EXPECT_EQ(device.at("expires_in"), 900);
  const Parameters poll = {{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"},
                           {"client_id", native_app().client_id},
                           {"device_code", device.at("device_code")}};
  expect_error(token(poll), "authorization_pending", 70016);
  EXPECT_EQ(control("POST", "/devicecode/approve", {{"user_code", "WRONGCODE"}}).status, 404);
  EXPECT_EQ(control("POST", "/devicecode/approve", {{"user_code", device.at("user_code")}}).status,
            200);
  const Reply tokens = token(poll);
  ASSERT_EQ(tokens.status, 200) << tokens.body;
  EXPECT_TRUE(tokens.json().contains("refresh_token"));
  expect_error(token(poll), "invalid_grant", 90120);
  Parameters unknown = poll;
  unknown.back().second = "unknown";
  expect_error(token(unknown), "bad_verification_code", 70018);
}

TEST_F(Identity, SlowsAndDeclinesDevices) {
  start();
  TestClient client(port());
  const Json device = client
                          .post_form(oauth("devicecode"),
                                     {{"client_id", native_app().client_id}, {"scope", kScope}})
                          .json();
  const Parameters poll = {{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"},
                           {"client_id", native_app().client_id},
                           {"device_code", device.at("device_code")}};
  expect_error(token(poll), "authorization_pending", 70016);
  expect_error(token(poll), "slow_down", 90055);
  const Reply page =
      client.post_form("/devicelogin", {{"otc", device.at("user_code")}, {"decision", "decline"}});
  EXPECT_EQ(page.status, 200);
  expect_error(token(poll), "authorization_declined", 90120);

  control("POST", "/devicecode", {{"interval", 0}, {"approve_after", 2}});
  Parameters again = poll;
  again.back().second = client
                            .post_form(oauth("devicecode"),
                                       {{"client_id", native_app().client_id}, {"scope", kScope}})
                            .json()
                            .at("device_code");
  expect_error(token(again), "authorization_pending", 70016);
  EXPECT_EQ(token(again).status, 200);
}

TEST_F(Identity, FollowsConsent) {
  start();
  control("POST", "/consent", {{"scopes", {"User.Read"}}, {"roles", {"User.Read.All"}}});
  const std::string granted =
      redeem(code({{"scope", "offline_access User.Read"}})).json().at("refresh_token");
  expect_error(refresh(granted, {{"scope", "Mail.Read"}}), "invalid_grant", 65001);
  const Json everything =
      refresh(granted, {{"scope", "https://graph.microsoft.com/.default"}}).json();
  EXPECT_EQ(decode_jwt_part(everything.at("access_token"), 1).at("scp"), "User.Read");
}

TEST_F(Identity, ReadsScopes) {
  const std::vector<std::string> own = {"http://127.0.0.1:1"};
  EXPECT_EQ(parse_scopes("mail.read  openid", own).names, std::vector<std::string>{"Mail.Read"});
  EXPECT_TRUE(parse_scopes("http://127.0.0.1:1/.default", own).everything);
  EXPECT_EQ(parse_scopes("https://graph.microsoft.com/Mail.Read", own).names.size(), 1U);
  const std::vector<std::pair<std::string, int>> bad = {
      {"Mail.Eat", 70011},
      {"https://graph.microsoft.com/.default Mail.Read", 70011},
      {"https://management.azure.com/.default", 500011},
      {"http://127.0.0.1:1/Mail.Read https://graph.microsoft.com/User.Read", 28000},
  };
  for (const auto& [text, number] : bad) {
    try {
      parse_scopes(text, own);
      ADD_FAILURE() << text;
    } catch (const SignInError& error) {
      EXPECT_EQ(error.aadsts, number) << text;
    }
  }
}

TEST(Tenant, FollowsFromTheSeed) {
  const Tenant one = make_tenant(1, "ada@contoso.example");
  EXPECT_EQ(one.id, make_tenant(1, "ada@contoso.example").id);
  EXPECT_EQ(one.web_app.secret, make_tenant(1, "ada@contoso.example").web_app.secret);
  EXPECT_NE(one.id, make_tenant(2, "ada@contoso.example").id);
  EXPECT_NE(one.web_app.secret, one.web_app.expired_secret);
  for (const char c : std::string("~+/=")) {
    EXPECT_NE(one.web_app.secret.find(c), std::string::npos) << c;
  }
}

}  // namespace
}  // namespace graphodbc::emulator::testing
