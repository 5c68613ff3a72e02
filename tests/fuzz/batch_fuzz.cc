// Any bytes as the answer to a batch: refused with PageError, or taken apart into bodies that lie
// inside of it and that the page reader refuses or reads.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <vector>

#include "graph/batch_message.h"
#include "graph/page_reader.h"

namespace {

using graphodbc::base::Arena;
using graphodbc::base::Cell;
using graphodbc::graph::BatchAnswer;
using graphodbc::graph::ByteBuffer;
using graphodbc::graph::PageError;
using graphodbc::graph::PageProgram;
using graphodbc::graph::PageReader;
using graphodbc::graph::ScanColumn;

void check(bool held) {
  if (!held) std::abort();
}

bool lies_in(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteBuffer body;
  body.append({reinterpret_cast<const char*>(data), size});
  ScanColumn id;
  id.json_path = {"id"};
  PageReader reader(std::make_shared<const PageProgram>(std::vector<ScanColumn>{id}));
  try {
    for (const BatchAnswer& answer : graphodbc::graph::split_batch(body)) {
      check(lies_in(answer.body, body.view()));
      for (const bool single_item : {true, false}) {
        std::vector<Cell> cells;
        Arena arena;
        try {
          const auto facts = reader.read_within(body, answer.body, single_item, cells, arena);
          for (std::size_t i = 0; i < facts.row_count; ++i) {
            if (!cells[i].is_null()) check(lies_in(cells[i].view(), answer.body));
          }
        } catch (const PageError&) {
        }
      }
    }
  } catch (const PageError&) {
  }
  return 0;
}
