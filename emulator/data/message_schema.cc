// The properties of microsoft.graph.message and what `$filter` and `$orderby` take of it
// (contract d.1 and resources.tsv).
#include "emulator/data/message.h"
#include "emulator/data/tenant.h"
#include "emulator/data/text.h"

namespace graphodbc::emulator::data {
namespace {

using W = JsonWriter;
using M = Message;
using R = Render;

constexpr std::string_view kFlagNames[] = {"notFlagged", "complete", "flagged"};
constexpr std::string_view kInferenceNames[] = {"focused", "other"};

void write_id(W& json, const Mailbox& box, ItemRef ref, bool immutable) {
  std::string text;
  box.ids().append(text, ref, immutable);
  json.plain(text);
}

void write_instant(W& json, Ticks ticks) {
  json.instant(ticks);
}

void write_body(W& json, const M& m, const R& render) {
  json.begin_object();
  json.member("contentType", render.text_bodies ? "text" : "html");
  json.member("content", render.text_bodies ? m.body_text() : m.body_html());
  json.end_object();
}

void write_flag(W& json, const M& m, const R& render) {
  const std::string_view zone = render.zone->windows_name;
  const Ticks day = m.created() / kDay * kDay;
  json.begin_object();
  json.member("flagStatus", kFlagNames[m.flag_status()]);
  if (m.is(kCompleted)) {
    json.key("completedDateTime");
    write_zoned(json, day + 3 * kDay, zone);
  } else if (m.is(kFlagged)) {
    json.key("startDateTime");
    write_zoned(json, day, zone);
    json.key("dueDateTime");
    write_zoned(json, day + 7 * kDay, zone);
  }
  json.end_object();
}

void write_recipients(W& json, const M& m, std::uint64_t first, std::size_t count) {
  json.begin_array();
  for (std::size_t i = 0; i < count; ++i) write_person(json, &m.recipient(first + i));
  json.end_array();
}

// Received mail names the owner first, as the mail reached this mailbox.
void write_to(W& json, const M& m, const R&) {
  if (m.is(kFromMe)) return write_recipients(json, m, 0, m.to_count());
  const User& owner = m.box().tenant().users()[m.box().owner()];
  const Person self{owner.display_name, owner.mail};
  json.begin_array();
  write_person(json, &self);
  for (std::size_t i = 1; i < m.to_count(); ++i) write_person(json, &m.recipient(i));
  json.end_array();
}

void write_headers(W& json, const M& m, const R&) {
  json.begin_array();
  for (const auto& [name, value] :
       {std::pair<std::string_view, std::string>{"Message-ID", m.internet_message_id()},
        {"X-Mailer", "Contoso Mailer 4.2; \"beta\""},
        {"X-Spam-Level", std::to_string(m.hash() % 9)}}) {
    json.begin_object();
    json.member("name", name);
    json.member("value", value);
    json.end_object();
  }
  json.end_array();
}

std::vector<Property<M>> properties() {
  return {
      {"@odata.etag", kAlways | kAnnotation,
       [](W& j, const M& m, const R&) { j.string("W/\"" + m.change_key() + "\""); }},
      {"id", kAlways,
       [](W& j, const M& m, const R& r) {
         // A seventh of the rows comes with escaped non-ASCII text.
         j.escape_non_ascii(m.index() % 7 == 3);
         write_id(j, m.box(), {ItemKind::kMessage, 0, m.index()}, r.immutable_ids);
       }},
      {"createdDateTime", 0, [](W& j, const M& m, const R&) { write_instant(j, m.created()); }},
      {"lastModifiedDateTime", 0,
       [](W& j, const M& m, const R&) { write_instant(j, m.last_modified()); }},
      {"changeKey", 0, [](W& j, const M& m, const R&) { j.plain(m.change_key()); }},
      {"categories", 0, [](W& j, const M& m, const R&) { write_text_list(j, m.categories()); }},
      {"receivedDateTime", 0, [](W& j, const M& m, const R&) { write_instant(j, m.received()); }},
      {"sentDateTime", 0, [](W& j, const M& m, const R&) { write_instant(j, m.sent()); }},
      {"hasAttachments", 0, [](W& j, const M& m, const R&) { j.boolean(m.has_attachments()); }},
      {"internetMessageId", 0,
       [](W& j, const M& m, const R&) { j.string(m.internet_message_id()); }},
      {"internetMessageHeaders", kExplicit | kNotBasic, write_headers},
      {"subject", 0,
       [](W& j, const M& m, const R&) { m.has_subject() ? j.string(m.subject()) : j.null(); }},
      {"bodyPreview", kNotBasic, [](W& j, const M& m, const R&) { j.string(m.preview()); }},
      {"importance", 0,
       [](W& j, const M& m, const R&) {
         j.plain(importance_names()[static_cast<std::size_t>(m.importance())]);
       }},
      {"parentFolderId", 0,
       [](W& j, const M& m, const R&) {
         write_id(j, m.box(), {ItemKind::kFolder, 0, m.record().folder}, false);
       }},
      {"conversationId", 0, [](W& j, const M& m, const R&) { j.plain(m.conversation_id()); }},
      {"conversationIndex", 0, [](W& j, const M& m, const R&) { j.plain(m.conversation_index()); }},
      {"isDeliveryReceiptRequested", 0,
       [](W& j, const M& m, const R&) { m.is(kFromMe) ? j.boolean(m.hash() % 9 == 0) : j.null(); }},
      {"isReadReceiptRequested", 0,
       [](W& j, const M& m, const R&) { j.boolean(m.hash() % 13 == 0); }},
      {"isRead", 0, [](W& j, const M& m, const R&) { j.boolean(m.is(kRead)); }},
      {"isDraft", 0, [](W& j, const M& m, const R&) { j.boolean(m.is(kDraft)); }},
      {"webLink", 0,
       [](W& j, const M& m, const R&) {
         j.string("https://outlook.office365.example/owa/?ItemID=" +
                  m.box().ids().text({ItemKind::kMessage, 0, m.index()}) +
                  "&exvsurl=1&viewmodel=ReadMessageItem");
       }},
      {"inferenceClassification", 0,
       [](W& j, const M& m, const R&) { j.plain(kInferenceNames[m.is(kOther) ? 1 : 0]); }},
      {"body", kNotBasic, write_body},
      {"uniqueBody", kExplicit | kNotBasic, write_body},
      {"sender", 0, [](W& j, const M& m, const R&) { write_person(j, m.from()); }},
      {"from", 0, [](W& j, const M& m, const R&) { write_person(j, m.from()); }},
      {"toRecipients", 0, write_to},
      {"ccRecipients", 0,
       [](W& j, const M& m, const R&) { write_recipients(j, m, 100, m.cc_count()); }},
      {"bccRecipients", 0,
       [](W& j, const M& m, const R&) { write_recipients(j, m, 200, m.has_bcc() ? 1 : 0); }},
      {"replyTo", 0,
       [](W& j, const M& m, const R&) { write_recipients(j, m, 300, m.hash() % 17 == 0 ? 1 : 0); }},
      {"flag", 0, write_flag},
  };
}

Value text_or_null(const Person* person, std::string Person::*part) {
  return person == nullptr ? Value::null() : Value::of(person->*part);
}
Value from_name(const M& m) {
  return text_or_null(m.from(), &Person::name);
}
Value from_address(const M& m) {
  return text_or_null(m.from(), &Person::address);
}

std::vector<FieldOf<M>> fields() {
  using enum FieldType;
  constexpr std::uint16_t kText = kCompare | kStartsWith | kNull;
  constexpr std::uint16_t kAddress = kText | kContains;
  constexpr std::uint16_t kTwoWay = kEq | kNe;
  return {
      {{"receivedDateTime", kInstant, kCompare, 0, Sort::kYes},
       [](const M& m) { return Value::of(m.received()); }},
      {{"sentDateTime", kInstant, kCompare, 0, Sort::kYes},
       [](const M& m) { return Value::of(m.sent()); }},
      {{"createdDateTime", kInstant, kCompare, 0, Sort::kYes},
       [](const M& m) { return Value::of(m.created()); }},
      {{"lastModifiedDateTime", kInstant, kCompare, 0, Sort::kYes},
       [](const M& m) { return Value::of(m.last_modified()); }},
      {{"isRead", kBoolean, kTwoWay, 0, Sort::kYes},
       [](const M& m) { return Value::of(m.is(kRead)); }},
      {{"isDraft", kBoolean, kTwoWay}, [](const M& m) { return Value::of(m.is(kDraft)); }},
      {{"hasAttachments", kBoolean, kTwoWay, 0, Sort::kYes},
       [](const M& m) { return Value::of(m.has_attachments()); }},
      {{"importance", kEnum, kTwoWay, 0, Sort::kYes, importance_names()},
       [](const M& m) { return Value::of(std::int64_t{m.importance()}); }},
      {{"inferenceClassification", kEnum, kTwoWay, 0, Sort::kNo, kInferenceNames},
       [](const M& m) { return Value::of(std::int64_t{m.is(kOther) ? 1 : 0}); }},
      {{"flag/flagStatus", kEnum, kTwoWay, 0, Sort::kNo, kFlagNames},
       [](const M& m) { return Value::of(std::int64_t{m.flag_status()}); }},
      {{"subject", kString, kText | kContains, 0, Sort::kYes},
       [](const M& m) { return m.has_subject() ? Value::of(m.subject()) : Value::null(); }},
      {{"from/emailAddress/address", kString, kAddress, 0, Sort::kYes}, from_address},
      {{"from/emailAddress/name", kString, kAddress, 0, Sort::kYes}, from_name},
      {{"sender/emailAddress/address", kString, kAddress, 0, Sort::kYes}, from_address},
      {{"sender/emailAddress/name", kString, kAddress, 0, Sort::kYes}, from_name},
      {{"conversationId", kString, kTwoWay},
       [](const M& m) { return Value::of(m.conversation_id()); }},
      {{"internetMessageId", kString, kTwoWay},
       [](const M& m) { return Value::of(m.internet_message_id()); }},
      {{"parentFolderId", kString, kTwoWay},
       [](const M& m) {
         return Value::of(m.box().ids().text({ItemKind::kFolder, 0, m.record().folder}));
       }},
      {{"body/content", kString, kContains}, [](const M& m) { return Value::of(m.body_html()); }},
      {{"categories", kList, kEq}, [](const M& m) { return Value::of(m.categories()); }},
  };
}

}  // namespace

const Schema<Message>& message_schema() {
  static const Schema<Message> schema("message", Family::kOutlook, 10, 1000, properties(),
                                      fields());
  return schema;
}

}  // namespace graphodbc::emulator::data
