// One request of a batch scan, from its first sending to its last page.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/value.h"
#include "graph/batch_message.h"
#include "graph/collection_scan.h"
#include "graph/page_reader.h"
#include "graph/page_walk.h"

namespace graphodbc::graph {

// Columns that several parts share; what differs is their constants.
struct BatchColumns {
  explicit BatchColumns(const ScanRequest& part);
  // Whether the part can be read by the program.
  bool fits(const ScanRequest& part) const;

  std::shared_ptr<const PageProgram> program;
  PageReader reader;
  std::vector<std::size_t> constants;  // indexes of constant columns
};

struct BatchPart {
  // `whole` comes with the page size that suits an ordinary scan.
  BatchPart(const PageFetcher& fetcher, ScanRequest whole, std::size_t part_index,
            std::shared_ptr<BatchColumns> shared_columns);
  BatchPart(const BatchPart&) = delete;
  BatchPart& operator=(const BatchPart&) = delete;

  // A further page of a list.
  bool is_continued() const { return walk.pages() > 0; }
  // Reads on outside batches, with large pages. False when the rows cannot be told apart or the
  // pages are as large already.
  bool leave_batches();
  // Puts this part's constants into its rows.
  void set_constants(base::RowBatch& rows) const;
  // What was noted about the current page is over.
  void begin_page();

  std::uint32_t whole_page;  // the page size outside batches
  ScanRequest request;       // without columns
  PageWalk walk;
  std::size_t index;
  std::shared_ptr<BatchColumns> columns;
  std::shared_ptr<const std::vector<base::Value>> constants;  // shared with the rows' batches

  bool alone = false;  // not sent in batches any more
  // About the page wanted now:
  int sent = 0;                // times it was asked for
  bool came_broken = false;    // and once more was asked for it
  bool token_renewed = false;  // because of its 401
  int challenges = 0;          // claims challenges among them
  std::optional<std::chrono::steady_clock::time_point> not_before;
};

// The link below the version root; nullopt when it lies elsewhere, so that no batch can hold it.
std::optional<std::string> below_root(const PageFetcher& fetcher, const std::string& link);

}  // namespace graphodbc::graph
