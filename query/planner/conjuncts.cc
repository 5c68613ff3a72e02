#include "query/planner/conjuncts.h"

#include <algorithm>
#include <unordered_set>

#include "base/utf.h"
#include "query/pushdown/pushed.h"

namespace graphodbc::query {
namespace {

// The column under a conversion that a comparison put around it (GUID, longer text).
const Expression& under_casts(const Expression& expression) {
  const Expression* at = &expression;
  while (at->kind == NodeKind::kCast &&
         (base::is_text(at->type.type) || at->type.type == base::SqlType::kGuid)) {
    at = &at->child(0);
  }
  return *at;
}

bool is_column(const Expression& expression, std::uint32_t column) {
  const Expression& inner = under_casts(expression);
  return inner.kind == NodeKind::kColumn && inner.index == column;
}

std::string guid_text(std::string_view bytes) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    const auto byte = static_cast<unsigned char>(bytes[i]);
    text += kHex[byte >> 4];
    text += kHex[byte & 15];
  }
  return text;
}

// Each text once; another table's keys can be many.
struct Texts {
  std::vector<std::string> in_order;
  std::unordered_set<std::string> known;  // folded where the column ignores case
};

// False when the constant is of no kind that a path can hold.
bool add_text(const Expression& constant, const schema::Column& description, Texts& texts) {
  std::string text;
  if (!constant.is_literal()) {
    if (!is_constant(constant)) return false;
    text = "?";
  } else if (constant.cell.is_null()) {
    return true;  // equal to nothing
  } else if (constant.cell.kind == base::CellKind::kText) {
    text = constant.cell.view();
  } else if (constant.cell.kind == base::CellKind::kGuid) {
    text = guid_text(constant.cell.view());
  } else if (constant.cell.kind == base::CellKind::kTimestamp) {
    text = odata_exact_timestamp(constant.cell.integer);
  } else {
    return false;
  }
  std::string key = description.type.nocase ? base::fold_case(text) : text;
  if (texts.known.insert(std::move(key)).second) texts.in_order.push_back(std::move(text));
  return true;
}

bool add_texts(const Expression& conjunct, std::uint32_t column, const schema::Column& description,
               Texts& texts) {
  switch (conjunct.kind) {
    case NodeKind::kComparison: {
      if (conjunct.comparison != CompareOp::kEqual) return false;
      const bool left = is_column(conjunct.child(0), column);
      if (!left && !is_column(conjunct.child(1), column)) return false;
      return add_text(under_casts(conjunct.child(left ? 1 : 0)), description, texts);
    }
    case NodeKind::kInList:
      if (conjunct.negated || !is_column(conjunct.child(0), column)) return false;
      for (std::size_t i = 1; i < conjunct.children.size(); ++i) {
        if (!add_text(under_casts(conjunct.child(i)), description, texts)) return false;
      }
      return true;
    case NodeKind::kOr:
      return std::all_of(conjunct.children.begin(), conjunct.children.end(),
                         [&](const ExpressionPtr& child) {
                           return add_texts(*child, column, description, texts);
                         });
    default:
      return false;
  }
}

}  // namespace

std::vector<ExpressionPtr> split_conjuncts(ExpressionPtr condition) {
  std::vector<ExpressionPtr> parts;
  if (!condition) return parts;
  if (condition->kind != NodeKind::kAnd) {
    parts.push_back(std::move(condition));
    return parts;
  }
  for (ExpressionPtr& child : condition->children) {
    for (ExpressionPtr& part : split_conjuncts(std::move(child))) parts.push_back(std::move(part));
  }
  return parts;
}

bool is_never_true(const Expression& conjunct) {
  return conjunct.is_literal() && (conjunct.cell.is_null() || conjunct.cell.integer == 0);
}

std::optional<std::vector<std::string>> allowed_texts(const Expression& conjunct,
                                                      std::uint32_t column,
                                                      const schema::Column& description) {
  Texts texts;
  if (!add_texts(conjunct, column, description, texts)) return std::nullopt;
  return std::move(texts.in_order);
}

std::optional<std::vector<std::string>> allowed_texts(const std::vector<ExpressionPtr>& conjuncts,
                                                      std::uint32_t column,
                                                      const schema::Column& description,
                                                      std::size_t& used) {
  for (std::size_t i = 0; i < conjuncts.size(); ++i) {
    if (auto texts = allowed_texts(*conjuncts[i], column, description)) {
      used = i;
      return texts;
    }
  }
  return std::nullopt;
}

bool contradict(const std::vector<ExpressionPtr>& conjuncts) {
  struct Fixed {
    std::uint32_t column;
    const Expression* conjunct;
    const Expression* literal;
  };
  std::vector<Fixed> fixed;
  base::Arena arena;
  EvalContext context(arena);
  for (const ExpressionPtr& conjunct : conjuncts) {
    if (conjunct->kind != NodeKind::kComparison || conjunct->comparison != CompareOp::kEqual) {
      continue;
    }
    const bool left = conjunct->child(0).kind == NodeKind::kColumn;
    const Expression& column = conjunct->child(left ? 0 : 1);
    const Expression& literal = conjunct->child(left ? 1 : 0);
    if (column.kind != NodeKind::kColumn || !literal.is_literal() || literal.is_null_literal()) {
      continue;
    }
    for (const Fixed& other : fixed) {
      if (other.column == column.index && other.conjunct->compare == conjunct->compare &&
          other.conjunct->nocase == conjunct->nocase &&
          conjunct->compare(other.literal->cell, literal.cell, conjunct->nocase, context) != 0) {
        return true;
      }
    }
    fixed.push_back({column.index, conjunct.get(), &literal});
  }
  return false;
}

bool is_fixed(const std::vector<ExpressionPtr>& conjuncts, std::uint32_t column) {
  return std::any_of(conjuncts.begin(), conjuncts.end(), [&](const ExpressionPtr& conjunct) {
    if (conjunct->kind != NodeKind::kComparison || conjunct->comparison != CompareOp::kEqual) {
      return false;
    }
    const Expression& left = conjunct->child(0);
    const Expression& right = conjunct->child(1);
    const bool is_left = left.kind == NodeKind::kColumn && left.index == column;
    const bool is_right = right.kind == NodeKind::kColumn && right.index == column;
    return (is_left && is_constant(right)) || (is_right && is_constant(left));
  });
}

}  // namespace graphodbc::query
