#include "tools/token_state.h"

#include <sys/stat.h>

#include "connection/open.h"
#include "graph/oauth/scope.h"

namespace graphodbc::tools {

bool is_app_only(const config::Settings& settings) {
  return graph::is_app_only(connection::client_settings(settings, nullptr).auth_mode);
}

std::string token_file_of(const config::Settings& settings) {
  return connection::client_settings(settings, nullptr).refresh_token_file;
}

std::optional<WallTime> token_file_time(const std::string& path) {
  struct stat status {};
  if (path.empty() || ::stat(path.c_str(), &status) != 0) return std::nullopt;
  return std::chrono::system_clock::from_time_t(status.st_mtime);
}

std::chrono::seconds age_of(WallTime time) {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now() - time);
}

std::string token_age_text(const std::string& path) {
  const auto written = token_file_time(path);
  return written ? duration_text(age_of(*written)) + " old" : std::string();
}

bool is_open_to_others(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0;
}

}  // namespace graphodbc::tools
