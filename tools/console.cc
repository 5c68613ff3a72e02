#include "tools/console.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <thread>
#include <utility>

#include "base/utf.h"

namespace graphodbc::tools {
namespace {

using base::Error;

// Leaked: the watching thread uses it until the process is gone.
struct Watch {
  std::mutex mutex;
  std::function<void()> cancel;
  bool echo_is_off = false;
  termios before{};
  std::atomic<bool> interrupted = false;
};
Watch& watch() {
  static auto* state = new Watch;
  return *state;
}

void restore_echo(Watch& state) {
  if (!state.echo_is_off) return;
  (void)::tcsetattr(STDIN_FILENO, TCSANOW, &state.before);
  state.echo_is_off = false;
}

void on_signal(int signal) {
  Watch& state = watch();
  const std::lock_guard lock(state.mutex);
  const bool second = state.interrupted.exchange(true);
  if (state.cancel && !second) {
    state.cancel();
    return;
  }
  restore_echo(state);
  ::_exit(128 + signal);
}

void write_fully(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(file, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EPIPE) throw BrokenPipe();
    if (count < 0) {
      throw Error("HY000", std::string("The output cannot be written: ") + std::strerror(errno));
    }
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

// Also characters that turn the direction of writing (Unicode Standard Annex 9).
bool is_unsafe(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

std::string read_line() {
  std::string line;
  char c = 0;
  while (true) {
    const ssize_t count = ::read(STDIN_FILENO, &c, 1);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0 && line.empty()) throw Error("HY008", "The input ended before an answer came");
    if (count <= 0 || c == '\n') break;
    line += c;
  }
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

}  // namespace

void watch_interrupts() {
  // A write to a pipe that nobody reads is an error to look at, not the end.
  (void)::signal(SIGPIPE, SIG_IGN);
  static sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
  (void)pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::thread([] {
    while (true) {
      int signal = 0;
      if (sigwait(&signals, &signal) == 0) on_signal(signal);
    }
  }).detach();
}

bool interrupted() {
  return watch().interrupted;
}

CancelScope::CancelScope(std::function<void()> cancel) {
  const std::lock_guard lock(watch().mutex);
  watch().cancel = std::move(cancel);
}

CancelScope::~CancelScope() {
  const std::lock_guard lock(watch().mutex);
  watch().cancel = nullptr;
}

Output::Output(const std::string& path) : path_(path) {
  struct stat status {};
  const bool special = ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
  if (special) {
    file_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  } else {
    temporary_ = path + ".XXXXXX";
    file_ = ::mkostemp(temporary_.data(), O_CLOEXEC);
  }
  if (file_ < 0) {
    const int error = errno;
    temporary_.clear();
    throw Error("HY000", "The file " + path + " cannot be written: " + std::strerror(error));
  }
}

Output::~Output() {
  if (!temporary_.empty()) (void)::unlink(temporary_.c_str());
  if (file_ > STDERR_FILENO) ::close(file_);
}

void Output::flush() {
  const std::string text = std::exchange(buffer_, {});
  write_fully(file_, text);
}

void Output::finish() {
  flush();
  if (temporary_.empty()) return;
  // mkostemp gives 0600; rows are the user's own to share, so they get what umask says.
  const mode_t mask = ::umask(0);
  ::umask(mask);
  (void)::fchmod(file_, 0666 & ~mask);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
    throw Error("HY000", "The file " + path_ + " cannot be written: " + std::strerror(errno));
  }
  temporary_.clear();
}

void print_line(std::string_view line) {
  std::string text(line);
  text += '\n';
  write_fully(STDOUT_FILENO, text);
}

void say(std::string_view line) {
  std::string text(line);
  text += '\n';
  (void)!::write(STDERR_FILENO, text.data(), text.size());
}

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = base::next_code_point(text, at);
    base::append_utf8(out, is_unsafe(c) ? U' ' : c);
  }
  return out;
}

std::string describe(const base::Error& error) {
  std::string text = "[" + std::string(error.state().code()) + "] " + printable(error.message());
  if (error.native() != 0) text += " (native " + std::to_string(error.native()) + ")";
  return text;
}

void say_error(const base::Error& error) {
  say("graphodbc: " + describe(error));
}

void say_warning(const base::Warning& warning) {
  say("warning: [" + std::string(warning.state.code()) + "] " + printable(warning.message));
}

bool can_ask() {
  return ::isatty(STDIN_FILENO) == 1;
}

std::string ask(const std::string& prompt) {
  (void)!::write(STDERR_FILENO, prompt.data(), prompt.size());
  return read_line();
}

base::Secret ask_secret(const std::string& prompt) {
  if (!can_ask()) return base::Secret(read_line());
  Watch& state = watch();
  {
    const std::lock_guard lock(state.mutex);
    if (::tcgetattr(STDIN_FILENO, &state.before) == 0) {
      termios silent = state.before;
      silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
      state.echo_is_off = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
    }
  }
  const auto loud_again = [&] {
    const std::lock_guard lock(state.mutex);
    restore_echo(state);
    say("");
  };
  try {
    base::Secret secret(ask(prompt));
    loud_again();
    return secret;
  } catch (const Error&) {
    loud_again();
    throw;
  }
}

bool ask_yes(const std::string& prompt, bool fallback) {
  const std::string answer = ask(prompt + (fallback ? " [Y/n] " : " [y/N] "));
  if (answer.empty()) return fallback;
  return answer[0] == 'y' || answer[0] == 'Y';
}

}  // namespace graphodbc::tools
