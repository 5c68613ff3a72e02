#include "config/settings.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <ostream>

namespace graphodbc::config {
namespace {

Settings settings_of(std::string_view text) {
  return resolve(parse_connection_string(text), {}).settings;
}

// With a token, so that credentials are not what is tested.
Settings with_token(const std::string& text) {
  return settings_of("AccessToken=t;" + text);
}

struct Failure {
  std::string state;
  std::string message;
};

Failure failure_of(const std::string& text) {
  try {
    (void)settings_of(text);
  } catch (const base::Error& error) {
    return {std::string(error.state().code()), error.message()};
  }
  return {};
}

std::vector<std::string> warnings_of(const std::string& text) {
  std::vector<std::string> out;
  for (const base::Warning& warning : resolve(parse_connection_string(text), {}).warnings) {
    out.push_back(std::string(warning.state.code()) + " " + warning.message);
  }
  return out;
}

TEST(Settings, Defaults) {
  const Settings settings = with_token("");
  EXPECT_EQ(settings.graph_url, "https://graph.microsoft.com");
  EXPECT_EQ(settings.retry_mode, RetryMode::kWhenStatusCodeMatches);
  EXPECT_EQ(settings.retry_statuses, std::vector<int>({429, 503}));
  EXPECT_EQ(settings.retry_count, 5);
  EXPECT_TRUE(settings.retry_multiply_wait);
  EXPECT_EQ(settings.timeout.count(), 60);
  EXPECT_EQ(settings.query_timeout.count(), 0);
  EXPECT_TRUE(settings.auto_refresh && settings.pushdown && settings.pushdown_fallback);
  EXPECT_TRUE(settings.read_only && settings.immutable_ids);
  EXPECT_FALSE(settings.nocase || settings.order_by_text);
  EXPECT_EQ(settings.time_zone.offset(0), 0);
  EXPECT_EQ(settings.sql_conformance, 8u);
  EXPECT_EQ(settings.log_level, base::LogLevel::kOff);
  EXPECT_EQ(settings.scope, "");
}

TEST(Settings, ReadsEveryKey) {
  const Settings settings = settings_of(
      "Driver={x};AUTHURL=https://l/t/oauth2/v2.0/authorize;tokenurl=https://l/t/oauth2/v2.0/token;"
      "ClientId=c;ClientSecret={s;}}};Scope=a;RefreshTokenFilePath=/f;AccessToken=a;"
      "TenantId=t;GraphUrl=http://127.0.0.1:8080/v1.0/;UserId=u;AutoRefresh=no;RetryMode=retryany;"
      "RetryStatusCodeList=500| 502,504;RetryCountMax=50;RetryMultiplyWaitTime=false;Timeout=1;"
      "QueryTimeout=2;CaFile=/ca;Pushdown=off;PushdownFallback=0;ReadOnly=False;ImmutableIds=no;"
      "Collation=NOCASE;OrderByText=Server;TimeZone=-05:30;SqlConformance=entry;LogFile=/"
      "l;LogLevel=3");
  EXPECT_EQ(settings.auth_url, "https://l/t/oauth2/v2.0/authorize");
  EXPECT_EQ(settings.token_url, "https://l/t/oauth2/v2.0/token");
  EXPECT_EQ(settings.client_id, "c");
  EXPECT_EQ(settings.client_secret.reveal(), "s;}");
  EXPECT_EQ(settings.refresh_token_file, "/f");
  EXPECT_EQ(settings.access_token.reveal(), "a");
  EXPECT_EQ(settings.tenant_id, "t");
  EXPECT_EQ(settings.graph_url, "http://127.0.0.1:8080");
  EXPECT_EQ(settings.account, "u");
  EXPECT_EQ(settings.retry_mode, RetryMode::kAny);
  EXPECT_EQ(settings.retry_statuses, std::vector<int>({500, 502, 504}));
  EXPECT_EQ(settings.retry_count, 50);
  EXPECT_EQ(settings.timeout.count(), 1);
  EXPECT_EQ(settings.query_timeout.count(), 2);
  EXPECT_EQ(settings.ca_file, "/ca");
  EXPECT_FALSE(settings.auto_refresh || settings.retry_multiply_wait || settings.pushdown ||
               settings.pushdown_fallback || settings.read_only || settings.immutable_ids);
  EXPECT_TRUE(settings.nocase);
  EXPECT_TRUE(settings.order_by_text);
  EXPECT_EQ(settings.time_zone.offset(0), -198'000'000'000) << "ticks";
  EXPECT_EQ(settings.sql_conformance, 1u);
  EXPECT_EQ(settings.log_level, base::LogLevel::kHeaders);
}

struct Bad {
  std::string text;
  std::string key;
};

// Names the case in ctest's list.
void PrintTo(const Bad& bad, std::ostream* out) {
  *out << bad.text;
}

class BadValue : public testing::TestWithParam<Bad> {};

TEST_P(BadValue, IsRefusedByName) {
  const Failure failure = failure_of("AccessToken=t;" + GetParam().text);
  EXPECT_EQ(failure.state, "HY024") << GetParam().text;
  EXPECT_NE(failure.message.find(GetParam().key), std::string::npos) << failure.message;
}

INSTANTIATE_TEST_SUITE_P(
    All, BadValue,
    testing::Values(
        Bad{"RetryMode=sometimes", "None, RetryAny, RetryWhenStatusCodeMatch"},
        Bad{"RetryStatusCodeList=429|x", "RetryStatusCodeList"},
        Bad{"RetryStatusCodeList=200", "RetryStatusCodeList"},
        Bad{"RetryCountMax=-1", "RetryCountMax"}, Bad{"RetryCountMax=5x", "RetryCountMax"},
        Bad{"RetryMultiplyWaitTime=maybe", "RetryMultiplyWaitTime"}, Bad{"Timeout=-1", "Timeout"},
        Bad{"Timeout=99999999999999999999", "Timeout"}, Bad{"QueryTimeout=x", "QueryTimeout"},
        Bad{"Pushdown=full", "on, off"}, Bad{"Collation=latin1", "binary, nocase"},
        Bad{"OrderByText=graph", "local, server"}, Bad{"TimeZone=Mars/Base", "+02:00"},
        Bad{"LogLevel=9", "LogLevel"}, Bad{"SqlConformance=99", "Entry, Transitional"},
        Bad{"GraphUrl=graph", "GraphUrl"}, Bad{"GraphUrl=http://graph.microsoft.com", "https"},
        Bad{"GraphUrl=https://graph.microsoft.com/beta", "beta"},
        Bad{"GraphUrl=https://h/?a", "GraphUrl"}, Bad{"TokenUrl=http://10.0.0.1/token", "TokenUrl"},
        Bad{"TokenExpiresAt=1790000000000", "TokenExpiresAt"}, Bad{"TenantId=a/b", "TenantId"},
        Bad{"TenantId=<tenant-id>", "placeholder"}, Bad{"ClientId=<client-id>", "placeholder"},
        Bad{"AuthUrl=https://l/{{ENTER-TENANT-ID-HERE}}/oauth2/v2.0/authorize", "placeholder"},
        Bad{"TokenUrl=https://l/<tenant-id>/oauth2/v2.0/token", "placeholder"},
        Bad{"TokenUrl=https://l/t/oauth2/v2.0/authorize", "exchanged"},
        Bad{"AuthUrl=https://l/t/oauth2/v2.0/token", "exchanged"}));

// Requirements A-Z05: the default list as the seed writes it, and other separators.
TEST(Settings, ScopesComeSeparatedInManyWays) {
  const std::string seed =
      "offline_access~email~Mail.Read~Mail.Read.Shared~Mail.ReadBasic~Mail.ReadBasic.Shared~openid~"
      "profile~User.Read~User.ReadBasic.All~Mail.ReadWrite~Mail.ReadWrite.Shared~Mail.Send~"
      "Mail.Send.Shared~";
  const std::string scope = with_token("Scope=" + seed).scope;
  EXPECT_EQ(std::count(scope.begin(), scope.end(), ' '), 13);
  EXPECT_TRUE(scope.starts_with("offline_access email Mail.Read "));
  EXPECT_TRUE(scope.ends_with(" Mail.Send.Shared"));
  for (const char* text : {"a b", "a  b", " a ~ b ~", "a,b", "a, b,", "a|b", "{a\nb}", "{a\r\nb\n}",
                           "a b a A", "~a~~b~"}) {
    EXPECT_EQ(with_token("Scope=" + std::string(text)).scope, "a b") << text;
  }
  const std::string text = "AccessToken=t;Scope=" + seed;
  EXPECT_EQ(resolve(parse_connection_string(text), {}).connection_string, text + ";");
}

TEST(Settings, TenantDerivesTheUrls) {
  Settings settings = with_token("TenantId=contoso.example");
  EXPECT_EQ(settings.token_url,
            "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token");
  EXPECT_EQ(settings.auth_url,
            "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/authorize");
  settings = with_token("TenantId=t;GraphUrl=https://graph.microsoft.us");
  EXPECT_EQ(settings.token_url, "https://login.microsoftonline.us/t/oauth2/v2.0/token");
  settings = with_token("TenantId=t;TokenUrl=https://l/u/oauth2/v2.0/token");
  EXPECT_EQ(settings.token_url, "https://l/u/oauth2/v2.0/token");
}

TEST(Settings, Warns) {
  EXPECT_TRUE(warnings_of("AccessToken=t;UID=me;Trace=1").empty());
  const auto only = [](const std::string& text, std::string_view part) {
    const auto warnings = warnings_of("AccessToken=t;" + text);
    ASSERT_EQ(warnings.size(), 1u) << text;
    EXPECT_NE(warnings[0].find(part), std::string::npos) << warnings[0];
  };
  only("Nonsense=1", "01S00 Unknown connection key 'Nonsense'");
  only("PWD=x", "01000 UID and PWD");
  only("AuthUrl=https://l/a/oauth2/v2.0/authorize;TokenUrl=https://l/b/oauth2/v2.0/token",
       "different tenants");
  only("TokenUrl=https://l/b/oauth2/token", "https://l/b/oauth2/v2.0/token");
  // Other identity services' paths name no tenant.
  EXPECT_TRUE(warnings_of("AccessToken=t;AuthUrl=https://l/auth;TokenUrl=https://l/token").empty());
}

TEST(Settings, CredentialsMustSuffice) {
  const auto missing = [](const std::string& text, std::string_view part) {
    const Failure failure = failure_of(text);
    EXPECT_EQ(failure.state, "08001") << text;
    EXPECT_NE(failure.message.find(part), std::string::npos) << failure.message;
  };
  missing("", "RefreshTokenFilePath");
  missing("TenantId=t", "No credentials");
  missing("RefreshToken=r;TenantId=t", "ClientId is missing");
  missing("RefreshToken=r;ClientId=c;AuthUrl=https://l/t/oauth2/v2.0/authorize",
          "TokenUrl is missing");
  missing("AuthMode=AuthorizationCode;ClientId=c;TokenUrl=https://l/t/oauth2/v2.0/token",
          "AuthUrl is missing");
  missing("ClientSecret=s;ClientId=c;TenantId=common", "real tenant");
  EXPECT_EQ(failure_of("RefreshTokenFilePath=/f;AutoRefresh=no").state, "");
  EXPECT_EQ(failure_of("ClientSecret=s;ClientId=c;TenantId=t").state, "");
  EXPECT_EQ(failure_of("RefreshToken=r;ClientId=c;TenantId=common").state, "");
}

TEST(Settings, TheKeysTellHowToSignIn) {
  const std::pair<std::string, AuthMode> cases[] = {
      {"RefreshTokenFilePath=/f;ClientId=c;ClientSecret=s", AuthMode::kRefreshToken},
      {"RefreshToken=r;ClientId=c;AccessToken=a", AuthMode::kRefreshToken},
      {"AccessToken=a", AuthMode::kAccessToken},
      {"ClientId=c;ClientSecret=s;TenantId=t", AuthMode::kClientCredentials},
      {"ClientId=c;CertificatePath=/p;TenantId=t", AuthMode::kCertificate},
      {"ClientId=c;CertificateBase64=QQ==;TenantId=t", AuthMode::kCertificate},
      {"AuthMode=ClientCredentials;ClientId=c;CertificatePath=/p;TenantId=t",
       AuthMode::kCertificate},
      {"ClientId=c;FederatedTokenFile=/p;TenantId=t", AuthMode::kWorkloadIdentity},
      {"ClientId=c", AuthMode::kAuthorizationCode},
      {"AuthMode=devicecode;ClientId=c", AuthMode::kDeviceCode},
      {"AuthMode=ManagedIdentity", AuthMode::kManagedIdentity},
      {"AuthMode=AzureCli", AuthMode::kAzureCli},
  };
  for (const auto& [text, mode] : cases) EXPECT_EQ(settings_of(text).auth_mode, mode) << text;
}

TEST(Settings, ContradictionsNameBothKeys) {
  const auto contradict = [](const std::string& text, std::string_view left,
                             std::string_view right) {
    const Failure failure = failure_of("ClientId=c;TenantId=t;" + text);
    EXPECT_EQ(failure.state, "08001") << text;
    EXPECT_NE(failure.message.find(left), std::string::npos) << failure.message;
    EXPECT_NE(failure.message.find(right), std::string::npos) << failure.message;
  };
  contradict("RefreshToken=r;RefreshTokenFilePath=/f", "RefreshToken", "RefreshTokenFilePath");
  contradict("ClientSecret=s;CertificatePath=/p", "ClientSecret", "CertificatePath");
  contradict("ClientSecret=s;ClientSecretFile=/p", "ClientSecret", "ClientSecretFile");
  contradict("AccessToken=a;ClientSecret=s", "AccessToken", "ClientSecret");
  contradict("AuthMode=DeviceCode;AccessToken=a", "AuthMode=DeviceCode", "AccessToken");
  contradict("AuthMode=Certificate;RefreshToken=r", "AuthMode=Certificate", "RefreshToken");
}

TEST(Settings, TheStringsSignInReplacesTheDsns) {
  const auto dsn = parse_connection_string("AuthMode=RefreshToken;RefreshToken=r;ClientId=c");
  const Settings settings = resolve(parse_connection_string("AccessToken=a"), dsn).settings;
  EXPECT_EQ(settings.auth_mode, AuthMode::kAccessToken);
  EXPECT_TRUE(settings.refresh_token.empty());
  const auto secret = parse_connection_string("ClientSecret=s;TenantId=t;ClientId=c");
  EXPECT_EQ(
      resolve(parse_connection_string("RefreshToken=r"), secret).settings.client_secret.reveal(),
      "s")
      << "the app's secret goes with its user's token";
}

TEST(Settings, AnEnvironmentMovesAllHostsTogether) {
  struct Triple {
    std::string name, graph, login;
  };
  for (const Triple& cloud :
       {Triple{"Global", "https://graph.microsoft.com", "https://login.microsoftonline.com"},
        Triple{"usgov", "https://graph.microsoft.us", "https://login.microsoftonline.us"},
        Triple{"USGovL5", "https://dod-graph.microsoft.us", "https://login.microsoftonline.us"},
        Triple{"China", "https://microsoftgraph.chinacloudapi.cn",
               "https://login.partner.microsoftonline.cn"}}) {
    const Settings settings = settings_of("ClientId=c;TenantId=t;Environment=" + cloud.name);
    EXPECT_EQ(settings.graph_url, cloud.graph);
    EXPECT_EQ(settings.token_url, cloud.login + "/t/oauth2/v2.0/token");
    EXPECT_EQ(settings.auth_url, cloud.login + "/t/oauth2/v2.0/authorize");
    EXPECT_EQ(settings.device_code_url, cloud.login + "/t/oauth2/v2.0/devicecode");
    const bool global = cloud.name == "Global";
    EXPECT_NE(
        settings.default_scope.find(global ? " Mail.Read " : " " + cloud.graph + "/Mail.Read "),
        std::string::npos)
        << settings.default_scope;
  }
  EXPECT_EQ(settings_of("ClientId=c;TenantId=t;GraphUrl=https://graph.microsoft.us").token_url,
            "https://login.microsoftonline.us/t/oauth2/v2.0/token");
  EXPECT_EQ(settings_of("ClientId=c").token_url,
            "https://login.microsoftonline.com/common/oauth2/v2.0/token");
}

TEST(Settings, ReadsWhatSignInNeeds) {
  const Settings settings = settings_of(
      "ClientId=c;TenantId=t;ClientSecret=s;ClientSecretNext=n;ClientSecretExpires=2027-01-31;"
      "ClientAuthentication=basic;ReturnUrl=https://app.example/cb;LoginHint=a@b;"
      "TokenEndpointParams={scope=a%20b&x=1};AuthEndpointParams={prompt=login&domain_hint=d};"
      "ExtraAttributesForAuthRequest=prompt=consent;ConnectTimeout=7;"
      "Proxy=http://user:p%40ss@proxy.example:3128;NoProxy=localhost;LogMaxSize=3");
  EXPECT_EQ(settings.client_secret_next.reveal(), "n");
  EXPECT_EQ(settings.client_secret_expires,
            std::chrono::sys_days(std::chrono::year(2027) / 1 / 31));
  EXPECT_TRUE(settings.basic_authentication);
  EXPECT_EQ(settings.return_url, "https://app.example/cb");
  EXPECT_EQ(settings.token_parameters, (Parameters{{"scope", "a b"}, {"x", "1"}}));
  EXPECT_EQ(settings.authorize_parameters,
            (Parameters{{"prompt", "consent"}, {"domain_hint", "d"}}));
  EXPECT_EQ(settings.connect_timeout.count(), 7);
  EXPECT_EQ(settings.proxy.url, "http://proxy.example:3128");
  EXPECT_EQ(settings.proxy.credentials.reveal(), "user:p@ss");
  EXPECT_EQ(settings.log_max_size, 3u << 20);
}

TEST(Settings, SecretsComeByReferenceToo) {
  ASSERT_EQ(setenv("GRAPHODBC_TEST_SECRET", "from-env", 1), 0);
  const std::string path = testing::TempDir() + "graphodbc_secret";
  std::ofstream(path) << "from-file\n";
  EXPECT_EQ(settings_of("ClientId=c;TenantId=t;ClientSecret=env:GRAPHODBC_TEST_SECRET")
                .client_secret.reveal(),
            "from-env");
  EXPECT_EQ(settings_of("ClientId=c;TenantId=t;ClientSecret=file:" + path).client_secret.reveal(),
            "from-file");
  EXPECT_EQ(settings_of("ClientId=c;TenantId=t;ClientSecretFile=" + path).client_secret.reveal(),
            "from-file");
  const Failure missing = failure_of("ClientId=c;TenantId=t;ClientSecret=env:GRAPHODBC_NO_SUCH");
  EXPECT_EQ(missing.state, "08001");
  EXPECT_NE(missing.message.find("GRAPHODBC_NO_SUCH"), std::string::npos) << missing.message;
  std::remove(path.c_str());
}

TEST(Settings, SecretsAreNeverAddedNorNamed) {
  const Resolved resolved = resolve(parse_connection_string("DSN=d;PWD="),
                                    {{"AccessToken", "hush"}, {"CertificatePassword", "hush"}});
  EXPECT_EQ(resolved.connection_string, "DSN=d;PWD=;");
  EXPECT_EQ(failure_of("AccessToken=hush;Timeout=x").message.find("hush"), std::string::npos);
}

TEST(Settings, ExplicitBeatsDsnAlsoByAlias) {
  const auto dsn = parse_connection_string("Account=dsn;AccessToken=t;Timeout=5;UID=dsn;PWD=p");
  const Settings settings = resolve(parse_connection_string("userid=given;Timeout="), dsn).settings;
  EXPECT_EQ(settings.account, "given");
  EXPECT_EQ(settings.timeout.count(), 60) << "an empty value is the default";
}

TEST(Settings, ALogFileAloneLogs) {
  EXPECT_EQ(with_token("LogFile=/l").log_level, base::LogLevel::kStatements);
  EXPECT_EQ(with_token("LogFile=/l;LogLevel=0").log_level, base::LogLevel::kOff);
}

}  // namespace
}  // namespace graphodbc::config
