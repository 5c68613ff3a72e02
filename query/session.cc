#include "query/session.h"

#include <algorithm>
#include <map>

#include "base/error.h"
#include "graph/batch_scan.h"
#include "graph/client.h"
#include "graph/collection_scan.h"
#include "query/binder/binder.h"
#include "query/engine/memory.h"
#include "query/executor/analysis.h"
#include "query/executor/execution.h"
#include "query/executor/explain_source.h"
#include "query/executor/granted.h"
#include "query/executor/statement_source.h"
#include "query/planner/statement_plan.h"
#include "query/rewrite/rewrite.h"
#include "sqlparser/parser.h"
#include "sqlparser/printer.h"

namespace graphodbc::query {

struct Session::Impl {
  std::shared_ptr<SessionState> state;  // shared: queries and running sources outlive the session
};

namespace {

std::shared_ptr<Query> make_query(const std::shared_ptr<SessionState>& state,
                                  const std::shared_ptr<const sqlparser::Statement>& parsed,
                                  std::span<const base::TypeInfo> types);

// What tells the types of markers apart.
std::string signature(std::span<const base::TypeInfo> types) {
  std::string text;
  for (const base::TypeInfo& type : types) {
    text += std::to_string(static_cast<int>(type.type)) + "," + std::to_string(type.size) + "," +
            std::to_string(type.scale) + ";";
  }
  return text;
}

class PreparedQuery final : public Query {
 public:
  PreparedQuery(std::shared_ptr<SessionState> state,
                std::shared_ptr<const sqlparser::Statement> parsed, BoundStatement statement)
      : state_(std::move(state)),
        parsed_(std::move(parsed)),
        explain_(statement.explain),
        analyze_(statement.analyze),
        rows_columns_(statement.query->columns.size()),
        columns_(explain_ ? explain_columns(analyze_) : statement.query->columns),
        parameters_(std::move(statement.parameters)),
        plan_(std::make_shared<const StatementPlan>(
            plan_statement(rewrite(*statement.query), state_->options))) {}

  const std::vector<ResultColumn>& columns() const override { return columns_; }
  const std::vector<ParameterInfo>& parameters() const override { return parameters_; }

  std::shared_ptr<Query> with_types(std::span<const base::TypeInfo> types) override {
    std::vector<base::TypeInfo> wanted(parameters_.size());
    bool changes = false;
    for (std::size_t i = 0; i < std::min(types.size(), wanted.size()); ++i) {
      if (parameters_[i].inferred) continue;
      wanted[i] = types[i];
      changes =
          changes || !(types[i].type == base::SqlType::kUnknown || types[i] == parameters_[i].type);
    }
    if (!changes) return nullptr;
    std::shared_ptr<Query>& query = typed_[signature(wanted)];
    if (!query) query = make_query(state_, parsed_, wanted);
    return query;
  }

  std::unique_ptr<base::RowSource> execute(std::span<const base::Value> parameters,
                                           const ExecuteOptions& options) override {
    if (!explain_ || analyze_) check_granted(*plan_, state_->options);
    std::shared_ptr<Analysis> analysis;
    if (analyze_) {
      analysis = std::make_shared<Analysis>(plan_->local ? plan_->local->scans.size() : 0);
    }
    const auto run =
        std::make_shared<const Run>(state_, cast(parameters), options, std::move(analysis));
    if (analyze_) return std::make_unique<AnalyzeSource>(run, plan_, rows_columns_);
    if (explain_) return std::make_unique<ExplainSource>(run, plan_);
    return make_statement_source(run, plan_, rows_columns_);
  }

 private:
  std::vector<base::Value> cast(std::span<const base::Value> given) const {
    if (given.size() < parameters_.size()) {
      throw base::Error("07002", std::to_string(given.size()) + " values for " +
                                     std::to_string(parameters_.size()) + " parameter markers");
    }
    std::vector<base::Value> values;
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      values.push_back(cast_parameter(given[i], parameters_[i].type, i + 1));
    }
    return values;
  }

  std::shared_ptr<SessionState> state_;                  // shared with the runs of the query
  std::shared_ptr<const sqlparser::Statement> parsed_;   // shared with those in typed_
  std::map<std::string, std::shared_ptr<Query>> typed_;  // by signature; shared with who runs them
  bool explain_;
  bool analyze_;
  std::size_t rows_columns_;  // of the statement's own rows, if EXPLAIN gives others
  std::vector<ResultColumn> columns_;
  std::vector<ParameterInfo> parameters_;
  std::shared_ptr<const StatementPlan> plan_;  // same
};

std::shared_ptr<Query> make_query(const std::shared_ptr<SessionState>& state,
                                  const std::shared_ptr<const sqlparser::Statement>& parsed,
                                  std::span<const base::TypeInfo> types) {
  BoundStatement statement = bind_statement(*parsed, state->registry, state->options, types);
  return std::make_shared<PreparedQuery>(state, parsed, std::move(statement));
}

Session::Scans client_scans(const std::shared_ptr<graph::Client>& client) {
  if (!client) return {};
  return {[client](graph::ScanRequest request) {
            return graph::make_collection_scan(*client, std::move(request));
          },
          [client](std::vector<graph::ScanRequest> parts, const graph::BatchLimits& limits) {
            return graph::make_batch_scan(*client, std::move(parts), limits);
          }};
}

}  // namespace

Session::Session(const std::shared_ptr<graph::Client>& client, const schema::Registry& registry,
                 SessionOptions options)
    : Session(client_scans(client), registry, std::move(options)) {
  if (!client) return;
  impl_->state->granted = [client]() -> std::optional<std::vector<std::string>> {
    const graph::Identity identity = client->identity();
    if (identity.audience.empty()) return std::nullopt;
    return identity.app_only ? identity.roles : identity.scopes;
  };
}

Session::Session(Scans scans, const schema::Registry& registry, SessionOptions options)
    : impl_(std::make_shared<Impl>()) {
  impl_->state = std::make_shared<SessionState>(std::move(scans), registry, std::move(options));
  set_local_memory_limit(impl_->state->options.max_local_memory);
}

Session::~Session() = default;

std::shared_ptr<Query> Session::prepare(std::string_view sql) {
  return make_query(impl_->state, sqlparser::parse_statement(sql), {});
}

std::string Session::native_sql(std::string_view sql) const {
  return sqlparser::print(*sqlparser::parse_statement(sql));
}

const schema::Registry& Session::registry() const {
  return impl_->state->registry;
}

}  // namespace graphodbc::query
