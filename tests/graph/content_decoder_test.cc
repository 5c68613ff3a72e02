#include "graph/content_decoder.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>
#include <string_view>

#include "base/error.h"

namespace graphodbc::graph {
namespace {

std::string gzip(std::string_view text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

std::string text_of(std::size_t size) {
  std::string text;
  while (text.size() < size) text += "row " + std::to_string(text.size() * 7919) + ",";
  text.resize(size);
  return text;
}

HttpResponse response(std::string_view body, const char* encoding = "gzip") {
  HttpResponse result;
  result.body.append(body);
  result.content_encoding = encoding;
  return result;
}

void expect_padded(const ByteBuffer& buffer) {
  ASSERT_GE(buffer.capacity(), buffer.size() + ByteBuffer::kPadding);
  for (std::size_t i = 0; i < ByteBuffer::kPadding; ++i) {
    EXPECT_EQ(buffer.data()[buffer.size() + i], '\0');
  }
}

TEST(ContentDecoder, InflatesBodiesOfAnySize) {
  ByteBuffer spare;
  for (const std::size_t size : {0u, 1u, 100u, 65'536u, 3'000'000u, 17u}) {
    const std::string text = text_of(size);
    HttpResponse answer = response(gzip(text));
    decode_body(answer, spare);
    EXPECT_EQ(answer.body.view(), text);
    EXPECT_EQ(answer.content_encoding, "");
    expect_padded(answer.body);
    // What a pool does: the memory serves the next page.
    spare = std::move(answer.body);
  }
}

TEST(ContentDecoder, LeavesPlainBodiesInPlace) {
  for (const char* encoding : {"", "identity"}) {
    HttpResponse answer = response("{}", encoding);
    const char* before = answer.body.data();
    ByteBuffer spare;
    decode_body(answer, spare);
    EXPECT_EQ(answer.body.data(), before);
    EXPECT_EQ(answer.body.view(), "{}");
  }
}

TEST(ContentDecoder, JoinsMembers) {
  const std::string one = text_of(300'000);
  const std::string two = text_of(10);
  for (const std::string& body : {gzip(one) + gzip(two), gzip(two) + gzip(one)}) {
    HttpResponse answer = response(body);
    ByteBuffer spare;
    decode_body(answer, spare);
    EXPECT_EQ(answer.body.size(), one.size() + two.size());
    expect_padded(answer.body);
  }
}

TEST(ContentDecoder, AcceptsZeroPaddingAndEmptyBodies) {
  ByteBuffer spare;
  HttpResponse padded = response(gzip("text") + std::string(20, '\0'));
  decode_body(padded, spare);
  EXPECT_EQ(padded.body.view(), "text");
  HttpResponse empty = response("");
  decode_body(empty, spare);
  EXPECT_EQ(empty.body.view(), "");
}

void expect_refused(std::string_view body, const char* encoding = "gzip",
                    std::size_t limit = kMaxDecodedBody) {
  HttpResponse answer = response(body, encoding);
  ByteBuffer spare;
  try {
    decode_body(answer, spare, limit);
    FAIL() << "accepted " << body.size() << " bytes";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.state(), base::SqlState("08S01"));
  }
}

TEST(ContentDecoder, RefusesEveryCut) {
  const std::string body = gzip(text_of(2000));
  for (std::size_t size = 1; size < body.size(); ++size) expect_refused(body.substr(0, size));
}

TEST(ContentDecoder, RefusesCorruption) {
  const std::string body = gzip(text_of(2000));
  std::string flipped = body;
  flipped[body.size() / 2] = static_cast<char>(flipped[body.size() / 2] ^ 0x10);
  expect_refused(flipped);
  std::string checksum = body;
  checksum[body.size() - 6] = static_cast<char>(checksum[body.size() - 6] ^ 1);
  expect_refused(checksum);
  std::string size = body;
  size[body.size() - 1] = static_cast<char>(size[body.size() - 1] ^ 1);
  expect_refused(size);
  expect_refused(body + "garbage after the last member");
  expect_refused("{\"value\":[]}");
  expect_refused("{}", "br");
}

TEST(ContentDecoder, BoundsTheResult) {
  const std::string bomb = gzip(std::string(10'000'000, 'a'));
  expect_refused(bomb, "gzip", 9'999'999);
  expect_refused(bomb + bomb, "gzip", 15'000'000);
  HttpResponse answer = response(bomb);
  ByteBuffer spare;
  decode_body(answer, spare, 10'000'000);
  EXPECT_EQ(answer.body.size(), 10'000'000u);
}

}  // namespace
}  // namespace graphodbc::graph
