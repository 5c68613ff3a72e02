// `graphodbc test` against real TLS: the emulator with certificates of every kind.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "tests/e2e/tenant.h"
#include "tests/support/server_certificate.h"
#include "tests/tools/program.h"

namespace graphodbc::test {
namespace {

// A tenant behind the certificate, and a data source for it.
class SecureTenant {
 public:
  // `entries`: more lines of odbc.ini.
  explicit SecureTenant(const ServerCertificate& certificate, const std::string& entries)
      : tenant_({"--messages", "5", "--tls-cert", certificate.certificate_file(), "--tls-key",
                 certificate.key_file()}) {
    const std::string token = home_.write(
        "token.json", nlohmann::json({{"access_token", ""},
                                      {"expires_in", 0},
                                      {"refresh_token", tenant_.fact("public_refresh_token")}})
                          .dump());
    home_.write("odbc.ini", "[graph]\nDriver = graphodbc\nTenantId = " + tenant_.fact("tenant_id") +
                                "\nTokenUrl = " + tenant_.fact("token_url") +
                                "\nGraphUrl = " + tenant_.fact("graph_url") +
                                "\nClientId = " + tenant_.fact("public_client_id") +
                                "\nRefreshTokenFilePath = " + token + "\n" + entries);
  }

  Ran test(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"test", "--dsn", "graph"});
    return home_.run(more);
  }
  // The addresses by another name: "localhost" for "127.0.0.1".
  std::vector<std::string> by_name() const {
    std::vector<std::string> options;
    for (const char* key : {"graph_url", "token_url"}) {
      std::string url = tenant_.fact(key);
      url.replace(url.find("127.0.0.1"), 9, "localhost");
      options.insert(
          options.end(),
          {"--set", (std::string(key) == "graph_url" ? "GraphUrl=" : "TokenUrl=") + url});
    }
    return options;
  }
  static std::string tls_line(const Ran& ran) {
    const std::size_t at = ran.out.find(" tls ");
    if (at == std::string::npos) return {};
    const std::size_t start = ran.out.rfind('\n', at) + 1;
    return ran.out.substr(start, ran.out.find('\n', start) - start);
  }

 private:
  Tenant tenant_;
  Home home_;
};

TEST(TlsCheck, PassesWithTheAuthorityInCaFile) {
  const ServerCertificate certificate("IP:127.0.0.1,DNS:localhost");
  const SecureTenant tenant(certificate, "CaFile = " + certificate.ca_file() + "\n");
  const Ran ran = tenant.test();
  EXPECT_EQ(ran.status, 0) << ran.out << ran.err;
  const std::string line =
      "ok       tls          127.0.0.1 TLSv1.3, certificate of test server by authority of " +
      certificate.folder().filename().string() + ", ";
  // Of thirty days, in the second that it is made.
  const std::string seen = SecureTenant::tls_line(ran);
  EXPECT_TRUE(seen == line + "30 days left" || seen == line + "29 days left") << seen;
  const Ran by_name = tenant.test(tenant.by_name());
  EXPECT_EQ(by_name.status, 0) << by_name.out << by_name.err;
}

TEST(TlsCheck, DoubtsACertificateThatEndsSoon) {
  const ServerCertificate certificate("IP:127.0.0.1", -3600, 3 * 86'400L);
  const SecureTenant tenant(certificate, "CaFile = " + certificate.ca_file() + "\n");
  const Ran ran = tenant.test();
  EXPECT_EQ(ran.status, 0) << ran.out << ran.err;
  EXPECT_EQ(SecureTenant::tls_line(ran).rfind("warning ", 0), 0u) << ran.out;
  EXPECT_NE(SecureTenant::tls_line(ran).find("ends within a week"), std::string::npos) << ran.out;
}

struct Trouble {
  const char* name;
  const char* alternative_name;
  long until;        // seconds from now
  bool trusted;      // CaFile names its authority
  const char* says;  // what is wrong
  const char* advises;
};
void PrintTo(const Trouble& trouble, std::ostream* out) {
  *out << trouble.name;
}
class TlsTrouble : public testing::TestWithParam<Trouble> {};
TEST_P(TlsTrouble, FailsAndSaysWhatToDo) {
  const Trouble& trouble = GetParam();
  const ServerCertificate certificate(trouble.alternative_name, -7200, trouble.until);
  const ServerCertificate other("IP:127.0.0.1");
  const SecureTenant tenant(
      certificate,
      "CaFile = " + (trouble.trusted ? certificate.ca_file() : other.ca_file()) + "\n");
  const Ran ran = tenant.test();
  EXPECT_EQ(ran.status, 1) << ran.out << ran.err;
  const std::string line = SecureTenant::tls_line(ran);
  EXPECT_EQ(line.rfind("FAILED ", 0), 0u) << ran.out;
  EXPECT_NE(line.find("[08001]"), std::string::npos) << line;
  EXPECT_NE(line.find(trouble.says), std::string::npos) << line;
  EXPECT_NE(line.find(trouble.advises), std::string::npos) << line;
  // Nothing of it reaches the server: the driver refuses as the check does.
  EXPECT_NE(ran.out.find("FAILED   token"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("skipped  graph"), std::string::npos) << ran.out;
}
INSTANTIATE_TEST_SUITE_P(
    All, TlsTrouble,
    testing::Values(Trouble{"UnknownAuthority", "IP:127.0.0.1", 86'400, false,
                            "unable to get local issuer certificate", "in CaFile"},
                    Trouble{"OtherAddress", "IP:127.0.0.2", 86'400, true, "IP address mismatch",
                            "check GraphUrl and TokenUrl"},
                    Trouble{"Expired", "IP:127.0.0.1", -3600, true, "certificate has expired",
                            "check this machine's clock"}),
    [](const auto& instance) { return instance.param.name; });

TEST(TlsCheck, FailsForAnotherName) {
  const ServerCertificate certificate("DNS:graph.contoso.example");
  const SecureTenant tenant(certificate, "CaFile = " + certificate.ca_file() + "\n");
  const Ran ran = tenant.test(tenant.by_name());
  EXPECT_EQ(ran.status, 1) << ran.out << ran.err;
  const std::string line = SecureTenant::tls_line(ran);
  EXPECT_NE(line.find("TLS with localhost fails"), std::string::npos) << ran.out;
  EXPECT_NE(line.find("hostname mismatch"), std::string::npos) << line;
  EXPECT_NE(line.find("another server answers under this name"), std::string::npos) << line;
}

// The system's authorities do not know it, and no CaFile does.
TEST(TlsCheck, FailsWithoutCaFile) {
  const ServerCertificate certificate("IP:127.0.0.1");
  const SecureTenant tenant(certificate, "");
  const Ran ran = tenant.test();
  EXPECT_EQ(ran.status, 1) << ran.out << ran.err;
  EXPECT_NE(SecureTenant::tls_line(ran).find("in CaFile"), std::string::npos) << ran.out;
}

TEST(TlsCheck, TellsACaFileThatIsNone) {
  const ServerCertificate certificate("IP:127.0.0.1");
  for (const std::string& file : {certificate.key_file(), std::string("/nowhere/ca.pem")}) {
    const SecureTenant tenant(certificate, "CaFile = " + file + "\n");
    const Ran ran = tenant.test();
    EXPECT_EQ(ran.status, 1) << ran.out << ran.err;
    EXPECT_NE(ran.out.find("CaFile"), std::string::npos) << ran.out;
    EXPECT_NE(ran.out.find(file), std::string::npos) << ran.out;
  }
}

}  // namespace
}  // namespace graphodbc::test
