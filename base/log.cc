#include "base/log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "base/datetime.h"
#include "base/error.h"
#include "base/url.h"

namespace graphodbc::base {
namespace {

// Parameter, member and key names whose values are secrets, lower case, without `_` and `-`: OAuth
// parameters (RFC 6749, 7521, 7636, 8628) and our connection keys.
constexpr std::string_view kSecretNames[] = {
    "clientsecret", "clientsecretnext", "refreshtoken",        "accesstoken",       "idtoken",
    "code",         "codeverifier",     "clientassertion",     "assertion",         "password",
    "pwd",          "devicecode",       "certificatepassword", "certificatebase64", "authorization",
    "tempauth"};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
bool is_name_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         c == '-';
}

bool is_secret_name(std::string_view name) {
  std::array<char, 32> plain{};
  std::size_t length = 0;
  for (const char c : name) {
    if (c == '_' || c == '-') continue;
    if (length == plain.size()) return false;
    plain[length++] = lower(c);
  }
  const std::string_view key(plain.data(), length);
  for (const std::string_view secret : kSecretNames) {
    if (key == secret) return true;
  }
  return false;
}

// End of a value that starts at `at`: a JSON string, a braced connection value, or plain text up to
// a separator.
std::size_t value_end(std::string_view text, std::size_t at) {
  if (at < text.size() && text[at] == '"') {
    for (std::size_t i = at + 1; i < text.size(); ++i) {
      if (text[i] == '\\') {
        ++i;
      } else if (text[i] == '"') {
        return i + 1;
      }
    }
    return text.size();
  }
  if (at < text.size() && text[at] == '{') {
    for (std::size_t i = at + 1; i < text.size(); ++i) {
      if (text[i] != '}') continue;
      if (i + 1 < text.size() && text[i + 1] == '}') {
        ++i;
      } else {
        return i + 1;
      }
    }
    return text.size();
  }
  const std::size_t end = text.find_first_of("&;,\"'\r\n\t}", at);
  return end == std::string_view::npos ? text.size() : end;
}

// After a name: the separator `=` or `:` with optional quote and blanks. npos when there is none.
std::size_t value_start(std::string_view text, std::size_t at) {
  if (at < text.size() && text[at] == '"') ++at;
  while (at < text.size() && text[at] == ' ') ++at;
  if (at >= text.size() || (text[at] != '=' && text[at] != ':')) return std::string_view::npos;
  ++at;
  while (at < text.size() && text[at] == ' ') ++at;
  return at;
}

bool starts_with_word(std::string_view text, std::size_t at, std::string_view word) {
  if (text.size() - at < word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (lower(text[at + i]) != word[i]) return false;
  }
  return true;
}

}  // namespace

std::string redact(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    if (!is_name_character(text[at])) {
      out += text[at++];
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_name_character(text[end])) ++end;
    const std::string_view name = text.substr(at, end - at);
    out += name;
    at = end;
    for (const std::string_view scheme :
         {std::string_view("bearer "), std::string_view("basic ")}) {
      if (name.size() + 1 == scheme.size() && starts_with_word(text, end - name.size(), scheme)) {
        out += " ***";
        const std::size_t stop = text.find_first_of("\r\n\"', ", end + 1);
        at = stop == std::string_view::npos ? text.size() : stop;
      }
    }
    if (at != end || !is_secret_name(name)) continue;
    const std::size_t start = value_start(text, end);
    if (start == std::string_view::npos) continue;
    // `code` is also what services call their error codes; only a parameter's value is a secret.
    if (name == "code" && text[end] != '=') continue;
    const std::size_t stop = value_end(text, start);
    // `Authorization: Bearer x` is two words; the second is the secret.
    out += text.substr(end, start - end);
    if (starts_with_word(text, start, "bearer ") || starts_with_word(text, start, "basic ")) {
      at = start;
      continue;
    }
    if (stop > start) out += text[start] == '"' ? "\"***\"" : "***";
    at = stop;
  }
  return out;
}

namespace {

constexpr std::size_t kShortestSecret = 6;
constexpr std::size_t kMostSecrets = 512;  // with their encoded forms

int open_log_file(const std::string& path) {
  return ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

std::uint64_t size_of(int file) {
  struct stat status = {};
  return ::fstat(file, &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

bool is_same_file(const std::string& path, int file) {
  struct stat named = {};
  struct stat open = {};
  return ::stat(path.c_str(), &named) == 0 && ::fstat(file, &open) == 0 &&
         named.st_ino == open.st_ino && named.st_dev == open.st_dev;
}

void replace_all(std::string& text, std::string_view part) {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at)) {
    text.replace(at, part.size(), "***");
    at += 3;
  }
}

}  // namespace

std::shared_ptr<Log> Log::open(const std::string& path, LogLevel level, std::uint64_t max_size) {
  auto log = std::make_shared<Log>();
  if (level == LogLevel::kOff || path.empty()) return log;
  log->file_ = open_log_file(path);
  if (log->file_ < 0) {
    throw Error("HY000", "LogFile '" + path + "' cannot be opened for writing: " +
                             std::strerror(errno) + ". Name a file in a folder you may write to.");
  }
  log->path_ = path;
  log->max_size_ = max_size;
  log->level_ = level;
  return log;
}

Log::~Log() {
  if (file_ >= 0) ::close(file_);
}

void Log::hide(const Secret& secret) {
  if (level_ == LogLevel::kOff || secret.reveal().size() < kShortestSecret) return;
  const std::lock_guard lock(mutex_);
  if (std::find(secrets_.begin(), secrets_.end(), secret) != secrets_.end()) return;
  // Every line is searched for them: the encoded form is made once.
  const Secret encoded(percent_encode(secret.reveal()));
  secrets_.push_back(secret);
  if (encoded != secret) secrets_.push_back(encoded);
  while (secrets_.size() > kMostSecrets) secrets_.pop_front();
}

void Log::hide_secrets(std::string& line) const {
  for (const Secret& secret : secrets_) replace_all(line, secret.reveal());
}

void Log::write(LogLevel level, std::string_view text) noexcept {
  if (!enabled(level)) return;
  try {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const std::int64_t ticks =
        std::chrono::duration_cast<std::chrono::nanoseconds>(now).count() / 100;
    char time[32];
    std::string head(time, format_timestamp(ticks, 3, 'T', time));
    head += "Z ";
    head += static_cast<char>('0' + static_cast<int>(level));
    head += ' ';
    head += std::to_string(::getpid());
    head += ' ';
    head += std::to_string(::syscall(SYS_gettid));
    head += ' ';
    std::string body = redact(text);
    const std::lock_guard lock(mutex_);
    hide_secrets(body);
    put(head + body + '\n');
  } catch (...) {
    // Out of memory while logging: the statement matters more than its log line.
  }
}

void Log::put(std::string_view line) {
  // Asked each time: other processes write to it as well.
  if (max_size_ != 0) {
    const std::uint64_t size = size_of(file_);
    if (size > 0 && size + line.size() > max_size_) rotate();
  }
  while (!line.empty()) {
    const ssize_t written = ::write(file_, line.data(), line.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // a full disk must not stop a query
    line.remove_prefix(static_cast<std::size_t>(written));
  }
}

// Another process may have done it already: then the new file is only opened. What cannot be put
// aside grows on.
void Log::rotate() {
  const bool mine = is_same_file(path_, file_);
  if (mine && ::rename(path_.c_str(), (path_ + ".1").c_str()) != 0) return;
  const int next = open_log_file(path_);
  if (next < 0) return;
  ::close(file_);
  file_ = next;
}

}  // namespace graphodbc::base
