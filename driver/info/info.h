// SQLGetInfo: one table of every information type.
#pragma once

#include <cstdint>
#include <string>

#include "driver/odbc.h"

namespace graphodbc::driver {

class Connection;

// The variable an information type is read into; a wrong width would overrun the caller's stack.
enum class InfoWidth : std::uint8_t { kText, kSmallInt, kInteger, kLen };

struct InfoValue {
  InfoWidth width = InfoWidth::kInteger;
  SQLULEN number = 0;
  std::string text;
};

// Throws base::Error HY096 for an unknown type. Computed per connection, never cached.
InfoValue get_info(const Connection& connection, SQLUSMALLINT id);

}  // namespace graphodbc::driver
