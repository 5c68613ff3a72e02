#include <mutex>
#include <string>

#include "base/error.h"
#include "driver/attributes/accept.h"
#include "driver/attributes/attribute.h"
#include "driver/handles/connection.h"
#include "driver/handles/statement.h"

namespace graphodbc::driver {

namespace {

using Kind = Acceptance::Kind;

Acceptance zero_else_substituted(SQLULEN value) {
  return {value == 0 ? Kind::kAccepted : Kind::kSubstituted, 0};
}
Acceptance not_zero(SQLULEN value) {
  return {value == 0 ? Kind::kInvalid : Kind::kAccepted, value};
}

// Forward-only until static cursors exist (decisions.md 25). Clients ask for more and go on.
Acceptance cursor_type(SQLULEN value) {
  if (value == SQL_CURSOR_FORWARD_ONLY) return {Kind::kAccepted, value};
  return {value <= SQL_CURSOR_STATIC ? Kind::kSubstituted : Kind::kInvalid,
          SQL_CURSOR_FORWARD_ONLY};
}
Acceptance concurrency(SQLULEN value) {
  if (value == SQL_CONCUR_READ_ONLY) return {Kind::kAccepted, value};
  const bool known = value > SQL_CONCUR_READ_ONLY && value <= SQL_CONCUR_VALUES;
  return {known ? Kind::kSubstituted : Kind::kInvalid, SQL_CONCUR_READ_ONLY};
}
Acceptance simulate(SQLULEN value) {
  if (value == SQL_SC_NON_UNIQUE) return {Kind::kAccepted, value};
  return {value <= SQL_SC_UNIQUE ? Kind::kSubstituted : Kind::kInvalid, SQL_SC_NON_UNIQUE};
}
Acceptance retrieve_data(SQLULEN value) {
  if (value == SQL_RD_ON) return {Kind::kAccepted, value};
  return {value == SQL_RD_OFF ? Kind::kSubstituted : Kind::kInvalid, SQL_RD_ON};
}
Acceptance sensitivity(SQLULEN value) {
  if (value == SQL_UNSPECIFIED) return {Kind::kAccepted, value};
  return {value <= SQL_SENSITIVE ? Kind::kSubstituted : Kind::kInvalid, SQL_UNSPECIFIED};
}

enum class When : unsigned char {
  kAlways,
  kUnprepared,  // HY011 once prepared, 24000 with an open cursor (SQLSetStmtAttr)
};

// Attributes kept as plain values.
struct ValueAttribute {
  SQLINTEGER id;
  AttributeWidth width;
  SQLULEN StatementAttributes::*member;
  Acceptance (*accept)(SQLULEN);
  When when = When::kAlways;
};

constexpr AttributeWidth kLen = AttributeWidth::kLen;
constexpr AttributeWidth kPtr = AttributeWidth::kPointer;
using A = StatementAttributes;

constexpr ValueAttribute kValues[] = {
    {SQL_ATTR_QUERY_TIMEOUT, kLen, &A::query_timeout, timeout},
    {SQL_ATTR_MAX_ROWS, kLen, &A::max_rows, any},
    {SQL_ATTR_NOSCAN, kLen, &A::noscan, flag},
    {SQL_ATTR_MAX_LENGTH, kLen, &A::max_length, any},
    {SQL_ATTR_ASYNC_ENABLE, kLen, &A::async_enable, off_only},
    {SQL_ATTR_CURSOR_TYPE, kLen, &A::cursor_type, cursor_type, When::kUnprepared},
    {SQL_ATTR_CONCURRENCY, kLen, &A::concurrency, concurrency, When::kUnprepared},
    {SQL_ATTR_KEYSET_SIZE, kLen, &A::keyset_size, zero_else_substituted},
    {SQL_ROWSET_SIZE, kLen, &A::rowset_size, not_zero},
    {SQL_ATTR_SIMULATE_CURSOR, kLen, &A::simulate_cursor, simulate, When::kUnprepared},
    {SQL_ATTR_RETRIEVE_DATA, kLen, &A::retrieve_data, retrieve_data},
    {SQL_ATTR_USE_BOOKMARKS, kLen, &A::use_bookmarks, zero_else_substituted, When::kUnprepared},
    {SQL_ATTR_ENABLE_AUTO_IPD, kLen, &A::enable_auto_ipd, off_only},
    {SQL_ATTR_FETCH_BOOKMARK_PTR, kPtr, &A::fetch_bookmark_ptr, any},
    {SQL_ATTR_METADATA_ID, kLen, &A::metadata_id, flag},
    {SQL_ATTR_CURSOR_SCROLLABLE, kLen, &A::cursor_scrollable, zero_else_substituted,
     When::kUnprepared},
    {SQL_ATTR_CURSOR_SENSITIVITY, kLen, &A::cursor_sensitivity, sensitivity, When::kUnprepared},
};

// Attributes that are header fields of a descriptor (SQLSetStmtAttr, "Statement Attributes That Set
// Header Fields in Descriptors").
struct HeaderAttribute {
  SQLINTEGER id;
  AttributeWidth width;
  Descriptor& (*descriptor)(Statement&);
  SQLULEN (*get)(const DescriptorHeader&);
  void (*set)(DescriptorHeader&, SQLULEN);
  Acceptance (*accept)(SQLULEN) = any;
};

Descriptor& ard(Statement& s) {
  return s.ard();
}
Descriptor& apd(Statement& s) {
  return s.apd();
}
Descriptor& ird(Statement& s) {
  return s.ird();
}
Descriptor& ipd(Statement& s) {
  return s.ipd();
}
using H = DescriptorHeader;

template <auto Member>
SQLULEN get_header(const H& header) {
  if constexpr (std::is_pointer_v<std::remove_reference_t<decltype(header.*Member)>>) {
    return reinterpret_cast<SQLULEN>(header.*Member);
  } else {
    return header.*Member;
  }
}
template <auto Member>
void set_header(H& header, SQLULEN value) {
  using Field = std::remove_reference_t<decltype(header.*Member)>;
  if constexpr (std::is_pointer_v<Field>) {
    header.*Member = reinterpret_cast<Field>(value);
  } else {
    header.*Member = value;
  }
}

template <auto Member>
constexpr HeaderAttribute header_attribute(SQLINTEGER id, AttributeWidth width,
                                           Descriptor& (*descriptor)(Statement&),
                                           Acceptance (*accept)(SQLULEN) = any) {
  return {id, width, descriptor, get_header<Member>, set_header<Member>, accept};
}

constexpr HeaderAttribute kHeaders[] = {
    header_attribute<&H::bind_type>(SQL_ATTR_ROW_BIND_TYPE, kLen, ard),
    header_attribute<&H::bind_offset_ptr>(SQL_ATTR_ROW_BIND_OFFSET_PTR, kPtr, ard),
    header_attribute<&H::array_status_ptr>(SQL_ATTR_ROW_OPERATION_PTR, kPtr, ard),
    header_attribute<&H::array_size>(SQL_ATTR_ROW_ARRAY_SIZE, kLen, ard, not_zero),
    header_attribute<&H::array_status_ptr>(SQL_ATTR_ROW_STATUS_PTR, kPtr, ird),
    header_attribute<&H::rows_processed_ptr>(SQL_ATTR_ROWS_FETCHED_PTR, kPtr, ird),
    header_attribute<&H::bind_type>(SQL_ATTR_PARAM_BIND_TYPE, kLen, apd),
    header_attribute<&H::bind_offset_ptr>(SQL_ATTR_PARAM_BIND_OFFSET_PTR, kPtr, apd),
    header_attribute<&H::array_status_ptr>(SQL_ATTR_PARAM_OPERATION_PTR, kPtr, apd),
    header_attribute<&H::array_size>(SQL_ATTR_PARAMSET_SIZE, kLen, apd, not_zero),
    header_attribute<&H::array_status_ptr>(SQL_ATTR_PARAM_STATUS_PTR, kPtr, ipd),
    header_attribute<&H::rows_processed_ptr>(SQL_ATTR_PARAMS_PROCESSED_PTR, kPtr, ipd),
};

base::Error unknown_attribute(SQLINTEGER id) {
  return base::Error("HY092", "there is no statement attribute " + std::to_string(id));
}

void set_application_descriptor(Statement& statement, SQLINTEGER id, SQLULEN value) {
  const bool row = id == SQL_ATTR_APP_ROW_DESC;
  const auto use = [&](Descriptor* descriptor) {
    row ? statement.use_ard(descriptor) : statement.use_apd(descriptor);
  };
  auto* raw = reinterpret_cast<SQLHANDLE>(value);
  if (raw == SQL_NULL_HDESC) return use(nullptr);
  auto* descriptor = static_cast<Descriptor*>(Handle::check(raw, HandleKind::kDescriptor));
  if (descriptor == nullptr) {
    throw base::Error("HY024", "the value is no descriptor handle");
  }
  if (&descriptor->connection() != &statement.connection()) {
    throw base::Error("HY024", "the descriptor belongs to another connection");
  }
  if (!descriptor->explicitly_allocated()) {
    const Descriptor& own = row ? statement.ard() : statement.apd();
    if (descriptor == &own) return;
    throw base::Error("HY017", "an automatic descriptor cannot be given to a statement");
  }
  use(descriptor);
}

void require_time(const Statement& statement, When when) {
  if (when == When::kAlways) return;
  if (statement.cursor_open()) {
    throw base::Error("24000", "the attribute cannot be changed while a cursor is open");
  }
  if (statement.prepared()) {
    throw base::Error("HY011", "the attribute cannot be changed after the statement was prepared");
  }
}

}  // namespace

SQLULEN settle(const Acceptance& acceptance, SQLINTEGER id, SQLULEN asked,
               Diagnostics& diagnostics) {
  const std::string what = "attribute " + std::to_string(id) + ": value " + std::to_string(asked);
  switch (acceptance.kind) {
    case Kind::kInvalid:
      throw base::Error("HY024", what + " is not valid");
    case Kind::kUnsupported:
      throw base::Error("HYC00", what + " is not supported");
    case Kind::kSubstituted:
      diagnostics.post("01S02", what + " was changed to " + std::to_string(acceptance.value));
      break;
    case Kind::kAccepted:
      break;
  }
  return acceptance.value;
}

void set_statement_attribute(Statement& statement, SQLINTEGER id, SQLULEN value) {
  if (const ValueAttribute* attribute = find_attribute(kValues, id)) {
    require_time(statement, attribute->when);
    statement.attributes.*(attribute->member) =
        settle(attribute->accept(value), id, value, statement.diagnostics);
    return;
  }
  if (const HeaderAttribute* attribute = find_attribute(kHeaders, id)) {
    Descriptor& descriptor = attribute->descriptor(statement);
    std::lock_guard<std::mutex> lock(descriptor.mutex);
    attribute->set(descriptor.header,
                   settle(attribute->accept(value), id, value, statement.diagnostics));
    return;
  }
  switch (id) {
    case SQL_ATTR_APP_ROW_DESC:
    case SQL_ATTR_APP_PARAM_DESC:
      return set_application_descriptor(statement, id, value);
    case SQL_ATTR_IMP_ROW_DESC:
    case SQL_ATTR_IMP_PARAM_DESC:
      throw base::Error("HY017", "implementation descriptors cannot be replaced");
    case SQL_ATTR_ROW_NUMBER:
      throw base::Error("HY092", "the row number can only be read");
    default:
      throw unknown_attribute(id);
  }
}

AttributeValue get_statement_attribute(Statement& statement, SQLINTEGER id) {
  const auto pointer = [](Descriptor& descriptor) {
    return AttributeValue{kPtr, reinterpret_cast<SQLULEN>(descriptor.raw()), {}};
  };
  if (const ValueAttribute* attribute = find_attribute(kValues, id)) {
    return {attribute->width, statement.attributes.*(attribute->member), {}};
  }
  if (const HeaderAttribute* attribute = find_attribute(kHeaders, id)) {
    Descriptor& descriptor = attribute->descriptor(statement);
    std::lock_guard<std::mutex> lock(descriptor.mutex);
    return {attribute->width, attribute->get(descriptor.header), {}};
  }
  switch (id) {
    case SQL_ATTR_APP_ROW_DESC:
      return pointer(statement.ard());
    case SQL_ATTR_APP_PARAM_DESC:
      return pointer(statement.apd());
    case SQL_ATTR_IMP_ROW_DESC:
      return pointer(statement.ird());
    case SQL_ATTR_IMP_PARAM_DESC:
      return pointer(statement.ipd());
    case SQL_ATTR_ROW_NUMBER:
      return {kLen, statement.row_number(), {}};
    default:
      throw unknown_attribute(id);
  }
}

bool set_statement_default(StatementAttributes& defaults, SQLINTEGER id, SQLULEN value,
                           Diagnostics& diagnostics) {
  const ValueAttribute* attribute = find_attribute(kValues, id);
  if (attribute == nullptr) return false;
  defaults.*(attribute->member) = settle(attribute->accept(value), id, value, diagnostics);
  return true;
}

}  // namespace graphodbc::driver
