// A collection of rows with ids "m0", "m1", ... that pages like Outlook does, and the scan over it.
#pragma once

#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graph/collection_scan.h"
#include "tests/graph/fake_service.h"

namespace graphodbc::graph {

inline HttpResponse respond(int status, std::string_view body) {
  HttpResponse response;
  response.status = status;
  response.body.append(body);
  return response;
}

inline HttpResponse refuse(int status, const std::string& code) {
  return respond(status, R"({"error":{"code":")" + code + R"(","message":"no"}})");
}

// Value of an option in a URL; `missing` when it is not there.
inline std::size_t option_of(const std::string& url, const std::string& name, std::size_t missing) {
  const std::size_t at = url.find(name + "=");
  if (at == std::string::npos) return missing;
  return std::strtoull(url.c_str() + at + name.size() + 1, nullptr, 10);
}

inline std::string link_to(std::size_t top, std::size_t skip) {
  return "https://graph.test/v1.0/me/messages?$select=id%2csubject&$top=" + std::to_string(top) +
         "&$skip=" + std::to_string(skip);
}

// Rows [first, first + count) as a page; no link when `next` is empty.
inline std::string page_of(std::size_t first, std::size_t count, const std::string& next) {
  std::string json = R"({"@odata.context":"c","value":[)";
  for (std::size_t i = first; i < first + count; ++i) {
    if (i > first) json += ',';
    json += R"({"@odata.etag":"W/\"e\"","id":"m)" + std::to_string(i) + R"(","size":)" +
            std::to_string(i) + "}";
  }
  json += "]";
  if (!next.empty()) json += R"(,"@odata.nextLink":")" + next + "\"";
  return json + "}";
}

struct Mailbox {
  std::size_t total;

  // The page that the URL asks for, with the link behind it.
  HttpResponse operator()(const HttpRequest& request) const {
    std::size_t top = option_of(request.url, "$top", 10);
    for (const auto& [name, value] : request.headers) {
      const std::size_t at = value.find("odata.maxpagesize=");
      if (name == "Prefer" && at != std::string::npos) {
        top = std::min<std::size_t>(top, std::strtoull(value.c_str() + at + 18, nullptr, 10));
      }
    }
    const std::size_t skip = std::min(option_of(request.url, "$skip", 0), total);
    const std::size_t count = std::min(top, total - skip);
    const bool last = skip + count >= total;
    return respond(200, page_of(skip, count, last ? "" : link_to(top, skip + count)));
  }
};

inline ScanRequest message_scan(std::uint32_t page_size = 10) {
  ScanRequest request;
  request.path = "/me/messages";
  request.query = {{"$select", "id,subject"}, {"$top", std::to_string(page_size)}};
  request.headers = {{"Prefer", "IdType=\"ImmutableId\""}};
  request.page_size = page_size;
  request.key_column = 0;
  request.table_name = "Messages";
  request.mailbox = "me";
  ScanColumn id;
  id.json_path = {"id"};
  id.name = "Messages.Id";
  ScanColumn size;
  size.json_path = {"size"};
  size.edm = schema::EdmKind::kInt32;
  size.name = "Messages.Size";
  request.columns = {id, size};
  return request;
}

// What came out of a scan: ids of the rows, and how it ended.
struct Outcome {
  std::vector<std::string> ids;
  bool clean_end = false;
  std::string state;    // SQLSTATE of the error
  std::string message;  // of the error
  std::vector<base::Warning> warnings;
};

inline Outcome read_all(base::RowSource& scan) {
  Outcome outcome;
  try {
    scan.open();
    base::RowBatch batch;
    while (scan.next_batch(batch)) {
      for (std::size_t i = 0; i < batch.row_count; ++i) {
        outcome.ids.emplace_back(batch.row(i)[0].view());
      }
    }
    outcome.clean_end = true;
  } catch (const base::Error& error) {
    outcome.state = error.state().code();
    outcome.message = error.message();
  }
  outcome.warnings = scan.take_warnings();
  return outcome;
}

inline std::vector<std::string> ids_up_to(std::size_t total) {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < total; ++i) ids.push_back("m" + std::to_string(i));
  return ids;
}

}  // namespace graphodbc::graph
