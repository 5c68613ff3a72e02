// The ODBC structs of dates, times and GUIDs, from our integers and bytes.
#pragma once

#include <string_view>

#include "base/datetime.h"
#include "driver/odbc.h"

namespace graphodbc::driver {

// 16 bytes in the order they are written; the struct's fields are integers of the host.
inline SQLGUID guid_struct(std::string_view bytes) {
  SQLGUID guid{};
  const auto byte = [&](std::size_t i) {
    return static_cast<unsigned>(static_cast<unsigned char>(bytes[i]));
  };
  guid.Data1 = static_cast<decltype(guid.Data1)>((byte(0) << 24) | (byte(1) << 16) |
                                                 (byte(2) << 8) | byte(3));
  guid.Data2 = static_cast<decltype(guid.Data2)>((byte(4) << 8) | byte(5));
  guid.Data3 = static_cast<decltype(guid.Data3)>((byte(6) << 8) | byte(7));
  for (std::size_t i = 0; i < 8; ++i) guid.Data4[i] = static_cast<unsigned char>(byte(8 + i));
  return guid;
}

inline SQL_DATE_STRUCT date_struct(const base::CivilDate& date) {
  return {static_cast<SQLSMALLINT>(date.year), static_cast<SQLUSMALLINT>(date.month),
          static_cast<SQLUSMALLINT>(date.day)};
}
inline SQL_TIME_STRUCT time_struct(const base::CivilTime& time) {
  return {static_cast<SQLUSMALLINT>(time.hour), static_cast<SQLUSMALLINT>(time.minute),
          static_cast<SQLUSMALLINT>(time.second)};
}
// The fraction of SQL_TIMESTAMP_STRUCT is in nanoseconds.
inline SQL_TIMESTAMP_STRUCT timestamp_struct(const base::CivilTimestamp& at) {
  return {static_cast<SQLSMALLINT>(at.date.year),
          static_cast<SQLUSMALLINT>(at.date.month),
          static_cast<SQLUSMALLINT>(at.date.day),
          static_cast<SQLUSMALLINT>(at.time.hour),
          static_cast<SQLUSMALLINT>(at.time.minute),
          static_cast<SQLUSMALLINT>(at.time.second),
          at.time.ticks * 100};
}

}  // namespace graphodbc::driver
