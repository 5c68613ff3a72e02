#include "query/engine/columns_in_use.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <vector>

#include "query/engine/storage.h"

namespace graphodbc::query {
namespace {

// What becomes of a query's results.
struct Readers {
  bool result = false;                   // they are the statement's
  bool computed = false;                 // an expression takes them
  std::vector<std::uint32_t> relations;  // first columns of those that read them
};

bool keeps_all(const BoundQuery& query) {
  return std::all_of(query.arms.begin() + 1, query.arms.end(), [](const SetArm& arm) {
    return arm.op == sqlparser::SetOp::kUnion && arm.all;
  });
}

class ColumnUse {
 public:
  explicit ColumnUse(const BoundQuery& statement) : statement_(statement) {
    readers_[&statement].result = true;
    for_each_query(statement, [&](const BoundQuery& query) { note_relations(query); });
  }

  // What is in use puts more in use, until nothing is added.
  std::set<std::uint32_t> run() {
    std::size_t before = 0;
    do {
      before = used_.size() + computed_.size();
      for_each_query(statement_, [&](const BoundQuery& query) { note(query); });
    } while (used_.size() + computed_.size() != before);
    return std::move(used_);
  }

 private:
  using Output = std::pair<const BoundQuery*, std::size_t>;

  void note_relations(const BoundQuery& query) {
    for_each_relation(query.from.get(), [&](const Relation& relation) {
      if (relation.query) readers_[relation.query.get()].relations.push_back(relation.first_column);
      if (!relation.common) return;
      Readers& readers = readers_[relation.common->query.get()];
      readers.relations.push_back(relation.first_column);
      readers.computed = readers.computed || relation.common->recursive;
    });
  }

  // Whether all that is done with a result column is to hand it on.
  bool is_handed_on(const BoundQuery& query, std::size_t output) const {
    if (computed_.contains({&query, output})) return false;
    const auto found = readers_.find(&query);
    if (found == readers_.end()) return false;
    const Readers& readers = found->second;
    return !readers.computed &&
           std::none_of(readers.relations.begin(), readers.relations.end(),
                        [&](std::uint32_t first) {
                          return used_.contains(first + static_cast<std::uint32_t>(output));
                        });
  }

  void note(const BoundQuery& query) {
    if (query.kind == QueryKind::kSetOperation) note_arms(query);
    std::vector<std::uint32_t> used;
    for_each_expression(query, [&](const Expression& expression) {
      if (!is_handed_on(query, expression)) collect_columns(expression, used);
    });
    used_.insert(used.begin(), used.end());
  }

  bool is_handed_on(const BoundQuery& query, const Expression& expression) const {
    if (expression.kind != NodeKind::kColumn || query.distinct) return false;
    for (std::size_t at = 0; at < query.outputs.size(); ++at) {
      if (query.outputs[at].get() != &expression) continue;
      return is_handed_on(query, at) && passes_as(expression.type, query.columns[at].type);
    }
    return false;
  }

  void note_arms(const BoundQuery& query) {
    const bool all = keeps_all(query);
    for (std::size_t at = 0; at < query.columns.size(); ++at) {
      const bool sorts =
          std::any_of(query.order.begin(), query.order.end(),
                      [&](const BoundOrderKey& key) { return !key.output || *key.output == at; });
      for (const SetArm& arm : query.arms) {
        readers_[arm.query.get()].result = true;
        if (!all || sorts || !is_handed_on(query, at) ||
            !passes_as(arm.query->columns[at].type, query.columns[at].type)) {
          computed_.insert({arm.query.get(), at});
        }
      }
    }
  }

  const BoundQuery& statement_;
  std::map<const BoundQuery*, Readers> readers_;
  std::set<Output> computed_;  // result columns that their readers compute with
  std::set<std::uint32_t> used_;
};

}  // namespace

std::set<std::uint32_t> columns_in_use(const BoundQuery& statement) {
  return ColumnUse(statement).run();
}

}  // namespace graphodbc::query
