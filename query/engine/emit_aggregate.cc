// What only SQLite computes: aggregates, window functions, subqueries inside of expressions.
#include <algorithm>

#include "query/engine/emitter.h"
#include "query/expression/cast.h"
#include "query/expression/number.h"

namespace graphodbc::query {
namespace {

constexpr std::uint32_t kNarrowDigits = 18;  // what DECIMAL in 64 bits holds

// How SQLite names them; empty for those that are ours.
constexpr std::string_view kNames[] = {
    "count",
    "",
    "",
    "min",
    "max",
    "",
    "",
    "",
    "",
    "",
    "row_number",
    "rank",
    "dense_rank",
    "ntile",
    "lag",
    "lead",
    "first_value",
    "last_value",
    "nth_value",
    "percent_rank",
    "cume_dist",
};
static_assert(std::size(kNames) == static_cast<std::size_t>(AggregateId::kCumeDist) + 1);

AggregateSpec::Kind kind_of(AggregateId id) {
  switch (id) {
    case AggregateId::kAvg:
      return AggregateSpec::Kind::kAvg;
    case AggregateId::kStddevSamp:
      return AggregateSpec::Kind::kStddevSamp;
    case AggregateId::kStddevPop:
      return AggregateSpec::Kind::kStddevPop;
    case AggregateId::kVarSamp:
      return AggregateSpec::Kind::kVarSamp;
    case AggregateId::kVarPop:
      return AggregateSpec::Kind::kVarPop;
    case AggregateId::kStringAgg:
      return AggregateSpec::Kind::kText;
    default:
      return AggregateSpec::Kind::kSum;
  }
}

// Positions of the parts of an aggregate's children.
struct Parts {
  explicit Parts(const AggregateCall& call)
      : filter(call.arguments),
        partitions(filter + (call.filtered ? 1 : 0)),
        orders(partitions + call.partitions),
        offsets(orders + call.orders.size()) {}
  std::size_t filter;
  std::size_t partitions;
  std::size_t orders;
  std::size_t offsets;
};

bool has_offset(sqlparser::FrameBoundKind bound) {
  return bound == sqlparser::FrameBoundKind::kPreceding ||
         bound == sqlparser::FrameBoundKind::kFollowing;
}

// RANGE n PRECEDING
bool adds_to_key(const AggregateCall::Frame& frame) {
  return frame.unit == sqlparser::FrameUnit::kRange &&
         (has_offset(frame.start) || has_offset(frame.end));
}

std::string_view words_of(sqlparser::FrameBoundKind bound) {
  static constexpr std::string_view kWords[] = {"UNBOUNDED PRECEDING", " PRECEDING", "CURRENT ROW",
                                                " FOLLOWING", "UNBOUNDED FOLLOWING"};
  return kWords[static_cast<std::size_t>(bound)];
}

bool computes_over_rows(const Expression& node) {
  return node.kind == NodeKind::kAggregate || node.kind == NodeKind::kWindow ||
         std::any_of(node.children.begin(), node.children.end(),
                     [](const ExpressionPtr& child) { return computes_over_rows(*child); });
}

}  // namespace

std::string Emitter::aggregate(const Expression& expression, const base::TypeInfo& type) {
  switch (expression.kind) {
    case NodeKind::kAggregate:
      return converted(aggregate_call(expression, expression.type), expression.type, type);
    case NodeKind::kWindow:
      return converted(window_call(expression, expression.type), expression.type, type);
    case NodeKind::kSubquery:
      return converted(scalar_subquery(expression), expression.query->columns.front().type, type);
    case NodeKind::kExists: {
      Types types;
      for (const ResultColumn& column : expression.query->columns) types.push_back(column.type);
      return converted("EXISTS (" + query(*expression.query, types, false) + ")", base::bit_type(),
                       type);
    }
    case NodeKind::kInQuery:
      return converted(in_query(expression, expression.negated), base::bit_type(), type);
    default:
      return converted(quantified(expression), base::bit_type(), type);
  }
}

std::string Emitter::add_aggregate(AggregateSpec spec) {
  std::string signature = std::to_string(static_cast<int>(spec.kind));
  for (const base::TypeInfo& type : {spec.argument, spec.result}) {
    signature += "/" + std::to_string(static_cast<int>(type.type)) + "," +
                 std::to_string(type.size) + "," + std::to_string(type.scale);
  }
  signature += "/" + std::to_string(spec.position.offset);
  if (spec.distinct) signature += "/distinct";
  if (spec.argument.nocase) signature += "/nocase";
  if (spec.separator) signature += "/" + *spec.separator;
  const auto [at, added] =
      aggregates_.try_emplace(std::move(signature), "g_a" + std::to_string(out_.aggregates.size()));
  if (added) {
    spec.name = at->second;
    out_.aggregates.push_back(std::move(spec));
  }
  return at->second;
}

std::string Emitter::aggregate_call(const Expression& expression, const base::TypeInfo& type) {
  const AggregateCall& call = *expression.call;
  const Parts parts(call);
  std::string name(kNames[static_cast<std::size_t>(call.id)]);
  std::string arguments;
  bool distinct = call.distinct;
  if (call.arguments == 0) {
    arguments = call.id == AggregateId::kCount ? "*" : "";
  } else {
    const Expression& first = expression.child(0);
    const bool keeps_type = call.id == AggregateId::kMin || call.id == AggregateId::kMax;
    const base::TypeInfo argument = keeps_type ? type : own_type(first);
    arguments = collated(value(first, argument), first.type);
    if (name.empty()) {
      AggregateSpec spec;
      spec.kind = kind_of(call.id);
      spec.argument = argument;
      spec.result = type;
      spec.position = expression.position;
      if (call.id == AggregateId::kStringAgg) {
        const Expression* separator = call.arguments > 1 ? &expression.child(1) : nullptr;
        if (separator == nullptr || separator->is_literal()) {
          base::Arena arena;
          spec.separator = separator == nullptr ? ","
                           : separator->cell.is_null()
                               ? ""
                               : std::string(text_of(separator->cell, arena));
        } else {
          // SQLite's DISTINCT takes one argument only.
          spec.distinct = call.distinct;
          distinct = false;
          arguments += "," + value(*separator, own_type(*separator));
        }
      }
      name = add_aggregate(std::move(spec));
    }
    if (distinct) arguments = "DISTINCT " + arguments;
  }
  std::string text = name + "(" + arguments + ")";
  if (call.filtered) {
    text += " FILTER (WHERE " + condition(expression.child(parts.filter)) + ")";
  }
  return text;
}

std::string Emitter::window_call(const Expression& expression, const base::TypeInfo& type) {
  const AggregateCall& call = *expression.call;
  if (call.distinct) {
    fail("HYC00", "DISTINCT is not supported in a window function", expression.position);
  }
  const Parts parts(call);
  if (call.id <= AggregateId::kStringAgg) {
    return aggregate_call(expression, type) + over(expression, parts.partitions);
  }
  std::string arguments;
  for (std::size_t at = 0; at < call.arguments; ++at) {
    const Expression& argument = expression.child(at);
    if (at > 0) arguments += ",";
    // LAG(x, rows, default), NTH_VALUE(x, row), NTILE(groups): what is no x and no default counts.
    const bool counts = at == 1 || call.id == AggregateId::kNtile;
    if (!counts) {
      arguments += value(argument, type);
      continue;
    }
    if (argument.is_literal()) {
      const std::int64_t least =
          call.id == AggregateId::kLag || call.id == AggregateId::kLead ? 0 : 1;
      if (argument.cell.is_null() || !is_number_cell(argument.cell.kind) ||
          int64_of(argument.cell).value_or(-1) < least) {
        fail("22003",
             "this number of rows must be a whole number of at least " + std::to_string(least),
             argument.position);
      }
    }
    arguments += value(argument, base::bigint_type());
  }
  std::string text = std::string(kNames[static_cast<std::size_t>(call.id)]) + "(" + arguments + ")";
  return text + over(expression, parts.partitions);
}

std::string Emitter::over(const Expression& expression, std::size_t child) {
  const AggregateCall& call = *expression.call;
  const bool ranges = call.frame && adds_to_key(*call.frame);
  std::string text = " OVER (";
  for (std::size_t at = 0; at < call.partitions; ++at, ++child) {
    text += (at == 0 ? "PARTITION BY " : ",") + key(expression.child(child));
  }
  for (std::size_t at = 0; at < call.orders.size(); ++at, ++child) {
    const AggregateCall::Order& order = call.orders[at];
    text += at == 0 ? " ORDER BY " : ",";
    const Expression& sorted = expression.child(child);
    text += ranges ? value(sorted, range_type(sorted)) : key(sorted);
    if (order.descending) text += " DESC";
    if (order.nulls == sqlparser::NullsOrder::kFirst) text += " NULLS FIRST";
    if (order.nulls == sqlparser::NullsOrder::kLast) text += " NULLS LAST";
  }
  if (call.frame) text += frame(expression, child);
  return text + ")";
}

// What the key of a RANGE with an offset is stored as: the offset is added to the stored form, so
// DECIMAL that may be wider than 64 bits is brought to what fits, and what does not is 22003.
base::TypeInfo Emitter::range_type(const Expression& sorted) {
  base::TypeInfo type = own_type(sorted);
  const bool decimal = type.type == base::SqlType::kDecimal;
  if (decimal && type.scale <= std::int16_t{kNarrowDigits}) {
    type.size = std::min(type.size, kNarrowDigits);
  } else if (!same_storage(type, base::bigint_type()) && !base::is_approximate(type.type)) {
    fail("HYC00",
         "RANGE with an offset needs a number with at most 18 decimals in ORDER BY: use ROWS or "
         "GROUPS",
         sorted.position);
  }
  return type;
}

std::string Emitter::frame(const Expression& expression, std::size_t child) {
  const AggregateCall& call = *expression.call;
  const AggregateCall::Frame& shape = *call.frame;
  static constexpr std::string_view kUnits[] = {" ROWS BETWEEN ", " RANGE BETWEEN ",
                                                " GROUPS BETWEEN "};
  base::TypeInfo type = base::bigint_type();
  if (adds_to_key(shape)) type = range_type(expression.child(Parts(call).orders));
  const auto bound = [&](sqlparser::FrameBoundKind kind) -> std::string {
    if (!has_offset(kind)) return std::string(words_of(kind));
    const Expression& offset = expression.child(child++);
    if (!offset.is_literal() || offset.cell.is_null() || !is_number_cell(offset.cell.kind) ||
        compare_numbers(offset.cell, base::Cell::of_int64(0)) < 0) {
      fail("HY024", "the offset of a window frame must be a number that is not negative",
           offset.position);
    }
    return value(offset, type) + std::string(words_of(kind));
  };
  std::string text(kUnits[static_cast<std::size_t>(shape.unit)]);
  text += bound(shape.start);
  text += " AND ";
  return text + bound(shape.end);
}

bool Emitter::gives_one_row(const BoundQuery& bound) {
  if (bound.percent || bound.with_ties) return false;
  if (bound.limit && limits(bound).limit.value_or(2) <= 1) return true;
  if (bound.kind == QueryKind::kValues) return bound.values.size() <= 1;
  if (bound.kind != QueryKind::kSelect) return false;
  return !bound.from || (bound.grouped && bound.groups.empty());
}

std::string Emitter::scalar_subquery(const Expression& expression) {
  const BoundQuery& bound = *expression.query;
  const base::TypeInfo type = bound.columns.front().type;
  if (gives_one_row(bound)) return "(" + query(bound, {type}, false) + ")";
  AggregateSpec spec;
  spec.kind = AggregateSpec::Kind::kOne;
  spec.argument = type;
  spec.result = type;
  spec.position = expression.position;
  const std::string rows = source(bound).text;
  return "(SELECT " + add_aggregate(std::move(spec)) + "(z.o0) FROM " + rows + " AS z)";
}

std::string Emitter::in_query(const Expression& expression, bool negated) {
  const base::TypeInfo type = expression.query->columns.front().type;
  base::TypeInfo compared = type;
  compared.nocase = expression.nocase;
  std::string text = "(" + collated(value(expression.child(0), type), compared);
  text += negated ? " NOT IN (" : " IN (";
  return text + query(*expression.query, {type}, false) + "))";
}

// By the least and the greatest of the subquery's values. All of it is one query over the rows of
// the subquery, unless the value compared is an aggregate or a window: inside of another query that
// would be computed there.
std::string Emitter::quantified(const Expression& expression) {
  const bool any = expression.quantifier == Quantifier::kAny;
  const CompareOp op = expression.comparison;
  if (any && op == CompareOp::kEqual) return in_query(expression, false);
  if (!any && op == CompareOp::kNotEqual) return in_query(expression, true);
  const base::TypeInfo type = expression.query->columns.front().type;
  base::TypeInfo compared_type = type;
  compared_type.nocase = expression.nocase;
  const std::string collation = collated("", compared_type);
  const std::string left = value(expression.child(0), type);
  const bool apart = computes_over_rows(expression.child(0));
  Source rows = source(*expression.query);
  const auto over_rows = [&](const std::string& what) {
    if (!apart) return what;
    std::string text = "(SELECT " + what + " FROM " + rows.text + " AS z)";
    if (!rows.named) rows = source(*expression.query);
    return text;
  };
  const auto compared = [&](std::string_view extreme) {
    return "(" + left + collation + std::string(operator_text(op)) +
           over_rows(std::string(extreme) + "(z.o0" + collation + ")") + ")";
  };
  const bool less = op == CompareOp::kLess || op == CompareOp::kLessEqual;
  std::string holds;
  if (op == CompareOp::kEqual || op == CompareOp::kNotEqual) {
    holds = "(" + compared("min") + (any ? " OR " : " AND ") + compared("max") + ")";
  } else {
    holds = compared(less == any ? "max" : "min");
  }
  const std::string unknown = "(" + left + " IS NULL OR " + over_rows("count(z.o0)<count(*)") + ")";
  const std::string is_empty = over_rows("count(*)=0");
  const std::string choice = any ? "CASE WHEN " + holds + " THEN 1 WHEN NOT " + is_empty + " AND " +
                                       unknown + " THEN NULL ELSE 0 END"
                                 : "CASE WHEN " + is_empty + " THEN 1 WHEN NOT " + holds +
                                       " THEN 0 WHEN " + unknown + " THEN NULL ELSE 1 END";
  return apart ? choice : "(SELECT " + choice + " FROM " + rows.text + " AS z)";
}

}  // namespace graphodbc::query
