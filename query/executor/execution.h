// One run of a prepared query: what the row sources of the run share.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "query/planner/planner.h"
#include "query/session.h"
#include "schema/registry.h"

namespace graphodbc::query {

struct Analysis;
struct StepMeasure;

// A connection's part of the engine. Thread-safe.
class SessionState {
 public:
  SessionState(Session::Scans factories, const schema::Registry& table_registry,
               SessionOptions session_options)
      : scans(std::move(factories.make)),
        batches(std::move(factories.make_batch)),
        registry(table_registry),
        options(std::move(session_options)) {}

  const ScanFactory scans;  // may be null, and then `batches` is
  const BatchFactory batches;
  const schema::Registry& registry;
  const SessionOptions options;
  // What the token says it grants; nullopt when it does not show that. Null: nobody can be asked.
  // Set before the first query and thread-safe.
  std::function<std::optional<std::vector<std::string>>()> granted;

  // Requests that the service refused; they are not tried again (sql-dialect.md 9.5).
  bool is_refused(const std::string& key) const;
  void remember_refusal(const std::string& key);

  // The signed-in user's id; empty until it was looked up.
  std::string signed_in_id() const;
  void remember_signed_in_id(std::string id);

  // What the item or list at a path of Listing::unlisted answers: empty when it leaves nothing out;
  // nullopt until it was looked up.
  std::optional<std::string> unlisted_id(const std::string& path) const;
  void remember_unlisted_id(const std::string& path, std::string id);

 private:
  mutable std::mutex mutex_;
  std::set<std::string> refused_;
  std::string signed_in_id_;
  std::map<std::string, std::string> unlisted_ids_;  // by path
};

// One run of a statement: what all its scans have in common. Does not change.
struct Run {
  Run(std::shared_ptr<SessionState> session_state, std::vector<base::Value> parameter_values,
      const ExecuteOptions& execute_options, std::shared_ptr<Analysis> measures = nullptr);

  std::shared_ptr<SessionState> session;  // outlives the Session object while rows are read
  std::vector<base::Value> parameters;    // cast to the markers' types
  ExecuteOptions options;
  std::int64_t statement_start;        // ticks since 1970, UTC
  std::shared_ptr<Analysis> analysis;  // EXPLAIN ANALYZE; else null. Shared with its row source
};

// One part of a run: evaluates expressions, and plans and reads a table where it has a query.
// Shared by its sources and pinned by their batches, because cells of computed columns may point
// into literals and parameters. One thread at a time; the parts of a run may have a thread each.
struct Execution {
  // `table_query` may be null.
  Execution(std::shared_ptr<const Run> run, std::shared_ptr<const TableQuery> table_query,
            std::uint64_t max_rows);

  std::shared_ptr<const Run> run;
  std::shared_ptr<SessionState> session;  // the run's
  std::shared_ptr<const TableQuery> query;
  ExecuteOptions options;          // the run's, with the max_rows of this part
  StepMeasure* measure = nullptr;  // of the run's analysis; may be null
  base::Arena arena;
  std::vector<base::Warning> warnings;
  EvalContext context;
  // Shared with the batches: cells of computed columns may point into its literals, and a later
  // plan may take its place while they live.
  std::shared_ptr<const ScanPlan> plan;

  // Plans `query` anew; sets `plan`.
  void make_plan(PushLevel level);
};

}  // namespace graphodbc::query
