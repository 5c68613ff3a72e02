// Asks the Graph half directly, without a server.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "emulator/graph_service.h"

namespace graphodbc::emulator::testing {

struct Answer {
  int status = 0;
  std::string text;
  HeaderList headers;
  nlohmann::json json;  // null when the body is no JSON

  std::string code() const;       // error/code, or empty
  std::string next_link() const;  // or empty
  std::vector<std::string> column(const std::string& name) const;
};

class Asker {
 public:
  explicit Asker(const TenantOptions& options = {});

  // `url` is a path below /v1.0 with its query, not yet encoded: blanks become %20 here.
  Answer get(std::string url, const HeaderList& headers = {}) const;
  Answer follow(const std::string& absolute_url, const HeaderList& headers = {}) const;
  Answer send(const std::string& method, const std::string& url) const;

  // Every row of a collection, page by page.
  std::vector<nlohmann::json> all(const std::string& url, const HeaderList& headers = {}) const;
  std::size_t pages() const { return pages_; }  // of the last all()

  GraphService service;
  Principal principal;  // the account with read permission for everything

 private:
  Answer ask(Request request) const;
  mutable std::size_t pages_ = 0;
};

}  // namespace graphodbc::emulator::testing
