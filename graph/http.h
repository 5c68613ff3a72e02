// What travels between the transport and the readers of pages: requests, responses, raw bodies.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/table.h"

namespace graphodbc::graph {

struct Identity;
struct ScanStatistics;

using Deadline = std::optional<std::chrono::steady_clock::time_point>;
using Headers = std::vector<std::pair<std::string, std::string>>;

// Bytes with kPadding zeroed spare bytes behind them at all times, so that simdjson can parse them
// in place (it reads up to 64 bytes past the end). Move-only; not thread-safe.
class ByteBuffer {
 public:
  static constexpr std::size_t kPadding = 64;

  ByteBuffer() = default;
  ByteBuffer(ByteBuffer&& other) noexcept
      : data_(std::move(other.data_)),
        size_(std::exchange(other.size_, 0)),
        room_(std::exchange(other.room_, 0)) {}
  ByteBuffer& operator=(ByteBuffer&& other) noexcept {
    data_ = std::move(other.data_);
    size_ = std::exchange(other.size_, 0);
    room_ = std::exchange(other.room_, 0);
    return *this;
  }

  char* data() { return data_.get(); }
  const char* data() const { return data_.get(); }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  // Bytes allocated, padding included: what simdjson calls the capacity. 0 before first use.
  std::size_t capacity() const { return data_ ? room_ + kPadding : 0; }
  std::string_view view() const { return {data_ ? data_.get() : "", size_}; }

  // Makes room for `size` bytes of content. Throws std::bad_alloc.
  void reserve(std::size_t size) {
    if (data_ && size <= room_) return;
    auto grown = std::make_unique_for_overwrite<char[]>(size + kPadding);
    if (size_ > 0) std::memcpy(grown.get(), data_.get(), size_);
    data_ = std::move(grown);
    room_ = size;
    pad();
  }
  void append(std::string_view bytes) {
    if (!data_ || size_ + bytes.size() > room_) {
      const std::size_t doubled = room_ * 2;
      const std::size_t needed = size_ + bytes.size();
      reserve(needed > doubled ? needed : doubled);
    }
    if (!bytes.empty()) std::memcpy(data_.get() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
    pad();
  }
  // Sets the size after bytes were written to data() directly; size <= the reserved room.
  void set_size(std::size_t size) {
    size_ = size;
    if (data_) pad();
  }
  void clear() { set_size(0); }

 private:
  void pad() { std::memset(data_.get() + size_, 0, kPadding); }

  std::unique_ptr<char[]> data_;
  std::size_t size_ = 0;
  std::size_t room_ = 0;  // without the padding
};

// The complete answer to the last attempt of a request; any HTTP status.
struct HttpResponse {
  int status = 0;
  std::string method = "GET";
  Headers headers;  // names in lower case, in order of arrival
  // As received: still compressed when content_encoding is not empty. Whoever decodes it replaces
  // the body and clears content_encoding.
  ByteBuffer body;
  std::string content_encoding;   // "gzip" or empty
  std::string content_type;       // as received
  std::string url;                // effective URL, absolute
  std::string request_id;         // the service's, else empty
  std::string client_request_id;  // ours, of the last attempt
  std::string date;               // the Date header
  int attempts = 0;               // requests sent for it, this one included
  // Number of the token that the last attempt carried; see HttpRequest::refused_token.
  std::uint64_t token = 0;
  std::shared_ptr<const Identity> identity;  // whom that token speaks for; null when nobody knows

  // First header of that name (lower case); empty when absent.
  std::string_view header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) return value;
    }
    return {};
  }
};

// Runs on the connection's I/O thread when the final response is complete, before those that wait
// for it wake up: the place to decode the body and to start the next page (Client::start may be
// called from here). Must not block on anything. What it throws is what PendingResponse::wait
// throws. Must not own the Client. Not called for requests that failed or were cancelled.
class ResponseHandler {
 public:
  virtual ~ResponseHandler() = default;
  virtual void on_response(HttpResponse& response) = 0;
};

// What error messages may say about a request.
struct RequestContext {
  std::string table_name;
  std::vector<std::string> least_permissions;
  // Instead of those where the data is another user's; empty: the same.
  std::vector<std::string> least_for_others = {};
};

// A place in the throttle gate: requests at once to one mailbox of a service.
struct GateShare {
  schema::Service service = schema::Service::kOutlook;
  std::string mailbox;  // throttle bucket within the service
  std::size_t slots = 1;
};

// A GET, or a POST that may be sent twice. Token, User-Agent, client-request-id, Accept and
// Accept-Encoding are added by the client.
struct HttpRequest {
  // Absolute (a nextLink, sent verbatim), or below the version root, starting with '/', already
  // percent-encoded: "/me/messages?$select=id".
  std::string url;
  Headers headers;
  std::string json;  // the body of a POST; empty: a GET
  schema::Service service = schema::Service::kOutlook;
  std::string mailbox;            // throttle bucket within the service
  std::vector<GateShare> shares;  // of a batch, instead of `service` and `mailbox`
  // Not sent before; the gate has no part in it.
  std::optional<std::chrono::steady_clock::time_point> not_before;
  // A token that the service refused: sent with a newer one. 0: none was.
  std::uint64_t refused_token = 0;
  std::string refused_claims;  // JSON of the claims challenge that came with the refusal, or empty
  RequestContext context;
  Deadline deadline;                           // HYT00 when passed
  std::shared_ptr<ResponseHandler> handler;    // may be null; shared with whoever waits
  std::shared_ptr<ScanStatistics> statistics;  // may be null; shared with the scan
};

}  // namespace graphodbc::graph
