// One token file under many processes: every request is authorised and no refresh token is lost,
// although each dies when it is used; and whoever is killed in the middle of a renewal leaves a
// file that serves.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>
#include <vector>

#include "graph/client.h"
#include "graph/oauth/token_endpoint.h"
#include "graph/oauth/token_file.h"
#include "graph/transport_poster.h"
#include "tests/support/emulator_process.h"

namespace graphodbc::graph {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

int setting(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::atoi(text);
}

class TokenStorm : public testing::Test {
 protected:
  TokenStorm() {
    std::string name = fs::temp_directory_path() / "graphodbc-storm-XXXXXX";
    folder_ = ::mkdtemp(name.data());
  }
  ~TokenStorm() override { fs::remove_all(folder_); }

  ClientSettings settings_for(const test::EmulatorProcess& emulator) const {
    ClientSettings settings;
    settings.auth_mode = AuthMode::kRefreshToken;
    settings.graph_url = emulator.fact("graph_url");
    settings.token_url = emulator.fact("token_url");
    settings.client_id = emulator.fact("client_id");
    settings.client_secret = base::Secret(emulator.fact("client_secret"));
    settings.refresh_token_file = folder_ / "token.json";
    return settings;
  }
  void put(const test::EmulatorProcess& emulator) const {
    std::ofstream(folder_ / "token.json")
        << R"({"refresh_token":")" << emulator.fact("refresh_token") << "\",\"mine\":[1]}";
  }

  fs::path folder_;
};

// Runs `work` in a child process and gives its id. The child must not run the rest of the tests.
template <typename Work>
pid_t start_process(Work work) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  int result = 99;
  try {
    result = work();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
  ::_exit(result);
}

// Number of requests that were not authorised, 100 at most.
int use_token(const ClientSettings& settings, steady_clock::time_point end) {
  int refused = 0;
  Client client(settings);
  while (steady_clock::now() < end) {
    try {
      HttpRequest request;
      request.url = "/me?$select=id";
      request.deadline = end + std::chrono::seconds(30);
      const HttpResponse response = client.start(std::move(request))->wait();
      if (response.status != 200) ++refused;
    } catch (const base::Error& error) {
      std::fprintf(stderr, "%s\n", error.what());
      ++refused;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return std::min(refused, 100);
}

TEST_F(TokenStorm, EveryRequestIsAuthorisedAndNoRefreshTokenIsLost) {
  const int processes = setting("GRAPHODBC_STORM_PROCESSES", 5);
  const int threads = setting("GRAPHODBC_STORM_THREADS", 4);
  const int duration = setting("GRAPHODBC_STORM_SECONDS", 4);
  const test::EmulatorProcess emulator(GRAPHODBC_EMULATOR,
                                       {"--token-lifetime", "1", "--rotate-revokes"});
  put(emulator);
  const ClientSettings settings = settings_for(emulator);
  const auto end = steady_clock::now() + std::chrono::seconds(duration);
  std::vector<pid_t> children;
  for (int i = 0; i < processes; ++i) {
    children.push_back(start_process([&] {
      std::atomic<int> refused{0};
      std::vector<std::thread> running;
      running.reserve(static_cast<std::size_t>(threads));
      for (int each = 0; each < threads; ++each) {
        running.emplace_back([&] { refused += use_token(settings, end); });
      }
      for (std::thread& thread : running) thread.join();
      return std::min(refused.load(), 100);
    }));
  }
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0) << "requests that were refused";
  }
  // A refresh token that is used twice is refused by this service.
  std::size_t renewals = 0;
  for (const auto& entry : nlohmann::json::parse(emulator.control("GET", "/requests"))) {
    const std::string path = entry["path"];
    if (path.find("/token") == std::string::npos) continue;
    ++renewals;
    EXPECT_EQ(entry["status"], 200) << "a refresh token was lost";
  }
  EXPECT_GE(renewals, static_cast<std::size_t>(duration - 1));
  Client last(settings);
  EXPECT_NO_THROW(last.connect());
}

TEST_F(TokenStorm, WhoeverIsKilledLeavesAFileThatServes) {
  const int kills = setting("GRAPHODBC_STORM_KILLS", 25);
  const test::EmulatorProcess emulator(GRAPHODBC_EMULATOR, {"--token-lifetime", "3600"});
  put(emulator);
  const ClientSettings settings = settings_for(emulator);
  std::mt19937 random(20260109);
  std::string last;
  int renewed = 0;
  for (int i = 0; i < kills; ++i) {
    const pid_t child = start_process([&] {
      Transport transport(transport_options(settings));
      TransportPoster poster(transport, nullptr);
      const WallClock clock = [] { return std::chrono::system_clock::now(); };
      TokenEndpoint endpoint(settings, poster, clock);
      const auto provider = make_token_provider(settings, endpoint, clock, [] { return true; });
      base::Secret token = provider->obtain(nullptr).text;
      while (true) token = provider->obtain(&token).text;
      return 0;
    });
    std::this_thread::sleep_for(
        std::chrono::microseconds(std::uniform_int_distribution<int>(2'000, 60'000)(random)));
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "it failed instead of being killed";
    const StoredTokens tokens = TokenFile(settings.refresh_token_file).read();
    ASSERT_FALSE(tokens.refresh_token.empty());
    if (tokens.refresh_token.reveal() != last) ++renewed;
    last = tokens.refresh_token.reveal();
    ClientSettings fresh = settings;
    fresh.refresh_token_file.clear();
    fresh.refresh_token = tokens.refresh_token;
    ASSERT_NO_THROW(Client(fresh).connect()) << "after kill " << i;
  }
  EXPECT_GE(renewed, kills / 3) << "the kills came too early to prove anything";
  std::ifstream in(settings.refresh_token_file);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  EXPECT_NE(text.find("\"mine\": [1]"), std::string::npos) << text;

  // What they left beside it goes with a later renewal.
  const TokenFile file(settings.refresh_token_file);
  const auto temporary = [&] {
    std::vector<std::filesystem::path> found;
    const auto folder = std::filesystem::path(settings.refresh_token_file).parent_path();
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().string().find(".graphodbc-") == std::string::npos) continue;
      found.push_back(entry.path());
    }
    return found;
  };
  RecordProperty("left_over", static_cast<int>(temporary().size()));
  for (const std::filesystem::path& path : temporary()) {
    std::filesystem::last_write_time(
        path, std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  }
  const TokenFileLock lock(file.path(), [] { return true; });
  file.write(file.read());
  EXPECT_EQ(temporary().size(), 0u);
}

}  // namespace
}  // namespace graphodbc::graph
