#include "schema/permission.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "schema/registry.h"
#include "schema/withheld.h"

namespace graphodbc::schema {
namespace {

struct Cover {
  const char* granted;
  const char* needed;
  bool covers;
};
void PrintTo(const Cover& cover, std::ostream* out) {
  *out << cover.granted << (cover.covers ? " covers " : " leaves out ") << cover.needed;
}
class Permissions : public testing::TestWithParam<Cover> {};
TEST_P(Permissions, HoldLesserOnes) {
  EXPECT_EQ(permission_covers(GetParam().granted, GetParam().needed), GetParam().covers)
      << GetParam().granted << " for " << GetParam().needed;
}
INSTANTIATE_TEST_SUITE_P(
    All, Permissions,
    testing::Values(
        Cover{"Mail.Read", "Mail.Read", true}, Cover{"mail.read", "Mail.Read", true},
        Cover{"Mail.ReadWrite", "Mail.ReadBasic", true},
        Cover{"Mail.ReadBasic", "Mail.Read", false}, Cover{"User.Read.All", "User.Read", true},
        Cover{"User.Read", "User.Read.All", false}, Cover{"User.Read", "User.ReadBasic.All", false},
        Cover{"Directory.Read.All", "User.Read.All", true},
        Cover{"Directory.AccessAsUser.All", "User.Read.All", true},
        Cover{"Mail.Send", "Mail.Read", false}, Cover{"Files.Read", "Mail.Read", false},
        Cover{"https://graph.microsoft.com/Mail.Read", "Mail.Read", true},
        Cover{"openid", "User.Read", false}, Cover{"Sites.Read.All", "Files.Read", true},
        Cover{"Files.Read.All", "Sites.Read.All", false},
        Cover{"Mail.Read", "Mail.Read.Shared", false},
        Cover{"Mail.ReadWrite.Shared", "Mail.ReadBasic.Shared", true}));

TEST(HoldsOneOf, OfThoseWantedIsEnough) {
  EXPECT_TRUE(holds_one_of({}, {}));
  EXPECT_FALSE(holds_one_of({"Mail.Read"}, {}));
  EXPECT_TRUE(holds_one_of({"Mail.ReadBasic", "Mail.Read"}, {"User.Read", "Mail.ReadBasic"}));
  EXPECT_FALSE(holds_one_of({"Mail.Read.Shared"}, {"User.Read", "Mail.Read"}));
}

// "All" of ReadBasic is no more than an application's Read, which has no such ending.
TEST(HoldsOneOf, AnApplicationThatReadsMailReadsItsFolders) {
  for (const char* table : {"Messages", "MailFolders", "Attachments"}) {
    const Table* found = Registry::builtin().find(table);
    ASSERT_NE(found, nullptr);
    EXPECT_TRUE(holds_one_of(found->least_application, {"Mail.Read"})) << table;
  }
}

// The lists go by names: a column that is renamed must not slip through.
TEST(Withheld, ColumnsAreThoseThatReadBasicPermissionsHide) {
  const auto withheld = [](const char* name) {
    std::vector<std::string> names;
    const Table* table = Registry::builtin().find(name);
    for (const Column& column : table->columns) {
      if (is_withheld(*table, column)) names.push_back(column.name);
    }
    return names;
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(withheld("Messages"),
            (Names{"BodyPreview", "Body_ContentType", "Body_Content", "InternetMessageHeaders",
                   "UniqueBody_Content", "UniqueBody_ContentType"}));
  const Names event = {"BodyPreview", "Body_ContentType", "Body_Content"};
  EXPECT_EQ(withheld("Events"), event);
  EXPECT_EQ(withheld("CalendarView"), event);
  EXPECT_EQ(withheld("Contacts"), Names());
  const Table* users = Registry::builtin().find("Users");
  EXPECT_EQ(withheld("Users").size() + 7, users->columns.size());
  EXPECT_EQ(full_permissions(users->least_delegated), Names{"User.Read.All"});
}

}  // namespace
}  // namespace graphodbc::schema
