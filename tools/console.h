// The terminal: rows to standard output, everything said to standard error, questions, Ctrl-C.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/secret.h"

namespace graphodbc::tools {

// Ctrl-C and its like end the program, unless somebody can end what runs: then that is cancelled,
// and the second one ends the program. Called once, before any other thread is there.
void watch_interrupts();
bool interrupted();

// While it lives, Ctrl-C calls `cancel` (any thread, must not block).
class CancelScope {
 public:
  explicit CancelScope(std::function<void()> cancel);
  ~CancelScope();
  CancelScope(const CancelScope&) = delete;
  CancelScope& operator=(const CancelScope&) = delete;
};

// Thrown when the reader of our output is gone: nobody is left to be told.
struct BrokenPipe {};

// Bytes to a file or standard output. Collects up to 64 KiB. Throws BrokenPipe, or Error HY000.
class Output {
 public:
  // Standard output.
  Output() = default;
  // The file gets its name when it is complete: finish() renames, destruction without it removes
  // what was written. What exists and is no regular file (a pipe, a device) is written directly.
  explicit Output(const std::string& path);
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void write(std::string_view text) {
    buffer_ += text;
    if (buffer_.size() >= kRoom) flush();
  }
  void flush();
  void finish();

 private:
  static constexpr std::size_t kRoom = std::size_t{64} << 10;

  int file_ = 1;
  std::string path_;
  std::string temporary_;
  std::string buffer_;
};

// A line to standard output; throws BrokenPipe.
void print_line(std::string_view line);
// A line to standard error.
void say(std::string_view line);
// "graphodbc: [28000] text (native 7000215)" and "warning: [01S00] text", to standard error.
// Control characters of services' texts are shown, not obeyed.
void say_error(const base::Error& error);
void say_warning(const base::Warning& warning);
std::string describe(const base::Error& error);
// One line without control characters: they could move a terminal's cursor.
std::string printable(std::string_view text);

// Questions need a terminal on standard input.
bool can_ask();
// A line, without its end. The prompt goes to standard error. Throws Error HY008 at the end of
// input.
std::string ask(const std::string& prompt);
// Without echo where input is a terminal.
base::Secret ask_secret(const std::string& prompt);
bool ask_yes(const std::string& prompt, bool fallback);

}  // namespace graphodbc::tools
