// The cryptography of the emulator's identity side, over OpenSSL.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace graphodbc::emulator {

std::string base64url_encode(std::string_view bytes);  // no padding (RFC 7515 appendix C)
std::string base64_encode(std::string_view bytes);     // with padding
std::optional<std::string> base64url_decode(std::string_view text);  // nullopt when not base64url
// RFC 4648 base64 with or without padding; nullopt when not base64.
std::optional<std::string> base64_decode(std::string_view text);

std::string sha1(std::string_view bytes);
std::string sha256(std::string_view bytes);
std::string hmac_sha256(std::string_view key, std::string_view bytes);
bool equal_in_constant_time(std::string_view a, std::string_view b);

std::string random_bytes(std::size_t count);
std::string random_guid();
// A GUID that depends on seed and label alone.
std::string derived_guid(std::uint64_t seed, std::string_view label);

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using Certificate = std::unique_ptr<X509, FreeCertificate>;

enum class SignatureKind { kRs256, kPs256 };

Key generate_rsa_key();  // 2048 bits
std::string sign(EVP_PKEY* key, SignatureKind kind, std::string_view bytes);
bool verify(EVP_PKEY* key, SignatureKind kind, std::string_view bytes, std::string_view signature);

struct RsaPublicNumbers {
  std::string modulus;   // big endian
  std::string exponent;  // big endian
};
RsaPublicNumbers rsa_public_numbers(EVP_PKEY* key);

// nullptr when the text holds no PEM certificate.
Certificate parse_certificate(std::string_view pem);
Certificate self_signed_certificate(EVP_PKEY* key, const std::string& common_name);
std::string certificate_der(X509* certificate);
std::string certificate_pem(X509* certificate);
std::string private_key_pem(EVP_PKEY* key);

}  // namespace graphodbc::emulator
