// The application's certificate with its private key, and the client assertions that it signs
// (RFC 7523, contract sheet b.6).
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "graph/client_settings.h"
#include "graph/oauth/token.h"

namespace graphodbc::graph {

class ClientCertificate {
 public:
  // `bytes` are a PFX (PKCS #12) or PEM text that holds certificate and key; `source` names them in
  // messages ("CertificatePath /x.pfx"). Throws Error 08001, in different words for: neither PFX
  // nor PEM, wrong password, no certificate, no private key, key of another certificate, no RSA
  // key, not yet valid, expired. No network.
  static ClientCertificate parse(std::string_view bytes, const base::Secret& password,
                                 const std::string& source, WallTime now);
  // By certificate_file or certificate_base64 of the settings.
  static ClientCertificate load(const ClientSettings& settings, WallTime now);

  ~ClientCertificate();
  ClientCertificate(ClientCertificate&&) noexcept;
  ClientCertificate& operator=(ClientCertificate&&) noexcept;

  // A signed token that says: `client_id` speaks to `audience` (the token endpoint's URL) for the
  // next ten minutes. Another one each time. Throws Error 08001 when OpenSSL will not sign.
  std::string assertion(std::string_view client_id, std::string_view audience,
                        AssertionAlgorithm algorithm, WallTime now) const;

 private:
  struct Impl;
  explicit ClientCertificate(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace graphodbc::graph
