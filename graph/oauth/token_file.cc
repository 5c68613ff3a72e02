#include "graph/oauth/token_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <simdjson.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <thread>

#include "base/file_handle.h"
#include "base/json_text.h"
#include "base/release.h"
#include "graph/json_member.h"

namespace graphodbc::graph {
namespace {

using base::Error;
using base::FileHandle;

constexpr std::size_t kMaxFileSize = std::size_t{1} << 20;
constexpr std::int64_t kFarthest = 9'000'000'000;  // seconds since 1970

[[noreturn]] void fail(const std::string& path, const std::string& what) {
  throw Error("08001", "RefreshTokenFilePath: the token file " + path + " " + what);
}

std::string reason(int error) {
  char buffer[128];
  return strerror_r(error, buffer, sizeof buffer);
}

struct Content {
  std::string text;
  std::int64_t changed_at = 0;  // seconds since 1970
};

Content load(const std::string& path, const std::string& sign_in) {
  // Not blocking: to open a FIFO waits for its writer.
  const FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) {
    const int error = errno;
    if (error == ENOENT || error == ENOTDIR) {
      fail(path, "does not exist: sign in with " + sign_in + " to create it, or check the path");
    }
    fail(path, "cannot be read: " + reason(error));
  }
  struct stat status = {};
  if (fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    fail(path, "cannot be read: it is not a regular file");
  }
  Content content;
  content.changed_at = status.st_mtime;
  char buffer[8192];
  while (true) {
    const ssize_t count = ::read(file.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(path, "cannot be read: " + reason(errno));
    if (count == 0) return content;
    content.text.append(buffer, static_cast<std::size_t>(count));
    if (content.text.size() > kMaxFileSize) fail(path, "is no token file: it is over 1 MiB");
  }
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// Editors on other systems put a byte order mark in front, which JSON does not allow.
std::string_view without_mark(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return text;
}

// A token with blanks or control characters could forge header lines: it counts as none.
std::string read_header_safe(simdjson::dom::object object, std::string_view key) {
  std::string text(text_member(object, key));
  const bool safe = std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) > 0x20 && c != 0x7F;
  });
  return safe ? text : std::string();
}

std::int64_t to_seconds(WallTime time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

// Clamped to what the clock's nanoseconds can hold.
WallTime to_time(std::int64_t seconds) {
  return WallTime(std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, kFarthest)));
}

// Members and their JSON text; nullopt: to be removed.
using Members = std::vector<std::pair<std::string, std::optional<std::string>>>;

Members members_of(const StoredTokens& tokens) {
  Members owned = {{"access_token", base::json_quoted(tokens.access.text.reveal())},
                   {"refresh_token", base::json_quoted(tokens.refresh_token.reveal())},
                   {"expires_in", std::to_string(tokens.access.lifetime.count())}};
  if (tokens.access.expires_at) {
    owned.emplace_back("expires_at", std::to_string(to_seconds(*tokens.access.expires_at)));
  }
  owned.emplace_back("refresh_token_since", std::nullopt);
  if (tokens.refresh_token_since) {
    owned.back().second = std::to_string(to_seconds(*tokens.refresh_token_since));
  }
  return owned;
}

// The object's text with the members replaced, in place where they stand, else added.
std::string merge(std::string_view old, Members owned) {
  std::string out = "{";
  const auto add = [&out](std::string_view key, std::string_view json) {
    out += out.size() == 1 ? "\n  " : ",\n  ";
    out += base::json_quoted(key);
    out += ": ";
    out += json;
  };
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(simdjson::padded_string(without_mark(old))).get(object) == simdjson::SUCCESS) {
    for (const auto field : object) {
      const std::string_view key = field.key;
      const auto mine = std::find_if(owned.begin(), owned.end(),
                                     [&](const auto& member) { return member.first == key; });
      if (mine == owned.end()) {
        add(key, simdjson::minify(field.value));
        continue;
      }
      if (mine->second) add(key, *mine->second);
      owned.erase(mine);
    }
  }
  for (const auto& [key, json] : owned) {
    if (json) add(key, *json);
  }
  return out + "\n}\n";
}

void add_changes(Members& members, const TokenFile::Changes& changes) {
  for (const auto& [name, text] : changes) {
    members.emplace_back(name, text ? std::optional(base::json_quoted(*text)) : std::nullopt);
  }
}

// Where the sticky bit is set, what is another's cannot be replaced (rename(2), EPERM).
bool is_kept_by_another(const std::string& target, const std::string& folder) {
  struct stat file = {};
  struct stat place = {};
  if (::stat(target.c_str(), &file) != 0 || ::stat(folder.c_str(), &place) != 0) return false;
  const uid_t us = ::geteuid();
  return us != 0 && (place.st_mode & S_ISVTX) != 0 && file.st_uid != us && place.st_uid != us;
}

void write_all(int file, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t count = ::write(file, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(path, "cannot be rewritten: " + reason(errno));
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

// The file that a symbolic link stands for, so that the link stays a link.
std::string resolve(const std::string& path) {
  char* real = ::realpath(path.c_str(), nullptr);
  if (real == nullptr) return path;
  std::string out(real);
  std::free(real);
  return out;
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

void sync_folder(const std::string& path) {
  const std::string folder = folder_of(path);
  const FileHandle handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // Some file systems cannot; the rename stands without it.
  if (handle.get() >= 0) (void)::fsync(handle.get());
}

// "<token file>.graphodbc-" and six signs of mkstemp's: a name that is nobody else's.
constexpr std::string_view kTemporaryMark = ".graphodbc-";
constexpr std::string_view kTemporarySigns = "XXXXXX";

bool is_temporary_of(std::string_view token_name, std::string_view name) {
  if (!name.starts_with(token_name)) return false;
  name.remove_prefix(token_name.size());
  if (!name.starts_with(kTemporaryMark)) return false;
  name.remove_prefix(kTemporaryMark.size());
  return name.size() == kTemporarySigns.size() && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
         });
}

// Who writes a temporary file keeps a lock on it, which ends with the process whatever kills it.
// A minute is more than the time between making a file and locking it, and counts where the token
// file's own lock could not be had.
bool is_left_over(int file) {
  constexpr std::int64_t kLeastAge = 60;
  struct stat status = {};
  return fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == ::geteuid() &&
         (status.st_mode & (S_IRWXG | S_IRWXO)) == 0 &&
         status.st_mtime + kLeastAge < to_seconds(std::chrono::system_clock::now()) &&
         ::flock(file, LOCK_EX | LOCK_NB) == 0;
}

// Takes away what killed writers of this token file left: tokens, in a file that nobody looks at.
void remove_left_over(const std::string& target) {
  const std::unique_ptr<DIR, base::Release<::closedir>> folder(
      ::opendir(folder_of(target).c_str()));
  if (!folder) return;
  const int place = ::dirfd(folder.get());
  const std::string token_name = target.substr(target.rfind('/') + 1);
  while (const dirent* entry = ::readdir(folder.get())) {
    if (!is_temporary_of(token_name, entry->d_name)) continue;
    const FileHandle file(
        ::openat(place, entry->d_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (file.get() >= 0 && is_left_over(file.get())) (void)::unlinkat(place, entry->d_name, 0);
  }
}

// What root renews, from cron for example, stays its owner's.
void keep_owner(int file, const std::string& target) {
  struct stat owner = {};
  if (::geteuid() != 0 || ::stat(target.c_str(), &owner) != 0) return;
  (void)!::fchown(file, owner.st_uid, owner.st_gid);
}

// Whoever owns the folder can put any name there: only what was made here is given away, and a link
// leads nowhere.
int open_lock(const std::string& path, const std::string& target) {
  constexpr int kFlags = O_RDWR | O_CLOEXEC | O_NOFOLLOW;
  const int made = ::open(path.c_str(), kFlags | O_CREAT | O_EXCL, 0600);
  if (made < 0) return errno == EEXIST ? ::open(path.c_str(), kFlags) : -1;
  keep_owner(made, target);
  return made;
}

// Never half a file: see TokenFile::write().
void put(const std::string& path, const std::string& target, std::string_view text) {
  std::string temporary = target;
  temporary.append(kTemporaryMark).append(kTemporarySigns);
  // Open until it has its name: see is_left_over().
  const FileHandle file(::mkostemp(temporary.data(), O_CLOEXEC));  // mode 0600
  if (file.get() < 0) fail(path, "cannot be rewritten: " + reason(errno));
  (void)::flock(file.get(), LOCK_EX | LOCK_NB);
  keep_owner(file.get(), target);
  try {
    write_all(file.get(), text, path);
    if (::fsync(file.get()) != 0) fail(path, "cannot be rewritten: " + reason(errno));
    if (::rename(temporary.c_str(), target.c_str()) != 0) {
      fail(path, "cannot be rewritten: " + reason(errno));
    }
  } catch (const Error&) {
    (void)::unlink(temporary.c_str());
    throw;
  }
  remove_left_over(target);
  sync_folder(target);
}

}  // namespace

TokenFileLock::TokenFileLock(const std::string& token_path,
                             const std::function<bool()>& keep_waiting, Purpose purpose) {
  constexpr auto kLongestChange = std::chrono::seconds(60);
  const bool is_change = purpose == Purpose::kChange;
  const std::string target = resolve(token_path);
  const std::string path = target + (is_change ? ".lock" : ".sign-in.lock");
  file_ = open_lock(path, target);
  if (file_ < 0) return;
  const auto give_up = std::chrono::steady_clock::now() + kLongestChange;
  while (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
    const bool busy = errno == EWOULDBLOCK || errno == EINTR;
    const bool is_late = is_change && std::chrono::steady_clock::now() > give_up;
    if (!busy || !keep_waiting() || is_late) {
      const std::string what = busy ? "another program holds it" : reason(errno);
      ::close(file_);
      file_ = -1;
      if (!busy) return;  // a file system without locks
      throw Error("08001", "The lock " + path + " could not be had: " + what);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

TokenFileLock::~TokenFileLock() {
  if (file_ < 0) return;
  // A child that was forked meanwhile has the same open file, which would keep the lock.
  (void)::flock(file_, LOCK_UN);
  ::close(file_);
}

StoredTokens TokenFile::read() const {
  const Content content = load(path_, sign_in_);
  if (is_blank(content.text)) {
    fail(path_, "is empty: sign in with " + sign_in_ + " to fill it");
  }
  StoredTokens tokens = parse(content.text, content.changed_at);
  if (tokens.refresh_token.empty() && tokens.access.text.empty()) fail_without_refresh_token();
  return tokens;
}

StoredTokens TokenFile::read_if_any() const {
  if (::access(path_.c_str(), F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR)) return {};
  const Content content = load(path_, sign_in_);
  return is_blank(content.text) ? StoredTokens() : parse(content.text, content.changed_at);
}

StoredTokens TokenFile::parse(std::string_view text, std::int64_t changed_at) const {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(simdjson::padded_string(without_mark(text))).get(object) != simdjson::SUCCESS) {
    fail(path_, "is not a JSON object: restore it, or sign in with " + sign_in_ + " to rewrite it");
  }
  StoredTokens tokens;
  tokens.refresh_token = base::Secret(std::string(text_member(object, "refresh_token")));
  tokens.access.text = base::Secret(read_header_safe(object, "access_token"));
  const std::optional<std::int64_t> expires_in = integer_member(object, "expires_in");
  const std::optional<std::int64_t> expires_at = integer_member(object, "expires_at");
  tokens.access.lifetime =
      std::chrono::seconds(std::clamp<std::int64_t>(expires_in.value_or(0), 0, kFarthest));
  std::int64_t end = 0;
  if (expires_at) {
    end = *expires_at;
  } else if (expires_in) {
    end = changed_at + tokens.access.lifetime.count();
  }
  tokens.access.expires_at = to_time(end);
  tokens.refresh_token_since =
      to_time(integer_member(object, "refresh_token_since").value_or(changed_at));
  return tokens;
}

void TokenFile::fail_without_refresh_token() const {
  fail(path_,
       "has no refresh_token: add offline_access to Scope and sign in again with " + sign_in_);
}

std::vector<std::string> TokenFile::check_modes() const {
  std::vector<std::string> notes;
  const std::string target = resolve(path_);
  struct stat status = {};
  if (::stat(target.c_str(), &status) == 0 && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    notes.push_back("Other users can read the token file " + path_ +
                    ": take that from them with chmod 600 (done by the next renewal)");
  }
  const std::string folder = folder_of(target);
  // Where the sticky bit is set others cannot replace what is not theirs.
  if (::stat(folder.c_str(), &status) == 0 && (status.st_mode & (S_IWGRP | S_IWOTH)) != 0 &&
      (status.st_mode & S_ISVTX) == 0) {
    notes.push_back("Other users can replace the token file " + path_ +
                    ": take the right to write into its folder from them (chmod go-w)");
  }
  return notes;
}

void TokenFile::write(const StoredTokens& tokens) const {
  const std::string target = resolve(path_);
  put(path_, target, merge(load(target, sign_in_).text, members_of(tokens)));
}

void TokenFile::change(const Changes& changes) const {
  const std::string target = resolve(path_);
  Members members;
  add_changes(members, changes);
  put(path_, target, merge(load(target, sign_in_).text, std::move(members)));
}

void TokenFile::replace(const StoredTokens& tokens, const Changes& changes) const {
  const std::string target = resolve(path_);
  std::string old;
  if (::access(target.c_str(), F_OK) == 0) old = load(target, sign_in_).text;
  Members members = members_of(tokens);
  if (tokens.refresh_token.empty()) {
    for (auto& [name, json] : members) {
      if (name == "refresh_token") json.reset();
    }
  }
  add_changes(members, changes);
  put(path_, target, merge(old, std::move(members)));
}

void TokenFile::make_folder() const {
  const std::string folder = folder_of(path_);
  for (std::size_t at = folder.find('/', 1); at != std::string::npos;
       at = folder.find('/', at + 1)) {
    const std::string part = folder.substr(0, at);
    if (::mkdir(part.c_str(), 0700) == 0 || errno == EEXIST) continue;
    const int error = errno;
    if (::access(part.c_str(), F_OK) == 0) continue;  // a read-only file system says so first
    fail(path_, "cannot be made: its folder " + part + ": " + reason(error) +
                    "; give RefreshTokenFilePath a path in a folder of your own");
  }
}

void TokenFile::prepare_replace() const {
  make_folder();
  const std::string target = resolve(path_);
  if (::access(target.c_str(), F_OK) == 0) (void)load(path_, sign_in_);
  // Rights, quotas and read-only file systems: whether it can be done is known best by doing it.
  std::string temporary = target;
  temporary.append(kTemporaryMark).append(kTemporarySigns);
  const FileHandle file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (file.get() < 0) {
    const std::string why = reason(errno);
    fail(path_, "cannot be written in its folder " + folder_of(target) + ": " + why +
                    "; give RefreshTokenFilePath a path in a folder of your own");
  }
  (void)::unlink(temporary.c_str());
  if (is_kept_by_another(target, folder_of(target))) {
    fail(path_,
         "cannot be rewritten: it belongs to another user, in a folder of several: give "
         "RefreshTokenFilePath a path in a folder of your own");
  }
}

std::string TokenFile::member(std::string_view name) const {
  try {
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    const std::string text = load(path_, sign_in_).text;
    if (parser.parse(simdjson::padded_string(without_mark(text))).get(object) !=
        simdjson::SUCCESS) {
      return {};
    }
    return std::string(text_member(object, name));
  } catch (const Error&) {
    return {};
  }
}

}  // namespace graphodbc::graph
