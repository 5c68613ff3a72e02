#include "graph/retry_policy.h"

#include <gtest/gtest.h>

#include <ostream>

namespace graphodbc::graph {
namespace {

using std::chrono::milliseconds;

struct Case {
  RetryMode mode;
  Outcome outcome;
  int status;
  int sent;
  bool resend;
};

constexpr const char* kModeNames[] = {"None", "Any", "WhenStatusCodeMatches"};
constexpr const char* kOutcomeNames[] = {"whole answer", "no host",   "no connection", "no TLS",
                                         "stall",        "lost",      "truncated",     "not HTTP",
                                         "too large",    "cancelled", "no memory"};

// Names the case in ctest's list.
void PrintTo(const Case& given, std::ostream* out) {
  *out << kModeNames[static_cast<int>(given.mode)] << ", "
       << kOutcomeNames[static_cast<int>(given.outcome)] << ' ' << given.status << ", sent "
       << given.sent;
}

class RetryTable : public testing::TestWithParam<Case> {};

TEST_P(RetryTable, Decides) {
  const Case& given = GetParam();
  RetrySettings settings;
  settings.mode = given.mode;
  const Verdict verdict =
      decide(settings, {given.sent, given.outcome, given.status, std::nullopt}, 0.5);
  EXPECT_EQ(verdict.resend, given.resend);
}

constexpr auto kMatch = RetryMode::kWhenStatusCodeMatches;
constexpr auto kAny = RetryMode::kAny;
constexpr auto kNone = RetryMode::kNone;
constexpr auto kOk = Outcome::kOk;

INSTANTIATE_TEST_SUITE_P(
    Modes, RetryTable,
    testing::Values(Case{kMatch, kOk, 429, 1, true}, Case{kMatch, kOk, 503, 1, true},
                    Case{kMatch, kOk, 503, 5, true}, Case{kMatch, kOk, 503, 6, false},
                    Case{kMatch, kOk, 504, 1, false}, Case{kMatch, kOk, 500, 1, false},
                    Case{kMatch, kOk, 200, 1, false}, Case{kAny, kOk, 408, 1, true},
                    Case{kAny, kOk, 429, 1, true}, Case{kAny, kOk, 500, 1, true},
                    Case{kAny, kOk, 504, 1, true}, Case{kAny, kOk, 501, 1, false},
                    Case{kAny, kOk, 505, 1, false}, Case{kAny, kOk, 400, 1, false},
                    Case{kAny, kOk, 401, 1, false}, Case{kAny, kOk, 403, 1, false},
                    Case{kAny, kOk, 404, 1, false}, Case{kNone, kOk, 429, 1, false},
                    Case{kNone, kOk, 503, 1, false}));

INSTANTIATE_TEST_SUITE_P(
    LostConnections, RetryTable,
    testing::Values(
        Case{kMatch, Outcome::kReset, 0, 1, true}, Case{kMatch, Outcome::kReset, 0, 5, true},
        Case{kMatch, Outcome::kReset, 0, 6, false}, Case{kMatch, Outcome::kTruncated, 200, 1, true},
        Case{kMatch, Outcome::kTimeout, 0, 2, true}, Case{kMatch, Outcome::kTimeout, 0, 3, false},
        Case{kMatch, Outcome::kConnect, 0, 3, false}, Case{kMatch, Outcome::kResolve, 0, 2, true},
        Case{kMatch, Outcome::kTls, 0, 1, false}, Case{kMatch, Outcome::kAborted, 0, 1, false},
        Case{kMatch, Outcome::kTooLarge, 200, 1, false}, Case{kAny, Outcome::kReset, 0, 1, true},
        Case{kNone, Outcome::kReset, 0, 1, false}));

TEST(RetryPolicy, CountsExactly) {
  for (int count : {0, 1, 50}) {
    RetrySettings settings;
    settings.count = count;
    EXPECT_EQ(decide(settings, {count + 1, kOk, 429, std::nullopt}, 0).resend, false) << count;
    if (count == 0) continue;
    EXPECT_EQ(decide(settings, {count, kOk, 429, std::nullopt}, 0).resend, true) << count;
  }
}

TEST(RetryPolicy, ListOfStatusesRules) {
  RetrySettings settings;
  settings.statuses = {504, 404};
  EXPECT_TRUE(decide(settings, {1, kOk, 504, std::nullopt}, 0).resend);
  EXPECT_TRUE(decide(settings, {1, kOk, 404, std::nullopt}, 0).resend);
  EXPECT_FALSE(decide(settings, {1, kOk, 429, std::nullopt}, 0).resend);
}

// Requirements A-Z13: each wait is longer than the one before, whatever the dice.
TEST(RetryPolicy, WaitsGrow) {
  RetrySettings settings;
  for (int resend = 1; resend < 6; ++resend) {
    EXPECT_LT(backoff(settings, resend, 0.999), backoff(settings, resend + 1, 0.0)) << resend;
  }
  EXPECT_EQ(backoff(settings, 1, 0), milliseconds(1000));
  EXPECT_EQ(backoff(settings, 5, 0), milliseconds(16'000));
  EXPECT_EQ(backoff(settings, 40, 0), milliseconds(60'000));
}

TEST(RetryPolicy, WaitsStayWithoutMultiply) {
  RetrySettings settings;
  settings.multiply_wait = false;
  for (int resend = 1; resend < 6; ++resend) {
    EXPECT_EQ(backoff(settings, resend, 0.7), milliseconds(1000));
  }
}

TEST(RetryPolicy, RetryAfterWinsWhenLarger) {
  const RetrySettings settings;
  EXPECT_EQ(decide(settings, {1, kOk, 429, milliseconds(7000)}, 0).wait, milliseconds(7000));
  EXPECT_EQ(decide(settings, {1, kOk, 429, milliseconds(20)}, 0).wait, milliseconds(1000));
}

TEST(RetryAfter, ReadsEveryForm) {
  // 1994-11-06 08:49:37 UTC
  const auto now = std::chrono::system_clock::time_point(std::chrono::seconds(784111777));
  const auto read = [&](std::string_view text) { return parse_retry_after(text, now); };
  EXPECT_EQ(read("120"), milliseconds(120'000));
  EXPECT_EQ(read("0"), milliseconds(0));
  EXPECT_EQ(read("2.128"), milliseconds(2128));
  EXPECT_EQ(read("0.249"), milliseconds(249));
  EXPECT_EQ(read("Sun, 06 Nov 1994 08:49:47 GMT"), milliseconds(10'000));
  EXPECT_EQ(read("Sun, 06 Nov 1994 08:49:00 GMT"), milliseconds(0));
  EXPECT_EQ(read("999999999999"), milliseconds(86'400'000));
  // Later than 2262 and earlier than 1677, where the system clock's nanoseconds end.
  EXPECT_EQ(read("Fri, 26 May 2320 22:22:36 GMT"), milliseconds(86'400'000));
  EXPECT_EQ(read("Fri, 31 Dec 9999 23:59:59 GMT"), milliseconds(86'400'000));
  EXPECT_EQ(read("Mon, 01 Jan 0001 00:00:00 GMT"), milliseconds(0));
  for (std::string_view bad : {"", "soon", "-1", "1x", "Sun, 06 Foo 1994 08:49:37 GMT", "nan",
                               "Sun, 36 Nov 1994 08:49:37 GMT"}) {
    EXPECT_EQ(read(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace graphodbc::graph
