// One drive: a tree of compact records; names, times and tags are worked out on demand.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/data/clock.h"
#include "emulator/data/ids.h"
#include "emulator/data/phrases.h"
#include "emulator/data/resource.h"

namespace graphodbc::emulator::data {

class Tenant;

enum class NodeKind : std::uint8_t { kFolder, kFile, kPackage };

struct DriveNode {
  std::uint32_t parent = 0;
  std::uint32_t first_child = 0;  // into Drive::children_
  std::uint32_t child_count = 0;
  NodeKind kind = NodeKind::kFile;
  std::uint8_t depth = 0;
  std::int64_t size = 0;  // of a folder: everything below it
};

class Drive {
 public:
  // `items` counts everything below the root.
  Drive(const Tenant& tenant, std::size_t owner, std::uint64_t seed, std::size_t items,
        std::string name, bool library);

  const Tenant& tenant() const { return tenant_; }
  std::size_t owner() const { return owner_; }
  const std::string& name() const { return name_; }
  bool is_library() const { return library_; }
  const DriveIds& ids() const { return ids_; }
  std::uint64_t seed() const { return seed_; }
  const std::vector<DriveNode>& nodes() const { return nodes_; }  // the root first

  std::string item_name(std::uint32_t index) const;
  // Position below a folder, ordered by name; `position` < child_count.
  std::uint32_t child(std::uint32_t folder, std::size_t position) const {
    return children_[nodes_[folder].first_child + position];
  }
  std::optional<std::uint32_t> find_child(std::uint32_t folder, std::string_view name) const;
  std::optional<std::uint32_t> find_item(std::string_view id) const;  // "root" is taken too
  // "/A/B", without encoding; empty for the root.
  std::string path_of(std::uint32_t index) const;
  std::string web_url(std::uint32_t index) const;

 private:
  void make_nodes(std::size_t items);
  void link_children();

  const Tenant& tenant_;
  std::size_t owner_;
  std::uint64_t seed_;
  std::string name_;
  bool library_;
  DriveIds ids_;
  std::vector<DriveNode> nodes_;
  std::vector<std::uint32_t> children_;
};

struct DriveItem {
  const Drive* drive;
  std::uint32_t index;

  const DriveNode& node() const { return drive->nodes()[index]; }
  std::uint64_t hash() const;
  bool is_root() const { return index == 0; }
  bool is_folder() const { return node().kind == NodeKind::kFolder; }
  bool is_file() const { return node().kind == NodeKind::kFile; }
  Ticks created() const;
  Ticks modified() const;
  std::string_view mime_type() const;
  // The tags of the item and of its content, quotes included. Folders show no content tag.
  std::string etag() const;
  std::string content_tag() const;
  bool is_image() const { return is_file() && mime_type().starts_with("image/"); }
};

struct DriveView {
  const Drive* drive;
};

const Schema<DriveItem>& drive_item_schema();
const Schema<DriveView>& drive_schema();

}  // namespace graphodbc::emulator::data
