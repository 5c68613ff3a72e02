#include "base/url.h"

#include <gtest/gtest.h>

namespace graphodbc::base {
namespace {

TEST(Url, TakesApart) {
  const auto url = parse_url("HTTPS://Graph.Microsoft.com/v1.0/me?$top=1#x");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->scheme, "https");
  EXPECT_EQ(url->host, "graph.microsoft.com");
  EXPECT_EQ(url->port, 443);
  EXPECT_EQ(url->path, "/v1.0/me");
  EXPECT_EQ(url->query, "$top=1");
  EXPECT_EQ(url->origin(), "https://graph.microsoft.com");
  EXPECT_EQ(parse_url("http://[::1]:8080")->origin(), "http://[::1]:8080");
  EXPECT_EQ(parse_url("http://h:80?a")->origin(), "http://h");
}

TEST(Url, RefusesWhatIsNone) {
  for (std::string_view text :
       {"", "graph.microsoft.com", "ftp://h/", "https://", "https:///x", "https://user@h/",
        "https://h:0/", "https://h:99999/", "https://h:x/", "https://h/a b",
        "https://h/<tenant-id>", "https://h/{x}", "https://[::1", "https://h\\x", "https://h/\n"}) {
    EXPECT_FALSE(parse_url(text)) << text;
  }
}

TEST(Url, ComparesOrigins) {
  const auto same = [](std::string_view a, std::string_view b) {
    return same_origin(*parse_url(a), *parse_url(b));
  };
  EXPECT_TRUE(same("https://Graph.Microsoft.com/a", "HTTPS://graph.microsoft.com:443/b?c"));
  EXPECT_FALSE(same("https://graph.microsoft.com", "http://graph.microsoft.com"));
  EXPECT_FALSE(same("https://graph.microsoft.com", "https://graph.microsoft.com:444"));
  EXPECT_FALSE(same("https://graph.microsoft.com", "https://graph.microsoft.com.evil.example"));
}

TEST(Url, KnowsLoopback) {
  for (std::string_view host : {"localhost", "127.0.0.1", "127.255.3.4", "::1"}) {
    EXPECT_TRUE(is_loopback_host(host)) << host;
  }
  for (std::string_view host : {"", "128.0.0.1", "127.0.0", "127.0.0.1.evil.example", "127.0.0.256",
                                "localhost.evil.example", "::2", "127.1", "10.0.0.1"}) {
    EXPECT_FALSE(is_loopback_host(host)) << host;
  }
}

TEST(Url, EncodesAllButUnreserved) {
  EXPECT_EQ(percent_encode("aZ9-._~"), "aZ9-._~");
  EXPECT_EQ(percent_encode("a b/+=&?#%\xC3\xA4"), "a%20b%2F%2B%3D%26%3F%23%25%C3%A4");
}

}  // namespace
}  // namespace graphodbc::base
