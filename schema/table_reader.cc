#include "schema/table_reader.h"

namespace graphodbc::schema {
namespace {

constexpr std::pair<std::string_view, PagingStyle> kPagingWords[] = {
    {"skip", PagingStyle::kSkip},
    {"skipToken", PagingStyle::kSkipToken},
    {"none", PagingStyle::kNone}};
constexpr std::pair<std::string_view, OrderRule> kOrderWords[] = {
    {"none", OrderRule::kNone},
    {"mail", OrderRule::kMail},
    {"directory", OrderRule::kDirectory},
    {"plain", OrderRule::kPlain}};
constexpr std::pair<std::string_view, Service> kServiceWords[] = {
    {"outlook", Service::kOutlook}, {"directory", Service::kDirectory}, {"files", Service::kFiles}};
constexpr std::pair<std::string_view, ListingForm> kFormWords[] = {
    {"value", ListingForm::kValue}, {"drivePath", ListingForm::kDrivePath}};

void read_context(const JsonObject& object, Table& table) {
  const auto value = object.find("context");
  if (!value) return;
  const JsonObject context(*value, object.where() + ", context");
  context.allow_only({"column", "signedIn", "byValue", "byAccount"});
  table.context = {context.text("column"), context.required_text("signedIn"),
                   context.text("byValue"), context.text("byAccount")};
}

void read_paths(const JsonObject& object, Table& table) {
  table.list_path = object.text("list");
  table.item_path = object.text("item");
  table.unlisted_path = object.text("unlisted");
  if (const auto value = object.find("listed")) {
    const JsonObject listed(*value, object.where() + ", listed");
    listed.allow_only({"column", "values", "alike"});
    table.listed =
        Listed{listed.required_text("column"), listed.texts("values"), listed.flag("alike")};
  }
  table.root_path = object.text("root");
  table.parents = object.texts("parents");
  if (const auto value = object.find("walk")) {
    const JsonObject walk(*value, object.where() + ", walk");
    walk.allow_only({"children", "descendIf"});
    table.walk = Walk{walk.required_text("children"), walk.required_text("descendIf")};
  }
  for (simdjson::dom::element element : object.array("listings")) {
    const JsonObject listing(element, object.where() + ", listings");
    listing.allow_only({"column", "path", "form"});
    table.listings.push_back(
        {listing.required_text("column"), listing.required_text("path"),
         word_value(listing, "form", listing.text("form", "value"), kFormWords)});
  }
}

void read_fan_out(const JsonObject& object, Table& table) {
  const auto value = object.find("fanOut");
  if (!value) return;
  const JsonObject fan_out(*value, object.where() + ", fanOut");
  fan_out.allow_only({"list", "expand", "key", "maxPage", "style", "when", "filter"});
  table.fan_out =
      FanOut{.list = fan_out.required_text("list"),
             .expand = fan_out.required_text("expand"),
             .key = fan_out.required_text("key"),
             .max_page = fan_out.number("maxPage"),
             .paging = word_value(fan_out, "style", fan_out.required_text("style"), kPagingWords),
             .narrow_when = fan_out.text("when"),
             .narrow_filter = fan_out.text("filter")};
}

void read_page(const JsonObject& object, Table& table) {
  const auto value = object.find("page");
  if (!value) object.fail("needs \"page\"");
  const JsonObject page(*value, object.where() + ", page");
  page.allow_only({"default", "max", "style", "repeatsRows"});
  table.default_page = page.number("default");
  table.max_page = page.number("max");
  table.paging = word_value(page, "style", page.required_text("style"), kPagingWords);
  table.repeats_rows = page.flag("repeatsRows");
}

void read_permissions(const JsonObject& object, Table& table) {
  const auto value = object.find("permissions");
  if (!value) object.fail("needs \"permissions\"");
  const JsonObject permissions(*value, object.where() + ", permissions");
  permissions.allow_only({"delegated", "others", "application"});
  table.least_delegated = permissions.texts("delegated");
  table.least_for_others = permissions.texts("others");
  table.least_application = permissions.texts("application");
}

}  // namespace

Table read_table(const TableSource& source) {
  const std::string file(source.file);
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  const auto error = parser.parse(source.json.data(), source.json.size()).get(root);
  if (error != simdjson::SUCCESS) {
    throw base::Error("HY000", file + ": no JSON: " + simdjson::error_message(error));
  }
  const JsonObject object(root, file);
  object.allow_only({"name",        "description", "key",     "context",       "list",
                     "item",        "root",        "parents", "walk",          "listings",
                     "page",        "orderRule",   "service", "headers",       "query",
                     "select",      "filter",      "search",  "countsExactly", "immutableIds",
                     "permissions", "columns",     "fanOut",  "unlisted",      "listed"});
  Table table;
  table.name = object.required_text("name");
  table.description = object.required_text("description");
  table.key = object.texts("key");
  read_context(object, table);
  read_paths(object, table);
  read_fan_out(object, table);
  read_page(object, table);
  read_permissions(object, table);
  table.select_supported = object.flag("select", true);
  table.filter_supported = object.flag("filter", true);
  table.counts_exactly = object.flag("countsExactly");
  table.search_supported = object.flag("search");
  table.order_rule = word_value(object, "orderRule", object.text("orderRule", "none"), kOrderWords);
  table.service = word_value(object, "service", object.required_text("service"), kServiceWords);
  table.headers = object.text_pairs("headers");
  table.query = object.text_pairs("query");
  table.immutable_ids = object.flag("immutableIds");
  for (simdjson::dom::element element : object.array("columns")) {
    table.columns.push_back(read_column(element, file));
  }
  return table;
}

}  // namespace graphodbc::schema
