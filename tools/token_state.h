// What the token file of a data source says, without its secrets.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "config/settings.h"
#include "tools/time_text.h"

namespace graphodbc::tools {

// Signs in as itself: there is no person and no refresh token.
bool is_app_only(const config::Settings& settings);
// Where the tokens of the data source are kept; empty: nowhere.
std::string token_file_of(const config::Settings& settings);
// When the file was written, which every renewal does; nullopt when there is none.
std::optional<WallTime> token_file_time(const std::string& path);
// Since then.
std::chrono::seconds age_of(WallTime time);
// "61 days old"; empty when there is no file.
std::string token_age_text(const std::string& path);
// Others than the owner can read or write it.
bool is_open_to_others(const std::string& path);

}  // namespace graphodbc::tools
