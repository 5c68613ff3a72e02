// Asking a person for what a data source needs.
#pragma once

#include <string>
#include <vector>

#include "config/connection_string.h"

namespace graphodbc::tools {

// The first entry of that key, by name or alias; null when there is none.
const config::Attribute* find_entry(const std::vector<config::Attribute>& entries,
                                    std::string_view key);
// Replaces or adds.
void set_entry(std::vector<config::Attribute>& entries, const std::string& key, std::string value);

// Asks for AuthMode and what it needs, with `entries` as proposals, which secrets do not show.
// Answers replace entries; secrets come back as they are. Throws Error HY008 when the input ends.
void ask_for_entries(const std::string& dsn, std::vector<config::Attribute>& entries);

}  // namespace graphodbc::tools
