// Pages of JSON to rows of cells, in one pass (architecture.md 7, decisions.md 20). The cells point
// into the page's bytes, never into the parser, so the bytes must outlive them and nothing else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/cell.h"
#include "base/error.h"
#include "graph/collection_scan.h"
#include "graph/http.h"

namespace graphodbc::graph {

// The columns of a scan compiled into a trie over their JSON paths. Immutable, so shared by scans'
// batches: it owns the constants that cells of constant columns point to.
//
// How a JSON value becomes a cell: absent or null is kNull. Strings stay as received (kJsonText,
// kBase64); numbers, dates, times and GUIDs are parsed; kJson takes any value as its raw text;
// "INF", "-INF" and "NaN" of a floating column are kNull and counted. kFacet is a BIT: 1 when the
// object is there, 0 when it is null or absent. A value of another type, or out of range, is
// kInvalid with its raw text and never fails the page.
class PageProgram {
 public:
  explicit PageProgram(std::vector<ScanColumn> columns,
                       std::optional<Expansion> expansion = std::nullopt);

  std::size_t column_count() const { return columns_.size(); }
  const std::vector<ScanColumn>& columns() const { return columns_; }
  const std::optional<Expansion>& expansion() const { return expansion_; }

 private:
  friend class PageReader;

  struct Target {
    std::uint32_t column;
    schema::EdmKind edm;
  };
  // One step of a path: the columns that end here and the steps below.
  struct Node {
    std::vector<Target> targets;
    std::vector<std::string> keys;        // of the steps below
    std::vector<std::uint32_t> children;  // node of each key
    bool wants_raw = false;               // a target takes the raw text of objects
  };

  std::uint32_t child_of(std::uint32_t node, const std::string& key);

  std::vector<ScanColumn> columns_;
  std::optional<Expansion> expansion_;
  std::vector<std::uint32_t> parent_keys_;  // columns that take it
  std::vector<Node> nodes_;                 // nodes_[0] is the row object
  std::vector<base::Cell> blank_row_;       // constants, 0 for facets, null elsewhere
  bool reads_error_ = false;                // a column's path starts with "error"
};

// An object of a page whose rows stand in it.
struct PageParent {
  base::Cell key;            // text that points into the page; null when it has none
  std::size_t rows_end = 0;  // behind the last of its rows
};

// What a page says besides its rows.
struct PageFacts {
  std::optional<std::string> next_link;
  std::optional<std::int64_t> count;  // @odata.count
  std::size_t row_count = 0;
  std::size_t item_count = 0;  // objects of the collection: the rows, unless these are expanded
  std::vector<PageParent> parents;  // of expanded rows, in their order
  std::string_view value;           // raw text of the array's inside; points into the page
  // Values that SQL has no number for ("INF", "NaN"): how many, and the column of the first.
  std::size_t not_finite = 0;
  std::size_t not_finite_column = 0;
};

// The body is no (whole) page. Becomes 08S01 once the scan has named page and path.
class PageError : public base::Error {
 public:
  explicit PageError(std::string message) : Error("08S01", std::move(message)) {}
};

// Where the values of a page are: the first of the parser's two stages, which needs no columns. The
// I/O thread does it while the reading thread is busy with the page before. Reusable; one thread at
// a time.
class PageIndex {
 public:
  PageIndex();
  ~PageIndex();
  PageIndex(const PageIndex&) = delete;
  PageIndex& operator=(const PageIndex&) = delete;

  // The page's bytes must stay where they are until they have been read. What is wrong with them is
  // reported by PageReader::read.
  void build(const ByteBuffer& page) noexcept;

 private:
  friend class PageReader;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Not thread-safe.
class PageReader {
 public:
  explicit PageReader(std::shared_ptr<const PageProgram> program);
  ~PageReader();
  PageReader(const PageReader&) = delete;
  PageReader& operator=(const PageReader&) = delete;

  // Replaces `cells` by the rows of a decoded page, row after row. `arena` takes GUIDs and decimals
  // of more than 18 digits. `single_item`: the page is one object, the row itself. Throws PageError
  // when the page is malformed, cut, followed by garbage, not JSON, reports an error, or has no
  // `value`; `cells` is then unspecified.
  PageFacts read(const ByteBuffer& page, bool single_item, std::vector<base::Cell>& cells,
                 base::Arena& arena);
  // The same with an index of that page; one of another page is built anew.
  PageFacts read(const ByteBuffer& page, PageIndex& index, bool single_item,
                 std::vector<base::Cell>& cells, base::Arena& arena);
  // The same for a page that is a part of a longer text: `page` lies within `whole`.
  PageFacts read_within(const ByteBuffer& whole, std::string_view page, bool single_item,
                        std::vector<base::Cell>& cells, base::Arena& arena);

 private:
  PageFacts read_indexed(PageIndex& index, bool single_item, std::vector<base::Cell>& cells,
                         base::Arena& arena);

  struct Impl;
  std::unique_ptr<Impl> impl_;
  PageIndex own_index_;
};

// The nextLink of a decoded page if it stands in the first or last part of it, found without
// parsing. A hint to request early; what PageReader finds decides (decisions.md 16).
std::optional<std::string> find_next_link_hint(std::string_view body);

}  // namespace graphodbc::graph
