// Values of the statement attributes that live in no descriptor.
#pragma once

#include "driver/odbc.h"

namespace graphodbc::driver {

struct StatementAttributes {
  SQLULEN query_timeout = 0;  // seconds for the whole statement; 0: none
  SQLULEN max_rows = 0;
  SQLULEN noscan = SQL_NOSCAN_OFF;
  SQLULEN max_length = 0;
  SQLULEN async_enable = SQL_ASYNC_ENABLE_OFF;
  SQLULEN cursor_type = SQL_CURSOR_FORWARD_ONLY;
  SQLULEN concurrency = SQL_CONCUR_READ_ONLY;
  SQLULEN keyset_size = 0;
  SQLULEN rowset_size = 1;  // SQLExtendedFetch's; kept but unused (pitfalls 9.1)
  SQLULEN simulate_cursor = SQL_SC_NON_UNIQUE;
  SQLULEN retrieve_data = SQL_RD_ON;
  SQLULEN use_bookmarks = SQL_UB_OFF;
  SQLULEN enable_auto_ipd = SQL_FALSE;
  SQLULEN fetch_bookmark_ptr = 0;
  SQLULEN metadata_id = SQL_FALSE;
  SQLULEN cursor_scrollable = SQL_NONSCROLLABLE;
  SQLULEN cursor_sensitivity = SQL_UNSPECIFIED;
};

}  // namespace graphodbc::driver
