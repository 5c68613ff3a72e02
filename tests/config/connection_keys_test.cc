#include "config/connection_keys.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace graphodbc::config {
namespace {

TEST(ConnectionKeys, NamesAreUniqueAndDescribed) {
  std::set<std::string> names;
  for (const KeyInfo& entry : connection_keys()) {
    for (std::string_view name : {entry.name, entry.alias}) {
      if (name.empty()) continue;
      std::string folded(name);
      std::transform(folded.begin(), folded.end(), folded.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
      });
      EXPECT_TRUE(names.insert(folded).second) << name;
      EXPECT_EQ(find_key(folded), &entry) << name;
      EXPECT_FALSE(is_manager_key(name)) << name;
    }
    EXPECT_FALSE(entry.help.empty()) << entry.name;
    EXPECT_EQ(&info(entry.key), &entry);
  }
  EXPECT_EQ(find_key("nonsense"), nullptr);
  EXPECT_TRUE(is_manager_key("dmstmtattr"));
}

TEST(ConnectionKeys, SecretsAreMarked) {
  for (Key key : {Key::kPassword, Key::kClientSecret, Key::kRefreshToken, Key::kAccessToken}) {
    EXPECT_TRUE(info(key).secret) << info(key).name;
  }
}

}  // namespace
}  // namespace graphodbc::config
