#include "tests/query/tree_text.h"

#include <map>

#include "query/binder/binder.h"
#include "schema/registry.h"
#include "sqlparser/parser.h"

namespace graphodbc::query {
namespace {

std::string text(const Expression& expression) {
  return to_sql(expression, [](std::uint32_t column) { return "c" + std::to_string(column); });
}

template <class Items, class Print>
std::string list(const Items& items, Print print, const char* separator = ", ") {
  std::string result;
  for (const auto& item : items) result += (result.empty() ? "" : separator) + print(item);
  return result;
}

std::string list(const std::vector<ExpressionPtr>& items) {
  return list(items, [](const ExpressionPtr& item) { return text(*item); });
}

class TreeText {
 public:
  std::string print(const BoundQuery& query) {
    std::string result = one(query);
    while (!open_.empty()) {
      const auto [number, inner] = *open_.begin();
      open_.erase(open_.begin());
      result += " | query " + std::to_string(number) + ": " + one(*inner);
    }
    return result;
  }

 private:
  std::string one(const BoundQuery& query) {
    for_each_expression(query, [&](const Expression& expression) { note(expression); });
    std::string result;
    for (const auto& common : query.with) {
      result += std::string(common->recursive ? "WITH RECURSIVE " : "WITH ") + common->name +
                " AS (" + one(*common->query) + ") ";
    }
    if (query.kind == QueryKind::kSelect) result += select(query);
    if (query.kind == QueryKind::kValues) {
      result +=
          "VALUES " + list(query.values, [](const auto& row) { return "(" + list(row) + ")"; });
    }
    for (std::size_t i = 0; i < query.arms.size(); ++i) {
      static constexpr const char* kWords[] = {" UNION ", " EXCEPT ", " INTERSECT "};
      const SetArm& arm = query.arms[i];
      if (i > 0) result += kWords[static_cast<int>(arm.op)];
      if (arm.all) result += "ALL ";
      result += "(" + one(*arm.query) + ")";
    }
    if (!query.order.empty()) result += " ORDER BY " + list(query.order, key_text);
    if (query.limit) result += " LIMIT " + text(*query.limit);
    if (query.percent) result += " PERCENT";
    if (query.with_ties) result += " WITH TIES";
    if (query.offset) result += " OFFSET " + text(*query.offset);
    return result;
  }

  std::string select(const BoundQuery& query) {
    std::string result = query.distinct ? "SELECT DISTINCT " : "SELECT ";
    result += list(query.outputs);
    if (query.from) result += " FROM " + node(*query.from);
    if (query.where) result += " WHERE " + text(*query.where);
    if (query.search) result += " SEARCH " + text(*query.search);
    if (query.grouped) result += " GROUP BY (" + list(query.groups) + ")";
    if (query.having) result += " HAVING " + text(*query.having);
    return result;
  }

  std::string node(const FromNode& from) {
    if (from.relation) {
      const Relation& relation = *from.relation;
      std::string result = "c" + std::to_string(relation.first_column) + ":";
      if (relation.table != nullptr) result += relation.table->name;
      if (relation.common) result += "[" + relation.common->name + "]";
      if (relation.query) result += "(" + one(*relation.query) + ")";
      return result + (relation.correlation.empty() ? "" : " " + relation.correlation);
    }
    static constexpr const char* kWords[] = {" JOIN ", " LEFT JOIN ", " RIGHT JOIN ",
                                             " FULL JOIN "};
    return "(" + node(*from.left) + kWords[static_cast<int>(from.join)] + node(*from.right) +
           (from.on ? " ON " + text(*from.on) : "") + ")";
  }

  // "[1] c0 DESC": result column 1.
  static std::string key_text(const BoundOrderKey& key) {
    std::string result;
    if (key.output) result += "[" + std::to_string(*key.output + 1) + "]";
    if (key.output && key.expression) result += " ";
    if (key.expression) result += text(*key.expression);
    return result + (key.descending ? " DESC" : "");
  }

  void note(const Expression& expression) {
    if (expression.query) open_.emplace(expression.query->number, expression.query.get());
    for (const ExpressionPtr& child : expression.children) note(*child);
  }

  std::map<std::uint32_t, const BoundQuery*> open_;
};

}  // namespace

BoundStatement bind_sql(const std::string& sql, const SessionOptions& options) {
  const sqlparser::StatementPtr statement = sqlparser::parse_statement(sql);
  return bind_statement(*statement, schema::Registry::builtin(), options);
}

std::string tree_text(const BoundQuery& query) {
  return TreeText().print(query);
}

}  // namespace graphodbc::query
