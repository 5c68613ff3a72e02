#include "emulator/data/message.h"

#include <algorithm>

#include "emulator/data/phrases.h"
#include "emulator/data/random.h"
#include "emulator/data/tenant.h"
#include "emulator/data/text.h"

namespace graphodbc::emulator::data {
namespace {

// Fills {p}, {n} and {d} of a template.
std::string fill(std::string_view pattern, std::uint64_t hash) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '{' || i + 2 >= pattern.size() || pattern[i + 2] != '}') {
      out += pattern[i];
      continue;
    }
    switch (pattern[i + 1]) {
      case 'p':
        out += projects()[mix(hash, 1) % projects().size()];
        break;
      case 'd':
        out += weekdays()[mix(hash, 2) % weekdays().size()];
        break;
      default:
        out += std::to_string(2 + mix(hash, 3) % 9000);
        break;
    }
    i += 2;
  }
  return out;
}

std::string pack(std::uint64_t a, std::uint64_t b, std::size_t length) {
  std::string bytes;
  for (std::size_t i = 0; i < length; ++i) {
    bytes += static_cast<char>((i < 8 ? a >> (8 * i) : b >> (8 * (i % 8))) & 0xff);
  }
  return bytes;
}

void append_html(std::string& out, std::string_view text) {
  for (char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
        break;
    }
  }
}

constexpr std::string_view kHtmlHead =
    "<html><head>\r\n<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\">"
    "<style type=\"text/css\" style=\"display:none\">\r\n<!--\r\np\r\n\t{margin-top:0;\r\n\t"
    "margin-bottom:0}\r\n-->\r\n</style></head><body dir=\"ltr\">";
constexpr std::string_view kParagraphOpen =
    "<div style=\"font-family:Calibri,Arial,Helvetica,sans-serif; font-size:12pt; "
    "color:rgb(0,0,0)\">";

}  // namespace

Message::Message(const Mailbox& box, std::size_t index)
    : box_(&box),
      record_(&box.messages()[index]),
      index_(static_cast<std::uint32_t>(index)),
      hash_(mix(box.seed(), index, 41)) {
  const std::uint64_t roll = mix(hash_, 42) % 100;
  inline_only_ = roll >= 93;
  attachments_ = static_cast<std::uint8_t>(roll < 75      ? 0
                                           : inline_only_ ? 1 + roll % 2
                                                          : 1 + roll % 3);
}

Ticks Message::sent() const {
  return record_->received / kSecond * kSecond - static_cast<Ticks>(1 + hash_ % 30) * kSecond;
}

Ticks Message::created() const {
  return record_->received / kSecond * kSecond;
}

Ticks Message::last_modified() const {
  const auto delay = static_cast<Ticks>(mix(hash_, 43) % (5 * 86400)) * kSecond;
  return std::max(created(), std::min(created() + delay, reference_now()));
}

// A third of the mail belongs to threads of up to four neighbours, which share a subject.
std::uint64_t Message::thread() const {
  const std::uint64_t group = mix(box_->seed(), index_ / 4, 44);
  return group % 3 == 0 ? group : hash_;
}

std::string Message::subject() const {
  if (hash_ % 199 == 7) return {};
  // Every 37th is a hard one, so that all of them stand in a small mailbox too.
  if (index_ % 37 == 6) {
    const auto hard = hard_subjects();
    return std::string(hard[index_ / 37 % hard.size()]);
  }
  const std::uint64_t key = thread();
  const auto templates = subject_templates();
  std::string text = fill(templates[mix(key, 45) % templates.size()], key);
  if (key != hash_ && index_ % 4 != 3) return "Re: " + text;
  return hash_ % 23 == 1 ? "FW: " + text : text;
}

const Person* Message::from() const {
  if (is(kNoSender)) return nullptr;
  const auto& people = box_->tenant().people();
  if (is(kFromMe)) {
    const User& owner = box_->tenant().users()[box_->owner()];
    for (const Person& person : people) {
      if (person.address == owner.mail) return &person;
    }
  }
  return &people[mix(hash_, 46) % people.size()];
}

const Person& Message::recipient(std::uint64_t n) const {
  const auto& people = box_->tenant().people();
  return people[mix(hash_, 47, n) % people.size()];
}

std::size_t Message::to_count() const {
  const std::uint64_t roll = mix(hash_, 48) % 100;
  if (is(kDraft) && roll < 30) return 0;
  return roll < 70 ? 1 : roll < 97 ? 1 + roll % 4 : 25;
}

std::size_t Message::cc_count() const {
  const std::uint64_t roll = mix(hash_, 49) % 100;
  return roll < 75 ? 0 : 1 + roll % 3;
}

std::vector<std::string> Message::categories() const {
  const std::uint64_t roll = mix(hash_, 50);
  std::vector<std::string> out;
  const auto names = data::categories();
  if (roll % 100 < 15) out.emplace_back(names[roll / 100 % names.size()]);
  if (roll % 100 < 4) out.emplace_back(names[(roll / 100 + 1) % names.size()]);
  return out;
}

std::string Message::conversation_id() const {
  const std::uint64_t key = thread();
  return "AAQkAD" + base64_url(pack(mix(key, 51), mix(key, 52), 15)) + "AAQA" +
         base64_url(pack(mix(key, 53), mix(key, 54), 15)) + "=";
}

std::string Message::conversation_index() const {
  const std::uint64_t key = thread();
  std::string bytes = "\x01" + pack(mix(key, 55), mix(key, 56), 16);
  bytes += pack(mix(key, 57), 0, 5);
  if (key != hash_) bytes += pack(hash_, 0, 5);
  return base64(bytes);
}

std::string Message::internet_message_id() const {
  return "<" + guid_text(mix(hash_, 58), mix(hash_, 59)) + "@mail.contoso.example>";
}

std::string Message::change_key() const {
  return "CQAAABYAAAB" + base64(pack(mix(hash_, 60), mix(hash_, 61), 15)).substr(0, 19) + "+0";
}

std::size_t Message::paragraph_count() const {
  const std::uint64_t roll = mix(hash_, 62);
  return roll % 50 == 0 ? 60 + roll / 50 % 90 : 2 + roll / 50 % 9;
}

std::string_view Message::paragraph(std::size_t n) const {
  const auto pool = paragraphs();
  return pool[mix(hash_, 63, n) % pool.size()];
}

std::string Message::body_text() const {
  std::string out;
  if (cut_preview()) {
    // 254 units, then an emoji of two: the preview ends in the middle of it.
    while (out.size() < 254) out += "hello again ";
    out.resize(254);
    out += "\U0001F600 and the rest of the text.\r\n";
  }
  const std::size_t count = paragraph_count();
  for (std::size_t i = 0; i < count; ++i) {
    out += paragraph(i);
    out += "\r\n\r\n";
  }
  return out;
}

std::string Message::body_html() const {
  std::string out(kHtmlHead);
  if (cut_preview()) {
    std::string line;
    while (line.size() < 254) line += "hello again ";
    line.resize(254);
    out += "<div>" + line + "\U0001F600 and the rest of the text.</div>\r\n";
  }
  const std::size_t count = paragraph_count();
  for (std::size_t i = 0; i < count; ++i) {
    out += kParagraphOpen;
    append_html(out, paragraph(i));
    out += "</div>\r\n<div><br></div>\r\n";
  }
  if (inline_only_) out += "<img src=\"cid:image001.png@01D\" width=\"120\">\r\n";
  out += "</body></html>\r\n";
  return out;
}

std::string Message::preview() const {
  // Four paragraphs always hold more than 255 units or the whole text.
  std::string text;
  if (cut_preview()) return utf16_prefix(body_text(), 255);
  const std::size_t count = std::min<std::size_t>(paragraph_count(), 4);
  for (std::size_t i = 0; i < count; ++i) {
    text += paragraph(i);
    text += "\r\n\r\n";
    if (text.size() > 255 * 4) break;
  }
  return utf16_prefix(text, 255);
}

void write_person(JsonWriter& json, const Person* person) {
  if (person == nullptr) return json.null();
  json.begin_object();
  json.key("emailAddress");
  json.begin_object();
  json.member("name", person->name);
  json.member("address", person->address);
  json.end_object();
  json.end_object();
}

void write_text_list(JsonWriter& json, const std::vector<std::string>& texts) {
  json.begin_array();
  for (const std::string& text : texts) json.string(text);
  json.end_array();
}

void write_zoned(JsonWriter& json, Ticks local, std::string_view zone) {
  std::string text;
  append_local(text, local);
  json.begin_object();
  json.member("dateTime", text);
  json.member("timeZone", zone);
  json.end_object();
}

std::span<const std::string_view> importance_names() {
  static constexpr std::string_view kNames[] = {"low", "normal", "high"};
  return kNames;
}

}  // namespace graphodbc::emulator::data
