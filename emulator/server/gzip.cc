#include "emulator/server/gzip.h"

#include <libdeflate.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "emulator/server/text.h"

namespace graphodbc::emulator {
namespace {

constexpr std::size_t kSmallestCompressedBody = 512;

struct FreeCompressor {
  void operator()(libdeflate_compressor* compressor) const {
    libdeflate_free_compressor(compressor);
  }
};

// A compressor is a few hundred KiB of tables, so each connection thread keeps one.
libdeflate_compressor& thread_compressor(int level) {
  thread_local std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor;
  thread_local int compressor_level = 0;
  if (!compressor || compressor_level != level) {
    compressor.reset(libdeflate_alloc_compressor(level));
    compressor_level = level;
  }
  if (!compressor) throw std::runtime_error("out of memory for the gzip compressor");
  return *compressor;
}

}  // namespace

bool accepts_gzip(const HeaderList& request_headers) {
  const auto header = find_header(request_headers, "Accept-Encoding");
  if (!header) return false;
  bool any = false;
  for (const auto& item : split(*header, ',')) {
    const auto parts = split(item, ';');
    const std::string coding = to_lower(trim(parts.front()));
    double quality = 1;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const std::string parameter = to_lower(trim(parts[i]));
      if (parameter.starts_with("q=")) quality = std::strtod(parameter.c_str() + 2, nullptr);
    }
    if (coding == "gzip" || coding == "x-gzip") return quality > 0;
    if (coding == "*") any = quality > 0;
  }
  return any;
}

bool worth_compressing(const Response& response) {
  if (response.body.size() < kSmallestCompressedBody) return false;
  if (find_header(response.headers, "Content-Encoding")) return false;
  const auto type = find_header(response.headers, "Content-Type");
  return type && (type->starts_with("application/json") || type->starts_with("application/xml") ||
                  type->starts_with("text/"));
}

std::string gzip_compress(std::string_view body, int level) {
  libdeflate_compressor& compressor = thread_compressor(level);
  std::string out(libdeflate_gzip_compress_bound(&compressor, body.size()), '\0');
  const std::size_t size =
      libdeflate_gzip_compress(&compressor, body.data(), body.size(), out.data(), out.size());
  out.resize(size);
  return out;
}

}  // namespace graphodbc::emulator
