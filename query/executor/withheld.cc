#include "query/executor/withheld.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/utf.h"
#include "schema/permission.h"
#include "schema/withheld.h"

namespace graphodbc::query {
namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Whether an OData text names the property, outside of its literals.
bool names(std::string_view text, std::string_view property) {
  bool quoted = false;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && !quoted && is_word(text[i])) continue;
    if (!quoted && text.substr(start, i - start) == property) return true;
    if (i < text.size() && text[i] == '\'') quoted = !quoted;
    start = i + 1;
  }
  return false;
}

const std::string* find_option(const Options& options, std::string_view name) {
  for (const auto& [option, value] : options) {
    if (option == name) return &value;
  }
  return nullptr;
}

bool is_read_or_tested(const Options& options, const schema::Column& column) {
  return std::any_of(options.begin(), options.end(), [&](const auto& option) {
    const bool names_columns = option.first == "$select" || option.first == "$filter" ||
                               option.first == "$orderby" || option.first == "$search";
    return names_columns && names(option.second, column.select_name);
  });
}

// Nothing, or the empty list that stands for it where a property cannot be null.
bool is_empty(const base::Cell& cell) {
  if (cell.is_null()) return true;
  return cell.kind == base::CellKind::kJson && cell.view() == "[]";
}

// Of one listing.
struct Needs {
  std::vector<std::string> full;  // empty: nothing is ever withheld
  bool known = false;             // the token tells what it grants
  bool lacking = false;           // and that is none of them
};

Needs needs_of(const Execution& execution, const std::string& path) {
  const schema::Table& table = *execution.plan->table;
  const SessionState& session = *execution.session;
  const bool others = path.starts_with("/users/") && !table.least_for_others.empty();
  const std::vector<std::string>& delegated =
      others ? table.least_for_others : table.least_delegated;
  Needs needs;
  if (std::none_of(delegated.begin(), delegated.end(), schema::is_basic_permission)) return needs;
  needs.full =
      schema::full_permissions(session.options.app_only ? table.least_application : delegated);
  const auto granted = session.granted ? session.granted() : std::nullopt;
  if (!granted) return needs;
  const bool full = schema::holds_one_of(needs.full, *granted);
  // Whether an address of another's form is one's own is for Graph to say: what is one's own is
  // shown with less, one's profile with User.Read.
  const std::vector<std::string> own = others ? schema::full_permissions(table.least_delegated)
                                              : std::vector<std::string>{"User.Read"};
  const bool may_be_own = path.starts_with("/users/") && schema::holds_one_of(own, *granted);
  needs.known = full || !may_be_own;
  needs.lacking = needs.known && !full;
  return needs;
}

std::string joined(const std::vector<std::string>& texts, std::string_view separator) {
  constexpr std::size_t kMost = 6;
  std::string out;
  for (std::size_t i = 0; i < std::min(kMost, texts.size()); ++i) {
    if (i > 0) out += separator;
    out += texts[i];
  }
  if (texts.size() > kMost) out += " and " + std::to_string(texts.size() - kMost) + " more";
  return out;
}

base::Warning warning(const Execution& execution, const Needs& needs,
                      const std::vector<std::string>& columns) {
  const std::string full = joined(needs.full, " or ");
  std::string text = execution.plan->table->name + ": ";
  if (needs.known) {
    text += "Graph withholds " + joined(columns, ", ") +
            " from this token and answers as if there were no value (NULL), in conditions too. It "
            "needs " +
            full;
  } else {
    text += "no value came for " + joined(columns, ", ") +
            ". Graph withholds them (NULL, in conditions too) where the token lacks " + full +
            ", and whether it does cannot be told here. If it does lack it";
  }
  text += needs.known ? ": add it to the app registration" : ", add it to the app registration";
  if (!execution.session->options.app_only) text += " and to Scope";
  return {"01000", text + " and sign in again"};
}

// The withheld columns that the filter or the order names.
std::vector<std::string> tested_columns(const schema::Table& table, const Options& options) {
  std::vector<std::string> found;
  for (const schema::Column& column : table.columns) {
    if (!schema::is_withheld(table, column)) continue;
    for (const char* option : {"$filter", "$orderby"}) {
      const std::string* text = find_option(options, option);
      if (text == nullptr || !names(*text, column.select_name)) continue;
      found.push_back(column.name);
      break;
    }
  }
  return found;
}

// A column without a value passes this.
bool takes_absent(const Options& options) {
  const std::string* filter = find_option(options, "$filter");
  return filter == nullptr || filter->find(" eq null") != std::string::npos;
}

}  // namespace

void name_full_permissions(graph::ScanRequest& request, const Execution& execution) {
  const schema::Table& table = *execution.plan->table;
  const bool touched =
      std::any_of(table.columns.begin(), table.columns.end(), [&](const schema::Column& column) {
        return schema::is_withheld(table, column) && is_read_or_tested(request.query, column);
      });
  // "Does not include permissions to search messages" (Graph permissions reference).
  const bool searched = table.search_supported && find_option(request.query, "$search") != nullptr;
  if (!touched && !searched) return;
  for (std::vector<std::string>* list : {&request.least_permissions, &request.least_for_others}) {
    std::vector<std::string> full = schema::full_permissions(*list);
    if (!full.empty()) *list = std::move(full);
  }
}

std::optional<base::Warning> WithheldWatch::judge_token(const std::string& path,
                                                        const Options& options) {
  if (ended_) return std::nullopt;
  const ScanPlan& plan = *execution_.plan;
  std::vector<std::string> columns = tested_columns(*plan.table, options);
  const std::size_t tested = columns.size();
  for (const std::uint32_t index : plan.columns) {
    const schema::Column& column = plan.table->columns[index];
    if (!schema::is_withheld(*plan.table, column)) continue;
    const auto end = columns.begin() + static_cast<std::ptrdiff_t>(tested);
    if (std::find(columns.begin(), end, column.name) == end) columns.push_back(column.name);
  }
  ended_ = columns.empty();
  if (ended_) return std::nullopt;
  const Needs needs = needs_of(execution_, path);
  if (!needs.lacking) return std::nullopt;
  ended_ = true;
  return warning(execution_, needs, columns);
}

std::optional<base::Warning> WithheldWatch::judge_rows(const std::string& path,
                                                       const Options& options,
                                                       const base::RowBatch* rows) {
  if (!is_watching()) return std::nullopt;
  const ScanPlan& plan = *execution_.plan;
  std::vector<std::string> read;
  for (std::size_t i = 0; i < plan.columns.size() && rows != nullptr; ++i) {
    const schema::Column& column = plan.table->columns[plan.columns[i]];
    if (!schema::is_withheld(*plan.table, column)) continue;
    read.push_back(column.name);
    for (std::size_t row = 0; row < rows->row_count && !seen_value_; ++row) {
      seen_value_ = !is_empty(rows->row(row)[i]);
    }
  }
  if (seen_value_) return std::nullopt;
  // Rows that passed a test of a value show that the value is there.
  std::vector<std::string> tested = tested_columns(*plan.table, options);
  const bool doubtful = !read.empty() || rows == nullptr || takes_absent(options);
  if (!doubtful || (read.empty() && tested.empty())) return std::nullopt;
  const Needs needs = needs_of(execution_, path);
  if (needs.full.empty() || needs.known) return std::nullopt;
  ended_ = true;
  return warning(execution_, needs, read.empty() ? tested : read);
}

std::optional<base::Warning> WithheldWatch::judge_count(const std::string& path,
                                                        const Options& options,
                                                        std::int64_t count) {
  const std::vector<std::string> columns = tested_columns(*execution_.plan->table, options);
  if (columns.empty()) return std::nullopt;
  const Needs needs = needs_of(execution_, path);
  const bool doubtful = count == 0 || takes_absent(options);
  if (needs.full.empty() || !(needs.known ? needs.lacking : doubtful)) return std::nullopt;
  return warning(execution_, needs, columns);
}

}  // namespace graphodbc::query
