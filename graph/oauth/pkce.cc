#include "graph/oauth/pkce.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <array>

#include "base/base64.h"
#include "base/error.h"

namespace graphodbc::graph {
namespace {

template <std::size_t kSize>
std::string encode(const std::array<unsigned char, kSize>& bytes) {
  return base::encode_base64url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace

std::string new_random_text() {
  std::array<unsigned char, 32> bytes = {};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    throw base::Error("HY000", "The system gave no random bytes, which a sign-in needs");
  }
  std::string text = encode(bytes);
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return text;
}

std::string code_challenge(std::string_view verifier) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest = {};
  SHA256(reinterpret_cast<const unsigned char*>(verifier.data()), verifier.size(), digest.data());
  return encode(digest);
}

bool equal_in_constant_time(std::string_view left, std::string_view right) {
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace graphodbc::graph
