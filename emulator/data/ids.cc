#include "emulator/data/ids.h"

#include "emulator/data/errors.h"
#include "emulator/data/random.h"
#include "emulator/data/text.h"

namespace graphodbc::emulator::data {
namespace {

constexpr std::size_t kPrefixLength = 112;  // 84 bytes
constexpr std::size_t kIdLength = 124;
constexpr const char* kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

void append_bytes(std::string& out, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
}

// The layout of an Exchange entry id: flags, the mailbox GUID as text, provider and store keys.
std::string make_prefix(std::uint64_t seed, std::string_view flags) {
  std::string bytes(flags);
  bytes += guid_text(mix(seed, 1), mix(seed, 2));
  bytes.append("\x00\x46\x00\x00\x00\x00\x00", 7);
  append_bytes(bytes, mix(seed, 3));
  append_bytes(bytes, mix(seed, 4));
  bytes.append("\x07\x00", 2);
  append_bytes(bytes, mix(seed, 5));
  append_bytes(bytes, mix(seed, 6));
  bytes.append("\x00\x00\x00", 3);
  return base64_url(bytes);
}

std::uint16_t check_of(std::uint64_t seed, ItemRef ref) {
  return static_cast<std::uint16_t>(mix(seed, static_cast<std::uint64_t>(ref.kind) << 40 |
                                                  static_cast<std::uint64_t>(ref.part) << 32 |
                                                  ref.index));
}

bool is_id_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '=' || c == '+' || c == '/';
}

// 16 bytes that hide the index; read_item undoes it.
struct ItemBytes {
  std::uint64_t high;
  std::uint64_t low;
};

ItemBytes item_bytes(std::uint64_t seed, std::uint32_t index) {
  const std::uint64_t high = mix(seed, index, 17);
  const auto mask = static_cast<std::uint32_t>(mix(seed, high, 18));
  const std::uint64_t low = (mix(seed, high, 19) << 32) | (index ^ mask);
  return {high, low};
}

}  // namespace

MailboxIds::MailboxIds(std::uint64_t mailbox_seed)
    : seed_(mailbox_seed),
      regular_prefix_(make_prefix(mailbox_seed, std::string_view("\x00\x03\x24\x00", 4))),
      immutable_prefix_(make_prefix(mailbox_seed, std::string_view("\x00\x09\x00\x2e", 4))) {}

void MailboxIds::append(std::string& out, ItemRef ref, bool immutable) const {
  const bool container = ref.kind == ItemKind::kFolder || ref.kind == ItemKind::kCalendar ||
                         ref.kind == ItemKind::kContactFolder;
  out += immutable && !container ? immutable_prefix_ : regular_prefix_;
  const std::uint16_t check = check_of(seed_, ref);
  char tail[8];
  tail[0] = static_cast<char>(ref.kind);
  tail[1] = static_cast<char>(ref.part);
  tail[2] = static_cast<char>(check >> 8);
  tail[3] = static_cast<char>(check & 0xff);
  for (int i = 0; i < 4; ++i) tail[4 + i] = static_cast<char>(ref.index >> (24 - 8 * i) & 0xff);
  out += base64_url(std::string_view(tail, sizeof tail));
  out += '=';
}

std::string MailboxIds::text(ItemRef ref, bool immutable) const {
  std::string out;
  append(out, ref, immutable);
  return out;
}

std::optional<ItemRef> MailboxIds::read(std::string_view id) const {
  bool well_formed = id.size() >= 16 && id.starts_with("AA");
  for (char c : id) well_formed = well_formed && is_id_character(c);
  if (!well_formed) throw malformed_id();
  const std::string_view prefix = id.substr(0, kPrefixLength);
  if (id.size() != kIdLength || id.back() != '=') return std::nullopt;
  if (prefix != regular_prefix_ && prefix != immutable_prefix_) return std::nullopt;
  const auto bytes = base64_decode(id.substr(kPrefixLength));
  if (!bytes || bytes->size() != 8) return std::nullopt;
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>((*bytes)[i]); };
  ItemRef ref{static_cast<ItemKind>(at(0)), at(1), 0};
  for (std::size_t i = 4; i < 8; ++i) ref.index = ref.index << 8 | at(i);
  const auto check = static_cast<std::uint16_t>(at(2) << 8 | at(3));
  // The last group carries spare bits: only the one spelling that append() makes is an id.
  if (check != check_of(seed_, ref)) return std::nullopt;
  const bool immutable = prefix == immutable_prefix_;
  if (text(ref, immutable) != id) return std::nullopt;
  return ref;
}

DriveIds::DriveIds(std::uint64_t drive_seed) : seed_(drive_seed) {
  std::string bytes;
  for (std::uint64_t i = 0; i < 6; ++i) append_bytes(bytes, mix(drive_seed, i, 21));
  drive_id_ = "b!" + base64_url(bytes);
  for (int i = 0; i < 6; ++i) tag_ += kBase32[mix(drive_seed, 22) >> (5 * i) & 31];
}

std::string DriveIds::item_id(std::uint32_t index) const {
  const ItemBytes bytes = item_bytes(seed_, index);
  std::string out = "01" + tag_;
  // 128 bits in 26 groups of five, the last with two spare bits.
  for (int group = 0; group < 26; ++group) {
    std::uint32_t five = 0;
    for (int bit = group * 5; bit < group * 5 + 5; ++bit) {
      const std::uint64_t word = bit < 64 ? bytes.high : bytes.low;
      const std::uint64_t value = bit < 128 ? word >> (63 - bit % 64) & 1 : 0;
      five = five << 1 | static_cast<std::uint32_t>(value);
    }
    out += kBase32[five];
  }
  return out;
}

std::string DriveIds::item_guid(std::uint32_t index) const {
  const ItemBytes bytes = item_bytes(seed_, index);
  std::string text = guid_text(bytes.high, bytes.low);
  for (char& c : text) {
    if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 32);
  }
  return text;
}

std::optional<std::uint32_t> DriveIds::read_item(std::string_view id) const {
  if (id.size() != 34 || !id.starts_with("01") || id.substr(2, 6) != tag_) return std::nullopt;
  ItemBytes bytes{0, 0};
  int bit = 0;
  for (char c : id.substr(8)) {
    const std::size_t five = std::string_view(kBase32).find(c);
    if (five == std::string_view::npos) return std::nullopt;
    for (int i = 4; i >= 0 && bit < 128; --i, ++bit) {
      std::uint64_t& word = bit < 64 ? bytes.high : bytes.low;
      word = word << 1 | (five >> i & 1);
    }
  }
  const auto mask = static_cast<std::uint32_t>(mix(seed_, bytes.high, 18));
  const auto index = static_cast<std::uint32_t>(bytes.low) ^ mask;
  if (item_id(index) != id) return std::nullopt;
  return index;
}

}  // namespace graphodbc::emulator::data
