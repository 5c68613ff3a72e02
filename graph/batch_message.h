// What POST /$batch carries (contract sheet (f)).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "graph/http.h"

namespace graphodbc::graph {

// A GET of a batch.
struct BatchItem {
  std::string id;   // unique in the batch
  std::string url;  // below the version root
  Headers headers;
};

// The answer to one of them.
struct BatchAnswer {
  std::string id;
  int status = 0;
  Headers headers;  // names in lower case
  // The raw JSON as it stands in the batch's body; empty: none. Text where the answer was no JSON.
  std::string_view body;
};

std::string batch_request(const std::vector<BatchItem>& items);

// The answers in a decoded body, in any order. Throws PageError when it is no batch.
std::vector<BatchAnswer> split_batch(const ByteBuffer& body);

}  // namespace graphodbc::graph
