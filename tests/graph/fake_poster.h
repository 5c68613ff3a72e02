// A scripted sign-in service behind FormPoster.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "graph/oauth/token_endpoint.h"

namespace graphodbc::graph {

struct Answer {
  int status = 200;
  std::string body;
  Outcome outcome = Outcome::kOk;
  Headers headers = {};
};

inline std::string tokens(const std::string& access, const std::string& refresh,
                          int lifetime = 3600) {
  return R"({"token_type":"bearer","expires_in":)" + std::to_string(lifetime) +
         R"(,"access_token":")" + access + "\"" +
         (refresh.empty() ? "" : R"(,"refresh_token":")" + refresh + "\"") + "}";
}

inline std::string refusal(const std::string& error, int code) {
  return R"({"error":")" + error + R"(","error_description":"AADSTS)" + std::to_string(code) +
         R"(: no","error_codes":[)" + std::to_string(code) + "]}";
}

// Answers by the list, then with 500.
class FakePoster final : public FormPoster {
 public:
  std::shared_ptr<Exchange> post(const std::string&, const base::Secret& form,
                                 const Headers& given) override {
    return answer(form.reveal(), given);
  }
  std::shared_ptr<Exchange> get(const std::string& url, const Headers& given) override {
    return answer(url, given);
  }
  bool pause(std::chrono::milliseconds time) override {
    pauses.push_back(time);
    return true;
  }
  // The last request's; empty when it had none of that name.
  std::string header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) return value;
    }
    return {};
  }

  std::deque<Answer> answers;
  std::vector<std::string> forms;  // of a GET the URL
  Headers headers;
  std::vector<std::chrono::milliseconds> pauses;

 private:
  std::shared_ptr<Exchange> answer(const std::string& request, const Headers& given) {
    const std::lock_guard lock(mutex_);
    forms.push_back(request);
    headers = given;
    auto exchange = std::make_shared<Exchange>();
    const Answer next = answers.empty() ? Answer{500, "", Outcome::kOk, {}} : answers.front();
    if (!answers.empty()) answers.pop_front();
    exchange->outcome = next.outcome;
    exchange->response.status = next.status;
    exchange->response.headers = next.headers;
    exchange->response.body.append(next.body);
    return exchange;
  }

  std::mutex mutex_;
};

}  // namespace graphodbc::graph
