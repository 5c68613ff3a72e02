// What random queries read from: tables, derived tables, joins.
#include "tests/e2e/random_query.h"
#include "tests/e2e/random_tables.h"

namespace graphodbc::test {

std::string materialized(const std::string& query) {
  return "(WITH whole AS MATERIALIZED (" + query + ") SELECT * FROM whole)";
}

std::string QueryMaker::new_alias(const std::string& prefix) {
  return prefix + std::to_string(++aliases_);
}

Sql QueryMaker::column_name(const std::string& alias, const std::string& name) {
  const std::string plain = alias + "." + name;
  switch (random_.below(4)) {
    case 0:
      return {alias + ".\"" + name + "\"", plain};
    case 1:
      return {alias + ".[" + name + "]", plain};
    default:
      return plain;
  }
}

QueryMaker::Relation QueryMaker::base_relation(const std::string& name, bool everybody) {
  const BaseTable& table = base_table(name);
  Relation out;
  out.base = &table;
  out.alias = new_alias("t");
  const std::string in_oracle = "graph." + name + (everybody ? "_all" : "") + " AS " + out.alias;
  const bool quoted = random_.one_in(4);
  const std::string as = (random_.one_in(2) ? " AS " : " ") + out.alias;
  std::string ours = quoted ? "\"graph\".\"" + name + "\" \"" + out.alias + "\"" : name + as;
  if (table.condition != nullptr) {
    ours = "(SELECT * FROM " + name + " WHERE " + table.condition + ")" + as;
  }
  out.from = {ours, in_oracle};
  for (const BaseColumn& column : table.columns) {
    out.scope.columns.push_back({column_name(out.alias, column.name), column.kind, column.nocase,
                                 &literals_[name][column.name]});
  }
  for (const char* key : table.keys) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (std::string(key) == table.columns[i].name) {
        out.scope.keys.push_back(out.scope.columns[i]);
      }
    }
  }
  return out;
}

QueryMaker::Relation QueryMaker::any_base() {
  std::vector<const char*> names;
  for (const BaseTable& table : base_tables()) {
    names.insert(names.end(), static_cast<std::size_t>(table.weight), table.name);
  }
  return base_relation(random_.any(names));
}

QueryMaker::Relation QueryMaker::derived(const Core& core, const std::string& name,
                                         bool with_body) {
  Relation out;
  out.alias = new_alias("d");
  const std::string as = (random_.one_in(2) ? " AS " : " ") + out.alias;
  out.from = with_body ? Sql("(" + core.sql.ours + ")" + as, materialized(core.sql.oracle) + as)
                       : Sql(name + as);
  for (std::size_t i = 0; i < core.shapes.size(); ++i) {
    out.scope.columns.push_back({column_name(out.alias, "c" + std::to_string(i + 1)),
                                 core.shapes[i].kind, core.shapes[i].nocase, nullptr});
  }
  return out;
}

QueryMaker::Relation QueryMaker::values_relation() {
  Relation out;
  out.alias = new_alias("v");
  Sql body;
  const Expression like{"", Kind::kText, true, &literals_["Messages"]["Importance"]};
  for (std::size_t i = random_.below(3) + 1; i > 0; --i) {
    body += body.ours.empty() ? "" : ", ";
    body +=
        "(" + std::to_string(random_.below(50)) + ", " + expressions_.literal(like).sql.ours + ")";
  }
  out.from = Sql("(VALUES ") + body + ") AS " + out.alias;
  out.scope.columns = {{out.alias + ".column1", Kind::kInteger, false, nullptr},
                       {out.alias + ".column2", Kind::kText, false, like.literals}};
  return out;
}

QueryMaker::Relation QueryMaker::relation(int depth) {
  if (depth > 0 && random_.one_in(3)) return derived(core(depth - 1), "", true);
  if (!ctes_.empty() && random_.one_in(2)) {
    const auto& cte = random_.any(ctes_);
    return derived(cte.second, cte.first, false);
  }
  if (random_.one_in(25)) return values_relation();
  return any_base();
}

// Of base tables that belong together their relationship, else columns of one kind.
Sql QueryMaker::join_condition(const Relation& left, const Relation& right) {
  if (left.base != nullptr && right.base != nullptr) {
    for (const Relationship& known : relationships()) {
      for (const bool turned : {false, true}) {
        const Relation& a = turned ? right : left;
        const Relation& b = turned ? left : right;
        if (a.base->name != std::string(known.left) || b.base->name != std::string(known.right)) {
          continue;
        }
        const auto find = [](const Relation& relation, const std::string& name) {
          std::size_t i = 0;
          while (relation.base->columns[i].name != name) ++i;
          return relation.scope.columns[i];
        };
        return expressions_.comparison(find(a, known.left_column), "=",
                                       find(b, known.right_column));
      }
    }
  }
  for (int attempt = 0; attempt < 8; ++attempt) {
    const Expression& a = expressions_.column(left.scope);
    const Expression* b = expressions_.column(right.scope, a.kind);
    if (b != nullptr && a.kind != Kind::kBit && a.kind != Kind::kReal) {
      return expressions_.comparison(a, "=", *b);
    }
  }
  Scope both = left.scope;
  both.columns.insert(both.columns.end(), right.scope.columns.begin(), right.scope.columns.end());
  return expressions_.condition(both, 0);
}

// Users with their mail, calendar or folders: the one case in which rows of others appear.
QueryMaker::Source QueryMaker::mailboxes_of_users() {
  static const std::vector<std::string> kTables = {"Messages", "Events", "MailFolders", "Contacts"};
  const Relation users = base_relation("Users");
  const Relation inner = base_relation(random_.any(kTables), true);
  const Expression user_id{column_name(inner.alias, "UserId"), Kind::kText, true, nullptr};
  const Sql on = expressions_.comparison(user_id, "=", users.scope.columns.front());
  Source out;
  out.from = users.from + (random_.one_in(2) ? " JOIN " : " LEFT JOIN ") + inner.from + " ON " + on;
  out.scope = users.scope;
  out.scope.columns.insert(out.scope.columns.end(), inner.scope.columns.begin(),
                           inner.scope.columns.end());
  out.scope.keys.insert(out.scope.keys.end(), inner.scope.keys.begin(), inner.scope.keys.end());
  return out;
}

namespace {

struct Pair {
  const char* left;
  const char* right;
  const char* column;
  bool nocase;
};

// Columns of one name whose values meet.
const std::vector<Pair>& pairs() {
  static const std::vector<Pair> kPairs = {{"Messages", "Events", "Subject", false},
                                           {"Contacts", "Users", "Surname", false},
                                           {"Users", "Contacts", "DisplayName", false},
                                           {"MailFolders", "Messages", "ParentFolderId", false},
                                           {"Contacts", "Users", "CompanyName", false},
                                           {"Events", "Messages", "Importance", true}};
  return kPairs;
}

}  // namespace

// Derived tables that have one column name in common.
QueryMaker::Source QueryMaker::natural() {
  static const std::vector<std::string> kJoins = {" NATURAL JOIN ", " NATURAL LEFT JOIN ",
                                                  " NATURAL RIGHT JOIN ", " NATURAL FULL JOIN "};
  const Pair& pair = random_.any(pairs());
  const std::string shared = new_alias("k");
  const std::string join = random_.any(kJoins);
  Source out;
  for (const std::string name : {pair.left, pair.right}) {
    const Relation base = base_relation(name);
    const std::string alias = new_alias("n");
    const std::string own = new_alias("i");
    Sql body = Sql("SELECT ") + column_name(base.alias, pair.column) + " AS " + shared + ", " +
               base.scope.keys.front().sql + " AS " + own + " FROM " + base.from;
    if (random_.one_in(2)) body += Sql(" WHERE ") + expressions_.condition(base.scope, -1);
    if (!out.from.ours.empty()) out.from += join;
    out.from += Sql("(" + body.ours + ")", materialized(body.oracle)) + " AS " + alias;
    out.scope.columns.push_back(
        {column_name(alias, own), Kind::kText, base.scope.keys.front().nocase, nullptr});
  }
  out.scope.keys = out.scope.columns;
  out.scope.columns.push_back(
      {shared, Kind::kText, pair.nocase, &literals_[pair.left][pair.column]});
  return out;
}

QueryMaker::Source QueryMaker::with_using() {
  static const std::vector<std::string> kJoins = {" JOIN ", " LEFT JOIN ", " RIGHT OUTER JOIN ",
                                                  " FULL JOIN "};
  const Pair& pair = random_.any(pairs());
  const Relation left = base_relation(pair.left);
  const Relation right = base_relation(pair.right);
  Source out;
  out.from = left.from + random_.any(kJoins) + right.from + " USING (" + pair.column + ")";
  out.scope = left.scope;
  out.scope.columns.insert(out.scope.columns.end(), right.scope.columns.begin(),
                           right.scope.columns.end());
  out.scope.columns.push_back(
      {std::string(pair.column), Kind::kText, pair.nocase, &literals_[pair.left][pair.column]});
  out.scope.keys.insert(out.scope.keys.end(), left.scope.keys.begin(), left.scope.keys.end());
  out.scope.keys.insert(out.scope.keys.end(), right.scope.keys.begin(), right.scope.keys.end());
  return out;
}

QueryMaker::Source QueryMaker::joined(int depth) {
  if (random_.one_in(12)) return mailboxes_of_users();
  if (random_.one_in(8)) return with_using();
  if (random_.one_in(12)) return natural();
  Relation last = relation(depth);
  Source out{last.from, last.scope};
  bool keys_known = !last.scope.keys.empty();
  out.scope.keys.clear();
  std::vector<Expression> keys = last.scope.keys;
  for (std::size_t more = random_.below(8) < 6 ? 1 : 2; more > 0; --more) {
    Relation next = relation(depth - 1);
    // Relatives of the last table are likelier to match.
    if (last.base != nullptr && random_.below(4) != 0) {
      std::vector<const char*> relatives;
      for (const Relationship& known : relationships()) {
        if (known.left == std::string(last.base->name)) relatives.push_back(known.right);
        if (known.right == std::string(last.base->name)) relatives.push_back(known.left);
      }
      next = base_relation(random_.any(relatives));
    }
    static const std::vector<std::string> kJoins = {" JOIN ",       " INNER JOIN ",
                                                    " LEFT JOIN ",  " LEFT OUTER JOIN ",
                                                    " RIGHT JOIN ", " FULL OUTER JOIN "};
    if (random_.one_in(14)) {
      // A comma binds weaker than the joins behind it, so it comes last.
      out.from += Sql(more > 1 || random_.one_in(2) ? " CROSS JOIN " : ", ") + next.from;
    } else {
      Sql on = join_condition(last, next);
      Scope both = out.scope;
      both.columns.insert(both.columns.end(), next.scope.columns.begin(), next.scope.columns.end());
      if (random_.one_in(4)) on += Sql(" AND ") + expressions_.condition(both, 0);
      const std::string join = random_.any(kJoins);
      const bool escape = more == 1 && join == " LEFT OUTER JOIN " && random_.one_in(2);
      const Sql text = out.from + join + next.from + " ON " + on;
      out.from = escape ? Sql("{oj " + text.ours + "}", text.oracle) : text;
    }
    out.scope.columns.insert(out.scope.columns.end(), next.scope.columns.begin(),
                             next.scope.columns.end());
    keys_known = keys_known && !next.scope.keys.empty();
    keys.insert(keys.end(), next.scope.keys.begin(), next.scope.keys.end());
    last = std::move(next);
  }
  if (keys_known) out.scope.keys = keys;
  return out;
}

QueryMaker::Source QueryMaker::source(int depth) {
  if (random_.below(5) < 3) return joined(depth);
  const Relation only = relation(depth);
  return {only.from, only.scope};
}

}  // namespace graphodbc::test
