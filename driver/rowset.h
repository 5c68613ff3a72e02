// Filling the application's bound buffers from rows ("Using Block Cursors", pitfalls 9.1 to 9.4).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "driver/conversion/convert.h"
#include "driver/cursor.h"
#include "driver/descriptors/descriptor.h"
#include "driver/diagnostics/diagnostics.h"

namespace graphodbc::driver {

class RowsetWriter {
 public:
  // Fills the columns bound in `ard` with `rows` (at most ard.header.array_size of them), the row
  // status array and the rows-fetched count of `ird`'s header (either may be null). Array size,
  // bind type and the value behind the bind offset pointer are read now, not at bind time.
  // Truncation and failures become records with row (1-based in the rowset) and column numbers.
  //
  // SQL_SUCCESS, SQL_SUCCESS_WITH_INFO, or SQL_ERROR when every row failed. No rows: the count
  // becomes 0, the statuses SQL_ROW_NOROW, and SQL_NO_DATA is returned.
  SQLRETURN write(std::span<const RowSpan> rows, const Descriptor& ard, const Descriptor& ird,
                  SQLULEN max_length, Diagnostics& diagnostics);

 private:
  // One bound column with its converters, rebuilt when a descriptor's version() changes.
  struct BoundColumn {
    SQLUSMALLINT number = 0;  // 1-based
    const Converter* converters = nullptr;
    const DescriptorRecord* binding = nullptr;
    const DescriptorRecord* column = nullptr;
    TargetBuffer target;
    SQLLEN element_size = 0;  // stride of column-wise data
  };
  void choose_converters(const Descriptor& ard, const Descriptor& ird);

  std::vector<BoundColumn> columns_;
  std::uint64_t ard_version_ = 0;
  std::uint64_t ird_version_ = 0;
};

}  // namespace graphodbc::driver
