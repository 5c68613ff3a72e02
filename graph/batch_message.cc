#include "graph/batch_message.h"

#include <simdjson.h>

#include <cctype>
#include <utility>

#include "base/json_text.h"
#include "graph/page_reader.h"

namespace graphodbc::graph {
namespace {

namespace ondemand = simdjson::ondemand;

[[noreturn]] void fail(const std::string& what) {
  throw PageError("the answer to the batch " + what);
}

template <typename T>
T checked(simdjson::simdjson_result<T>&& result) {
  if (result.error() != simdjson::SUCCESS) {
    fail(std::string("is not well-formed JSON (") + simdjson::error_message(result.error()) + ")");
  }
  return std::move(result).value_unsafe();
}

std::string_view trim(std::string_view token) {
  const std::size_t last = token.find_last_not_of(" \t\r\n");
  return token.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

std::string_view token_of(ondemand::value& value) {
  return trim(value.raw_json_token());
}

bool is_string(std::string_view token) {
  return token.size() >= 2 && token.front() == '"' && token.back() == '"';
}

// A string's content; other scalars as they are written.
std::string text_of(std::string_view token) {
  if (!is_string(token)) return std::string(token);
  std::string text;
  base::unescape_json(token.substr(1, token.size() - 2), text);
  return text;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string key_of(ondemand::field& field) {
  return std::string(checked(field.unescaped_key()));
}

Headers read_headers(ondemand::value& value) {
  Headers headers;
  if (token_of(value) != "{") return headers;
  for (auto item : checked(value.get_object())) {
    ondemand::field field = checked(std::move(item));
    ondemand::value header = field.value();
    std::string name = lower(key_of(field));
    const std::string_view token = token_of(header);
    if (token.empty() || token.front() == '{' || token.front() == '[') continue;
    headers.emplace_back(std::move(name), text_of(token));
  }
  return headers;
}

std::string_view read_body(ondemand::value& value) {
  const std::string_view token = token_of(value);
  if (token == "null") return {};
  if (token != "{") return token;
  const std::string_view raw = trim(checked(checked(value.get_object()).raw_json()));
  if (raw.empty() || raw.back() != '}') fail("has brackets that do not match");
  return raw;
}

BatchAnswer read_answer(ondemand::value& value) {
  if (token_of(value) != "{") fail("holds something that is no answer");
  BatchAnswer answer;
  for (auto item : checked(value.get_object())) {
    ondemand::field field = checked(std::move(item));
    ondemand::value member = field.value();
    const std::string key = key_of(field);
    if (key == "id") {
      answer.id = text_of(token_of(member));
    } else if (key == "status") {
      const std::string status = text_of(token_of(member));
      if (status.size() != 3 || status.find_first_not_of("0123456789") != std::string::npos) {
        fail("has a status that is no number");
      }
      answer.status = std::stoi(status);
    } else if (key == "headers") {
      answer.headers = read_headers(member);
    } else if (key == "body") {
      answer.body = read_body(member);
    }
  }
  if (answer.id.empty() || answer.status == 0) fail("leaves out an id or a status");
  return answer;
}

}  // namespace

std::string batch_request(const std::vector<BatchItem>& items) {
  std::string out = R"({"requests":[)";
  for (const BatchItem& item : items) {
    if (out.back() != '[') out += ',';
    out += R"({"id":)";
    base::append_json_quoted(out, item.id);
    out += R"(,"method":"GET","url":)";
    base::append_json_quoted(out, item.url);
    if (!item.headers.empty()) {
      out += R"(,"headers":{)";
      for (const auto& [name, value] : item.headers) {
        if (out.back() != '{') out += ',';
        base::append_json_quoted(out, name);
        out += ':';
        base::append_json_quoted(out, value);
      }
      out += '}';
    }
    out += '}';
  }
  return out + "]}";
}

std::vector<BatchAnswer> split_batch(const ByteBuffer& body) {
  std::vector<BatchAnswer> answers;
  const std::string_view text = body.view();
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || text[first] != '{') fail("is no JSON object");
  ondemand::parser parser;
  ondemand::document document = checked(parser.iterate(text.data(), text.size(), body.capacity()));
  bool has_responses = false;
  for (auto item : checked(document.get_object())) {
    ondemand::field field = checked(std::move(item));
    ondemand::value value = field.value();
    if (key_of(field) != "responses") continue;
    has_responses = true;
    if (token_of(value) != "[") fail("has `responses` that are no array");
    for (auto element : checked(value.get_array())) {
      ondemand::value answer = checked(std::move(element));
      answers.push_back(read_answer(answer));
    }
  }
  if (!has_responses) fail("has no `responses`");
  if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) {
    fail("goes on after its end");
  }
  return answers;
}

}  // namespace graphodbc::graph
