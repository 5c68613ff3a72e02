// Walks over bound queries, and copies of them.
#include "query/binder/bound_query.h"

#include <unordered_map>
#include <unordered_set>

namespace graphodbc::query {
namespace {

using Visit = std::function<void(const BoundQuery&)>;

class QueryWalk {
 public:
  explicit QueryWalk(const Visit& visit) : visit_(visit) {}

  void query(const BoundQuery& query) {
    if (!seen_.insert(&query).second) return;
    visit_(query);
    for (const auto& common : query.with) {
      if (common->query) this->query(*common->query);
    }
    for_each_relation(query.from.get(), [&](const Relation& relation) {
      if (relation.query) this->query(*relation.query);
    });
    for (const SetArm& arm : query.arms) this->query(*arm.query);
    for_each_expression(query, [&](const Expression& expression) { inside(expression); });
  }

 private:
  void inside(const Expression& expression) {
    if (expression.query) query(*expression.query);
    for (const ExpressionPtr& child : expression.children) inside(*child);
  }

  const Visit& visit_;
  std::unordered_set<const BoundQuery*> seen_;
};

void for_each_condition(const FromNode* from, const std::function<void(const Expression&)>& visit) {
  if (from == nullptr || from->relation) return;
  for_each_condition(from->left.get(), visit);
  for_each_condition(from->right.get(), visit);
  if (from->on) visit(*from->on);
}

class QueryCopy {
 public:
  std::shared_ptr<BoundQuery> query(const BoundQuery& from) {
    auto& copy = queries_[&from];
    if (copy) return copy;
    auto to = std::make_shared<BoundQuery>();
    copy = to;
    to->kind = from.kind;
    for (const auto& table : from.with) to->with.push_back(common(*table));
    to->columns = from.columns;
    to->from = node(from.from.get());
    to->outputs = list(from.outputs);
    to->where = expression(from.where);
    to->search = expression(from.search);
    to->distinct = from.distinct;
    to->grouped = from.grouped;
    to->groups = list(from.groups);
    to->having = expression(from.having);
    for (const auto& row : from.values) to->values.push_back(list(row));
    for (const SetArm& arm : from.arms) to->arms.push_back({arm.op, arm.all, query(*arm.query)});
    for (const BoundOrderKey& key : from.order) {
      to->order.push_back(
          {expression(key.expression), key.output, key.descending, key.nulls, key.position});
    }
    to->limit = expression(from.limit);
    to->offset = expression(from.offset);
    to->percent = from.percent;
    to->with_ties = from.with_ties;
    to->number = from.number;
    to->position = from.position;
    return to;
  }

 private:
  std::shared_ptr<CommonTable> common(const CommonTable& from) {
    auto to = std::make_shared<CommonTable>();
    commons_[&from] = to;  // before its query, which may read it
    to->name = from.name;
    to->columns = from.columns;
    to->recursive = from.recursive;
    to->materialized = from.materialized;
    if (from.query) to->query = query(*from.query);
    return to;
  }

  std::unique_ptr<FromNode> node(const FromNode* from) {
    if (from == nullptr) return nullptr;
    auto to = std::make_unique<FromNode>();
    to->relation = relation(from->relation.get());
    to->join = from->join;
    to->left = node(from->left.get());
    to->right = node(from->right.get());
    to->on = expression(from->on);
    return to;
  }

  std::unique_ptr<Relation> relation(const Relation* from) {
    if (from == nullptr) return nullptr;
    auto to = std::make_unique<Relation>();
    to->correlation = from->correlation;
    to->first_column = from->first_column;
    to->columns = from->columns;
    to->table = from->table;
    to->position = from->position;
    if (from->query) to->query = query(*from->query);
    // A WITH name from outside of what is copied stays the original's.
    const auto copied = commons_.find(from->common.get());
    if (copied == commons_.end()) {
      to->common = from->common;
    } else {
      to->common = copied->second->query ? copied->second : unowned(*copied->second);
    }
    return to;
  }

  ExpressionPtr expression(const ExpressionPtr& from) {
    if (!from) return nullptr;
    ExpressionPtr to = query::clone(*from);
    copy_queries(*to);
    return to;
  }

  void copy_queries(Expression& expression) {
    if (expression.query) expression.query = query(*expression.query);
    for (const ExpressionPtr& child : expression.children) copy_queries(*child);
  }

  std::vector<ExpressionPtr> list(const std::vector<ExpressionPtr>& from) {
    std::vector<ExpressionPtr> to;
    to.reserve(from.size());
    for (const ExpressionPtr& item : from) to.push_back(expression(item));
    return to;
  }

  std::unordered_map<const BoundQuery*, std::shared_ptr<BoundQuery>> queries_;
  std::unordered_map<const CommonTable*, std::shared_ptr<CommonTable>> commons_;
};

}  // namespace

std::shared_ptr<CommonTable> unowned(CommonTable& common) {
  return {std::shared_ptr<void>(), &common};
}

const Relation* sole_relation(const BoundQuery& query) {
  return query.from ? query.from->relation.get() : nullptr;
}

void for_each_relation(const FromNode* from, const std::function<void(const Relation&)>& visit) {
  if (from == nullptr) return;
  if (from->relation) {
    visit(*from->relation);
    return;
  }
  for_each_relation(from->left.get(), visit);
  for_each_relation(from->right.get(), visit);
}

void for_each_expression(const BoundQuery& query,
                         const std::function<void(const Expression&)>& visit) {
  const auto one = [&](const ExpressionPtr& expression) {
    if (expression) visit(*expression);
  };
  for_each_condition(query.from.get(), visit);
  for (const ExpressionPtr& output : query.outputs) one(output);
  one(query.where);
  one(query.search);
  for (const ExpressionPtr& group : query.groups) one(group);
  one(query.having);
  for (const auto& row : query.values) {
    for (const ExpressionPtr& value : row) one(value);
  }
  for (const BoundOrderKey& key : query.order) one(key.expression);
  one(query.limit);
  one(query.offset);
}

void for_each_query(const BoundQuery& query, const std::function<void(const BoundQuery&)>& visit) {
  QueryWalk(visit).query(query);
}

std::shared_ptr<BoundQuery> clone(const BoundQuery& query) {
  return QueryCopy().query(query);
}

}  // namespace graphodbc::query
