// The compiled-in tables against the contract: every column's path, type and class.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "base/utf.h"
#include "schema/registry.h"
#include "tests/schema/resources.h"

namespace graphodbc::schema {
namespace {

const struct {
  const char* table;
  const char* resource;
} kResources[] = {
    {"Messages", "message"},  {"MailFolders", "mailFolder"}, {"Attachments", "fileAttachment"},
    {"Events", "event"},      {"Contacts", "contact"},       {"Users", "user"},
    {"Me", "user"},           {"Drives", "drive"},           {"DriveItems", "driveItem"},
    {"CalendarView", "event"}};

std::string joined(const std::vector<std::string>& path) {
  std::string result;
  for (const std::string& step : path) result += (result.empty() ? "" : "/") + step;
  return result;
}

std::vector<std::string> enum_members(const std::string& note) {
  std::vector<std::string> members;
  const std::size_t at = note.find("enum: ");
  if (at == std::string::npos) return members;
  std::istringstream words(note.substr(at + 6));
  std::string list;
  words >> list;
  std::istringstream parts(list);
  for (std::string part; std::getline(parts, part, '|');) members.push_back(part);
  return members;
}

// The kinds that a property of the contract may be read as.
std::set<EdmKind> allowed_kinds(const ResourceProperty& property) {
  if (property.collection) return {EdmKind::kJson};
  const std::string& type = property.edm_type;
  if (type.rfind("Edm.", 0) != 0) {
    if (!enum_members(property.note).empty()) return {EdmKind::kString};
    return {EdmKind::kJson, EdmKind::kFacet};
  }
  const struct {
    const char* name;
    std::set<EdmKind> kinds;
  } kTypes[] = {{"Edm.Boolean", {EdmKind::kBoolean}},
                {"Edm.Int16", {EdmKind::kInt16}},
                {"Edm.Int32", {EdmKind::kInt32}},
                {"Edm.Int64", {EdmKind::kInt64}},
                {"Edm.Double", {EdmKind::kDouble}},
                {"Edm.String", {EdmKind::kString, EdmKind::kDateTimeText}},
                {"Edm.DateTimeOffset", {EdmKind::kDateTimeOffset}},
                {"Edm.Date", {EdmKind::kDate}},
                {"Edm.TimeOfDay", {EdmKind::kTimeOfDay}},
                {"Edm.Guid", {EdmKind::kGuid}},
                {"Edm.Binary", {EdmKind::kBinary}}};
  for (const auto& candidate : kTypes) {
    if (type == candidate.name) return candidate.kinds;
  }
  return {};
}

TEST(Tables, AreTheTen) {
  EXPECT_EQ(Registry::builtin().tables().size(), std::size(kResources));
  for (const auto& entry : kResources) {
    EXPECT_NE(Registry::builtin().find(entry.table), nullptr) << entry.table;
  }
}

TEST(Tables, HaveOnlyPropertiesOfTheContractWithTheirTypes) {
  for (const auto& entry : kResources) {
    const auto properties = read_resource(entry.resource);
    for (const Column& column : Registry::builtin().find(entry.table)->columns) {
      const std::string where = std::string(entry.table) + "." + column.name;
      if (column.json_path.empty()) {
        EXPECT_NE(column.role, ColumnRole::kProperty) << where;
        continue;
      }
      const auto found = properties.find(joined(column.json_path));
      ASSERT_NE(found, properties.end()) << where;
      EXPECT_TRUE(allowed_kinds(found->second).contains(column.edm)) << where;
      EXPECT_EQ(column.members, found->second.collection ? std::vector<std::string>()
                                                         : enum_members(found->second.note))
          << where;
      if (column.edm == EdmKind::kDateTimeText) {
        EXPECT_EQ(column.json_path.back(), "dateTime") << where;
      }
    }
  }
}

// Complex properties above other properties have no column of their own unless they are facets;
// streams, and of Users what only one user's read answers, are left out on purpose.
TEST(Tables, LeaveNoScalarPropertyOut) {
  for (const auto& entry : kResources) {
    const auto properties = read_resource(entry.resource);
    std::set<std::string> paths;
    for (const Column& column : Registry::builtin().find(entry.table)->columns) {
      paths.insert(joined(column.json_path));
    }
    for (const auto& [path, property] : properties) {
      const auto below = properties.lower_bound(path + "/");
      const bool inner = below != properties.end() && below->first.rfind(path + "/", 0) == 0;
      const bool single = property.note.find("only on GET of one user") != std::string::npos ||
                          path.rfind("mailboxSettings", 0) == 0;
      if (inner || property.edm_type == "Edm.Stream") continue;
      if (std::string(entry.table) == "Users" && single) {
        EXPECT_FALSE(paths.contains(path)) << entry.table << " " << path;
        continue;
      }
      EXPECT_TRUE(paths.contains(path)) << entry.table << " lacks " << path;
    }
  }
}

TEST(Tables, HaveIdFirstAndAKey) {
  for (const Table& table : Registry::builtin().tables()) {
    EXPECT_EQ(table.columns[0].name, "Id") << table.name;
    EXPECT_EQ(table.key[0], "Id") << table.name;
    EXPECT_FALSE(table.columns[0].nullable) << table.name;
    EXPECT_FALSE(table.least_delegated.empty()) << table.name;
    EXPECT_FALSE(table.least_application.empty()) << table.name;
  }
}

TEST(Tables, KeepCostlyColumnsOutOfTheStar) {
  const struct {
    const char* table;
    const char* column;
    bool explicit_only;
  } kCases[] = {{"Attachments", "ContentBytes", true},
                {"Attachments", "ContentId", false},
                {"Messages", "UniqueBody_Content", true},
                {"Messages", "InternetMessageHeaders", true},
                {"Messages", "Body_Content", false},
                {"Users", "SignInActivity_LastSignInDateTime", true},
                {"Users", "Department", false},
                {"Me", "AboutMe", true}};
  for (const auto& c : kCases) {
    const Table& table = *Registry::builtin().find(c.table);
    ASSERT_TRUE(table.find(c.column)) << c.table << "." << c.column;
    EXPECT_EQ(table.columns[*table.find(c.column)].explicit_only, c.explicit_only) << c.column;
  }
}

// What the service cannot be trusted with stays local or is known to miss rows.
TEST(Tables, PushByTheContract) {
  const auto push = [](const char* table, const char* column) {
    const Table& found = *Registry::builtin().find(table);
    return found.columns[found.find(column).value()].push;
  };
  EXPECT_EQ(push("Messages", "ReceivedDateTime").range, PushClass::kExact);
  EXPECT_EQ(push("Messages", "IsRead").equal, PushClass::kExact);
  EXPECT_EQ(push("Messages", "Subject").equal, PushClass::kLossy);
  EXPECT_EQ(push("Messages", "Subject").contains, PushClass::kSuperset);
  EXPECT_EQ(push("Messages", "From_EmailAddress_Address").equal, PushClass::kLossy);
  EXPECT_EQ(push("Messages", "From_EmailAddress_Address").starts_with, PushClass::kSuperset);
  EXPECT_EQ(push("Messages", "ToRecipients").contains, PushClass::kNone);
  EXPECT_EQ(push("Events", "Start_DateTime").range, PushClass::kLossy);
  EXPECT_EQ(push("Users", "CompanyName").equal, PushClass::kSuperset);
  EXPECT_TRUE(push("Users", "CompanyName").advanced);
  EXPECT_EQ(push("Users", "JobTitle").starts_with, PushClass::kNone);
  EXPECT_EQ(push("Users", "UserPrincipalName").ends_with, PushClass::kSuperset);
  EXPECT_TRUE(push("Users", "UserPrincipalName").advanced_not);
  EXPECT_EQ(push("Users", "DisplayName").contains, PushClass::kNone);
  EXPECT_TRUE(push("Users", "CreatedDateTime").inclusive_only);
  EXPECT_FALSE(Registry::builtin().find("DriveItems")->filter_supported);
}

TEST(Tables, CompareAddressesWithoutCaseAndIdsWithIt) {
  const struct {
    const char* table;
    const char* column;
    bool nocase;
  } kCases[] = {{"Messages", "Id", false},
                {"Events", "Id", false},
                {"DriveItems", "Id", false},
                {"Users", "Id", true},
                {"Messages", "From_EmailAddress_Address", true},
                {"Messages", "From_EmailAddress_Name", false},
                {"Messages", "Importance", true},
                {"Users", "UserPrincipalName", true},
                {"Users", "MailNickname", true},
                {"DriveItems", "File_MimeType", true}};
  for (const auto& c : kCases) {
    const Table& table = *Registry::builtin().find(c.table);
    EXPECT_EQ(table.columns[table.find(c.column).value()].type.nocase, c.nocase)
        << c.table << "." << c.column;
  }
}

// The header of the statement corpus lists the columns that clients' statements use.
TEST(Tables, HaveTheColumnsOfTheCorpus) {
  const std::string path = shared_file("sql/corpus.sql");
  std::ifstream file(path);
  ASSERT_TRUE(file) << "cannot read " << path << "; set GRAPHODBC_SHARED";
  std::string header;
  for (std::string line; std::getline(file, line) && line.rfind("--", 0) == 0;) {
    header += line.substr(2);
  }
  std::size_t checked = 0;
  for (const auto& entry : kResources) {
    const std::size_t at = header.find("  " + std::string(entry.table) + "(");
    if (at == std::string::npos) continue;
    const std::size_t open = header.find('(', at);
    std::istringstream names(header.substr(open + 1, header.find(')', open) - open - 1));
    for (std::string name; std::getline(names, name, ',');) {
      name.erase(0, name.find_first_not_of(' '));
      name.erase(name.find_last_not_of(' ') + 1);
      EXPECT_TRUE(Registry::builtin().find(entry.table)->find(name)) << entry.table << "." << name;
      ++checked;
    }
  }
  EXPECT_GT(checked, 100u);
}

}  // namespace
}  // namespace graphodbc::schema
