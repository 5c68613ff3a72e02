#include "graph/oauth/azure_arc.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "base/file_handle.h"
#include "base/log.h"
#include "base/utf.h"

namespace graphodbc::graph {
namespace {

using base::Error;

constexpr std::size_t kLargestKey = 4096;

[[noreturn]] void refuse(const std::string& what) {
  throw Error("28000", "Azure Arc's agent on this machine " + what);
}

// "Basic realm=PATH", with or without quotation marks.
std::string realm_of(std::string_view challenge) {
  constexpr std::string_view kStart = "basic realm=";
  if (challenge.size() < kStart.size() ||
      !base::equal_nocase(challenge.substr(0, kStart.size()), kStart)) {
    return {};
  }
  challenge.remove_prefix(kStart.size());
  while (!challenge.empty() && (challenge.back() == ' ' || challenge.back() == '\r')) {
    challenge.remove_suffix(1);
  }
  if (challenge.size() >= 2 && challenge.front() == '"' && challenge.back() == '"') {
    challenge = challenge.substr(1, challenge.size() - 2);
  }
  return std::string(challenge);
}

// A name directly in the folder: no way leads out of it.
bool is_key_file(std::string_view path, std::string_view folder) {
  constexpr std::string_view kEnding = ".key";
  if (!path.starts_with(folder) || !path.ends_with(kEnding)) return false;
  path.remove_prefix(folder.size());
  if (!path.starts_with('/')) return false;
  path.remove_prefix(1);
  return path.size() > kEnding.size() && path.find('/') == std::string_view::npos &&
         path.find('\0') == std::string_view::npos;
}

std::string read_key(const base::FileHandle& file, const std::string& path) {
  struct stat status = {};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    refuse("names a key file that is no plain file: " + path);
  }
  std::string text;
  std::array<char, 1024> buffer{};
  while (text.size() <= kLargestKey) {
    const ssize_t count = ::read(file.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0)
      refuse("names the key file " + path + ", which cannot be read: " + std::strerror(errno));
    if (count == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  refuse("names a key file of more than 4096 bytes: " + path);
}

}  // namespace

base::Secret answer_arc_challenge(std::string_view challenge, std::string_view folder) {
  const std::string path = realm_of(challenge);
  if (!is_key_file(path, folder)) {
    const std::string shown = base::redact(path);
    refuse("asks for the file '" + shown.substr(0, base::utf8_prefix(shown, 200)) +
           "', which is no key file in " + std::string(folder) + "; nothing was sent");
  }
  // A link is not followed: it may lead out of the folder.
  const base::FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (file.get() < 0) {
    const bool denied = errno == EACCES || errno == EPERM;
    refuse("names the key file " + path + ", which cannot be read: " + std::strerror(errno) +
           (denied ? "; put this user into the group himds (usermod -a -G himds USER)" : ""));
  }
  const std::string key = read_key(file, path);
  // It goes into a header line.
  for (const char c : key) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7F) refuse("wrote no key into " + path);
  }
  if (key.empty()) refuse("left the key file " + path + " empty");
  return base::Secret(key);
}

}  // namespace graphodbc::graph
