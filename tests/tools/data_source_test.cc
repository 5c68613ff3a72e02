// `graphodbc dsn` in an odbc.ini of its own.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <ostream>

#include "tests/tools/program.h"

namespace graphodbc::test {
namespace {

unsigned mode_of(const std::filesystem::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777 : 0;
}

class DataSource : public testing::Test {
 protected:
  Home home_;
};

TEST_F(DataSource, IsCreatedFromFlags) {
  const Ran ran = home_.run({"dsn", "create", "graph", "AuthMode=DeviceCode",
                             "TenantId=contoso.com", "ClientId=app", "Description=My mail"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err, "Data source 'graph' is in " + home_.odbc_ini().string() +
                         "\nNext: graphodbc login --dsn graph\n");
  EXPECT_EQ(home_.read(home_.odbc_ini()),
            "[graph]\n"
            "Driver               = graphodbc\n"
            "AuthMode             = DeviceCode\n"
            "TenantId             = contoso.com\n"
            "ClientId             = app\n"
            "Description          = My mail\n");
  EXPECT_EQ(mode_of(home_.odbc_ini()), 0600u);
  EXPECT_EQ(home_.run({"dsn", "create", "graph", "ClientId=other"}).status, 1);
}

TEST_F(DataSource, IsEditedWithoutTouchingTheRest) {
  home_.write("odbc.ini",
              "; of the team\n[other]\nDriver = Postgres\n# keep\nOdd=1\n\n"
              "[graph]\nDriver = graphodbc\nTenantId=contoso.com\nclientid = app\n"
              "TotallyUnknown = yes\n\n[last]\nDriver = x\n",
              0644);
  const Ran ran =
      home_.run({"dsn", "edit", "graph", "ClientId=app2", "TenantId=", "LogFile=/tmp/l"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_NE(ran.err.find("[01S00]"), std::string::npos) << ran.err;
  EXPECT_EQ(home_.read(home_.odbc_ini()),
            "; of the team\n[other]\nDriver = Postgres\n# keep\nOdd=1\n\n"
            "[graph]\nDriver = graphodbc\nclientid             = app2\n"
            "TotallyUnknown = yes\nLogFile              = /tmp/l\n\n[last]\nDriver = x\n");
  EXPECT_EQ(mode_of(home_.odbc_ini()), 0644u);
}

TEST_F(DataSource, IsRemovedAlone) {
  home_.write("odbc.ini", "[a]\nDriver = graphodbc\n\n[b]\nDriver = graphodbc\n");
  EXPECT_EQ(home_.run({"dsn", "remove", "a"}).status, 0);
  EXPECT_EQ(home_.read(home_.odbc_ini()), "[b]\nDriver = graphodbc\n");
  const Ran again = home_.run({"dsn", "remove", "a"});
  EXPECT_EQ(again.status, 1);
  EXPECT_NE(again.err.find("[IM002]"), std::string::npos);
}

TEST_F(DataSource, IsListedWithItsKindAndShownWithoutSecrets) {
  home_.write("odbc.ini",
              "[a]\nDriver = graphodbc\nDescription = Mail\nClientSecret = s3cret\n"
              "RefreshToken = file:/x/y\nTokenEndpointParams = client_secret=s3cret\n"
              "[pg]\nDriver = Postgres\n");
  home_.write("system/odbc.ini", "[all]\nDriver = /opt/libgraphodbc.so\n", 0644);
  EXPECT_EQ(home_.run({"dsn", "list"}).out, "a    user    Mail\nall  system\n");
  EXPECT_NE(home_.run({"dsn", "list", "--all"}).out.find("pg   user    (Postgres)"),
            std::string::npos);
  const Ran shown = home_.run({"dsn", "show", "a"});
  EXPECT_EQ(shown.status, 0);
  EXPECT_EQ(shown.out.find("s3cret"), std::string::npos) << shown.out;
  EXPECT_NE(shown.out.find("ClientSecret         = ***\n"), std::string::npos) << shown.out;
  EXPECT_NE(shown.out.find("RefreshToken         = file:/x/y\n"), std::string::npos);
}

TEST_F(DataSource, TakesSecretsFromStandardInputIntoAFile) {
  const Ran ran =
      home_.run({"dsn", "create", "jobs", "TenantId=contoso.com", "ClientId=app", "ClientSecret=-"},
                "s3cret\n");
  EXPECT_EQ(ran.status, 0) << ran.err;
  const auto file = home_.path() / ".config/graphodbc/jobs.ClientSecret";
  EXPECT_EQ(home_.read(file), "s3cret\n");
  EXPECT_EQ(mode_of(file), 0600u);
  EXPECT_EQ(mode_of(file.parent_path()), 0700u);
  const std::string ini = home_.read(home_.odbc_ini());
  EXPECT_NE(ini.find("ClientSecret         = file:" + file.string()), std::string::npos) << ini;
  const Ran flag = home_.run({"dsn", "edit", "jobs", "ClientSecret=other"});
  EXPECT_EQ(flag.status, 2);
  EXPECT_EQ(home_.read(home_.odbc_ini()), ini);
}

TEST_F(DataSource, AnEditThatFailsLeavesTheSecretAsItWas) {
  ASSERT_EQ(
      home_
          .run({"dsn", "create", "jobs", "TenantId=contoso.com", "ClientId=app", "ClientSecret=-"},
               "first\n")
          .status,
      0);
  const Ran ran = home_.run(
      {"dsn", "edit", "jobs", "ClientSecret=-", "TokenEndpointParams=a=" + std::string(1200, 'x')},
      "second\n");
  EXPECT_EQ(ran.status, 1);
  EXPECT_NE(ran.err.find("[HY024]"), std::string::npos) << ran.err;
  EXPECT_EQ(home_.read(home_.path() / ".config/graphodbc/jobs.ClientSecret"), "first\n");
}

TEST_F(DataSource, ANewSecretIsItsOwnersAlone) {
  const std::vector<std::string> create = {"dsn",          "create",       "jobs",
                                           "TenantId=c.d", "ClientId=app", "ClientSecret=-"};
  ASSERT_EQ(home_.run(create, "first\n").status, 0);
  const auto file = home_.path() / ".config/graphodbc/jobs.ClientSecret";
  ASSERT_EQ(::chmod(file.c_str(), 0644), 0);
  EXPECT_EQ(home_.run({"dsn", "edit", "jobs", "ClientSecret=-"}, "second\n").status, 0);
  EXPECT_EQ(home_.read(file), "second\n");
  EXPECT_EQ(mode_of(file), 0600u);
}

TEST_F(DataSource, KeepsItsSecretApartFromThatOfANameMuchLikeIt) {
  for (const std::string name : {"my jobs", "my_jobs"}) {
    const Ran ran =
        home_.run({"dsn", "create", name, "TenantId=contoso.com", "ClientId=app", "clientsecret=-"},
                  "of " + name + "\n");
    EXPECT_EQ(ran.status, 0) << ran.err;
  }
  const auto folder = home_.path() / ".config/graphodbc";
  EXPECT_EQ(home_.read(folder / "my%20jobs.ClientSecret"), "of my jobs\n");
  EXPECT_EQ(home_.read(folder / "my_jobs.ClientSecret"), "of my_jobs\n");
}

struct Refusal {
  std::vector<std::string> arguments;
  int status;
  const char* says;
};
void PrintTo(const Refusal& refusal, std::ostream* out) {
  for (const std::string& argument : refusal.arguments) *out << argument.substr(0, 20) << ' ';
  *out << refusal.says;
}
class DataSourceRefusal : public testing::TestWithParam<Refusal> {};
TEST_P(DataSourceRefusal, WritesNothing) {
  const Home home;
  const Ran ran = home.run(GetParam().arguments);
  EXPECT_EQ(ran.status, GetParam().status);
  EXPECT_NE(ran.err.find(GetParam().says), std::string::npos) << ran.err;
  EXPECT_FALSE(std::filesystem::exists(home.odbc_ini()));
}
INSTANTIATE_TEST_SUITE_P(
    All, DataSourceRefusal,
    testing::Values(Refusal{{"dsn"}, 2, "needs one of"}, Refusal{{"dsn", "make"}, 2, "list, show"},
                    Refusal{{"dsn", "create"}, 2, "needs the name"},
                    Refusal{{"dsn", "create", "a[b", "X=1"}, 1, "[HY024]"},
                    Refusal{{"dsn", "create", "a", "RetryMode=Never", "ClientId=x"}, 1, "[HY024]"},
                    Refusal{{"dsn", "create", "a", "TenantId=t"}, 1, "[08001]"},
                    Refusal{{"dsn", "create", "a", "nonsense"}, 2, "Key=Value"},
                    Refusal{{"dsn", "create", "a"}, 2, "nothing to write"},
                    Refusal{{"dsn", "create", "a", "ClientId=" + std::string(1200, 'x')},
                            1,
                            "1000 characters"}));

TEST_F(DataSource, AsksAPersonForWhatItNeeds) {
  // A wrong mode, an empty answer where one is needed, a secret without echo.
  const Ran ran =
      home_.run_in_terminal({"dsn", "create", "jobs"},
                            "nine\n3\ncontoso.com\n\napp-id\nt0p-s3cret\nann@contoso.com\ny\n");
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(ran.err.find("t0p-s3cret"), std::string::npos);
  EXPECT_NE(ran.err.find("ClientId is needed."), std::string::npos) << ran.err;
  const auto file = home_.path() / ".config/graphodbc/jobs.ClientSecret";
  EXPECT_EQ(home_.read(file), "t0p-s3cret\n");
  EXPECT_EQ(home_.read(home_.odbc_ini()),
            "[jobs]\n"
            "Driver               = graphodbc\n"
            "AuthMode             = ClientCredentials\n"
            "TenantId             = contoso.com\n"
            "ClientId             = app-id\n"
            "ClientSecret         = file:" +
                file.string() + "\nAccount              = ann@contoso.com\n");
}

TEST_F(DataSource, IsChosenWhenItIsTheOnlyOne) {
  EXPECT_NE(home_.run({"whoami"}).err.find("dsn create"), std::string::npos);
  home_.write("odbc.ini", "[a]\nDriver = graphodbc\n[b]\nDriver = graphodbc\n");
  const Ran both = home_.run({"whoami"});
  EXPECT_EQ(both.status, 2);
  EXPECT_NE(both.err.find("a, b"), std::string::npos) << both.err;
  const Ran unknown = home_.run({"whoami", "--dsn", "c"});
  EXPECT_EQ(unknown.status, 1);
  EXPECT_NE(unknown.err.find("[IM002]"), std::string::npos);
}

}  // namespace
}  // namespace graphodbc::test
