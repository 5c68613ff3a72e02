// Reading many collections and items together: POST /$batch of up to 20 requests each (contract
// sheet (f), decisions.md 18).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/row_source.h"
#include "graph/collection_scan.h"

namespace graphodbc::graph {

inline constexpr std::size_t kBatchParts = 20;   // requests in one $batch
inline constexpr std::uint32_t kBatchPage = 50;  // largest $top in it
inline constexpr std::size_t kBatchSlots = 4;    // most places it takes in a mailbox's gate

// Rows are counted over all parts together.
struct BatchLimits {
  std::uint64_t row_limit = UINT64_MAX;    // rows after which no more are wanted
  std::uint64_t enough_rows = UINT64_MAX;  // no batch is requested ahead beyond them
  // Most requests in one $batch, at most kBatchParts; fewer where the rows are large.
  std::size_t parts = kBatchParts;
};

class BatchScan : public base::RowSource {
 public:
  // Index of the part that the last batch of rows came from.
  virtual std::size_t part() const = 0;
};

// The part as a batch sends it: with a $top of at most kBatchPage.
ScanRequest in_batch(ScanRequest part);

// The rows of all parts, of one part in each RowBatch; parts come in no order. The columns of all
// parts must have the same count; those that differ in nothing but constants are read by one
// program. Parts are sent in their order, 20 to a batch; one that is left alone goes as a plain
// request, and a single part is an ordinary scan with its own page size.
//
// Of each part: 404 and a malformed id are no rows where ScanRequest says so; 429, 503 and 504 are
// sent again in a later batch, at most RetryCountMax times, not before its Retry-After; 401 renews
// the token once; other refusals are thrown as ServiceError naming the part's path. Further pages
// go into batches too; where less than a batch of long lists is left, they are read on as ordinary
// scans with the page size that they came with. Rows that come twice are dropped by key in each
// part.
//
// One batch is requested ahead while rows are read, none that the limits make needless. `client`
// must outlive the source. Errors as make_collection_scan.
std::unique_ptr<BatchScan> make_batch_scan(Client& client, std::vector<ScanRequest> parts,
                                           BatchLimits limits = {});

}  // namespace graphodbc::graph
