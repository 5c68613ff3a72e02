// Aggregates that SQLite lacks or computes otherwise (sql-dialect.md 4.6). Sums are kept wider than
// their inputs, so that neither the order of the rows nor a moving window frame changes a result.
#include <cmath>
#include <deque>
#include <memory>
#include <string>
#include <unordered_set>
#include <utility>

#include "base/utf.h"
#include "query/engine/memory.h"
#include "query/engine/sqlite_host.h"
#include "query/expression/cast.h"
#include "query/expression/decimal.h"
#include "query/expression/number.h"

namespace graphodbc::query {
namespace {

using base::Cell;
using base::Int128;
using Kind = AggregateSpec::Kind;

// 113 bits of fraction and 15 of exponent: squares of doubles neither overflow nor lose digits.
__extension__ typedef __float128 Quad;

// A registered aggregate. Owned by the connection.
struct Aggregate {
  Aggregate(SqliteHost& owner, AggregateSpec what)
      : host(owner), spec(std::move(what)), argument(spec.argument), result(spec.result) {}

  [[noreturn]] void out_of_range(const char* what) const {
    fail("22003", std::string("the ") + what + " is out of the range of " + type_name(spec.result),
         spec.position);
  }

  SqliteHost& host;
  const AggregateSpec spec;
  const Storage argument;
  const Storage result;
  base::Arena arena;  // of one call
};

void give_cell(sqlite3_context* context, Aggregate& self, const Cell& cell) {
  char* scratch = self.arena.allocate(self.result.scratch_size(cell));
  give_result(context, self.result.store(cell, scratch), false);
}

// SUM and AVG of whole numbers and DECIMAL: exact.
struct ExactSum {
  Int128 sum = 0;
  std::int64_t count = 0;

  void add(Aggregate& self, sqlite3_value** values, bool out) {
    const StoredValue value = view_of(values[0]);
    if (value.kind == StoredKind::kNull) return;
    Int128 number = value.integer;
    if (value.kind != StoredKind::kInteger) {
      self.arena.clear();
      number = rescaled(self, self.argument.load(value, self.arena));
    }
    const bool failed =
        out ? __builtin_sub_overflow(sum, number, &sum) : __builtin_add_overflow(sum, number, &sum);
    if (failed) self.out_of_range("sum");
    count += out ? -1 : 1;
  }
  void value(Aggregate& self, sqlite3_context* context) const {
    if (count == 0) return sqlite3_result_null(context);
    self.arena.clear();
    const base::TypeInfo& type = self.spec.result;
    const int scale = self.spec.argument.scale;
    if (type.type == base::SqlType::kDecimal) {
      const auto exact = self.spec.kind == Kind::kAvg
                             ? divide({sum, scale}, {count, 0}, type.scale)
                             : rescale({sum, scale}, type.scale, Rounding::kHalfAwayFromZero);
      if (!exact) self.out_of_range(self.spec.kind == Kind::kAvg ? "average" : "sum");
      return give_cell(context, self, decimal_cell(*exact, self.arena));
    }
    if (self.spec.kind == Kind::kAvg) {
      return sqlite3_result_double(
          context, static_cast<double>(static_cast<Quad>(sum) / static_cast<Quad>(count)));
    }
    if (sum > INT64_MAX || sum < INT64_MIN) self.out_of_range("sum");
    sqlite3_result_int64(context, static_cast<std::int64_t>(sum));
  }

 private:
  static Int128 rescaled(const Aggregate& self, const Cell& cell) {
    const auto decimal = cell.kind == base::CellKind::kDouble
                             ? decimal_of_double(cell.real)
                             : std::optional<Decimal>(decimal_of(cell));
    const auto scaled =
        decimal ? rescale(*decimal, self.spec.argument.scale, Rounding::kHalfAwayFromZero)
                : std::nullopt;
    if (!scaled) self.out_of_range("sum");
    return scaled->value;
  }
};

// Powers of floating numbers; infinities are counted apart, because they cannot be taken out again.
struct Moments {
  Quad sum = 0;
  Quad squares = 0;
  std::int64_t count = 0;
  std::int64_t positive_infinities = 0;
  std::int64_t negative_infinities = 0;

  void add(Aggregate& self, sqlite3_value** values, bool out) {
    const StoredValue value = view_of(values[0]);
    if (value.kind == StoredKind::kNull) return;
    const int sign = out ? -1 : 1;
    count += sign;
    if (value.kind == StoredKind::kReal && std::isinf(value.real)) {
      (value.real > 0 ? positive_infinities : negative_infinities) += sign;
      return;
    }
    const Quad number = number_of(self, value);
    sum += sign * number;
    squares += sign * number * number;
  }
  void value(Aggregate& self, sqlite3_context* context) const {
    const Kind kind = self.spec.kind;
    const bool sample = kind == Kind::kVarSamp || kind == Kind::kStddevSamp;
    if (count < (sample ? 2 : 1)) return sqlite3_result_null(context);
    const bool spread = kind != Kind::kSum && kind != Kind::kAvg;
    if (positive_infinities > 0 || negative_infinities > 0) {
      // The sum of both infinities, and any distance from one, is no number: NULL here.
      if (spread || (positive_infinities > 0 && negative_infinities > 0)) {
        return sqlite3_result_null(context);
      }
      return sqlite3_result_double(context, positive_infinities > 0 ? INFINITY : -INFINITY);
    }
    const Quad rows = static_cast<Quad>(count);
    double result = 0;
    if (kind == Kind::kSum) {
      result = static_cast<double>(sum);
    } else if (kind == Kind::kAvg) {
      result = static_cast<double>(sum / rows);
    } else {
      Quad variance = (squares - sum * sum / rows) / (sample ? rows - 1 : rows);
      if (variance < 0) variance = 0;
      const bool root = kind == Kind::kStddevSamp || kind == Kind::kStddevPop;
      result = root ? std::sqrt(static_cast<double>(variance)) : static_cast<double>(variance);
    }
    if (!std::isfinite(result)) self.out_of_range("sum");
    sqlite3_result_double(context, result);
  }

 private:
  static Quad number_of(Aggregate& self, const StoredValue& value) {
    if (value.kind == StoredKind::kReal) return value.real;
    if (value.kind == StoredKind::kInteger && self.spec.argument.type != base::SqlType::kDecimal) {
      return static_cast<Quad>(value.integer);
    }
    self.arena.clear();
    const Decimal number = decimal_of(self.argument.load(value, self.arena));
    return static_cast<Quad>(number.value) / static_cast<Quad>(power_of_ten(number.scale));
  }
};

// STRING_AGG. A frame that moves takes pieces off the front.
struct Text {
  struct Piece {
    std::size_t separator;
    std::size_t text;
  };
  std::basic_string<char, std::char_traits<char>, CountedAllocator<char>> bytes;
  std::size_t begin = 0;  // of the first piece's text
  std::deque<Piece, CountedAllocator<Piece>> pieces;
  std::unordered_set<std::string> seen;  // of DISTINCT

  void add(Aggregate& self, sqlite3_value** values, bool out) {
    const StoredValue value = view_of(values[0]);
    if (value.kind == StoredKind::kNull) return;
    if (out) return take_first();
    if (self.spec.distinct && !is_first(self, value)) return;
    std::string_view separator;
    StoredValue given;
    if (self.spec.separator) {
      separator = *self.spec.separator;
    } else if (given = view_of(values[1]); given.kind == StoredKind::kText) {
      separator = given.view();
    }
    if (pieces.empty()) {
      bytes.clear();
      begin = 0;
      separator = {};
    }
    bytes.append(separator);
    bytes.append(value.view());
    pieces.push_back({separator.size(), value.length});
  }
  void value(Aggregate&, sqlite3_context* context) const {
    if (pieces.empty()) return sqlite3_result_null(context);
    StoredValue text;
    text.kind = StoredKind::kText;
    text.bytes = bytes.data() + begin;
    const std::size_t size = bytes.size() - begin;
    if (size > UINT32_MAX) return sqlite3_result_error_toobig(context);
    text.length = static_cast<std::uint32_t>(size);
    give_result(context, text, false);
  }

 private:
  bool is_first(const Aggregate& self, const StoredValue& value) {
    std::string key(value.view());
    return seen.insert(self.spec.argument.nocase ? base::fold_case(key) : std::move(key)).second;
  }
  void take_first() {
    if (pieces.empty()) return;
    begin += pieces.front().text;
    pieces.pop_front();
    if (!pieces.empty()) begin += pieces.front().separator;
    if (begin > bytes.size() / 2) {
      bytes.erase(0, begin);
      begin = 0;
    }
  }
};

struct One {
  sqlite3_value* only = nullptr;
  bool seen = false;

  One() = default;
  One(const One&) = delete;
  One& operator=(const One&) = delete;
  ~One() { sqlite3_value_free(only); }

  void add(Aggregate& self, sqlite3_value** values, bool) {
    if (seen) {
      fail("21000",
           "a subquery used as a value returned more than one row: aggregate it, or add "
           "FETCH FIRST ROW ONLY",
           self.spec.position);
    }
    seen = true;
    only = sqlite3_value_dup(values[0]);
    if (only == nullptr) throw std::bad_alloc();
  }
  void value(Aggregate&, sqlite3_context* context) const { sqlite3_result_value(context, only); }
};

// SQLite's callbacks over one kind of state. Its memory is aligned to 8 bytes and ends without a
// destructor, so it holds a pointer.
template <typename State>
struct Callbacks {
  static Aggregate& self_of(sqlite3_context* context) {
    return *static_cast<Aggregate*>(sqlite3_user_data(context));
  }
  template <typename Work>
  static void guarded(sqlite3_context* context, Work work) {
    try {
      work();
    } catch (...) {
      self_of(context).host.keep_failure(std::current_exception());
      sqlite3_result_error(context, "", 0);
    }
  }
  static void change(sqlite3_context* context, sqlite3_value** values, bool out) {
    guarded(context, [&] {
      auto** state = static_cast<State**>(sqlite3_aggregate_context(context, sizeof(State*)));
      if (state == nullptr) throw std::bad_alloc();
      if (*state == nullptr) *state = new State();
      (*state)->add(self_of(context), values, out);
    });
  }
  static void step(sqlite3_context* context, int, sqlite3_value** values) {
    change(context, values, false);
  }
  static void inverse(sqlite3_context* context, int, sqlite3_value** values) {
    change(context, values, true);
  }
  static void value(sqlite3_context* context) {
    auto** state = static_cast<State**>(sqlite3_aggregate_context(context, 0));
    guarded(context, [&] {
      if (state == nullptr || *state == nullptr) return sqlite3_result_null(context);
      (*state)->value(self_of(context), context);
    });
  }
  static void final(sqlite3_context* context) {
    value(context);
    auto** state = static_cast<State**>(sqlite3_aggregate_context(context, 0));
    if (state == nullptr) return;
    delete *state;
    *state = nullptr;
  }
  static void destroy(void* aggregate) { delete static_cast<Aggregate*>(aggregate); }

  static int add_to(SqliteHost& host, AggregateSpec spec) {
    const std::string name = spec.name;
    const int count = spec.kind == Kind::kText && !spec.separator ? 2 : 1;
    const bool windows = spec.kind != Kind::kOne;
    auto aggregate = std::make_unique<Aggregate>(host, std::move(spec));
    // SQLite destroys it also when registering fails.
    return sqlite3_create_window_function(
        host.handle(), name.c_str(), count, SQLITE_UTF8 | SQLITE_DETERMINISTIC, aggregate.release(),
        step, final, windows ? value : nullptr, windows ? inverse : nullptr, destroy);
  }
};

}  // namespace

int register_aggregate(SqliteHost& host, AggregateSpec spec) {
  switch (spec.kind) {
    case Kind::kText:
      return Callbacks<Text>::add_to(host, std::move(spec));
    case Kind::kOne:
      return Callbacks<One>::add_to(host, std::move(spec));
    case Kind::kSum:
    case Kind::kAvg:
      if (!base::is_approximate(spec.argument.type)) {
        return Callbacks<ExactSum>::add_to(host, std::move(spec));
      }
      break;
    default:
      break;
  }
  return Callbacks<Moments>::add_to(host, std::move(spec));
}

}  // namespace graphodbc::query
