#include "graph/content_decoder.h"

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace graphodbc::graph {
namespace {

[[noreturn]] void fail(const char* what) {
  throw base::Error("08S01", std::string("the compressed answer cannot be read: ") + what);
}

struct DecompressorDeleter {
  void operator()(libdeflate_decompressor* decompressor) const {
    libdeflate_free_decompressor(decompressor);
  }
};

// ISIZE, the last four bytes of a member: the length of its content modulo 2^32 (RFC 1952 2.3.1).
std::uint32_t stated_size(std::string_view body) {
  std::uint32_t size = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const auto byte = static_cast<unsigned char>(body[body.size() - 4 + i]);
    size |= std::uint32_t{byte} << (8 * i);
  }
  return size;
}

// The whole of a one-member body in one call. False when the trailer does not tell the size or
// another member follows, which is for inflate_members to judge.
bool inflate_at_once(std::string_view body, ByteBuffer& out, std::size_t limit) {
  // DEFLATE cannot expand more than 1032 times, so a larger statement is no size.
  constexpr std::size_t kLargestRatio = 1032;
  const std::size_t size = stated_size(body);
  if (size > limit || size / kLargestRatio > body.size()) return false;
  const std::unique_ptr<libdeflate_decompressor, DecompressorDeleter> decompressor(
      libdeflate_alloc_decompressor());
  if (!decompressor) return false;
  out.reserve(std::max<std::size_t>(size, 1));
  std::size_t used = 0;
  std::size_t written = 0;
  const libdeflate_result result =
      libdeflate_gzip_decompress_ex(decompressor.get(), body.data(), body.size(), out.data(),
                                    std::max<std::size_t>(size, 1), &used, &written);
  if (result != LIBDEFLATE_SUCCESS || used != body.size() || written != size) return false;
  out.set_size(size);
  return true;
}

class InflateStream {
 public:
  InflateStream() {
    // 15 bits of window plus 16: gzip framing.
    if (inflateInit2(&stream_, 15 + 16) != Z_OK) fail("no memory");
  }
  ~InflateStream() { inflateEnd(&stream_); }
  InflateStream(const InflateStream&) = delete;
  InflateStream& operator=(const InflateStream&) = delete;
  z_stream* operator->() { return &stream_; }
  z_stream* get() { return &stream_; }

 private:
  z_stream stream_{};
};

void inflate_members(std::string_view body, ByteBuffer& out, std::size_t limit) {
  constexpr std::size_t kStep = 256 * 1024;
  InflateStream stream;
  // zlib does not write through next_in.
  stream->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream->avail_in = static_cast<uInt>(body.size());
  out.clear();
  for (;;) {
    const std::size_t room = std::min(std::max(kStep, out.size()), limit + 1 - out.size());
    out.reserve(out.size() + room);
    stream->next_out = reinterpret_cast<Bytef*>(out.data() + out.size());
    stream->avail_out = static_cast<uInt>(room);
    const int result = inflate(stream.get(), Z_NO_FLUSH);
    out.set_size(out.size() + room - stream->avail_out);
    if (out.size() > limit) fail("it is larger than the driver accepts");
    if (result == Z_STREAM_END) {
      const std::string_view rest = body.substr(body.size() - stream->avail_in);
      // Padding with zero bytes after the last member is customary (gzip(1)).
      if (rest.find_first_not_of('\0') == std::string_view::npos) return;
      if (inflateReset(stream.get()) != Z_OK) fail("no memory");
    } else if (result == Z_BUF_ERROR || (result == Z_OK && stream->avail_in == 0)) {
      if (stream->avail_out > 0) fail("it is cut off");
    } else if (result != Z_OK) {
      fail(stream->msg != nullptr ? stream->msg : "bad data");
    }
  }
}

}  // namespace

void decode_body(HttpResponse& response, ByteBuffer& spare, std::size_t limit) {
  if (response.content_encoding.empty() || response.content_encoding == "identity") {
    response.content_encoding.clear();
    if (response.body.size() > limit) {
      throw base::Error("08S01", "the answer is larger than the driver accepts");
    }
    return;
  }
  if (response.content_encoding != "gzip" && response.content_encoding != "x-gzip") {
    throw base::Error("08S01", "the answer has a content encoding that was not asked for");
  }
  const std::string_view body = response.body.view();
  if (body.size() > kMaxDecodedBody) fail("it is larger than the driver accepts");
  spare.clear();
  // An empty body needs no framing: some gateways label 204s and errors that way.
  if (!body.empty()) {
    if (body.size() < 18 || !inflate_at_once(body, spare, limit)) {
      inflate_members(body, spare, limit);
    }
  }
  std::swap(response.body, spare);
  spare.clear();
  response.content_encoding.clear();
}

}  // namespace graphodbc::graph
