// Random queries over the emulated tenant, in our dialect and in the oracle's.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "tests/e2e/oracle.h"
#include "tests/e2e/random_expression.h"

namespace graphodbc::test {

struct RandomQuery {
  std::string ours;
  std::string oracle;
  bool ordered = false;  // ORDER BY decides the place of every row, up to equal rows
};

// A derived table that SQLite works out before it looks at the query around it. Without that,
// SQLite 3.40 merges arms of UNION ALL that hold RIGHT and FULL joins into the outer query wrongly:
// rows that such an arm's WHERE refuses come back as NULLs.
std::string materialized(const std::string& query);

class QueryMaker final : private SubqueryMaker {
 public:
  // `oracle` holds all tables, those of everybody too.
  QueryMaker(const Oracle& oracle, std::uint64_t seed);
  RandomQuery next();

 private:
  // Type of a result column.
  struct Shape {
    Kind kind;
    bool nocase;
  };
  struct Relation {
    Sql from;  // with its alias
    std::string alias;
    Scope scope;
    const struct BaseTable* base = nullptr;
  };
  // A SELECT without ORDER BY; its columns are named c1, c2 ...
  struct Core {
    Sql sql;
    std::vector<Shape> shapes;
  };

  std::string new_alias(const std::string& prefix);
  Relation base_relation(const std::string& table, bool everybody = false);
  Relation any_base();
  Relation derived(const Core& core, const std::string& name, bool with_body);
  Relation values_relation();
  Relation relation(int depth);
  Sql column_name(const std::string& alias, const std::string& name);

  // FROM with what can be named in it.
  struct Source {
    Sql from;
    Scope scope;
  };
  Source source(int depth);
  Source joined(int depth);
  Source with_using();
  Source natural();
  Source mailboxes_of_users();
  Sql join_condition(const Relation& left, const Relation& right);

  Core core(int depth);
  Core plain_core(const Source& source, const Sql& where);
  Core grouped_core(const Source& source, const Sql& where);
  Core windowed_core(const Source& source, const Sql& where);
  Core set_operation(int depth);
  // The body of a WITH name that reads itself, with its column list.
  Core recursive(const std::string& name);
  Core shaped_core(const std::vector<Shape>& shapes, int depth);
  Expression aggregate(const Scope& scope);
  Expression window(const Scope& scope);
  Sql order_terms(const std::vector<Shape>& shapes, bool by_name = false);
  RandomQuery ordered(const Sql& with, const Core& body);
  RandomQuery limited(const Sql& with, const Core& body);
  RandomQuery with_ties(const Sql& with, const Core& body);

  Sql subquery_condition(const Scope& scope) override;
  Expression scalar_subquery(const Scope& scope) override;
  Sql correlation(const Relation& inner, const Scope& outer);

  const Oracle& oracle_;
  Random random_;
  ExpressionMaker expressions_;
  std::map<std::string, std::map<std::string, Literals>> literals_;
  std::deque<Literals> own_literals_;
  std::vector<std::pair<std::string, Core>> ctes_;
  int aliases_ = 0;
  int subqueries_ = 0;  // of the query being made
};

}  // namespace graphodbc::test
