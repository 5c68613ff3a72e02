// Bound expressions: names resolved to positions in the scan row, types known, comparisons and
// conversions fixed. This library is the definition of what SQL means here (decisions.md 11).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/cell.h"
#include "base/error.h"
#include "base/sql_type.h"
#include "base/value.h"
#include "query/session.h"
#include "sqlparser/ast.h"

namespace graphodbc::query {

using Position = sqlparser::SourcePosition;
using CompareOp = sqlparser::ComparisonOp;

enum class NodeKind : std::uint8_t {
  kLiteral,     // literal
  kColumn,      // index into the scan row
  kParameter,   // index of the marker
  kNegate,      // -a
  kArithmetic,  // a arithmetic b
  kConcat,      // a || b || ..., text
  kComparison,  // a comparison b, both of one family
  kAnd,         // two or more
  kOr,          // two or more
  kNot,         // only above nodes that make_not cannot turn round
  kIsNull,      // [NOT] NULL by `negated`
  kIsTruth,     // IS [NOT] TRUE|FALSE|UNKNOWN by `truth` and `negated`
  kIsDistinct,  // IS [NOT] DISTINCT FROM by `negated`
  kBetween,     // a, low, high; only for volatile a, otherwise lowered to comparisons
  kInList,      // a, items...
  kLike,        // a, pattern[, escape]
  kCase,        // when, then, when, then, ..., else (always there)
  kCast,        // a AS type
  kFunction,    // function, arguments
  // What only the local engine evaluates:
  kAggregate,   // `call`
  kWindow,      // `call`
  kSubquery,    // the value of `query`'s one row; null without one, 21000 with more
  kExists,      // `query` has a row; NOT EXISTS is kNot over it
  kInQuery,     // a [NOT] IN `query` by `negated`; both sides of one type
  kQuantified,  // a comparison ANY|ALL `query`; both sides of one type
};
enum class ArithmeticOp : std::uint8_t { kAdd, kSubtract, kMultiply, kDivide, kModulo };
enum class Truth : std::uint8_t { kFalse, kTrue, kUnknown };

// Aggregates and what else can stand before OVER (sql-dialect.md 4.6 and section 6).
enum class AggregateId : std::uint8_t {
  kCount,
  kSum,
  kAvg,
  kMin,
  kMax,
  kStddevSamp,
  kStddevPop,
  kVarSamp,
  kVarPop,
  kStringAgg,
  kRowNumber,
  kRank,
  kDenseRank,
  kNtile,
  kLag,
  kLead,
  kFirstValue,
  kLastValue,
  kNthValue,
  kPercentRank,
  kCumeDist,
};

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;
struct BoundQuery;  // query/binder/bound_query.h

// Shape of a kAggregate or kWindow node. Its children are, in this order: `arguments`, the FILTER
// condition if `filtered`, `partitions`, `orders`, and the frame's offsets, start before end.
struct AggregateCall {
  struct Order {
    bool descending = false;
    sqlparser::NullsOrder nulls = sqlparser::NullsOrder::kDefault;
  };
  struct Frame {
    sqlparser::FrameUnit unit = sqlparser::FrameUnit::kRange;
    sqlparser::FrameBoundKind start = sqlparser::FrameBoundKind::kUnboundedPreceding;
    sqlparser::FrameBoundKind end = sqlparser::FrameBoundKind::kCurrentRow;
  };
  AggregateId id = AggregateId::kCount;
  bool distinct = false;
  bool filtered = false;
  std::uint32_t arguments = 0;  // 0 for COUNT(*)
  std::uint32_t partitions = 0;
  std::vector<Order> orders;
  std::optional<Frame> frame;
};

enum class Quantifier : std::uint8_t { kAny, kAll };
struct Function;    // query/expression/function.h
class ConstantSet;  // query/expression/constant_set.h
class LikePattern;  // query/expression/like.h
struct EvalContext;

// <0, 0, >0 of two cells that are not null and belong to the comparison's family.
using CompareFn = int (*)(const base::Cell& left, const base::Cell& right, bool nocase,
                          EvalContext& context);

// A node. Owned by its parent; its address is stable. Predicates have type BIT and a cell of kBool
// or null. Reading it from several threads is safe; changing it is not.
struct Expression {
  Expression(NodeKind node_kind, Position where) : kind(node_kind), position(where) {}
  Expression(const Expression&) = delete;
  Expression& operator=(const Expression&) = delete;
  ~Expression();

  NodeKind kind;
  ArithmeticOp arithmetic = ArithmeticOp::kAdd;
  CompareOp comparison = CompareOp::kEqual;
  Truth truth = Truth::kTrue;
  bool negated = false;
  bool nocase = false;  // kComparison, kIsDistinct, kBetween, kInList, kLike, some functions
  Nullability nullability = Nullability::kNullable;
  base::TypeInfo type;
  Position position;
  std::uint32_t index = 0;             // kColumn, kParameter
  base::Cell cell;                     // kLiteral: view of `literal`
  base::Value literal;                 // kLiteral: set by set_literal
  const Function* function = nullptr;  // kFunction
  CompareFn compare = nullptr;         // chosen by the factory
  std::vector<ExpressionPtr> children;
  std::shared_ptr<const ConstantSet> set;      // kInList of many constants; shared by clones
  std::shared_ptr<const LikePattern> pattern;  // kLike with constant pattern; shared by clones
  std::shared_ptr<const AggregateCall> call;   // kAggregate, kWindow; shared by clones
  // kSubquery, kExists, kInQuery, kQuantified. Shared by clones: a bound query does not change.
  std::shared_ptr<const BoundQuery> query;
  Quantifier quantifier = Quantifier::kAny;  // kQuantified

  void set_literal(base::Value value);
  const Expression& child(std::size_t at) const { return *children[at]; }
  bool is_literal() const { return kind == NodeKind::kLiteral; }
  bool is_null_literal() const { return is_literal() && cell.is_null(); }
};

// What the markers of one statement turned out to be (sql-dialect.md 4.7).
class ParameterTypes {
 public:
  // Grows the table as needed. The first type wins.
  void note(std::uint32_t index, const base::TypeInfo& type, bool inferred);
  // One entry a marker of `count`; WVARCHAR(4000), not inferred, where nothing was found.
  std::vector<ParameterInfo> all(std::size_t count) const;

 private:
  std::vector<ParameterInfo> known_;
};

// What the factory functions share while one statement is bound.
struct BindContext {
  ParameterTypes parameters;
  bool nocase = false;  // Collation=nocase
};

// --- Leaves ------------------------------------------------------------------------------------

// A constant of a known type; `value` must already be in the type's cell kind.
ExpressionPtr make_literal(base::Value value, const base::TypeInfo& type, Position position);
ExpressionPtr make_null(Position position);
ExpressionPtr make_bool(bool value, Position position);
ExpressionPtr make_integer(std::int64_t value, Position position);  // INTEGER or BIGINT
ExpressionPtr make_text(std::string utf8, Position position);
ExpressionPtr make_binary(std::string_view bytes, Position position);
ExpressionPtr make_hex(std::string_view digits, Position position);  // X'..'; 42000
// `12`, `-1.5`, `.5`, `1e3`: INTEGER, BIGINT, DECIMAL or DOUBLE. 42000 when it is no number, 22003
// over 38 digits or the range of DOUBLE.
ExpressionPtr make_number(std::string_view text, Position position);
// DATE '..', TIME '..', TIMESTAMP '..' and their escapes; 22007.
ExpressionPtr make_datetime(base::SqlType type, std::string_view text, Position position);
ExpressionPtr make_guid(std::string_view text, Position position);  // {guid '..'}; 22018
ExpressionPtr make_column(std::uint32_t index, const base::TypeInfo& type, Nullability nullability,
                          Position position);
ExpressionPtr make_parameter(std::uint32_t index,
                             Position position);  // type unknown until inferred

// --- Operators ---------------------------------------------------------------------------------
// All take ownership, derive the type (sql-dialect.md 4), insert the conversions, infer markers,
// and throw base::Error: 42000 for types that do not go together, 22xxx for constants that do not
// convert.

ExpressionPtr make_negate(BindContext& context, ExpressionPtr operand, Position position);
ExpressionPtr make_arithmetic(BindContext& context, ArithmeticOp op, ExpressionPtr left,
                              ExpressionPtr right, Position position);
ExpressionPtr make_concat(BindContext& context, ExpressionPtr left, ExpressionPtr right,
                          Position position);
ExpressionPtr make_comparison(BindContext& context, CompareOp op, ExpressionPtr left,
                              ExpressionPtr right, Position position);
// One operand gives that operand as a predicate; nested AND/OR are flattened.
ExpressionPtr make_and(BindContext& context, std::vector<ExpressionPtr> operands,
                       Position position);
ExpressionPtr make_or(BindContext& context, std::vector<ExpressionPtr> operands, Position position);
// Moves the negation inward: De Morgan, opposite comparison, IS NULL and so on.
ExpressionPtr make_not(BindContext& context, ExpressionPtr operand, Position position);
ExpressionPtr make_is_null(BindContext& context, ExpressionPtr operand, bool negated,
                           Position position);
// kUnknown: IS [NOT] UNKNOWN.
ExpressionPtr make_is_truth(BindContext& context, ExpressionPtr operand, Truth truth, bool negated,
                            Position position);
ExpressionPtr make_is_distinct(BindContext& context, ExpressionPtr left, ExpressionPtr right,
                               bool negated, Position position);
ExpressionPtr make_between(BindContext& context, ExpressionPtr value, ExpressionPtr low,
                           ExpressionPtr high, bool negated, Position position);
ExpressionPtr make_in_list(BindContext& context, ExpressionPtr value,
                           std::vector<ExpressionPtr> items, bool negated, Position position);
// `escape` may be null. 22019 and 22025 come at once for constants.
ExpressionPtr make_like(BindContext& context, ExpressionPtr value, ExpressionPtr pattern,
                        ExpressionPtr escape, bool negated, Position position);
struct CaseArm {
  ExpressionPtr when;
  ExpressionPtr then;
};
// Searched CASE when `operand` is null, else simple CASE (lowered to comparisons). `otherwise` may
// be null.
ExpressionPtr make_case(BindContext& context, ExpressionPtr operand, std::vector<CaseArm> arms,
                        ExpressionPtr otherwise, Position position);
// 42000 when no conversion exists.
ExpressionPtr make_cast(BindContext& context, ExpressionPtr operand, const base::TypeInfo& type,
                        Position position);
// A function of the table by its name, without case. TRIM, LTRIM, RTRIM take (text [, characters]);
// POSITION takes (what, where). 42000 for an unknown name (with a near miss), a wrong count or type
// of arguments.
ExpressionPtr make_function(BindContext& context, std::string_view name,
                            std::vector<ExpressionPtr> arguments, Position position);
// EXTRACT, TIMESTAMPADD, TIMESTAMPDIFF; 42000 for a unit that the function does not take. The unit
// becomes the first argument, a text literal: 'DAY'.
ExpressionPtr make_unit_function(BindContext& context, std::string_view name,
                                 sqlparser::DateUnit unit, std::vector<ExpressionPtr> arguments,
                                 Position position);
bool is_function_name(std::string_view name);

// `datetime` +/- INTERVAL 'text' fields. 22007 for a text that does not fit the fields, 42000 for
// an operand that is no date or time.
ExpressionPtr make_interval_add(BindContext& context, ExpressionPtr datetime, bool subtract,
                                std::string_view text, const sqlparser::IntervalQualifier& fields,
                                Position position);

// --- Queries inside of expressions -------------------------------------------------------------

// The query gives one column; its type is the value's.
ExpressionPtr make_subquery(std::shared_ptr<const BoundQuery> query, Position position);
ExpressionPtr make_exists(std::shared_ptr<const BoundQuery> query, Position position);
// `value` and the query's one column have been brought to one type (make_one_type).
ExpressionPtr make_in_query(const BindContext& context, ExpressionPtr value,
                            std::shared_ptr<const BoundQuery> query, bool negated,
                            Position position);
ExpressionPtr make_quantified(const BindContext& context, CompareOp op, Quantifier quantifier,
                              ExpressionPtr value, std::shared_ptr<const BoundQuery> query,
                              Position position);

// A condition: BIT, or a number (not zero is true) where a predicate is asked for; text is 42000.
ExpressionPtr make_condition(BindContext& context, ExpressionPtr operand, Position position);

// --- Types -------------------------------------------------------------------------------------

// Type of CASE, COALESCE, set operations, VALUES, IN (sql-dialect.md 4.4); unknown sides give way.
// 42000 naming both types when there is none.
base::TypeInfo common_type(const base::TypeInfo& left, const base::TypeInfo& right,
                           Position position);
// `operand` converted to `type`: same node when it has it, a converted constant, or a cast.
ExpressionPtr coerce(BindContext& context, ExpressionPtr operand, const base::TypeInfo& type,
                     Position position);
// Gives an untyped marker, NULL, or a CASE of such, its type. No effect on typed nodes.
void infer(BindContext& context, Expression& operand, const base::TypeInfo& type);
// Result branches (CASE, COALESCE, VALUES, arms of set operations) converted to their common type,
// which is returned; literals give way to other types. kUnknown when nothing is typed.
base::TypeInfo unify(BindContext& context, const std::vector<ExpressionPtr*>& branches,
                     Position position);
// Compared expressions converted to one type, also where a comparison could do without (numbers).
void make_one_type(BindContext& context, const std::vector<ExpressionPtr*>& operands,
                   Position position);
// Ends inference: what is still untyped becomes WVARCHAR(4000). Call on each finished tree.
void settle(BindContext& context, Expression& operand);
// SQL name for messages: "WVARCHAR(255)".
std::string type_name(const base::TypeInfo& type);
bool can_convert(base::SqlType from, base::SqlType to);

// --- Trees -------------------------------------------------------------------------------------

ExpressionPtr clone(const Expression& expression);
// No column and nothing volatile: one value an execution (markers and NOW() included).
bool is_constant(const Expression& expression);
bool is_volatile(const Expression& expression);  // RAND() inside
// Whether a row is not enough to evaluate it: an aggregate, a window function or a subquery inside.
bool needs_engine(const Expression& expression);
// Columns used, ascending, each once, added to `columns`; those that subqueries inside use too.
void collect_columns(const Expression& expression, std::vector<std::uint32_t>& columns);
// Renumbers columns: new index = mapping[old index]. Numbers beyond the mapping stay, so that a
// subquery's own columns keep theirs; subqueries are copied, not changed.
void remap_columns(Expression& expression, std::span<const std::uint32_t> mapping);
// Replaces what literals decide, also TRUE AND x, CASE of constants. With a context markers, NOW()
// and USER() fold too, and patterns and IN sets are compiled: done once an execution. A constant
// part whose evaluation fails stays, to fail only if it is reached. Literals own their bytes.
ExpressionPtr fold(ExpressionPtr expression);
ExpressionPtr fold(ExpressionPtr expression, EvalContext& context);
// Text in our dialect, for EXPLAIN and messages. `column_name` gives the name of a column index.
std::string to_sql(const Expression& expression,
                   const std::function<std::string(std::uint32_t)>& column_name);

// --- Evaluation --------------------------------------------------------------------------------

// One a running statement; not thread-safe. Cells that evaluate() returns point into the row, the
// expression's literals, the parameters, or `arena`.
struct EvalContext {
  explicit EvalContext(base::Arena& memory) : arena(&memory) {}
  base::Arena* arena;                       // never null; may be swapped between rows
  std::span<const base::Value> parameters;  // already cast to the bound types
  std::int64_t statement_start = 0;         // ticks since 1970, UTC (NOW)
  std::int64_t zone_offset = 0;             // ticks to add for CURDATE and CURTIME
  std::string_view user_name;               // USER()
  std::string_view database;                // DATABASE(): '' (decisions.md 1)
  std::vector<base::Warning>* warnings = nullptr;
  std::uint64_t random_state = 0;  // RAND(); 0: not seeded yet
};

// Throws base::Error (22003, 22012, 22018 ...) with the node's position. `row` holds the scan row's
// cells. A column's cell comes back as it is: escapes in it, or kInvalid.
base::Cell evaluate(const Expression& expression, const base::Cell* row, EvalContext& context);
Truth test(const Expression& expression, const base::Cell* row, EvalContext& context);

// Views of cells of text and binary types. 22018 for kInvalid; memory of the arena where needed.
std::string_view text_of(const base::Cell& cell, base::Arena& arena);
std::string_view bytes_of(const base::Cell& cell, base::Arena& arena);

// CAST outside of an expression. `from` may be kUnknown: the cell's kind then tells. Throws 22018,
// 22007, 22003, 22001 naming `what` ("parameter 2").
base::Cell cast_cell(const base::Cell& cell, const base::TypeInfo& from, const base::TypeInfo& to,
                     base::Arena& arena, std::string_view what);
// A marker's value made ready for EvalContext::parameters.
base::Value cast_parameter(const base::Value& value, const base::TypeInfo& to, std::size_t number);

}  // namespace graphodbc::query
