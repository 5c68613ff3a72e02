// The yardstick: one program, one thread, that follows the nextLinks with curl on one connection
// (HTTP/2 over TLS, gzip decoded by curl) and parses ten fields with simdjson On-Demand into bound
// buffers of 1,000 rows:  bench_peer FIRST_URL CA_FILE
#include <curl/curl.h>
#include <simdjson.h>

#include <cstring>
#include <string>
#include <vector>

#include "bench/measure.h"

namespace {

constexpr std::size_t kRows = 1000;
constexpr std::size_t kWidth = 512;

struct Timestamp {
  std::int16_t year;
  std::uint16_t month, day, hour, minute, second;
  std::uint32_t fraction;
};

struct Buffers {
  std::vector<char> text[6];
  std::vector<std::int64_t> length[6];
  std::vector<Timestamp> received, sent;
  std::vector<unsigned char> is_read, has_attachments;

  Buffers() : received(kRows), sent(kRows), is_read(kRows), has_attachments(kRows) {
    for (auto& buffer : text) buffer.resize(kRows * kWidth);
    for (auto& lengths : length) lengths.resize(kRows);
  }
};

std::size_t receive(char* data, std::size_t size, std::size_t count, void* user) {
  static_cast<std::string*>(user)->append(data, size * count);
  return size * count;
}

int number(std::string_view text, std::size_t at, std::size_t width) {
  int value = 0;
  for (std::size_t i = at; i < at + width; ++i) value = value * 10 + (text[i] - '0');
  return value;
}

Timestamp timestamp(std::string_view text) {
  if (text.size() < 19) return {};
  return {static_cast<std::int16_t>(number(text, 0, 4)),
          static_cast<std::uint16_t>(number(text, 5, 2)),
          static_cast<std::uint16_t>(number(text, 8, 2)),
          static_cast<std::uint16_t>(number(text, 11, 2)),
          static_cast<std::uint16_t>(number(text, 14, 2)),
          static_cast<std::uint16_t>(number(text, 17, 2)),
          0};
}

class Reader {
 public:
  void text(std::size_t column, simdjson::ondemand::value value) {
    std::string_view view;
    if (value.get_string().get(view)) view = {};
    const std::size_t size = view.size() < kWidth - 1 ? view.size() : kWidth - 1;
    char* at = buffers_.text[column].data() + row_ * kWidth;
    std::memcpy(at, view.data(), size);
    at[size] = 0;
    buffers_.length[column][row_] = static_cast<std::int64_t>(view.size());
    checksum_ += view.size();
  }

  void person(simdjson::ondemand::object from) {
    simdjson::ondemand::object address;
    if (from["emailAddress"].get_object().get(address)) return;
    for (auto field : address) {
      const std::string_view key = field.unescaped_key();
      if (key == "name") {
        text(4, field.value());
      } else if (key == "address") {
        text(5, field.value());
      }
    }
  }

  void message(simdjson::ondemand::object object) {
    for (auto field : object) {
      const std::string_view key = field.unescaped_key();
      if (key == "id") {
        text(0, field.value());
      } else if (key == "subject") {
        text(1, field.value());
      } else if (key == "bodyPreview") {
        text(2, field.value());
      } else if (key == "importance") {
        text(3, field.value());
      } else if (key == "receivedDateTime") {
        buffers_.received[row_] = timestamp(field.value().get_string());
        checksum_ += buffers_.received[row_].second;
      } else if (key == "sentDateTime") {
        buffers_.sent[row_] = timestamp(field.value().get_string());
        checksum_ += buffers_.sent[row_].second;
      } else if (key == "isRead") {
        buffers_.is_read[row_] = field.value().get_bool() ? 1 : 0;
        checksum_ += buffers_.is_read[row_];
      } else if (key == "hasAttachments") {
        buffers_.has_attachments[row_] = field.value().get_bool() ? 1 : 0;
        checksum_ += buffers_.has_attachments[row_];
      } else if (key == "from") {
        person(field.value().get_object());
      }
    }
    ++rows_;
    row_ = (row_ + 1) % kRows;
  }

  // Reads a page; the link of the next one, or an empty text.
  std::string page(std::string& body) {
    body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
    auto document = parser_.iterate(body.data(), body.size(), body.capacity());
    std::string next;
    for (auto field : document.get_object()) {
      const std::string_view key = field.unescaped_key();
      if (key == "value") {
        for (auto item : field.value().get_array()) message(item.get_object());
      } else if (key == "@odata.nextLink") {
        next = std::string(std::string_view(field.value().get_string()));
      }
    }
    return next;
  }

  std::uint64_t rows() const { return rows_; }
  std::uint64_t checksum() const { return checksum_; }

 private:
  simdjson::ondemand::parser parser_;
  Buffers buffers_;
  std::size_t row_ = 0;
  std::uint64_t rows_ = 0;
  std::uint64_t checksum_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  curl_global_init(CURL_GLOBAL_DEFAULT);
  const auto start = graphodbc::bench::Clock::now();
  CURL* curl = curl_easy_init();
  std::string body;
  curl_easy_setopt(curl, CURLOPT_CAINFO, argv[2]);
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
  Reader reader;
  double first_row = 0;
  for (std::string url = argv[1]; !url.empty();) {
    body.clear();
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    long status = 0;
    if (curl_easy_perform(curl) != CURLE_OK) return 1;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200) {
      std::fprintf(stderr, "peer: HTTP %ld from %s\n", status, argv[1]);
      return 1;
    }
    url = reader.page(body);
    if (first_row == 0) first_row = graphodbc::bench::seconds_since(start);
  }
  graphodbc::bench::print_result("peer", reader.rows(), reader.checksum(),
                                 graphodbc::bench::seconds_since(start), first_row);
  curl_easy_cleanup(curl);
  return 0;
}
