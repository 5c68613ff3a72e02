#include <array>
#include <cstddef>
#include <string>

#include "sqlparser/printer_impl.h"

namespace graphodbc::sqlparser {
namespace {

// Indexed by the enumerations of ast.h.
constexpr std::array<std::string_view, 3> kSetTexts = {" UNION ", " EXCEPT ", " INTERSECT "};
constexpr std::array<std::string_view, 5> kJoinTexts = {"INNER JOIN ", "LEFT JOIN ", "RIGHT JOIN ",
                                                        "FULL JOIN ", "CROSS JOIN "};
constexpr std::array<std::string_view, 3> kMaterializedTexts = {" AS (", " AS MATERIALIZED (",
                                                                " AS NOT MATERIALIZED ("};

}  // namespace

void Printer::query(const Query& node) {
  if (!node.ctes.empty()) ctes(node);
  const bool top = node.limit && node.limit->form == LimitForm::kTop;
  query_body(*node.body, top ? &*node.limit : nullptr);
  if (!node.order_by.empty()) {
    out_ += ' ';
    order_by(node.order_by);
  }
  if (node.limit && !top) limit(*node.limit);
}

void Printer::ctes(const Query& node) {
  std::string_view separator = node.recursive ? "WITH RECURSIVE " : "WITH ";
  for (const CommonTableExpr& cte : node.ctes) {
    out_ += separator;
    identifier(cte.name);
    if (!cte.columns.empty()) {
      out_ += ' ';
      name_list(cte.columns);
    }
    out_ += kMaterializedTexts[static_cast<std::size_t>(cte.materialized)];
    query(*cte.query);
    out_ += ')';
    separator = ", ";
  }
  out_ += ' ';
}

// No brackets are ever needed around an operand: a weaker set operation inside a stronger one can
// only have been read from brackets, and those are a NestedQueryBody.
void Printer::query_body(const QueryBody& node, const Limit* top) {
  switch (node.kind) {
    case QueryBodyKind::kSelect:
      return select(static_cast<const SelectBody&>(node), top);
    case QueryBodyKind::kValues:
      return values(static_cast<const ValuesBody&>(node));
    case QueryBodyKind::kSetOperation:
      return set_operation(static_cast<const SetOperationBody&>(node));
    case QueryBodyKind::kNested:
      out_ += '(';
      query(*static_cast<const NestedQueryBody&>(node).query);
      out_ += ')';
      return;
  }
}

void Printer::set_operation(const SetOperationBody& node) {
  query_body(*node.first, nullptr);
  for (const SetStep& step : node.steps) {
    out_ += kSetTexts[static_cast<std::size_t>(step.op)];
    if (step.all) out_ += "ALL ";
    query_body(*step.body, nullptr);
  }
}

void Printer::values(const ValuesBody& node) {
  std::string_view separator = "VALUES (";
  for (const ExprList& row : node.rows) {
    out_ += separator;
    expr_list(row);
    out_ += ')';
    separator = ", (";
  }
}

// TOP keeps its place, because a marker in it counts before those of the select list.
void Printer::select(const SelectBody& node, const Limit* top) {
  out_ += node.distinct ? "SELECT DISTINCT " : "SELECT ";
  if (top != nullptr) {
    out_ += "TOP (";
    expr(*top->count);
    out_ += top->percent ? ") PERCENT " : ") ";
    if (top->with_ties) out_ += "WITH TIES ";
  }
  std::string_view separator;
  for (const SelectItem& item : node.items) {
    out_ += separator;
    select_item(item);
    separator = ", ";
  }
  separator = " FROM ";
  for (const TableRefPtr& item : node.from) {
    out_ += separator;
    table(*item);
    separator = ", ";
  }
  where(node.where);
  if (!node.group_by.empty()) {
    out_ += " GROUP BY ";
    expr_list(node.group_by);
  }
  if (node.having) {
    out_ += " HAVING ";
    expr(*node.having);
  }
  separator = " WINDOW ";
  for (const NamedWindow& window : node.windows) {
    out_ += separator;
    identifier(window.name);
    out_ += " AS ";
    window_spec(window.spec);
    separator = ", ";
  }
}

void Printer::select_item(const SelectItem& item) {
  expr(*item.expr);
  if (!item.alias) return;
  out_ += " AS ";
  identifier(*item.alias);
}

void Printer::limit(const Limit& node) {
  if (node.form == LimitForm::kLimit) {
    out_ += " LIMIT ";
    expr(*node.count);
    if (node.offset) {
      out_ += " OFFSET ";
      expr(*node.offset);
    }
    return;
  }
  if (node.offset) {
    out_ += " OFFSET ";
    expr(*node.offset);
    out_ += " ROWS";
  }
  if (!node.count) return;
  out_ += " FETCH NEXT ";
  expr(*node.count);
  out_ += node.percent ? " PERCENT ROWS " : " ROWS ";
  out_ += node.with_ties ? "WITH TIES" : "ONLY";
}

void Printer::table(const TableRef& node) {
  switch (node.kind) {
    case TableRefKind::kNamed: {
      const auto& named = static_cast<const NamedTableRef&>(node);
      qualified_name(named.name);
      return alias(named.alias, named.column_aliases);
    }
    case TableRefKind::kDerived: {
      const auto& derived = static_cast<const DerivedTableRef&>(node);
      subquery(*derived.query);
      return alias(derived.alias, derived.column_aliases);
    }
    case TableRefKind::kJoin:
      return join(static_cast<const JoinTableRef&>(node));
  }
}

void Printer::join(const JoinTableRef& node) {
  table(*node.left);
  out_ += node.natural ? " NATURAL " : " ";
  out_ += kJoinTexts[static_cast<std::size_t>(node.type)];
  const bool brackets = node.right->kind == TableRefKind::kJoin;
  if (brackets) out_ += '(';
  table(*node.right);
  if (brackets) out_ += ')';
  if (node.on) {
    out_ += " ON ";
    expr(*node.on);
  } else if (!node.using_columns.empty()) {
    out_ += " USING ";
    name_list(node.using_columns);
  }
}

void Printer::alias(const std::optional<Identifier>& name, const std::vector<Identifier>& columns) {
  if (!name) return;
  out_ += " AS ";
  identifier(*name);
  if (columns.empty()) return;
  out_ += ' ';
  name_list(columns);
}

void Printer::order_by(const std::vector<OrderKey>& keys) {
  std::string_view separator = "ORDER BY ";
  for (const OrderKey& key : keys) {
    out_ += separator;
    expr(*key.expr);
    if (key.descending) out_ += " DESC";
    if (key.nulls == NullsOrder::kFirst) out_ += " NULLS FIRST";
    if (key.nulls == NullsOrder::kLast) out_ += " NULLS LAST";
    separator = ", ";
  }
}

void Printer::where(const ExprPtr& condition) {
  if (!condition) return;
  out_ += " WHERE ";
  expr(*condition);
}

}  // namespace graphodbc::sqlparser
