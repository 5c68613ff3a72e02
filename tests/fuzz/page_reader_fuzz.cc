// Any bytes as a page: refused with PageError or read into cells that lie inside the page.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "base/json_text.h"
#include "graph/page_reader.h"

namespace {

using graphodbc::base::Arena;
using graphodbc::base::Cell;
using graphodbc::base::CellKind;
using graphodbc::graph::ByteBuffer;
using graphodbc::graph::PageError;
using graphodbc::graph::PageProgram;
using graphodbc::graph::PageReader;
using graphodbc::graph::ScanColumn;
using graphodbc::schema::EdmKind;

ScanColumn column(std::vector<std::string> path, EdmKind edm) {
  ScanColumn result;
  result.json_path = std::move(path);
  result.edm = edm;
  return result;
}

std::shared_ptr<const PageProgram> every_kind() {
  std::vector<ScanColumn> columns;
  for (int kind = 0; kind <= static_cast<int>(EdmKind::kFacet); ++kind) {
    columns.push_back(column({"a"}, static_cast<EdmKind>(kind)));
    columns.push_back(column({"b", "c"}, static_cast<EdmKind>(kind)));
  }
  columns.push_back(column({"b"}, EdmKind::kJson));
  columns.push_back(column({"id"}, EdmKind::kString));
  return std::make_shared<const PageProgram>(std::move(columns));
}

void check(bool held) {
  if (!held) std::abort();
}

// Text of these kinds lies in the page; the others hold numbers or arena memory.
bool points_into_page(CellKind kind) {
  return kind == CellKind::kJsonText || kind == CellKind::kJson || kind == CellKind::kBase64 ||
         kind == CellKind::kInvalid;
}

void read(PageReader& reader, const ByteBuffer& page, bool single_item) {
  std::vector<Cell> cells;
  Arena arena;
  try {
    const auto facts = reader.read(page, single_item, cells, arena);
    check(!single_item || facts.row_count == 1);
  } catch (const PageError&) {
    return;
  }
  const std::string_view all = page.view();
  for (const Cell& cell : cells) {
    if (!points_into_page(cell.kind)) continue;
    const std::string_view text = cell.view();
    check(text.data() >= all.data() && text.data() + text.size() <= all.data() + all.size());
    if (cell.kind == CellKind::kJsonText) graphodbc::base::unescape_json(text, arena);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto kProgram = every_kind();
  static PageReader reader(kProgram);
  ByteBuffer page;
  page.append({reinterpret_cast<const char*>(data), size});
  read(reader, page, false);
  read(reader, page, true);
  graphodbc::graph::find_next_link_hint(page.view());
  return 0;
}
