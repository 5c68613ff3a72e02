// Content-Encoding of whole bodies. A page is held whole anyway, so it is inflated in one call
// (performance.md: 0.37 of zlib's streaming time).
#pragma once

#include <cstddef>

#include "graph/http.h"

namespace graphodbc::graph {

// Largest decoded body; beyond it decoding fails, so that a small hostile body cannot fill memory.
inline constexpr std::size_t kMaxDecodedBody = std::size_t{512} << 20;

// Replaces a gzip body (RFC 1952, one or more members) by its content, written into `spare`, whose
// memory is reused, and clears `content_encoding`. Afterwards `spare` holds the compressed bytes'
// old memory, empty. A body without encoding stays where it is. Throws Error 08S01 for corrupt or
// cut data, trailing garbage, an unknown encoding, or more than `limit` bytes.
void decode_body(HttpResponse& response, ByteBuffer& spare, std::size_t limit = kMaxDecodedBody);

}  // namespace graphodbc::graph
