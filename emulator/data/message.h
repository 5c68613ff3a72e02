// A message worked out from its record: cheap to make, texts only on demand.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/data/mailbox.h"
#include "emulator/data/resource.h"

namespace graphodbc::emulator::data {

enum class AttachmentKind : std::uint8_t { kFile, kItem, kReference };

class Message {
 public:
  Message(const Mailbox& box, std::size_t index);

  const Mailbox& box() const { return *box_; }
  std::uint32_t index() const { return index_; }
  const MessageRecord& record() const { return *record_; }
  std::uint64_t hash() const { return hash_; }
  bool is(MessageFlag flag) const { return (record_->flags & flag) != 0; }

  Ticks received() const { return record_->received; }
  Ticks sent() const;
  Ticks created() const;
  Ticks last_modified() const;
  int importance() const { return is(kLow) ? 0 : is(kHigh) ? 2 : 1; }
  int flag_status() const { return is(kCompleted) ? 1 : is(kFlagged) ? 2 : 0; }

  bool has_subject() const { return hash_ % 211 != 3; }
  std::string subject() const;
  const Person* from() const;  // null for mail without a sender
  // Position of a person in the tenant for the n-th recipient.
  const Person& recipient(std::uint64_t n) const;
  std::size_t to_count() const;
  std::size_t cc_count() const;
  bool has_bcc() const { return is(kFromMe) && hash_ % 5 == 0; }
  std::vector<std::string> categories() const;

  std::string conversation_id() const;
  std::string conversation_index() const;  // base64
  std::string internet_message_id() const;
  std::string change_key() const;

  std::string body_html() const;
  std::string body_text() const;
  std::string preview() const;  // 255 UTF-16 units, perhaps half a character at the end

  std::size_t attachment_count() const { return attachments_; }
  // False when all attachments are inline (contract d.1, decisions.md 6).
  bool has_attachments() const { return attachments_ > 0 && !inline_only_; }
  bool inline_only() const { return inline_only_; }

 private:
  std::uint64_t thread() const;
  std::size_t paragraph_count() const;
  std::string_view paragraph(std::size_t n) const;
  bool cut_preview() const { return hash_ % 101 == 5; }

  const Mailbox* box_;
  const MessageRecord* record_;
  std::uint32_t index_;
  std::uint64_t hash_;
  std::uint8_t attachments_;
  bool inline_only_;
};

const Schema<Message>& message_schema();

struct Attachment {
  Attachment(const Message& of, std::uint8_t number);

  const Message message;
  std::uint8_t ordinal;
  std::uint64_t hash;
  AttachmentKind kind;
  bool is_inline;

  std::string name() const;
  std::string_view content_type() const;
  std::size_t content_size() const;
  std::string content() const;  // bytes
};

const Schema<Attachment>& attachment_schema();

// {"emailAddress":{"name":...,"address":...}}, or null.
void write_person(JsonWriter& json, const Person* person);
void write_text_list(JsonWriter& json, const std::vector<std::string>& texts);
// {"dateTime":...,"timeZone":...}
void write_zoned(JsonWriter& json, Ticks local, std::string_view zone);

std::span<const std::string_view> importance_names();

}  // namespace graphodbc::emulator::data
