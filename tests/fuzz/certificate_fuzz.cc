// Any PFX or PEM: a certificate that signs, or an Error with a message.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/error.h"
#include "graph/oauth/certificate.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace graphodbc;
  using namespace graphodbc::graph;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const WallTime now{std::chrono::seconds(1'767'225'600)};
  try {
    const ClientCertificate certificate =
        ClientCertificate::parse(text, base::Secret("password"), "CertificatePath", now);
    if (certificate.assertion("id", "url", AssertionAlgorithm::kPs256, now).empty()) std::abort();
  } catch (const base::Error& error) {
    if (error.message().empty()) std::abort();
  }
  return 0;
}
