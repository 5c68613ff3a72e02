#include "query/session.h"

#include "base/error.h"
#include "graph/client.h"
#include "graph/collection_scan.h"
#include "query/binder/binder.h"
#include "query/executor/constant_source.h"
#include "query/executor/execution.h"
#include "query/executor/explain_source.h"
#include "query/executor/query_source.h"
#include "sqlparser/parser.h"
#include "sqlparser/printer.h"
#include "sqlparser/syntax_error.h"

namespace graphodbc::query {

struct Session::Impl {
  std::shared_ptr<SessionState> state;  // shared: queries and running sources outlive the session
};

namespace {

class PreparedQuery final : public Query {
 public:
  PreparedQuery(std::shared_ptr<SessionState> state, BoundStatement statement)
      : state_(std::move(state)),
        statement_(std::make_shared<const BoundStatement>(std::move(statement))) {
    if (statement_->explain) explain_columns_ = explain_columns();
  }

  const std::vector<ResultColumn>& columns() const override {
    return statement_->explain ? explain_columns_ : statement_->query.columns;
  }
  const std::vector<ParameterInfo>& parameters() const override { return statement_->parameters; }

  std::unique_ptr<base::RowSource> execute(std::span<const base::Value> parameters,
                                           const ExecuteOptions& options) override {
    auto execution = std::make_shared<Execution>(state_, statement_, cast(parameters), options);
    if (statement_->explain) return std::make_unique<ExplainSource>(std::move(execution));
    if (statement_->query.table == nullptr) {
      return std::make_unique<ConstantSource>(std::move(execution));
    }
    if (!state_->scans) {
      throw base::Error("08003", "the session has no connection to Microsoft Graph");
    }
    return std::make_unique<QuerySource>(std::move(execution));
  }

 private:
  std::vector<base::Value> cast(std::span<const base::Value> given) const {
    const std::vector<ParameterInfo>& wanted = statement_->parameters;
    if (given.size() < wanted.size()) {
      throw base::Error("07002", std::to_string(given.size()) + " values for " +
                                     std::to_string(wanted.size()) + " parameter markers");
    }
    std::vector<base::Value> values;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      values.push_back(cast_parameter(given[i], wanted[i].type, i + 1));
    }
    return values;
  }

  std::shared_ptr<SessionState> state_;  // shared with the runs of the query
  std::shared_ptr<const BoundStatement> statement_;
  std::vector<ResultColumn> explain_columns_;
};

Session::Scans client_scans(std::shared_ptr<graph::Client> client) {
  if (!client) return {};
  return {[client = std::move(client)](graph::ScanRequest request) {
    return graph::make_collection_scan(*client, std::move(request));
  }};
}

// What only shows when a plan is made is told at prepare, not at execute.
void check_plan(const BoundStatement& statement, const SessionOptions& options) {
  const BoundQuery& query = statement.query;
  if (query.need) {
    throw base::Error("HYC00", query.need->what + " at " +
                                   sqlparser::describe(query.need->position) +
                                   " needs the local engine, which this version does not have: it "
                                   "reads one table, row by row");
  }
  const PlanInput input{query, options, nullptr, 0, {}};
  if (query.table != nullptr) {
    plan_scan(input);
  } else {
    row_range(input);
  }
}

}  // namespace

Session::Session(std::shared_ptr<graph::Client> client, const schema::Registry& registry,
                 SessionOptions options)
    : Session(client_scans(std::move(client)), registry, std::move(options)) {}

Session::Session(Scans scans, const schema::Registry& registry, SessionOptions options)
    : impl_(std::make_shared<Impl>()) {
  impl_->state =
      std::make_shared<SessionState>(std::move(scans.make), registry, std::move(options));
}

Session::~Session() = default;

std::unique_ptr<Query> Session::prepare(std::string_view sql) {
  const sqlparser::StatementPtr parsed = sqlparser::parse_statement(sql);
  BoundStatement statement = bind_statement(*parsed, impl_->state->registry, impl_->state->options);
  check_plan(statement, impl_->state->options);
  return std::make_unique<PreparedQuery>(impl_->state, std::move(statement));
}

std::string Session::native_sql(std::string_view sql) const {
  return sqlparser::print(*sqlparser::parse_statement(sql));
}

const schema::Registry& Session::registry() const {
  return impl_->state->registry;
}

}  // namespace graphodbc::query
