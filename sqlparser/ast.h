// The syntax tree of one SQL statement. The parser checks syntax, literals and limits only: no name
// is resolved and no type is known except where the text says so (CAST, typed literals).
//
// Every node is owned by its parent through unique_ptr and knows where its text began. Depth is
// bounded by the nesting limit (limits.h): chains of one level (AND, OR, + - ||, * / %, UNION) are
// flat vectors, and joins are bounded by the table limit, so visitors may recurse.
//
// To take a node apart: `switch (node.kind)`, or `if (const auto* like = as<LikeExpr>(node))`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/sql_type.h"

namespace graphodbc::sqlparser {

// Where something stands in the statement. `line` and `column` count from 1, a column is one code
// point; `offset` is bytes from the start of the UTF-8 text.
struct SourcePosition {
  std::uint32_t offset = 0;
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

// A name as written, without its quotes. Comparison (case-insensitive, quoted or not) is up to the
// binder.
struct Identifier {
  std::string text;
  bool quoted = false;
  SourcePosition position;
};

// [[catalog.]schema.]table, or [[[catalog.]schema.]table.]column: `qualifiers` are outermost first.
struct QualifiedName {
  std::vector<Identifier> qualifiers;  // at most 2 for a table or procedure, 3 for a column
  Identifier name;
};

struct Query;

// ---- Expressions and conditions ----

enum class ExprKind : std::uint8_t {
  kLiteral,
  kParameter,
  kColumnRef,
  kStar,
  kDefault,
  kUnary,
  kNot,
  kLogical,
  kArithmetic,
  kComparison,
  kRow,
  kBetween,
  kInList,
  kInQuery,
  kLike,
  kIsNull,
  kIsTruth,
  kIsDistinct,
  kExists,
  kQuantified,
  kCase,
  kCast,
  kFunction,
  kScalarSubquery,
};

struct Expr {
  virtual ~Expr();
  Expr(const Expr&) = delete;
  Expr& operator=(const Expr&) = delete;

  const ExprKind kind;
  SourcePosition position;

 protected:
  Expr(ExprKind node_kind, SourcePosition where) : kind(node_kind), position(where) {}
};
using ExprPtr = std::unique_ptr<Expr>;
using ExprList = std::vector<ExprPtr>;

// Supplies the constructor that every node needs and the tag that as<>() compares.
template <ExprKind node_kind>
struct ExprOf : Expr {
  static constexpr ExprKind kKind = node_kind;
  explicit ExprOf(SourcePosition where) : Expr(node_kind, where) {}
};

// The node as T, or null when it is of another kind. Serves Expr, TableRef, QueryBody and
// Statement.
template <class T, class Node>
const T* as(const Node& node) {
  return node.kind == T::kKind ? static_cast<const T*>(&node) : nullptr;
}

// Fields of EXTRACT, TIMESTAMPADD, TIMESTAMPDIFF and INTERVAL.
enum class DateUnit : std::uint8_t {
  kFracSecond,
  kSecond,
  kMinute,
  kHour,
  kDay,
  kWeek,
  kMonth,
  kQuarter,
  kYear,
};

enum class LiteralKind : std::uint8_t {
  kNull,
  kBoolean,    // text "TRUE" or "FALSE"
  kInteger,    // digits; a minus sign directly before the literal is part of `text`
  kDecimal,    // digits with a point, no exponent; sign as above
  kFloat,      // with an exponent; sign as above
  kString,     // unescaped
  kBinary,     // hex digits, upper case, an even number
  kDate,       // of these three the text has been checked by base/datetime.h
  kTime,       //
  kTimestamp,  //
  kGuid,       // checked: 8-4-4-4-12 hex digits, as written
  kInterval,   // text between the quotes; the fields are in `interval`
};

struct IntervalQualifier {
  DateUnit first = DateUnit::kDay;
  std::optional<DateUnit> last;  // for `DAY TO SECOND`
  bool negative = false;         // INTERVAL -'1' DAY
};

struct LiteralExpr : ExprOf<ExprKind::kLiteral> {
  using ExprOf::ExprOf;
  LiteralKind literal = LiteralKind::kNull;
  std::string text;
  IntervalQualifier interval;
};

// `index` counts markers from 1, left to right over the whole statement.
struct ParameterExpr : ExprOf<ExprKind::kParameter> {
  using ExprOf::ExprOf;
  std::uint32_t index = 0;
};

struct ColumnRefExpr : ExprOf<ExprKind::kColumnRef> {
  using ExprOf::ExprOf;
  QualifiedName name;
};

// `*` or `[[catalog.]schema.]table.*`, only as a select item. COUNT(*) is FunctionExpr::star.
struct StarExpr : ExprOf<ExprKind::kStar> {
  using ExprOf::ExprOf;
  std::vector<Identifier> qualifiers;
};

// DEFAULT, only as a value of INSERT or UPDATE.
struct DefaultExpr : ExprOf<ExprKind::kDefault> {
  using ExprOf::ExprOf;
};

enum class UnaryOp : std::uint8_t { kPlus, kMinus };

struct UnaryExpr : ExprOf<ExprKind::kUnary> {
  using ExprOf::ExprOf;
  UnaryOp op = UnaryOp::kPlus;
  ExprPtr operand;
};

struct NotExpr : ExprOf<ExprKind::kNot> {
  using ExprOf::ExprOf;
  ExprPtr operand;
};

enum class LogicalOp : std::uint8_t { kAnd, kOr };

// Two or more operands, flat: a OR b OR c is one node. `position` is that of the first operand.
struct LogicalExpr : ExprOf<ExprKind::kLogical> {
  using ExprOf::ExprOf;
  LogicalOp op = LogicalOp::kAnd;
  ExprList operands;
};

enum class ArithmeticOp : std::uint8_t {
  kAdd,
  kSubtract,
  kConcat,
  kMultiply,
  kDivide,
  kModulo,
};

struct ArithmeticStep {
  ArithmeticOp op = ArithmeticOp::kAdd;
  SourcePosition position;  // of the operator
  ExprPtr operand;
};

// A left-associative chain of one precedence level: ((first step0) step1) step2. All steps are
// either of `+ - ||` or of `* / %`; there is at least one.
struct ArithmeticExpr : ExprOf<ExprKind::kArithmetic> {
  using ExprOf::ExprOf;
  ExprPtr first;
  std::vector<ArithmeticStep> steps;
};

enum class ComparisonOp : std::uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
};

// Both sides are rows of equal width, or none is; rows only with kEqual and kNotEqual.
struct ComparisonExpr : ExprOf<ExprKind::kComparison> {
  using ExprOf::ExprOf;
  ComparisonOp op = ComparisonOp::kEqual;
  ExprPtr left;
  ExprPtr right;
};

// (e, e, ..) with two or more items, only as a side of a ComparisonExpr.
struct RowExpr : ExprOf<ExprKind::kRow> {
  using ExprOf::ExprOf;
  ExprList items;
};

struct BetweenExpr : ExprOf<ExprKind::kBetween> {
  using ExprOf::ExprOf;
  bool negated = false;
  ExprPtr operand;
  ExprPtr low;
  ExprPtr high;
};

struct InListExpr : ExprOf<ExprKind::kInList> {
  using ExprOf::ExprOf;
  bool negated = false;
  ExprPtr operand;
  ExprList items;
};

struct InQueryExpr : ExprOf<ExprKind::kInQuery> {
  using ExprOf::ExprOf;
  bool negated = false;
  ExprPtr operand;
  std::unique_ptr<Query> query;
};

struct LikeExpr : ExprOf<ExprKind::kLike> {
  using ExprOf::ExprOf;
  bool negated = false;
  ExprPtr operand;
  ExprPtr pattern;
  ExprPtr escape;  // null without an ESCAPE clause
};

struct IsNullExpr : ExprOf<ExprKind::kIsNull> {
  using ExprOf::ExprOf;
  bool negated = false;
  ExprPtr operand;
};

enum class TruthValue : std::uint8_t { kTrue, kFalse, kUnknown };

struct IsTruthExpr : ExprOf<ExprKind::kIsTruth> {
  using ExprOf::ExprOf;
  bool negated = false;
  TruthValue value = TruthValue::kTrue;
  ExprPtr operand;
};

struct IsDistinctExpr : ExprOf<ExprKind::kIsDistinct> {
  using ExprOf::ExprOf;
  bool negated = false;  // IS NOT DISTINCT FROM
  ExprPtr left;
  ExprPtr right;
};

struct ExistsExpr : ExprOf<ExprKind::kExists> {
  using ExprOf::ExprOf;
  std::unique_ptr<Query> query;
};

enum class Quantifier : std::uint8_t { kAny, kAll };  // SOME is ANY

struct QuantifiedExpr : ExprOf<ExprKind::kQuantified> {
  using ExprOf::ExprOf;
  ComparisonOp op = ComparisonOp::kEqual;
  Quantifier quantifier = Quantifier::kAny;
  ExprPtr left;
  std::unique_ptr<Query> query;
};

struct CaseBranch {
  ExprPtr when;  // a value with CaseExpr::operand, else a condition
  ExprPtr then;
};

struct CaseExpr : ExprOf<ExprKind::kCase> {
  using ExprOf::ExprOf;
  ExprPtr operand;  // null in a searched CASE
  std::vector<CaseBranch> branches;
  ExprPtr otherwise;  // null without ELSE
};

// CAST(e AS type) and {fn CONVERT(e, SQL_type)}. A text or binary type without a length has the
// longest VARCHAR length; DECIMAL without precision is DECIMAL(28,8).
struct CastExpr : ExprOf<ExprKind::kCast> {
  using ExprOf::ExprOf;
  ExprPtr operand;
  base::TypeInfo type;
  SourcePosition type_position;
};

enum class NullsOrder : std::uint8_t { kDefault, kFirst, kLast };

struct OrderKey {
  ExprPtr expr;  // an integer LiteralExpr is a position
  bool descending = false;
  NullsOrder nulls = NullsOrder::kDefault;
};

enum class FrameUnit : std::uint8_t { kRows, kRange, kGroups };
enum class FrameBoundKind : std::uint8_t {
  kUnboundedPreceding,
  kPreceding,
  kCurrentRow,
  kFollowing,
  kUnboundedFollowing,
};

struct FrameBound {
  FrameBoundKind kind = FrameBoundKind::kCurrentRow;
  ExprPtr offset;  // for kPreceding and kFollowing
};

struct WindowFrame {
  FrameUnit unit = FrameUnit::kRange;
  FrameBound start;
  std::optional<FrameBound> end;  // absent: CURRENT ROW
};

struct WindowSpec {
  SourcePosition position;
  std::optional<Identifier> base;  // `w` in OVER (w ORDER BY ..)
  ExprList partition_by;
  std::vector<OrderKey> order_by;
  std::optional<WindowFrame> frame;
};

// OVER name, or OVER (spec).
struct OverClause {
  std::optional<Identifier> name;
  WindowSpec spec;  // meaningless with `name`
};

enum class TrimSide : std::uint8_t { kBoth, kLeading, kTrailing };

// A call of a scalar, aggregate or window function, in or out of {fn}. Which names exist and how
// many arguments they take is up to the binder. Special forms arrive as plain arguments:
//   EXTRACT(f FROM d)            unit f,  args d
//   TIMESTAMPADD(SQL_TSI_u,n,t)  unit u,  args n, t        (TIMESTAMPDIFF alike)
//   TRIM([side] [c] FROM s)      trim,    args s [, c]
//   SUBSTRING(s FROM p FOR n)             args s, p [, n]
//   POSITION(t IN s)                      args t, s
//   CURRENT_TIMESTAMP[(p)]                args [p]
struct FunctionExpr : ExprOf<ExprKind::kFunction> {
  using ExprOf::ExprOf;
  std::string name;  // ASCII letters in upper case
  ExprList args;
  bool star = false;      // COUNT(*)
  bool distinct = false;  // COUNT(DISTINCT e)
  bool bare = false;      // written without brackets: CURRENT_DATE
  std::optional<DateUnit> unit;
  std::optional<TrimSide> trim;
  ExprPtr filter;                    // FILTER (WHERE c), else null
  std::unique_ptr<OverClause> over;  // null unless a window function
};

struct ScalarSubqueryExpr : ExprOf<ExprKind::kScalarSubquery> {
  using ExprOf::ExprOf;
  std::unique_ptr<Query> query;
};

// ---- Tables of a FROM clause ----

enum class TableRefKind : std::uint8_t { kNamed, kDerived, kJoin };

struct TableRef {
  virtual ~TableRef();
  TableRef(const TableRef&) = delete;
  TableRef& operator=(const TableRef&) = delete;

  const TableRefKind kind;
  SourcePosition position;

 protected:
  TableRef(TableRefKind node_kind, SourcePosition where) : kind(node_kind), position(where) {}
};
using TableRefPtr = std::unique_ptr<TableRef>;

template <TableRefKind node_kind>
struct TableRefOf : TableRef {
  static constexpr TableRefKind kKind = node_kind;
  explicit TableRefOf(SourcePosition where) : TableRef(node_kind, where) {}
};

struct NamedTableRef : TableRefOf<TableRefKind::kNamed> {
  using TableRefOf::TableRefOf;
  QualifiedName name;
  std::optional<Identifier> alias;
  std::vector<Identifier> column_aliases;  // AS t (a, b)
};

struct DerivedTableRef : TableRefOf<TableRefKind::kDerived> {
  using TableRefOf::TableRefOf;
  std::unique_ptr<Query> query;
  std::optional<Identifier> alias;
  std::vector<Identifier> column_aliases;
};

enum class JoinType : std::uint8_t { kInner, kLeft, kRight, kFull, kCross };

// Exactly one of `on`, `using_columns`, `natural` is set; none for kCross.
struct JoinTableRef : TableRefOf<TableRefKind::kJoin> {
  using TableRefOf::TableRefOf;
  JoinType type = JoinType::kInner;
  bool natural = false;
  TableRefPtr left;
  TableRefPtr right;
  ExprPtr on;
  std::vector<Identifier> using_columns;
};

// ---- Queries ----

enum class QueryBodyKind : std::uint8_t { kSelect, kValues, kSetOperation, kNested };

struct QueryBody {
  virtual ~QueryBody();
  QueryBody(const QueryBody&) = delete;
  QueryBody& operator=(const QueryBody&) = delete;

  const QueryBodyKind kind;
  SourcePosition position;

 protected:
  QueryBody(QueryBodyKind node_kind, SourcePosition where) : kind(node_kind), position(where) {}
};
using QueryBodyPtr = std::unique_ptr<QueryBody>;

template <QueryBodyKind node_kind>
struct QueryBodyOf : QueryBody {
  static constexpr QueryBodyKind kKind = node_kind;
  explicit QueryBodyOf(SourcePosition where) : QueryBody(node_kind, where) {}
};

struct SelectItem {
  ExprPtr expr;  // may be a StarExpr
  std::optional<Identifier> alias;
};

struct NamedWindow {
  Identifier name;
  WindowSpec spec;
};

// SELECT .. WINDOW. Its TOP, if any, is Query::limit.
struct SelectBody : QueryBodyOf<QueryBodyKind::kSelect> {
  using QueryBodyOf::QueryBodyOf;
  bool distinct = false;
  std::vector<SelectItem> items;
  std::vector<TableRefPtr> from;  // comma-separated; empty without FROM
  ExprPtr where;
  ExprList group_by;  // an integer LiteralExpr is a position
  ExprPtr having;
  std::vector<NamedWindow> windows;
};

// VALUES (..), (..): one row or more, all of the same width.
struct ValuesBody : QueryBodyOf<QueryBodyKind::kValues> {
  using QueryBodyOf::QueryBodyOf;
  std::vector<ExprList> rows;
};

enum class SetOp : std::uint8_t { kUnion, kExcept, kIntersect };

struct SetStep {
  SetOp op = SetOp::kUnion;
  bool all = false;  // only with kUnion
  SourcePosition position;
  QueryBodyPtr body;
};

// A left-associative chain of one level: either UNION and EXCEPT, or INTERSECT. At least one step.
struct SetOperationBody : QueryBodyOf<QueryBodyKind::kSetOperation> {
  using QueryBodyOf::QueryBodyOf;
  QueryBodyPtr first;
  std::vector<SetStep> steps;
};

// ( query ), also an arm of a set operation that has its own TOP.
struct NestedQueryBody : QueryBodyOf<QueryBodyKind::kNested> {
  using QueryBodyOf::QueryBodyOf;
  std::unique_ptr<Query> query;
};

enum class LimitForm : std::uint8_t {
  kTop,    // SELECT TOP n [PERCENT] [WITH TIES]
  kLimit,  // LIMIT n [OFFSET m]
  kFetch,  // [OFFSET m ROWS] [FETCH NEXT n ..], and LIMIT m, n
};

// TOP, LIMIT, OFFSET and FETCH mean the same. `count` and `offset` are unsigned integer literals or
// markers; null when absent (at least one is there).
struct Limit {
  LimitForm form = LimitForm::kLimit;
  SourcePosition position;
  ExprPtr count;
  ExprPtr offset;
  bool percent = false;
  bool with_ties = false;  // Query::order_by is then not empty
};

enum class Materialized : std::uint8_t { kDefault, kYes, kNo };

struct CommonTableExpr {
  Identifier name;
  std::vector<Identifier> columns;
  Materialized materialized = Materialized::kDefault;
  std::unique_ptr<Query> query;
};

struct Query {
  Query() = default;
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  SourcePosition position;
  bool recursive = false;
  std::vector<CommonTableExpr> ctes;
  QueryBodyPtr body;
  std::vector<OrderKey> order_by;
  std::optional<Limit> limit;
};
using QueryPtr = std::unique_ptr<Query>;

// ---- Statements ----

enum class StatementKind : std::uint8_t {
  kSelect,
  kExplain,
  kInsert,
  kUpdate,
  kDelete,
  kCall,
  kDrop,
};

struct Statement {
  virtual ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  const StatementKind kind;
  SourcePosition position;
  std::uint32_t parameter_count = 0;  // markers, the result marker of {? = call} included

 protected:
  Statement(StatementKind node_kind, SourcePosition where) : kind(node_kind), position(where) {}
};
using StatementPtr = std::unique_ptr<Statement>;

template <StatementKind node_kind>
struct StatementOf : Statement {
  static constexpr StatementKind kKind = node_kind;
  explicit StatementOf(SourcePosition where) : Statement(node_kind, where) {}
};

struct SelectStatement : StatementOf<StatementKind::kSelect> {
  using StatementOf::StatementOf;
  QueryPtr query;
};

struct ExplainStatement : StatementOf<StatementKind::kExplain> {
  using StatementOf::StatementOf;
  bool analyze = false;  // EXPLAIN ANALYZE
  QueryPtr query;
};

// `source` has a ValuesBody for INSERT .. VALUES; its items may be DefaultExpr. Rows of the column
// list's width are not checked here (21S01 by the binder), only that all rows are equally wide.
struct InsertStatement : StatementOf<StatementKind::kInsert> {
  using StatementOf::StatementOf;
  QualifiedName table;
  std::vector<Identifier> columns;  // empty: all of the table
  QueryPtr source;
};

struct Assignment {
  Identifier column;
  ExprPtr value;  // may be a DefaultExpr
};

struct UpdateStatement : StatementOf<StatementKind::kUpdate> {
  using StatementOf::StatementOf;
  QualifiedName table;
  std::vector<Assignment> assignments;
  ExprPtr where;
};

struct DeleteStatement : StatementOf<StatementKind::kDelete> {
  using StatementOf::StatementOf;
  QualifiedName table;
  ExprPtr where;
};

struct CallStatement : StatementOf<StatementKind::kCall> {
  using StatementOf::StatementOf;
  bool has_result_marker = false;  // {? = call ..}: parameter 1 receives the result
  QualifiedName procedure;
  ExprList args;
};

// DROP TABLE or VIEW. Unknown name: 42S02, known: HYC00, both by the binder. Every other statement
// of data definition is refused by the parser.
struct DropStatement : StatementOf<StatementKind::kDrop> {
  using StatementOf::StatementOf;
  bool view = false;
  bool if_exists = false;
  QualifiedName name;
};

}  // namespace graphodbc::sqlparser
