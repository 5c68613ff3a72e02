#include "schema/table_checks.h"

#include <algorithm>

#include "base/error.h"
#include "base/utf.h"

namespace graphodbc::schema {
namespace {

constexpr std::size_t kMaxNameLength = 128;  // SQL_MAX_COLUMN_NAME_LEN of the driver

class Checker {
 public:
  Checker(std::string_view file, const Table& table) : file_(file), table_(table) {}

  void run() const {
    check_name(table_.name, "the table's name");
    if (table_.columns.empty()) fail("has no columns");
    for (std::size_t i = 0; i < table_.columns.size(); ++i) check_column(i);
    check_keys();
    check_context();
    check_paths();
    check_page();
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw base::Error("HY000", file_ + ": " + what);
  }

  void check_name(const std::string& name, const std::string& what) const {
    const bool good = !name.empty() && name.size() <= kMaxNameLength && name[0] >= 'A' &&
                      name[0] <= 'Z' && std::all_of(name.begin(), name.end(), [](char c) {
                        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                               (c >= '0' && c <= '9') || c == '_';
                      });
    if (!good) fail(what + " \"" + name + "\" must be PascalCase of at most 128 characters");
  }

  void check_column(std::size_t index) const {
    const Column& column = table_.columns[index];
    const std::string what = "column " + column.name;
    check_name(column.name, "the column name");
    if (table_.find(column.name) != index) fail(what + " is described twice");
    if (column.role == ColumnRole::kProperty) {
      if (column.json_path.empty()) fail(what + " needs \"path\"");
      const std::string expected = column_name_of(column.json_path);
      if (column.name != expected) {
        fail(what + " must be called " + expected + " after its path");
      }
    } else if (column.role != ColumnRole::kContext && !column.json_path.empty()) {
      fail(what + " is filled by the scan and takes no \"path\"");
    }
    check_input(column, what);
    check_push(column, what);
  }

  void check_input(const Column& column, const std::string& what) const {
    if (column.role != ColumnRole::kProperty && column.edm != EdmKind::kString &&
        column.edm != EdmKind::kDateTimeOffset) {
      fail(what + " is part of a URL: it is a String or a DateTimeOffset");
    }
    if (column.role != ColumnRole::kInput) {
      if (!column.option.empty()) fail(what + " has \"option\" but not the role input");
      return;
    }
    const bool in_path =
        std::any_of(table_.listings.begin(), table_.listings.end(),
                    [&](const Table::Listing& listing) { return listing.column == column.name; });
    if (in_path == !column.option.empty()) {
      fail(what + " needs \"option\" or one of \"listings\"");
    }
    // Neither an item nor a folder's children are asked for with the options of a list.
    if (!column.option.empty() && (!table_.item_path.empty() || table_.walk || table_.fan_out)) {
      fail(what + " has \"option\", which only tables take that are read by their list");
    }
  }

  void check_push(const Column& column, const std::string& what) const {
    const Pushable& push = column.push;
    const bool pushes = push.equal != PushClass::kNone || push.not_equal != PushClass::kNone ||
                        push.range != PushClass::kNone || push.in_list != PushClass::kNone ||
                        push.starts_with != PushClass::kNone ||
                        push.ends_with != PushClass::kNone || push.contains != PushClass::kNone ||
                        push.is_null != PushClass::kNone || push.is_not_null != PushClass::kNone;
    // Where rows are read with their parents, a condition on them can narrow these.
    if (pushes && !table_.filter_supported && !table_.fan_out) {
      fail(what + " has \"push\" but the table has \"filter\": false");
    }
    if (base::is_text(column.type.type)) {
      if (push.range != PushClass::kNone) {
        fail(what + " is text: its order on the server is not SQL's, \"range\" cannot be pushed");
      }
      if (push.equal == PushClass::kExact && !column.type.nocase) {
        fail(what + " compares by case but Graph does not: \"equal\" is at most superset");
      }
      if (column.sortable) fail(what + " is text and cannot be \"sortable\"");
    }
    if (column.sortable_text && !base::is_text(column.type.type)) {
      fail(what + " is no text: it is \"sortable\", not \"sortableText\"");
    }
    if ((column.sortable || column.sortable_text) && table_.order_rule == OrderRule::kNone) {
      fail(what + " is \"sortable\" but the table has no \"orderRule\"");
    }
  }

  const Column& known(const std::string& name, const std::string& where) const {
    const auto index = table_.find(name);
    if (!index) fail(where + " names the column " + name + ", which the table does not have");
    return table_.columns[*index];
  }

  void check_keys() const {
    if (table_.key.empty()) fail("needs \"key\"");
    for (const std::string& name : table_.key) {
      if (known(name, "\"key\"").nullable) fail("the key column " + name + " must not be nullable");
    }
    for (const std::string& name : table_.parents) {
      if (known(name, "\"parents\"").role != ColumnRole::kParent) {
        fail("the column " + name + " of \"parents\" needs \"role\": \"parent\"");
      }
    }
  }

  void check_context() const {
    const Context& context = table_.context;
    if (!context.column.empty()) {
      if (known(context.column, "\"context\"").role != ColumnRole::kContext) {
        fail("the context column " + context.column + " needs \"role\": \"context\"");
      }
      if (holes_of(context.by_value) != std::vector<std::string>{context.column}) {
        fail("\"byValue\" must have the hole {" + context.column + "}");
      }
    }
    for (const Column& column : table_.columns) {
      if (column.role == ColumnRole::kContext && column.name != context.column) {
        fail("column " + column.name + " has the role context but is not the table's context");
      }
    }
    if (!context.by_account.empty() &&
        holes_of(context.by_account) != std::vector<std::string>{"Account"}) {
      fail("\"byAccount\" must have the hole {Account}");
    }
  }

  void check_holes(const PathTemplate& path, const std::string& what) const {
    if (path.empty()) return;
    if (path[0] != '/' && !path.starts_with("{context}")) {
      fail(what + " must begin with / or {context}");
    }
    for (const std::string& hole : holes_of(path)) {
      if (hole == "context") {
        if (table_.context.signed_in.empty()) fail(what + " uses {context} but there is none");
        continue;
      }
      known(hole, what);
    }
  }

  void check_paths() const {
    if (table_.list_path.empty() && table_.root_path.empty()) fail("needs \"list\" or \"root\"");
    check_holes(table_.list_path, "\"list\"");
    check_holes(table_.item_path, "\"item\"");
    check_unlisted();
    check_listed();
    check_holes(table_.root_path, "\"root\"");
    if (table_.walk) {
      check_holes(table_.walk->children, "\"walk\"");
      known(table_.walk->descend_if, "\"walk\"");
    }
    if (table_.fan_out) check_fan_out(*table_.fan_out);
    for (const Table::Listing& listing : table_.listings) {
      known(listing.column, "\"listings\"");
      check_holes(listing.path, "\"listings\"");
    }
  }

  void check_unlisted() const {
    check_holes(table_.unlisted_path, "\"unlisted\"");
    if (table_.unlisted_path.empty()) return;
    if (table_.item_path.empty()) fail("has \"unlisted\" but no \"item\"");
    for (const std::string& hole : holes_of(table_.unlisted_path)) {
      if (hole != "context") fail("\"unlisted\" takes no hole but {context}");
    }
  }

  void check_listed() const {
    const Listed& listed = table_.listed;
    if (listed.column.empty()) return;
    if (table_.item_path.empty()) fail("has \"listed\" but no \"item\"");
    const Column& column = known(listed.column, "\"listed\"");
    if (column.role != ColumnRole::kProperty || !base::is_text(column.type.type)) {
      fail("the column " + listed.column + " of \"listed\" must be a text that rows have");
    }
    if (listed.values.empty() != listed.alike) {
      fail("\"listed\" needs \"values\" or \"alike\", and takes only one");
    }
    if (!listed.alike) return;
    if (table_.list_path.empty()) fail("has an alike \"listed\" but no \"list\"");
    if (!table_.unlisted_path.empty()) fail("has \"unlisted\" and an alike \"listed\"");
    for (const std::string& hole : holes_of(table_.list_path)) {
      if (hole != "context") fail("an alike \"listed\" takes no hole in \"list\" but {context}");
    }
  }

  void check_fan_out(const FanOut& fan_out) const {
    check_holes(fan_out.list, "\"fanOut\"");
    if (table_.parents.size() != 1) fail("\"fanOut\" is for tables with one parent key");
    if (fan_out.max_page == 0) fail("\"fanOut\" needs \"maxPage\"");
    if (fan_out.narrow_when.empty() != fan_out.narrow_filter.empty()) {
      fail("\"when\" and \"filter\" of \"fanOut\" belong together");
    }
  }

  void check_page() const {
    if (table_.max_page != 0 && table_.default_page > table_.max_page) {
      fail("the default page is larger than the largest");
    }
    if (table_.paging == PagingStyle::kNone && table_.max_page != 0) {
      fail("a table without paging cannot have a largest page");
    }
  }

  std::string file_;
  const Table& table_;
};

}  // namespace

std::string column_name_of(const std::vector<std::string>& json_path) {
  std::string name;
  for (const std::string& step : json_path) {
    if (!name.empty()) name += '_';
    const char first = step.empty() ? '_' : step[0];
    name += first >= 'a' && first <= 'z' ? static_cast<char>(first - 'a' + 'A') : first;
    if (!step.empty()) name.append(step, 1);
  }
  return name;
}

std::vector<std::string> holes_of(const PathTemplate& path) {
  std::vector<std::string> holes;
  std::size_t at = 0;
  while ((at = path.find('{', at)) != std::string::npos) {
    const std::size_t end = path.find('}', at);
    if (end == std::string::npos) break;
    holes.push_back(path.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  return holes;
}

void check_table(std::string_view file, const Table& table) {
  Checker(file, table).run();
}

}  // namespace graphodbc::schema
