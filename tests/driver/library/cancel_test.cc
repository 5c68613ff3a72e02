// Calls that wait for a service that never answers: SQLCancel from another thread, timeouts,
// disconnecting.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

#include "tests/driver/library/driver_library.h"

namespace graphodbc::driver_test {
namespace {

using Clock = std::chrono::steady_clock;

// The kernel accepts connections for it; nobody reads or answers.
class SilentServer {
 public:
  SilentServer() : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        listen(socket_, 16) != 0 ||
        getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      ADD_FAILURE() << "no loopback socket";
    }
    port_ = ntohs(address.sin_port);
  }
  ~SilentServer() { close(socket_); }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  int socket_;
  std::uint16_t port_ = 0;
};

class CancelTest : public LibraryTest {
 protected:
  void SetUp() override {
    LibraryTest::SetUp();
    connect("AccessToken=opaque-token;GraphUrl=" + server_.url());
  }
  SilentServer server_;
};

TEST_F(CancelTest, AnotherThreadEndsTheCallWithinASecond) {
  SQLHSTMT s = statement();
  std::atomic<bool> running{false};
  std::string result;
  Clock::time_point ended;
  std::thread worker([&] {
    running = true;
    result = stmt(execute(s, "SELECT Id FROM Messages"), s);
    ended = Clock::now();
  });
  while (!running) std::this_thread::yield();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const Clock::time_point asked = Clock::now();
  EXPECT_EQ(ODBC(SQLCancel)(s), SQL_SUCCESS);
  worker.join();
  EXPECT_EQ(result, "HY008");
  EXPECT_LT(ended - asked, std::chrono::seconds(1));
  // The statement is usable again (pitfalls 5.5).
  EXPECT_EQ(stmt(execute(s, "SELECT 1"), s), "ok");
  EXPECT_EQ(stmt(ODBC(SQLFetch)(s), s), "ok");
}

TEST_F(CancelTest, TheQueryTimeoutEndsTheCall) {
  SQLHSTMT s = statement();
  ODBC(SQLSetStmtAttr)(s, SQL_ATTR_QUERY_TIMEOUT, reinterpret_cast<SQLPOINTER>(1), 0);
  const Clock::time_point start = Clock::now();
  EXPECT_EQ(stmt(execute(s, "SELECT Id FROM Messages"), s), "HYT00");
  EXPECT_LT(Clock::now() - start, std::chrono::seconds(10));
  EXPECT_EQ(stmt(execute(s, "SELECT 1"), s), "ok");
}

TEST_F(CancelTest, TheQueryTimeoutKeyIsTheAttributesDefault) {
  ASSERT_EQ(dbc(ODBC(SQLDisconnect)(connection_)), "ok");
  connect("AccessToken=opaque-token;QueryTimeout=7;GraphUrl=" + server_.url());
  SQLHSTMT s = statement();
  SQLULEN seconds = 0;
  ASSERT_EQ(stmt(ODBC(SQLGetStmtAttr)(s, SQL_ATTR_QUERY_TIMEOUT, &seconds, 0, nullptr), s), "ok");
  EXPECT_EQ(seconds, 7u);
}

TEST_F(CancelTest, OneStatementWaitsAndAnotherWorks) {
  SQLHSTMT waiting = statement();
  SQLHSTMT working = statement();
  std::thread worker([&] { execute(waiting, "SELECT Id FROM Messages"); });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(stmt(execute(working, "SELECT 1"), working), "ok");
  EXPECT_EQ(stmt(ODBC(SQLFetch)(working), working), "ok");
  EXPECT_EQ(ODBC(SQLCancel)(waiting), SQL_SUCCESS);
  worker.join();
}

TEST_F(CancelTest, DisconnectingEndsTheWaitOfAnotherThread) {
  SQLHSTMT s = statement();
  std::thread worker([&] { execute(s, "SELECT Id FROM Messages"); });
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const Clock::time_point asked = Clock::now();
  EXPECT_EQ(dbc(ODBC(SQLDisconnect)(connection_)), "ok");
  EXPECT_LT(Clock::now() - asked, std::chrono::seconds(2));
  worker.join();
  connect("AccessToken=opaque-token;GraphUrl=" + server_.url());
}

}  // namespace
}  // namespace graphodbc::driver_test
