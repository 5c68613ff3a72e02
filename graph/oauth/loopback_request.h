// HTTP/1.1 as far as a browser's redirect needs it: reading one request from bytes that arrive in
// pieces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace graphodbc::graph {

class LoopbackRequest {
 public:
  static constexpr std::size_t kMaxHeader = 32 * 1024;
  static constexpr std::size_t kMaxBody = 64 * 1024;

  enum class State : std::uint8_t { kPartial, kComplete, kMalformed, kTooLarge };

  // Takes the next bytes.
  State append(std::string_view bytes);

  // When complete. The path without the query, of an absolute target too.
  const std::string& method() const { return method_; }
  const std::string& path() const { return path_; }
  // The query of a GET, the form of a POST.
  std::string_view form() const;

 private:
  State parse_head(std::string_view head);

  std::string bytes_;
  std::size_t body_at_ = 0;  // 0: the head is not complete
  std::size_t body_size_ = 0;
  std::string method_;
  std::string path_;
  std::string query_;
};

}  // namespace graphodbc::graph
