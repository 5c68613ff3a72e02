#include "emulator/identity/crypto.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace graphodbc::emulator {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr int kRsaBits = 2048;
constexpr int kPssSaltLength = 32;  // RFC 7518 section 3.5: the size of the hash
constexpr long kCertificateSeconds = 365L * 24 * 3600;

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

struct FreeDigest {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeDigest>;

void require(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(std::string("OpenSSL failed to ") + what);
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string bio_text(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return std::string(data, static_cast<std::size_t>(size));
}

std::string guid_text(std::string bytes) {
  bytes.resize(16);
  bytes[6] = static_cast<char>((static_cast<unsigned char>(bytes[6]) & 0x0FU) | 0x40U);
  bytes[8] = static_cast<char>((static_cast<unsigned char>(bytes[8]) & 0x3FU) | 0x80U);
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    const auto byte = static_cast<unsigned char>(bytes[i]);
    out += kHex[byte >> 4U];
    out += kHex[byte & 15U];
  }
  return out;
}

void use_pss(EVP_PKEY_CTX* context, SignatureKind kind) {
  if (kind != SignatureKind::kPs256) return;
  require(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0, "choose PSS");
  require(EVP_PKEY_CTX_set_rsa_pss_saltlen(context, kPssSaltLength) > 0, "set the salt length");
}

std::string big_number(EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  require(EVP_PKEY_get_bn_param(key, name, &number) == 1, "read an RSA key");
  std::string out(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
  BN_bn2bin(number, reinterpret_cast<unsigned char*>(out.data()));
  BN_free(number);
  return out;
}

}  // namespace

std::string base64_encode(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes_of(bytes),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::string base64url_encode(std::string_view bytes) {
  std::string out = base64_encode(bytes);
  while (!out.empty() && out.back() == '=') out.pop_back();
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  return out;
}

std::optional<std::string> base64_decode(std::string_view text) {
  std::string padded(text);
  while (!padded.empty() && padded.back() == '=') padded.pop_back();
  if (padded.size() % 4 == 1) return std::nullopt;
  const std::size_t padding = (4 - padded.size() % 4) % 4;
  padded.append(padding, '=');
  std::string out(padded.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes_of(padded),
                                   static_cast<int>(padded.size()));
  if (size < 0) return std::nullopt;
  out.resize(static_cast<std::size_t>(size) - padding);
  return out;
}

std::optional<std::string> base64url_decode(std::string_view text) {
  if (text.find_first_of("+/=") != std::string_view::npos) return std::nullopt;
  std::string standard(text);
  std::replace(standard.begin(), standard.end(), '-', '+');
  std::replace(standard.begin(), standard.end(), '_', '/');
  return base64_decode(standard);
}

std::string sha1(std::string_view bytes) {
  std::string out(SHA_DIGEST_LENGTH, '\0');
  SHA1(bytes_of(bytes), bytes.size(), reinterpret_cast<unsigned char*>(out.data()));
  return out;
}

std::string sha256(std::string_view bytes) {
  std::string out(SHA256_DIGEST_LENGTH, '\0');
  SHA256(bytes_of(bytes), bytes.size(), reinterpret_cast<unsigned char*>(out.data()));
  return out;
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  std::string out(SHA256_DIGEST_LENGTH, '\0');
  unsigned int size = 0;
  require(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(bytes),
               bytes.size(), reinterpret_cast<unsigned char*>(out.data()), &size) != nullptr,
          "compute an HMAC");
  return out;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string random_bytes(std::size_t count) {
  std::string out(count, '\0');
  require(RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(count)) == 1,
          "draw random bytes");
  return out;
}

std::string random_guid() {
  return guid_text(random_bytes(16));
}

std::string derived_guid(std::uint64_t seed, std::string_view label) {
  return guid_text(sha256(std::to_string(seed) + "/" + std::string(label)));
}

Key generate_rsa_key() {
  Key key(EVP_RSA_gen(kRsaBits));
  require(key != nullptr, "make an RSA key");
  return key;
}

std::string sign(EVP_PKEY* key, SignatureKind kind, std::string_view bytes) {
  const DigestContext digest(EVP_MD_CTX_new());
  EVP_PKEY_CTX* context = nullptr;
  require(EVP_DigestSignInit(digest.get(), &context, EVP_sha256(), nullptr, key) == 1, "sign");
  use_pss(context, kind);
  std::size_t size = 0;
  require(EVP_DigestSign(digest.get(), nullptr, &size, bytes_of(bytes), bytes.size()) == 1, "sign");
  std::string out(size, '\0');
  require(EVP_DigestSign(digest.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                         bytes_of(bytes), bytes.size()) == 1,
          "sign");
  out.resize(size);
  return out;
}

bool verify(EVP_PKEY* key, SignatureKind kind, std::string_view bytes, std::string_view signature) {
  const DigestContext digest(EVP_MD_CTX_new());
  EVP_PKEY_CTX* context = nullptr;
  require(EVP_DigestVerifyInit(digest.get(), &context, EVP_sha256(), nullptr, key) == 1, "verify");
  use_pss(context, kind);
  return EVP_DigestVerify(digest.get(), bytes_of(signature), signature.size(), bytes_of(bytes),
                          bytes.size()) == 1;
}

RsaPublicNumbers rsa_public_numbers(EVP_PKEY* key) {
  return {big_number(key, OSSL_PKEY_PARAM_RSA_N), big_number(key, OSSL_PKEY_PARAM_RSA_E)};
}

Certificate parse_certificate(std::string_view pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return Certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

Certificate self_signed_certificate(EVP_PKEY* key, const std::string& common_name) {
  Certificate certificate(X509_new());
  X509* raw = certificate.get();
  X509_set_version(raw, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(raw), 1);
  X509_gmtime_adj(X509_getm_notBefore(raw), -3600);
  X509_gmtime_adj(X509_getm_notAfter(raw), kCertificateSeconds);
  X509_set_pubkey(raw, key);
  X509_NAME* name = X509_get_subject_name(raw);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, bytes_of(common_name), -1, -1, 0);
  X509_set_issuer_name(raw, name);
  require(X509_sign(raw, key, EVP_sha256()) > 0, "sign a certificate");
  return certificate;
}

std::string certificate_der(X509* certificate) {
  unsigned char* data = nullptr;
  const int size = i2d_X509(certificate, &data);
  require(size > 0, "encode a certificate");
  std::string out(reinterpret_cast<char*>(data), static_cast<std::size_t>(size));
  OPENSSL_free(data);
  return out;
}

std::string certificate_pem(X509* certificate) {
  const Bio bio(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_X509(bio.get(), certificate) == 1, "write a certificate");
  return bio_text(bio.get());
}

std::string private_key_pem(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
          "write a key");
  return bio_text(bio.get());
}

}  // namespace graphodbc::emulator
