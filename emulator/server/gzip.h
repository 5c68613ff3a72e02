// Response compression.
#pragma once

#include <string>
#include <string_view>

#include "emulator/http_types.h"

namespace graphodbc::emulator {

// Whether the request's Accept-Encoding admits gzip (RFC 9110 section 12.5.3: absent means only
// identity here, `q=0` refuses, `*` admits).
bool accepts_gzip(const HeaderList& request_headers);

// Whether a body of this response is worth compressing: text or JSON of some size, not encoded yet.
bool worth_compressing(const Response& response);

// One gzip member (RFC 1952); level 1 to 12.
std::string gzip_compress(std::string_view body, int level);

}  // namespace graphodbc::emulator
