// Certificates from PFX and PEM, and what is signed with them, checked with OpenSSL.
#include "graph/oauth/certificate.h"

#include <gtest/gtest.h>
#include <openssl/rsa.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "base/base64.h"
#include "tests/graph/certificates.h"

namespace graphodbc::graph {
namespace {

namespace fs = std::filesystem;
using test::TestCertificate;

const TestCertificate& certificate() {
  static const TestCertificate made;
  return made;
}

WallTime now() {
  return std::chrono::system_clock::now();
}

ClientCertificate parse(std::string_view bytes, const std::string& password = "") {
  return ClientCertificate::parse(bytes, base::Secret(password), "CertificatePath", now());
}

std::string failure(std::string_view bytes, const std::string& password = "") {
  try {
    (void)parse(bytes, password);
  } catch (const base::Error& error) {
    EXPECT_EQ(error.state().code(), "08001");
    return error.message();
  }
  return "";
}

struct Token {
  nlohmann::json header;
  nlohmann::json claims;
  std::string text;  // what is signed
  std::string signature;
};

Token split(const std::string& assertion) {
  const std::size_t first = assertion.find('.');
  const std::size_t second = assertion.find('.', first + 1);
  Token token;
  token.header = nlohmann::json::parse(base::decode_base64url(assertion.substr(0, first)).value());
  token.claims = nlohmann::json::parse(
      base::decode_base64url(assertion.substr(first + 1, second - first - 1)).value());
  token.text = assertion.substr(0, second);
  token.signature = base::decode_base64url(assertion.substr(second + 1)).value();
  EXPECT_EQ(assertion.find_first_of("=+/"), std::string::npos);
  return token;
}

bool verify(const Token& token, bool pss) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_PKEY_CTX* options = nullptr;
  EVP_DigestVerifyInit(context, &options, EVP_sha256(), nullptr, certificate().key());
  if (pss) {
    EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(options, 32);
  }
  const int result = EVP_DigestVerify(
      context, reinterpret_cast<const unsigned char*>(token.signature.data()),
      token.signature.size(), reinterpret_cast<const unsigned char*>(token.text.data()),
      token.text.size());
  EVP_MD_CTX_free(context);
  return result == 1;
}

std::string thumbprint(const EVP_MD* kind) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  X509_digest(certificate().certificate(), kind, digest, &size);
  return base::encode_base64url({reinterpret_cast<const char*>(digest), size});
}

TEST(Certificate, SignsWithPs256) {
  const ClientCertificate loaded = parse(certificate().pfx("hush"), "hush");
  const Token token = split(loaded.assertion("app", "https://login/t/oauth2/v2.0/token",
                                             AssertionAlgorithm::kPs256, now()));
  EXPECT_EQ(token.header["alg"], "PS256");
  EXPECT_EQ(token.header["typ"], "JWT");
  EXPECT_EQ(token.header["x5t#S256"], thumbprint(EVP_sha256()));
  EXPECT_FALSE(token.header.contains("x5t"));
  EXPECT_EQ(token.claims["aud"], "https://login/t/oauth2/v2.0/token");
  EXPECT_EQ(token.claims["iss"], "app");
  EXPECT_EQ(token.claims["sub"], "app");
  EXPECT_EQ(token.claims["nbf"], token.claims["iat"]);
  EXPECT_EQ(token.claims["exp"].get<long>() - token.claims["nbf"].get<long>(), 600);
  EXPECT_EQ(token.claims["jti"].get<std::string>().size(), 36u);
  EXPECT_TRUE(verify(token, true));
  const Token next = split(loaded.assertion("app", "x", AssertionAlgorithm::kPs256, now()));
  EXPECT_NE(next.claims["jti"], token.claims["jti"]);
}

TEST(Certificate, SignsWithRs256) {
  const ClientCertificate loaded = parse(certificate().pfx("hush"), "hush");
  const Token token = split(loaded.assertion("a\"b", "x", AssertionAlgorithm::kRs256, now()));
  EXPECT_EQ(token.header["alg"], "RS256");
  EXPECT_EQ(token.header["x5t"], thumbprint(EVP_sha1()));
  EXPECT_FALSE(token.header.contains("x5t#S256"));
  EXPECT_EQ(token.claims["iss"], "a\"b");
  EXPECT_TRUE(verify(token, false));
}

TEST(Certificate, IsReadFromEveryForm) {
  const TestCertificate& made = certificate();
  const TestCertificate other;
  EXPECT_EQ(failure(made.pfx("")), "");
  EXPECT_EQ(failure(made.pfx("hush"), "hush"), "");
  EXPECT_EQ(failure(made.certificate_pem() + made.key_pem()), "");
  EXPECT_EQ(failure("Bag Attributes\n" + made.key_pem() + made.certificate_pem()), "");
  EXPECT_EQ(failure(made.certificate_pem() + made.key_pem("hush"), "hush"), "");
  EXPECT_EQ(failure(other.certificate_pem() + made.certificate_pem() + made.key_pem()), "")
      << "the one that belongs to the key is taken";
}

TEST(Certificate, EveryTroubleReadsDifferently) {
  const TestCertificate& made = certificate();
  const TestCertificate past(-7200, -3600);
  const TestCertificate future(3600, 7200);
  const TestCertificate elliptic(-3600, 3600, "EC");
  const std::pair<std::string, std::string> cases[] = {
      {failure(made.pfx("hush"), "wrong"), "CertificatePassword is wrong"},
      {failure(made.pfx("hush")), "give CertificatePassword"},
      {failure(made.certificate_pem() + made.key_pem("hush"), "wrong"),
       "CertificatePassword is wrong"},
      {failure(made.pfx("hush", false), "hush"), "no private key"},
      {failure(made.certificate_pem()), "no private key"},
      {failure(made.key_pem()), "no certificate"},
      {failure(TestCertificate().certificate_pem() + made.key_pem()), "another certificate"},
      {failure(past.pfx("x"), "x"), "expired on 20"},
      {failure(future.pfx("x"), "x"), "not valid before 20"},
      {failure(elliptic.pfx("x"), "x"), "no RSA key"},
      {failure("no certificate at all"), "neither a PFX"},
      {failure(""), "is empty"},
  };
  for (const auto& [message, part] : cases) {
    EXPECT_NE(message.find(part), std::string::npos) << part << ": " << message;
    EXPECT_EQ(message.find("hush"), std::string::npos) << message;
    EXPECT_NE(message.find("CertificatePath"), std::string::npos) << message;
  }
  const std::string whole = made.pfx("hush");
  for (std::size_t size = 1; size < whole.size(); size += 97) {
    EXPECT_NE(failure(std::string_view(whole).substr(0, size), "hush"), "") << size;
  }
}

TEST(Certificate, IsLoadedBySettings) {
  ClientSettings settings;
  settings.certificate_password = base::Secret("hush");
  std::string text = test::base64(certificate().pfx("hush"));
  for (std::size_t at = 64; at < text.size(); at += 66) text.insert(at, "\r\n");
  settings.certificate_base64 = base::Secret(text);
  EXPECT_NO_THROW((void)ClientCertificate::load(settings, now()));
  settings.certificate_base64 = base::Secret("*no base64*");
  EXPECT_THROW((void)ClientCertificate::load(settings, now()), base::Error);

  settings.certificate_base64 = {};
  std::string folder = fs::temp_directory_path() / "graphodbc-pfx-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  settings.certificate_file = folder + "/app.pfx";
  EXPECT_THROW((void)ClientCertificate::load(settings, now()), base::Error);
  std::ofstream(settings.certificate_file, std::ios::binary) << certificate().pfx("hush");
  EXPECT_NO_THROW((void)ClientCertificate::load(settings, now()));
  fs::remove_all(folder);
}

}  // namespace
}  // namespace graphodbc::graph
