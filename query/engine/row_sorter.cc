#include "query/engine/row_sorter.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/utf.h"

namespace graphodbc::query {
namespace {

// Comparisons between two looks at cancel and deadline: about a millisecond.
constexpr std::uint32_t kBetweenLooks = 1 << 14;

template <typename T>
int three_way(const T& left, const T& right) {
  return left < right ? -1 : static_cast<int>(right < left);
}

// Both have a value, and one form: that of the column's type.
int compare(const StoredValue& left, const StoredValue& right, bool nocase) {
  switch (left.kind) {
    case StoredKind::kInteger:
      return three_way(left.integer, right.integer);
    case StoredKind::kReal:
      return three_way(left.real, right.real);
    default:
      break;
  }
  return nocase ? base::compare_text(left.view(), right.view(), true)
                : three_way(left.view(), right.view());
}

}  // namespace

RowSorter::RowSorter(const GivenRows& rows, std::vector<SortKey> keys)
    : rows_(rows), keys_(std::move(keys)) {}

std::uint64_t RowSorter::prefix(const StoredValue& value) const {
  const SortKey& key = keys_.front();
  switch (value.kind) {
    case StoredKind::kNull:
      return key.nulls_first == key.descending ? UINT64_MAX : 0;
    case StoredKind::kInteger:
      return static_cast<std::uint64_t>(value.integer) ^ (std::uint64_t{1} << 63);
    case StoredKind::kReal:
      return 1;  // all alike
    default:
      break;
  }
  if (key.nocase) return 1;
  std::uint64_t bytes = 0;
  const std::string_view text = value.view();
  for (std::size_t at = 0; at < sizeof(bytes); ++at) {
    bytes = bytes << 8 | (at < text.size() ? static_cast<unsigned char>(text[at]) : 0U);
  }
  return bytes;
}

void RowSorter::add(const StoredBatch& batch) {
  const std::size_t column = keys_.front().column;
  for (std::size_t row = 0; row < batch.row_count(); ++row) {
    entries_.push_back(
        {prefix(batch.row(row)[column]), row_number(batches_, static_cast<std::uint32_t>(row))});
  }
  ++batches_;
}

bool RowSorter::precedes(const Entry& left, const Entry& right) const {
  if (left.prefix != right.prefix) {
    return keys_.front().descending ? left.prefix > right.prefix : left.prefix < right.prefix;
  }
  const StoredValue* left_row = rows_.row(left.number);
  const StoredValue* right_row = rows_.row(right.number);
  for (const SortKey& key : keys_) {
    const StoredValue& a = left_row[key.column];
    const StoredValue& b = right_row[key.column];
    const bool a_null = a.kind == StoredKind::kNull;
    const bool b_null = b.kind == StoredKind::kNull;
    if (a_null && b_null) continue;
    if (a_null || b_null) return a_null == key.nulls_first;
    const int order = compare(a, b, key.nocase);
    if (order != 0) return key.descending ? order > 0 : order < 0;
  }
  return left.number < right.number;
}

void RowSorter::sort(const std::function<void()>& look) {
  std::uint32_t comparisons = 0;
  std::sort(entries_.begin(), entries_.end(), [&](const Entry& left, const Entry& right) {
    if (++comparisons % kBetweenLooks == 0) look();
    return precedes(left, right);
  });
}

}  // namespace graphodbc::query
