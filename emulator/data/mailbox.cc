#include "emulator/data/mailbox.h"

#include <algorithm>

#include "emulator/data/random.h"
#include "emulator/data/text.h"

namespace graphodbc::emulator::data {
namespace {

struct FolderSeed {
  std::string_view name;
  std::string_view well_known;
  int parent;
  unsigned weight;  // share of the mail, in thousandths
  bool hidden = false;
  bool search = false;
};

// Index is identity: changing the order changes every folder id.
constexpr FolderSeed kFolders[] = {
    {"Top of Information Store", "msgfolderroot", -1, 0},
    {"Archive", "archive", 0, 60},
    {"Conversation History", "conversationhistory", 0, 10},
    {"Deleted Items", "deleteditems", 0, 50},
    {"Drafts", "drafts", 0, 12},
    {"Inbox", "inbox", 0, 520},
    {"Junk Email", "junkemail", 0, 30},
    {"Outbox", "outbox", 0, 0},
    {"Sent Items", "sentitems", 0, 120},
    {"Empty", "", 0, 0},
    {"Projekte & Pläne 🚀", "", 0, 40},
    {"High importance", "", 0, 0, false, true},
    {"Quick Step Settings", "", 0, 4, true},
    {"Projects", "", 5, 40},
    {"2026", "", 13, 20},
    {"Q1", "", 14, 15},
    {"Migration — Phase 2", "", 15, 12},
    {"Notes (old)", "", 16, 8},
    {"Kunden", "", 5, 15},
    {"Müller GmbH", "", 18, 15},
    {"日本語フォルダー", "", 5, 10},
    {"O'Brien's \"50%\" & co", "", 5, 6},
    {"Hidden under Inbox", "", 5, 3, true},
    {"Team Chat", "", 2, 10},
    {"Recoverable Items", "recoverableitemsdeletions", -1, 0, true},
};
constexpr int kDrafts = 4;
constexpr int kSent = 8;

int pick_folder(Rng& rng) {
  std::uint64_t at = rng.below(1000);
  for (std::size_t i = 0; i < std::size(kFolders); ++i) {
    if (at < kFolders[i].weight) return static_cast<int>(i);
    at -= kFolders[i].weight;
  }
  return 5;
}

std::uint16_t pick_flags(Rng& rng, int folder) {
  std::uint16_t flags = 0;
  const auto set = [&](bool on, MessageFlag flag) {
    if (on) flags = static_cast<std::uint16_t>(flags | flag);
  };
  set(folder == kSent || rng.percent(72), kRead);
  set(folder == kDrafts, kDraft);
  set(folder == kDrafts || folder == kSent, kFromMe);
  const std::uint64_t importance = rng.below(100);
  set(importance < 9, kHigh);
  set(importance >= 97, kLow);
  const std::uint64_t follow_up = rng.below(100);
  set(follow_up < 5, kFlagged);
  set(follow_up >= 97, kCompleted);
  set(folder != kSent && rng.below(1000) < 7, kNoSender);
  set(rng.percent(30), kOther);
  return flags;
}

// A tenth of the messages carries a fraction of a second, of one to seven digits.
Ticks pick_fraction(Rng& rng) {
  if (!rng.percent(10)) return 0;
  static constexpr Ticks kUnits[] = {1'000'000, 100'000, 10'000, 1'000, 100, 10, 1};
  const Ticks unit = kUnits[rng.below(7)];
  return rng.between(1, kSecond / unit - 1) * unit;
}

}  // namespace

Mailbox::Mailbox(const Tenant& tenant, std::size_t owner, std::uint64_t seed, std::size_t messages)
    : tenant_(tenant), owner_(owner), seed_(seed), ids_(seed) {
  make_folders();
  make_messages(messages);
}

void Mailbox::make_folders() {
  for (const FolderSeed& seed : kFolders) {
    Folder folder;
    folder.name = seed.name;
    folder.well_known = seed.well_known;
    folder.parent = seed.parent;
    folder.hidden = seed.hidden;
    folder.search = seed.search;
    folders_.push_back(std::move(folder));
  }
}

void Mailbox::make_messages(std::size_t count) {
  messages_.reserve(count);
  Rng rng(seed_);
  const Ticks span = ticks_of(2026, 6, 30) - ticks_of(2025, 1, 8);
  const Ticks mean_gap = count == 0 ? 0 : span / static_cast<Ticks>(count) / kSecond;
  Ticks received = reference_now();
  for (std::size_t i = 0; i < count; ++i) {
    // Three in a hundred arrive at the very moment of their neighbour.
    if (i > 0 && !rng.percent(3)) {
      const Ticks earlier = received - rng.between(1, std::max<Ticks>(2 * mean_gap, 1)) * kSecond;
      received = std::min(earlier / kSecond * kSecond + pick_fraction(rng), received);
    }
    const int folder = pick_folder(rng);
    const std::uint16_t flags = pick_flags(rng, folder);
    messages_.push_back({received, static_cast<std::uint16_t>(folder), flags});
    const auto index = static_cast<std::uint32_t>(i);
    const bool unread = (flags & kRead) == 0;
    const auto add = [&](Folder& into) {
      into.messages.push_back(index);
      if (unread) ++into.unread;
    };
    add(folders_[static_cast<std::size_t>(folder)]);
    if ((flags & kHigh) != 0) {
      for (Folder& candidate : folders_) {
        if (candidate.search) add(candidate);
      }
    }
  }
}

int Mailbox::find_folder(std::string_view id_or_name) const {
  for (std::size_t i = 0; i < folders_.size(); ++i) {
    if (!folders_[i].well_known.empty() &&
        equals_ignore_ascii_case(folders_[i].well_known, id_or_name)) {
      return static_cast<int>(i);
    }
  }
  const auto ref = ids_.read(id_or_name);
  if (!ref || ref->kind != ItemKind::kFolder || ref->index >= folders_.size()) return -1;
  return static_cast<int>(ref->index);
}

std::vector<std::uint32_t> Mailbox::child_folders(int parent, bool include_hidden) const {
  std::vector<std::uint32_t> children;
  for (std::size_t i = 0; i < folders_.size(); ++i) {
    if (folders_[i].parent == parent && (include_hidden || !folders_[i].hidden)) {
      children.push_back(static_cast<std::uint32_t>(i));
    }
  }
  return children;
}

}  // namespace graphodbc::emulator::data
