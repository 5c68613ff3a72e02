#include "data_support.h"

#include <gtest/gtest.h>

namespace graphodbc::emulator::testing {
namespace {

constexpr std::string_view kBase = "https://graph.test:8443";

std::string encode(const std::string& url) {
  std::string out;
  for (char c : url) {
    if (c == ' ') {
      out += "%20";
    } else if (c == '"') {
      out += "%22";
    } else {
      out += c;
    }
  }
  return out;
}

// The parser of the tests takes no lone surrogates; previews end in one now and then.
std::string without_lone_surrogates(std::string text) {
  constexpr std::string_view kLone = "\\ud83d\"";
  for (std::size_t at = 0; (at = text.find(kLone, at)) != std::string::npos;) {
    text.replace(at, 6, "\\ufffd");
  }
  return text;
}

}  // namespace

std::string Answer::code() const {
  return json.contains("error") ? json["error"]["code"].get<std::string>() : std::string();
}

std::string Answer::next_link() const {
  return json.contains("@odata.nextLink") ? json["@odata.nextLink"].get<std::string>()
                                          : std::string();
}

std::vector<std::string> Answer::column(const std::string& name) const {
  std::vector<std::string> values;
  if (!json.contains("value")) return values;
  for (const auto& row : json["value"]) {
    const auto& cell = row.at(name);
    values.push_back(cell.is_string() ? cell.get<std::string>() : cell.dump());
  }
  return values;
}

Asker::Asker(const TenantOptions& options) : service(options) {
  principal.user_id = service.account_id();
  principal.permissions = {"mail.read",      "user.read",     "user.read.all",
                           "calendars.read", "contacts.read", "files.read.all"};
}

Answer Asker::ask(Request request) const {
  request.base_url = kBase;
  const Response response = service.handle(request, principal);
  Answer answer;
  answer.status = response.status;
  answer.text = response.body;
  answer.headers = response.headers;
  answer.json = nlohmann::json::parse(without_lone_surrogates(response.body), nullptr, false);
  if (answer.json.is_discarded()) answer.json = nullptr;
  return answer;
}

Answer Asker::get(std::string url, const HeaderList& headers) const {
  url = encode(url);
  Request request;
  request.method = "GET";
  const std::size_t question = url.find('?');
  request.path = "/v1.0" + url.substr(0, question);
  if (question != std::string::npos) request.query = url.substr(question + 1);
  request.headers = headers;
  return ask(std::move(request));
}

Answer Asker::follow(const std::string& absolute_url, const HeaderList& headers) const {
  EXPECT_TRUE(absolute_url.starts_with(std::string(kBase) + "/v1.0/")) << absolute_url;
  Request request;
  request.method = "GET";
  const std::string url = absolute_url.substr(kBase.size());
  const std::size_t question = url.find('?');
  request.path = url.substr(0, question);
  if (question != std::string::npos) request.query = url.substr(question + 1);
  request.headers = headers;
  return ask(std::move(request));
}

Answer Asker::send(const std::string& method, const std::string& url) const {
  Request request;
  request.method = method;
  request.path = "/v1.0" + url;
  return ask(std::move(request));
}

std::vector<nlohmann::json> Asker::all(const std::string& url, const HeaderList& headers) const {
  std::vector<nlohmann::json> rows;
  Answer answer = get(url, headers);
  for (pages_ = 1;; ++pages_) {
    EXPECT_EQ(answer.status, 200) << url << ": " << answer.text;
    if (answer.status != 200 || pages_ > 100'000) break;
    for (auto& row : answer.json["value"]) rows.push_back(std::move(row));
    const std::string next = answer.next_link();
    if (next.empty()) break;
    answer = follow(next, headers);
  }
  return rows;
}

}  // namespace graphodbc::emulator::testing
