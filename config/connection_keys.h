// The table of connection keys. Parser, checks, documentation and `help` texts read this one table.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace graphodbc::config {

enum class Key : std::uint8_t {
  kDriver,
  kDsn,
  kDescription,
  kUser,
  kPassword,
  kEnvironment,
  kTenantId,
  kGraphUrl,
  kAccount,
  kAuthMode,
  kAuthUrl,
  kTokenUrl,
  kDeviceCodeUrl,
  kReturnUrl,
  kClientId,
  kClientSecret,
  kClientSecretFile,
  kClientSecretNext,
  kClientSecretExpires,
  kClientAuthentication,
  kCertificatePath,
  kCertificateBase64,
  kCertificatePassword,
  kAssertionAlgorithm,
  kFederatedTokenFile,
  kScope,
  kValidateScopes,
  kRefreshTokenFilePath,
  kRefreshToken,
  kAccessToken,
  kTokenExpiresAt,
  kAutoRefresh,
  kInitiateOAuth,
  kTokenEndpointParams,
  kAuthEndpointParams,
  kExtraAttributesForAuthRequest,
  kLoginHint,
  kRetryMode,
  kRetryStatusCodeList,
  kRetryCountMax,
  kRetryMultiplyWaitTime,
  kTimeout,
  kConnectTimeout,
  kQueryTimeout,
  kCaFile,
  kProxy,
  kNoProxy,
  kPushdown,
  kPushdownFallback,
  kCountMode,
  kMaxLocalMemory,
  kMaxDependentKeys,
  kReadOnly,
  kImmutableIds,
  kCollation,
  kOrderByText,
  kTimeZone,
  kSqlConformance,
  kLogFile,
  kLogLevel,
  kLogMaxSize,
};
inline constexpr std::size_t kKeyCount = static_cast<std::size_t>(Key::kLogMaxSize) + 1;

struct KeyInfo {
  Key key;
  std::string_view name;      // the spelling of documents and messages
  std::string_view alias;     // a second spelling, or empty
  std::string_view fallback;  // default value as text; empty: none
  std::string_view allowed;   // what the value may be, for messages
  std::string_view help;
  bool secret = false;
};

// One entry a key, in the order of Key.
std::span<const KeyInfo> connection_keys();
const KeyInfo& info(Key key);
// By name or alias, without case; null when unknown.
const KeyInfo* find_key(std::string_view name);
// Names that belong to the driver manager (odbc-pitfalls 3.11, odbcinst.ini): no warning for them.
bool is_manager_key(std::string_view name);

}  // namespace graphodbc::config
