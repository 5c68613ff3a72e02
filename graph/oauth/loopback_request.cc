#include "graph/oauth/loopback_request.h"

#include <algorithm>
#include <charconv>

namespace graphodbc::graph {
namespace {

bool equal_name(std::string_view left, std::string_view right) {
  return left.size() == right.size() &&
         std::equal(left.begin(), left.end(), right.begin(), [](char a, char b) {
           const auto lower = [](char c) {
             return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
           };
           return lower(a) == lower(b);
         });
}

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

LoopbackRequest::State LoopbackRequest::append(std::string_view bytes) {
  bytes_ += bytes;
  if (body_at_ == 0) {
    const std::size_t end = bytes_.find("\r\n\r\n");
    if (end == std::string::npos) {
      // Part of the empty line may be there already.
      return bytes_.size() >= kMaxHeader + 4 ? State::kTooLarge : State::kPartial;
    }
    if (end > kMaxHeader) return State::kTooLarge;
    const State state = parse_head(std::string_view(bytes_).substr(0, end + 2));
    if (state != State::kComplete) return state;
    body_at_ = end + 4;
  }
  return bytes_.size() - body_at_ >= body_size_ ? State::kComplete : State::kPartial;
}

LoopbackRequest::State LoopbackRequest::parse_head(std::string_view head) {
  const std::size_t line_end = head.find("\r\n");
  const std::string_view line = head.substr(0, line_end);
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == 0 || last == first ||
      !line.substr(last + 1).starts_with("HTTP/1.")) {
    return State::kMalformed;
  }
  method_ = line.substr(0, first);
  std::string_view target = line.substr(first + 1, last - first - 1);
  if (const std::size_t scheme = target.find("://");
      scheme != std::string_view::npos && scheme < target.find_first_of("/?")) {
    target.remove_prefix(std::min(target.size(), target.find('/', scheme + 3)));
  }
  const std::size_t question = target.find('?');
  path_ = target.substr(0, question);
  if (path_.empty()) path_ = "/";
  if (question != std::string_view::npos) query_ = target.substr(question + 1);

  for (std::string_view rest = head.substr(line_end + 2); !rest.empty();) {
    const std::size_t end = rest.find("\r\n");
    const std::string_view header = rest.substr(0, end);
    rest.remove_prefix(end + 2);
    const std::size_t colon = header.find(':');
    if (colon == std::string_view::npos) return State::kMalformed;
    const std::string_view name = header.substr(0, colon);
    const std::string_view value = trim(header.substr(colon + 1));
    // Browsers announce the length of a form; nothing else is taken.
    if (equal_name(name, "transfer-encoding")) return State::kMalformed;
    if (!equal_name(name, "content-length")) continue;
    const auto number = std::from_chars(value.data(), value.data() + value.size(), body_size_);
    if (number.ec != std::errc() || number.ptr != value.data() + value.size()) {
      return State::kMalformed;
    }
    if (body_size_ > kMaxBody) return State::kTooLarge;
  }
  return State::kComplete;
}

std::string_view LoopbackRequest::form() const {
  if (method_ != "POST") return query_;
  return std::string_view(bytes_).substr(body_at_, body_size_);
}

}  // namespace graphodbc::graph
