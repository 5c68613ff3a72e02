// WITH names, recursive ones too.
#include "base/error.h"
#include "base/utf.h"
#include "query/binder/statement_binder.h"

namespace graphodbc::query {
namespace {

void name_columns(const sqlparser::CommonTableExpr& cte, const std::vector<ResultColumn>& columns,
                  CommonTable& common) {
  common.columns = columns;
  for (ResultColumn& column : common.columns) {
    if (column.name.empty()) column.name = column.label;
  }
  if (cte.columns.empty()) return;
  if (cte.columns.size() != columns.size()) {
    throw base::Error("42000", "the column list has " + std::to_string(cte.columns.size()) +
                                   " names for " + std::to_string(columns.size()) + " columns" +
                                   at_name(cte.name));
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    common.columns[i].name = cte.columns[i].text;
    common.columns[i].label = cte.columns[i].text;
  }
}

std::size_t count_readers(const BoundQuery& query, const CommonTable& common) {
  std::size_t count = 0;
  for_each_relation(query.from.get(), [&](const Relation& relation) {
    if (relation.common.get() == &common) ++count;
  });
  return count;
}

bool has_window(const BoundQuery& query) {
  bool found = false;
  for_each_expression(query, [&](const Expression& expression) {
    found = found || contains(expression, NodeKind::kWindow);
  });
  return found;
}

// What a recursive step may be (SQL:1999 7.12): each round sees the rows of the round before, so
// the name is read once, and nothing may look at all rows at once.
void check_recursion(const CommonTable& common) {
  const auto refuse = [&](Position position, const char* rule) {
    throw base::Error("42000",
                      "the recursive query of " + common.name + at_position(position) + rule);
  };
  bool recursive_before = false;
  for (const SetArm& arm : common.query->arms) {
    std::size_t readers = 0;
    for_each_query(*arm.query,
                   [&](const BoundQuery& query) { readers += count_readers(query, common); });
    const Position position = arm.query->position;
    if (readers == 0) {
      if (recursive_before) refuse(position, " must come after those that are not");
      continue;
    }
    recursive_before = true;
    if (arm.op != sqlparser::SetOp::kUnion) refuse(position, " must be joined by UNION");
    if (readers > 1 || count_readers(*arm.query, common) != 1) {
      refuse(position, " must read it once, in its own FROM");
    }
    if (arm.query->grouped || arm.query->distinct || has_window(*arm.query)) {
      refuse(position, " cannot group, use DISTINCT or window functions");
    }
    if (arm.query->limit || arm.query->offset || !arm.query->order.empty()) {
      refuse(position, " cannot have an ORDER BY or LIMIT of its own");
    }
  }
}

}  // namespace

void StatementBinder::begin_recursion(const Anchor& anchor, BoundQuery& first) {
  finish(first);
  name_columns(*anchor.cte, first.columns, *anchor.common);
  for (ResultColumn& column : anchor.common->columns) {
    column.nullability = Nullability::kNullable;  // what later rounds give is not known yet
  }
  common_tables_.push_back(anchor.common);
}

std::shared_ptr<CommonTable> StatementBinder::find_common(
    const sqlparser::QualifiedName& name) const {
  if (!name.qualifiers.empty()) return nullptr;
  for (auto common = common_tables_.rbegin(); common != common_tables_.rend(); ++common) {
    if (base::equal_nocase((*common)->name, name.name.text)) return *common;
  }
  return nullptr;
}

std::vector<std::shared_ptr<CommonTable>> StatementBinder::bind_with(const sqlparser::Query& query,
                                                                     const Scope* outer) {
  std::vector<std::shared_ptr<CommonTable>> with;
  for (const sqlparser::CommonTableExpr& cte : query.ctes) {
    for (const auto& other : with) {
      if (base::equal_nocase(other->name, cte.name.text)) {
        throw base::Error("42S01", "the WITH name is used twice" + at_name(cte.name));
      }
    }
    auto common = std::make_shared<CommonTable>();
    common->name = cte.name.text;
    common->materialized = cte.materialized;
    const Anchor anchor{&cte, common};
    const bool steps = cte.query->body->kind == sqlparser::QueryBodyKind::kSetOperation;
    BoundQueryPtr bound =
        bind_query(*cte.query, outer, Typing::kFinal, query.recursive && steps ? &anchor : nullptr);
    common->query = std::move(bound);
    name_columns(cte, common->query->columns, *common);
    if (common->recursive) check_recursion(*common);
    common_tables_.push_back(common);
    with.push_back(std::move(common));
  }
  return with;
}

}  // namespace graphodbc::query
