#include "tests/e2e/random_query.h"

#include <algorithm>

#include "tests/e2e/random_tables.h"

namespace graphodbc::test {
namespace {

constexpr std::size_t kSamples = 40;

Expression of_kind(const Sql& sql, Kind kind) {
  return {sql, kind, false, nullptr};
}

Sql with_collation(const Expression& value) {
  return {value.sql.ours, value.sql.oracle + value.collation()};
}

}  // namespace

QueryMaker::QueryMaker(const Oracle& oracle, std::uint64_t seed)
    : oracle_(oracle), random_(seed), expressions_(random_, *this) {
  for (const BaseTable& table : base_tables()) {
    for (const BaseColumn& column : table.columns) {
      const std::string name = "\"" + std::string(column.name) + "\"";
      Literals& literals = literals_[table.name][column.name];
      const auto rows = oracle_.query("SELECT DISTINCT " + name + " FROM graph." + table.name +
                                      " WHERE " + name + " IS NOT NULL ORDER BY 1");
      for (std::size_t i = 0; i < rows.size(); i += 1 + rows.size() / kSamples) {
        literals.values.push_back(*rows[i][0]);
      }
    }
  }
}

QueryMaker::Core QueryMaker::core(int depth) {
  if (depth > 0 && random_.one_in(8)) return set_operation(depth - 1);
  const Source from = source(depth);
  Sql where;
  if (!random_.one_in(3)) where = Sql(" WHERE ") + expressions_.condition(from.scope, 2);
  switch (random_.below(10)) {
    case 0:
    case 1:
    case 2:
      return grouped_core(from, where);
    case 3:
      return windowed_core(from, where);
    default:
      return plain_core(from, where);
  }
}

QueryMaker::Core QueryMaker::plain_core(const Source& from, const Sql& where) {
  Core out;
  const bool distinct = random_.one_in(6);
  out.sql = distinct ? "SELECT DISTINCT " : "SELECT ";
  const std::size_t count = random_.below(4) + 1;
  for (std::size_t i = 1; i <= count; ++i) {
    const Expression item = expressions_.expression(from.scope, 2);
    out.sql += (i == 1 ? Sql() : Sql(", ")) + (distinct ? with_collation(item) : item.sql) +
               " AS c" + std::to_string(i);
    out.shapes.push_back({item.kind, item.nocase});
  }
  out.sql += Sql(" FROM ") + from.from + where;
  return out;
}

Expression QueryMaker::aggregate(const Scope& scope) {
  const Expression& any = expressions_.column(scope);
  const Expression* number = expressions_.column(scope, Kind::kInteger);
  Sql filter;
  if (random_.one_in(8)) filter = Sql(" FILTER (WHERE ") + expressions_.condition(scope, 0) + ")";
  switch (random_.below(7)) {
    case 0:
      return of_kind(Sql("COUNT(*)") + filter, Kind::kInteger);
    case 1:
      return of_kind(Sql("COUNT(") + any.sql + ")" + filter, Kind::kInteger);
    case 2:
      return of_kind(Sql("COUNT(DISTINCT ") + with_collation(any) + ")" + filter, Kind::kInteger);
    case 3:
    case 4:
      if (any.kind == Kind::kBit) break;
      return {Sql(random_.one_in(2) ? "MIN(" : "MAX(") + with_collation(any) + ")" + filter,
              any.kind, any.nocase, any.literals};
    case 5:
      if (number == nullptr) break;
      return of_kind(Sql("SUM(") + number->sql + ")" + filter, Kind::kInteger);
    default:
      if (number == nullptr) break;
      return of_kind(Sql("AVG(") + number->sql + ")" + filter, Kind::kReal);
  }
  return of_kind(Sql("SUM(CASE WHEN ") + expressions_.condition(scope, 0) + " THEN 1 ELSE 0 END)",
                 Kind::kInteger);
}

QueryMaker::Core QueryMaker::grouped_core(const Source& from, const Sql& where) {
  Core out;
  Sql items;
  Sql groups;
  std::size_t count = 0;
  const auto add = [&](const Expression& item) {
    items += (count == 0 ? Sql() : Sql(", ")) + item.sql + " AS c" + std::to_string(count + 1);
    out.shapes.push_back({item.kind, item.nocase});
    ++count;
  };
  for (std::size_t i = random_.below(3); i > 0; --i) {
    const Expression group = random_.one_in(3) ? expressions_.expression(from.scope, 1)
                                               : expressions_.column(from.scope);
    // A subquery as a group repeats its text, which nobody writes.
    if (group.sql.ours.find("SELECT") != std::string::npos) continue;
    groups += (count == 0 ? Sql() : Sql(", ")) + with_collation(group);
    add(group);
  }
  for (std::size_t i = random_.below(3) + 1; i > 0; --i) add(aggregate(from.scope));
  out.sql = Sql("SELECT ") + items + " FROM " + from.from + where;
  if (!groups.ours.empty()) out.sql += Sql(" GROUP BY ") + groups;
  if (random_.one_in(4)) {
    const Expression value = aggregate(from.scope);
    out.sql +=
        Sql(" HAVING ") +
        expressions_.comparison(value, random_.one_in(2) ? ">" : "<=", expressions_.literal(value));
  }
  return out;
}

Expression QueryMaker::window(const Scope& scope) {
  Sql over;
  if (!random_.one_in(3)) {
    over = Sql("PARTITION BY ") + with_collation(expressions_.column(scope));
  }
  const Expression& by = expressions_.column(scope);
  const std::string direction = random_.one_in(2) ? " DESC" : "";
  const Sql order =
      Sql(over.ours.empty() ? "ORDER BY " : " ORDER BY ") + with_collation(by) + direction;
  Sql total = order;
  for (const Expression& key : scope.keys) total += Sql(", ") + with_collation(key);
  const bool unique = !scope.keys.empty();
  const Expression& value = expressions_.column(scope);
  const Expression* number = expressions_.column(scope, Kind::kInteger);
  const auto whole = [&](const Sql& call, const Sql& window) {
    return call + " OVER (" + window + ")";
  };
  switch (random_.below(8)) {
    case 0:
      if (!unique) break;
      return of_kind(whole("ROW_NUMBER()", over + total), Kind::kInteger);
    case 1:
      return of_kind(whole(random_.one_in(2) ? "RANK()" : "DENSE_RANK()", over + order),
                     Kind::kInteger);
    case 2:
      if (!unique) break;
      return {whole(Sql(random_.one_in(2) ? "LAG(" : "LEAD(") + value.sql + ")", over + total),
              value.kind, value.nocase, nullptr};
    case 3:
      if (!unique) break;
      return {whole(Sql("FIRST_VALUE(") + value.sql + ")", over + total), value.kind, value.nocase,
              nullptr};
    case 4:
      if (!unique || number == nullptr) break;
      return of_kind(whole(Sql("SUM(") + number->sql + ")",
                           over + total + " ROWS BETWEEN 2 PRECEDING AND CURRENT ROW"),
                     Kind::kInteger);
    case 5:
      if (number == nullptr) break;
      return of_kind(whole(Sql(random_.one_in(2) ? "SUM(" : "MAX(") + number->sql + ")", over),
                     Kind::kInteger);
    case 6:
      if (!unique) break;
      return of_kind(whole("NTILE(3)", over + total), Kind::kInteger);
    default:
      break;
  }
  // With an order the frame ends with the peers of the current row.
  return of_kind(whole("COUNT(*)", random_.one_in(2) ? over : over + order), Kind::kInteger);
}

QueryMaker::Core QueryMaker::windowed_core(const Source& from, const Sql& where) {
  Core out;
  out.sql = "SELECT ";
  const std::size_t columns = random_.below(2) + 1;
  for (std::size_t i = 1; i <= columns + 1; ++i) {
    const Expression item = i <= columns ? expressions_.column(from.scope) : window(from.scope);
    out.sql += (i == 1 ? Sql() : Sql(", ")) + item.sql + " AS c" + std::to_string(i);
    out.shapes.push_back({item.kind, item.nocase});
  }
  out.sql += Sql(" FROM ") + from.from + where;
  return out;
}

// A core whose columns have these kinds, so that it can stand in a set operation.
QueryMaker::Core QueryMaker::shaped_core(const std::vector<Shape>& shapes, int depth) {
  for (int attempt = 0; attempt < 20; ++attempt) {
    const Source from = random_.one_in(3) ? source(depth) : source(-1);
    Core out;
    out.sql = "SELECT ";
    for (const Shape& shape : shapes) {
      std::vector<const Expression*> fitting;
      for (const Expression& column : from.scope.columns) {
        if (column.kind == shape.kind && column.nocase == shape.nocase) fitting.push_back(&column);
      }
      if (fitting.empty()) break;
      out.shapes.push_back(shape);
      const std::string number = std::to_string(out.shapes.size());
      out.sql +=
          Sql(number == "1" ? "" : ", ") + with_collation(*random_.any(fitting)) + " AS c" + number;
    }
    if (out.shapes.size() != shapes.size()) continue;
    out.sql += Sql(" FROM ") + from.from;
    if (!random_.one_in(3)) {
      out.sql += Sql(" WHERE ") + expressions_.condition(from.scope, 1);
    }
    return out;
  }
  return {};
}

QueryMaker::Core QueryMaker::set_operation(int depth) {
  static const std::vector<Shape> kShapes = {{Kind::kText, false},
                                             {Kind::kText, true},
                                             {Kind::kTimestamp, false},
                                             {Kind::kInteger, false}};
  static const std::vector<std::string> kOperators = {" UNION ALL ", " UNION ", " INTERSECT ",
                                                      " EXCEPT "};
  for (;;) {
    std::vector<Shape> shapes;
    for (std::size_t i = random_.below(2) + 1; i > 0; --i) shapes.push_back(random_.any(kShapes));
    Core left = shaped_core(shapes, depth);
    const Core right = shaped_core(shapes, depth);
    if (left.shapes.empty() || right.shapes.empty()) continue;
    left.sql += random_.any(kOperators) + right.sql;
    if (random_.one_in(4)) {
      const Core third = shaped_core(shapes, depth);
      // INTERSECT binds stronger in ours and from left to right in SQLite: UNION alone is one.
      if (!third.shapes.empty() && left.sql.ours.find(" INTERSECT ") == std::string::npos) {
        left.sql += " UNION " + third.sql;
      }
    }
    return left;
  }
}

// inner.x = outer.y, or another comparison of two columns.
Sql QueryMaker::correlation(const Relation& inner, const Scope& outer) {
  for (int attempt = 0; attempt < 10; ++attempt) {
    const Expression& a = expressions_.column(inner.scope);
    if (a.kind == Kind::kBit || a.kind == Kind::kReal) continue;
    const Expression* b = expressions_.column(outer, a.kind);
    if (b == nullptr) continue;
    return expressions_.comparison(a, random_.one_in(4) ? "<" : "=", *b);
  }
  return expressions_.condition(inner.scope, -1);
}

Sql QueryMaker::subquery_condition(const Scope& scope) {
  if (++subqueries_ > 2) {
    const Expression& column = expressions_.column(scope);
    return column.sql + " IS NOT NULL";
  }
  const Relation inner = any_base();
  Sql where;
  if (!random_.one_in(3)) where = expressions_.condition(inner.scope, 0);
  const bool correlated = random_.one_in(2);
  if (correlated) {
    where = where.ours.empty() ? correlation(inner, scope)
                               : correlation(inner, scope) + " AND " + where;
  }
  const Sql tail =
      Sql(" FROM ") + inner.from + (where.ours.empty() ? Sql() : Sql(" WHERE ") + where);
  const Expression& outer = expressions_.column(scope);
  const Expression* value = expressions_.column(inner.scope, outer.kind);
  if (value == nullptr || random_.one_in(3)) {
    return Sql(random_.one_in(3) ? "NOT EXISTS (SELECT 1" : "EXISTS (SELECT 1") + tail + ")";
  }
  const bool nocase = outer.nocase || value->nocase;
  Sql subject = outer.sql;
  if (outer.kind == Kind::kText) subject.oracle += nocase ? " COLLATE FOLD" : " COLLATE BINARY";
  // The bare name of a USING column would mean another one inside.
  const bool bare = subject.ours.find('.') == std::string::npos;
  if (bare || random_.one_in(2)) {
    return subject + (random_.one_in(3) ? " NOT IN (SELECT " : " IN (SELECT ") + value->sql + tail +
           ")";
  }
  // op ANY / op ALL by their definition, which SQLite lacks.
  static const std::vector<std::string> kComparisons = {"=", "<>", "<", ">="};
  const std::string op = random_.any(kComparisons);
  const bool all = random_.one_in(2);
  const std::string test = "(" + subject.oracle + " " + op + " " + value->sql.oracle + ")";
  const std::string has =
      "EXISTS (SELECT 1" + tail.oracle + (where.ours.empty() ? " WHERE " : " AND ");
  const std::string decided = has + test + (all ? " IS FALSE" : " IS TRUE") + ")";
  const std::string unknown = has + test + " IS NULL)";
  return {"(" + outer.sql.ours + " " + op + (all ? " ALL (SELECT " : " ANY (SELECT ") +
              value->sql.ours + tail.ours + "))",
          std::string("(CASE WHEN ") + decided + " THEN " + (all ? "0" : "1") + " WHEN " + unknown +
              " THEN NULL ELSE " + (all ? "1" : "0") + " END)"};
}

Expression QueryMaker::scalar_subquery(const Scope& scope) {
  if (++subqueries_ > 2) return expressions_.column(scope);
  const Relation inner = any_base();
  const Expression value = aggregate(inner.scope);
  Expression out = value;
  out.sql = Sql("(SELECT ") + value.sql + " FROM " + inner.from;
  if (!random_.one_in(4)) out.sql += Sql(" WHERE ") + correlation(inner, scope);
  out.sql += ")";
  return out;
}

Sql QueryMaker::order_terms(const std::vector<Shape>& shapes, bool by_name) {
  Sql out;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    const Expression column{!by_name && random_.one_in(2) ? number : "c" + number, shapes[i].kind,
                            shapes[i].nocase, nullptr};
    static const std::vector<std::string> kDirections = {"", " ASC", " DESC", " NULLS LAST",
                                                         " DESC NULLS FIRST"};
    out += Sql(i == 0 ? "" : ", ") + with_collation(column) + random_.any(kDirections);
  }
  return out;
}

QueryMaker::Core QueryMaker::recursive(const std::string& name) {
  Core out;
  if (random_.one_in(3)) {
    const std::string step = std::to_string(random_.below(4) + 1);
    out.sql =
        "(c1) AS (SELECT 0 UNION ALL SELECT c1 + " + step + " FROM " + name + " WHERE c1 < 12)";
    out.shapes = {{Kind::kInteger, false}};
    return out;
  }
  struct Tree {
    const char* table;
    const char* parent;
  };
  static constexpr Tree kTrees[] = {{"MailFolders", "ParentFolderId"},
                                    {"DriveItems", "ParentReference_Id"}};
  const Tree& tree = random_.any(kTrees);
  const Relation seed = base_relation(tree.table);
  const Relation child = base_relation(tree.table);
  const Expression parent{column_name(child.alias, tree.parent), Kind::kText, false, nullptr};
  const Expression known{name + ".c1", Kind::kText, false, nullptr};
  out.sql = Sql("(c1, c2) AS (SELECT ") + seed.scope.keys.front().sql + ", 0 FROM " + seed.from +
            " WHERE " + expressions_.condition(seed.scope, -1) + " UNION ALL SELECT " +
            child.scope.keys.front().sql + ", " + name + ".c2 + 1 FROM " + child.from + " JOIN " +
            name + " ON " + expressions_.comparison(parent, "=", known) + " WHERE " + name +
            ".c2 < " + std::to_string(random_.below(3) + 1) + ")";
  out.shapes = {{Kind::kText, false}, {Kind::kInteger, false}};
  return out;
}

RandomQuery QueryMaker::ordered(const Sql& with, const Core& body) {
  const Sql order = order_terms(body.shapes);
  RandomQuery out{
      with.ours + body.sql.ours + " ORDER BY " + order.ours,
      with.oracle + "SELECT * FROM " + materialized(body.sql.oracle) + " ORDER BY " + order.oracle,
      true};
  if (random_.one_in(2)) return out;
  const std::string n = std::to_string(random_.below(30) + 1);
  const std::string skip = std::to_string(random_.below(4) * 3);
  const std::string top = " * FROM (" + body.sql.ours + ") AS whole ORDER BY " + order.ours;
  switch (random_.below(6)) {
    case 0:
      out.ours = with.ours + "SELECT TOP " + n + top;
      out.oracle += " LIMIT " + n;
      break;
    case 1:
      out.ours = with.ours + "SELECT TOP (" + n + ") PERCENT" + top;
      out.oracle += " LIMIT (SELECT (count(*) * " + n + " + 99) / 100 FROM " +
                    materialized(body.sql.oracle) + ")";
      break;
    case 2:
      out.ours += " FETCH FIRST " + n + " ROWS ONLY";
      out.oracle += " LIMIT " + n;
      break;
    case 3:
      out.ours += " OFFSET " + skip + " ROWS FETCH NEXT " + n + " ROWS ONLY";
      out.oracle += " LIMIT " + n + " OFFSET " + skip;
      break;
    default:
      out.ours += " LIMIT " + n + " OFFSET " + skip;
      out.oracle += " LIMIT " + n + " OFFSET " + skip;
  }
  return out;
}

// The number of the rows that a limit leaves, because which they are is open.
RandomQuery QueryMaker::limited(const Sql& with, const Core& body) {
  const std::string rows = " LIMIT " + std::to_string(random_.below(60));
  return {with.ours + "SELECT COUNT(*) AS c1 FROM (" + body.sql.ours + rows + ") AS some",
          with.oracle + "SELECT COUNT(*) AS c1 FROM (SELECT * FROM " +
              materialized(body.sql.oracle) + rows + ") AS some",
          false};
}

RandomQuery QueryMaker::with_ties(const Sql& with, const Core& body) {
  const Sql order = order_terms({body.shapes.front()}, true);
  const std::string n = std::to_string(random_.below(20) + 1);
  return {with.ours + "SELECT c1 FROM (" + body.sql.ours + ") AS whole ORDER BY " + order.ours +
              " FETCH FIRST " + n + " ROWS WITH TIES",
          with.oracle + "SELECT c1 FROM (SELECT c1, rank() OVER (ORDER BY " + order.oracle +
              ") AS place FROM " + materialized(body.sql.oracle) + ") WHERE place <= " + n +
              " ORDER BY place",
          true};
}

RandomQuery QueryMaker::next() {
  aliases_ = 0;
  subqueries_ = 0;
  ctes_.clear();
  Sql with;
  bool recursion = false;
  for (std::size_t i = random_.one_in(5) ? random_.below(2) + 1 : 0; i > 0; --i) {
    const std::string name = new_alias("w");
    with += Sql(with.ours.empty() ? "" : ", ") + name;
    if (random_.one_in(3)) {
      recursion = true;
      Core body = recursive(name);
      with += body.sql;
      ctes_.emplace_back(name, std::move(body));
      continue;
    }
    Core body = core(0);
    with += Sql(" AS (" + body.sql.ours + ")", " AS MATERIALIZED (" + body.sql.oracle + ")");
    ctes_.emplace_back(name, std::move(body));
  }
  if (!with.ours.empty()) with = Sql(recursion ? "WITH RECURSIVE " : "WITH ") + with + " ";
  const Core body = core(1);
  if (random_.one_in(20)) return with_ties(with, body);
  if (random_.one_in(12)) return limited(with, body);
  if (random_.one_in(2)) return ordered(with, body);
  return {with.ours + body.sql.ours, with.oracle + body.sql.oracle, false};
}

}  // namespace graphodbc::test
