// Who may send when: one gate a process, one bucket a (service, mailbox) of an app. Outlook serves
// four requests of an app and mailbox at once (contract sheet (g)); after a 429 nobody in the
// bucket sends before Retry-After has passed.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "schema/table.h"

namespace graphodbc::graph {

using SteadyTime = std::chrono::steady_clock::time_point;

// Thread-safe; never blocks. Times are arguments, so that tests need no clock.
class ThrottleGate {
 public:
  struct Bucket;

  // A place in a bucket: waiting, then sending. Destruction gives it back and lets the next one in.
  // Belongs to one thread.
  class Ticket {
   public:
    ~Ticket();
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;

    bool admitted() const;
    // Not before this time will anybody be admitted; nullopt when the bucket is open.
    std::optional<SteadyTime> closed_until(SteadyTime now) const;
    // Admits whoever may go at `now`; call it when closed_until() has passed.
    void check(SteadyTime now);

   private:
    friend class ThrottleGate;
    struct State;
    Ticket(std::shared_ptr<Bucket> bucket, std::shared_ptr<State> state);

    std::shared_ptr<Bucket> bucket_;
    std::shared_ptr<State> state_;
  };

  // The gate of this process: made anew in a forked child, never destroyed.
  static ThrottleGate& instance();

  ThrottleGate();
  ~ThrottleGate();
  ThrottleGate(const ThrottleGate&) = delete;
  ThrottleGate& operator=(const ThrottleGate&) = delete;

  // Queues behind earlier tickets of the bucket. When it is not admitted at once, `on_admitted`
  // runs later, once, on whatever thread made room: it must only post a message.
  // A ticket takes `slots` places, at most `limit`.
  std::unique_ptr<Ticket> enter(const std::string& key, std::size_t limit, SteadyTime now,
                                std::function<void()> on_admitted, std::size_t slots = 1);

  // Nobody in the bucket is admitted before `until`; never shortens an earlier close.
  void close(const std::string& key, SteadyTime until);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Requests at once in a bucket of the service.
std::size_t concurrency_of(schema::Service service);

// Key of the bucket: the app at that origin, the service, the mailbox.
std::string bucket_key(std::string_view origin, std::string_view client_id, schema::Service service,
                       std::string_view mailbox);

}  // namespace graphodbc::graph
