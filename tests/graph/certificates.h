// Certificates made for a test: PEM and PFX in every state in which people have them.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace graphodbc::test {

class TestCertificate {
 public:
  // Valid from `from` to `until`, in seconds from now.
  explicit TestCertificate(long from = -3600, long until = 86400, const char* kind = "RSA")
      : key_(std::string(kind) == "RSA" ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", size_t{2048})
                                        : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"),
             EVP_PKEY_free),
        certificate_(X509_new(), X509_free) {
    X509* made = certificate_.get();
    ASN1_INTEGER_set(X509_get_serialNumber(made), 7);
    X509_gmtime_adj(X509_getm_notBefore(made), from);
    X509_gmtime_adj(X509_getm_notAfter(made), until);
    X509_set_pubkey(made, key_.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
    X509_set_issuer_name(made, X509_get_subject_name(made));
    if (X509_sign(made, key_.get(), EVP_sha256()) == 0) throw std::runtime_error("X509_sign");
  }

  EVP_PKEY* key() const { return key_.get(); }
  X509* certificate() const { return certificate_.get(); }

  std::string certificate_pem() const {
    return text([this](BIO* out) { PEM_write_bio_X509(out, certificate_.get()); });
  }
  // Encrypted when there is a password.
  std::string key_pem(const std::string& password = "") const {
    return text([&](BIO* out) {
      PEM_write_bio_PKCS8PrivateKey(out, key_.get(), password.empty() ? nullptr : EVP_aes_256_cbc(),
                                    password.empty() ? nullptr : password.c_str(),
                                    static_cast<int>(password.size()), nullptr, nullptr);
    });
  }
  std::string pfx(const std::string& password, bool with_key = true) const {
    PKCS12* made = PKCS12_create(password.c_str(), "test", with_key ? key_.get() : nullptr,
                                 certificate_.get(), nullptr, 0, 0, 0, 0, 0);
    if (made == nullptr) throw std::runtime_error("PKCS12_create");
    std::string bytes = text([made](BIO* out) { i2d_PKCS12_bio(out, made); });
    PKCS12_free(made);
    return bytes;
  }

 private:
  template <typename Write>
  static std::string text(Write write) {
    BIO* out = BIO_new(BIO_s_mem());
    write(out);
    char* data = nullptr;
    const long size = BIO_get_mem_data(out, &data);
    std::string bytes(data, static_cast<std::size_t>(size));
    BIO_free(out);
    return bytes;
  }

  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_;
  std::unique_ptr<X509, void (*)(X509*)> certificate_;
};

inline std::string base64(const std::string& bytes) {
  std::string text(bytes.size() * 4 / 3 + 5, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

}  // namespace graphodbc::test
