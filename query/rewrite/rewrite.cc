#include "query/rewrite/rewrite.h"

namespace graphodbc::query {

std::shared_ptr<BoundQuery> rewrite(const BoundQuery& query) {
  std::shared_ptr<BoundQuery> copy = clone(query);
  constexpr bool (*kRules[])(BoundQuery&) = {inline_common_tables, merge_derived_tables};
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto rule : kRules) changed = rule(*copy) || changed;
  }
  return copy;
}

void for_each_query(BoundQuery& root, const std::function<void(BoundQuery&)>& visit) {
  // The whole tree is the caller's, so what the constant walk finds may be changed.
  for_each_query(static_cast<const BoundQuery&>(root),
                 [&](const BoundQuery& query) { visit(const_cast<BoundQuery&>(query)); });
}

void for_each_leaf(FromNode* from, const std::function<void(FromNode&)>& visit) {
  if (from == nullptr) return;
  if (from->relation) {
    visit(*from);
    return;
  }
  for_each_leaf(from->left.get(), visit);
  for_each_leaf(from->right.get(), visit);
}

namespace {

void for_each_on(FromNode* from, const std::function<void(ExpressionPtr&)>& visit) {
  if (from == nullptr || from->relation) return;
  for_each_on(from->left.get(), visit);
  for_each_on(from->right.get(), visit);
  visit(from->on);
}

}  // namespace

void for_each_slot(BoundQuery& query, const std::function<void(ExpressionPtr&)>& visit) {
  for_each_on(query.from.get(), visit);
  for (ExpressionPtr& output : query.outputs) visit(output);
  visit(query.where);
  visit(query.search);
  for (ExpressionPtr& group : query.groups) visit(group);
  visit(query.having);
  for (auto& row : query.values) {
    for (ExpressionPtr& value : row) visit(value);
  }
  for (BoundOrderKey& key : query.order) visit(key.expression);
  visit(query.limit);
  visit(query.offset);
}

void substitute(ExpressionPtr& expression, std::uint32_t first,
                const std::vector<ExpressionPtr>& by) {
  if (!expression) return;
  if (expression->kind == NodeKind::kColumn) {
    const std::uint32_t at = expression->index - first;
    if (expression->index >= first && at < by.size()) expression = clone(*by[at]);
    return;
  }
  for (ExpressionPtr& child : expression->children) substitute(child, first, by);
}

void substitute(BoundQuery& query, std::uint32_t first, const std::vector<ExpressionPtr>& by) {
  for_each_query(query, [&](BoundQuery& below) {
    for_each_slot(below, [&](ExpressionPtr& slot) { substitute(slot, first, by); });
  });
}

ExpressionPtr both(ExpressionPtr left, ExpressionPtr right) {
  if (!left) return right;
  if (!right) return left;
  BindContext context;
  const Position position = left->position;
  std::vector<ExpressionPtr> parts;
  parts.push_back(std::move(left));
  parts.push_back(std::move(right));
  return make_and(context, std::move(parts), position);
}

}  // namespace graphodbc::query
