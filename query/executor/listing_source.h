// The rows of a plan's listings, read together in batches; walks descend level by level.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/row_source.h"
#include "graph/batch_scan.h"
#include "query/executor/execution.h"
#include "query/executor/withheld.h"

namespace graphodbc::query {

class ListingSource final : public base::RowSource {
 public:
  explicit ListingSource(std::shared_ptr<Execution> execution);

  std::size_t column_count() const override;
  void open() override;
  bool next_batch(base::RowBatch& batch) override;
  void cancel() noexcept override;
  std::vector<base::Warning> take_warnings() override;

  // Path of the listing that the last batch came from.
  const std::string& path() const { return wave_[part_].path; }
  // Whether a row of the last batch is no row of the table (Listing::unlisted). Asks Graph once a
  // connection and mailbox, and again in a later statement where a list was empty.
  bool is_unlisted(const base::Cell* row);

 private:
  // The text that a request for one value gives, empty for null; nullopt when there is no row.
  std::optional<std::string> ask(graph::ScanRequest request);
  // The same for a path of Listing::unlisted.
  std::optional<std::string> ask_for_listed(const Listing& listing);
  // Takes the place of the scan before and opens it.
  void start(std::unique_ptr<base::RowSource> scan);
  void stop();
  // Opens the listings that wait, as many as belong together; false when none do.
  bool next_wave();
  void look_up_identity();
  void note_children(const base::RowBatch& batch);
  void note(std::optional<base::Warning> warning);
  // `batch` is null at the end of a scan without rows.
  void note_withheld(const base::RowBatch* batch);

  std::shared_ptr<Execution> execution_;
  std::vector<Listing> waiting_;
  std::vector<Listing> wave_;                  // being read
  graph::BatchScan* reading_ = nullptr;        // current_, while it reads wave_
  std::size_t part_ = 0;                       // of wave_, that the last batch came from
  std::unordered_set<std::string> descended_;  // ids, so that folders in a circle end
  std::string signed_in_id_;
  std::set<std::string> empty_lists_;  // paths of Listing::unlisted
  std::uint64_t delivered_ = 0;
  std::vector<base::Warning> warnings_;
  WithheldWatch withheld_;

  std::mutex mutex_;  // guards these two against cancel()
  std::unique_ptr<base::RowSource> current_;
  std::unique_ptr<base::RowSource> aside_;  // asks for one value meanwhile
  std::atomic<bool> cancelled_ = false;
};

}  // namespace graphodbc::query
