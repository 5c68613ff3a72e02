// String functions. ODBC Appendix E "String Functions"; sql-dialect.md section 6.
#include <algorithm>
#include <cstring>
#include <limits>

#include "base/utf.h"
#include "query/expression/function.h"
#include "query/expression/internal.h"

namespace graphodbc::query {
namespace {

using base::Cell;
using base::TypeInfo;

constexpr std::size_t kLargest = 16 * 1024 * 1024;  // bytes that REPEAT and SPACE may make
constexpr std::string_view kBlank = " ";

// ---- Result types ----

void bind_text_of_first(BindContext&, Expression& node) {
  const TypeInfo& first = node.child(0).type;
  node.type = base::text_type(first.size, first.nocase);
}

void bind_char(BindContext&, Expression& node) {
  node.type = {base::SqlType::kWChar, 1, 0};
}

void bind_soundex(BindContext&, Expression& node) {
  node.type = {base::SqlType::kWChar, 4, 0};
}

TypeInfo text_of_length(std::uint64_t length, bool nocase) {
  return base::text_type(
      static_cast<std::uint32_t>(std::min<std::uint64_t>(length, base::kLongSize)), nocase);
}

void bind_insert(BindContext&, Expression& node) {
  const TypeInfo& text = node.child(0).type;
  node.type = text_of_length(std::uint64_t{text.size} + node.child(3).type.size, text.nocase);
}

// A literal count gives the length, anything else may be long.
std::uint64_t times(const Expression& count, std::uint64_t length) {
  if (!count.is_literal() || count.cell.is_null()) return base::kLongSize;
  const auto number = static_cast<std::uint64_t>(std::max<std::int64_t>(count.cell.integer, 0));
  return number > kLargest ? base::kLongSize : number * length;
}

void bind_repeat(BindContext&, Expression& node) {
  const TypeInfo& text = node.child(0).type;
  node.type = text_of_length(times(node.child(1), text.size), text.nocase);
}

void bind_space(BindContext&, Expression& node) {
  node.type = text_of_length(times(node.child(0), 1), false);
}

void bind_replace(BindContext&, Expression& node) {
  const TypeInfo& text = node.child(0).type;
  const std::uint64_t grows = std::max<std::uint64_t>(1, node.child(2).type.size);
  node.type = text_of_length(text.size * grows, text.nocase);
}

// ---- Characters ----

// Bytes of the first `count` code points.
std::size_t bytes_of_points(std::string_view text, std::uint64_t count) {
  std::size_t at = 0;
  for (; count > 0 && at < text.size(); --count) base::next_code_point(text, at);
  return at;
}

Cell size_cell(std::size_t size) {
  return Cell::of_int64(static_cast<std::int64_t>(size));
}

bool is_binary(const Call& call) {
  return base::is_binary(call.node.child(0).type.type);
}

std::string_view bytes(const Call& call) {
  return is_binary(call) ? bytes_of(call.args[0], *call.context.arena) : call.text(0);
}

Cell ascii(const Call& call) {
  const std::string_view text = call.text(0);
  if (text.empty()) return Cell::of_int64(0);
  std::size_t at = 0;
  return Cell::of_int64(base::next_code_point(text, at));
}

Cell octet_length(const Call& call) {
  return size_cell(bytes(call).size());
}
Cell bit_length(const Call& call) {
  return size_cell(bytes(call).size() * 8);
}

Cell char_length(const Call& call) {
  const std::string_view text = bytes(call);
  return size_cell(is_binary(call) ? text.size() : base::count_code_points(text));
}

// Appendix E: LENGTH excludes trailing blanks.
Cell length(const Call& call) {
  std::string_view text = bytes(call);
  if (is_binary(call)) return size_cell(text.size());
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return size_cell(base::count_code_points(text));
}

Cell character(const Call& call) {
  const std::int64_t code = call.integer(0);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < 0 || code > 0x10FFFF || surrogate) {
    call.fail("22003", std::to_string(code) + " is no code point");
  }
  char* out = call.context.arena->allocate(4);
  return Cell::of_text({out, base::encode_utf8(static_cast<char32_t>(code), out)});
}

// Simple mappings can grow a character: up to 4 bytes each.
template <char32_t (*map)(char32_t)>
Cell mapped(const Call& call) {
  const std::string_view text = call.text(0);
  char* out = call.context.arena->allocate(base::count_code_points(text) * 4);
  std::size_t written = 0;
  for (std::size_t at = 0; at < text.size();) {
    written += base::encode_utf8(map(base::next_code_point(text, at)), out + written);
  }
  return Cell::of_text({out, written});
}

// ---- Parts ----

std::uint64_t wanted(const Call& call, std::size_t at) {
  if (call.integer(at) < 0) call.fail("22011", "a length must not be negative");
  return static_cast<std::uint64_t>(call.integer(at));
}

Cell left(const Call& call) {
  const std::uint64_t count = wanted(call, 1);
  const std::string_view text = call.text(0);
  return Cell::of_text(text.substr(0, bytes_of_points(text, count)));
}

Cell right(const Call& call) {
  const std::uint64_t count = wanted(call, 1);
  const std::string_view text = call.text(0);
  const std::size_t all = base::count_code_points(text);
  if (count >= all) return Cell::of_text(text);
  return Cell::of_text(text.substr(bytes_of_points(text, all - count)));
}

// SQL-92 6.7: positions start at 1, and the window may begin before the text.
Cell substring(const Call& call) {
  const std::string_view text = call.text(0);
  const std::int64_t start = call.integer(1);
  std::int64_t end = std::numeric_limits<std::int64_t>::max();
  if (call.args.size() == 3) {
    if (__builtin_add_overflow(start, static_cast<std::int64_t>(wanted(call, 2)), &end)) {
      end = std::numeric_limits<std::int64_t>::max();
    }
  }
  const std::int64_t first = std::max<std::int64_t>(start, 1);
  if (end <= first) return Cell::of_text({});
  const std::size_t from = bytes_of_points(text, static_cast<std::uint64_t>(first - 1));
  const std::string_view rest = text.substr(from);
  return Cell::of_text(
      rest.substr(0, bytes_of_points(rest, static_cast<std::uint64_t>(end - first))));
}

Cell joined(const Call& call, std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  char* out = call.context.arena->allocate(size);
  std::size_t written = 0;
  for (const std::string_view part : parts) {
    if (!part.empty()) std::memcpy(out + written, part.data(), part.size());
    written += part.size();
  }
  return Cell::of_text({out, size});
}

Cell insert(const Call& call) {
  const std::string_view text = call.text(0);
  if (call.integer(1) < 1) call.fail("22011", "the start must be 1 or more");
  const std::uint64_t count = wanted(call, 2);
  const std::size_t from = bytes_of_points(text, static_cast<std::uint64_t>(call.integer(1) - 1));
  const std::string_view rest = text.substr(from);
  return joined(call,
                {text.substr(0, from), call.text(3), rest.substr(bytes_of_points(rest, count))});
}

Cell repeat_text(const Call& call, std::string_view text, std::int64_t count) {
  if (count <= 0 || text.empty()) return Cell::of_text({});
  if (static_cast<std::uint64_t>(count) > kLargest / text.size()) {
    call.fail("22001", "the result is over 16 MB");
  }
  const std::size_t size = text.size() * static_cast<std::size_t>(count);
  char* out = call.context.arena->allocate(size);
  for (std::size_t at = 0; at < size; at += text.size()) {
    std::memcpy(out + at, text.data(), text.size());
  }
  return Cell::of_text({out, size});
}

Cell repeat(const Call& call) {
  return repeat_text(call, call.text(0), call.integer(1));
}
Cell space(const Call& call) {
  return repeat_text(call, kBlank, call.integer(0));
}

Cell replace(const Call& call) {
  const std::string_view text = call.text(0);
  const std::string_view what = call.text(1);
  const std::string_view with = call.text(2);
  if (what.empty()) return Cell::of_text(text);
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos;
       at = text.find(what, at + what.size())) {
    ++count;
  }
  if (count == 0) return Cell::of_text(text);
  const std::size_t size = text.size() - count * what.size() + count * with.size();
  if (size > kLargest && size > text.size()) call.fail("22001", "the result is over 16 MB");
  char* out = call.context.arena->allocate(size);
  std::size_t written = 0;
  std::size_t from = 0;
  const auto put = [&](std::string_view part) {
    if (!part.empty()) std::memcpy(out + written, part.data(), part.size());
    written += part.size();
  };
  for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, from)) {
    put(text.substr(from, at - from));
    put(with);
    from = at + what.size();
  }
  put(text.substr(from));
  return Cell::of_text({out, size});
}

// ---- Searching ----

// Bytes of `text` at `at` that match `what` after folding; npos when they do not.
std::size_t folded_match(std::string_view text, std::size_t at, std::string_view what) {
  for (std::size_t w = 0; w < what.size();) {
    if (at >= text.size()) return std::string_view::npos;
    if (base::fold_case(base::next_code_point(what, w)) !=
        base::fold_case(base::next_code_point(text, at))) {
      return std::string_view::npos;
    }
  }
  return at;
}

std::size_t find_from(std::string_view text, std::size_t from, std::string_view what, bool nocase) {
  if (!nocase) return text.find(what, from);
  for (std::size_t at = from; at <= text.size();) {
    if (folded_match(text, at, what) != std::string_view::npos) return at;
    if (at == text.size()) break;
    base::next_code_point(text, at);
  }
  return std::string_view::npos;
}

Cell locate(const Call& call) {
  const std::string_view what = call.text(0);
  const std::string_view text = call.text(1);
  const std::int64_t start = call.args.size() == 3 ? std::max<std::int64_t>(call.integer(2), 1) : 1;
  const auto skipped = static_cast<std::uint64_t>(start - 1);
  const std::size_t from = bytes_of_points(text, skipped);
  if (from == text.size() && base::count_code_points(text) < skipped) return Cell::of_int64(0);
  const std::size_t found = find_from(text, from, what, call.node.nocase);
  if (found == std::string_view::npos) return Cell::of_int64(0);
  const std::size_t between = base::count_code_points(text.substr(from, found - from));
  return Cell::of_int64(start + static_cast<std::int64_t>(between));
}

// ---- Trimming ----

std::string_view trim_character(const Call& call) {
  if (call.args.size() == 1) return kBlank;
  const std::string_view what = call.text(1);
  if (base::count_code_points(what) != 1) {
    call.fail("22011", "the character to trim must be one, not " + quoted(what));
  }
  return what;
}

std::string_view trim_left(std::string_view text, std::string_view what) {
  while (text.starts_with(what)) text.remove_prefix(what.size());
  return text;
}
std::string_view trim_right(std::string_view text, std::string_view what) {
  while (text.ends_with(what)) text.remove_suffix(what.size());
  return text;
}

Cell ltrim(const Call& call) {
  return Cell::of_text(trim_left(call.text(0), trim_character(call)));
}
Cell rtrim(const Call& call) {
  return Cell::of_text(trim_right(call.text(0), trim_character(call)));
}
Cell trim(const Call& call) {
  const std::string_view what = trim_character(call);
  return Cell::of_text(trim_right(trim_left(call.text(0), what), what));
}

// ---- Sound ----

// Letter classes of SOUNDEX for A to Z: 0 is a vowel, which parts equal codes; '-' is H or W, which
// does not.
constexpr std::string_view kSoundClasses = "01230120022455012623010202";

constexpr char sound_class(char upper_letter) {
  if (upper_letter == 'H' || upper_letter == 'W') return '-';
  return kSoundClasses[static_cast<std::size_t>(upper_letter - 'A')];
}

void soundex_of(std::string_view text, char (&code)[4]) {
  std::fill(std::begin(code), std::end(code), '0');
  std::size_t written = 0;
  char last = 0;
  for (char c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    if (c < 'A' || c > 'Z') continue;
    const char sound = sound_class(c);
    if (written == 0) {
      code[written++] = c;
    } else if (sound != '-' && sound != '0' && sound != last) {
      code[written++] = sound;
    }
    if (sound != '-') last = sound;
    if (written == 4) break;
  }
}

Cell soundex(const Call& call) {
  char code[4];
  soundex_of(call.text(0), code);
  return Cell::of_text(call.context.arena->copy({code, 4}));
}

Cell difference(const Call& call) {
  char a[4];
  char b[4];
  soundex_of(call.text(0), a);
  soundex_of(call.text(1), b);
  std::int64_t equal = 0;
  for (std::size_t i = 0; i < 4; ++i) equal += a[i] == b[i] ? 1 : 0;
  return Cell::of_int64(equal);
}

constexpr Function kFunctions[] = {
    {FunctionId::kAscii, "ASCII", 1, 1, "t", bind_integer, ascii},
    {FunctionId::kBitLength, "BIT_LENGTH", 1, 1, "b", bind_integer, bit_length},
    {FunctionId::kChar, "CHAR", 1, 1, "i", bind_char, character},
    {FunctionId::kCharLength, "CHAR_LENGTH", 1, 1, "b", bind_integer, char_length},
    {FunctionId::kCharLength, "CHARACTER_LENGTH", 1, 1, "b", bind_integer, char_length},
    {FunctionId::kDifference, "DIFFERENCE", 2, 2, "t", bind_integer, difference},
    {FunctionId::kInsert, "INSERT", 4, 4, "tiit", bind_insert, insert},
    {FunctionId::kLcase, "LCASE", 1, 1, "t", bind_text_of_first, mapped<base::to_lower>},
    {FunctionId::kLcase, "LOWER", 1, 1, "t", bind_text_of_first, mapped<base::to_lower>},
    {FunctionId::kLeft, "LEFT", 2, 2, "ti", bind_text_of_first, left},
    {FunctionId::kLength, "LENGTH", 1, 1, "b", bind_integer, length},
    {FunctionId::kLocate, "LOCATE", 2, 3, "tti", bind_integer, locate},
    {FunctionId::kLocate, "POSITION", 2, 2, "t", bind_integer, locate},
    {FunctionId::kLtrim, "LTRIM", 1, 2, "t", bind_text_of_first, ltrim},
    {FunctionId::kOctetLength, "OCTET_LENGTH", 1, 1, "b", bind_integer, octet_length},
    {FunctionId::kRepeat, "REPEAT", 2, 2, "ti", bind_repeat, repeat},
    {FunctionId::kReplace, "REPLACE", 3, 3, "t", bind_replace, replace},
    {FunctionId::kRight, "RIGHT", 2, 2, "ti", bind_text_of_first, right},
    {FunctionId::kRtrim, "RTRIM", 1, 2, "t", bind_text_of_first, rtrim},
    {FunctionId::kSoundex, "SOUNDEX", 1, 1, "t", bind_soundex, soundex},
    {FunctionId::kSpace, "SPACE", 1, 1, "i", bind_space, space},
    {FunctionId::kSubstring, "SUBSTRING", 2, 3, "ti", bind_text_of_first, substring},
    {FunctionId::kTrim, "TRIM", 1, 2, "t", bind_text_of_first, trim},
    {FunctionId::kUcase, "UCASE", 1, 1, "t", bind_text_of_first, mapped<base::to_upper>},
    {FunctionId::kUcase, "UPPER", 1, 1, "t", bind_text_of_first, mapped<base::to_upper>},
};

}  // namespace

std::span<const Function> string_functions() {
  return kFunctions;
}

}  // namespace graphodbc::query
