#include "query/planner/local_planner.h"

#include <algorithm>
#include <map>

#include "query/planner/conjuncts.h"
#include "query/planner/derived_conditions.h"
#include "query/planner/equalities.h"
#include "query/planner/key_sources.h"
#include "query/rewrite/rewrite.h"

namespace graphodbc::query {
namespace {

using Conjuncts = std::vector<ExpressionPtr>;

// The column numbers below one node of a FROM clause.
class ColumnSet {
 public:
  explicit ColumnSet(const FromNode& node) {
    for_each_relation(&node, [&](const Relation& relation) {
      ranges_.emplace_back(
          relation.first_column,
          relation.first_column + static_cast<std::uint32_t>(relation.columns.size()));
    });
  }
  bool has(std::uint32_t column) const {
    return std::any_of(ranges_.begin(), ranges_.end(), [&](const auto& range) {
      return column >= range.first && column < range.second;
    });
  }
  bool has_all(const Expression& expression) const {
    std::vector<std::uint32_t> used;
    collect_columns(expression, used);
    return !used.empty() &&
           std::all_of(used.begin(), used.end(), [&](std::uint32_t column) { return has(column); });
  }

 private:
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ranges_;
};

// Whether a scan can decide it row by row, as often as it likes.
bool is_row_condition(const Expression& condition) {
  return !needs_engine(condition) && !is_volatile(condition);
}

// The same for every row: unless it is TRUE, nothing needs to be read.
bool is_constant_condition(const Expression& condition) {
  std::vector<std::uint32_t> used;
  collect_columns(condition, used);
  return used.empty() && is_row_condition(condition);
}

ExpressionPtr join_conjuncts(Conjuncts conjuncts) {
  if (conjuncts.empty()) return nullptr;
  BindContext context;
  const Position position = conjuncts[0]->position;
  return make_and(context, std::move(conjuncts), position);
}

// The rows of a scan that are enough.
struct Limit {
  ExpressionPtr limit;
  ExpressionPtr offset;
  std::vector<BoundOrderKey> order;
};

class LocalPlanner {
 public:
  LocalPlanner(std::shared_ptr<BoundQuery> query, const SessionOptions& options)
      : query_(std::move(query)), options_(options) {}

  LocalPlan run() {
    for_each_query(*query_, [&](BoundQuery& query) { distribute(query); });
    for_each_query(*query_, [&](BoundQuery& query) {
      note_columns(query);
      note_limits(query);
      note_handed_on(query);
    });
    LocalPlan plan;
    for_each_query(*query_, [&](BoundQuery& query) {
      for_each_relation(query.from.get(), [&](const Relation& relation) {
        if (relation.table != nullptr) plan.scans.push_back(make_scan(relation));
      });
    });
    for (ScanSpec& scan : plan.scans) scan.query.keyed = is_owner_joined(scan, plan.scans);
    choose_key_sources(plan.scans, equalities_, handed_on_, options_);
    const bool alone = plan.scans.size() == 1 && !has_subquery_ && !has_common_ && !has_join_;
    if (alone) plan.scans[0].materialized = false;
    plan.query = std::move(query_);
    return plan;
  }

 private:
  // --- Conditions -----------------------------------------------------------------------------

  void distribute(BoundQuery& query) {
    if (!query.with.empty()) has_common_ = true;
    if (query.kind != QueryKind::kSelect || !query.from) return;
    if (!query.from->relation) has_join_ = true;
    Conjuncts where = split_conjuncts(std::move(query.where));
    if (query.search) searches_[leaf_of(*query.from)] = std::move(query.search);
    note_outer_keys(ColumnSet(*query.from), where);
    for (const ExpressionPtr& conjunct : where) {
      if (is_constant_condition(*conjunct)) spread(*query.from, *conjunct);
    }
    push_into(*query.from, where);
    query.where = join_conjuncts(std::move(where));
  }

  // To every scan, also below outer joins: where it is not TRUE, no row is left whatever they give.
  void spread(const FromNode& from, const Expression& condition) {
    for_each_relation(&from, [&](const Relation& relation) {
      if (relation.table != nullptr) taken_[relation.first_column].push_back(clone(condition));
    });
  }

  static std::uint32_t leaf_of(const FromNode& node) {
    const FromNode* at = &node;
    while (!at->relation) at = at->left.get();
    return at->relation->first_column;
  }

  // Takes from `above`, conditions that every row of the node must meet, what can be decided below.
  void push_into(FromNode& node, Conjuncts& above) {
    if (node.relation) {
      take(*node.relation, ColumnSet(node), above);
      return;
    }
    Conjuncts on = split_conjuncts(std::move(node.on));
    switch (node.join) {
      case JoinKind::kInner:
        push_into_inner(node, above, on);
        break;
      case JoinKind::kLeft:
        push_into_outer(*node.left, *node.right, above, on);
        break;
      case JoinKind::kRight:
        push_into_outer(*node.right, *node.left, above, on);
        break;
      case JoinKind::kFull: {
        Conjuncts none;
        push_into(*node.left, none);
        push_into(*node.right, none);
        break;
      }
    }
    node.on = join_conjuncts(std::move(on));
  }

  void push_into_inner(FromNode& node, Conjuncts& above, Conjuncts& on) {
    for (ExpressionPtr& conjunct : above) on.push_back(std::move(conjunct));
    above.clear();
    transfer_equalities(on);
    note_equalities(on, true);
    push_side(*node.left, on);
    push_side(*node.right, on);
  }

  // `kept` is the side whose rows all stay.
  void push_into_outer(FromNode& kept, FromNode& optional, Conjuncts& above, Conjuncts& on) {
    push_side(kept, above, &on, &optional);
    note_equalities(on, false, &optional);
    push_side(optional, on);
  }

  // Gives the side what it alone decides. With `on`, what the side's rows are known to meet is
  // carried over to the other side through the join's equalities.
  void push_side(FromNode& side, Conjuncts& conjuncts, Conjuncts* on = nullptr,
                 const FromNode* other = nullptr) {
    const ColumnSet columns(side);
    Conjuncts own;
    Conjuncts rest;
    for (ExpressionPtr& conjunct : conjuncts) {
      Conjuncts& to = columns.has_all(*conjunct) ? own : rest;
      to.push_back(std::move(conjunct));
    }
    if (on != nullptr && other != nullptr) {
      const ColumnSet targets(*other);
      std::vector<const Expression*> known;
      for (const ExpressionPtr& conjunct : own) known.push_back(conjunct.get());
      for (ExpressionPtr& carried : carried_equalities(*on, known)) {
        if (targets.has_all(*carried)) on->push_back(std::move(carried));
      }
    }
    push_into(side, own);
    for (ExpressionPtr& conjunct : own) rest.push_back(std::move(conjunct));
    conjuncts = std::move(rest);
  }

  void take(const Relation& relation, const ColumnSet& columns, Conjuncts& above) {
    Conjuncts rest;
    for (ExpressionPtr& conjunct : above) {
      const bool own = columns.has_all(*conjunct) && is_row_condition(*conjunct);
      if (own && relation.table != nullptr) {
        taken_[relation.first_column].push_back(std::move(conjunct));
      } else if (!own || !relation.query ||
                 !push_into_derived(*relation.query, relation.first_column, *conjunct)) {
        rest.push_back(std::move(conjunct));
      }
    }
    above = std::move(rest);
  }

  // --- Keys that come from another scan -------------------------------------------------------

  void note_equalities(const Conjuncts& conjuncts, bool both_ways,
                       const FromNode* optional = nullptr) {
    for (const ExpressionPtr& conjunct : conjuncts) {
      const auto pair = column_equality(*conjunct);
      if (!pair) continue;
      if (both_ways) {
        equalities_.push_back({pair->first, pair->second, true, 0, conjunct->nocase});
      } else if (optional != nullptr) {
        const ColumnSet columns(*optional);
        if (columns.has(pair->first) == columns.has(pair->second)) continue;
        equalities_.push_back({pair->first, pair->second, false,
                               columns.has(pair->first) ? pair->first : pair->second,
                               conjunct->nocase});
      }
    }
  }

  // IN (SELECT ..), = ANY (SELECT ..)
  static bool is_among(const Expression& condition) {
    if (condition.kind == NodeKind::kInQuery) return !condition.negated;
    return condition.kind == NodeKind::kQuantified && condition.quantifier == Quantifier::kAny &&
           condition.comparison == CompareOp::kEqual;
  }

  // `a = outer.b` in a subquery, and `a IN (SELECT b ..)`: b's values choose the rows of a.
  void note_outer_keys(const ColumnSet& own, const Conjuncts& where) {
    for (const ExpressionPtr& conjunct : where) {
      if (const auto pair = column_equality(*conjunct)) {
        if (own.has(pair->first) != own.has(pair->second)) {
          equalities_.push_back({pair->first, pair->second, false,
                                 own.has(pair->first) ? pair->first : pair->second,
                                 conjunct->nocase});
        }
      } else if (is_among(*conjunct)) {
        const Expression& key = conjunct->child(0);
        const BoundQuery& list = *conjunct->query;
        if (key.kind != NodeKind::kColumn || list.kind != QueryKind::kSelect ||
            list.outputs[0]->kind != NodeKind::kColumn) {
          continue;
        }
        equalities_.push_back(
            {key.index, list.outputs[0]->index, false, key.index, conjunct->nocase});
      }
    }
  }

  // Whether another table's rows say whose rows the scan's are, also where a condition on those has
  // been carried over to it. Contexts that only name each other say nothing.
  bool is_owner_joined(const ScanSpec& scan, const std::vector<ScanSpec>& scans) const {
    const std::string& name = scan.query.table->context.column;
    if (name.empty()) return false;
    const std::uint32_t owner =
        scan.first_column + static_cast<std::uint32_t>(*scan.query.table->find(name));
    return std::any_of(equalities_.begin(), equalities_.end(), [&](const KeyEquality& equality) {
      if (equality.left != owner && equality.right != owner) return false;
      if (!equality.both_ways && equality.chosen != owner) return false;
      return !is_context(equality.left == owner ? equality.right : equality.left, scans);
    });
  }

  static bool is_context(std::uint32_t number, const std::vector<ScanSpec>& scans) {
    return std::any_of(scans.begin(), scans.end(), [&](const ScanSpec& scan) {
      const auto& columns = scan.query.table->columns;
      return number >= scan.first_column && number - scan.first_column < columns.size() &&
             columns[number - scan.first_column].role == schema::ColumnRole::kContext;
    });
  }

  // Columns of derived tables and WITH names that hand a column of their query on.
  void note_handed_on(const BoundQuery& query) {
    for_each_relation(query.from.get(), [&](const Relation& relation) {
      const BoundQuery* inner = relation.query.get();
      if (relation.common && !relation.common->recursive) inner = relation.common->query.get();
      if (inner == nullptr || inner->kind != QueryKind::kSelect) return;
      for (std::uint32_t i = 0; i < inner->outputs.size(); ++i) {
        const Expression& output = *inner->outputs[i];
        if (output.kind != NodeKind::kColumn) continue;
        handed_on_[relation.first_column + i] = output.index;
      }
    });
  }

  // --- Scans ----------------------------------------------------------------------------------

  void note_columns(const BoundQuery& query) {
    for_each_expression(query, [&](const Expression& expression) {
      collect_columns(expression, used_);
      has_subquery_ = has_subquery_ || has_subquery(expression);
    });
  }

  static bool has_subquery(const Expression& expression) {
    if (expression.query) return true;
    return std::any_of(expression.children.begin(), expression.children.end(),
                       [](const ExpressionPtr& child) { return has_subquery(*child); });
  }

  // The first rows of a query's scans are enough where nothing above them drops or orders rows, or
  // where all that orders them is one scan's own. `outer` is the query whose limit counts.
  void limit_scans(const BoundQuery& query, const BoundQuery& outer) {
    if (!outer.limit || query.kind != QueryKind::kSelect || query.where || query.grouped ||
        query.distinct || outer.percent || outer.with_ties || !query.from ||
        std::any_of(query.outputs.begin(), query.outputs.end(),
                    [](const ExpressionPtr& output) { return needs_engine(*output); })) {
      return;
    }
    limit_side(*query.from, query, outer);
  }

  // Only where each row of the side gives a row or more of the join.
  void limit_side(const FromNode& node, const BoundQuery& query, const BoundQuery& outer) {
    if (node.relation) {
      if (node.relation->table != nullptr) limit_scan(*node.relation, query, outer);
      return;
    }
    if (node.join == JoinKind::kLeft) limit_side(*node.left, query, outer);
    if (node.join == JoinKind::kRight) limit_side(*node.right, query, outer);
    if (node.join == JoinKind::kInner && !node.on && query.order.empty()) {
      limit_side(*node.left, query, outer);
      limit_side(*node.right, query, outer);
    }
  }

  // Whether Graph may give the relation's rows in the order of the key. What stands against it in
  // this run shows when the scan is planned (TableQuery::for_engine).
  bool may_sort(const Relation& relation, const BoundOrderKey& key) const {
    const std::uint32_t first = relation.first_column;
    return options_.pushdown && !relation.table->walk &&
           key.expression->kind == NodeKind::kColumn && key.expression->index >= first &&
           key.expression->index - first < relation.columns.size() &&
           relation.table->columns[key.expression->index - first].sortable;
  }

  void limit_scan(const Relation& relation, const BoundQuery& query, const BoundQuery& outer) {
    const auto width = static_cast<std::uint32_t>(relation.columns.size());
    if (!std::all_of(query.order.begin(), query.order.end(),
                     [&](const BoundOrderKey& key) { return may_sort(relation, key); })) {
      return;
    }
    Limit& limit = limits_[relation.first_column];
    limit.limit = clone(*outer.limit);
    if (outer.offset) limit.offset = clone(*outer.offset);
    for (const BoundOrderKey& key : query.order) {
      limit.order.push_back(
          {clone(*key.expression), std::nullopt, key.descending, key.nulls, key.position});
      number_from_zero(*limit.order.back().expression, relation.first_column, width);
    }
  }

  void note_limits(const BoundQuery& query) {
    limit_scans(query, query);
    if (query.kind != QueryKind::kSetOperation || !query.order.empty()) return;
    const bool all = std::all_of(query.arms.begin() + 1, query.arms.end(), [](const SetArm& arm) {
      return arm.op == sqlparser::SetOp::kUnion && arm.all;
    });
    for (const SetArm& arm : query.arms) {
      // What sorts an arm or takes rows of it is the arm's own affair.
      const bool plain = !arm.query->limit && !arm.query->offset && arm.query->order.empty();
      if (all && plain) limit_scans(*arm.query, query);
    }
  }

  ScanSpec make_scan(const Relation& relation) {
    ScanSpec spec;
    spec.first_column = relation.first_column;
    spec.correlation = relation.correlation;
    spec.query.table = relation.table;
    spec.query.position = relation.position;
    const auto width = static_cast<std::uint32_t>(relation.columns.size());
    for (std::uint32_t number : used_) {
      if (number < relation.first_column || number >= relation.first_column + width) continue;
      const std::uint32_t column = number - relation.first_column;
      spec.columns.push_back(column);
      const RelationColumn& description = relation.columns[column];
      spec.query.outputs.push_back(
          make_column(column, description.type, description.nullability, relation.position));
    }
    const auto taken = taken_.find(relation.first_column);
    if (taken != taken_.end()) {
      spec.query.where = join_conjuncts(std::move(taken->second));
      number_from_zero(*spec.query.where, relation.first_column, width);
    }
    const auto limit = limits_.find(relation.first_column);
    if (limit != limits_.end()) {
      spec.query.limit = std::move(limit->second.limit);
      spec.query.offset = std::move(limit->second.offset);
      spec.query.order = std::move(limit->second.order);
    }
    spec.query.for_engine = true;
    const auto search = searches_.find(relation.first_column);
    if (search != searches_.end()) spec.query.search = std::move(search->second);
    return spec;
  }

  std::shared_ptr<BoundQuery> query_;
  const SessionOptions& options_;
  std::map<std::uint32_t, Conjuncts> taken_;         // by the relation's first column
  std::map<std::uint32_t, ExpressionPtr> searches_;  // same
  std::map<std::uint32_t, Limit> limits_;            // same
  std::vector<KeyEquality> equalities_;
  HandedOn handed_on_;
  std::vector<std::uint32_t> used_;
  bool has_subquery_ = false;
  bool has_common_ = false;
  bool has_join_ = false;  // SQLite may read a side of it once for each row of the other
};

// No id is longer, and addresses have an end.
bool is_short(const base::Value& key) {
  constexpr std::size_t kLongestKey = 512;
  return key.cell().view().size() <= kLongestKey;
}

}  // namespace

TableQuery with_keys(const ScanSpec& scan, const std::vector<base::Value>& keys) {
  TableQuery query = copy_of(scan.query);
  const bool optional = scan.keys->at_most != 0;
  if (optional && !std::all_of(keys.begin(), keys.end(), is_short)) return query;
  query.keyed = query.keyed || !optional;
  query.filtered_by_keys = optional;
  const schema::Column& column = query.table->columns[scan.keys->column];
  BindContext context;
  const Position position;
  if (keys.empty()) {
    add_condition(query, make_bool(false, position));
    return query;
  }
  std::vector<ExpressionPtr> values;
  values.reserve(keys.size());
  for (const base::Value& key : keys) {
    values.push_back(make_literal(key, column.type, position));
  }
  add_condition(query, make_in_list(context,
                                    make_column(scan.keys->column, column.type,
                                                Nullability::kNullable, position),
                                    std::move(values), false, position));
  return query;
}

LocalPlan plan_local(std::shared_ptr<BoundQuery> query, const SessionOptions& options) {
  return LocalPlanner(std::move(query), options).run();
}

}  // namespace graphodbc::query
