#include <odbcinst.h>

#include <algorithm>
#include <mutex>
#include <string>
#include <vector>

#include "config/dsn_file.h"
#include "config/settings.h"

namespace graphodbc::config {
namespace {

// Not thread-safe before unixODBC 2.3.13 (odbc-pitfalls 3.10). Leaked: a connect may come from a
// static destructor of the application.
std::mutex& inifile_mutex() {
  static auto* mutex = new std::mutex;
  return *mutex;
}

// libodbcinst returns what fits, leaves out a name that does not, and cannot say so: the buffer is
// larger than sections are, and grows until there is room to spare.
std::string read_profile(const char* section, const char* entry, const char* file = "odbc.ini") {
  constexpr std::size_t kLargest = std::size_t{1} << 20;
  for (std::size_t size = 32'768;; size *= 4) {
    std::string buffer(size, '\0');
    const int length = SQLGetPrivateProfileString(section, entry, "", buffer.data(),
                                                  static_cast<int>(buffer.size()), file);
    if (length <= 0) return {};
    const auto used = static_cast<std::size_t>(length);
    if (used + 2 < size || size >= kLargest) {
      buffer.resize(std::min(used, size));
      return buffer;
    }
  }
}

// With a null entry the answer lists the section's entries, each ended by a NUL.
std::vector<std::string> read_entries(const char* section) {
  std::vector<std::string> entries;
  std::string name;
  for (char c : read_profile(section, nullptr)) {
    if (c != '\0') {
      name += c;
    } else if (!name.empty()) {
      entries.push_back(std::move(name));
      name.clear();
    }
  }
  if (!name.empty()) entries.push_back(std::move(name));
  return entries;
}

}  // namespace

std::vector<Attribute> read_dsn(const std::string& dsn) {
  std::vector<Attribute> attributes;
  if (dsn.empty()) return attributes;
  const std::lock_guard lock(inifile_mutex());
  for (const std::string& entry : read_entries(dsn.c_str())) {
    std::string value = read_profile(dsn.c_str(), entry.c_str());
    while (!value.empty() && value.back() == '\0') value.pop_back();
    if (!value.empty()) attributes.push_back({entry, std::move(value)});
  }
  return attributes;
}

bool driver_is_registered() {
  const std::lock_guard lock(inifile_mutex());
  return !read_profile(std::string(kDriverName).c_str(), "Driver", "odbcinst.ini").empty();
}

}  // namespace graphodbc::config
