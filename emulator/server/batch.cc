#include "emulator/server/batch.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <stdexcept>

#include "emulator/identity/crypto.h"
#include "emulator/server/graph_error.h"
#include "emulator/server/text.h"

namespace graphodbc::emulator {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostItems = 20;
constexpr std::array<std::string_view, 5> kMethods = {"GET", "POST", "PATCH", "PUT", "DELETE"};

struct Item {
  std::string id;
  Request request;
  std::vector<std::size_t> depends_on;  // indexes of earlier or later items
  bool done = false;
  int status = 0;
  std::string answer;  // the item's JSON in the response
};

[[noreturn]] void refuse(const std::string& text) {
  throw std::invalid_argument(text);
}

std::string text_member(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string() || found->get<std::string>().empty()) {
    refuse(std::string("Invalid batch payload format: '") + name + "' is missing or no text.");
  }
  return found->get<std::string>();
}

void read_body(const Json& source, Request& request) {
  if (!source.contains("body")) return;
  const auto type = find_header(request.headers, "Content-Type");
  if (!type) refuse("Invalid batch payload format: 'headers' must hold Content-Type for a body.");
  const Json& body = source.at("body");
  if (body.is_object()) {
    request.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
    return;
  }
  if (!body.is_string()) refuse("Invalid batch payload format: 'body' is no object or base64.");
  const auto bytes = base64_decode(body.get<std::string>());
  if (!bytes) refuse("Invalid batch payload format: 'body' is no base64.");
  request.body = *bytes;
}

Item read_item(const Json& source, const Request& outer) {
  if (!source.is_object()) refuse("Invalid batch payload format.");
  Item item;
  item.id = text_member(source, "id");
  item.request.method = text_member(source, "method");
  std::transform(item.request.method.begin(), item.request.method.end(),
                 item.request.method.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  if (std::find(kMethods.begin(), kMethods.end(), item.request.method) == kMethods.end()) {
    refuse("Invalid batch payload format: unknown method in request '" + item.id + "'.");
  }
  std::string url = text_member(source, "url");
  if (url.find("://") != std::string::npos) {
    refuse("Invalid batch payload format: the url of request '" + item.id + "' is not relative.");
  }
  url = "/v1.0" + std::string(url.starts_with("/") ? "" : "/") + url;
  const auto question = url.find('?');
  item.request.path = url.substr(0, question);
  if (question != std::string::npos) item.request.query = url.substr(question + 1);
  item.request.base_url = outer.base_url;
  if (source.contains("headers")) {
    if (!source.at("headers").is_object()) refuse("Invalid batch payload format: 'headers'.");
    for (const auto& [name, value] : source.at("headers").items()) {
      // Authorization is the outer request's.
      if (equal_ignoring_case(name, "Authorization")) continue;
      item.request.headers.emplace_back(
          name, value.is_string() ? value.get<std::string>() : value.dump());
    }
  }
  item.request.headers.emplace_back("request-id", random_guid());
  if (const auto id = find_header(outer.headers, "client-request-id")) {
    item.request.headers.emplace_back("client-request-id", std::string(*id));
  }
  read_body(source, item.request);
  return item;
}

std::vector<Item> read_batch(const Request& outer) {
  const Json payload = Json::parse(outer.body, nullptr, false);
  if (!payload.is_object() || !payload.contains("requests") || !payload.at("requests").is_array() ||
      payload.at("requests").empty()) {
    refuse("Invalid batch payload format.");
  }
  const Json& sources = payload.at("requests");
  if (sources.size() > kMostItems) {
    refuse("Number of batch request steps exceeds the maximum value of 20.");
  }
  std::vector<Item> items;
  std::map<std::string, std::size_t> by_id;
  for (const auto& source : sources) {
    items.push_back(read_item(source, outer));
    if (!by_id.emplace(to_lower(items.back().id), items.size() - 1).second) {
      refuse("Request id '" + items.back().id + "' is not unique in the batch.");
    }
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!sources[i].contains("dependsOn")) continue;
    if (!sources[i].at("dependsOn").is_array()) refuse("Invalid batch payload format: dependsOn.");
    for (const auto& name : sources[i].at("dependsOn")) {
      const auto found = by_id.find(name.is_string() ? to_lower(name.get<std::string>()) : "");
      if (found == by_id.end() || found->second == i) {
        refuse("Request '" + items[i].id + "' depends on a request that is not in the batch.");
      }
      items[i].depends_on.push_back(found->second);
    }
  }
  return items;
}

bool is_json(const Response& response) {
  const auto type = find_header(response.headers, "Content-Type");
  return type && type->starts_with("application/json");
}

// The body is spliced in as it is: parsing a large page only to print it again costs too much.
std::string answer_json(const std::string& id, const Response& response) {
  Json headers = Json::object();
  for (const auto& [name, value] : response.headers) headers[name] = value;
  std::string out = R"({"id":)" + Json(id).dump() + R"(,"status":)" +
                    std::to_string(response.status) + R"(,"headers":)" + headers.dump();
  if (response.status != 204 && !response.body.empty()) {
    out += R"(,"body":)";
    out += is_json(response) ? response.body : Json(base64_encode(response.body)).dump();
  }
  return out + "}";
}

class BatchRun {
 public:
  BatchRun(std::vector<Item>& items, const Principal& principal, std::uint64_t sequence,
           GraphGate& gate, StopSignal& stop)
      : items_(items), principal_(principal), sequence_(sequence), gate_(gate), stop_(stop) {}

  WireFault run() {
    while (true) {
      fail_dependents();
      const std::vector<std::size_t> ready = ready_items();
      if (ready.empty()) break;
      run_wave(ready);
    }
    const bool stuck =
        std::any_of(items_.begin(), items_.end(), [](const Item& item) { return !item.done; });
    if (stuck) refuse("The requests of the batch depend on each other in a circle.");
    return wire_;
  }

 private:
  void fail_dependents() {
    bool changed = true;
    while (changed) {
      changed = false;
      for (auto& item : items_) {
        if (item.done || !depends_on_failure(item)) continue;
        const std::uint64_t entry = gate_.log().begin(item.request, sequence_);
        Response response = graph_error(424, "FailedDependency",
                                        "A request this one depends on has failed.", item.request);
        gate_.log().finish(entry, 424, response.body.size());
        settle(item, response);
        changed = true;
      }
    }
  }

  bool depends_on_failure(const Item& item) const {
    return std::any_of(item.depends_on.begin(), item.depends_on.end(), [this](std::size_t index) {
      return items_[index].done && items_[index].status >= 400;
    });
  }

  std::vector<std::size_t> ready_items() const {
    std::vector<std::size_t> ready;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      const auto finished = [this](std::size_t index) { return items_[index].done; };
      const auto& needed = items_[i].depends_on;
      if (!items_[i].done && std::all_of(needed.begin(), needed.end(), finished)) {
        ready.push_back(i);
      }
    }
    return ready;
  }

  // Admits what may run side by side, waits once for all of it, then answers it.
  void run_wave(const std::vector<std::size_t>& ready) {
    std::map<std::string, int> in_bucket;
    std::vector<std::pair<std::size_t, Admission>> wave;
    double wait = 0;
    for (const std::size_t index : ready) {
      const std::string bucket = gate_.bucket_of(items_[index].request, principal_);
      if (bucket.starts_with("mailbox:") && ++in_bucket[bucket] > Throttle::kMailboxConcurrency) {
        continue;
      }
      wave.emplace_back(index, gate_.admit_item(items_[index].request, principal_, sequence_));
      wait = std::max(wait, wave.back().second.wait_seconds);
    }
    if (wait > 0) stop_.wait_for(std::chrono::duration<double>(wait));
    for (auto& [index, admission] : wave) {
      Outcome outcome = gate_.finish(admission);
      gate_.log().finish(admission.sequence, outcome.response.status, outcome.response.body.size());
      if (outcome.wire.kind != WireFault::Kind::kNone) wire_ = outcome.wire;
      settle(items_[index], outcome.response);
    }
  }

  static void settle(Item& item, const Response& response) {
    item.done = true;
    item.status = response.status;
    item.answer = answer_json(item.id, response);
  }

  std::vector<Item>& items_;
  const Principal& principal_;
  std::uint64_t sequence_;
  GraphGate& gate_;
  StopSignal& stop_;
  WireFault wire_;
};

}  // namespace

Outcome run_batch(const Request& request, const Principal& principal, std::uint64_t sequence,
                  GraphGate& gate, StopSignal& stop) {
  Outcome outcome;
  if (request.method != "POST") {
    outcome.response = graph_error(405, "BadRequest", "$batch is for POST only.", request);
    return outcome;
  }
  try {
    std::vector<Item> items = read_batch(request);
    outcome.wire = BatchRun(items, principal, sequence, gate, stop).run();
    std::mt19937_64 order(items.size() * 7919 + sequence);
    std::shuffle(items.begin(), items.end(), order);
    std::string body = R"({"responses":[)";
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i != 0) body += ',';
      body += items[i].answer;
    }
    body += "]}";
    outcome.response = {200, {{"Content-Type", "application/json"}}, std::move(body)};
  } catch (const std::invalid_argument& problem) {
    outcome.response = graph_error(400, "BadRequest", problem.what(), request);
  }
  return outcome;
}

}  // namespace graphodbc::emulator
