#include "query/executor/explain_source.h"

#include <set>
#include <span>

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

std::string table_text(const schema::Table& table, const std::string& correlation) {
  if (correlation.empty() || correlation == table.name) return table.name;
  return table.name + " " + correlation;
}

// "u.Id": where the keys of a scan come from.
std::string key_text(const LocalPlan& plan, const KeySource& keys) {
  const ScanSpec& source = plan.scans[keys.scan];
  const schema::Column& column = source.query.table->columns[source.columns[keys.output]];
  return (source.correlation.empty() ? source.query.table->name : source.correlation) + "." +
         column.name;
}

// What the local engine does, in the order it does it.
class LocalWork {
 public:
  explicit LocalWork(const BoundQuery& query) {
    for_each_query(query, [&](const BoundQuery& part) { note(part); });
  }
  std::string text() const {
    std::string text;
    const auto add = [&](bool done, const char* what) {
      if (done) text += (text.empty() ? "" : ", ") + std::string(what);
    };
    add(joins_, "join");
    add(subqueries_, "subqueries");
    add(groups_, "group");
    add(windows_, "window functions");
    add(sets_, "set operation");
    add(distinct_, "distinct");
    add(sorts_, "sort");
    add(limits_, "limit");
    return text.empty() ? "project" : text;
  }

 private:
  void note(const BoundQuery& query) {
    joins_ = joins_ || (query.from && !query.from->relation);
    groups_ = groups_ || query.grouped;
    sets_ = sets_ || query.kind == QueryKind::kSetOperation;
    distinct_ = distinct_ || query.distinct;
    sorts_ = sorts_ || !query.order.empty();
    limits_ = limits_ || query.limit || query.offset;
    for_each_expression(query, [&](const Expression& expression) { note(expression); });
  }
  void note(const Expression& expression) {
    windows_ = windows_ || expression.kind == NodeKind::kWindow;
    subqueries_ = subqueries_ || expression.query;
    for (const ExpressionPtr& child : expression.children) note(*child);
  }

  bool joins_ = false, groups_ = false, sets_ = false, distinct_ = false, sorts_ = false,
       limits_ = false, windows_ = false, subqueries_ = false;
};

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

ExplainSource::ExplainSource(std::shared_ptr<const Run> run,
                             std::shared_ptr<const StatementPlan> plan)
    : run_(std::move(run)), plan_(std::move(plan)) {}

std::size_t ExplainSource::column_count() const {
  return std::size(kColumnNames);
}

void ExplainSource::open() {
  if (plan_->constant) {
    rows_.push_back({"", "", "", "", "", "constant rows, no request"});
    return;
  }
  std::string refusal_key;
  if (const auto execution = plan_preferred(run_, *plan_, refusal_key)) {
    if (plan_->result == TableResult::kCount) {
      add_count(*execution);
    } else {
      lower_if_refused(*execution);
      add_scan(*execution, "", "", false);
    }
    return;
  }
  add_local(*plan_->local);
}

void ExplainSource::lower_if_refused(Execution& execution) const {
  if (execution.plan->has_filter && run_->session->is_refused(execution.plan->refusal_key)) {
    execution.make_plan({.filter = false});
  }
}

void ExplainSource::add_local(const LocalPlan& plan) {
  for (const ScanSpec& scan : plan.scans) {
    const std::string note = scan.materialized ? "into memory" : "into the local engine";
    if (!scan.keys) {
      add_table(copy_of(scan.query), scan, note, false);
      continue;
    }
    const std::string keys = key_text(plan, *scan.keys);
    const std::string most = std::to_string(scan.keys->at_most);
    const bool optional = scan.keys->at_most != 0;
    const std::string by_keys =
        note + ", for each distinct " + keys + (optional ? ", at most " + most : "");
    const base::Value key = base::Value::text("{" + keys + "}");
    add_table(with_keys(scan, {key}), scan, by_keys, true);
    if (scan.keys->filters) {
      add_table(with_keys(scan, {key, base::Value::text("{...}")}), scan, by_keys, true);
    }
    if (optional) {
      add_table(copy_of(scan.query), scan,
                note + ", whole if " + keys + " has more than " + most + " distinct values", false);
    }
  }
  rows_.push_back({"", "", "", "", "", "local engine: " + LocalWork(*plan.query).text()});
}

void ExplainSource::add_table(TableQuery query, const ScanSpec& scan, const std::string& note,
                              bool keyed) {
  Execution execution(run_, std::make_shared<const TableQuery>(std::move(query)), 0);
  execution.make_plan({});
  lower_if_refused(execution);
  add_scan(execution, scan.correlation, note, keyed);
}

ExplainSource::Row ExplainSource::shape_of(const ScanPlan& plan, const std::string& table) {
  Row shape;
  shape.table = table;
  for (const PushNote& pushed : plan.pushed) {
    shape.pushed += (shape.pushed.empty() ? "" : "; ") + pushed.sql + " -> " + pushed.odata;
    shape.push_class +=
        (shape.push_class.empty() ? "" : "; ") + std::string(class_name(pushed.push_class));
  }
  if (!plan.order_by.empty()) {
    shape.pushed += (shape.pushed.empty() ? "" : "; ") + ("ORDER BY -> " + plan.order_by);
    shape.push_class += (shape.push_class.empty() ? "" : "; ") + std::string("EXACT");
  }
  shape.residual = plan.residual;
  return shape;
}

void ExplainSource::add_scan(const Execution& execution, const std::string& correlation,
                             const std::string& note, bool keyed) {
  const ScanPlan& plan = *execution.plan;
  const Row shape = shape_of(plan, table_text(*plan.table, correlation));
  if (!plan.nothing.empty()) {
    rows_.push_back({shape.table, "", "", "", "", "no request: " + plan.nothing});
    return;
  }
  if (plan.lookup_column && run_->session->signed_in_id().empty()) {
    const graph::ScanRequest identity = make_identity_request(execution);
    rows_.push_back({"Me", graph::request_url(identity.path, identity.query), "", "", "",
                     "once a connection, for " + plan.table->context.column});
  }
  std::string tail = note.empty() ? limit_text(plan) : ", " + note + limit_text(plan);
  if (plan.fan_out) {
    tail.insert(0, ", fan-out: " + plan.table->fan_out->expand + " of all parents, 1 request for " +
                       std::to_string(plan.page_size) + " of them");
  }
  // The keys of a keyed scan choose its listings, or only conditions of its requests.
  if (keyed && plan.listings.size() == 1 &&
      plan.listings[0].path.find("%7B") != std::string::npos) {
    add_unknown(plan, shape, plan.listings[0].path, plan.listings[0].single, tail);
  } else {
    add_listings(plan, shape, tail);
  }
  if (!plan.walk) return;
  add_unknown(plan, shape, child_listing(plan, plan.listings[0], "").pattern, false,
              ", one for each row where " + plan.table->walk->descend_if + " is set" + tail);
}

void ExplainSource::add_count(const Execution& execution) {
  const ScanPlan& plan = *execution.plan;
  Row row = shape_of(plan, plan.table->name);
  row.url = graph::request_url(plan.listings[0].path, *plan.count_query);
  row.strategy = "count";
  rows_.push_back(std::move(row));
}

void ExplainSource::add_listings(const ScanPlan& plan, const Row& shape, const std::string& note) {
  const std::vector<Listing>& listings = plan.listings;
  std::set<std::string> patterns;
  for (std::size_t at = 0; at < listings.size();) {
    const std::size_t size = wave_size(plan, std::span(listings).subspan(at));
    const bool single = listings[at].single;
    const std::size_t parts = single ? plan.items_in_batch : plan.lists_in_batch;
    for (std::size_t i = 0; i < size; ++i) {
      const Listing& listing = listings[at + i];
      Row row = shape;
      row.url = listing_url(plan, listing.path, single, size > 1);
      row.strategy = single ? "item" : "stream";
      if (size > 1 && (i + 1 < size || i % parts != 0)) {
        row.strategy = "batch " + std::to_string(i / parts + 1) + " of " +
                       std::to_string((size + parts - 1) / parts);
      }
      row.strategy += note;
      rows_.push_back(std::move(row));
      if (size > 1 && !single) patterns.insert(listing.pattern);
    }
    at += size;
  }
  for (const std::string& pattern : patterns) add_large_pages(plan, shape, pattern, note);
}

void ExplainSource::add_unknown(const ScanPlan& plan, const Row& shape, const std::string& path,
                                bool single, const std::string& note) {
  const std::size_t parts = single ? plan.items_in_batch : plan.lists_in_batch;
  Row row = shape;
  row.url = listing_url(plan, path, single, parts > 1);
  row.strategy = (parts > 1 ? "batches of " + std::to_string(parts)
                            : std::string(single ? "items" : "streams")) +
                 note;
  rows_.push_back(std::move(row));
  if (parts > 1 && !single) add_large_pages(plan, shape, path, note);
}

void ExplainSource::add_large_pages(const ScanPlan& plan, const Row& shape,
                                    const std::string& pattern, const std::string& note) {
  Row row = shape;
  row.url = listing_url(plan, pattern, false, false);
  if (row.url == listing_url(plan, pattern, false, true)) return;
  row.strategy = "stream: a list that is alone or long" + note;
  rows_.push_back(std::move(row));
}

bool ExplainSource::next_batch(base::RowBatch& batch) {
  batch.clear();
  batch.column_count = column_count();
  if (done_) return false;
  done_ = true;
  for (const Row& row : rows_) {
    batch.cells.push_back(base::Cell::of_int64(static_cast<std::int64_t>(batch.row_count + 1)));
    for (const std::string* text :
         {&row.table, &row.url, &row.pushed, &row.push_class, &row.residual, &row.strategy}) {
      batch.cells.push_back(text_cell(*text, batch.arena));
    }
    ++batch.row_count;
  }
  return true;
}

}  // namespace graphodbc::query
