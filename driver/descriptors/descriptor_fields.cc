#include "driver/descriptors/descriptor_fields.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/error.h"
#include "driver/descriptors/type_facts.h"

namespace graphodbc::driver {

namespace {

using R = DescriptorRecord;
using W = FieldWidth;

// Descriptors in which a field means something.
enum Where : std::uint8_t { kApp = 1, kIrd = 2, kIpd = 4, kImp = 6, kAll = 7, kTypes = 5 };

Where role_bit(const Descriptor& descriptor) {
  switch (descriptor.role()) {
    case DescriptorRole::kApplication:
      return kApp;
    case DescriptorRole::kImplementationRow:
      return kIrd;
    case DescriptorRole::kImplementationParameter:
      break;
  }
  return kIpd;
}

const TypeFacts& facts(const R& record) {
  return type_facts(record.info.type);
}

struct RecordField {
  SQLSMALLINT id;
  FieldWidth width;
  Where readable;
  Where writable;  // a subset; 0: never
  SQLLEN (*number)(const R&);
  std::string_view (*text)(const R&);
  void (*set)(R&, SQLLEN);
};

constexpr Where kNever = static_cast<Where>(0);

template <auto Member>
SQLLEN get(const R& record) {
  using Field = std::remove_cvref_t<decltype(record.*Member)>;
  if constexpr (std::is_pointer_v<Field>) {
    return reinterpret_cast<SQLLEN>(record.*Member);
  } else {
    return static_cast<SQLLEN>(record.*Member);
  }
}
template <auto Member>
void put(R& record, SQLLEN value) {
  using Field = std::remove_cvref_t<decltype(record.*Member)>;
  if constexpr (std::is_pointer_v<Field>) {
    record.*Member = reinterpret_cast<Field>(value);
  } else {
    record.*Member = static_cast<Field>(value);
  }
}
template <auto Member>
std::string_view get_text(const R& record) {
  return record.*Member;
}
template <SQLLEN Value>
SQLLEN constant(const R&) {
  return Value;
}
std::string_view empty(const R&) {
  return {};
}

template <auto Member>
constexpr RecordField number_field(SQLSMALLINT id, FieldWidth width, Where readable,
                                   Where writable) {
  return {id, width, readable, writable, get<Member>, nullptr, put<Member>};
}
constexpr RecordField derived(SQLSMALLINT id, FieldWidth width, SQLLEN (*number)(const R&)) {
  return {id, width, kIrd, kNever, number, nullptr, nullptr};
}
constexpr RecordField derived_text(SQLSMALLINT id, std::string_view (*text)(const R&)) {
  return {id, W::kText, kIrd, kNever, nullptr, text, nullptr};
}

SQLLEN searchable(const R& record) {
  return record.searchable ? facts(record).searchable : SQLSMALLINT{SQL_PRED_NONE};
}

constexpr RecordField kRecordFields[] = {
    number_field<&R::concise_type>(SQL_DESC_CONCISE_TYPE, W::kSmallInt, kAll, kTypes),
    number_field<&R::type>(SQL_DESC_TYPE, W::kSmallInt, kAll, kTypes),
    number_field<&R::datetime_interval_code>(SQL_DESC_DATETIME_INTERVAL_CODE, W::kSmallInt, kAll,
                                             kTypes),
    number_field<&R::datetime_interval_precision>(SQL_DESC_DATETIME_INTERVAL_PRECISION, W::kInteger,
                                                  kAll, kTypes),
    number_field<&R::length>(SQL_DESC_LENGTH, W::kLen, kAll, kTypes),
    number_field<&R::octet_length>(SQL_DESC_OCTET_LENGTH, W::kLen, kAll, kTypes),
    number_field<&R::precision>(SQL_DESC_PRECISION, W::kSmallInt, kAll, kTypes),
    number_field<&R::scale>(SQL_DESC_SCALE, W::kSmallInt, kAll, kTypes),
    number_field<&R::data_ptr>(SQL_DESC_DATA_PTR, W::kPointer, kApp, kApp),
    number_field<&R::indicator_ptr>(SQL_DESC_INDICATOR_PTR, W::kPointer, kApp, kApp),
    number_field<&R::octet_length_ptr>(SQL_DESC_OCTET_LENGTH_PTR, W::kPointer, kApp, kApp),
    number_field<&R::parameter_type>(SQL_DESC_PARAMETER_TYPE, W::kSmallInt, kIpd, kIpd),
    number_field<&R::nullable>(SQL_DESC_NULLABLE, W::kSmallInt, kImp, kNever),
    number_field<&R::unnamed>(SQL_DESC_UNNAMED, W::kSmallInt, kImp, kIpd),
    {SQL_DESC_NAME, W::kText, kImp, kIpd, nullptr, get_text<&R::name>, nullptr},
    derived_text(SQL_DESC_LABEL, get_text<&R::label>),
    derived_text(SQL_DESC_BASE_TABLE_NAME, get_text<&R::base_table>),
    derived_text(SQL_DESC_TABLE_NAME, get_text<&R::base_table>),
    derived_text(SQL_DESC_BASE_COLUMN_NAME, get_text<&R::base_column>),
    derived_text(SQL_DESC_SCHEMA_NAME, empty),
    derived_text(SQL_DESC_CATALOG_NAME, empty),
    derived_text(SQL_DESC_TYPE_NAME, [](const R& r) { return facts(r).name; }),
    derived_text(SQL_DESC_LOCAL_TYPE_NAME, [](const R& r) { return facts(r).name; }),
    derived_text(SQL_DESC_LITERAL_PREFIX, [](const R& r) { return facts(r).literal_prefix; }),
    derived_text(SQL_DESC_LITERAL_SUFFIX, [](const R& r) { return facts(r).literal_suffix; }),
    derived(SQL_DESC_DISPLAY_SIZE, W::kLen, get<&R::display_size>),
    derived(SQL_DESC_UNSIGNED, W::kSmallInt,
            [](const R& r) { return SQLLEN{facts(r).unsigned_attribute}; }),
    derived(SQL_DESC_FIXED_PREC_SCALE, W::kSmallInt, constant<SQL_FALSE>),
    derived(SQL_DESC_UPDATABLE, W::kSmallInt, constant<SQL_ATTR_READONLY>),
    derived(SQL_DESC_AUTO_UNIQUE_VALUE, W::kInteger, constant<SQL_FALSE>),
    derived(SQL_DESC_CASE_SENSITIVE, W::kInteger,
            [](const R& r) { return SQLLEN{facts(r).case_sensitive && r.case_sensitive}; }),
    derived(SQL_DESC_SEARCHABLE, W::kSmallInt, searchable),
    derived(SQL_DESC_ROWVER, W::kSmallInt, constant<SQL_FALSE>),
    derived(SQL_DESC_NUM_PREC_RADIX, W::kInteger,
            [](const R& r) { return SQLLEN{facts(r).radix}; }),
};

// What SQLColAttribute adds for ODBC 2 ids that the ODBC 3 ones do not share (the rest of the old
// numbers are the same; pitfalls section 11).
constexpr RecordField kOldColumnFields[] = {
    derived_text(SQL_COLUMN_NAME, get_text<&R::name>),
    derived(SQL_COLUMN_LENGTH, W::kLen, get<&R::octet_length>),
    derived(SQL_COLUMN_PRECISION, W::kLen, get<&R::column_size>),
    derived(SQL_COLUMN_SCALE, W::kLen,
            [](const R& r) { return SQLLEN{std::max<SQLSMALLINT>(decimal_digits(r.info), 0)}; }),
    derived(SQL_COLUMN_NULLABLE, W::kLen, get<&R::nullable>),
};

template <typename Table>
const RecordField* find(const Table& table, SQLSMALLINT id) {
  const auto* found = std::find_if(std::begin(table), std::end(table),
                                   [&](const RecordField& field) { return field.id == id; });
  return found == std::end(table) ? nullptr : found;
}

struct HeaderField {
  SQLSMALLINT id;
  FieldWidth width;
  Where readable;
  Where writable;
  SQLLEN (*get)(const Descriptor&);
  void (*set)(Descriptor&, SQLLEN);
};

template <auto Member>
SQLLEN get_header(const Descriptor& descriptor) {
  using Field = std::remove_cvref_t<decltype(descriptor.header.*Member)>;
  if constexpr (std::is_pointer_v<Field>) {
    return reinterpret_cast<SQLLEN>(descriptor.header.*Member);
  } else {
    return static_cast<SQLLEN>(descriptor.header.*Member);
  }
}
template <auto Member>
void set_header(Descriptor& descriptor, SQLLEN value) {
  using Field = std::remove_cvref_t<decltype(descriptor.header.*Member)>;
  if constexpr (std::is_pointer_v<Field>) {
    descriptor.header.*Member = reinterpret_cast<Field>(value);
  } else {
    descriptor.header.*Member = static_cast<Field>(value);
  }
}

void set_array_size(Descriptor& descriptor, SQLLEN value) {
  if (value <= 0) throw base::Error("HY024", "SQL_DESC_ARRAY_SIZE must be at least 1");
  descriptor.header.array_size = static_cast<SQLULEN>(value);
}
void set_count(Descriptor& descriptor, SQLLEN value) {
  if (value < 0 || value > 32767) throw base::Error("07009", "SQL_DESC_COUNT is out of range");
  descriptor.set_count(static_cast<SQLSMALLINT>(value));
}

using H = DescriptorHeader;
constexpr HeaderField kHeaderFields[] = {
    {SQL_DESC_ALLOC_TYPE, W::kSmallInt, kAll, kNever,
     [](const Descriptor& d) {
       return SQLLEN{d.explicitly_allocated() ? SQL_DESC_ALLOC_USER : SQL_DESC_ALLOC_AUTO};
     },
     nullptr},
    {SQL_DESC_ARRAY_SIZE, W::kLen, kApp, kApp, get_header<&H::array_size>, set_array_size},
    {SQL_DESC_ARRAY_STATUS_PTR, W::kPointer, kAll, kAll, get_header<&H::array_status_ptr>,
     set_header<&H::array_status_ptr>},
    {SQL_DESC_BIND_OFFSET_PTR, W::kPointer, kApp, kApp, get_header<&H::bind_offset_ptr>,
     set_header<&H::bind_offset_ptr>},
    {SQL_DESC_BIND_TYPE, W::kInteger, kApp, kApp, get_header<&H::bind_type>,
     set_header<&H::bind_type>},
    {SQL_DESC_COUNT, W::kSmallInt, kAll, kTypes,
     [](const Descriptor& d) { return SQLLEN{d.count()}; }, set_count},
    {SQL_DESC_ROWS_PROCESSED_PTR, W::kPointer, kImp, kImp, get_header<&H::rows_processed_ptr>,
     set_header<&H::rows_processed_ptr>},
};

const HeaderField* find_header(SQLSMALLINT id) {
  const auto* found = std::find_if(std::begin(kHeaderFields), std::end(kHeaderFields),
                                   [&](const HeaderField& field) { return field.id == id; });
  return found == std::end(kHeaderFields) ? nullptr : found;
}

base::Error bad_field(SQLINTEGER id) {
  return base::Error("HY091",
                     "field " + std::to_string(id) + " does not exist in this kind of descriptor");
}

void require_writable(const Descriptor& descriptor, SQLSMALLINT id, Where writable,
                      Where readable) {
  const Where role = role_bit(descriptor);
  if ((writable & role) != 0) return;
  if (role == kIrd && (readable & role) != 0) {
    throw base::Error("HY016", "the row descriptor of a result cannot be changed");
  }
  throw bad_field(id);
}

FieldValue read(const RecordField& field, const R& record) {
  FieldValue value;
  value.width = field.width;
  if (field.text != nullptr) {
    value.text = field.text(record);
  } else {
    value.number = field.number(record);
  }
  return value;
}

// SQL_DESC_TYPE is the verbose type; a later SQL_DESC_DATETIME_INTERVAL_CODE makes it concise.
void set_verbose_type(R& record, SQLSMALLINT type, bool is_c_type) {
  if (type == SQL_DATETIME || type == SQL_INTERVAL) {
    record.type = type;
    record.concise_type = type;
    record.datetime_interval_code = 0;
    return;
  }
  if (!set_concise_type(record, type, is_c_type)) {
    throw base::Error("HY021", std::to_string(type) + " is no data type");
  }
  // Defaults that SQLSetDescField lists for a new SQL_DESC_TYPE.
  if (type == SQL_C_NUMERIC || type == SQL_DECIMAL) {
    record.precision = 38;
    record.scale = 0;
  } else if (type == SQL_C_CHAR || type == SQL_VARCHAR) {
    record.length = 1;
    record.precision = 0;
  }
}

void set_interval_code(R& record, SQLSMALLINT code, bool is_c_type) {
  const int base_type = record.type == SQL_INTERVAL ? SQL_INTERVAL_YEAR : SQL_TYPE_DATE;
  const bool fits = record.type == SQL_DATETIME || record.type == SQL_INTERVAL;
  if (!fits ||
      !set_concise_type(record, static_cast<SQLSMALLINT>(base_type + code - 1), is_c_type)) {
    throw base::Error("HY021", "SQL_DESC_DATETIME_INTERVAL_CODE " + std::to_string(code) +
                                   " does not go with the type of the record");
  }
}

bool is_deferred(SQLSMALLINT id) {
  return id == SQL_DESC_DATA_PTR || id == SQL_DESC_INDICATOR_PTR || id == SQL_DESC_OCTET_LENGTH_PTR;
}

void set_record_value(R& record, const RecordField& field, SQLLEN value, bool is_c_type) {
  switch (field.id) {
    case SQL_DESC_CONCISE_TYPE:
      if (!set_concise_type(record, static_cast<SQLSMALLINT>(value), is_c_type)) {
        throw base::Error("HY021", std::to_string(value) + " is no data type");
      }
      return;
    case SQL_DESC_TYPE:
      return set_verbose_type(record, static_cast<SQLSMALLINT>(value), is_c_type);
    case SQL_DESC_DATETIME_INTERVAL_CODE:
      return set_interval_code(record, static_cast<SQLSMALLINT>(value), is_c_type);
    default:
      field.set(record, value);
  }
}

}  // namespace

bool is_text_field(SQLSMALLINT id) {
  const RecordField* field = find(kRecordFields, id);
  return field != nullptr && field->width == FieldWidth::kText;
}

SQLRETURN get_descriptor_field(const Descriptor& descriptor, SQLSMALLINT record, SQLSMALLINT id,
                               FieldValue& value) {
  const Where role = role_bit(descriptor);
  if (const HeaderField* header = find_header(id)) {
    if ((header->readable & role) == 0) throw bad_field(id);
    value = {header->width, header->get(descriptor), {}};
    return SQL_SUCCESS;
  }
  const RecordField* field = find(kRecordFields, id);
  if (field == nullptr || (field->readable & role) == 0) throw bad_field(id);
  if (record < 1) {
    throw base::Error("07009", "descriptor record " + std::to_string(record) + " does not exist");
  }
  if (role == kIrd && descriptor.count() == 0) {
    throw base::Error("HY007", "the statement has no result to describe yet");
  }
  const R* found = descriptor.find(record);
  if (found == nullptr) return SQL_NO_DATA;
  value = read(*field, *found);
  return SQL_SUCCESS;
}

void set_descriptor_field(Descriptor& descriptor, SQLSMALLINT record, SQLSMALLINT id,
                          SQLLEN value) {
  if (const HeaderField* header = find_header(id)) {
    require_writable(descriptor, id, header->writable, header->readable);
    header->set(descriptor, value);
    descriptor.changed();
    return;
  }
  const RecordField* field = find(kRecordFields, id);
  if (field == nullptr) throw bad_field(id);
  require_writable(descriptor, id, field->writable, field->readable);
  if (record < 1) {
    throw base::Error("07009", "descriptor record " + std::to_string(record) + " does not exist");
  }
  if (field->text != nullptr) throw bad_field(id);
  const bool is_c_type = descriptor.role() == DescriptorRole::kApplication;
  R& target = descriptor.touch(record);
  set_record_value(target, *field, value, is_c_type);
  if (!is_c_type) {
    target.bound = true;  // the application's, so that SQLPrepare keeps it
    return;
  }
  // Anything but the deferred fields unbinds, until SQL_DESC_DATA_PTR is set again
  // (SQLSetDescField, "SQL_DESC_DATA_PTR").
  if (!is_deferred(id)) target.data_ptr = nullptr;
  target.bound = target.data_ptr != nullptr || target.indicator_ptr != nullptr ||
                 target.octet_length_ptr != nullptr;
}

void set_descriptor_name(Descriptor& descriptor, SQLSMALLINT record, std::string name) {
  require_writable(descriptor, SQL_DESC_NAME, kIpd, kImp);
  if (record < 1) {
    throw base::Error("07009", "descriptor record " + std::to_string(record) + " does not exist");
  }
  R& target = descriptor.touch(record);
  target.unnamed = name.empty() ? SQL_UNNAMED : SQL_NAMED;
  target.name = std::move(name);
}

FieldValue column_attribute(const Descriptor& ird, SQLUSMALLINT column, SQLUSMALLINT id) {
  if (id == SQL_COLUMN_COUNT || id == SQL_DESC_COUNT) {
    return {W::kLen, ird.count(), {}};
  }
  const RecordField* field = find(kOldColumnFields, static_cast<SQLSMALLINT>(id));
  if (field == nullptr) field = find(kRecordFields, static_cast<SQLSMALLINT>(id));
  if (field == nullptr || (field->readable & kIrd) == 0) {
    throw base::Error("HY091", "there is no column attribute " + std::to_string(id));
  }
  const R* record = ird.find(static_cast<SQLSMALLINT>(std::min<int>(column, 32767)));
  if (record == nullptr) {
    throw base::Error("07009", "column " + std::to_string(column) +
                                   " is not in the result, which has columns 1 to " +
                                   std::to_string(ird.count()));
  }
  return read(*field, *record);
}

}  // namespace graphodbc::driver
