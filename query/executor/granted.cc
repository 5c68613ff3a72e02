#include "query/executor/granted.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/error.h"
#include "schema/permission.h"

namespace graphodbc::query {
namespace {

std::vector<const schema::Table*> tables_of(const StatementPlan& plan) {
  std::vector<const schema::Table*> tables;
  const auto add = [&](const schema::Table* table) {
    if (std::find(tables.begin(), tables.end(), table) == tables.end()) tables.push_back(table);
  };
  if (plan.table) add(plan.table->table);
  if (plan.local) {
    for (const ScanSpec& scan : plan.local->scans) add(scan.query.table);
  }
  return tables;
}

const std::vector<std::string>& needed(const schema::Table& table, const SessionOptions& options) {
  if (options.app_only) return table.least_application;
  const bool others = options.account_is_another && !table.least_for_others.empty();
  return others ? table.least_for_others : table.least_delegated;
}

std::string joined(const std::vector<std::string>& names, const char* separator) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : separator) + name;
  return text;
}

}  // namespace

void check_granted(const StatementPlan& plan, const SessionOptions& options) {
  if (!options.granted) return;
  std::vector<std::string> missing;
  for (const schema::Table* table : tables_of(plan)) {
    const std::vector<std::string>& wanted = needed(*table, options);
    if (schema::holds_one_of(wanted, *options.granted)) continue;
    missing.push_back(table->name + " needs " + joined(wanted, " or "));
  }
  if (missing.empty()) return;
  throw base::Error("42000",
                    "The token lacks permissions for this statement: " + joined(missing, "; ") +
                        ". It has " +
                        (options.granted->empty() ? "none" : joined(*options.granted, " ")) +
                        ". Add what is missing to the app registration" +
                        (options.app_only ? "" : " and to Scope") +
                        " and sign in again; ValidateScopes=no lets "
                        "Graph decide");
}

}  // namespace graphodbc::query
