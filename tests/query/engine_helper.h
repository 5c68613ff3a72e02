// SQL text in, rows out of the local engine: a binder, the plainest plan there is (every table a
// scan of its own without conditions), and rows in memory.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/row_source.h"
#include "query/engine/local_source.h"
#include "query/session.h"

namespace graphodbc::query::testing {

// Column name to a short form of testing::literal(); what is left out is null.
using TableRow = std::map<std::string, std::string>;

struct EngineRun {
  std::map<std::string, std::vector<TableRow>> tables;
  std::vector<base::Value> parameters;
  std::uint64_t max_rows = 0;
  Deadline deadline;
  bool streams = false;  // the one scan of the statement need not be materialized
  std::size_t batch_rows = 3;
  SessionOptions options;

  // Of the last run:
  std::string sql;                    // what SQLite got
  std::vector<base::TypeInfo> types;  // of the result
  std::map<std::string, int> opened;  // scans, by table

  // Called with the correlation before each batch of a scan, on its thread.
  std::function<void(const std::string&)> before_batch;
  // Changes the plan before it is run.
  std::function<void(LocalPlan&)> replan;

  std::unique_ptr<LocalSource> source(const std::string& statement);
  // Rows as text: cells joined by '|', rows by ' '; "!22003" for an error.
  std::string rows(const std::string& statement);
  std::string message(const std::string& statement);  // of the error
};

}  // namespace graphodbc::query::testing
