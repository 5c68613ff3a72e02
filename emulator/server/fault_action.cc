// Reading the `action` of a fault rule.
#include <array>
#include <functional>
#include <stdexcept>

#include "emulator/server/fault_rules.h"

namespace graphodbc::emulator {
namespace {

using Json = nlohmann::json;

struct KindEntry {
  std::string_view name;
  FaultKind kind;
  std::string_view main_parameter;  // what a bare value after the name means
};

constexpr std::array kKinds = {
    KindEntry{"status", FaultKind::kStatus, "status"},
    KindEntry{"html_error", FaultKind::kHtmlError, "status"},
    KindEntry{"expired_token", FaultKind::kExpiredToken, ""},
    KindEntry{"delay_ms", FaultKind::kDelay, "delay_ms"},
    KindEntry{"connection_reset", FaultKind::kConnectionReset, "after_bytes"},
    KindEntry{"truncate", FaultKind::kTruncate, "fraction"},
    KindEntry{"stall", FaultKind::kStall, "seconds"},
    KindEntry{"malformed_json", FaultKind::kMalformedJson, "mode"},
    KindEntry{"empty_page", FaultKind::kEmptyPage, ""},
    KindEntry{"missing_next_link", FaultKind::kMissingNextLink, ""},
    KindEntry{"looping_next_link", FaultKind::kLoopingNextLink, ""},
    KindEntry{"foreign_next_link", FaultKind::kForeignNextLink, "host"},
    KindEntry{"ignore_filter", FaultKind::kIgnoreFilter, ""},
    KindEntry{"widen_filter", FaultKind::kWidenFilter, "drop"},
    KindEntry{"duplicate_rows", FaultKind::kDuplicateRows, "rows"},
    KindEntry{"error_in_body", FaultKind::kErrorInBody, "rows"},
};

const KindEntry* find_kind(std::string_view name) {
  for (const auto& entry : kKinds) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

[[noreturn]] void refuse(const std::string& text) {
  throw std::invalid_argument(text);
}

std::string text_of(const Json& value, const std::string& name) {
  if (!value.is_string()) refuse("'" + name + "' must be text");
  return value.get<std::string>();
}

double number_of(const Json& value, const std::string& name) {
  if (!value.is_number()) refuse("'" + name + "' must be a number");
  return value.get<double>();
}

int integer_of(const Json& value, const std::string& name) {
  if (!value.is_number_integer()) refuse("'" + name + "' must be a whole number");
  return value.get<int>();
}

bool flag_of(const Json& value, const std::string& name) {
  if (!value.is_boolean()) refuse("'" + name + "' must be true or false");
  return value.get<bool>();
}

// Retry-After comes as a number of seconds (fractions allowed), as text sent as it is, or as
// "http-date" and {"http_date_in": seconds}.
std::string retry_after_of(const Json& value) {
  if (value.is_number()) return value.dump();
  if (value.is_object() && value.contains("http_date_in")) {
    return "http-date:" + value.at("http_date_in").dump();
  }
  const std::string text = text_of(value, "retry_after");
  return text == "http-date" ? "http-date:2" : text;
}

using Setter = void (*)(FaultAction&, const Json&, const std::string&);

struct Parameter {
  std::string_view name;
  Setter set;
};

const std::array kParameters = {
    Parameter{"kind", [](FaultAction&, const Json&, const std::string&) {}},
    Parameter{"status",
              [](FaultAction& a, const Json& v, const std::string& n) {
                a.status = integer_of(v, n);
                if (a.status < 200 || a.status > 599) refuse("'status' must be 200 to 599");
              }},
    Parameter{"retry_after", [](FaultAction& a, const Json& v,
                                const std::string&) { a.retry_after = retry_after_of(v); }},
    Parameter{"code", [](FaultAction& a, const Json& v,
                         const std::string& n) { a.code = text_of(v, n); }},
    Parameter{"message", [](FaultAction& a, const Json& v,
                            const std::string& n) { a.message = text_of(v, n); }},
    Parameter{"aadsts", [](FaultAction& a, const Json& v,
                           const std::string& n) { a.aadsts = integer_of(v, n); }},
    Parameter{"body", [](FaultAction& a, const Json& v,
                         const std::string& n) { a.raw_body = text_of(v, n); }},
    Parameter{"headers",
              [](FaultAction& a, const Json& v, const std::string& n) {
                if (!v.is_object()) refuse("'headers' must be an object");
                for (const auto& [key, value] : v.items()) {
                  a.headers.emplace_back(key, text_of(value, n));
                }
              }},
    Parameter{"delay_ms", [](FaultAction& a, const Json& v,
                             const std::string& n) { a.delay_ms = number_of(v, n); }},
    Parameter{"after_bytes",
              [](FaultAction& a, const Json& v, const std::string& n) {
                a.wire.after_bytes = static_cast<std::size_t>(integer_of(v, n));
              }},
    Parameter{"fraction", [](FaultAction& a, const Json& v,
                             const std::string& n) { a.wire.fraction = number_of(v, n); }},
    Parameter{"before_headers", [](FaultAction& a, const Json& v,
                                   const std::string& n) { a.wire.before_headers = flag_of(v, n); }},
    Parameter{"seconds", [](FaultAction& a, const Json& v,
                            const std::string& n) { a.wire.stall_seconds = number_of(v, n); }},
    Parameter{"then",
              [](FaultAction& a, const Json& v, const std::string& n) {
                const std::string text = text_of(v, n);
                if (text != "close" && text != "continue") refuse("'then' is close or continue");
                a.wire.then_continue = text == "continue";
              }},
    Parameter{"chunked", [](FaultAction& a, const Json& v,
                            const std::string& n) { a.wire.chunked = flag_of(v, n); }},
    Parameter{"gzip", [](FaultAction& a, const Json& v,
                         const std::string& n) { a.wire.gzip = flag_of(v, n); }},
    Parameter{"close", [](FaultAction& a, const Json& v,
                          const std::string& n) { a.wire.close = flag_of(v, n); }},
    Parameter{"content_length",
              [](FaultAction& a, const Json& v, const std::string& n) {
                const std::string text = text_of(v, n);
                if (text != "full" && text != "actual") {
                  refuse("'content_length' is full or actual");
                }
                a.wire.actual_length = text == "actual";
              }},
    Parameter{"mode",
              [](FaultAction& a, const Json& v, const std::string& n) {
                a.mode = text_of(v, n);
                if (a.mode != "cut" && a.mode != "garbage" && a.mode != "empty") {
                  refuse("'mode' is cut, garbage or empty");
                }
              }},
    Parameter{"host", [](FaultAction& a, const Json& v,
                         const std::string& n) { a.host = text_of(v, n); }},
    Parameter{"drop", [](FaultAction& a, const Json& v,
                         const std::string& n) { a.drop = integer_of(v, n); }},
    Parameter{"rows", [](FaultAction& a, const Json& v,
                         const std::string& n) { a.rows = integer_of(v, n); }},
};

void set_parameter(FaultAction& action, const std::string& name, const Json& value) {
  for (const auto& parameter : kParameters) {
    if (parameter.name == name) return parameter.set(action, value, name);
  }
  refuse("unknown parameter '" + name + "' in action");
}

std::string kind_names() {
  std::string names;
  for (const auto& entry : kKinds) names += (names.empty() ? "" : ", ") + std::string(entry.name);
  return names;
}

// The kind named by `kind`, or by a member that bears a kind's name ("status" and "delay_ms" count
// only when nothing else does, because they are parameters too).
const KindEntry* choose_kind(const Json& source) {
  if (source.contains("kind")) return find_kind(text_of(source.at("kind"), "kind"));
  for (const auto& [name, value] : source.items()) {
    const KindEntry* entry = find_kind(name);
    if (entry != nullptr && name != "status" && name != "delay_ms") return entry;
  }
  if (source.contains("status")) return find_kind("status");
  return source.contains("delay_ms") ? find_kind("delay_ms") : nullptr;
}

void finish_wire(FaultAction& action) {
  WireFault& wire = action.wire;
  switch (action.kind) {
    case FaultKind::kConnectionReset:
      wire.kind = WireFault::Kind::kReset;
      if (!wire.after_bytes) wire.before_headers = true;
      break;
    case FaultKind::kTruncate:
      wire.kind = WireFault::Kind::kTruncate;
      break;
    case FaultKind::kStall:
      wire.kind = WireFault::Kind::kStall;
      if (wire.stall_seconds <= 0) wire.stall_seconds = 30;
      break;
    default:
      break;
  }
}

}  // namespace

FaultAction parse_fault_action(const Json& source) {
  FaultAction action;
  const Json object = source.is_string() ? Json{{"kind", source}} : source;
  if (!object.is_object()) refuse("'action' must be an object or a kind's name");
  const KindEntry* entry = choose_kind(object);
  if (entry == nullptr) refuse("action names no known kind; the kinds are " + kind_names());
  action.kind = entry->kind;
  action.kind_name = std::string(entry->name);
  for (const auto& [name, value] : object.items()) {
    if (name != entry->name || name == "status" || name == "delay_ms") {
      set_parameter(action, name, value);
    } else if (value.is_object()) {
      for (const auto& [inner, inner_value] : value.items()) {
        set_parameter(action, inner, inner_value);
      }
    } else if (!value.is_boolean()) {
      if (entry->main_parameter.empty()) refuse("'" + name + "' takes no value but true");
      set_parameter(action, std::string(entry->main_parameter), value);
    }
  }
  if (action.kind == FaultKind::kStatus && action.status == 0) refuse("'status' is missing");
  if (action.kind == FaultKind::kHtmlError && action.status == 0) action.status = 502;
  if (action.wire.fraction < 0 || action.wire.fraction > 1) refuse("'fraction' must be 0 to 1");
  finish_wire(action);
  return action;
}

}  // namespace graphodbc::emulator
