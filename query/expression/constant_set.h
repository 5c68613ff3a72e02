// The members of a long IN list of constants, hashed.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/cell.h"
#include "query/expression/expression.h"

namespace graphodbc::query {

class ConstantSet {
 public:
  // Of `items` from the second child on, all literals; null when the members are too few or of
  // kinds that do not hash (numbers that are not whole).
  static std::shared_ptr<const ConstantSet> make(const Expression& in_list);

  bool has_null() const { return has_null_; }
  // `cell` is not null and not invalid. A number that is not whole is compared by the caller.
  bool contains(const base::Cell& cell, base::Arena& arena) const;
  bool takes(base::CellKind kind) const;

 private:
  struct Hash {
    using is_transparent = void;
    bool nocase;
    std::size_t operator()(std::string_view text) const;
  };
  struct Equal {
    using is_transparent = void;
    bool nocase;
    bool operator()(std::string_view left, std::string_view right) const;
  };

  ConstantSet(bool whole, bool nocase) : whole_(whole), texts_(0, Hash{nocase}, Equal{nocase}) {}

  bool whole_;  // integers, dates, times: else texts or bytes
  bool has_null_ = false;
  std::unordered_set<std::int64_t> integers_;
  std::unordered_set<std::string, Hash, Equal> texts_;
};

}  // namespace graphodbc::query
