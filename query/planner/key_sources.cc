#include "query/planner/key_sources.h"

#include <algorithm>
#include <optional>

#include "query/planner/conjuncts.h"
#include "query/planner/narrowing.h"
#include "query/pushdown/pushed.h"

namespace graphodbc::query {
namespace {

using schema::ColumnRole;
using schema::Table;
using Conjuncts = std::vector<ExpressionPtr>;

// How few rows a scan's own conditions leave, as far as that can be told before it is read.
enum class Bound : std::uint8_t {
  kNone,
  kCondition,  // one that Graph takes and that is more than a flag
  kRows,       // keys, or a limit
};

Conjuncts conjuncts_of(const ScanSpec& scan) {
  return scan.query.where ? split_conjuncts(clone(*scan.query.where)) : Conjuncts();
}

bool is_fixed_text(const Conjuncts& conjuncts, const Table& table, std::uint32_t column) {
  std::size_t used = 0;
  return allowed_texts(conjuncts, column, table.columns[column], used).has_value();
}

bool reads_one_item(const Table& table) {
  return table.list_path.empty() && !table.root_path.empty() && !table.walk;
}

Bound bound_of(const ScanSpec& scan) {
  const Table& table = *scan.query.table;
  if (scan.query.limit || reads_one_item(table)) return Bound::kRows;
  const Conjuncts conjuncts = conjuncts_of(scan);
  const auto key = static_cast<std::uint32_t>(*table.find(table.key[0]));
  if (!table.item_path.empty() && is_fixed_text(conjuncts, table, key)) return Bound::kRows;
  if (scan.query.search) return Bound::kCondition;
  for (const std::string& parent : table.parents) {
    const auto column = static_cast<std::uint32_t>(*table.find(parent));
    if (is_fixed_text(conjuncts, table, column)) return Bound::kRows;
  }
  for (const Table::Listing& listing : table.listings) {
    const auto column = static_cast<std::uint32_t>(*table.find(listing.column));
    if (is_fixed_text(conjuncts, table, column)) return Bound::kCondition;
  }
  const bool filters = table.filter_supported && !table.walk;
  return filters && std::any_of(
                        conjuncts.begin(), conjuncts.end(),
                        [&](const ExpressionPtr& conjunct) { return narrows(*conjunct, table); })
             ? Bound::kCondition
             : Bound::kNone;
}

class KeyChooser {
 public:
  KeyChooser(std::vector<ScanSpec>& scans, const std::vector<KeyEquality>& equalities,
             const HandedOn& handed_on, const SessionOptions& options)
      : scans_(scans), equalities_(equalities), handed_on_(handed_on), options_(options) {}

  void run() {
    for (std::size_t i = 0; i < scans_.size(); ++i) {
      for (std::uint32_t column : open_keys(scans_[i])) {
        if (!scans_[i].keys) choose_place(i, column);
      }
    }
    if (!options_.pushdown || options_.max_dependent_keys == 0) return;
    for (const ScanSpec& scan : scans_) bounds_.push_back(bound_of(scan));
    // What is read by keys is bounded itself, so one may follow from another.
    for (bool found = true; found;) {
      found = false;
      for (std::size_t i = 0; i < scans_.size(); ++i) found = choose_rows(i) || found;
    }
  }

 private:
  struct Source {
    std::size_t scan;
    std::uint32_t column;  // of its table
  };

  // --- Where the rows are ---------------------------------------------------------------------

  // Columns that decide where a scan's rows live, and that nothing in its own conditions fixes
  // (decisions.md 5).
  static std::vector<std::uint32_t> open_keys(const ScanSpec& scan) {
    const Table& table = *scan.query.table;
    std::vector<std::string> names = table.parents;
    if (!table.context.column.empty()) names.push_back(table.context.column);
    std::vector<std::uint32_t> keys;
    const Conjuncts conjuncts = conjuncts_of(scan);
    for (const std::string& name : names) {
      const auto column = static_cast<std::uint32_t>(*table.find(name));
      if (!is_fixed_text(conjuncts, table, column)) keys.push_back(column);
    }
    return keys;
  }

  static bool is_context(const ScanSpec& scan, std::uint32_t column) {
    return scan.query.table->columns[column].role == ColumnRole::kContext;
  }

  // The scan's key column of the statement, by the equality's other side.
  std::optional<Source> source_of(const KeyEquality& equality, std::size_t scan,
                                  std::uint32_t column) const {
    const std::uint32_t number = scans_[scan].first_column + column;
    if (equality.left != number && equality.right != number) return std::nullopt;
    if (!equality.both_ways && equality.chosen != number) return std::nullopt;
    std::uint32_t from = equality.left == number ? equality.right : equality.left;
    for (auto at = handed_on_.find(from); at != handed_on_.end(); at = handed_on_.find(from)) {
      from = at->second;
    }
    for (std::size_t j = 0; j < scans_.size(); ++j) {
      const std::uint32_t first = scans_[j].first_column;
      if (from < first || from - first >= scans_[j].query.table->columns.size()) continue;
      const std::vector<std::uint32_t>& given = scans_[j].columns;
      const bool has = std::find(given.begin(), given.end(), from - first) != given.end();
      if (!has || j == scan || waits_for(j, scan)) return std::nullopt;
      return Source{j, from - first};
    }
    return std::nullopt;
  }

  void set(std::size_t scan, std::uint32_t column, const Source& source, std::size_t at_most,
           bool filters) {
    // The equality reads the column, so the source gives it out.
    const std::vector<std::uint32_t>& columns = scans_[source.scan].columns;
    const auto output = std::find(columns.begin(), columns.end(), source.column);
    scans_[scan].keys = KeySource{source.scan, static_cast<std::uint32_t>(output - columns.begin()),
                                  column, at_most, filters};
  }

  void choose_place(std::size_t scan, std::uint32_t column) {
    for (const KeyEquality& equality : equalities_) {
      const auto source = source_of(equality, scan, column);
      // Contexts that only name each other are all the account's.
      if (!source ||
          (is_context(scans_[scan], column) && is_context(scans_[source->scan], source->column))) {
        continue;
      }
      set(scan, column, *source, 0, false);
      return;
    }
  }

  bool waits_for(std::size_t scan, std::size_t other) const {
    while (scans_[scan].keys) {
      scan = scans_[scan].keys->scan;
      if (scan == other) return true;
    }
    return false;
  }

  // --- Which rows of a collection -------------------------------------------------------------

  struct Target {
    std::uint32_t column;
    std::size_t at_most;
    bool filters;  // by conditions of a request, not by requests of their own
  };

  // From what costs least: items, narrower listings, filters.
  std::vector<Target> targets_of(const ScanSpec& scan) const {
    const Table& table = *scan.query.table;
    std::vector<Target> targets;
    const auto add = [&](const std::string& name, std::size_t at_most, bool filters) {
      const auto column = static_cast<std::uint32_t>(*table.find(name));
      if (base::is_text(table.columns[column].type.type)) {
        targets.push_back({column, at_most, filters});
      }
    };
    if (!table.item_path.empty()) add(table.key[0], options_.max_dependent_keys, false);
    for (const Table::Listing& listing : table.listings) {
      if (listing.form == schema::ListingForm::kValue &&
          table.columns[*table.find(listing.column)].role == ColumnRole::kProperty) {
        add(listing.column, options_.max_dependent_keys, false);
      }
    }
    if (!table.filter_supported || table.walk) return targets;
    for (const schema::Column& column : table.columns) {
      // An Id's values are items even in a filter.
      const bool is_key = !table.item_path.empty() && column.name == table.key[0];
      if (!is_key && is_pushable(column.push.equal) && is_pushable(column.push.in_list)) {
        add(column.name, std::min<std::size_t>(options_.max_dependent_keys, kMaxTerms), true);
      }
    }
    return targets;
  }

  // Other texts are no ids, and what Graph answers to them is not known.
  bool may_hold_ids(const Source& source) const {
    const std::string& name = scans_[source.scan].query.table->columns[source.column].name;
    return name.ends_with("Id");
  }

  bool fits(const Target& target, const ScanSpec& scan, const Source& source,
            const KeyEquality& equality) const {
    const schema::Column& column = scan.query.table->columns[target.column];
    const schema::Column& from = scans_[source.scan].query.table->columns[source.column];
    if (!base::is_text(from.type.type)) return false;
    if (equality.nocase && !column.type.nocase) return false;
    return target.filters || may_hold_ids(source);
  }

  bool choose_rows(std::size_t scan) {
    const ScanSpec& spec = scans_[scan];
    if (spec.keys || spec.query.limit || spec.query.search || bounds_[scan] == Bound::kRows) {
      return false;
    }
    const std::vector<std::uint32_t> open = open_keys(spec);
    const bool placed = std::all_of(open.begin(), open.end(),
                                    [&](std::uint32_t column) { return is_context(spec, column); });
    if (!placed) return false;
    for (const Target& target : targets_of(spec)) {
      for (const KeyEquality& equality : equalities_) {
        const auto source = source_of(equality, scan, target.column);
        if (!source || bounds_[source->scan] <= bounds_[scan] ||
            !fits(target, spec, *source, equality)) {
          continue;
        }
        set(scan, target.column, *source, target.at_most, target.filters);
        if (target.column == *spec.query.table->find(spec.query.table->key[0])) {
          bounds_[scan] = bounds_[source->scan];
        }
        return true;
      }
    }
    return false;
  }

  std::vector<ScanSpec>& scans_;
  const std::vector<KeyEquality>& equalities_;
  const HandedOn& handed_on_;
  const SessionOptions& options_;
  std::vector<Bound> bounds_;  // by scan
};

}  // namespace

void choose_key_sources(std::vector<ScanSpec>& scans, const std::vector<KeyEquality>& equalities,
                        const HandedOn& handed_on, const SessionOptions& options) {
  KeyChooser(scans, equalities, handed_on, options).run();
}

}  // namespace graphodbc::query
