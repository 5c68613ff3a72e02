#include "query/executor/analysis.h"

#include <utility>

namespace graphodbc::query {
namespace {

class MeasuredSource final : public base::RowSource {
 public:
  MeasuredSource(std::unique_ptr<base::RowSource> source, StepMeasure& measure)
      : source_(std::move(source)), measure_(measure) {}

  std::size_t column_count() const override { return source_->column_count(); }
  void open() override {
    measure_.ran = true;
    work_ = base::thread_cpu_time();
    elapsed_ = base::wall_time();
    const Mark mark(*this);
    source_->open();
  }
  bool next_batch(base::RowBatch& batch) override {
    const Mark mark(*this);
    if (!source_->next_batch(batch)) return false;
    measure_.rows_out += batch.row_count;
    return true;
  }
  void cancel() noexcept override { source_->cancel(); }
  std::vector<base::Warning> take_warnings() override { return source_->take_warnings(); }

 private:
  // Adds what has passed since the last time, at the end of a call, also of one that fails.
  class Mark {
   public:
    explicit Mark(MeasuredSource& source) : source_(source) {}
    ~Mark() {
      source_.add(source_.measure_.work, source_.work_, base::thread_cpu_time());
      source_.add(source_.measure_.elapsed, source_.elapsed_, base::wall_time());
    }
    Mark(const Mark&) = delete;
    Mark& operator=(const Mark&) = delete;

   private:
    MeasuredSource& source_;
  };
  static void add(base::TimeCounter& counter, std::int64_t& last, std::int64_t now) {
    counter += now - last;
    last = now;
  }

  std::unique_ptr<base::RowSource> source_;
  StepMeasure& measure_;
  std::int64_t work_ = 0;
  std::int64_t elapsed_ = 0;
};

}  // namespace

std::unique_ptr<base::RowSource> measured(std::unique_ptr<base::RowSource> source,
                                          StepMeasure* measure) {
  if (measure == nullptr) return source;
  return std::make_unique<MeasuredSource>(std::move(source), *measure);
}

}  // namespace graphodbc::query
