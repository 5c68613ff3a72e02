// Aggregates and window functions: names, arguments, types (sql-dialect.md 4.6).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "query/expression/expression.h"

namespace graphodbc::query {

struct Aggregate {
  AggregateId id;
  std::string_view name;
  std::uint8_t min_args;
  std::uint8_t max_args;
  bool window_only;  // needs an OVER clause
};

// By its name in upper case; null when there is none.
const Aggregate* find_aggregate(std::string_view name);
std::string_view aggregate_name(AggregateId id);

struct AggregateParts {
  std::vector<ExpressionPtr> arguments;  // none: COUNT(*), ROW_NUMBER() ...
  ExpressionPtr filter;                  // null without FILTER
  bool distinct = false;
};

struct WindowParts {
  std::vector<ExpressionPtr> partitions;
  std::vector<ExpressionPtr> orders;
  std::vector<AggregateCall::Order> directions;  // one an order
  std::optional<AggregateCall::Frame> frame;
  ExpressionPtr start_offset;  // of the frame, where it has one
  ExpressionPtr end_offset;
};

// Infer markers, convert the arguments, derive the type. 42000 for arguments that do not fit. How
// many arguments there are has been checked.
ExpressionPtr make_aggregate(BindContext& context, const Aggregate& aggregate, AggregateParts parts,
                             Position position);
ExpressionPtr make_window(BindContext& context, const Aggregate& aggregate, AggregateParts parts,
                          WindowParts window, Position position);

}  // namespace graphodbc::query
