// A scan factory over rows in memory that records what it was asked for.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/value.h"
#include "graph/collection_scan.h"
#include "query/session.h"

namespace graphodbc::query {

// JSON path ("from/emailAddress/address") to value.
using FakeRow = std::map<std::string, base::Value>;

struct FakeGraph {
  std::vector<graph::ScanRequest> requests;  // in the order they were opened
  std::vector<std::size_t> batches;          // how many of them each $batch held
  std::size_t pages_read = 0;
  std::size_t largest_batch = 100;
  // Rows of a request; may throw a ServiceError.
  std::function<std::vector<FakeRow>(const graph::ScanRequest&)> answer;

  Session::Scans scans();
  // "/me/messages?$select=id&$top=10", decoded.
  std::vector<std::string> urls() const;
};

std::string decoded(const std::string& url);

base::Value text(const std::string& value);
base::Value whole(std::int64_t value);
base::Value flag(bool value);
base::Value timestamp(const std::string& value);

// Every row as text, cells joined by '|', NULL as "NULL".
std::vector<std::string> read_all(base::RowSource& source);

// One row of EXPLAIN.
struct Explained {
  std::string table, url, pushed, push_class, residual, strategy, requests;
};
std::vector<Explained> explain_all(const std::string& sql, const SessionOptions& options = {},
                                   const std::vector<base::Value>& parameters = {});
// The same without the last row, which is about the whole statement.
std::vector<Explained> explain(const std::string& sql, const SessionOptions& options = {},
                               const std::vector<base::Value>& parameters = {});
// The query option of the first request, decoded; empty when it is not there.
std::string option(const std::string& url, const std::string& name);

// SQLSTATE and message of what prepare throws; empty when it does not.
struct Failure {
  std::string state, message;
};
Failure prepare_failure(const std::string& sql, const SessionOptions& options = {});

}  // namespace graphodbc::query
