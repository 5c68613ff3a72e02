#include "graph/batch_part.h"

#include <algorithm>

#include "base/url.h"
#include "graph/batch_scan.h"

namespace graphodbc::graph {

BatchColumns::BatchColumns(const ScanRequest& part)
    : program(std::make_shared<const PageProgram>(part.columns, part.expansion)), reader(program) {
  for (std::size_t i = 0; i < part.columns.size(); ++i) {
    if (part.columns[i].json_path.empty() && !part.columns[i].parent_key) constants.push_back(i);
  }
}

bool BatchColumns::fits(const ScanRequest& part) const {
  const std::vector<ScanColumn>& own = program->columns();
  return program->expansion() == part.expansion &&
         std::equal(own.begin(), own.end(), part.columns.begin(), part.columns.end(),
                    [](const ScanColumn& left, const ScanColumn& right) {
                      return left.json_path == right.json_path && left.edm == right.edm &&
                             left.parent_key == right.parent_key;
                    });
}

ScanRequest in_batch(ScanRequest part) {
  if (part.single_item || part.page_size <= kBatchPage) return part;
  part.page_size = kBatchPage;
  set_option(part.query, "$top", std::to_string(kBatchPage));
  return part;
}

BatchPart::BatchPart(const PageFetcher& fetcher, ScanRequest whole, std::size_t part_index,
                     std::shared_ptr<BatchColumns> shared_columns)
    : whole_page(whole.page_size),
      request(in_batch(std::move(whole))),
      walk(fetcher, request),
      index(part_index),
      columns(std::move(shared_columns)) {
  auto values = std::make_shared<std::vector<base::Value>>();
  for (const std::size_t column : columns->constants) {
    values->push_back(std::move(request.columns[column].constant));
  }
  constants = std::move(values);
  request.columns = {};
}

bool BatchPart::leave_batches() {
  if (whole_page <= walk.page_size() || !walk.begin_with(whole_page)) return false;
  alone = true;
  return true;
}

void BatchPart::set_constants(base::RowBatch& rows) const {
  for (std::size_t i = 0; i < constants->size(); ++i) {
    const base::Cell cell = (*constants)[i].cell();
    for (std::size_t row = 0; row < rows.row_count; ++row) {
      rows.row(row)[columns->constants[i]] = cell;
    }
  }
  if (!constants->empty()) rows.pins.push_back(constants);
}

void BatchPart::begin_page() {
  sent = 0;
  came_broken = false;
  token_renewed = false;
  challenges = 0;
  not_before.reset();
}

std::optional<std::string> below_root(const PageFetcher& fetcher, const std::string& link) {
  if (link.starts_with('/')) return link;
  const auto root = base::parse_url(fetcher.version_root());
  const auto url = base::parse_url(link);
  if (!root || !url || !url->path.starts_with(root->path + "/")) return std::nullopt;
  // What follows the origin's authority is taken as it stands: a nextLink is sent verbatim.
  const std::size_t path = link.find(url->path, link.find("://") + 3);
  return link.substr(path + root->path.size());
}

}  // namespace graphodbc::graph
