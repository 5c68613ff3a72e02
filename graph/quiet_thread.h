// Threads that stay out of the application's way.
#pragma once

#include <csignal>
#include <thread>
#include <utility>

namespace graphodbc::graph {

// Starts a thread with all signals blocked: the application's handlers run on its own threads, and
// a write to a closed connection cannot raise SIGPIPE there.
template <typename Body>
std::thread start_quiet_thread(Body body) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread thread;
  try {
    thread = std::thread(std::move(body));
  } catch (...) {
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    throw;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

}  // namespace graphodbc::graph
