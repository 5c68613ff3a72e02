#include <algorithm>

#include "query/engine/emitter.h"
#include "query/expression/cast.h"
#include "query/expression/number.h"

namespace graphodbc::query {
namespace {

std::string output_list(std::size_t count, const std::vector<base::TypeInfo>& types, bool collate) {
  std::string text;
  for (std::size_t at = 0; at < count; ++at) {
    const std::string name = "o" + std::to_string(at);
    if (at > 0) text += ",";
    text += collate ? collated(name, types[at]) : name;
    if (collate && base::is_text(types[at].type)) text += " AS " + name;
  }
  return text;
}

std::string_view nulls(sqlparser::NullsOrder order) {
  switch (order) {
    case sqlparser::NullsOrder::kFirst:
      return " NULLS FIRST";
    case sqlparser::NullsOrder::kLast:
      return " NULLS LAST";
    case sqlparser::NullsOrder::kDefault:
      break;
  }
  return "";  // low, in SQLite as here
}

bool is_plain(const BoundQuery& bound) {
  return bound.kind != QueryKind::kSetOperation && bound.order.empty() && !bound.limit &&
         !bound.offset;
}

bool has_aggregate(const Expression& node) {
  return node.kind == NodeKind::kAggregate ||
         std::any_of(node.children.begin(), node.children.end(),
                     [](const ExpressionPtr& child) { return has_aggregate(*child); });
}

}  // namespace

std::string collated(std::string text, const base::TypeInfo& type) {
  if (!base::is_text(type.type)) return text;
  return text + " COLLATE " + (type.nocase ? kNocaseCollation : "BINARY");
}

std::string scan_table_name(std::size_t scan) {
  return "scan_" + std::to_string(scan);
}

Emitter::Emitter(const LocalPlan& plan, EvalContext& context, const std::vector<bool>& materialized)
    : plan_(plan), context_(context) {
  out_.materialized = materialized;
  for (std::size_t at = 0; at < plan.scans.size(); ++at) {
    scans_[plan.scans[at].first_column] = at;
  }
  for_each_query(*plan.query, [&](const BoundQuery& inner) {
    for_each_relation(inner.from.get(), [&](const Relation& item) {
      if (!item.columns.empty()) places_.push_back({item.first_column, &item});
    });
  });
  std::sort(places_.begin(), places_.end(),
            [](const Place& left, const Place& right) { return left.first < right.first; });
}

EmittedQuery Emitter::run(std::uint64_t max_rows) {
  for (const ResultColumn& column : plan_.query->columns) out_.types.push_back(column.type);
  if (choose_sort(max_rows)) return std::move(out_);
  choose_kept(max_rows);
  const std::string text = query(*plan_.query, out_.types, false, max_rows);
  for (std::size_t at = out_.outputs.size(); at < out_.types.size(); ++at) {
    out_.outputs.push_back({at, std::nullopt});
  }
  std::string with = scan_definitions();
  for (const std::string& definition : definitions_) {
    if (!with.empty()) with += ",\n";
    with += definition;
  }
  if (!with.empty()) out_.sql = (recursive_ ? "WITH RECURSIVE " : "WITH ") + with + "\n";
  out_.sql += text;
  return std::move(out_);
}

EmittedQuery emit_sql(const LocalPlan& plan, EvalContext& context, std::uint64_t max_rows) {
  std::vector<bool> materialized;
  for (const ScanSpec& scan : plan.scans) materialized.push_back(scan.materialized);
  for (;;) {
    Emitter emitter(plan, context, materialized);
    EmittedQuery emitted = emitter.run(max_rows);
    if (emitter.named_twice().empty()) return emitted;
    for (const std::size_t scan : emitter.named_twice()) materialized[scan] = true;
  }
}

std::string Emitter::query(const BoundQuery& bound, const Types& types, bool collate,
                           std::uint64_t max_rows) {
  if (bound.percent || bound.with_ties) {
    std::string text = ranked(bound, types, collate);
    if (max_rows > 0) {
      text += " LIMIT " + constant(base::Cell::of_int64(static_cast<std::int64_t>(max_rows)),
                                   base::bigint_type());
    }
    return text;
  }
  Limits range = limits(bound);
  if (max_rows > 0 && max_rows <= static_cast<std::uint64_t>(INT64_MAX)) {
    const auto most = static_cast<std::int64_t>(max_rows);
    range.limit = range.limit ? std::min(*range.limit, most) : most;
  }
  std::string text = body(bound, types, collate, {});
  text += order_by(bound, types);
  const auto number = [this](std::int64_t value) {
    return constant(base::Cell::of_int64(value), base::bigint_type());
  };
  if (range.limit || range.offset > 0) text += " LIMIT " + number(range.limit.value_or(-1));
  if (range.offset > 0) text += " OFFSET " + number(range.offset);
  return text;
}

std::string Emitter::body(const BoundQuery& bound, const Types& types, bool collate,
                          const std::vector<std::string>& hidden) {
  switch (bound.kind) {
    case QueryKind::kSelect:
      return select(bound, types, collate, hidden);
    case QueryKind::kValues:
      return values(bound, types, collate);
    case QueryKind::kSetOperation:
      break;
  }
  return set_operation(bound, types, collate);
}

std::string Emitter::select(const BoundQuery& bound, const Types& types, bool collate,
                            const std::vector<std::string>& hidden) {
  // FROM first: it names what the rest refers to.
  const std::string tables =
      bound.from ? " FROM " + from(*bound.from, begins_with_stream(*bound.from)) : std::string();
  std::string text = bound.distinct ? "SELECT DISTINCT " : "SELECT ";
  std::vector<ExpressionPtr> outputs;
  for (const ExpressionPtr& output : bound.outputs) outputs.push_back(folded(*output));
  // A group without GROUP BY needs an aggregate among the results in SQLite.
  const bool needs_count =
      bound.grouped && bound.groups.empty() &&
      std::none_of(outputs.begin(), outputs.end(),
                   [](const ExpressionPtr& output) { return has_aggregate(*output); });
  if (is_top_select(bound)) {
    text += top_list(outputs, types);
    outputs.clear();
  }
  for (std::size_t at = 0; at < outputs.size(); ++at) {
    std::string output = value(*outputs[at], types[at]);
    if (needs_count && at == 0) output = "iif(count(*)>=0," + output + ",NULL)";
    if (collate || bound.distinct) output = collated(std::move(output), types[at]);
    text += (at > 0 ? "," : "") + output + " AS o" + std::to_string(at);
  }
  for (std::size_t at = 0; at < hidden.size(); ++at) {
    text += "," + hidden[at] + " AS x" + std::to_string(at);
  }
  text += tables;
  if (bound.where) text += " WHERE " + condition(*folded(*bound.where));
  for (std::size_t at = 0; at < bound.groups.size(); ++at) {
    text += (at == 0 ? " GROUP BY " : ",") + key(*folded(*bound.groups[at]));
  }
  if (bound.having) text += " HAVING " + condition(*folded(*bound.having));
  return text;
}

std::string Emitter::values(const BoundQuery& bound, const Types& types, bool collate) {
  std::string text = "SELECT ";
  for (std::size_t at = 0; at < types.size(); ++at) {
    std::string column = "column" + std::to_string(at + 1);
    if (collate) column = collated(std::move(column), types[at]);
    text += (at > 0 ? "," : "") + column + " AS o" + std::to_string(at);
  }
  text += " FROM (VALUES ";
  bool first = true;
  for (const std::vector<ExpressionPtr>& row : bound.values) {
    text += first ? "(" : ",(";
    for (std::size_t at = 0; at < row.size(); ++at) {
      if (at > 0) text += ",";
      text += value(*folded(*row[at]), types[at]);
    }
    text += ")";
    first = false;
  }
  return text + ")";
}

// SQLite has no brackets in set operations, and one precedence for all of them.
std::string Emitter::set_operation(const BoundQuery& bound, const Types& types, bool collate) {
  const bool compares = std::any_of(bound.arms.begin() + 1, bound.arms.end(),
                                    [](const SetArm& item) { return !item.all; });
  std::string text;
  for (const SetArm& item : bound.arms) {
    if (!text.empty()) {
      switch (item.op) {
        case sqlparser::SetOp::kUnion:
          text += item.all ? " UNION ALL " : " UNION ";
          break;
        case sqlparser::SetOp::kIntersect:
          text += " INTERSECT ";
          break;
        case sqlparser::SetOp::kExcept:
          text += " EXCEPT ";
          break;
      }
    }
    text += arm(*item.query, types, collate || compares);
  }
  return text;
}

std::string Emitter::arm(const BoundQuery& bound, const Types& types, bool collate) {
  if (is_plain(bound)) return query(bound, types, collate);
  const std::string inner = kept_whole(query(bound, types, false), bound);
  return "SELECT " + output_list(types.size(), types, collate) + " FROM (" + inner + ")";
}

std::string Emitter::order_by(const BoundQuery& bound, const Types& types) {
  std::string text;
  for (const BoundOrderKey& item : bound.order) {
    text += text.empty() ? " ORDER BY " : ",";
    if (!item.output) {
      text += key(*folded(*item.expression));
    } else if (is_top_select(bound)) {
      text += top_order_key(*item.output, types);
    } else {
      text += collated(std::to_string(*item.output + 1), types[*item.output]);
    }
    text += item.descending ? " DESC" : "";
    text += nulls(item.nulls);
  }
  return text;
}

// TOP n PERCENT and WITH TIES: every row gets its number, its rank and the count of all.
std::string Emitter::ranked(const BoundQuery& bound, const Types& types, bool collate) {
  const Limits range = limits(bound);
  std::vector<std::string> hidden;
  std::string order;
  for (const BoundOrderKey& item : bound.order) {
    order += order.empty() ? "ORDER BY " : ",";
    if (item.output) {
      order += collated("o" + std::to_string(*item.output), types[*item.output]);
    } else {
      // Not under DISTINCT: the binder takes only result columns there.
      order += collated("x" + std::to_string(hidden.size()), item.expression->type);
      hidden.push_back(key(*folded(*item.expression)));
    }
    order += item.descending ? " DESC" : "";
    order += nulls(item.nulls);
  }
  const auto number = [this](std::int64_t value) {
    return constant(base::Cell::of_int64(value), base::bigint_type());
  };
  const std::string last =
      bound.percent ? "(c*" + number(*range.limit) + "+99)/100" : number(*range.limit);
  const std::string rank = bound.with_ties ? "k" : "n";
  std::string text = "SELECT " + output_list(types.size(), types, collate) +
                     " FROM (SELECT *,row_number() OVER (" + order + ") AS n,rank() OVER (" +
                     order + ") AS k,count(*) OVER () AS c FROM (" +
                     kept_whole(body(bound, types, false, hidden), bound) + ")) WHERE ";
  // The percentage is of all rows; an offset comes off before (as in SQL:2008 FETCH FIRST).
  text += rank + "<=" + last + "+" + number(range.offset) + " AND n>" + number(range.offset);
  return text + " ORDER BY n";
}

std::int64_t Emitter::whole_constant(const Expression& expression, std::string_view what) {
  const ExpressionPtr value = folded(expression);
  std::optional<std::int64_t> whole;
  if (value->is_literal() && !value->cell.is_null() && is_number_cell(value->cell.kind)) {
    whole = int64_of(value->cell);
    if (whole && compare_numbers(base::Cell::of_int64(*whole), value->cell) != 0) whole.reset();
  }
  if (!whole || *whole < 0) {
    fail("HY024", std::string(what) + " needs a whole number that is not negative",
         expression.position);
  }
  return *whole;
}

Emitter::Limits Emitter::limits(const BoundQuery& bound) {
  Limits range;
  if (bound.limit) {
    range.limit = whole_constant(*bound.limit, bound.percent ? "PERCENT" : "LIMIT");
    if (bound.percent && *range.limit > 100) {
      fail("HY024", "PERCENT needs a number from 0 to 100", bound.limit->position);
    }
  }
  if (bound.offset) range.offset = whole_constant(*bound.offset, "OFFSET");
  return range;
}

}  // namespace graphodbc::query
