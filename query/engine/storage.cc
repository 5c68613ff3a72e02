#include "query/engine/storage.h"

#include <sqlite3.h>

#include <cmath>
#include <cstring>
#include <string>

#include "base/error.h"
#include "base/json_text.h"
#include "query/expression/cast.h"
#include "query/expression/decimal.h"
#include "query/expression/expression.h"
#include "query/expression/number.h"

namespace graphodbc::query {
namespace {

using base::Cell;
using base::CellKind;
using base::Int128;
using base::SqlType;
using base::TypeInfo;

constexpr std::uint32_t kNarrowDigits = 18;
__extension__ typedef unsigned __int128 Uint128;

[[noreturn]] void does_not_fit(const TypeInfo& type) {
  throw base::Error("22018", "a value from the service does not fit " + type_name(type));
}

[[noreturn]] void out_of_range(const TypeInfo& type) {
  throw base::Error("22003", "a number is out of the range of " + type_name(type));
}

StoredValue of_integer(std::int64_t value) {
  StoredValue stored;
  stored.kind = StoredKind::kInteger;
  stored.integer = value;
  return stored;
}

StoredValue of_real(double value) {
  StoredValue stored;
  if (std::isnan(value)) return stored;
  stored.kind = StoredKind::kReal;
  stored.real = value;
  return stored;
}

StoredValue of_bytes(StoredKind kind, std::string_view bytes) {
  StoredValue stored;
  stored.kind = kind;
  stored.length = static_cast<std::uint32_t>(bytes.size());
  stored.bytes = bytes.data();
  return stored;
}

bool is_narrow(const TypeInfo& type) {
  return type.size <= kNarrowDigits;
}

// Big-endian with the sign turned round: memcmp then orders as the numbers.
StoredValue of_wide(Int128 value, char* scratch) {
  Uint128 bits = static_cast<Uint128>(value) ^ (static_cast<Uint128>(1) << 127);
  for (std::size_t at = Storage::kWideBytes; at-- > 0;) {
    scratch[at] = static_cast<char>(static_cast<unsigned char>(bits));
    bits >>= 8;
  }
  return of_bytes(StoredKind::kBlob, {scratch, Storage::kWideBytes});
}

Int128 wide_value(std::string_view bytes) {
  Uint128 bits = 0;
  for (const char c : bytes) bits = (bits << 8) | static_cast<unsigned char>(c);
  return static_cast<Int128>(bits ^ (static_cast<Uint128>(1) << 127));
}

// ---- Cell to storage ----

StoredValue store_whole(const Cell& cell, const TypeInfo& type, char*) {
  if (cell.kind == CellKind::kInt64 || cell.kind == CellKind::kBool) [[likely]] {
    return of_integer(cell.integer);
  }
  if (!is_number_cell(cell.kind)) does_not_fit(type);
  const auto whole = int64_of(cell);
  if (whole && compare_numbers(Cell::of_int64(*whole), cell) == 0) return of_integer(*whole);
  return of_real(double_of(cell));
}

StoredValue store_real(const Cell& cell, const TypeInfo& type, char*) {
  if (cell.kind == CellKind::kDouble) [[likely]] {
    return of_real(cell.real);
  }
  if (!is_number_cell(cell.kind)) does_not_fit(type);
  return of_real(double_of(cell));
}

StoredValue store_decimal(const Cell& cell, const TypeInfo& type, char* scratch) {
  if (cell.kind == CellKind::kDecimal && cell.scale == type.scale && is_narrow(type)) [[likely]] {
    return of_integer(cell.integer);
  }
  if (!is_number_cell(cell.kind)) does_not_fit(type);
  const auto exact = cell.kind == CellKind::kDouble ? decimal_of_double(cell.real)
                                                    : std::optional<Decimal>(decimal_of(cell));
  const auto scaled =
      exact ? rescale(*exact, type.scale, Rounding::kHalfAwayFromZero) : std::nullopt;
  if (!scaled) out_of_range(type);
  if (!is_narrow(type)) return of_wide(scaled->value, scratch);
  if (scaled->value > INT64_MAX || scaled->value < INT64_MIN) out_of_range(type);
  return of_integer(static_cast<std::int64_t>(scaled->value));
}

template <CellKind expected>
StoredValue store_datetime(const Cell& cell, const TypeInfo& type, char*) {
  if (cell.kind != expected) [[unlikely]] {
    does_not_fit(type);
  }
  return of_integer(cell.integer);
}

StoredValue store_text(const Cell& cell, const TypeInfo& type, char* scratch) {
  switch (cell.kind) {
    case CellKind::kText:
    case CellKind::kJson:
      return of_bytes(StoredKind::kText, cell.view());
    case CellKind::kJsonText:
      if (!base::has_json_escape(cell.view())) return of_bytes(StoredKind::kText, cell.view());
      return of_bytes(StoredKind::kText, {scratch, base::unescape_json(cell.view(), scratch)});
    default:
      does_not_fit(type);
  }
}

StoredValue store_bytes(const Cell& cell, const TypeInfo& type, char* scratch) {
  if (cell.kind == CellKind::kBinary || cell.kind == CellKind::kGuid) {
    return of_bytes(StoredKind::kBlob, cell.view());
  }
  if (cell.kind != CellKind::kBase64) does_not_fit(type);
  const auto size = base::decode_base64(cell.view(), scratch);
  if (!size) does_not_fit(type);
  return of_bytes(StoredKind::kBlob, {scratch, *size});
}

// ---- Storage to cell ----

Cell load_bit(const StoredValue& value, const TypeInfo&, base::Arena&) {
  if (value.kind == StoredKind::kInteger) return Cell::of_bool(value.integer != 0);
  return value.kind == StoredKind::kReal ? Cell::of_double(value.real) : Cell();
}

Cell load_whole(const StoredValue& value, const TypeInfo&, base::Arena&) {
  if (value.kind == StoredKind::kInteger) return Cell::of_int64(value.integer);
  return value.kind == StoredKind::kReal ? Cell::of_double(value.real) : Cell();
}

Cell load_real(const StoredValue& value, const TypeInfo&, base::Arena&) {
  if (value.kind == StoredKind::kReal) return Cell::of_double(value.real);
  return value.kind == StoredKind::kInteger ? Cell::of_double(static_cast<double>(value.integer))
                                            : Cell();
}

Cell load_decimal(const StoredValue& value, const TypeInfo& type, base::Arena& arena) {
  const auto scale = static_cast<std::uint8_t>(type.scale);
  if (value.kind == StoredKind::kInteger) return Cell::of_decimal(value.integer, scale);
  if (value.kind != StoredKind::kBlob) return {};
  return decimal_cell({wide_value(value.view()), scale}, arena);
}

template <CellKind kind>
Cell load_datetime(const StoredValue& value, const TypeInfo&, base::Arena&) {
  return value.kind == StoredKind::kInteger ? Cell::of_integer(kind, value.integer) : Cell();
}

template <CellKind kind>
Cell load_bytes(const StoredValue& value, const TypeInfo&, base::Arena&) {
  return value.has_bytes() ? Cell::of_bytes(kind, value.view()) : Cell();
}

// How a type is stored; types of one form whose scales agree compare directly.
enum class Form : std::uint8_t {
  kNumber,  // whole or floating: SQLite compares the two exactly
  kNarrowDecimal,
  kWideDecimal,
  kDate,
  kTime,
  kTimestamp,
  kText,
  kBytes,
};

Form form_of(const TypeInfo& type) {
  switch (type.type) {
    case SqlType::kBit:
    case SqlType::kSmallInt:
    case SqlType::kInteger:
    case SqlType::kBigInt:
    case SqlType::kReal:
    case SqlType::kDouble:
      return Form::kNumber;
    case SqlType::kDecimal:
      if (!is_narrow(type)) return Form::kWideDecimal;
      return type.scale == 0 ? Form::kNumber : Form::kNarrowDecimal;
    case SqlType::kDate:
      return Form::kDate;
    case SqlType::kTime:
      return Form::kTime;
    case SqlType::kTimestamp:
      return Form::kTimestamp;
    case SqlType::kGuid:
    case SqlType::kVarBinary:
    case SqlType::kLongVarBinary:
      return Form::kBytes;
    case SqlType::kUnknown:
    case SqlType::kWChar:
    case SqlType::kWVarChar:
    case SqlType::kWLongVarChar:
      break;
  }
  return Form::kText;
}

}  // namespace

StoredValue view_of(sqlite3_value* value) {
  StoredValue stored;
  switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
      return of_integer(sqlite3_value_int64(value));
    case SQLITE_FLOAT:
      return of_real(sqlite3_value_double(value));
    case SQLITE_TEXT:
      stored.kind = StoredKind::kText;
      break;
    case SQLITE_BLOB:
      stored.kind = StoredKind::kBlob;
      break;
    default:
      return stored;
  }
  // sqlite3_value_text() would copy a text to end it with NUL; the blob call gives the same bytes.
  const void* bytes = sqlite3_value_blob(value);
  stored.bytes = bytes == nullptr ? "" : static_cast<const char*>(bytes);
  stored.length = static_cast<std::uint32_t>(sqlite3_value_bytes(value));
  return stored;
}

Storage::Storage(const TypeInfo& type)
    : type_(type),
      foreign_(form_of(type) == Form::kText ? StoredKind::kBlob : StoredKind::kText),
      is_wide_(form_of(type) == Form::kWideDecimal),
      store_(store_text) {
  load_ = load_bytes<CellKind::kText>;
  if (type.type == SqlType::kDecimal) {
    store_ = store_decimal;
    load_ = load_decimal;
    return;
  }
  switch (form_of(type)) {
    case Form::kNumber:
      store_ = base::is_approximate(type.type) ? store_real : store_whole;
      load_ = base::is_approximate(type.type)    ? load_real
              : type.type == base::SqlType::kBit ? load_bit
                                                 : load_whole;
      break;
    case Form::kDate:
      store_ = store_datetime<CellKind::kDate>;
      load_ = load_datetime<CellKind::kDate>;
      break;
    case Form::kTime:
      store_ = store_datetime<CellKind::kTime>;
      load_ = load_datetime<CellKind::kTime>;
      break;
    case Form::kTimestamp:
      store_ = store_datetime<CellKind::kTimestamp>;
      load_ = load_datetime<CellKind::kTimestamp>;
      break;
    case Form::kBytes:
      store_ = store_bytes;
      load_ =
          type.type == SqlType::kGuid ? load_bytes<CellKind::kGuid> : load_bytes<CellKind::kBinary>;
      break;
    case Form::kNarrowDecimal:
    case Form::kWideDecimal:
    case Form::kText:
      break;
  }
}

Cell Storage::load_copy(const StoredValue& value, base::Arena& arena) const {
  Cell cell = load(value, arena);
  if (cell.kind >= CellKind::kText) cell.text = arena.copy(cell.view()).data();
  return cell;
}

bool same_storage(const TypeInfo& left, const TypeInfo& right) {
  const Form form = form_of(left);
  if (form != form_of(right)) return false;
  if (form == Form::kNarrowDecimal || form == Form::kWideDecimal) return left.scale == right.scale;
  return true;
}

// A whole number that is to be DOUBLE must be one: SQLite shows which it is.
bool passes_as(const TypeInfo& from, const TypeInfo& to) {
  return same_storage(from, to) && base::is_approximate(from.type) == base::is_approximate(to.type);
}

std::optional<Cell> exact_cell(const Cell& constant, const TypeInfo& type, base::Arena& arena) {
  if (constant.is_null()) return constant;
  if (!is_number_cell(constant.kind)) {
    // The binder converted it to the family already; what is of another kind is not comparable.
    switch (form_of(type)) {
      case Form::kText:
        if (constant.kind == CellKind::kText) return constant;
        break;
      case Form::kBytes:
        if (constant.kind == CellKind::kBinary || constant.kind == CellKind::kGuid) return constant;
        break;
      case Form::kDate:
        if (constant.kind == CellKind::kDate) return constant;
        break;
      case Form::kTime:
        if (constant.kind == CellKind::kTime) return constant;
        break;
      case Form::kTimestamp:
        if (constant.kind == CellKind::kTimestamp) return constant;
        break;
      default:
        break;
    }
    return std::nullopt;
  }
  switch (form_of(type)) {
    case Form::kNumber: {
      const auto whole = int64_of(constant);
      const bool is_whole = whole && compare_numbers(Cell::of_int64(*whole), constant) == 0;
      if (type.type == SqlType::kDecimal) {
        return is_whole ? std::optional<Cell>(Cell::of_decimal(*whole, 0)) : std::nullopt;
      }
      if (is_whole && !base::is_approximate(type.type)) return Cell::of_int64(*whole);
      const double real = double_of(constant);
      if (std::isnan(real) || compare_numbers(Cell::of_double(real), constant) != 0) {
        return std::nullopt;
      }
      return Cell::of_double(real);
    }
    case Form::kNarrowDecimal:
    case Form::kWideDecimal: {
      if (constant.kind == CellKind::kDouble) return std::nullopt;
      const auto scaled = rescale(decimal_of(constant), type.scale, Rounding::kTowardZero);
      if (!scaled || compare(*scaled, decimal_of(constant)) != 0) return std::nullopt;
      if (is_narrow(type) && (scaled->value > INT64_MAX || scaled->value < INT64_MIN)) {
        return std::nullopt;
      }
      return decimal_cell(*scaled, arena);
    }
    default:
      return std::nullopt;
  }
}

}  // namespace graphodbc::query
