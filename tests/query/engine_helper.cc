#include "tests/query/engine_helper.h"

#include <algorithm>
#include <atomic>

#include "query/binder/binder.h"
#include "schema/registry.h"
#include "sqlparser/parser.h"
#include "tests/query/expression_helper.h"

namespace graphodbc::query::testing {
namespace {

class MemorySource final : public base::RowSource {
 public:
  MemorySource(const ScanSpec& scan, EngineRun& run, std::vector<TableRow> rows)
      : correlation_(scan.correlation), run_(run), rows_(std::move(rows)) {
    for (const std::uint32_t column : scan.columns) {
      columns_.push_back(scan.query.table->columns[column].name);
    }
  }
  std::size_t column_count() const override { return columns_.size(); }
  void open() override {}
  bool next_batch(base::RowBatch& batch) override {
    if (run_.before_batch) run_.before_batch(correlation_);
    batch.clear();
    batch.column_count = columns_.size();
    if (cancelled_) throw base::Error("HY008", "cancelled");
    if (at_ == rows_.size()) return false;
    const std::size_t end = std::min(rows_.size(), at_ + run_.batch_rows);
    for (; at_ < end; ++at_, ++batch.row_count) {
      for (const std::string& column : columns_) batch.cells.push_back(cell(column, batch.arena));
    }
    return true;
  }
  void cancel() noexcept override { cancelled_ = true; }
  std::vector<base::Warning> take_warnings() override {
    return {{base::SqlState("01000"), "read " + correlation_}};
  }

 private:
  base::Cell cell(const std::string& column, base::Arena& arena) const {
    const auto form = rows_[at_].find(column);
    if (form == rows_[at_].end()) return {};
    if (form->second == "invalid") {
      return base::Cell::of_bytes(base::CellKind::kInvalid, "{}");
    }
    const ExpressionPtr value = literal(form->second);
    base::Cell copy = value->cell;
    if (copy.kind >= base::CellKind::kText) copy.text = arena.copy(copy.view()).data();
    return copy;
  }

  const std::string correlation_;
  EngineRun& run_;
  const std::vector<TableRow> rows_;
  std::vector<std::string> columns_;
  std::size_t at_ = 0;
  std::atomic<bool> cancelled_ = false;
};

LocalPlan plain_plan(std::shared_ptr<BoundQuery> query, bool streams) {
  LocalPlan plan;
  std::vector<std::uint32_t> used;
  for_each_query(*query, [&](const BoundQuery& inner) {
    for_each_expression(inner, [&](const Expression& node) { collect_columns(node, used); });
  });
  for_each_query(*query, [&](const BoundQuery& inner) {
    for_each_relation(inner.from.get(), [&](const Relation& relation) {
      if (relation.table == nullptr) return;
      ScanSpec scan;
      scan.first_column = relation.first_column;
      scan.correlation = relation.correlation;
      scan.query.table = relation.table;
      scan.materialized = !streams;
      for (std::uint32_t at = 0; at < relation.columns.size(); ++at) {
        if (!std::binary_search(used.begin(), used.end(), relation.first_column + at)) continue;
        scan.columns.push_back(at);
        scan.query.outputs.push_back(
            make_column(at, relation.columns[at].type, Nullability::kNullable, {}));
      }
      plan.scans.push_back(std::move(scan));
    });
  });
  plan.query = std::move(query);
  return plan;
}

// What the run's context points to.
struct Owner {
  std::vector<base::Value> parameters;
  std::vector<base::Warning> warnings;
  base::Arena arena;
};

}  // namespace

std::unique_ptr<LocalSource> EngineRun::source(const std::string& statement) {
  const sqlparser::StatementPtr parsed = sqlparser::parse_statement(statement);
  BoundStatement bound = bind_statement(*parsed, schema::Registry::builtin(), options);
  auto plan = std::make_shared<LocalPlan>(plain_plan(bound.query, streams));
  if (replan) replan(*plan);
  auto owner = std::make_shared<Owner>();
  for (std::size_t at = 0; at < parameters.size(); ++at) {
    owner->parameters.push_back(cast_parameter(parameters[at], bound.parameters[at].type, at + 1));
  }
  EvalContext context(owner->arena);
  context.parameters = owner->parameters;
  context.statement_start = statement_start();
  context.warnings = &owner->warnings;
  EmittedQuery emitted = emit_sql(*plan, context, max_rows);
  sql = emitted.sql;
  types = emitted.types;
  const auto make = [this](const ScanSpec& scan, const std::vector<TableRow>& kept) {
    ++opened[scan.query.table->name];
    return std::make_unique<MemorySource>(scan, *this, kept);
  };
  LocalRun run{
      .plan = plan,
      .query = std::move(emitted),
      .make_scan = [this, make](const ScanSpec& scan,
                                std::size_t) -> std::unique_ptr<base::RowSource> {
        return make(scan, tables[scan.query.table->name]);
      },
      .make_keyed_scan =
          [this, make](const ScanSpec& scan, std::size_t,
                       const std::vector<base::Value>& keys) -> std::unique_ptr<base::RowSource> {
        const std::string& column = scan.query.table->columns[scan.keys->column].name;
        std::vector<TableRow> kept;
        for (const TableRow& row : tables[scan.query.table->name]) {
          const auto form = row.find(column);
          for (const base::Value& key : keys) {
            if (form != row.end() && form->second == "'" + std::string(key.cell().view()) + "'") {
              kept.push_back(row);
            }
          }
        }
        return make(scan, kept);
      },
      .context = context,
      .owner = owner,
      .deadline = deadline,
      .max_rows = max_rows};
  return std::make_unique<LocalSource>(std::move(run));
}

std::string EngineRun::rows(const std::string& statement) {
  std::string text;
  const std::string state = state_of([&] {
    const std::unique_ptr<LocalSource> rows = source(statement);
    rows->open();
    base::RowBatch batch;
    while (rows->next_batch(batch)) {
      for (std::size_t row = 0; row < batch.row_count; ++row) {
        if (!text.empty()) text += ' ';
        for (std::size_t at = 0; at < batch.column_count; ++at) {
          text += (at > 0 ? "|" : "") + text_of_cell(batch.row(row)[at], types[at]);
        }
      }
    }
  });
  return state.empty() ? text : state;
}

std::string EngineRun::message(const std::string& statement) {
  return message_of([&] {
    const std::unique_ptr<LocalSource> rows = source(statement);
    rows->open();
    base::RowBatch batch;
    while (rows->next_batch(batch)) {
    }
  });
}

}  // namespace graphodbc::query::testing
