#include "tests/query/fake_graph.h"

#include <algorithm>
#include <cstdlib>

#include "base/datetime.h"
#include "graph/batch_scan.h"
#include "graph/request_url.h"
#include "graph/service_error.h"
#include "schema/registry.h"

namespace graphodbc::query {
namespace {

class FakeScan final : public base::RowSource {
 public:
  FakeScan(FakeGraph& graph, graph::ScanRequest request)
      : graph_(graph), request_(std::move(request)) {}

  std::size_t column_count() const override { return request_.columns.size(); }

  void open() override {
    graph_.requests.push_back(request_);
    rows_ = std::make_shared<std::vector<FakeRow>>();
    try {
      *rows_ = graph_.answer(request_);
    } catch (const graph::ServiceError& error) {
      if (!request_.may_be_missing || error.http_status() != 404) throw;
    }
    constants_ = std::make_shared<std::vector<base::Value>>();
    for (const graph::ScanColumn& column : request_.columns) constants_->push_back(column.constant);
  }

  bool next_batch(base::RowBatch& batch) override {
    batch.clear();
    batch.column_count = column_count();
    if (cancelled_) throw base::Error("HY008", "cancelled");
    const std::size_t page = request_.page_size == 0
                                 ? graph_.largest_batch
                                 : std::min<std::size_t>(graph_.largest_batch, request_.page_size);
    while (next_ < rows_->size() && batch.row_count < page && given_ < request_.row_limit) {
      const FakeRow& row = (*rows_)[next_++];
      for (std::size_t i = 0; i < request_.columns.size(); ++i) {
        std::string path;
        for (const std::string& step : request_.columns[i].json_path) {
          path += (path.empty() ? "" : "/") + step;
        }
        const auto found = row.find(path);
        batch.cells.push_back(path.empty()         ? (*constants_)[i].cell()
                              : found == row.end() ? base::Cell::null()
                                                   : found->second.cell());
      }
      ++batch.row_count;
      ++given_;
    }
    if (batch.row_count == 0) return false;
    batch.pins.push_back(rows_);
    batch.pins.push_back(constants_);
    ++graph_.pages_read;
    return true;
  }

  void cancel() noexcept override { cancelled_ = true; }

 private:
  FakeGraph& graph_;
  graph::ScanRequest request_;
  std::shared_ptr<std::vector<FakeRow>> rows_;           // pinned by batches
  std::shared_ptr<std::vector<base::Value>> constants_;  // pinned by batches
  std::size_t next_ = 0;
  std::uint64_t given_ = 0;
  bool cancelled_ = false;
};

// The parts one after the other; requested by twenties.
class FakeBatch final : public graph::BatchScan {
 public:
  FakeBatch(FakeGraph& graph, std::vector<graph::ScanRequest> parts,
            const graph::BatchLimits& limits)
      : graph_(graph), columns_(parts[0].columns.size()), limits_(limits), total_(parts.size()) {
    for (graph::ScanRequest& part : parts) {
      if (total_ > 1) part = graph::in_batch(std::move(part));
      part.row_limit = std::min(part.row_limit, limits.row_limit);
      part.enough_rows = std::min(part.enough_rows, limits.enough_rows);
      scans_.push_back(std::make_unique<FakeScan>(graph, std::move(part)));
    }
  }
  std::size_t column_count() const override { return columns_; }
  std::size_t part() const override { return part_; }
  void open() override { open_next(); }
  bool next_batch(base::RowBatch& batch) override {
    for (; given_ < limits_.row_limit && part_ < total_; ++part_) {
      if (part_ == opened_) open_next();
      if (!scans_[part_]->next_batch(batch)) continue;
      batch.row_count = static_cast<std::size_t>(
          std::min<std::uint64_t>(batch.row_count, limits_.row_limit - given_));
      batch.cells.resize(batch.row_count * columns_);
      given_ += batch.row_count;
      return true;
    }
    return false;
  }
  void cancel() noexcept override {
    for (const auto& scan : scans_) scan->cancel();
  }

 private:
  void open_next() {
    const std::size_t end = std::min(total_, opened_ + limits_.parts);
    if (end - opened_ > 1) graph_.batches.push_back(end - opened_);
    for (; opened_ < end; ++opened_) scans_[opened_]->open();
  }

  FakeGraph& graph_;
  std::size_t columns_;
  graph::BatchLimits limits_;
  std::size_t total_;
  std::vector<std::unique_ptr<FakeScan>> scans_;
  std::size_t opened_ = 0;
  std::size_t part_ = 0;
  std::uint64_t given_ = 0;
};

std::string cell_text(const base::Cell& cell) {
  switch (cell.kind) {
    case base::CellKind::kNull:
      return "NULL";
    case base::CellKind::kBool:
    case base::CellKind::kInt64:
      return std::to_string(cell.integer);
    case base::CellKind::kTimestamp: {
      char out[32];
      return std::string(out, base::format_timestamp(cell.integer, 0, ' ', out));
    }
    case base::CellKind::kDouble:
      return std::to_string(cell.real);
    default:
      return std::string(cell.view());
  }
}

}  // namespace

Session::Scans FakeGraph::scans() {
  return {[this](graph::ScanRequest request) {
            return std::make_unique<FakeScan>(*this, std::move(request));
          },
          [this](std::vector<graph::ScanRequest> parts, const graph::BatchLimits& limits) {
            return std::make_unique<FakeBatch>(*this, std::move(parts), limits);
          }};
}

std::vector<std::string> FakeGraph::urls() const {
  std::vector<std::string> result;
  for (const graph::ScanRequest& request : requests) {
    result.push_back(decoded(graph::request_url(request.path, request.query)));
  }
  return result;
}

std::string decoded(const std::string& url) {
  std::string result;
  for (std::size_t i = 0; i < url.size(); ++i) {
    if (url[i] == '%' && i + 2 < url.size()) {
      result += static_cast<char>(std::strtol(url.substr(i + 1, 2).c_str(), nullptr, 16));
      i += 2;
    } else {
      result += url[i];
    }
  }
  return result;
}

base::Value text(const std::string& value) {
  return base::Value::text(value);
}
base::Value whole(std::int64_t value) {
  return base::Value(base::Cell::of_int64(value));
}
base::Value flag(bool value) {
  return base::Value(base::Cell::of_bool(value));
}
base::Value timestamp(const std::string& value) {
  return base::Value(
      base::Cell::of_integer(base::CellKind::kTimestamp, base::parse_timestamp(value).value()));
}

std::vector<std::string> read_all(base::RowSource& source) {
  std::vector<std::string> result;
  source.open();
  base::RowBatch batch;
  while (source.next_batch(batch)) {
    for (std::size_t i = 0; i < batch.row_count; ++i) {
      std::string line;
      for (std::size_t j = 0; j < batch.column_count; ++j) {
        line += (j == 0 ? "" : "|") + cell_text(batch.row(i)[j]);
      }
      result.push_back(line);
    }
  }
  return result;
}

std::vector<Explained> explain_all(const std::string& sql, const SessionOptions& options,
                                   const std::vector<base::Value>& parameters) {
  Session session(std::shared_ptr<graph::Client>(), schema::Registry::builtin(), options);
  const auto rows = session.prepare("EXPLAIN " + sql)->execute(parameters, {});
  rows->open();
  std::vector<Explained> result;
  base::RowBatch batch;
  while (rows->next_batch(batch)) {
    for (std::size_t i = 0; i < batch.row_count; ++i) {
      const auto at = [&](std::size_t column) {
        const base::Cell& cell = batch.row(i)[column];
        return cell.is_null() ? std::string() : std::string(cell.view());
      };
      result.push_back({at(1), decoded(at(2)), at(3), at(4), at(5), at(6), at(7)});
    }
  }
  return result;
}

std::vector<Explained> explain(const std::string& sql, const SessionOptions& options,
                               const std::vector<base::Value>& parameters) {
  std::vector<Explained> steps = explain_all(sql, options, parameters);
  steps.pop_back();
  return steps;
}

std::string option(const std::string& url, const std::string& name) {
  for (const char* before : {"?", "&"}) {
    const std::size_t at = url.find(before + name + "=");
    if (at == std::string::npos) continue;
    const std::size_t begin = at + name.size() + 2;
    std::size_t end = url.find("&$", begin);
    if (end == std::string::npos) end = url.size();
    return url.substr(begin, end - begin);
  }
  return {};
}

Failure prepare_failure(const std::string& sql, const SessionOptions& options) {
  Session session(std::shared_ptr<graph::Client>(), schema::Registry::builtin(), options);
  try {
    session.prepare(sql);
  } catch (const base::Error& error) {
    return {std::string(error.state().code()), error.message()};
  }
  return {};
}

}  // namespace graphodbc::query
