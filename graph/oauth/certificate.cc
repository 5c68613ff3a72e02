#include "graph/oauth/certificate.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include "base/base64.h"
#include "base/json_text.h"
#include "base/release.h"

namespace graphodbc::graph {
namespace {

using base::Error;

using Bio = std::unique_ptr<BIO, base::Release<BIO_free_all>>;
using Key = std::unique_ptr<EVP_PKEY, base::Release<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, base::Release<X509_free>>;
using Pfx = std::unique_ptr<PKCS12, base::Release<PKCS12_free>>;
using Library = std::unique_ptr<OSSL_LIB_CTX, base::Release<OSSL_LIB_CTX_free>>;
using Provider = std::unique_ptr<OSSL_PROVIDER, base::Release<OSSL_PROVIDER_unload>>;
using Digest = std::unique_ptr<EVP_MD_CTX, base::Release<EVP_MD_CTX_free>>;

constexpr std::size_t kMaxFileSize = std::size_t{1} << 20;

// The reason that OpenSSL gives first, which is the innermost; the queue is emptied.
std::string openssl_reason() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "no reason given";
}

// What a file or a base64 text is made of, before it is checked.
struct Parts {
  Key key;
  std::vector<Certificate> certificates;
};

Bio reader_of(std::string_view bytes) {
  return Bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

// Asked by OpenSSL for the password of an encrypted key; without one there is no asking anybody.
int give_password(char* buffer, int size, int, void* user) {
  const auto& password = *static_cast<const std::string*>(user);
  if (password.empty() || size < 0 || password.size() > static_cast<std::size_t>(size)) return -1;
  std::copy(password.begin(), password.end(), buffer);  // OpenSSL wants no NUL at its end
  return static_cast<int>(password.size());
}

class Reader {
 public:
  Reader(std::string_view bytes, const base::Secret& password, std::string source)
      : bytes_(bytes), password_(password), source_(std::move(source)) {}

  Parts read(OSSL_LIB_CTX* library) const {
    if (bytes_.empty()) fail("is empty");
    if (bytes_.size() > kMaxFileSize) fail("is no certificate: it is over 1 MiB");
    return bytes_.find("-----BEGIN ") != std::string_view::npos ? read_pem(library)
                                                                : read_pfx(library);
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw Error("08001", source_ + " " + what);
  }

 private:
  Parts read_pem(OSSL_LIB_CTX* library) const {
    Parts parts;
    const Bio certificates = reader_of(bytes_);
    while (X509* next = PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr)) {
      parts.certificates.emplace_back(next);
    }
    ERR_clear_error();
    const Bio keys = reader_of(bytes_);
    auto* user = const_cast<std::string*>(&password_.reveal());  // read only by give_password
    parts.key.reset(
        PEM_read_bio_PrivateKey_ex(keys.get(), nullptr, give_password, user, library, nullptr));
    if (!parts.key && bytes_.find("ENCRYPTED") != std::string_view::npos) refuse_password();
    ERR_clear_error();
    return parts;
  }

  Parts read_pfx(OSSL_LIB_CTX* library) const {
    PKCS12* raw = PKCS12_init_ex(NID_pkcs7_data, library, nullptr);
    const Bio bio = reader_of(bytes_);
    const bool is_pfx = raw != nullptr && d2i_PKCS12_bio(bio.get(), &raw) != nullptr;
    // A failed d2i frees it and leaves null, but only when it got as far as decoding.
    const Pfx pfx(raw);
    if (!is_pfx) {
      ERR_clear_error();
      fail("is neither a PFX (PKCS #12) nor PEM");
    }
    const char* password = choose_password(pfx.get());
    EVP_PKEY* key = nullptr;
    X509* own = nullptr;
    STACK_OF(X509)* others = nullptr;
    if (PKCS12_parse(pfx.get(), password, &key, &own, &others) != 1) {
      fail("cannot be decrypted (" + openssl_reason() +
           "): export it again with a current program and AES");
    }
    Parts parts;
    parts.key.reset(key);
    if (own != nullptr) parts.certificates.emplace_back(own);
    for (int i = 0; i < sk_X509_num(others); ++i) {
      parts.certificates.emplace_back(sk_X509_value(others, i));
    }
    sk_X509_free(others);
    ERR_clear_error();
    return parts;
  }

  // An empty password is written in two ways (RFC 7292 appendix B.1 leaves it open).
  const char* choose_password(PKCS12* pfx) const {
    const std::string& password = password_.reveal();
    if (PKCS12_mac_present(pfx) == 0) return password.c_str();
    const auto length = static_cast<int>(password.size());
    if (PKCS12_verify_mac(pfx, password.c_str(), length) == 1) return password.c_str();
    if (password.empty() && PKCS12_verify_mac(pfx, nullptr, 0) == 1) return nullptr;
    refuse_password();
  }

  [[noreturn]] void refuse_password() const {
    ERR_clear_error();
    fail(password_.empty() ? "is protected by a password: give CertificatePassword"
                           : "cannot be opened: CertificatePassword is wrong");
  }

  std::string_view bytes_;
  const base::Secret& password_;
  std::string source_;
};

std::string text_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return "an unreadable date";
  std::array<char, 32> text{};
  (void)std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &parts);
  return text.data();
}

void check_validity(const Reader& reader, const X509* certificate, WallTime now) {
  std::time_t moment = std::chrono::system_clock::to_time_t(now);
  const ASN1_TIME* from = X509_get0_notBefore(certificate);
  const ASN1_TIME* until = X509_get0_notAfter(certificate);
  if (X509_cmp_time(from, &moment) > 0) {
    reader.fail("is not valid before " + text_of(from) + ": check the clock of this machine");
  }
  if (X509_cmp_time(until, &moment) < 0) {
    reader.fail("expired on " + text_of(until) +
                ": make a new one and upload it to the app registration");
  }
}

std::string digest_of(const X509* certificate, const EVP_MD* kind) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  if (X509_digest(certificate, kind, digest.data(), &length) != 1) return {};
  return {reinterpret_cast<const char*>(digest.data()), length};
}

std::string random_guid() {
  std::array<unsigned char, 16> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    throw Error("08001", "No random numbers for the client assertion: " + openssl_reason());
  }
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3F) | 0x80);
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::array<char, 3> digits{};
    (void)std::snprintf(digits.data(), digits.size(), "%02x", bytes[i]);
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += digits.data();
  }
  return text;
}

std::string read_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw Error("08001", "CertificatePath: the file " + path +
                             " cannot be read: " + std::generic_category().message(errno));
  }
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

// In the order in which they depend on each other.
struct ClientCertificate::Impl {
  Library library{OSSL_LIB_CTX_new()};
  // Old PFX files are encrypted with RC2, which only the legacy provider knows; it may be missing.
  Provider ordinary{OSSL_PROVIDER_load(library.get(), "default")};
  Provider legacy{OSSL_PROVIDER_load(library.get(), "legacy")};
  Key key;
  std::string sha1;
  std::string sha256;

  std::string sign(std::string_view text, AssertionAlgorithm algorithm) const;
};

std::string ClientCertificate::Impl::sign(std::string_view text,
                                          AssertionAlgorithm algorithm) const {
  const Digest digest(EVP_MD_CTX_new());
  EVP_PKEY_CTX* options = nullptr;
  bool good = EVP_DigestSignInit_ex(digest.get(), &options, "SHA256", library.get(), nullptr,
                                    key.get(), nullptr) == 1;
  if (good && algorithm == AssertionAlgorithm::kPs256) {
    // RFC 7518 3.5: the salt is as long as the hash.
    good = EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) == 1;
  }
  const auto* data = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t length = 0;
  good = good && EVP_DigestSign(digest.get(), nullptr, &length, data, text.size()) == 1;
  std::string signature(length, '\0');
  good = good && EVP_DigestSign(digest.get(), reinterpret_cast<unsigned char*>(signature.data()),
                                &length, data, text.size()) == 1;
  if (!good) {
    throw Error("08001", "The certificate's key cannot sign: " + openssl_reason());
  }
  signature.resize(length);
  return signature;
}

ClientCertificate::ClientCertificate(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ClientCertificate::~ClientCertificate() = default;
ClientCertificate::ClientCertificate(ClientCertificate&&) noexcept = default;
ClientCertificate& ClientCertificate::operator=(ClientCertificate&&) noexcept = default;

ClientCertificate ClientCertificate::parse(std::string_view bytes, const base::Secret& password,
                                           const std::string& source, WallTime now) {
  ERR_clear_error();
  auto impl = std::make_unique<Impl>();
  const Reader reader(bytes, password, source);
  Parts parts = reader.read(impl->library.get());
  if (parts.certificates.empty()) reader.fail("holds no certificate");
  if (!parts.key) {
    reader.fail("holds no private key: export the certificate together with its key");
  }
  const auto own = std::find_if(
      parts.certificates.begin(), parts.certificates.end(),
      [&](const Certificate& each) { return X509_check_private_key(each.get(), parts.key.get()); });
  ERR_clear_error();
  if (own == parts.certificates.end()) {
    reader.fail("holds a private key that belongs to another certificate");
  }
  if (EVP_PKEY_is_a(parts.key.get(), "RSA") != 1) {
    reader.fail("has no RSA key, which sign-in by certificate needs");
  }
  check_validity(reader, own->get(), now);
  impl->sha1 = digest_of(own->get(), EVP_sha1());
  impl->sha256 = digest_of(own->get(), EVP_sha256());
  impl->key = std::move(parts.key);
  return ClientCertificate(std::move(impl));
}

ClientCertificate ClientCertificate::load(const ClientSettings& settings, WallTime now) {
  if (!settings.certificate_file.empty()) {
    const base::Secret bytes(read_bytes(settings.certificate_file));
    return parse(bytes.reveal(), settings.certificate_password,
                 "CertificatePath: the file " + settings.certificate_file, now);
  }
  const std::string source = "CertificateBase64";
  const std::string& given = settings.certificate_base64.reveal();
  if (given.find("-----BEGIN ") != std::string::npos) {
    return parse(given, settings.certificate_password, source, now);
  }
  std::string text;
  std::remove_copy_if(given.begin(), given.end(), std::back_inserter(text),
                      [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; });
  const base::Secret compact(std::move(text));
  std::string bytes;
  if (!base::decode_base64(compact.reveal(), bytes)) {
    throw Error("08001", source + " is no base64 text");
  }
  const base::Secret decoded(std::move(bytes));
  return parse(decoded.reveal(), settings.certificate_password, source, now);
}

std::string ClientCertificate::assertion(std::string_view client_id, std::string_view audience,
                                         AssertionAlgorithm algorithm, WallTime now) const {
  constexpr std::int64_t kLifetime = 600;
  const std::int64_t seconds =
      std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  const bool modern = algorithm == AssertionAlgorithm::kPs256;
  const std::string header =
      std::string(R"({"alg":)") + (modern ? "\"PS256\"" : "\"RS256\"") + R"(,"typ":"JWT",)" +
      (modern ? "\"x5t#S256\":" : "\"x5t\":") +
      base::json_quoted(base::encode_base64url(modern ? impl_->sha256 : impl_->sha1)) + "}";
  const std::string claims =
      "{\"aud\":" + base::json_quoted(audience) + ",\"iss\":" + base::json_quoted(client_id) +
      ",\"sub\":" + base::json_quoted(client_id) + ",\"jti\":" + base::json_quoted(random_guid()) +
      ",\"nbf\":" + std::to_string(seconds) + ",\"iat\":" + std::to_string(seconds) +
      ",\"exp\":" + std::to_string(seconds + kLifetime) + "}";
  const std::string text = base::encode_base64url(header) + "." + base::encode_base64url(claims);
  return text + "." + base::encode_base64url(impl_->sign(text, algorithm));
}

}  // namespace graphodbc::graph
