#include <utility>

#include "graph/page_reader.h"

namespace graphodbc::graph {

using base::Cell;
using schema::EdmKind;

PageProgram::PageProgram(std::vector<ScanColumn> columns, std::optional<Expansion> expansion)
    : columns_(std::move(columns)), expansion_(std::move(expansion)) {
  nodes_.emplace_back();
  blank_row_.resize(columns_.size());
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const ScanColumn& column = columns_[i];
    if (column.parent_key) {
      parent_keys_.push_back(static_cast<std::uint32_t>(i));
      continue;
    }
    if (column.json_path.empty()) {
      blank_row_[i] = column.constant.cell();
      continue;
    }
    if (column.json_path.front() == "error") reads_error_ = true;
    std::uint32_t node = 0;
    for (const std::string& key : column.json_path) node = child_of(node, key);
    nodes_[node].targets.push_back({static_cast<std::uint32_t>(i), column.edm});
    if (column.edm == EdmKind::kFacet) {
      blank_row_[i] = Cell::of_bool(false);
    } else {
      nodes_[node].wants_raw = true;
    }
  }
}

std::uint32_t PageProgram::child_of(std::uint32_t node, const std::string& key) {
  for (std::size_t i = 0; i < nodes_[node].keys.size(); ++i) {
    if (nodes_[node].keys[i] == key) return nodes_[node].children[i];
  }
  const auto child = static_cast<std::uint32_t>(nodes_.size());
  nodes_[node].keys.push_back(key);
  nodes_[node].children.push_back(child);
  nodes_.emplace_back();
  return child;
}

}  // namespace graphodbc::graph
