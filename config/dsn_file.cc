#include "config/dsn_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>

#include "base/account.h"
#include "base/file_name.h"
#include "config/connection_keys.h"

namespace graphodbc::config {
namespace {

using base::Error;

std::string home_folder() {
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home == '\0') {
    throw Error("08001", "HOME is not set: name odbc.ini by the environment variable ODBCINI");
  }
  return home;
}

// The account's home, where unixODBC looks for .odbc.ini whatever HOME says (sudo, containers).
std::string account_folder() {
  std::string home = base::account_home();
  return home.empty() ? home_folder() : home;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

bool is_comment(std::string_view line) {
  return line.empty() || line.front() == ';' || line.front() == '#';
}

std::optional<std::string_view> section_of(std::string_view line) {
  line = trimmed(line);
  if (line.empty() || line.front() != '[') return std::nullopt;
  const std::size_t end = line.find(']');
  if (end == std::string_view::npos) return std::nullopt;
  return line.substr(1, end - 1);
}

std::optional<Attribute> entry_of(std::string_view line) {
  line = trimmed(line);
  const std::size_t equals = line.find('=');
  if (is_comment(line) || equals == std::string_view::npos) return std::nullopt;
  return Attribute{std::string(trimmed(line.substr(0, equals))),
                   std::string(trimmed(line.substr(equals + 1)))};
}

std::vector<std::string> read_lines(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<std::string> lines;
  if (!file) {
    if (errno == ENOENT) return lines;
    throw Error("08001", "The file " + path + " cannot be read: " + std::strerror(errno));
  }
  for (std::string line; std::getline(file, line);) lines.push_back(std::move(line));
  return lines;
}

void write_all(int file, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t count = ::write(file, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      throw Error("08001", "The file " + path + " cannot be written: " + std::strerror(errno));
    }
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

// Readers see the old text or the new one. A symbolic link stays one. `mode` is a new file's, and
// with kAlways any file's.
enum class UseMode { kWhenNew, kAlways };
void replace_file(const std::string& named, const std::string& text, mode_t mode, UseMode use) {
  std::string path = named;
  if (char* real = ::realpath(named.c_str(), nullptr); real != nullptr) {
    path = real;
    std::free(real);
  }
  struct stat status {};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  std::string temporary = path + ".XXXXXX";
  const int file = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (file < 0) {
    throw Error("08001", "The file " + path + " cannot be written: " + std::strerror(errno));
  }
  try {
    const bool keeps_mode = exists && use == UseMode::kWhenNew;
    (void)::fchmod(file, keeps_mode ? status.st_mode & 07777 : mode);
    if (exists) (void)!::fchown(file, status.st_uid, status.st_gid);
    write_all(file, text, path);
    if (::fsync(file) != 0 || ::rename(temporary.c_str(), path.c_str()) != 0) {
      throw Error("08001", "The file " + path + " cannot be written: " + std::strerror(errno));
    }
    ::close(file);
  } catch (const Error&) {
    ::close(file);
    (void)::unlink(temporary.c_str());
    throw;
  }
}

// Lines [begin, end) of a section, its heading included.
struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
};

std::optional<Range> find_section(const std::vector<std::string>& lines, const std::string& name) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto section = section_of(lines[i]);
    if (!section || !equal_keyword(*section, name)) continue;
    std::size_t end = i + 1;
    while (end < lines.size() && !section_of(lines[end])) ++end;
    return Range{i, end};
  }
  return std::nullopt;
}

void save(DsnScope scope, const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  replace_file(dsn_file_path(scope), text, scope == DsnScope::kUser ? 0600 : 0644,
               UseMode::kWhenNew);
}

std::string ini_line(const Attribute& attribute) {
  constexpr std::size_t kColumn = 20;
  std::string line = attribute.key;
  if (line.size() < kColumn) line.append(kColumn - line.size(), ' ');
  return line + " = " + attribute.value;
}

void make_folder(const std::string& path) {
  if (path.empty() || ::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return;
  if (errno == ENOENT) {
    make_folder(path.substr(0, path.find_last_of('/')));
    if (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return;
  }
  throw Error("08001", "The folder " + path + " cannot be made: " + std::strerror(errno));
}

}  // namespace

std::string dsn_file_path(DsnScope scope) {
  if (scope == DsnScope::kUser) {
    const char* named = std::getenv("ODBCINI");
    return named != nullptr && *named != '\0' ? named : account_folder() + "/.odbc.ini";
  }
  const char* folder = std::getenv("ODBCSYSINI");
  return (folder != nullptr && *folder != '\0' ? std::string(folder) : "/etc") + "/odbc.ini";
}

std::vector<Attribute> read_dsn_file(DsnScope scope, const std::string& name) {
  const std::vector<std::string> lines = read_lines(dsn_file_path(scope));
  std::vector<Attribute> entries;
  const auto range = find_section(lines, name);
  if (!range) return entries;
  for (std::size_t i = range->begin + 1; i < range->end; ++i) {
    if (auto entry = entry_of(lines[i])) entries.push_back(std::move(*entry));
  }
  return entries;
}

std::vector<DsnEntry> list_dsns() {
  std::vector<DsnEntry> entries;
  for (const DsnScope scope : {DsnScope::kUser, DsnScope::kSystem}) {
    if (scope == DsnScope::kUser && std::getenv("ODBCINI") == nullptr &&
        std::getenv("HOME") == nullptr) {
      continue;
    }
    for (const std::string& line : read_lines(dsn_file_path(scope))) {
      if (const auto section = section_of(line)) {
        const bool hidden =
            equal_keyword(*section, "ODBC") || equal_keyword(*section, "ODBC Data Sources") ||
            std::any_of(entries.begin(), entries.end(),
                        [&](const auto& known) { return equal_keyword(known.name, *section); });
        if (!hidden) entries.push_back({std::string(*section), {}, {}, scope, false});
      }
    }
  }
  for (DsnEntry& entry : entries) {
    for (const Attribute& attribute : read_dsn_file(entry.scope, entry.name)) {
      if (equal_keyword(attribute.key, "Driver")) entry.driver = attribute.value;
      if (equal_keyword(attribute.key, "Description")) entry.description = attribute.value;
    }
    const std::string file = entry.driver.substr(entry.driver.rfind('/') + 1);
    entry.is_ours = equal_keyword(entry.driver, kDriverName) || file.starts_with("libgraphodbc");
  }
  return entries;
}

void check_dsn_name(const std::string& name) {
  const bool bad = name.empty() || name.size() > 32 || trimmed(name) != name ||
                   name.find_first_of("[]{}(),;?*=!@\\") != std::string::npos ||
                   std::any_of(name.begin(), name.end(),
                               [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (!bad) return;
  throw Error("HY024", "A data source's name has 1 to 32 characters, and none of []{}(),;?*=!@\\");
}

void write_dsn_file(DsnScope scope, const std::string& name,
                    const std::vector<Attribute>& changes) {
  check_dsn_name(name);
  for (const Attribute& change : changes) check_dsn_entry(change);
  std::vector<std::string> lines = read_lines(dsn_file_path(scope));
  auto range = find_section(lines, name);
  if (!range) {
    if (!lines.empty() && !trimmed(lines.back()).empty()) lines.emplace_back();
    lines.push_back("[" + name + "]");
    range = Range{lines.size() - 1, lines.size()};
  }
  // New entries go before the blank lines that part sections.
  std::size_t end = range->end;
  while (end > range->begin + 1 && trimmed(lines[end - 1]).empty()) --end;
  for (const Attribute& change : changes) {
    std::size_t at = range->begin + 1;
    const auto is_same = [&](const std::string& line) {
      const auto entry = entry_of(line);
      return entry && equal_keyword(entry->key, change.key);
    };
    while (at < end && !is_same(lines[at])) ++at;
    const auto place = lines.begin() + static_cast<std::ptrdiff_t>(at);
    if (at < end && change.value.empty()) {
      lines.erase(place);
      --end;
    } else if (at < end) {
      *place = ini_line({entry_of(*place)->key, change.value});
    } else if (!change.value.empty()) {
      lines.insert(place, ini_line(change));
      ++end;
    }
  }
  save(scope, lines);
}

bool remove_dsn(DsnScope scope, const std::string& name) {
  std::vector<std::string> lines = read_lines(dsn_file_path(scope));
  const auto range = find_section(lines, name);
  if (!range) return false;
  lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(range->begin),
              lines.begin() + static_cast<std::ptrdiff_t>(range->end));
  while (!lines.empty() && trimmed(lines.back()).empty()) lines.pop_back();
  save(scope, lines);
  return true;
}

void check_dsn_entry(const Attribute& attribute) {
  const bool bad_key =
      attribute.key.empty() || attribute.key.find_first_of("=[];#\r\n") != std::string::npos;
  if (bad_key) throw Error("HY024", "odbc.ini cannot hold the key '" + attribute.key + "'");
  if (attribute.value.find_first_of("\r\n") != std::string::npos) {
    throw Error("HY024", "The value of " + attribute.key +
                             " has a line break, which odbc.ini "
                             "cannot hold");
  }
  if (attribute.key.size() + 3 + attribute.value.size() >= kLongestIniLine) {
    throw Error("HY024", "The value of " + attribute.key +
                             " is longer than unixODBC reads (1000 characters a line): put it "
                             "into a file and write " +
                             attribute.key + "=file:PATH");
  }
}

bool is_reference(std::string_view value) {
  return value.starts_with("env:") || value.starts_with("file:");
}

std::string store_secret(DsnScope scope, const std::string& dsn, std::string_view key,
                         const std::string& secret) {
  check_dsn_name(dsn);
  std::string folder;
  if (scope == DsnScope::kSystem) {
    const std::string beside = dsn_file_path(scope);
    folder = beside.substr(0, beside.rfind('/'));
  } else {
    const char* set = std::getenv("XDG_CONFIG_HOME");
    folder = set != nullptr && *set == '/' ? std::string(set) : home_folder() + "/.config";
  }
  folder += "/graphodbc";
  make_folder(folder);
  const KeyInfo* known = find_key(key);
  std::string path = folder + "/" + base::file_name_of(dsn) + "." +
                     (known != nullptr ? std::string(known->name) : base::file_name_of(key));
  replace_file(path, secret + "\n", 0600, UseMode::kAlways);
  return path;
}

}  // namespace graphodbc::config
