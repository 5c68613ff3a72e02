// Random expressions and conditions in two dialects at once: ours and the oracle's.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "tests/e2e/oracle.h"

namespace graphodbc::test {

enum class Kind { kText, kInteger, kReal, kBit, kTimestamp };

// A text in both dialects. `+` joins piece by piece.
struct Sql {
  std::string ours;
  std::string oracle;
  Sql() = default;
  Sql(const char* both) : ours(both), oracle(both) {}
  Sql(const std::string& both) : ours(both), oracle(both) {}
  Sql(std::string for_us, std::string for_the_oracle)
      : ours(std::move(for_us)), oracle(std::move(for_the_oracle)) {}
  Sql& operator+=(const Sql& more) {
    ours += more.ours;
    oracle += more.oracle;
    return *this;
  }
  friend Sql operator+(Sql left, const Sql& right) { return left += right; }
};

struct Literals {
  std::vector<std::string> values;  // cells of the column, in the oracle's form
};

// An expression that rows of a scope can be asked for.
struct Expression {
  Sql sql;
  Kind kind = Kind::kInteger;
  bool nocase = false;                 // text; every comparison with it ignores case
  const Literals* literals = nullptr;  // values that it is worth comparing with

  // What an ORDER BY, GROUP BY or comparison of the oracle needs behind it.
  std::string collation() const;
};

struct Scope {
  std::vector<Expression> columns;
  std::vector<Expression> keys;  // together unique; empty: not known
};

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  std::size_t below(std::size_t bound) { return engine_() % bound; }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <typename List>
  const auto& any(const List& list) {
    return list[below(std::size(list))];
  }

 private:
  std::mt19937_64 engine_;
};

// Of conditions and expressions that need a query of their own.
class SubqueryMaker {
 public:
  virtual ~SubqueryMaker() = default;
  virtual Sql subquery_condition(const Scope& scope) = 0;
  virtual Expression scalar_subquery(const Scope& scope) = 0;
};

class ExpressionMaker {
 public:
  ExpressionMaker(Random& random, SubqueryMaker& subqueries)
      : random_(random), subqueries_(subqueries) {}

  // A column of the scope, of this kind where it has one.
  const Expression& column(const Scope& scope);
  const Expression* column(const Scope& scope, Kind kind);
  Expression expression(const Scope& scope, int depth);
  Sql condition(const Scope& scope, int depth);
  Sql comparison(const Expression& left, const std::string& op, const Expression& right) const;
  // A literal to compare `with` with.
  Expression literal(const Expression& with);

 private:
  Expression text(const Scope& scope, int depth);
  Expression integer(const Scope& scope, int depth);
  Expression date_part(const Expression& timestamp);
  Expression choice(const Scope& scope, const Expression& value, int depth);
  Sql leaf(const Scope& scope);
  Sql text_condition(const Expression& value);
  Sql timestamp_condition(const Expression& value);
  Sql in_list(const Expression& value);
  Sql row_comparison(const Scope& scope);
  Expression decimal(const Expression& number);
  std::string piece(const Expression& value);
  Sql function(const std::string& name, const std::string& ours, const std::string& oracle);

  Random& random_;
  SubqueryMaker& subqueries_;
};

// Quoted, with quotes doubled.
std::string text_literal(const std::string& text);

}  // namespace graphodbc::test
