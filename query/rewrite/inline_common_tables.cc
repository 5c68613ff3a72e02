#include <map>

#include "query/rewrite/rewrite.h"

namespace graphodbc::query {

bool inline_common_tables(BoundQuery& root) {
  std::map<const CommonTable*, int> uses;
  for_each_query(root, [&](BoundQuery& query) {
    for_each_leaf(query.from.get(), [&](FromNode& leaf) {
      if (leaf.relation->common) ++uses[leaf.relation->common.get()];
    });
  });
  bool changed = false;
  for_each_query(root, [&](BoundQuery& query) {
    for_each_leaf(query.from.get(), [&](FromNode& leaf) {
      const std::shared_ptr<CommonTable>& common = leaf.relation->common;
      if (!common || common->recursive || uses[common.get()] != 1 ||
          common->materialized == sqlparser::Materialized::kYes) {
        return;
      }
      leaf.relation->query = common->query;
      common->query = nullptr;
      leaf.relation->common = nullptr;
      changed = true;
    });
  });
  for_each_query(root, [&](BoundQuery& query) {
    // Names that nobody reads ask for nothing.
    std::erase_if(query.with, [&](const std::shared_ptr<CommonTable>& common) {
      return !common->query || (!common->recursive && uses[common.get()] == 0);
    });
  });
  return changed;
}

}  // namespace graphodbc::query
