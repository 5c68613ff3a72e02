#include "graph/batch_scan.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <random>
#include <utility>

#include "base/error.h"
#include "graph/batch_message.h"
#include "graph/batch_part.h"
#include "graph/content_decoder.h"
#include "graph/oauth/claims_challenge.h"
#include "graph/page_fetcher.h"
#include "graph/retry_policy.h"
#include "graph/scan_statistics.h"
#include "graph/service_error.h"

namespace graphodbc::graph {
namespace {

using base::RowBatch;
using std::chrono::steady_clock;

// Decodes the body on the I/O thread, while rows are read.
class BodyDecoder final : public ResponseHandler {
 public:
  void on_response(HttpResponse& response) override {
    try {
      ByteBuffer spare;
      decode_body(response, spare);
    } catch (const base::Error& error) {
      failure_ = error.message();
      response.body.clear();
    }
  }
  const std::optional<std::string>& failure() const { return failure_; }

 private:
  std::optional<std::string> failure_;
};

// An answer to one part, and where its bytes lie.
struct PartAnswer {
  HttpResponse head;  // without the body
  std::shared_ptr<const ByteBuffer> whole;
  std::string_view body;
};

class PartsScan final : public BatchScan {
 public:
  PartsScan(std::shared_ptr<PageFetcher> fetcher, std::vector<ScanRequest> parts,
            BatchLimits limits)
      : fetcher_(std::move(fetcher)),
        limits_(limits),
        retry_(fetcher_->retry_settings()),
        most_parts_(std::clamp<std::size_t>(limits.parts, 1, kBatchParts)),
        random_(std::random_device()()) {
    if (!parts.empty()) {
      column_count_ = parts[0].columns.size();
      context_ = context_of(parts[0]);
      deadline_ = parts[0].deadline;
      statistics_ = parts[0].statistics;
    }
    for (ScanRequest& part : parts) add_part(std::move(part));
  }
  ~PartsScan() override { close(); }

  std::size_t column_count() const override { return column_count_; }
  std::size_t part() const override { return part_; }

  void open() override {
    if (waiting_.empty()) return;
    attempt([&] {
      send();
      receive();
    });
    if (!failure_) return;
    ready_.clear();
    std::rethrow_exception(failure_);
  }

  bool next_batch(RowBatch& batch) override {
    batch.clear();
    batch.column_count = column_count_;
    for (;;) {
      if (cancelled_ && !failure_) {
        ready_.clear();
        attempt([] { throw base::Error("HY008", "the statement was cancelled"); });
      }
      if (!ready_.empty()) {
        send_ahead();
        part_ = ready_.front().part;
        batch = std::move(ready_.front().rows);
        ready_.pop_front();
        return true;
      }
      if (failure_) std::rethrow_exception(failure_);
      if (!round_ && waiting_.empty()) return false;
      attempt([&] {
        if (!round_) send();
        receive();
      });
    }
  }

  void cancel() noexcept override {
    cancelled_ = true;
    std::shared_ptr<PendingResponse> pending;
    {
      const std::lock_guard lock(mutex_);
      pending = pending_;
    }
    if (pending) pending->cancel();
  }

  std::vector<base::Warning> take_warnings() override { return std::exchange(warnings_, {}); }

 private:
  // Parts that were sent together and are not answered yet.
  struct Round {
    std::vector<BatchPart*> parts;
    std::shared_ptr<BodyDecoder> decoder;
    bool plain = false;  // one part, by a GET of its own
  };
  struct Ready {
    std::size_t part;
    RowBatch rows;
  };

  std::shared_ptr<BatchColumns> columns_for(const ScanRequest& part) {
    for (const auto& columns : columns_) {
      if (columns->fits(part)) return columns;
    }
    columns_.push_back(std::make_shared<BatchColumns>(part));
    return columns_.back();
  }

  void add_part(ScanRequest request) {
    const std::shared_ptr<BatchColumns> columns = columns_for(request);
    request.row_limit = std::min(request.row_limit, limits_.row_limit);
    parts_.push_back(
        std::make_unique<BatchPart>(*fetcher_, std::move(request), parts_.size(), columns));
    if (parts_.back()->walk.link()) waiting_.push_back(parts_.back().get());
  }

  // What fails once fails for good. Rows that are there already are handed out first.
  template <typename Work>
  void attempt(Work work) {
    try {
      work();
    } catch (...) {
      failure_ = std::current_exception();
      waiting_.clear();
      close();
    }
  }

  void close() noexcept {
    round_.reset();
    std::shared_ptr<PendingResponse> pending;
    {
      const std::lock_guard lock(mutex_);
      pending = std::exchange(pending_, nullptr);
    }
    if (pending) pending->cancel();
  }

  // --- Sending --------------------------------------------------------------------------------

  void send_ahead() {
    const std::uint64_t wanted = std::min(limits_.row_limit, limits_.enough_rows);
    if (round_ || failure_ || waiting_.empty() || produced_ >= wanted) return;
    attempt([&] { send(); });
  }

  Round next_round() {
    Round round;
    while (!waiting_.empty() && round.parts.size() < most_parts_) {
      BatchPart& part = *waiting_.front();
      const bool alone = part.alone || !below_root(*fetcher_, *part.walk.link());
      if (alone && !round.parts.empty()) break;
      round.parts.push_back(&part);
      waiting_.pop_front();
      if (alone) break;
    }
    round.plain = round.parts.size() == 1;
    round.decoder = std::make_shared<BodyDecoder>();
    return round;
  }

  void send() {
    if (cancelled_) throw base::Error("HY008", "the statement was cancelled");
    if (deadline_ && steady_clock::now() >= *deadline_) {
      throw base::Error("HYT00", "the query timeout passed before all rows were read");
    }
    Round round = next_round();
    HttpRequest request;
    request.context = context_;
    request.deadline = deadline_;
    request.handler = round.decoder;
    request.statistics = statistics_;
    request.refused_token = std::exchange(refused_token_, 0);
    request.refused_claims = std::exchange(refused_claims_, {});
    for (BatchPart* part : round.parts) {
      if (part->sent++ > 0 && statistics_) ++statistics_->retries;
      if (part->not_before) {
        request.not_before =
            std::max(request.not_before.value_or(*part->not_before), *part->not_before);
      }
    }
    if (round.plain) {
      const BatchPart& part = *round.parts[0];
      request.url = *part.walk.link();
      request.headers = part.walk.headers();
      request.service = part.request.service;
      request.mailbox = part.request.mailbox;
    } else {
      fill_batch(round, request);
    }
    std::shared_ptr<PendingResponse> pending = fetcher_->start(std::move(request));
    round_ = std::move(round);
    {
      const std::lock_guard lock(mutex_);
      pending_ = pending;
    }
    if (cancelled_) pending->cancel();
  }

  void fill_batch(const Round& round, HttpRequest& request) const {
    request.url = "/$batch";
    std::vector<BatchItem> items;
    std::map<std::pair<schema::Service, std::string>, std::size_t> mailboxes;
    for (const BatchPart* part : round.parts) {
      items.push_back({std::to_string(items.size() + 1),
                       below_root(*fetcher_, *part->walk.link()).value(), part->walk.headers()});
      ++mailboxes[{part->request.service, part->request.mailbox}];
    }
    request.json = batch_request(items);
    for (const auto& [mailbox, count] : mailboxes) {
      request.shares.push_back({mailbox.first, mailbox.second, std::min(count, kBatchSlots)});
    }
  }

  // --- Receiving ------------------------------------------------------------------------------

  void receive() {
    std::shared_ptr<PendingResponse> pending;
    {
      const std::lock_guard lock(mutex_);
      pending = pending_;
    }
    HttpResponse response;
    {
      const base::WallStopwatch waiting(statistics_ ? &statistics_->waited : nullptr);
      response = pending->wait();
    }
    {
      const std::lock_guard lock(mutex_);
      pending_.reset();
    }
    const Round round = std::move(*round_);
    round_.reset();
    const auto whole = std::make_shared<const ByteBuffer>(std::move(response.body));
    if (round.decoder->failure()) {
      for (BatchPart* part : round.parts) ask_again(*part, *round.decoder->failure());
    } else if (round.plain) {
      const std::string_view body = whole->view();
      settle(*round.parts[0], {std::move(response), whole, body}, true);
    } else if (response.status == 200) {
      take_answers(round, response, whole);
    } else {
      refuse_batch(round, response, whole->view());
    }
    leave_batches_at_the_end();
  }

  void take_answers(const Round& round, const HttpResponse& response,
                    const std::shared_ptr<const ByteBuffer>& whole) {
    std::map<std::string, BatchAnswer> answers;
    std::string problem = "the answer to the batch leaves it out";
    try {
      for (BatchAnswer& answer : split_batch(*whole)) {
        std::string id = answer.id;
        if (!answers.emplace(std::move(id), std::move(answer)).second) {
          throw PageError("the answer to the batch has an id twice");
        }
      }
    } catch (const PageError& error) {
      answers.clear();
      problem = error.message();
    }
    for (std::size_t i = 0; i < round.parts.size() && !is_satisfied(); ++i) {
      BatchPart& part = *round.parts[i];
      const auto found = answers.find(std::to_string(i + 1));
      if (found == answers.end()) {
        ask_again(part, problem);
        continue;
      }
      HttpResponse head;
      head.status = found->second.status;
      head.headers = std::move(found->second.headers);
      head.url = part.walk.absolute(*part.walk.link());
      head.request_id = head.header("request-id");
      head.date = head.header("date");
      head.attempts = part.sent;
      head.token = response.token;
      head.identity = response.identity;
      settle(part, {std::move(head), whole, found->second.body}, false);
    }
  }

  // The batch as a whole: one that takes the service too long is cut in two (decisions.md 15).
  void refuse_batch(const Round& round, const HttpResponse& response, std::string_view body) {
    if ((response.status != 504 && response.status != 413) || round.parts.size() < 2) {
      throw make_service_error(response, body, context_);
    }
    most_parts_ = (round.parts.size() + 1) / 2;
    waiting_.insert(waiting_.begin(), round.parts.begin(), round.parts.end());
  }

  bool is_satisfied() const { return produced_ >= limits_.row_limit; }

  void settle(BatchPart& part, const PartAnswer& answer, bool plain) {
    const int status = answer.head.status;
    if (status >= 200 && status <= 299) {
      try {
        use_page(part, answer);
      } catch (const PageError& error) {
        ask_again(part, error.message());
      }
    } else if (plain || !resend(part, answer)) {
      refuse(part, answer);
    }
  }

  void use_page(BatchPart& part, const PartAnswer& answer) {
    Ready ready{part.index, {}};
    RowBatch& rows = ready.rows;
    rows.column_count = column_count_;
    const PageFacts facts = part.columns->reader.read_within(
        *answer.whole, answer.body, part.request.single_item, page_, rows.arena);
    rows.cells.assign(page_.begin(), page_.end());
    if (statistics_) statistics_->rows += facts.row_count;
    part.walk.take(facts, rows);
    take_notes(part, facts);
    part.begin_page();
    part.set_constants(rows);
    if (rows.row_count >= limits_.row_limit - produced_) {
      rows.row_count = static_cast<std::size_t>(limits_.row_limit - produced_);
      rows.cells.resize(rows.row_count * column_count_);
      produced_ = limits_.row_limit;
      waiting_.clear();
    } else {
      produced_ += rows.row_count;
      go_on(part);
    }
    if (rows.row_count == 0) return;
    rows.pins.push_back(answer.whole);
    ready_.push_back(std::move(ready));
  }

  // `part` may be gone afterwards.
  void go_on(BatchPart& part) {
    if (!part.walk.link()) {
      parts_[part.index].reset();
    } else if (part.alone) {
      waiting_.push_front(&part);
    } else {
      waiting_.push_back(&part);
    }
  }

  void take_notes(BatchPart& part, const PageFacts& facts) {
    for (base::Warning& warning : part.walk.take_warnings())
      warnings_.push_back(std::move(warning));
    auto note = not_finite_note(facts, *part.columns->program);
    if (note && !std::exchange(told_not_finite_, true)) warnings_.push_back(std::move(*note));
  }

  // What came through broken is asked for once more: reading it again changes nothing.
  void ask_again(BatchPart& part, const std::string& problem) {
    if (part.came_broken || !fetcher_->may_resend()) {
      part.walk.fail_page(problem +
                          (part.came_broken ? "; a second request gave no better answer" : "") +
                          ". Rows returned so far are valid; run the statement again for the rest");
    }
    part.came_broken = true;
    waiting_.push_back(&part);
  }

  // --- Refusals -------------------------------------------------------------------------------

  // Whether the part goes into a later batch because of the answer's status. What RequestRun does
  // for requests of their own.
  bool resend(BatchPart& part, const PartAnswer& answer) {
    const int status = answer.head.status;
    if (status == 401) {
      std::string claims = challenged_claims(answer.head.headers);
      const bool answered =
          claims.empty() ? part.token_renewed : ++part.challenges > kMaxChallenges;
      if (answered) return false;
      part.token_renewed = true;
      refused_token_ = std::max(refused_token_, answer.head.token);
      if (!claims.empty()) refused_claims_ = std::move(claims);
      waiting_.push_back(&part);
      return true;
    }
    Attempt attempt{part.sent, Outcome::kOk, status, std::nullopt};
    attempt.retry_after =
        parse_retry_after(answer.head.header("retry-after"), std::chrono::system_clock::now());
    // The time that a batch may take is that of all its parts: running out of it says little about
    // one of them, so trying it among others is no identical re-send.
    if (status == 504) attempt.status = 429;
    const Verdict verdict = decide(retry_, attempt, dice());
    if (status == 429 || (status == 503 && attempt.retry_after)) {
      const auto wait =
          attempt.retry_after.value_or(verdict.resend ? verdict.wait : retry_.first_wait);
      fetcher_->close_gate({part.request.service, part.request.mailbox, 1},
                           steady_clock::now() + wait);
    }
    if (!verdict.resend) return false;
    part.not_before = steady_clock::now() + verdict.wait;
    // A smaller page has better chances.
    if (status == 504) (void)part.walk.refused(status, {});
    waiting_.push_back(&part);
    return true;
  }

  void refuse(BatchPart& part, const PartAnswer& answer) {
    const Refusal refusal =
        part.walk.refused(answer.head.status, parse_error_body(answer.body).code);
    if (refusal == Refusal::kFail) {
      const ServiceError error =
          make_service_error(answer.head, answer.body, context_of(part.request));
      if (part.walk.pages() == 0) throw error;
      throw ServiceError(error.state(), part.walk.page_name() + ": " + error.message(),
                         error.http_status(), error.code());
    }
    take_notes(part, {});
    part.begin_page();
    go_on(part);
  }

  // Batches save requests by their number of parts, large pages by their number of rows. How long
  // the lists are shows only at their end, so a few that go on are given as many batches as they
  // would cost requests of their own before they are read on that way.
  void leave_batches_at_the_end() {
    const bool few_lists = !waiting_.empty() && waiting_.size() < limits_.parts &&
                           std::all_of(waiting_.begin(), waiting_.end(), [](const BatchPart* part) {
                             return part->is_continued() && !part->alone;
                           });
    if (!few_lists) {
      batches_at_end_ = 0;
      return;
    }
    if (++batches_at_end_ < waiting_.size()) return;
    for (BatchPart* part : waiting_) part->leave_batches();
  }

  double dice() { return std::uniform_real_distribution<double>(0, 1)(random_); }

  std::shared_ptr<PageFetcher> fetcher_;
  const BatchLimits limits_;
  const RetrySettings retry_;
  std::size_t most_parts_;  // in one batch
  std::mt19937_64 random_;
  std::size_t column_count_ = 0;
  RequestContext context_;
  Deadline deadline_;
  std::shared_ptr<ScanStatistics> statistics_;  // may be null

  std::vector<std::shared_ptr<BatchColumns>> columns_;
  std::vector<std::unique_ptr<BatchPart>> parts_;  // null once read
  std::deque<BatchPart*> waiting_;                 // to be sent
  std::optional<Round> round_;
  std::deque<Ready> ready_;
  std::vector<base::Cell> page_;  // of the part being read
  std::size_t part_ = 0;
  std::uint64_t produced_ = 0;  // rows put into ready_ so far
  std::size_t batches_at_end_ = 0;
  std::uint64_t refused_token_ = 0;
  std::string refused_claims_;
  std::exception_ptr failure_;
  std::vector<base::Warning> warnings_;
  bool told_not_finite_ = false;

  std::mutex mutex_;  // guards pending_ against cancel()
  std::shared_ptr<PendingResponse> pending_;
  std::atomic<bool> cancelled_ = false;
};

// A single part: an ordinary scan.
class LoneScan final : public BatchScan {
 public:
  explicit LoneScan(std::unique_ptr<base::RowSource> scan) : scan_(std::move(scan)) {}
  std::size_t column_count() const override { return scan_->column_count(); }
  std::size_t part() const override { return 0; }
  void open() override { scan_->open(); }
  bool next_batch(RowBatch& batch) override { return scan_->next_batch(batch); }
  void cancel() noexcept override { scan_->cancel(); }
  std::vector<base::Warning> take_warnings() override { return scan_->take_warnings(); }

 private:
  std::unique_ptr<base::RowSource> scan_;
};

}  // namespace

std::unique_ptr<BatchScan> make_batch_scan(std::shared_ptr<PageFetcher> fetcher,
                                           std::vector<ScanRequest> parts, BatchLimits limits) {
  if (parts.size() != 1) {
    return std::make_unique<PartsScan>(std::move(fetcher), std::move(parts), limits);
  }
  ScanRequest& request = parts[0];
  request.row_limit = std::min(request.row_limit, limits.row_limit);
  request.enough_rows = std::min(request.enough_rows, limits.enough_rows);
  return std::make_unique<LoneScan>(make_collection_scan(std::move(fetcher), std::move(request)));
}

std::unique_ptr<BatchScan> make_batch_scan(Client& client, std::vector<ScanRequest> parts,
                                           BatchLimits limits) {
  return make_batch_scan(make_client_fetcher(client), std::move(parts), limits);
}

}  // namespace graphodbc::graph
