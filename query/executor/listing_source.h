// The rows of a plan's listings, one scan after the other; walks descend as rows pass.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <unordered_set>

#include "base/row_source.h"
#include "query/executor/execution.h"

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
  const std::string& path() const { return current_listing_.path; }

 private:
  void start(const graph::ScanRequest& request);
  void stop();
  // Opens the next listing that is there; false when none is left.
  bool next_listing();
  void look_up_identity();
  void note_children(const base::RowBatch& batch);

  std::shared_ptr<Execution> execution_;
  std::deque<Listing> waiting_;
  Listing current_listing_;
  std::unordered_set<std::string> descended_;  // ids, so that folders in a circle end
  std::string signed_in_id_;
  std::uint64_t delivered_ = 0;
  std::vector<base::Warning> warnings_;

  std::mutex mutex_;  // guards current_ against cancel()
  std::unique_ptr<base::RowSource> current_;
  std::atomic<bool> cancelled_ = false;
};

}  // namespace graphodbc::query
