#include "graph/transport_error.h"

#include "base/url.h"
#include "graph/service_error.h"

namespace graphodbc::graph {
namespace {

struct Text {
  Outcome outcome;
  std::string_view what;
  std::string_view advice;
};

constexpr Text kTexts[] = {
    {Outcome::kResolve, "the host name could not be resolved", "check the name, DNS and proxy"},
    {Outcome::kConnect, "no connection could be made", "check host, port, proxy and firewall"},
    {Outcome::kProxy, "the proxy refused to pass the request on",
     "check Proxy, its user and password, and whether it may reach this host"},
    {Outcome::kTls, "the server's TLS certificate or protocol was not accepted",
     "name its certificate authority in CaFile, or check the clock and any intercepting proxy"},
    {Outcome::kTimeout, "the service stopped sending", "raise Timeout, or ask for smaller pages"},
    {Outcome::kReset, "the connection was lost", "try again"},
    {Outcome::kTruncated, "the response was cut off", "try again"},
    {Outcome::kProtocol, "the answer was not HTTP", "check the URL and any proxy"},
    {Outcome::kTooLarge, "the response was larger than the driver accepts",
     "ask for fewer columns "
     "or rows"},
    {Outcome::kAborted, "the connection is being closed", "connect again"},
    {Outcome::kMemory, "out of memory", "ask for fewer columns or rows"},
};

const Text& text_of(Outcome outcome) {
  for (const Text& text : kTexts) {
    if (text.outcome == outcome) return text;
  }
  return kTexts[0];
}

std::string cause(const Text& text, std::string_view detail) {
  std::string out(text.what);
  if (!detail.empty()) out += " (" + std::string(detail.substr(0, 250)) + ")";
  return out;
}

std::string origin_of(std::string_view url) {
  const auto parsed = base::parse_url(url);
  return parsed ? parsed->origin() : std::string();
}

}  // namespace

base::Error transport_error(Outcome outcome, std::string_view detail, std::string_view url,
                            const RequestContext& context, int attempts, std::string_view method) {
  const Text& text = text_of(outcome);
  std::string message = context.table_name.empty() ? "" : context.table_name + ": ";
  message += cause(text, detail) + " for " + std::string(method) + " " + origin_of(url) +
             describe_url(url);
  message += attempts == 1 ? ", 1 attempt" : ", " + std::to_string(attempts) + " attempts";
  message += "; " + std::string(text.advice);
  if (outcome == Outcome::kTimeout) return base::Error("HYT00", message);
  if (outcome == Outcome::kMemory) return base::Error("HY001", message);
  return base::Error("08S01", message);
}

base::Error connect_error(Outcome outcome, std::string_view detail, std::string_view url,
                          std::string_view key) {
  const Text& text = text_of(outcome);
  const std::string message = "Cannot reach " + origin_of(url) + " (" + std::string(key) +
                              "): " + cause(text, detail) + "; " + std::string(text.advice);
  if (outcome == Outcome::kTimeout) return base::Error("HYT00", message);
  if (outcome == Outcome::kMemory) return base::Error("HY001", message);
  return base::Error("08001", message);
}

}  // namespace graphodbc::graph
