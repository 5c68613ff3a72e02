// Ids in the shapes of Exchange and SharePoint, made from positions and readable back without a
// table. Case matters in all of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace graphodbc::emulator::data {

enum class ItemKind : std::uint8_t {
  kFolder = 1,
  kMessage,
  kAttachment,
  kCalendar,
  kEvent,
  kContactFolder,
  kContact
};

struct ItemRef {
  ItemKind kind;
  std::uint8_t part;  // ordinal below the item: attachment of a message
  std::uint32_t index;
};

// Ids of one mailbox: 124 characters, "AAMkA..." or, immutable, "AAkALg..."; the last 12 name the
// item. Messages, events, contacts and attachments have both forms, containers only the first.
class MailboxIds {
 public:
  MailboxIds() = default;
  explicit MailboxIds(std::uint64_t mailbox_seed);

  void append(std::string& out, ItemRef ref, bool immutable) const;
  std::string text(ItemRef ref, bool immutable = false) const;

  // Throws ErrorInvalidIdMalformed for a text that is no id at all; nullopt for an id of another
  // mailbox or a damaged one.
  std::optional<ItemRef> read(std::string_view id) const;

 private:
  std::uint64_t seed_ = 0;
  std::string regular_prefix_;
  std::string immutable_prefix_;
};

// Drive item ids: "01", six characters of the drive, 26 of the item's GUID in base 32.
class DriveIds {
 public:
  DriveIds() = default;
  explicit DriveIds(std::uint64_t drive_seed);

  const std::string& drive_id() const { return drive_id_; }
  std::string item_id(std::uint32_t index) const;
  std::string item_guid(std::uint32_t index) const;  // upper case, as eTag and cTag show it
  std::optional<std::uint32_t> read_item(std::string_view id) const;

 private:
  std::uint64_t seed_ = 0;
  std::string drive_id_;
  std::string tag_;
};

}  // namespace graphodbc::emulator::data
