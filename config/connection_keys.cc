#include "config/connection_keys.h"

#include <array>
#include <cstddef>

#include "config/connection_string.h"

namespace graphodbc::config {
namespace {

constexpr std::string_view kYesNo = "yes, no (also true, false, 1, 0, on, off)";
constexpr std::string_view kWebAddress = "an https URL (http only for a loopback host)";

constexpr KeyInfo kKeys[] = {
    {Key::kDriver, "Driver", "", "", "", "The driver's name or path; read by the driver manager."},
    {Key::kDsn, "DSN", "", "", "", "Section of odbc.ini that gives the values not in the string."},
    {Key::kDescription, "Description", "", "", "", "Free text shown in lists of data sources."},
    {Key::kUser, "UID", "User", "", "", "Accepted and not used: a token says who signs in."},
    {Key::kPassword, "PWD", "Password", "", "", "Accepted and not used.", true},
    {Key::kEnvironment, "Environment", "", "Global",
     "Global, USGovL4 (USGov), USGovL5 (USGovDoD), China",
     "Cloud: sign-in host, Graph host and default scopes go together."},
    {Key::kTenantId, "TenantId", "Tenant", "", "a tenant id, a domain, common or organizations",
     "Tenant in the sign-in URLs when those are not given; common unless the app signs in as "
     "itself."},
    {Key::kGraphUrl, "GraphUrl", "", "", kWebAddress,
     "Root of the Graph service, without /v1.0; left out: the one of Environment."},
    {Key::kAccount, "Account", "UserId", "", "a user id or user principal name",
     "Whose mailbox and drive are read; left out: the signed-in user's."},
    {Key::kAuthMode, "AuthMode", "", "",
     "AuthorizationCode, DeviceCode, RefreshToken, ClientCredentials, Certificate, AccessToken, "
     "ManagedIdentity, WorkloadIdentity, AzureCli",
     "How to sign in; left out: told from the other keys."},
    {Key::kAuthUrl, "AuthUrl", "", "", kWebAddress,
     "OAuth authorize endpoint; derived from TenantId when left out."},
    {Key::kTokenUrl, "TokenUrl", "", "", kWebAddress,
     "OAuth token endpoint; derived from TenantId when left out."},
    {Key::kDeviceCodeUrl, "DeviceCodeUrl", "", "", kWebAddress,
     "OAuth device authorization endpoint; derived from TokenUrl or TenantId when left out."},
    {Key::kReturnUrl, "ReturnUrl", "RedirectUri", "http://localhost",
     "a URL registered with the app",
     "Where the browser comes back to; one that is not on this machine is pasted back by hand."},
    {Key::kClientId, "ClientId", "", "", "an application (client) id",
     "Id of the app registration."},
    {Key::kClientSecret, "ClientSecret", "", "", "",
     "Secret of a confidential app; without any token it also selects app-only sign-in.", true},
    {Key::kClientSecretFile, "ClientSecretFile", "", "", "a path", "File that holds ClientSecret."},
    {Key::kClientSecretNext, "ClientSecretNext", "", "", "",
     "Secret tried when ClientSecret is refused, so that secrets can be exchanged without an "
     "outage.",
     true},
    {Key::kClientSecretExpires, "ClientSecretExpires", "", "", "a date, YYYY-MM-DD",
     "Last day of ClientSecret; connecting warns from 14 days before."},
    {Key::kClientAuthentication, "ClientAuthentication", "", "Body", "Body, Basic",
     "Where token requests carry ClientSecret: form field or Authorization header."},
    {Key::kCertificatePath, "CertificatePath", "", "",
     "a path to a PFX or PEM file with the private key",
     "Certificate of the app, instead of ClientSecret."},
    {Key::kCertificateBase64, "CertificateBase64", "", "", "a PFX in base64",
     "Certificate of the app as text.", true},
    {Key::kCertificatePassword, "CertificatePassword", "", "", "", "Password of the certificate.",
     true},
    {Key::kAssertionAlgorithm, "AssertionAlgorithm", "", "PS256", "PS256, RS256",
     "Signature of the client assertion made with the certificate."},
    {Key::kFederatedTokenFile, "FederatedTokenFile", "", "", "a path",
     "Token of another issuer for WorkloadIdentity; left out: AZURE_FEDERATED_TOKEN_FILE."},
    {Key::kScope, "Scope", "", "", "",
     "Permissions asked for, separated by blanks, '~', ',', '|' or line breaks."},
    {Key::kValidateScopes, "ValidateScopes", "", "no", kYesNo,
     "Compare what the token grants with what a statement's tables need, and refuse the statement "
     "with a list of what is missing before anything is sent."},
    {Key::kRefreshTokenFilePath, "RefreshTokenFilePath", "", "", "a path",
     "JSON file with access_token, refresh_token and expires_in; rewritten on refresh."},
    {Key::kRefreshToken, "RefreshToken", "", "", "", "Refresh token, instead of a file.", true},
    {Key::kAccessToken, "AccessToken", "", "", "", "Bearer token used as it is.", true},
    {Key::kTokenExpiresAt, "TokenExpiresAt", "", "", "seconds since 1970, or YYYY-MM-DDThh:mm:ssZ",
     "When AccessToken expires."},
    {Key::kAutoRefresh, "AutoRefresh", "", "yes", kYesNo,
     "Renew the access token before it expires; no: an expired token is an error."},
    {Key::kInitiateOAuth, "InitiateOAuth", "", "no", kYesNo,
     "Let connecting open the browser when nobody is signed in, or not any more; else `graphodbc "
     "login` signs in."},
    {Key::kTokenEndpointParams, "TokenEndpointParams", "", "", "name=value&name2=value2",
     "Sent with every token request; a scope here outranks Scope."},
    {Key::kAuthEndpointParams, "AuthEndpointParams", "", "", "name=value&name2=value2",
     "Added to the address of the sign-in page."},
    {Key::kExtraAttributesForAuthRequest, "ExtraAttributesForAuthRequest", "", "",
     "name=value&name2=value2, for example prompt=login",
     "Added to the address of the sign-in page too."},
    {Key::kLoginHint, "LoginHint", "", "", "a user principal name",
     "The account that the sign-in page proposes."},
    {Key::kRetryMode, "RetryMode", "", "RetryWhenStatusCodeMatch",
     "None, RetryAny, RetryWhenStatusCodeMatch", "Which refused requests are repeated."},
    {Key::kRetryStatusCodeList, "RetryStatusCodeList", "", "429|503",
     "HTTP status codes from 400 to 599 separated by '|'", "For RetryWhenStatusCodeMatch."},
    {Key::kRetryCountMax, "RetryCountMax", "", "5", "a number from 0 to 1000",
     "Repetitions after the first attempt."},
    {Key::kRetryMultiplyWaitTime, "RetryMultiplyWaitTime", "", "yes", kYesNo,
     "Double the wait from one repetition to the next."},
    {Key::kTimeout, "Timeout", "", "60", "seconds from 0 (no limit) to 86400",
     "Longest time without progress on the network."},
    {Key::kConnectTimeout, "ConnectTimeout", "", "30", "seconds from 0 (no limit) to 86400",
     "Longest time for TCP and TLS of a connection."},
    {Key::kQueryTimeout, "QueryTimeout", "", "0", "seconds from 0 (no limit) to 2147483",
     "Longest time of a whole statement."},
    {Key::kCaFile, "CaFile", "", "", "a path to a PEM file",
     "Certificate authorities to trust instead of the system's."},
    {Key::kProxy, "Proxy", "", "",
     "http://[user:password@]host:port, also https, socks5, socks5h; none: no proxy at all",
     "Proxy for every request; left out: https_proxy of the environment.", true},
    {Key::kNoProxy, "NoProxy", "", "", "host names separated by commas",
     "Hosts that are reached without Proxy; left out: no_proxy of the environment."},
    {Key::kPushdown, "Pushdown", "", "on", "on, off (also yes, no, true, false, 1, 0)",
     "Let Graph filter and sort; off: everything is done here."},
    {Key::kPushdownFallback, "PushdownFallback", "", "on",
     "on, off (also yes, no, true, false, 1, 0)",
     "Repeat a refused request with less pushed down."},
    {Key::kCountMode, "CountMode", "", "exact", "exact, server",
     "COUNT of a table: by reading its rows, or by Graph's own count, which may lag or differ."},
    {Key::kMaxLocalMemory, "MaxLocalMemory", "", "1024", "MiB from 1 to 1048576",
     "What joins, sorts and groups of all connections of the process may hold."},
    {Key::kMaxDependentKeys, "MaxDependentKeys", "", "500", "a number from 0 to 10000",
     "Distinct values of a join's one side by which the other is read; with more it is read "
     "whole."},
    {Key::kReadOnly, "ReadOnly", "", "yes", kYesNo, "Refuse statements that write."},
    {Key::kImmutableIds, "ImmutableIds", "", "yes", kYesNo,
     "Ask Outlook for ids that survive moves."},
    {Key::kCollation, "Collation", "", "binary", "binary, nocase",
     "How text compares: by code point, or without case."},
    {Key::kOrderByText, "OrderByText", "", "local", "local, server",
     "Who sorts by text: code points here, or Graph by its own culture where it can."},
    {Key::kTimeZone, "TimeZone", "", "UTC",
     "UTC, an offset like +02:00, or a zone of this system like Europe/Zurich",
     "Zone of CURRENT_DATE and CURRENT_TIME; timestamps are UTC always."},
    {Key::kSqlConformance, "SqlConformance", "", "Full", "Entry, Transitional, Intermediate, Full",
     "SQL-92 level that SQLGetInfo reports."},
    {Key::kLogFile, "LogFile", "", "", "a path", "File the log is appended to."},
    {Key::kLogLevel, "LogLevel", "", "0", "a number from 0 (off) to 5 (everything)",
     "1 statements and errors, 2 plans and requests, 3 headers, 4 bodies, 5 everything."},
    {Key::kLogMaxSize, "LogMaxSize", "", "10", "MiB from 1 to 1024",
     "Size at which the log file is put aside as LogFile.1 and begun anew."},
};

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < std::size(kKeys); ++i) {
    if (static_cast<std::size_t>(kKeys[i].key) != i) return false;
  }
  return std::size(kKeys) == kKeyCount;
}
static_assert(is_in_order(), "info() indexes the table by key");

// odbc-pitfalls 3.11 and the manager's own keywords of odbc.ini and odbcinst.ini sections.
constexpr std::string_view kManagerKeys[] = {
    "DMEnvAttr",    "DMConnAttr",    "DMStmtAttr",
    "FileDSN",      "SaveFile",      "Setup",
    "Trace",        "TraceFile",     "Pooling",
    "CPTimeout",    "CPReuse",       "Threading",
    "DontDLClose",  "IconvEncoding", "UsageCount",
    "FileUsage",    "Driver64",      "Setup64",
    "TraceLibrary", "TraceAutoStop", "DisableGetFunctions",
};

}  // namespace

std::span<const KeyInfo> connection_keys() {
  return kKeys;
}

const KeyInfo& info(Key key) {
  return kKeys[static_cast<std::size_t>(key)];
}

const KeyInfo* find_key(std::string_view name) {
  for (const KeyInfo& entry : kKeys) {
    if (equal_keyword(entry.name, name)) return &entry;
    if (!entry.alias.empty() && equal_keyword(entry.alias, name)) return &entry;
  }
  return nullptr;
}

bool is_manager_key(std::string_view name) {
  for (std::string_view known : kManagerKeys) {
    if (equal_keyword(known, name)) return true;
  }
  return false;
}

}  // namespace graphodbc::config
