// One user's mailbox: folders and compact message records, from which everything else about a
// message is worked out on demand (message.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/data/clock.h"
#include "emulator/data/ids.h"

namespace graphodbc::emulator::data {

class Tenant;

struct Folder {
  std::string name;
  std::string_view well_known;  // empty for a user's own folder
  int parent;                   // index; -1 for the root
  bool hidden = false;
  bool search = false;                  // a mailSearchFolder: high importance mail
  std::vector<std::uint32_t> messages;  // newest first
  std::uint32_t unread = 0;
};

enum MessageFlag : std::uint16_t {
  kRead = 1,
  kDraft = 2,
  kHigh = 4,
  kLow = 8,
  kFlagged = 16,
  kCompleted = 32,
  kFromMe = 64,
  kNoSender = 128,
  kOther = 256,  // inferenceClassification other
};

struct MessageRecord {
  Ticks received;
  std::uint16_t folder;
  std::uint16_t flags;
};

struct Person {
  std::string name;
  std::string address;
};

class Mailbox {
 public:
  Mailbox(const Tenant& tenant, std::size_t owner, std::uint64_t seed, std::size_t messages);

  const Tenant& tenant() const { return tenant_; }
  std::size_t owner() const { return owner_; }
  std::uint64_t seed() const { return seed_; }
  const MailboxIds& ids() const { return ids_; }
  const std::vector<Folder>& folders() const { return folders_; }
  const std::vector<MessageRecord>& messages() const { return messages_; }  // newest first

  // By id or well-known name (without case); -1 when unknown, throws for a malformed id.
  int find_folder(std::string_view id_or_name) const;
  std::vector<std::uint32_t> child_folders(int parent, bool include_hidden) const;

 private:
  void make_folders();
  void make_messages(std::size_t count);

  const Tenant& tenant_;
  std::size_t owner_;
  std::uint64_t seed_;
  MailboxIds ids_;
  std::vector<Folder> folders_;
  std::vector<MessageRecord> messages_;
};

}  // namespace graphodbc::emulator::data
