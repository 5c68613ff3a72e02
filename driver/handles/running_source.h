// While it lives, SQLCancel from another thread reaches the source.
#pragma once

#include <mutex>

#include "driver/handles/statement.h"

namespace graphodbc::driver {

class RunningSource {
 public:
  RunningSource(Statement& statement, base::RowSource& source) : statement_(statement) {
    std::lock_guard<std::mutex> lock(statement_.cancel_mutex_);
    statement_.running_ = &source;
    // Asked for between the start of the call and now.
    if (statement_.cancel_requested_) source.cancel();
  }
  ~RunningSource() {
    std::lock_guard<std::mutex> lock(statement_.cancel_mutex_);
    statement_.running_ = nullptr;
  }
  RunningSource(const RunningSource&) = delete;
  RunningSource& operator=(const RunningSource&) = delete;

  // At the start of a call that can be cancelled: a request that came while another call ran, but
  // after its work was done, is void.
  static void forget_requests(Statement& statement) {
    std::lock_guard<std::mutex> lock(statement.cancel_mutex_);
    statement.cancel_requested_ = false;
  }

 private:
  Statement& statement_;
};

}  // namespace graphodbc::driver
