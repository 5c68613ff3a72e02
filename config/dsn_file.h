// odbc.ini as a text that is edited: comments, the order of entries and what other drivers wrote
// stay, which libodbcinst's own writing does not give. Reading for connections goes through
// libodbcinst (read_dsn).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "config/connection_string.h"

namespace graphodbc::config {

// The name under which odbcinst.ini knows this driver.
inline constexpr std::string_view kDriverName = "graphodbc";

// unixODBC cuts longer lines of odbc.ini without a word.
inline constexpr std::size_t kLongestIniLine = 996;

enum class DsnScope { kUser, kSystem };

// $ODBCINI or ~/.odbc.ini; $ODBCSYSINI/odbc.ini or /etc/odbc.ini (unixODBC, "odbcinst -j").
// Throws Error 08001 when no home directory is known.
std::string dsn_file_path(DsnScope scope);

struct DsnEntry {
  std::string name;
  std::string driver;
  std::string description;
  DsnScope scope = DsnScope::kUser;
  bool is_ours = false;  // its Driver is kDriverName, or a library of that name
};

// The sections of both files, the user's first; a system DSN that a user's hides is left out.
std::vector<DsnEntry> list_dsns();

// The entries of a section, in their order; empty when there is none.
std::vector<Attribute> read_dsn_file(DsnScope scope, const std::string& name);

// Sets entries of a section, made when it is not there; an empty value takes the entry away.
// Replaces the file in one step, keeps its mode; a new one gets 0600 (0644 for the system). Throws
// Error HY024 for a name or value that odbc.ini cannot hold, 08001 when the file cannot be written.
void write_dsn_file(DsnScope scope, const std::string& name, const std::vector<Attribute>& changes);
// False when there is no such section.
bool remove_dsn(DsnScope scope, const std::string& name);

// SQLValidDSN: 1 to 32 characters, none of []{}(),;?*=!@\ and no control characters. Throws HY024.
void check_dsn_name(const std::string& name);

// Throws HY024 for what a line of odbc.ini cannot hold.
void check_dsn_entry(const Attribute& attribute);

// "env:NAME" or "file:PATH": says where a secret is (read_secret).
bool is_reference(std::string_view value);

// odbcinst.ini has a section kDriverName.
bool driver_is_registered();

// A secret in a file of its own (0600, a new folder 0700) for a reference "file:PATH":
// $XDG_CONFIG_HOME/graphodbc/<dsn>.<key>, or graphodbc/ beside the system's odbc.ini; <dsn> as
// base::file_name_of() writes it. Returns the path. Throws Error HY024 for a name that is none,
// 08001 when the file cannot be written.
std::string store_secret(DsnScope scope, const std::string& dsn, std::string_view key,
                         const std::string& secret);

}  // namespace graphodbc::config
