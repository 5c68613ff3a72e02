#include "query/planner/listings.h"

#include <algorithm>
#include <functional>

#include "base/error.h"
#include "base/url.h"
#include "graph/request_url.h"
#include "query/planner/conjuncts.h"

namespace graphodbc::query {
namespace {

using schema::Table;

// Keys that are read one by one, 20 to a request. More of them can cost more requests than the
// listing that they would save, whose length is not known; MaxDependentKeys can move the line for
// the keys of joins.
constexpr std::size_t kMostKeys = 500;

using HoleFiller = std::function<std::string(const std::string& hole)>;

std::string fill(const schema::PathTemplate& path, const HoleFiller& value_of) {
  std::string filled;
  std::size_t at = 0;
  while (at < path.size()) {
    const std::size_t open = path.find('{', at);
    const std::size_t close = open == std::string::npos ? open : path.find('}', open);
    if (close == std::string::npos) break;
    filled.append(path, at, open - at);
    filled += value_of(path.substr(open + 1, close - open - 1));
    at = close + 1;
  }
  filled.append(path, at);
  return filled;
}

// A dot segment would be taken out of the path by every URL library (RFC 3986 5.2.4), and nothing
// is no key: no object is called so.
bool names_an_object(const std::string& text) {
  return !text.empty() && text != "." && text != "..";
}

std::vector<std::string> object_names(const std::vector<std::string>& texts) {
  std::vector<std::string> names;
  for (const std::string& text : texts) {
    if (names_an_object(text)) names.push_back(text);
  }
  return names;
}

// "/drive/root:/A/B" and "/drives/{id}/root:/A/B" as "root:/A/B:", "/drive/root:" as "root".
// nullopt for other texts, and for those with percent signs, which may or may not be encoded.
std::optional<std::string> drive_path(const std::string& text) {
  const std::size_t root = text.find("/root:");
  if (root == std::string::npos || text.find('%') != std::string::npos) return std::nullopt;
  const std::string drive = text.substr(0, root);
  const bool whole = drive == "/drive" || (drive.starts_with("/drives/") && drive.size() > 8 &&
                                           drive.find('/', 8) == std::string::npos);
  if (!whole) return std::nullopt;
  std::string_view rest = std::string_view(text).substr(root + 6);
  if (rest.empty()) return "root";
  std::string path = "root:";
  while (!rest.empty()) {
    if (rest[0] != '/') return std::nullopt;
    rest.remove_prefix(1);
    const std::size_t slash = rest.find('/');
    const std::string segment(rest.substr(0, slash));
    if (!names_an_object(segment)) return std::nullopt;
    path += "/" + base::percent_encode(segment);
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash);
  }
  return path + ":";
}

class Chooser {
 public:
  Chooser(const TableQuery& query, const SessionOptions& options,
          const std::vector<ExpressionPtr>& conjuncts)
      : table_(*query.table), position_(query.position), options_(options), conjuncts_(conjuncts) {}

  ListingChoice run() {
    bind_context();
    bind_parents();
    bind_options();
    if (!choice_.nothing.empty()) return std::move(choice_);
    if (choice_.fan_out) {
      list_parents();
      return std::move(choice_);
    }
    if (!bind_inputs() && !bind_key() && !bind_listing()) list_all();
    return std::move(choice_);
  }

 private:
  // One combination of context and parent values.
  struct Base {
    std::string context_path;
    std::string context_pattern;
    std::string mailbox = "me";
    std::vector<std::pair<std::uint32_t, std::string>> values;
  };

  std::optional<std::vector<std::string>> values_of(const std::string& column, bool settles) {
    const std::uint32_t index = static_cast<std::uint32_t>(*table_.find(column));
    for (std::size_t i = 0; i < conjuncts_.size(); ++i) {
      const auto texts = allowed_texts(*conjuncts_[i], index, table_.columns[index]);
      if (!texts) continue;
      if (settles) choice_.settled.push_back(i);
      std::vector<std::string> names = object_names(*texts);
      if (names.empty()) choice_.nothing = "no value is left for " + column;
      return names;
    }
    return std::nullopt;
  }

  void note(const std::string& column, const std::vector<std::string>& values,
            schema::PushClass push_class, const std::string& how) {
    std::string sql = column + (values.size() == 1 ? " = " : " IN (");
    for (std::size_t i = 0; i < values.size(); ++i) {
      sql += (i == 0 ? "'" : ", '") + values[i] + "'";
    }
    choice_.notes.push_back({sql + (values.size() == 1 ? "" : ")"), how, push_class});
  }

  void bind_context() {
    const schema::Context& context = table_.context;
    if (context.signed_in.empty()) {
      bases_.push_back({});
      return;
    }
    if (!context.column.empty()) {
      if (const auto values = values_of(context.column, true)) {
        add_contexts(*values);
        note(context.column, *values, schema::PushClass::kExact, "path");
        return;
      }
    }
    if (!options_.account.empty()) {
      bind_account();
      return;
    }
    if (options_.app_only) {
      const std::string where =
          context.column.empty() ? std::string() : ", or add WHERE " + context.column + " = '...'";
      throw base::Error("42000", table_.name +
                                     " needs to know whose rows are wanted, since the connection "
                                     "has no signed-in user: set Account in the connection string" +
                                     where);
    }
    Base base;
    base.context_path = context.signed_in;
    base.context_pattern = context.signed_in;
    bases_.push_back(std::move(base));
  }

  void add_contexts(const std::vector<std::string>& values) {
    const auto column = static_cast<std::uint32_t>(*table_.find(table_.context.column));
    for (const std::string& value : values) {
      Base base;
      base.context_path = fill(table_.context.by_value,
                               [&](const std::string&) { return base::percent_encode(value); });
      base.context_pattern = table_.context.by_value;
      base.mailbox = value;
      base.values.emplace_back(column, value);
      bases_.push_back(std::move(base));
    }
  }

  void bind_account() {
    const schema::Context& context = table_.context;
    if (context.by_account.empty()) {
      add_contexts({options_.account});
    } else {
      Base base;
      base.context_path = fill(context.by_account, [&](const std::string&) {
        return base::percent_encode(options_.account);
      });
      base.context_pattern = base.context_path;
      base.mailbox = options_.account;
      bases_.push_back(std::move(base));
    }
    choice_.notes.push_back({(context.column.empty() ? table_.name : context.column) +
                                 " = Account '" + options_.account + "'",
                             "path", schema::PushClass::kExact});
  }

  void bind_parents() {
    for (const std::string& parent : table_.parents) {
      const auto values = values_of(parent, true);
      if (!values && table_.fan_out) {
        choice_.fan_out = true;
        continue;
      }
      if (!values) {
        throw base::Error("42000", table_.name + " can only be read for given " + parent +
                                       " values: add WHERE " + parent + " = '...'");
      }
      note(parent, *values, schema::PushClass::kExact, "path");
      multiply(parent, *values);
    }
  }

  // What every condition on an option's column leaves of its values: a request for another could be
  // refused, where a row that is checked and dropped does no harm.
  std::optional<std::vector<std::string>> option_values(const schema::Column& column) {
    auto values = values_of(column.name, true);
    if (!values || is_unknown(*values)) return values;
    const auto index = static_cast<std::uint32_t>(*table_.find(column.name));
    for (const ExpressionPtr& conjunct : conjuncts_) {
      const auto texts = allowed_texts(*conjunct, index, column);
      if (!texts || is_unknown(*texts) || column.type.nocase) continue;
      std::erase_if(*values, [&](const std::string& value) {
        return std::find(texts->begin(), texts->end(), value) == texts->end();
      });
    }
    if (values->empty()) choice_.nothing = "no value is left for " + column.name;
    return values;
  }

  // A marker while preparing.
  static bool is_unknown(const std::vector<std::string>& texts) {
    return std::find(texts.begin(), texts.end(), "?") != texts.end();
  }

  // StartDateTime = {ts '...'}: query options of the list.
  void bind_options() {
    std::vector<std::string> missing;
    for (const schema::Column& column : table_.columns) {
      if (column.option.empty()) continue;
      if (const auto values = option_values(column)) {
        note(column.name, *values, schema::PushClass::kExact, column.option);
        multiply(column.name, *values);
      } else if (!column.nullable) {
        missing.push_back(column.name);
      }
    }
    if (!missing.empty()) fail_for_missing(missing);
  }

  [[noreturn]] void fail_for_missing(const std::vector<std::string>& columns) const {
    std::string names;
    std::string conditions;
    for (const std::string& name : columns) {
      const bool is_time =
          table_.columns[*table_.find(name)].edm == schema::EdmKind::kDateTimeOffset;
      names += (names.empty() ? "" : " and ") + name;
      conditions += (conditions.empty() ? "" : " AND ") + name +
                    (is_time ? " = {ts '2026-01-31 00:00:00'}" : " = '...'");
    }
    throw base::Error("42000", table_.name + " at " + std::to_string(position_.line) + ":" +
                                   std::to_string(position_.column) +
                                   " can only be read for given values of " + names +
                                   ": add WHERE " + conditions +
                                   "; each is given by = (a range does not count)");
  }

  void multiply(const std::string& column, const std::vector<std::string>& values) {
    const auto index = static_cast<std::uint32_t>(*table_.find(column));
    std::vector<Base> bases;
    for (const Base& base : bases_) {
      for (const std::string& value : values) {
        bases.push_back(base);
        bases.back().values.emplace_back(index, value);
      }
    }
    bases_ = std::move(bases);
  }

  std::string path_of(const schema::PathTemplate& path, const Base& base,
                      const std::string& replaced = {}, const std::string& replacement = {}) const {
    return fill(path, [&](const std::string& hole) {
      if (hole == "context") return base.context_path;
      if (hole == replaced) return replacement;
      for (const auto& [column, value] : base.values) {
        if (table_.columns[column].name == hole) return base::percent_encode(value);
      }
      return std::string();
    });
  }

  static std::string pattern_of(const schema::PathTemplate& path, const Base& base) {
    return fill(path, [&](const std::string& hole) {
      return hole == "context" ? base.context_pattern : "{" + hole + "}";
    });
  }

  void add_listing(const Base& base, std::string path, std::string pattern, bool single,
                   bool may_be_missing) {
    Listing listing;
    listing.path = std::move(path);
    listing.pattern = std::move(pattern);
    add_options(base, listing);
    listing.context_path = base.context_path;
    listing.context_pattern = base.context_pattern;
    listing.mailbox = base.mailbox;
    listing.single = single;
    listing.may_be_missing = may_be_missing;
    listing.constants = base.values;
    choice_.listings.push_back(std::move(listing));
  }

  void add_options(const Base& base, Listing& listing) const {
    char separator = '?';
    for (const auto& [column, value] : base.values) {
      const std::string& option = table_.columns[column].option;
      if (option.empty()) continue;
      listing.path = graph::request_url(listing.path, {{option, value}});
      listing.pattern += separator + option + "={" + table_.columns[column].name + "}";
      separator = '&';
    }
  }

  // CalendarId = 'x': another path, and the rows repeat the value.
  bool bind_inputs() {
    for (const Table::Listing& listing : table_.listings) {
      const std::size_t column = *table_.find(listing.column);
      if (table_.columns[column].role != schema::ColumnRole::kInput) continue;
      const auto values = values_of(listing.column, true);
      if (!values) continue;
      note(listing.column, *values, schema::PushClass::kExact, "path");
      multiply(listing.column, *values);
      for (const Base& base : bases_) {
        add_listing(base, path_of(listing.path, base), pattern_of(listing.path, base), false, true);
      }
      return true;
    }
    return false;
  }

  std::size_t most_keys() const { return std::max(kMostKeys, options_.max_dependent_keys); }

  // Id = 'x': Graph accepts other spellings of a key, so Id is checked again.
  bool bind_key() {
    if (table_.item_path.empty()) return false;
    const std::string& key = table_.key[0];
    const auto index = static_cast<std::uint32_t>(*table_.find(key));
    for (const ExpressionPtr& conjunct : conjuncts_) {
      const auto texts = allowed_texts(*conjunct, index, table_.columns[index]);
      if (!texts) continue;
      const std::vector<std::string> values = object_names(*texts);
      if (values.empty()) {
        choice_.nothing = "no value is left for " + key;
        return true;
      }
      if (values.size() * bases_.size() > most_keys()) return false;
      note(key, values, schema::PushClass::kSuperset, "item");
      choice_.by_key = true;
      for (const Base& base : bases_) {
        for (const std::string& value : values) {
          add_listing(base, path_of(table_.item_path, base, key, base::percent_encode(value)),
                      pattern_of(table_.item_path, base), true, false);
          choice_.listings.back().unlisted =
              path_of(table_.listed.alike ? table_.list_path : table_.unlisted_path, base);
        }
      }
      return true;
    }
    return false;
  }

  // ParentReference_Id = 'x': the children of one folder instead of a walk through all.
  bool bind_listing() {
    if (!options_.pushdown) return false;
    for (const Table::Listing& listing : table_.listings) {
      const std::size_t column = *table_.find(listing.column);
      if (table_.columns[column].role == schema::ColumnRole::kInput) continue;
      const auto values = values_of(listing.column, false);
      if (!values || !choice_.nothing.empty() || values->size() > most_keys()) {
        choice_.nothing.clear();
        continue;
      }
      std::vector<std::string> replacements;
      for (const std::string& value : *values) {
        if (listing.form == schema::ListingForm::kValue) {
          replacements.push_back(base::percent_encode(value));
        } else if (auto path = drive_path(value)) {
          replacements.push_back(std::move(*path));
        }
      }
      if (replacements.size() != values->size()) continue;
      note(listing.column, *values, schema::PushClass::kSuperset, "path");
      for (const Base& base : bases_) {
        for (const std::string& replacement : replacements) {
          std::string path = path_of(listing.path, base, listing.column, replacement);
          // A path of folders has many segments, which one name cannot stand for.
          std::string pattern =
              listing.form == schema::ListingForm::kValue ? pattern_of(listing.path, base) : path;
          add_listing(base, std::move(path), std::move(pattern), false, true);
        }
      }
      return true;
    }
    return false;
  }

  void list_parents() {
    const schema::PathTemplate& list = table_.fan_out->list;
    for (const Base& base : bases_) {
      add_listing(base, path_of(list, base), pattern_of(list, base), false, false);
    }
  }

  void list_all() {
    for (const Base& base : bases_) {
      if (!table_.root_path.empty()) {
        add_listing(base, path_of(table_.root_path, base), pattern_of(table_.root_path, base), true,
                    false);
      }
      if (!table_.list_path.empty()) {
        const bool below_key = !table_.parents.empty();
        add_listing(base, path_of(table_.list_path, base), pattern_of(table_.list_path, base),
                    false, below_key);
      }
    }
    choice_.walk = table_.walk.has_value();
  }

  const Table& table_;
  const Position position_;
  const SessionOptions& options_;
  const std::vector<ExpressionPtr>& conjuncts_;
  std::vector<Base> bases_;
  ListingChoice choice_;
};

}  // namespace

ListingChoice choose_listings(const TableQuery& query, const SessionOptions& options,
                              const std::vector<ExpressionPtr>& conjuncts) {
  return Chooser(query, options, conjuncts).run();
}

}  // namespace graphodbc::query
