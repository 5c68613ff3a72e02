#include "query/executor/explain_rows.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "graph/request_url.h"
#include "query/executor/fallback.h"
#include "query/executor/preferred_source.h"
#include "query/executor/scan_request.h"

namespace graphodbc::query {
namespace {

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

Estimate exactly(std::uint64_t requests) {
  return {requests, requests};
}

ExplainRow row_of_work(std::string strategy) {
  ExplainRow row;
  row.strategy = std::move(strategy);
  row.requests = exactly(0);
  return row;
}

// Table, and what is pushed and what is left.
ExplainRow shape_of(const ScanPlan& plan, const std::string& table) {
  ExplainRow shape;
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

// How certain the requests of a scan are.
enum class Reading : std::uint8_t {
  kAlways,
  kByKeys,     // that rows of another scan give; names stand for them
  kOtherwise,  // if these are too many
};

// The rows of one way to read a table.
class ScanRows {
 public:
  // `note`: what becomes of the rows.
  ScanRows(const Execution& execution, const std::string& correlation, const std::string& note,
           Reading reading)
      : execution_(execution),
        plan_(*execution.plan),
        reading_(reading),
        shape_(shape_of(plan_, table_text(*plan_.table, correlation))),
        note_((note.empty() ? "" : ", " + note) + limit_text(plan_)) {}

  std::vector<ExplainRow> take() {
    if (!plan_.nothing.empty()) {
      ExplainRow row = row_of_work("no request: " + plan_.nothing);
      row.table = shape_.table;
      return {row};
    }
    if (plan_.lookup_column && execution_.session->signed_in_id().empty()) add_identity();
    add_requests();
    add_unlisted();
    return std::move(rows_);
  }

 private:
  ExplainRow& add(const std::string& path, const std::string& filter, bool single, bool batched,
                  std::string strategy) {
    ExplainRow row = shape_;
    row.url = listing_url(plan_, path, filter, single, batched);
    row.strategy = std::move(strategy) + note_;
    rows_.push_back(std::move(row));
    return rows_.back();
  }

  void add_identity() {
    const graph::ScanRequest request = make_identity_request(execution_);
    ExplainRow row = row_of_work("once a connection, for " + plan_.table->context.column);
    row.table = "Me";
    row.url = graph::request_url(request.path, request.query);
    row.requests = exactly(1);
    row.of_identity = true;
    rows_.push_back(std::move(row));
  }

  void add_requests() {
    if (plan_.fan_out) {
      note_.insert(0, ", fan-out: " + plan_.table->fan_out->expand +
                          " of all parents, 1 request for " + std::to_string(plan_.page_size) +
                          " of them");
    }
    // The keys of a keyed scan choose its listings, or only conditions of its requests.
    if (reading_ == Reading::kByKeys && plan_.listings.size() == 1 &&
        plan_.listings[0].path.find("%7B") != std::string::npos) {
      add_unknown(plan_.listings[0].path, plan_.listings[0].single, "keys");
    } else {
      add_listings();
    }
    if (!plan_.walk) return;
    note_.insert(0, ", one for each row where " + plan_.table->walk->descend_if + " is set");
    add_unknown(child_listing(plan_, plan_.listings[0], "").pattern, false, "of them");
  }

  // What is asked for when key reads found a row, and the connection does not know yet.
  void add_unlisted() {
    std::set<std::string> paths;
    for (const Listing& listing : plan_.listings) {
      if (listing.unlisted.empty() || execution_.session->unlisted_id(listing.unlisted) ||
          !paths.insert(listing.unlisted).second) {
        continue;
      }
      const graph::ScanRequest request = make_unlisted_request(execution_, listing);
      ExplainRow row = row_of_work(
          "once a connection and mailbox, if a key was found: what the list does not hold is left "
          "out");
      row.table = shape_.table;
      row.url = graph::request_url(request.path, request.query);
      const bool of_each_key = request.path.find("%7B") != std::string::npos;
      row.requests = of_each_key ? Estimate{0, std::nullopt} : Estimate{0, 1};
      row.of_unlisted = true;
      rows_.push_back(std::move(row));
    }
  }

  void add_listings() {
    const std::vector<Listing>& listings = plan_.listings;
    std::set<std::pair<std::string, std::string>> patterns;  // and filters
    for (std::size_t at = 0; at < listings.size();) {
      const std::size_t size = wave_size(plan_, std::span(listings).subspan(at));
      const bool single = listings[at].single;
      for (std::size_t i = 0; i < size; ++i) {
        const Listing& listing = listings[at + i];
        add_listing(listing, i, size, at + i == 0);
        if (size > 1 && !single) patterns.insert({listing.pattern, listing.filter});
      }
      at += size;
    }
    for (const auto& [pattern, filter] : patterns) add_large_pages(pattern, filter);
  }

  void add_listing(const Listing& listing, std::size_t index, std::size_t size, bool first) {
    const std::size_t parts = listing.single ? plan_.items_in_batch : plan_.lists_in_batch;
    const bool batched = size > 1 && (index + 1 < size || index % parts != 0);
    std::string strategy = listing.single ? "item" : "stream";
    if (batched) {
      strategy = "batch " + std::to_string(index / parts + 1) + " of " +
                 std::to_string((size + parts - 1) / parts);
    }
    ExplainRow& row =
        add(listing.path, listing.filter, listing.single, size > 1, std::move(strategy));
    // A batch is counted with its first part.
    if (batched && index % parts != 0) return;
    // Without keys there is no request; after enough rows there is no further one.
    const bool certain = reading_ == Reading::kAlways && (first || plan_.limit == UINT64_MAX);
    row.requests = Estimate{certain ? 1U : 0U, most_pages(listing.single)};
  }

  // Pages that hold all the rows that are wanted; nullopt when more may have to be looked at.
  std::optional<std::uint64_t> most_pages(bool single) const {
    if (reading_ == Reading::kByKeys) return std::nullopt;
    if (single) return 1;
    if (plan_.limit == UINT64_MAX || plan_.check || plan_.page_size == 0 || plan_.fan_out ||
        plan_.walk || plan_.listings.size() > 1 || plan_.offset > UINT64_MAX - plan_.limit) {
      return std::nullopt;
    }
    const std::uint64_t rows = plan_.limit + plan_.offset;
    return rows / plan_.page_size + (rows % plan_.page_size == 0 ? 0 : 1);
  }

  // The listings of a scan that other rows give the keys of, or that rows of its own lead to: how
  // many there will be is not known, so `path` stands for one of them.
  void add_unknown(const std::string& path, bool single, const std::string& of_what) {
    const std::size_t parts = single ? plan_.items_in_batch : plan_.lists_in_batch;
    ExplainRow& row = add(path, "", single, parts > 1,
                          parts > 1 ? "batches of " + std::to_string(parts)
                                    : std::string(single ? "items" : "streams"));
    row.requests = Estimate();
    row.each = std::string(single ? "1" : "1 or more") + " for " +
               (parts > 1 ? std::to_string(parts) + " " : "each ") + of_what;
    if (parts > 1 && !single) add_large_pages(path, "");
  }

  // What long lists that were begun in batches are read on by.
  void add_large_pages(const std::string& pattern, const std::string& filter) {
    const std::string url = listing_url(plan_, pattern, filter, false, false);
    if (url == listing_url(plan_, pattern, filter, false, true)) return;
    add(pattern, filter, false, false, "stream: a list that is alone or long").requests =
        Estimate();
  }

  const Execution& execution_;
  const ScanPlan& plan_;
  Reading reading_;
  ExplainRow shape_;
  std::string note_;
  std::vector<ExplainRow> rows_;
};

ExplainRow count_row(const Execution& execution) {
  const ScanPlan& plan = *execution.plan;
  ExplainRow row = shape_of(plan, plan.table->name);
  row.url = graph::request_url(plan.listings[0].path, *plan.count_query);
  row.strategy = "count";
  row.requests = exactly(1);
  row.measure = execution.measure;
  return row;
}

// The ways to read one table, of which the run takes one.
void add_way(std::vector<ExplainRow>& rows, std::vector<ExplainRow> way) {
  for (ExplainRow& row : way) {
    const bool repeated = (row.of_identity || row.of_unlisted) &&
                          std::any_of(rows.begin(), rows.end(), [&](const ExplainRow& earlier) {
                            return earlier.url == row.url &&
                                   earlier.of_identity == row.of_identity &&
                                   earlier.of_unlisted == row.of_unlisted;
                          });
    if (!repeated) rows.push_back(std::move(row));
  }
}

// What a scan measures is told in one row, which is added where it has several.
void set_measure(std::vector<ExplainRow>& rows, const StepMeasure* measure) {
  if (measure == nullptr) return;
  std::size_t steps = rows.size();
  if (rows.front().of_identity) {
    rows.front().measure = measure;
    --steps;
  }
  if (steps > 1) {
    ExplainRow row;
    row.table = rows.back().table;
    row.strategy = "these " + std::to_string(steps) + " steps together";
    rows.push_back(std::move(row));
  }
  rows.back().measure = measure;
}

// The ways to read a table for the local engine.
class LocalScanRows {
 public:
  LocalScanRows(const std::shared_ptr<const Run>& run, const LocalPlan& plan, std::size_t index)
      : run_(run),
        scan_(plan.scans[index]),
        keys_(scan_.keys ? key_text(plan, *scan_.keys) : std::string()),
        note_(scan_.materialized ? "into memory" : "into the local engine") {}

  std::vector<ExplainRow> take() {
    if (!scan_.keys) {
      add(copy_of(scan_.query), note_, Reading::kAlways);
      return std::move(rows_);
    }
    const std::string most = std::to_string(scan_.keys->at_most);
    const bool optional = scan_.keys->at_most != 0;
    const std::string by_keys =
        note_ + ", for each distinct " + keys_ + (optional ? ", at most " + most : "");
    const base::Value key = base::Value::text("{" + keys_ + "}");
    add(with_keys(scan_, {key}), by_keys, Reading::kByKeys);
    if (scan_.keys->filters) {
      add(with_keys(scan_, {key, base::Value::text("{...}")}), by_keys, Reading::kByKeys);
    }
    if (optional) {
      add(copy_of(scan_.query),
          note_ + ", whole if " + keys_ + " has more than " + most + " distinct values",
          Reading::kOtherwise);
    }
    return std::move(rows_);
  }

 private:
  void add(TableQuery query, const std::string& note, Reading reading) {
    Execution execution(run_, std::make_shared<const TableQuery>(std::move(query)), 0);
    plan_unrefused(execution);
    add_way(rows_, ScanRows(execution, scan_.correlation, note, reading).take());
  }

  const std::shared_ptr<const Run>& run_;
  const ScanSpec& scan_;
  std::string keys_;  // where they come from
  std::string note_;
  std::vector<ExplainRow> rows_;
};

}  // namespace

std::string Estimate::text() const {
  if (!most) return std::to_string(least) + " or more";
  if (least == *most) return std::to_string(least);
  return std::to_string(least) + " to " + std::to_string(*most);
}

Estimate& Estimate::operator+=(const Estimate& other) {
  least += other.least;
  if (most && other.most) {
    *most += *other.most;
  } else {
    most.reset();
  }
  return *this;
}

std::vector<ExplainRow> explain_rows(const std::shared_ptr<const Run>& run,
                                     const StatementPlan& plan) {
  if (plan.constant) {
    ExplainRow row = row_of_work("constant rows, no request");
    if (run->analysis) row.measure = &run->analysis->direct;
    return {row};
  }
  const auto execution = plan_preferred(run, plan);
  if (!execution) return explain_local(run, *plan.local);
  if (plan.result == TableResult::kCount) return {count_row(*execution)};
  std::vector<ExplainRow> rows = ScanRows(*execution, "", "", Reading::kAlways).take();
  set_measure(rows, execution->measure);
  return rows;
}

std::vector<ExplainRow> explain_local(const std::shared_ptr<const Run>& run,
                                      const LocalPlan& plan) {
  std::vector<ExplainRow> rows;
  for (std::size_t at = 0; at < plan.scans.size(); ++at) {
    std::vector<ExplainRow> scan = LocalScanRows(run, plan, at).take();
    set_measure(scan, run->analysis ? &run->analysis->scans[at] : nullptr);
    rows.insert(rows.end(), std::make_move_iterator(scan.begin()),
                std::make_move_iterator(scan.end()));
  }
  rows.push_back(row_of_work("local engine: " + LocalWork(*plan.query).text()));
  if (run->analysis) rows.back().measure = &run->analysis->engine;
  return rows;
}

ExplainRow explain_total(const std::vector<ExplainRow>& rows) {
  ExplainRow total = row_of_work("the whole statement");
  for (const ExplainRow& row : rows) {
    if (row.requests) *total.requests += *row.requests;
  }
  return total;
}

}  // namespace graphodbc::query
