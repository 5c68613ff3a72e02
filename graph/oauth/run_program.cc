#include "graph/oauth/run_program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <sstream>
#include <system_error>
#include <utility>

#include "base/error.h"

namespace graphodbc::graph {
namespace {

using base::Error;
using std::chrono::steady_clock;

constexpr std::chrono::seconds kLongest{60};
constexpr std::size_t kMostOutput = std::size_t{1} << 20;

class Pipe {
 public:
  Pipe() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) {
      throw Error("08001", "No pipe to another program: " + std::generic_category().message(errno));
    }
  }
  ~Pipe() {
    close(0);
    close(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int reader() const { return ends_[0]; }
  int writer() const { return ends_[1]; }
  void close(std::size_t end) {
    if (ends_[end] >= 0) ::close(ends_[end]);
    ends_[end] = -1;
  }

 private:
  std::array<int, 2> ends_{-1, -1};
};

// Our threads block signals (quiet_thread.h), which the child must not inherit.
pid_t spawn(const std::vector<std::string>& arguments, const Pipe& output, const Pipe& errors) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output.writer(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, errors.writer(), STDERR_FILENO);
  sigset_t signals;
  sigemptyset(&signals);
  posix_spawnattr_setsigmask(&attributes, &signals);
  sigaddset(&signals, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &signals);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (const std::string& each : arguments) pointers.push_back(const_cast<char*>(each.c_str()));
  pointers.push_back(nullptr);
  pid_t child = -1;
  const int failure =
      ::posix_spawn(&child, pointers[0], &actions, &attributes, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (failure != 0) {
    throw Error("08001",
                arguments[0] + " cannot be started: " + std::generic_category().message(failure));
  }
  return child;
}

// False at the end of the stream.
bool read_some(int file, std::string& text) {
  std::array<char, 4096> buffer{};
  const ssize_t count = ::read(file, buffer.data(), buffer.size());
  if (count < 0) return errno == EINTR || errno == EAGAIN;
  if (count == 0) return false;
  if (text.size() < kMostOutput) text.append(buffer.data(), static_cast<std::size_t>(count));
  return true;
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return -1;  // somebody else in this process reaped it
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

std::string find_on_path(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    // Whatever lies in the current folder is not to be run.
    if (!folder.starts_with('/')) continue;
    std::string file = folder + "/" + name;
    struct stat status = {};
    if (::stat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
        ::access(file.c_str(), X_OK) == 0) {
      return file;
    }
  }
  return {};
}

ProgramResult run_program(const std::vector<std::string>& arguments,
                          const std::function<bool()>& keep_waiting) {
  Pipe output;
  Pipe errors;
  const pid_t child = spawn(arguments, output, errors);
  output.close(1);
  errors.close(1);
  ProgramResult result;
  std::string text;
  bool closed = false;
  const auto give_up = steady_clock::now() + kLongest;
  std::array<pollfd, 2> files = {{{output.reader(), POLLIN, 0}, {errors.reader(), POLLIN, 0}}};
  while (files[0].fd >= 0 || files[1].fd >= 0) {
    closed = !keep_waiting();
    result.timed_out = steady_clock::now() > give_up;
    if (closed || result.timed_out) {
      ::kill(child, SIGKILL);
      break;
    }
    if (::poll(files.data(), files.size(), 100) <= 0) continue;
    if (files[0].revents != 0 && !read_some(files[0].fd, text)) files[0].fd = -1;
    if (files[1].revents != 0 && !read_some(files[1].fd, result.errors)) files[1].fd = -1;
  }
  result.status = wait_for(child);
  result.output = base::Secret(std::move(text));
  if (closed) throw Error("08S01", "The connection is being closed");
  return result;
}

}  // namespace graphodbc::graph
