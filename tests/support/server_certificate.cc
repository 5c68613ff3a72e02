#include "tests/support/server_certificate.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

#include "base/release.h"

namespace graphodbc::test {
namespace {

namespace fs = std::filesystem;
using Key = std::unique_ptr<EVP_PKEY, base::Release<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, base::Release<X509_free>>;
using File = std::unique_ptr<std::FILE, base::Release<std::fclose>>;

void add_extension(X509* certificate, int what, const std::string& value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value.c_str());
  if (extension == nullptr) throw std::runtime_error("no extension " + value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

// Issued by itself when there is no issuer.
Certificate issue(EVP_PKEY* key, const char* name, const X509* issuer, EVP_PKEY* issuer_key,
                  long from, long until, int extension, const std::string& value) {
  Certificate made(X509_new());
  X509* certificate = made.get();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), issuer == nullptr ? 1 : 2);
  X509_gmtime_adj(X509_getm_notBefore(certificate), from);
  X509_gmtime_adj(X509_getm_notAfter(certificate), until);
  X509_set_pubkey(certificate, key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  X509_set_issuer_name(certificate,
                       X509_get_subject_name(issuer == nullptr ? certificate : issuer));
  add_extension(certificate, extension, value);
  if (X509_sign(certificate, issuer_key, EVP_sha256()) == 0) throw std::runtime_error("X509_sign");
  return made;
}

File open_file(const std::string& path) {
  File file(std::fopen(path.c_str(), "we"));
  if (!file) throw std::runtime_error("cannot write " + path);
  return file;
}

}  // namespace

ServerCertificate::ServerCertificate(const std::string& alternative_name, long from, long until) {
  std::string name = fs::temp_directory_path() / "graphodbc-tls-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for certificates");
  folder_ = name;
  const Key ca_key(EVP_EC_gen("P-256"));
  const Key key(EVP_EC_gen("P-256"));
  const std::string authority = "authority of " + folder_.filename().string();
  const Certificate ca = issue(ca_key.get(), authority.c_str(), nullptr, ca_key.get(), -86'400,
                               365 * 86'400L, NID_basic_constraints, "critical,CA:TRUE");
  const Certificate server = issue(key.get(), "test server", ca.get(), ca_key.get(), from, until,
                                   NID_subject_alt_name, alternative_name);
  PEM_write_X509(open_file(ca_file()).get(), ca.get());
  PEM_write_X509(open_file(certificate_file()).get(), server.get());
  PEM_write_PrivateKey(open_file(key_file()).get(), key.get(), nullptr, nullptr, 0, nullptr,
                       nullptr);
}

ServerCertificate::~ServerCertificate() {
  fs::remove_all(folder_);
}

}  // namespace graphodbc::test
