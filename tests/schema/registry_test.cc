#include "schema/registry.h"

#include <gtest/gtest.h>

#include <array>

#include "base/error.h"
#include "schema/table_checks.h"

namespace graphodbc::schema {
namespace {

// A smallest good description; %EXTRA% and %COLUMNS% are replaced by the cases.
std::string description(const std::string& extra = "", const std::string& columns = "",
                        const std::string& list = R"("list": "/things",)") {
  return R"({"name": "Things", "description": "things", "key": ["Id"], )" + list + extra +
         R"("page": {"default": 10, "max": 100, "style": "skip"}, "service": "outlook",
         "permissions": {"delegated": ["X.Read"], "application": []},
         "columns": [{"name": "Id", "path": "id", "edm": "String", "nullable": false})" +
         columns + "]}";
}

std::string load_error(const std::string& json) {
  const std::array<TableSource, 1> sources = {TableSource{"Things.json", json}};
  try {
    Registry::load(sources);
  } catch (const base::Error& error) {
    EXPECT_EQ(error.state(), base::SqlState("HY000"));
    return error.message();
  }
  return "";
}

TEST(Registry, LoadsASmallDescription) {
  EXPECT_EQ(load_error(description()), "");
}

TEST(Registry, NamesFileColumnAndRuleOfWhatIsWrong) {
  const struct {
    const char* what;
    std::string json;
    const char* message;
  } kCases[] = {
      {"no JSON", "{", "Things.json: no JSON"},
      {"unknown member", description(R"("colour": "red",)"), "unknown member \"colour\""},
      {"unknown column member",
       description("", R"(, {"name": "A", "path": "a", "edm": "String", "siez": 3})"),
       "column A: unknown member \"siez\""},
      {"unknown type", description("", R"(, {"name": "A", "path": "a", "edm": "Text"})"),
       "\"edm\" is \"Text\", not one of Boolean"},
      {"no path", description("", R"(, {"name": "A", "edm": "String"})"),
       "column A needs \"path\""},
      {"name against the rule",
       description("", R"(, {"name": "FromName", "path": "from/name", "edm": "String"})"),
       "column FromName must be called From_Name"},
      {"twice", description("", R"(, {"name": "ID", "path": "iD", "edm": "String"})"),
       "column ID is described twice"},
      {"zero size", description("", R"(, {"name": "A", "path": "a", "edm": "String", "size": 0})"),
       "\"size\" must be at least 1"},
      {"text range", description("", R"(, {"name": "A", "path": "a", "edm": "String",
                             "push": {"range": "exact"}})"),
       "column A is text: its order"},
      {"exact text", description("", R"(, {"name": "A", "path": "a", "edm": "String",
                             "push": {"equal": "exact"}})"),
       "at most superset"},
      {"push without filter",
       description(R"("filter": false,)", R"(, {"name": "A", "path": "a", "edm": "Boolean",
                                               "push": {"equal": "exact"}})"),
       "column A has \"push\" but"},
      {"sortable text",
       description(R"("orderRule": "plain",)",
                   R"(, {"name": "A", "path": "a", "edm": "String", "sortable": true})"),
       "cannot be \"sortable\""},
      {"sortable without a rule",
       description("", R"(, {"name": "A", "path": "a", "edm": "Boolean", "sortable": true})"),
       "no \"orderRule\""},
      {"nullable key",
       R"({"name": "T", "description": "t", "key": ["Id"], "list": "/t",
           "page": {"default": 1, "max": 1, "style": "skip"}, "service": "files",
           "permissions": {}, "columns": [{"name": "Id", "path": "id", "edm": "String"}]})",
       "key column Id must not be nullable"},
      {"unknown key", description(R"("parents": ["Nope"],)"), "\"parents\" names the column Nope"},
      {"context without column", description(R"("context": {"column": "UserId", "signedIn": "/me",
                                  "byValue": "/users/{UserId}"},)"),
       "\"context\" names the column UserId"},
      {"hole nobody fills", description("", "", R"("list": "/things/{Owner}",)"),
       "\"list\" names the column Owner"},
      {"context hole without context", description("", "", R"("list": "{context}/things",)"),
       "\"list\" uses {context}"},
      {"relative path", description("", "", R"("list": "things",)"), "\"list\" must begin with /"},
      {"no path at all", description("", "", ""), "needs \"list\" or \"root\""},
      {"input of no use", description("", R"(, {"name": "A", "role": "input", "edm": "String"})"),
       "column A needs \"option\" or"},
      {"option of a property",
       description("", R"(, {"name": "A", "path": "a", "edm": "String", "option": "a"})"),
       "column A has \"option\" but not the role input"},
      {"option beside an item",
       description(R"("item": "/things/{Id}",)",
                   R"(, {"name": "A", "role": "input", "edm": "String", "option": "a"})"),
       "column A has \"option\", which only tables"},
      {"input that is no part of a URL",
       description("", R"(, {"name": "A", "role": "input", "edm": "Double", "option": "a"})"),
       "column A is part of a URL"},
      {"unlisted without an item", description(R"("unlisted": "/things/root",)"),
       "has \"unlisted\" but no \"item\""},
      {"unlisted by a key",
       description(R"("item": "/things/{Id}", "unlisted": "/things/{Id}/root",)"),
       "\"unlisted\" takes no hole but {context}"},
      {"listed without an item", description(R"("listed": {"column": "Id", "values": ["a"]},)"),
       "has \"listed\" but no \"item\""},
      {"listed by an unknown column",
       description(R"("item": "/things/{Id}", "listed": {"column": "Kind", "values": ["a"]},)"),
       "\"listed\" names the column Kind"},
      {"listed by no value",
       description(R"("item": "/things/{Id}", "listed": {"column": "Id", "values": []},)"),
       "\"listed\" needs \"values\""},
      {"listed by values and alike",
       description(
           R"("item": "/things/{Id}", "listed": {"column": "Id", "values": ["a"], "alike": true},)"),
       "takes only one"},
      {"listed alike beside unlisted",
       description(R"("item": "/things/{Id}", "unlisted": "/things/root",
                      "listed": {"column": "Id", "alike": true},)"),
       "has \"unlisted\" and an alike \"listed\""},
      {"bad walk", description(R"("walk": {"children": "/things/{Id}/c", "descendIf": "Deep"},)"),
       "\"walk\" names the column Deep"},
  };
  for (const auto& c : kCases) {
    const std::string message = load_error(c.json);
    EXPECT_NE(message.find(c.message), std::string::npos) << c.what << ": " << message;
    EXPECT_EQ(message.rfind("Things.json", 0), 0u) << c.what << ": " << message;
  }
}

TEST(Registry, RefusesOneNameTwice) {
  const std::string json = description();
  const std::array<TableSource, 2> sources = {TableSource{"A.json", json},
                                              TableSource{"B.json", json}};
  EXPECT_THROW(Registry::load(sources), base::Error);
}

TEST(Registry, FindsWithoutCase) {
  const Registry& registry = Registry::builtin();
  ASSERT_NE(registry.find("MESSAGES"), nullptr);
  EXPECT_EQ(registry.find("messages"), registry.find("Messages"));
  EXPECT_EQ(registry.find("Message"), nullptr);
  const Table& messages = *registry.find("Messages");
  EXPECT_EQ(messages.find("from_emailAddress_address"), messages.find("From_EmailAddress_Address"));
  EXPECT_FALSE(messages.find("From").has_value());
}

TEST(ColumnName, FollowsTheRule) {
  const struct {
    std::vector<std::string> path;
    const char* name;
  } kCases[] = {{{"id"}, "Id"},
                {{"from", "emailAddress", "address"}, "From_EmailAddress_Address"},
                {{"eTag"}, "ETag"},
                {{"iCalUId"}, "ICalUId"}};
  for (const auto& c : kCases) EXPECT_EQ(column_name_of(c.path), c.name);
}

}  // namespace
}  // namespace graphodbc::schema
