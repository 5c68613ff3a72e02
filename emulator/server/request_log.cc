#include "emulator/server/request_log.h"

#include <array>
#include <nlohmann/json.hpp>

#include "emulator/server/text.h"

namespace graphodbc::emulator {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostEntries = 200000;

// The request's headers with what proves identity blotted out.
HeaderList without_secrets(const HeaderList& headers) {
  HeaderList kept;
  for (const auto& [name, value] : headers) {
    if (equal_ignoring_case(name, "Authorization")) {
      kept.emplace_back(name, value.substr(0, value.find(' ')) + " ***");
    } else if (equal_ignoring_case(name, "Cookie") ||
               equal_ignoring_case(name, "Proxy-Authorization")) {
      kept.emplace_back(name, "***");
    } else {
      kept.emplace_back(name, value);
    }
  }
  return kept;
}

Json entry_json(const LogEntry& entry) {
  Json out;
  out["sequence"] = entry.sequence;
  out["method"] = entry.method;
  out["path"] = entry.path;
  out["query"] = entry.query;
  out["status"] = entry.status;
  Json headers = Json::object();
  for (const auto& [name, value] : entry.headers) headers[to_lower(name)] = value;
  out["headers"] = std::move(headers);
  out["response_bytes"] = entry.response_bytes;
  out["start_ms"] = entry.start_ms;
  out["end_ms"] = entry.end_ms;
  out["batch_item"] = entry.batch != 0;
  if (entry.batch != 0) out["batch_sequence"] = entry.batch;
  if (!entry.fault.empty()) out["fault"] = entry.fault;
  if (!entry.form_names.empty()) {
    out["form"] = {
        {"names", entry.form_names}, {"grant_type", entry.grant_type}, {"scope", entry.scope}};
  }
  return out;
}

}  // namespace

double RequestLog::now_ms() const {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_)
      .count();
}

LogEntry* RequestLog::find(std::uint64_t sequence) {
  if (entries_.empty() || sequence < entries_.front().sequence) return nullptr;
  const std::uint64_t index = sequence - entries_.front().sequence;
  return index < entries_.size() ? &entries_[index] : nullptr;
}

std::uint64_t RequestLog::begin(const Request& request, std::uint64_t batch) {
  LogEntry entry;
  entry.batch = batch;
  entry.method = request.method;
  entry.path = request.path;
  entry.query = request.query;
  entry.headers = without_secrets(request.headers);
  std::lock_guard lock(mutex_);
  entry.start_ms = now_ms();
  entry.sequence = next_sequence_++;
  entries_.push_back(std::move(entry));
  if (entries_.size() > kMostEntries) entries_.pop_front();
  return entries_.back().sequence;
}

void RequestLog::set_form(std::uint64_t sequence, const Request& request) {
  const Parameters form = parse_form(request.body);
  std::lock_guard lock(mutex_);
  LogEntry* entry = find(sequence);
  if (entry == nullptr) return;
  for (const auto& [name, value] : form) {
    entry->form_names.push_back(name);
    if (name == "grant_type") entry->grant_type = value;
    if (name == "scope") entry->scope = value;
  }
}

void RequestLog::set_fault(std::uint64_t sequence, const std::string& fault) {
  std::lock_guard lock(mutex_);
  if (LogEntry* entry = find(sequence)) entry->fault = fault;
}

void RequestLog::finish(std::uint64_t sequence, int status, std::size_t response_bytes) {
  std::lock_guard lock(mutex_);
  LogEntry* entry = find(sequence);
  if (entry == nullptr) return;
  entry->status = status;
  entry->response_bytes = response_bytes;
  entry->end_ms = now_ms();
}

void RequestLog::clear() {
  std::lock_guard lock(mutex_);
  entries_.clear();
}

std::string RequestLog::json(const std::string& method_glob, const std::string& path_glob) const {
  const auto wanted = [](const std::string& glob, const std::string& text) {
    return glob.empty() || glob_matches(glob, text);
  };
  std::string out = "[";
  std::lock_guard lock(mutex_);
  for (const auto& entry : entries_) {
    if (!wanted(method_glob, entry.method) || !wanted(path_glob, entry.path)) continue;
    if (out.size() > 1) out += ",\n";
    out += entry_json(entry).dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  return out + "]";
}

}  // namespace graphodbc::emulator
