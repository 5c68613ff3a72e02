#include "query/executor/explain_source.h"

#include "graph/request_url.h"
#include "query/executor/scan_request.h"

namespace graphodbc::query {
namespace {

constexpr std::string_view kColumnNames[] = {"step",  "table",    "url",     "pushed",
                                             "class", "residual", "strategy"};

const char* class_name(schema::PushClass push_class) {
  switch (push_class) {
    case schema::PushClass::kExact:
      return "EXACT";
    case schema::PushClass::kSuperset:
      return "SUPERSET";
    case schema::PushClass::kLossy:
      return "LOSSY";
    case schema::PushClass::kNone:
      break;
  }
  return "";
}

base::Cell text_cell(const std::string& text, base::Arena& arena) {
  if (text.empty()) return base::Cell::null();
  return base::Cell::of_text(arena.copy(text));
}

std::string limit_text(const ScanPlan& plan) {
  if (plan.limit == UINT64_MAX) return {};
  std::string text = ", stop after " + std::to_string(plan.limit) + " rows";
  if (plan.offset != 0) text += " past the first " + std::to_string(plan.offset);
  return text;
}

}  // namespace

std::vector<ResultColumn> explain_columns() {
  std::vector<ResultColumn> columns;
  for (std::string_view name : kColumnNames) {
    ResultColumn column;
    column.name = column.label = name;
    const bool step = columns.empty();
    column.type = step ? base::integer_type() : base::text_type(4000);
    column.nullability = step ? Nullability::kNoNulls : Nullability::kNullable;
    column.case_sensitive = !step;
    columns.push_back(std::move(column));
  }
  return columns;
}

ExplainSource::ExplainSource(std::shared_ptr<Execution> execution)
    : execution_(std::move(execution)) {}

std::size_t ExplainSource::column_count() const {
  return std::size(kColumnNames);
}

void ExplainSource::open() {
  if (execution_->statement->query.table == nullptr) {
    rows_.push_back({"", "", "constant rows, no request"});
    return;
  }
  execution_->make_plan({});
  if (execution_->plan->has_filter &&
      execution_->session->is_refused(execution_->plan->refusal_key)) {
    execution_->make_plan({.filter = false});
  }
  const ScanPlan& plan = *execution_->plan;
  if (!plan.nothing.empty()) {
    rows_.push_back({plan.table->name, "", "no request: " + plan.nothing});
    return;
  }
  if (plan.lookup_column && execution_->session->signed_in_id().empty()) {
    const graph::ScanRequest identity = make_identity_request(*execution_);
    rows_.push_back({"Me", graph::request_url(identity.path, identity.query),
                     "once a connection, for " + plan.table->context.column});
  }
  add_listings();
}

void ExplainSource::add_listings() {
  const ScanPlan& plan = *execution_->plan;
  for (const Listing& listing : plan.listings) {
    const std::string how = listing.single ? "item" : "stream";
    rows_.push_back(
        {plan.table->name,
         graph::request_url(listing.path, listing.single ? plan.item_query : plan.query),
         how + limit_text(plan)});
  }
  if (!plan.walk) return;
  std::string children = child_listing(plan, plan.listings[0], "").path;
  const std::size_t hole = plan.table->walk->children.find("/{Id}");
  if (hole != std::string::npos) {
    const std::size_t at = children.find("//");
    if (at != std::string::npos) children.insert(at + 1, "{Id}");
  }
  rows_.push_back({plan.table->name, graph::request_url(children, plan.query),
                   "walk: one listing for each row where " + plan.table->walk->descend_if +
                       " is set" + limit_text(plan)});
}

bool ExplainSource::next_batch(base::RowBatch& batch) {
  batch.clear();
  batch.column_count = column_count();
  if (done_) return false;
  done_ = true;
  std::string pushed;
  std::string classes;
  for (const PushNote& note : execution_->plan->pushed) {
    pushed += (pushed.empty() ? "" : "; ") + note.sql + " -> " + note.odata;
    classes += (classes.empty() ? "" : "; ") + std::string(class_name(note.push_class));
  }
  if (!execution_->plan->order_by.empty()) {
    pushed += (pushed.empty() ? "" : "; ") + ("ORDER BY -> " + execution_->plan->order_by);
    classes += (classes.empty() ? "" : "; ") + std::string("EXACT");
  }
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const Row& row = rows_[i];
    const bool scan = !row.url.empty() && row.table != "Me";
    batch.cells.push_back(base::Cell::of_int64(static_cast<std::int64_t>(i + 1)));
    batch.cells.push_back(text_cell(row.table, batch.arena));
    batch.cells.push_back(text_cell(row.url, batch.arena));
    batch.cells.push_back(text_cell(scan ? pushed : "", batch.arena));
    batch.cells.push_back(text_cell(scan ? classes : "", batch.arena));
    batch.cells.push_back(
        text_cell(scan ? execution_->plan->residual : std::string(), batch.arena));
    batch.cells.push_back(text_cell(row.strategy, batch.arena));
    ++batch.row_count;
  }
  return true;
}

}  // namespace graphodbc::query
