#include "connection/browser.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include "graph/quiet_thread.h"

extern char** environ;

namespace graphodbc::connection {
namespace {

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

class Actions {
 public:
  Actions() {
    posix_spawn_file_actions_init(&actions_);
    for (const int file : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
      posix_spawn_file_actions_addopen(&actions_, file, "/dev/null", O_RDWR, 0);
    }
  }
  ~Actions() { posix_spawn_file_actions_destroy(&actions_); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_ = {};
};

// No blocked or ignored signals, and a process group of its own: Ctrl-C in a terminal ends the
// program, not the browser.
class Attributes {
 public:
  Attributes() {
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes_, &none);
    sigset_t usual;
    sigemptyset(&usual);
    for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGCHLD}) sigaddset(&usual, signal);
    posix_spawnattr_setsigdefault(&attributes_, &usual);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_,
        static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP));
  }
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_ = {};
};

bool start(std::vector<std::string> words) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  const Actions actions;
  const Attributes attributes;
  if (posix_spawnp(&child, arguments[0], actions.get(), attributes.get(), arguments.data(),
                   environ) != 0) {
    return false;
  }
  // Nobody else knows the child. It may live as long as the browser does.
  graph::start_quiet_thread([child] {
    while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
  }).detach();
  return true;
}

std::vector<std::string> command_line(std::string_view words, const std::string& url) {
  std::vector<std::string> line;
  bool placed = false;
  while (true) {
    words.remove_prefix(std::min(words.size(), words.find_first_not_of(' ')));
    if (words.empty()) break;
    std::string word(words.substr(0, words.find(' ')));
    words.remove_prefix(word.size());
    if (const std::size_t at = word.find("%s"); at != std::string::npos) {
      word.replace(at, 2, url);
      placed = true;
    }
    line.push_back(std::move(word));
  }
  if (!placed && !line.empty()) line.push_back(url);
  return line;
}

}  // namespace

bool can_open_browser() {
  // Without a desktop xdg-open would start a browser in the program's terminal.
  return is_set("BROWSER") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
}

bool open_browser(const std::string& url) {
  if (!is_set("BROWSER")) return can_open_browser() && start({"xdg-open", url});
  std::string_view list = std::getenv("BROWSER");
  while (!list.empty()) {
    const std::string_view words = list.substr(0, list.find(':'));
    list.remove_prefix(std::min(list.size(), words.size() + 1));
    std::vector<std::string> line = command_line(words, url);
    if (!line.empty() && start(std::move(line))) return true;
  }
  return false;
}

}  // namespace graphodbc::connection
