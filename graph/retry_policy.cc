#include "graph/retry_policy.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

#include "base/datetime.h"

namespace graphodbc::graph {
namespace {

using std::chrono::milliseconds;

constexpr int kUnlimited = std::numeric_limits<int>::max();

// Most re-sends after a failure below HTTP; RetryCountMax bounds them as well.
int resend_limit(Outcome outcome) {
  switch (outcome) {
    case Outcome::kReset:
    case Outcome::kTruncated:
    case Outcome::kProtocol:
      return kUnlimited;
    case Outcome::kResolve:
    case Outcome::kConnect:
    case Outcome::kTimeout:
      return 2;
    default:
      return 0;
  }
}

bool is_resent(const RetrySettings& settings, int status) {
  switch (settings.mode) {
    case RetryMode::kNone:
      return false;
    case RetryMode::kAny:
      return status == 408 || status == 429 ||
             (status >= 500 && status <= 599 && status != 501 && status != 505);
    case RetryMode::kWhenStatusCodeMatches:
      return std::find(settings.statuses.begin(), settings.statuses.end(), status) !=
             settings.statuses.end();
  }
  return false;
}

std::optional<std::uint32_t> parse_digits(std::string_view text) {
  std::uint32_t number = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

// "Sun, 06 Nov 1994 08:49:37 GMT"; the two obsolete forms of RFC 9110 are not sent by Graph.
// Seconds, because the system clock's nanoseconds end in the year 2262.
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text) {
  static constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != 29 || text.substr(26) != "GMT") return std::nullopt;
  const std::size_t month = kMonths.find(text.substr(8, 3));
  const auto day = parse_digits(text.substr(5, 2));
  const auto year = parse_digits(text.substr(12, 4));
  const auto time = base::parse_time(text.substr(17, 8));
  if (month == std::string_view::npos || month % 3 != 0 || !day || !year || !time) {
    return std::nullopt;
  }
  const base::CivilDate date{static_cast<std::int32_t>(*year),
                             static_cast<std::uint32_t>(month / 3 + 1), *day};
  if (!base::is_valid_date(date.year, date.month, date.day)) return std::nullopt;
  const std::int64_t seconds = base::days_from_civil(date) * 86'400 + *time / base::kTicksPerSecond;
  return std::chrono::sys_seconds(std::chrono::seconds(seconds));
}

}  // namespace

milliseconds backoff(const RetrySettings& settings, int resend, double dice) {
  if (!settings.multiply_wait) return settings.first_wait;
  const double doubled =
      static_cast<double>(settings.first_wait.count()) * std::pow(2.0, std::min(resend - 1, 30));
  const double capped = std::min(doubled, static_cast<double>(settings.longest_wait.count()));
  return milliseconds(static_cast<std::int64_t>(capped * (1.0 + dice / 4)));
}

Verdict decide(const RetrySettings& settings, const Attempt& attempt, double dice) {
  const int resends_done = attempt.sent - 1;
  bool resend = resends_done < settings.count && settings.mode != RetryMode::kNone;
  if (attempt.outcome == Outcome::kOk) {
    resend = resend && is_resent(settings, attempt.status);
  } else {
    resend = resend && resends_done < resend_limit(attempt.outcome);
  }
  if (!resend) return {};
  Verdict verdict{true, backoff(settings, attempt.sent, dice)};
  if (attempt.retry_after) verdict.wait = std::max(verdict.wait, *attempt.retry_after);
  return verdict;
}

std::optional<milliseconds> parse_retry_after(std::string_view value,
                                              std::chrono::system_clock::time_point now) {
  double seconds = 0;
  const auto result =
      std::from_chars(value.data(), value.data() + value.size(), seconds, std::chars_format::fixed);
  if (result.ec == std::errc() && result.ptr == value.data() + value.size()) {
    if (!(seconds >= 0)) return std::nullopt;
    // A day is more than any service asks for; it also keeps the arithmetic in range.
    return milliseconds(static_cast<std::int64_t>(std::ceil(std::min(seconds, 86'400.0) * 1000)));
  }
  const auto date = parse_http_date(value);
  if (!date) return std::nullopt;
  const milliseconds wait = *date - std::chrono::floor<milliseconds>(now);
  return std::clamp(wait, milliseconds(0), milliseconds(86'400'000));
}

}  // namespace graphodbc::graph
