// A wait that ends early when the program stops.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace graphodbc::emulator {

class StopSignal {
 public:
  // Sleeps for `duration`; true when it was cut short by request_stop().
  bool wait_for(std::chrono::duration<double> duration) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, duration, [this] { return stopped_; });
  }

  void request_stop() {
    {
      std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
  }

  bool stopped() {
    std::lock_guard lock(mutex_);
    return stopped_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopped_ = false;
};

}  // namespace graphodbc::emulator
