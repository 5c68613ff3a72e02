#include <algorithm>
#include <functional>

#include "query/engine/emitter.h"

namespace graphodbc::query {

namespace {

const Relation& first_relation(const FromNode& node) {
  const FromNode* at = &node;
  while (at->relation == nullptr) at = at->left.get();
  return *at->relation;
}

// The outputs of a query change when they are computed twice.
bool has_volatile_output(const BoundQuery& bound) {
  const auto is_volatile_row = [](const std::vector<ExpressionPtr>& row) {
    return std::any_of(row.begin(), row.end(),
                       [](const ExpressionPtr& output) { return is_volatile(*output); });
  };
  return is_volatile_row(bound.outputs) ||
         std::any_of(bound.values.begin(), bound.values.end(), is_volatile_row) ||
         std::any_of(bound.arms.begin(), bound.arms.end(),
                     [](const SetArm& arm) { return has_volatile_output(*arm.query); });
}

bool joins_from_right(const FromNode* node) {
  return node != nullptr && !node->relation &&
         (node->join == JoinKind::kRight || node->join == JoinKind::kFull ||
          joins_from_right(node->left.get()) || joins_from_right(node->right.get()));
}

// SQLite 3.40 merges a UNION ALL into the query around it and then, if one of its arms has a RIGHT
// or FULL JOIN, may lose the WHERE of another.
bool is_merged_wrongly(const BoundQuery& bound) {
  return std::any_of(bound.arms.begin(), bound.arms.end(), [](const SetArm& arm) {
    return joins_from_right(arm.query->from.get()) || is_merged_wrongly(*arm.query);
  });
}

}  // namespace

std::string Emitter::kept_whole(std::string text, const BoundQuery& bound) {
  if (!is_merged_wrongly(bound)) return text;
  return "WITH w AS MATERIALIZED (" + text + ") SELECT * FROM w";
}

const Emitter::Place& Emitter::place_of(std::uint32_t column) const {
  auto at = std::upper_bound(places_.begin(), places_.end(), column,
                             [](std::uint32_t c, const Place& place) { return c < place.first; });
  if (at == places_.begin()) {
    throw base::Error("HY000", "internal error of the local engine: a column has no relation");
  }
  return *--at;
}

const base::TypeInfo& Emitter::column_type(std::uint32_t column) const {
  const Place& place = place_of(column);
  return place.relation->columns.at(column - place.first).type;
}

std::string Emitter::column_name(std::uint32_t column) {
  named_columns_.insert(column);
  const std::uint32_t first = place_of(column).first;
  return "r" + std::to_string(first) + ".o" + std::to_string(column - first);
}

bool Emitter::is_correlated(const BoundQuery& bound) const {
  std::vector<std::uint32_t> used;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> own;  // [first, end)
  std::set<const CommonTable*> seen;
  const std::function<void(const BoundQuery&)> look = [&](const BoundQuery& root) {
    for_each_query(root, [&](const BoundQuery& inner) {
      for_each_expression(inner, [&](const Expression& node) { collect_columns(node, used); });
      for_each_relation(inner.from.get(), [&](const Relation& item) {
        own.emplace_back(item.first_column,
                         item.first_column + static_cast<std::uint32_t>(item.columns.size()));
        // A WITH name from further out brings in what its body refers to.
        if (item.common && seen.insert(item.common.get()).second) look(*item.common->query);
      });
    });
  };
  look(bound);
  std::sort(own.begin(), own.end());
  return std::any_of(used.begin(), used.end(), [&](std::uint32_t column) {
    const auto at = std::upper_bound(own.begin(), own.end(), std::pair(column, UINT32_MAX));
    return at == own.begin() || column >= std::prev(at)->second;
  });
}

std::string Emitter::scan_table(std::size_t scan) {
  if (!named_.insert(scan).second && !out_.materialized[scan]) named_twice_.insert(scan);
  return out_.materialized[scan] ? "s" + std::to_string(scan) : scan_table_name(scan);
}

// The definitions of the scans come first in WITH: the others read them.
std::string Emitter::scan_definitions() {
  std::string text;
  for (const std::size_t scan : named_) {
    if (!out_.materialized[scan]) continue;
    if (!text.empty()) text += ",\n";
    text += "s" + std::to_string(scan) + " AS MATERIALIZED (SELECT ";
    std::string columns;
    for (const std::uint32_t column : plan_.scans[scan].columns) {
      if (!named_columns_.contains(plan_.scans[scan].first_column + column)) continue;
      columns += "o" + std::to_string(column) + ",";
    }
    // COUNT(*) needs rows without columns, which SQL cannot say.
    const bool numbered = numbered_.contains(scan) || columns.empty();
    if (numbered) columns += "row_number,";
    columns.pop_back();
    text += columns + " FROM " + scan_table_name(scan) + ")";
  }
  return text;
}

// Queries that refer to nothing outside become names in WITH: nested brackets would soon meet the
// limit of SQLite's parser, whose stack is 100 deep.
Emitter::Source Emitter::source(const BoundQuery& bound) {
  Types types;
  for (const ResultColumn& column : bound.columns) types.push_back(column.type);
  std::string text = kept_whole(query(bound, types, false), bound);
  if (is_correlated(bound)) return {"(" + text + ")", false};
  const std::string name = "d" + std::to_string(names_++);
  definitions_.push_back(name + (has_volatile_output(bound) ? " AS MATERIALIZED (" : " AS (") +
                         text + ")");
  return {name, true};
}

std::string Emitter::common_table(const CommonTable& table) {
  if (const auto known = common_names_.find(&table); known != common_names_.end()) {
    return known->second;
  }
  std::string name = "q" + std::to_string(names_++);
  std::string columns;
  Types types;
  for (const ResultColumn& column : table.columns) {
    columns += (types.empty() ? "o" : ",o") + std::to_string(types.size());
    types.push_back(column.type);
  }
  // Known while its body is written: a recursive one reads itself.
  common_names_[&table] = name;
  std::string text = query(*table.query, types, false);
  if (!table.recursive) text = kept_whole(std::move(text), *table.query);
  if (table.recursive) recursive_ = true;
  std::string_view kind = " AS (";
  if (table.materialized == sqlparser::Materialized::kYes || has_volatile_output(*table.query)) {
    kind = " AS MATERIALIZED (";
  } else if (table.materialized == sqlparser::Materialized::kNo) {
    kind = " AS NOT MATERIALIZED (";
  }
  const std::string definition =
      name + (columns.empty() ? "" : "(" + columns + ")") + std::string(kind) + text + ")";
  if (!is_correlated(*table.query)) {
    definitions_.push_back(definition);
    return name;
  }
  // It stands where it is used, with what it refers to; each use has its own.
  common_names_.erase(&table);
  return "(WITH " + std::string(table.recursive ? "RECURSIVE " : "") + definition + " SELECT " +
         columns + " FROM " + name + ")";
}

std::string Emitter::relation(const Relation& item) {
  const std::string alias = " AS r" + std::to_string(item.first_column);
  if (item.query) return source(*item.query).text + alias;
  if (item.common) return common_table(*item.common) + alias;
  const auto scan = scans_.find(item.first_column);
  if (scan == scans_.end()) {
    throw base::Error("HY000",
                      "internal error of the local engine: " + item.correlation + " has no scan");
  }
  return scan_table(scan->second) + alias;
}

bool Emitter::begins_with_stream(const FromNode& node) const {
  const auto scan = scans_.find(first_relation(node).first_column);
  return scan != scans_.end() && !out_.materialized[scan->second];
}

// A stream can be read once, so it must be the outermost loop: CROSS JOIN keeps SQLite from
// changing the order, here as in its documentation ("Manual Control Of Query Plans Using CROSS
// JOIN").
std::string Emitter::from(const FromNode& node, bool pinned) {
  if (node.relation) return relation(*node.relation);
  std::string text = from(*node.left, pinned);
  switch (node.join) {
    case JoinKind::kInner:
      text += pinned ? " CROSS JOIN " : " JOIN ";
      break;
    case JoinKind::kLeft:
      text += " LEFT JOIN ";
      break;
    case JoinKind::kRight:
      text += " RIGHT JOIN ";
      break;
    case JoinKind::kFull:
      text += " FULL JOIN ";
      break;
  }
  const std::string right = from(*node.right, false);
  text += node.right->relation ? right : "(" + right + ")";
  if (node.on) {
    text += " ON " + condition(*folded(*node.on));
  } else if (node.join != JoinKind::kInner) {
    text += " ON " + constant(base::Cell::of_bool(true), base::bit_type());
  }
  return text;
}

}  // namespace graphodbc::query
