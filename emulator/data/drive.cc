#include "emulator/data/drive.h"

#include <algorithm>
#include <numeric>

#include "emulator/data/random.h"
#include "emulator/data/tenant.h"
#include "emulator/data/text.h"

namespace graphodbc::emulator::data {
namespace {

struct FixedNode {
  std::string_view name;
  std::uint32_t parent;
  NodeKind kind;
  std::int64_t size;
};

constexpr NodeKind kDir = NodeKind::kFolder;
constexpr NodeKind kFile = NodeKind::kFile;
constexpr std::int64_t kGiB = 1024LL * 1024 * 1024;

// The first items of every drive; a small drive holds the first few only. Index is identity.
constexpr FixedNode kFixed[] = {
    {"root", 0, kDir, 0},
    {"Documents", 0, kDir, 0},
    {"Budget 2026.xlsx", 1, kFile, 48'213},
    {"Projects & plans", 1, kDir, 0},
    {"Q1 #1", 3, kDir, 0},
    {"100% done", 4, kDir, 0},
    {"O'Brien's", 5, kDir, 0},
    {"日本語フォルダー", 6, kDir, 0},
    {"Level 7", 7, kDir, 0},
    {"Level 8", 8, kDir, 0},
    {"Level 9", 9, kDir, 0},
    {"deepest.txt", 10, kFile, 12},
    {"Empty folder", 0, kDir, 0},
    {"Notebook", 0, NodeKind::kPackage, 0},
    {"Pictures", 0, kDir, 0},
    {"backup.vhdx", 0, kFile, 5 * kGiB + 17},
    {"zero.bin", 0, kFile, 0},
    {"everything.zip", 1, kFile, 120 * kGiB},
};
constexpr std::uint32_t kPictures = 14;

const FixedNode* fixed_node(std::uint32_t index) {
  return index < std::size(kFixed) ? &kFixed[index] : nullptr;
}

// Hard file names follow the fixed items, alternating between two folders.
std::optional<std::string_view> hard_name(std::uint32_t index) {
  const auto names = hard_file_names();
  const std::size_t at = index - std::size(kFixed);
  if (index < std::size(kFixed) || at >= names.size()) return std::nullopt;
  return names[at];
}

}  // namespace

Drive::Drive(const Tenant& tenant, std::size_t owner, std::uint64_t seed, std::size_t items,
             std::string name, bool library)
    : tenant_(tenant),
      owner_(owner),
      seed_(seed),
      name_(std::move(name)),
      library_(library),
      ids_(seed) {
  make_nodes(items);
  link_children();
}

void Drive::make_nodes(std::size_t items) {
  nodes_.reserve(items + 1);
  Rng rng(seed_);
  std::vector<std::uint32_t> folders;
  for (std::uint32_t i = 0; i <= items; ++i) {
    DriveNode node;
    if (const FixedNode* fixed = fixed_node(i)) {
      node.parent = fixed->parent;
      node.kind = fixed->kind;
      node.size = fixed->size;
    } else if (hard_name(i)) {
      node.parent = i % 2 == 0 ? 1 : 6;
      node.size = rng.between(0, 9'000'000);
    } else {
      const bool folder = rng.percent(8);
      const std::uint64_t roll = rng.below(100);
      // A fifth of all items crowds one folder, so that its listing takes several pages.
      if (roll < 20) {
        node.parent = kPictures;
      } else if (roll < 45) {
        node.parent = folders.back();
      } else {
        node.parent = folders[rng.below(folders.size())];
      }
      node.kind = folder ? kDir : rng.percent(1) ? NodeKind::kPackage : kFile;
      if (node.kind == kFile) {
        node.size = rng.percent(2) ? rng.between(4 * kGiB, 9 * kGiB) : rng.between(0, 20'000'000);
      }
    }
    node.depth =
        i == 0 ? std::uint8_t{0} : static_cast<std::uint8_t>(nodes_[node.parent].depth + 1);
    // The chain ends somewhere, and the folder called empty stays so.
    if (node.kind == kDir && node.depth < 24 && i != 12) folders.push_back(i);
    nodes_.push_back(node);
  }
  for (std::size_t i = nodes_.size(); i-- > 1;) nodes_[nodes_[i].parent].size += nodes_[i].size;
}

void Drive::link_children() {
  for (std::size_t i = 1; i < nodes_.size(); ++i) ++nodes_[nodes_[i].parent].child_count;
  std::uint32_t next = 0;
  for (DriveNode& node : nodes_) {
    node.first_child = next;
    next += node.child_count;
  }
  children_.resize(nodes_.size() - 1);
  std::vector<std::uint32_t> filled(nodes_.size(), 0);
  for (std::uint32_t i = 1; i < nodes_.size(); ++i) {
    const std::uint32_t parent = nodes_[i].parent;
    children_[nodes_[parent].first_child + filled[parent]++] = i;
  }
  for (const DriveNode& node : nodes_) {
    if (node.child_count < 2) continue;
    const auto begin = children_.begin() + node.first_child;
    std::vector<std::pair<std::string, std::uint32_t>> named;
    for (auto it = begin; it != begin + node.child_count; ++it) {
      named.emplace_back(fold_case(item_name(*it)), *it);
    }
    std::sort(named.begin(), named.end());
    for (std::size_t k = 0; k < named.size(); ++k)
      begin[static_cast<std::ptrdiff_t>(k)] = named[k].second;
  }
}

// Generated names carry the index, which makes them unique in any folder.
std::string Drive::item_name(std::uint32_t index) const {
  if (const FixedNode* fixed = fixed_node(index)) return std::string(fixed->name);
  if (const auto hard = hard_name(index)) return std::string(*hard);
  const std::uint64_t hash = mix(seed_, index, 95);
  if (nodes_[index].kind != kFile) {
    return std::string(folder_words()[hash % folder_words().size()]) + " " + std::to_string(index);
  }
  return std::string(file_words()[hash % file_words().size()]) + " (" + std::to_string(index) +
         ")" + std::string(file_types()[hash / 64 % file_types().size()].extension);
}

std::optional<std::uint32_t> Drive::find_child(std::uint32_t folder, std::string_view name) const {
  const std::string wanted = fold_case(name);
  std::size_t low = 0;
  std::size_t high = nodes_[folder].child_count;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    const std::string found = fold_case(item_name(child(folder, middle)));
    if (found == wanted) return child(folder, middle);
    if (found < wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return std::nullopt;
}

std::optional<std::uint32_t> Drive::find_item(std::string_view id) const {
  if (id == "root") return 0;
  const auto index = ids_.read_item(id);
  return index && *index < nodes_.size() ? index : std::nullopt;
}

std::string Drive::path_of(std::uint32_t index) const {
  std::string path;
  for (; index != 0; index = nodes_[index].parent) path.insert(0, "/" + item_name(index));
  return path;
}

std::string Drive::web_url(std::uint32_t index) const {
  std::string url = library_ ? "https://contoso.sharepoint.example/sites/team/Shared%20Documents"
                             : "https://contoso-my.sharepoint.example/personal/" +
                                   tenant_.users()[owner_].nickname + "_contoso_example/Documents";
  std::string path;
  for (; index != 0; index = nodes_[index].parent) {
    path.insert(0, "/" + encode_path_segment(item_name(index)));
  }
  return url + path;
}

std::uint64_t DriveItem::hash() const {
  return mix(drive->seed(), index, 96);
}

std::string DriveItem::etag() const {
  return "\"{" + drive->ids().item_guid(index) + "}," + std::to_string(1 + hash() % 6) + "\"";
}

std::string DriveItem::content_tag() const {
  return "\"c:{" + drive->ids().item_guid(index) + "}," + std::to_string(1 + hash() % 4) + "\"";
}

Ticks DriveItem::created() const {
  return ticks_of(2025, 1, 1) + static_cast<Ticks>(hash() % (520ULL * 86400)) * kSecond;
}

Ticks DriveItem::modified() const {
  return std::min(created() + static_cast<Ticks>(mix(hash(), 1) % (200ULL * 86400)) * kSecond,
                  reference_now());
}

std::string_view DriveItem::mime_type() const {
  const std::string name = drive->item_name(index);
  for (const FileType& type : file_types()) {
    if (!type.extension.empty() && name.ends_with(type.extension)) return type.mime_type;
  }
  return "application/octet-stream";
}

}  // namespace graphodbc::emulator::data
