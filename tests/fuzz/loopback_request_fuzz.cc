// Any request to the listener that waits for the browser: read in pieces it is what it is read at
// once, its parts lie inside it, and what it answers is read or is no answer.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "graph/oauth/authorization_answer.h"
#include "graph/oauth/loopback_request.h"

namespace {

using graphodbc::graph::LoopbackRequest;

void require(bool holds) {
  if (!holds) std::abort();
}

LoopbackRequest::State read_in_pieces(LoopbackRequest& request, std::string_view text,
                                      std::size_t piece) {
  auto state = LoopbackRequest::State::kPartial;
  while (!text.empty() && state == LoopbackRequest::State::kPartial) {
    state = request.append(text.substr(0, piece));
    text.remove_prefix(std::min(piece, text.size()));
  }
  return state;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace graphodbc::graph;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  LoopbackRequest whole;
  const auto state = whole.append(text);
  LoopbackRequest parts;
  require(size == 0 || read_in_pieces(parts, text, 1 + size % 7) == state);
  (void)query_of_pasted(text, "http://localhost/callback");
  if (state != LoopbackRequest::State::kComplete) return 0;

  require(parts.method() == whole.method() && parts.path() == whole.path() &&
          parts.form() == whole.form());
  require(!whole.method().empty() && !whole.path().empty());
  require(whole.path().find('?') == std::string::npos);
  require(whole.form().size() <= LoopbackRequest::kMaxHeader + LoopbackRequest::kMaxBody);
  if (const auto answer = parse_answer(whole.form())) {
    require(!answer->code.empty() || !answer->error.empty());
  }
  return 0;
}
