#include "query/expression/constant_set.h"

#include "base/utf.h"

namespace graphodbc::query {
namespace {

using base::Cell;
using base::CellKind;

constexpr std::size_t kFewest = 8;  // below, a loop is as fast

bool is_whole_kind(CellKind kind) {
  return kind == CellKind::kBool || kind == CellKind::kInt64 || kind == CellKind::kDate ||
         kind == CellKind::kTime || kind == CellKind::kTimestamp;
}
bool is_bytes_kind(CellKind kind) {
  return kind == CellKind::kText || kind == CellKind::kJsonText || kind == CellKind::kJson ||
         kind == CellKind::kBinary || kind == CellKind::kBase64 || kind == CellKind::kGuid;
}

std::string_view bytes_view(const Cell& cell, base::Arena& arena) {
  return cell.kind == CellKind::kBase64 ? bytes_of(cell, arena) : text_of(cell, arena);
}

}  // namespace

std::size_t ConstantSet::Hash::operator()(std::string_view text) const {
  if (!nocase) return std::hash<std::string_view>{}(text);
  std::uint64_t hash = 0xCBF29CE484222325ULL;  // FNV-1a over folded code points
  for (std::size_t at = 0; at < text.size();) {
    hash = (hash ^ base::fold_case(base::next_code_point(text, at))) * 0x100000001B3ULL;
  }
  return static_cast<std::size_t>(hash);
}

bool ConstantSet::Equal::operator()(std::string_view left, std::string_view right) const {
  return nocase ? base::equal_nocase(left, right) : left == right;
}

std::shared_ptr<const ConstantSet> ConstantSet::make(const Expression& in_list) {
  const std::span<const ExpressionPtr> items = std::span(in_list.children).subspan(1);
  if (items.size() < kFewest) return nullptr;
  bool all_whole = true;
  bool all_bytes = true;
  for (const ExpressionPtr& item : items) {
    if (!item->is_literal()) return nullptr;
    if (item->cell.is_null()) continue;
    all_whole = all_whole && is_whole_kind(item->cell.kind);
    all_bytes = all_bytes && is_bytes_kind(item->cell.kind);
  }
  if (!all_whole && !all_bytes) return nullptr;
  std::shared_ptr<ConstantSet> set(new ConstantSet(all_whole, in_list.nocase));
  base::Arena arena;
  for (const ExpressionPtr& item : items) {
    if (item->cell.is_null()) {
      set->has_null_ = true;
    } else if (all_whole) {
      set->integers_.insert(item->cell.integer);
    } else {
      set->texts_.emplace(bytes_view(item->cell, arena));
    }
  }
  return set;
}

bool ConstantSet::takes(CellKind kind) const {
  return whole_ ? is_whole_kind(kind) : is_bytes_kind(kind);
}

bool ConstantSet::contains(const Cell& cell, base::Arena& arena) const {
  if (whole_) return integers_.contains(cell.integer);
  return texts_.find(bytes_view(cell, arena)) != texts_.end();
}

}  // namespace graphodbc::query
