// VALUES and set operations: common types of several expressions for one column.
#include "base/error.h"
#include "query/binder/statement_binder.h"

namespace graphodbc::query {
namespace {

const char* set_word(sqlparser::SetOp op) {
  switch (op) {
    case sqlparser::SetOp::kUnion:
      return "UNION";
    case sqlparser::SetOp::kExcept:
      return "EXCEPT";
    case sqlparser::SetOp::kIntersect:
      return "INTERSECT";
  }
  return "";
}

// The expressions that give a column its values.
void collect_outputs(BoundQuery& query, std::size_t column, std::vector<ExpressionPtr*>& outputs) {
  if (query.kind == QueryKind::kSelect) outputs.push_back(&query.outputs[column]);
  for (auto& row : query.values) outputs.push_back(&row[column]);
  for (SetArm& arm : query.arms) collect_outputs(*arm.query, column, outputs);
}

std::vector<ExpressionPtr*> outputs_of(BoundQuery& query, std::size_t column) {
  std::vector<ExpressionPtr*> outputs;
  collect_outputs(query, column, outputs);
  return outputs;
}

void set_type(ResultColumn& column, const base::TypeInfo& type) {
  column.type = type;
  column.case_sensitive = base::is_text(type.type) && !type.nocase;
}

void refresh_types(BoundQuery& query) {
  for (SetArm& arm : query.arms) refresh_types(*arm.query);
  for (std::size_t i = 0; i < query.columns.size(); ++i) {
    base::TypeInfo type;
    for (const ExpressionPtr* output : outputs_of(query, i)) {
      type = common_type(type, (*output)->type, (*output)->position);
    }
    set_type(query.columns[i], type);
  }
}

Nullability joined(sqlparser::SetOp op, Nullability left, Nullability right) {
  const bool left_certain = left == Nullability::kNoNulls;
  const bool right_certain = right == Nullability::kNoNulls;
  switch (op) {
    case sqlparser::SetOp::kUnion:
      return left_certain && right_certain ? left : Nullability::kNullable;
    case sqlparser::SetOp::kIntersect:
      return left_certain || right_certain ? Nullability::kNoNulls : Nullability::kNullable;
    case sqlparser::SetOp::kExcept:
      break;
  }
  return left;
}

// Types that no conversion makes fit, told at the arm that brings them. Constants convert.
void check_types(BoundQuery& arm, std::vector<base::TypeInfo>& types, Position position) {
  for (std::size_t i = 0; i < types.size(); ++i) {
    for (const ExpressionPtr* output : outputs_of(arm, i)) {
      if ((*output)->is_literal()) continue;
      types[i] = common_type(types[i], (*output)->type, position);
    }
  }
}

}  // namespace

ResultColumn unnamed_column(std::size_t position, const Expression& expression) {
  ResultColumn column;
  column.label = "column" + std::to_string(position);
  column.nullability = expression.nullability;
  set_type(column, expression.type);
  return column;
}

void StatementBinder::finish(BoundQuery& bound) {
  for (std::size_t i = 0; i < bound.columns.size(); ++i) {
    for (ExpressionPtr* output : outputs_of(bound, i)) settle(context_, **output);
  }
  refresh_types(bound);
}

BoundQueryPtr StatementBinder::bind_values(const sqlparser::ValuesBody& body, const Scope* outer,
                                           Typing typing) {
  BoundQueryPtr bound = new_query(QueryKind::kValues, body.position);
  const Scope scope(outer);
  for (const sqlparser::ExprList& row : body.rows) {
    bound->values.push_back(bind_list(row, scope, Clause::kValue));
  }
  const std::size_t width = bound->values.empty() ? 0 : bound->values[0].size();
  for (std::size_t i = 0; i < width; ++i) {
    unify(context_, outputs_of(*bound, i), body.position);
    ResultColumn column = unnamed_column(i + 1, *bound->values[0][i]);
    column.name = column.label;
    for (const auto& row : bound->values) {
      column.nullability =
          joined(sqlparser::SetOp::kUnion, column.nullability, row[i]->nullability);
    }
    bound->columns.push_back(std::move(column));
  }
  refresh_types(*bound);
  if (typing == Typing::kFinal) finish(*bound);
  return bound;
}

BoundQueryPtr StatementBinder::bind_set_operation(const sqlparser::SetOperationBody& body,
                                                  const Scope* outer, Typing typing,
                                                  const Anchor* anchor) {
  BoundQueryPtr bound = new_query(QueryKind::kSetOperation, body.position);
  bound->arms.push_back({sqlparser::SetOp::kUnion, false,
                         bind_body(*body.first, nullptr, outer, Typing::kOpen, nullptr)});
  BoundQuery& first = *bound->arms[0].query;
  const std::size_t width = first.columns.size();
  if (anchor != nullptr) begin_recursion(*anchor, first);
  std::vector<base::TypeInfo> types(width);
  check_types(first, types, body.position);
  for (const ResultColumn& column : first.columns) {
    bound->columns.push_back(column);
    bound->columns.back().base_table.clear();
    bound->columns.back().base_column.clear();
  }
  for (const sqlparser::SetStep& step : body.steps) {
    BoundQueryPtr arm = bind_body(*step.body, nullptr, outer, Typing::kOpen, nullptr);
    if (arm->columns.size() != width) {
      throw base::Error("42000", "the sides of " + std::string(set_word(step.op)) +
                                     at_position(step.position) + " have " + std::to_string(width) +
                                     " and " + std::to_string(arm->columns.size()) + " columns");
    }
    check_types(*arm, types, step.position);
    for (std::size_t i = 0; i < width; ++i) {
      bound->columns[i].nullability =
          joined(step.op, bound->columns[i].nullability, arm->columns[i].nullability);
    }
    bound->arms.push_back({step.op, step.all, std::move(arm)});
  }
  if (anchor != nullptr && anchor->common->recursive) {
    fit_recursive_arms(*bound);
  } else {
    for (std::size_t i = 0; i < width; ++i) {
      unify(context_, outputs_of(*bound, i), body.position);
    }
    if (typing == Typing::kFinal) finish(*bound);
  }
  return bound;
}

// The first arm has fixed the types that the others have already read.
void StatementBinder::fit_recursive_arms(BoundQuery& bound) {
  const std::vector<ResultColumn> fixed = bound.arms[0].query->columns;
  for (std::size_t a = 1; a < bound.arms.size(); ++a) {
    for (std::size_t i = 0; i < fixed.size(); ++i) {
      for (ExpressionPtr* output : outputs_of(*bound.arms[a].query, i)) {
        const Position position = (*output)->position;
        const base::TypeInfo own = (*output)->type;
        const base::TypeInfo common = common_type(fixed[i].type, own, position);
        const bool whole = base::is_integer(fixed[i].type.type) && base::is_integer(common.type);
        const bool text = base::is_text(fixed[i].type.type);
        const bool same_scale =
            common.type != base::SqlType::kDecimal || common.scale == fixed[i].type.scale;
        if (!whole && !text && (common.type != fixed[i].type.type || !same_scale)) {
          throw base::Error("42000", "column " + std::to_string(i + 1) + at_position(position) +
                                         " is " + type_name(own) + ", but " +
                                         type_name(fixed[i].type) +
                                         " in the first query of the recursion: CAST one of them");
        }
        *output = coerce(context_, std::move(*output), fixed[i].type, position);
      }
    }
  }
  finish(bound);
  for (std::size_t i = 0; i < fixed.size(); ++i) {
    // Each round may make the text longer.
    ResultColumn& column = bound.columns[i];
    if (base::is_text(column.type.type) && column.type.size > fixed[i].type.size) {
      const bool nocase = column.type.nocase;
      set_type(column, base::long_text_type());
      column.type.nocase = nocase;
      column.case_sensitive = !nocase;
    }
  }
}

}  // namespace graphodbc::query
