#include "graph/throttle_gate.h"

#include <gtest/gtest.h>

#include <vector>

namespace graphodbc::graph {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

TEST(ThrottleGate, AdmitsUpToTheLimitInOrder) {
  ThrottleGate gate;
  const auto now = steady_clock::now();
  std::vector<int> admitted;
  std::vector<std::unique_ptr<ThrottleGate::Ticket>> tickets;
  for (int i = 0; i < 6; ++i) {
    tickets.push_back(gate.enter("a", 4, now, [&admitted, i] { admitted.push_back(i); }));
    EXPECT_EQ(tickets.back()->admitted(), i < 4);
  }
  EXPECT_TRUE(admitted.empty());
  tickets[0].reset();
  EXPECT_EQ(admitted, std::vector<int>({4}));
  EXPECT_TRUE(tickets[4]->admitted());
  tickets[3].reset();
  EXPECT_EQ(admitted, std::vector<int>({4, 5}));
}

TEST(ThrottleGate, BucketsAreIndependent) {
  ThrottleGate gate;
  const auto now = steady_clock::now();
  const auto first = gate.enter("a", 1, now, nullptr);
  EXPECT_TRUE(gate.enter("b", 1, now, nullptr)->admitted());
  EXPECT_FALSE(gate.enter("a", 1, now, nullptr)->admitted());
}

TEST(ThrottleGate, ClosedBucketWaitsForItsTime) {
  ThrottleGate gate;
  const auto now = steady_clock::now();
  gate.close("a", now + milliseconds(5000));
  gate.close("a", now + milliseconds(1000));  // never shortened
  int admitted = 0;
  const auto ticket = gate.enter("a", 4, now, [&] { ++admitted; });
  EXPECT_FALSE(ticket->admitted());
  EXPECT_EQ(ticket->closed_until(now), now + milliseconds(5000));
  ticket->check(now + milliseconds(4999));
  EXPECT_FALSE(ticket->admitted());
  ticket->check(now + milliseconds(5000));
  EXPECT_TRUE(ticket->admitted());
  EXPECT_EQ(admitted, 1);
  EXPECT_EQ(ticket->closed_until(now + milliseconds(5000)), std::nullopt);
}

TEST(ThrottleGate, LeavingTheQueueLetsOthersPass) {
  ThrottleGate gate;
  const auto now = steady_clock::now();
  auto holder = gate.enter("a", 1, now, nullptr);
  int called = 0;
  auto leaver = gate.enter("a", 1, now, [&] { called += 1; });
  auto next = gate.enter("a", 1, now, [&] { called += 10; });
  leaver.reset();
  holder.reset();
  EXPECT_TRUE(next->admitted());
  EXPECT_EQ(called, 10);
}

// A batch takes several places at once, and those behind it do not push past (decisions.md 18).
TEST(ThrottleGate, ATicketMayTakeSeveralPlaces) {
  ThrottleGate gate;
  const auto now = steady_clock::now();
  auto one = gate.enter("a", 4, now, nullptr);
  auto batch = gate.enter("a", 4, now, nullptr, 4);
  auto late = gate.enter("a", 4, now, nullptr);
  EXPECT_TRUE(one->admitted());
  EXPECT_FALSE(batch->admitted());
  EXPECT_FALSE(late->admitted());
  one.reset();
  EXPECT_TRUE(batch->admitted());
  EXPECT_FALSE(late->admitted());
  batch.reset();
  EXPECT_TRUE(late->admitted());
  late.reset();
  // More than there are is all of them.
  EXPECT_TRUE(gate.enter("a", 4, now, nullptr, 9)->admitted());
}

TEST(ThrottleGate, KeysTellServicesAndMailboxesApart) {
  using schema::Service;
  const std::string key = bucket_key("https://g", "app", Service::kOutlook, "me");
  EXPECT_NE(key, bucket_key("https://g", "app", Service::kFiles, "me"));
  EXPECT_NE(key, bucket_key("https://g", "app", Service::kOutlook, "you"));
  EXPECT_NE(key, bucket_key("https://g", "other", Service::kOutlook, "me"));
  EXPECT_NE(key, bucket_key("https://h", "app", Service::kOutlook, "me"));
  EXPECT_EQ(concurrency_of(Service::kOutlook), 4u);
}

}  // namespace
}  // namespace graphodbc::graph
