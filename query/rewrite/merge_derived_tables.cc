#include <algorithm>

#include "query/rewrite/rewrite.h"

namespace graphodbc::query {
namespace {

// One row in gives at most one row out, in any order.
bool only_selects(const BoundQuery& query) {
  return query.kind == QueryKind::kSelect && query.from && query.with.empty() && !query.distinct &&
         !query.grouped && !query.percent && !query.with_ties && !query.search;
}

bool can_be_repeated(const std::vector<ExpressionPtr>& outputs) {
  return std::none_of(outputs.begin(), outputs.end(), [](const ExpressionPtr& output) {
    return needs_engine(*output) || is_volatile(*output);
  });
}

bool are_columns(const std::vector<ExpressionPtr>& outputs) {
  return std::all_of(outputs.begin(), outputs.end(),
                     [](const ExpressionPtr& output) { return output->kind == NodeKind::kColumn; });
}

bool is_limited(const BoundQuery& query) {
  return query.limit || query.offset;
}

// Whether the outer query hands every row of its one relation on.
bool only_projects(const BoundQuery& query) {
  if (query.kind != QueryKind::kSelect || query.where || query.grouped || query.distinct ||
      query.percent || query.with_ties || query.search || !query.order.empty() || query.offset) {
    return false;
  }
  return std::none_of(query.outputs.begin(), query.outputs.end(),
                      [](const ExpressionPtr& output) { return needs_engine(*output); });
}

// The smaller of two limits; null when that shows only later.
ExpressionPtr smaller(const Expression& left, const Expression& right) {
  if (!left.is_literal() || !right.is_literal()) return nullptr;
  if (left.cell.is_null() || right.cell.is_null()) return nullptr;
  return clone(left.cell.integer <= right.cell.integer ? left : right);
}

class Merger {
 public:
  explicit Merger(BoundQuery& outer) : outer_(outer) {}

  bool run() {
    if (!outer_.from) return false;
    if (outer_.from->relation) return merge_sole();
    return merge_below(*outer_.from, nullptr);
  }

 private:
  BoundQuery* derived(FromNode& node) const {
    if (!node.relation || !node.relation->query) return nullptr;
    BoundQuery& query = *node.relation->query;
    return only_selects(query) && can_be_repeated(query.outputs) ? &query : nullptr;
  }

  // The outer query's only relation: ORDER BY and LIMIT below may be taken over too.
  bool merge_sole() {
    BoundQuery* inner = derived(*outer_.from);
    if (inner == nullptr) return false;
    if (is_limited(*inner)) {
      if (!only_projects(outer_)) return false;
      if (outer_.limit && inner->limit) {
        ExpressionPtr limit = smaller(*outer_.limit, *inner->limit);
        if (!limit) return false;
        inner->limit = std::move(limit);
      } else if (outer_.limit) {
        inner->limit = std::move(outer_.limit);
      }
      outer_.limit = std::move(inner->limit);
      outer_.offset = std::move(inner->offset);
    }
    const bool keeps_order = outer_.order.empty() && !outer_.grouped && !outer_.distinct;
    std::vector<BoundOrderKey> order = std::move(inner->order);
    merge(outer_.from, outer_.where);
    if (keeps_order) {
      for (BoundOrderKey& key : order) {
        key.output.reset();  // positions were those of the inner result
        outer_.order.push_back(std::move(key));
      }
    }
    return true;
  }

  // `condition` receives what the merged table's WHERE says: null stands for the outer WHERE.
  bool merge_below(FromNode& node, ExpressionPtr* condition) {
    if (node.relation) return false;
    const bool left_optional = node.join == JoinKind::kRight || node.join == JoinKind::kFull;
    const bool right_optional = node.join == JoinKind::kLeft || node.join == JoinKind::kFull;
    if (node.join == JoinKind::kFull) {
      return merge_children(*node.left, *node.right);
    }
    return merge_side(node, node.left, left_optional, condition) ||
           merge_side(node, node.right, right_optional, condition);
  }

  // A row of a FULL JOIN may lack either side, and its ON takes no row away: only below an inner
  // join is there a place for a condition.
  bool merge_children(FromNode& left, FromNode& right) {
    const auto below = [&](FromNode& side) {
      return !side.relation && side.join == JoinKind::kInner && merge_below(side, &side.on);
    };
    return below(left) || below(right);
  }

  bool merge_side(FromNode& join, std::unique_ptr<FromNode>& side, bool optional,
                  ExpressionPtr* condition) {
    ExpressionPtr& target = optional ? join.on : condition != nullptr ? *condition : outer_.where;
    if (!side->relation) {
      // A condition of an inner join may stand in its own ON; below an outer join's optional side
      // it has to.
      return merge_below(*side, optional ? &join.on : condition);
    }
    BoundQuery* inner = derived(*side);
    if (inner == nullptr || is_limited(*inner)) return false;
    // A computed value of a missing row is null, and its expression over nulls may not be.
    if (optional && !are_columns(inner->outputs)) return false;
    merge(side, target);
    return true;
  }

  void merge(std::unique_ptr<FromNode>& leaf, ExpressionPtr& condition) {
    const std::uint32_t first = leaf->relation->first_column;
    const std::shared_ptr<BoundQuery> inner = leaf->relation->query;
    leaf = std::move(inner->from);
    condition = both(std::move(condition), std::move(inner->where));
    substitute(outer_, first, inner->outputs);
  }

  BoundQuery& outer_;
};

}  // namespace

bool merge_derived_tables(BoundQuery& root) {
  bool changed = false;
  for_each_query(root, [&](BoundQuery& query) {
    while (query.kind == QueryKind::kSelect && Merger(query).run()) changed = true;
  });
  return changed;
}

}  // namespace graphodbc::query
