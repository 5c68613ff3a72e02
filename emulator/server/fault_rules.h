// Fault rules: which requests go wrong, how often, and how (docs/emulator.md lists them).
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/http_types.h"
#include "emulator/server/http_server.h"

namespace graphodbc::emulator {

enum class FaultKind {
  kStatus,
  kHtmlError,
  kExpiredToken,
  kDelay,
  kConnectionReset,
  kTruncate,
  kStall,
  kMalformedJson,
  kEmptyPage,
  kMissingNextLink,
  kLoopingNextLink,
  kForeignNextLink,
  kIgnoreFilter,
  kWidenFilter,
  kDuplicateRows,
  kErrorInBody,
};

struct FaultAction {
  FaultKind kind = FaultKind::kStatus;
  std::string kind_name;
  double delay_ms = 0;  // may accompany every kind
  int status = 0;
  std::string retry_after;  // as sent; "http-date:N" is a date N seconds ahead
  std::string code;         // Graph's error.code, or OAuth's `error` for token requests
  std::string message;
  int aadsts = 90033;                   // for token requests
  std::optional<std::string> raw_body;  // instead of the JSON error
  HeaderList headers;
  WireFault wire;
  std::string mode;  // malformed_json: cut, garbage, empty
  std::string host;  // foreign_next_link: a host, or scheme://host[:port]
  int drop = -1;     // widen_filter: which conjunct, from 0; -1 the last
  int rows = 1;      // duplicate_rows, error_in_body (rows kept)
};

// Thread-safe.
class FaultRules {
 public:
  // One rule or an array of them; throws std::invalid_argument saying what is wrong. All or none.
  std::vector<int> add(const nlohmann::json& rules);
  void clear();
  std::string list() const;  // JSON array with each rule's `seen` and `hits`

  // Counts the request against every rule and returns the action of the first that fires.
  std::optional<FaultAction> match(const Request& request, bool batch_item);

  // Keeps the last rows of a served page while a duplicate_rows rule waits for its successor.
  void observe_page(const Request& request, const Response& response);
  nlohmann::ordered_json rows_before(const std::string& path) const;

 private:
  struct Rule {
    int id = 0;
    nlohmann::json source;
    std::string method;
    std::string path;
    std::string query;
    std::optional<bool> batch_item;
    std::int64_t nth = 1;
    std::int64_t times = 1;  // -1: for ever
    std::int64_t every = 1;
    FaultAction action;
    std::int64_t seen = 0;
    std::int64_t hits = 0;
  };

  static Rule parse(const nlohmann::json& source);
  static bool matches(const Rule& rule, const Request& request, bool batch_item);
  static bool fires(const Rule& rule);

  mutable std::mutex mutex_;
  std::vector<Rule> rules_;
  int next_id_ = 1;
  std::map<std::string, nlohmann::ordered_json> last_rows_;  // by path
};

// Reads the `action` member of a rule; throws std::invalid_argument.
FaultAction parse_fault_action(const nlohmann::json& source);

}  // namespace graphodbc::emulator
