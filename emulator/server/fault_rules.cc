#include "emulator/server/fault_rules.h"

#include <algorithm>
#include <regex>
#include <stdexcept>

#include "emulator/server/text.h"

namespace graphodbc::emulator {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kRememberedRows = 20;

// A pattern that starts with '^' is a regular expression, anything else a glob.
bool pattern_matches(const std::string& pattern, const std::string& text) {
  if (pattern.starts_with("^")) {
    return std::regex_search(text, std::regex(pattern, std::regex::icase));
  }
  return glob_matches(pattern, text);
}

bool path_matches(const std::string& pattern, const std::string& path) {
  const std::string decoded = percent_decode(path, false);
  if (pattern_matches(pattern, path) || pattern_matches(pattern, decoded)) return true;
  constexpr std::string_view kVersion = "/v1.0";
  return decoded.starts_with(kVersion) && pattern_matches(pattern, decoded.substr(kVersion.size()));
}

std::int64_t count_of(const Json& value, const char* name) {
  if (!value.is_number_integer()) {
    throw std::invalid_argument(std::string("'") + name + "' must be a whole number");
  }
  return value.get<std::int64_t>();
}

std::string pattern_of(const Json& value, const char* name) {
  if (!value.is_string()) throw std::invalid_argument(std::string("'") + name + "' must be text");
  std::string text = value.get<std::string>();
  if (text.starts_with("^")) {
    try {
      const std::regex tried(text);
    } catch (const std::regex_error& error) {
      throw std::invalid_argument(std::string("'") + name + "': " + error.what());
    }
  }
  return text;
}

}  // namespace

FaultRules::Rule FaultRules::parse(const Json& source) {
  if (!source.is_object()) throw std::invalid_argument("a rule must be an object");
  Rule rule;
  rule.source = source;
  const auto read = [&rule](const Json& members, bool top) {
    for (const auto& [name, value] : members.items()) {
      if (top && (name == "match" || name == "action")) continue;
      if (name == "method") {
        rule.method = pattern_of(value, "method");
      } else if (name == "path") {
        rule.path = pattern_of(value, "path");
      } else if (name == "query") {
        rule.query = pattern_of(value, "query");
      } else if (name == "batch_item" && value.is_boolean()) {
        rule.batch_item = value.get<bool>();
      } else if (name == "nth") {
        rule.nth = std::max<std::int64_t>(1, count_of(value, "nth"));
      } else if (name == "times") {
        rule.times = count_of(value, "times");
        if (rule.times == 0) rule.times = 1;
      } else if (name == "every") {
        rule.every = std::max<std::int64_t>(1, count_of(value, "every"));
      } else {
        throw std::invalid_argument("unknown member '" + name + "' in rule");
      }
    }
  };
  read(source, true);
  if (source.contains("match")) {
    if (!source.at("match").is_object()) throw std::invalid_argument("'match' must be an object");
    read(source.at("match"), false);
  }
  if (!source.contains("action")) throw std::invalid_argument("'action' is missing");
  rule.action = parse_fault_action(source.at("action"));
  return rule;
}

std::vector<int> FaultRules::add(const Json& rules) {
  std::vector<Rule> parsed;
  if (rules.is_array()) {
    for (const auto& rule : rules) parsed.push_back(parse(rule));
  } else {
    parsed.push_back(parse(rules));
  }
  std::vector<int> ids;
  std::lock_guard lock(mutex_);
  for (auto& rule : parsed) {
    rule.id = next_id_++;
    ids.push_back(rule.id);
    rules_.push_back(std::move(rule));
  }
  return ids;
}

void FaultRules::clear() {
  std::lock_guard lock(mutex_);
  rules_.clear();
  last_rows_.clear();
}

std::string FaultRules::list() const {
  Json out = Json::array();
  std::lock_guard lock(mutex_);
  for (const auto& rule : rules_) {
    Json entry = rule.source;
    entry["id"] = rule.id;
    entry["kind"] = rule.action.kind_name;
    entry["seen"] = rule.seen;
    entry["hits"] = rule.hits;
    out.push_back(std::move(entry));
  }
  return out.dump();
}

bool FaultRules::matches(const Rule& rule, const Request& request, bool batch_item) {
  if (rule.batch_item && *rule.batch_item != batch_item) return false;
  if (!rule.method.empty() && !pattern_matches(rule.method, request.method)) return false;
  if (!rule.path.empty() && !path_matches(rule.path, request.path)) return false;
  return rule.query.empty() || pattern_matches(rule.query, request.query) ||
         pattern_matches(rule.query, percent_decode(request.query, true));
}

bool FaultRules::fires(const Rule& rule) {
  if (rule.seen < rule.nth || (rule.seen - rule.nth) % rule.every != 0) return false;
  return rule.times < 0 || rule.hits < rule.times;
}

std::optional<FaultAction> FaultRules::match(const Request& request, bool batch_item) {
  std::lock_guard lock(mutex_);
  Rule* chosen = nullptr;
  for (auto& rule : rules_) {
    if (!matches(rule, request, batch_item)) continue;
    ++rule.seen;
    if (chosen == nullptr && fires(rule)) chosen = &rule;
  }
  if (chosen == nullptr) return std::nullopt;
  ++chosen->hits;
  return chosen->action;
}

void FaultRules::observe_page(const Request& request, const Response& response) {
  {
    std::lock_guard lock(mutex_);
    const bool wanted = std::any_of(rules_.begin(), rules_.end(), [&](const Rule& rule) {
      return rule.action.kind == FaultKind::kDuplicateRows && matches(rule, request, false);
    });
    if (!wanted) return;
  }
  const auto page = nlohmann::ordered_json::parse(response.body, nullptr, false);
  if (!page.is_object() || !page.contains("value") || !page.at("value").is_array()) return;
  const auto& rows = page.at("value");
  const std::size_t first = rows.size() - std::min(rows.size(), kRememberedRows);
  nlohmann::ordered_json tail = nlohmann::ordered_json::array();
  for (std::size_t i = first; i < rows.size(); ++i) tail.push_back(rows[i]);
  std::lock_guard lock(mutex_);
  last_rows_[request.path] = std::move(tail);
}

nlohmann::ordered_json FaultRules::rows_before(const std::string& path) const {
  std::lock_guard lock(mutex_);
  const auto found = last_rows_.find(path);
  return found == last_rows_.end() ? nlohmann::ordered_json::array() : found->second;
}

}  // namespace graphodbc::emulator
