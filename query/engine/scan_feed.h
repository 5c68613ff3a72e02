// A scan that downloads on a thread of its own while SQLite works: rows are converted there and
// wait in a queue.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_set>
#include <vector>

#include "base/error.h"
#include "base/row_source.h"
#include "base/value.h"
#include "query/engine/row_store.h"

namespace graphodbc::query {

using Deadline = std::optional<std::chrono::steady_clock::time_point>;

// What the feeds of one statement share: a feed may wait for another's keys, and a cancel must
// reach whoever waits.
struct FeedBoard {
  std::mutex mutex;
  std::condition_variable changed;
};

// HY008.
base::Error cancelled_error();

class ScanFeed {
 public:
  // A streaming feed's queue is short and its worker waits for the reader; otherwise it grows up
  // to the memory limit.
  ScanFeed(std::shared_ptr<FeedBoard> board, std::vector<FeedColumn> columns, bool streaming);
  // Cancels the source and joins the worker, which a source leaves soon when cancelled.
  ~ScanFeed();
  ScanFeed(const ScanFeed&) = delete;
  ScanFeed& operator=(const ScanFeed&) = delete;

  // Gathers the distinct values of a column for other scans, which makes this feed's queue grow.
  // Before the start. With `at_most` other than 0 whoever asks wants no more than so many. Returns
  // the number to give to start_after().
  std::size_t gather_keys(std::uint32_t column, std::size_t at_most);

  // One of the two, once. HY001 when no thread can be started.
  void start(std::unique_ptr<base::RowSource> source);
  // The source is made on the worker, once `driver`, which must outlive this feed's worker, has
  // read all its rows; or as soon as it has more than `at_most` keys, and then without them.
  using KeyList = std::optional<std::vector<base::Value>>;
  using MakeSource = std::function<std::unique_ptr<base::RowSource>(KeyList keys)>;
  void start_after(ScanFeed& driver, std::size_t keys, std::size_t at_most, MakeSource make);

  // The next rows; nullopt at the end. Waits. Throws what the source threw, after the rows before
  // it; HY008 when cancelled, HYT00 past the deadline.
  std::optional<StoredBatch> next(const Deadline& deadline);

  // From any thread, never blocks for long.
  void cancel() noexcept;
  std::vector<base::Warning> take_warnings();

 private:
  struct Keys {
    std::uint32_t column;
    std::size_t at_most;  // 0: all are wanted
    std::unordered_set<std::string> seen;
    std::vector<base::Value> values;  // the worker's until the feed has ended
    std::size_t count = 0;            // of the values, as far as the others know
  };

  void launch(std::function<void()> body);
  void set_source(std::unique_ptr<base::RowSource> source);
  void pump();
  void gather(const base::RowBatch& batch);
  void gather(const base::RowBatch& batch, Keys& keys) const;
  void push(StoredBatch batch);
  void finish(std::exception_ptr failure);
  // Waits. False when there is nothing to read: the driver failed, or this feed was cancelled.
  bool keys_of_driver(std::size_t keys, std::size_t at_most, KeyList& values);
  // The error to give, on the reader's thread; null when there is none.
  std::exception_ptr failure() const;

  const std::shared_ptr<FeedBoard> board_;  // shared: outlived by no feed, but kept by each
  const RowConverter converter_;
  const bool streaming_;
  ScanFeed* driver_ = nullptr;

  // Guarded by the board's mutex. The worker alone sets source_, and uses it without the mutex.
  std::unique_ptr<base::RowSource> source_;
  std::deque<StoredBatch> queue_;
  std::vector<Keys> keys_;
  std::vector<base::Warning> warnings_;
  std::exception_ptr failure_;
  bool ended_ = false;
  bool cancelled_ = false;

  std::thread worker_;
};

}  // namespace graphodbc::query
