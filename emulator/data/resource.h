// How a resource type is described to the query engine: its properties, written as JSON, and its
// fields, read as values for `$filter` and `$orderby`.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emulator/data/clock.h"
#include "emulator/data/errors.h"
#include "emulator/data/json_writer.h"

namespace graphodbc::emulator::data {

// What a request asks of the form of its rows.
struct Render {
  bool immutable_ids = false;          // Prefer: IdType="ImmutableId"
  bool text_bodies = false;            // Prefer: outlook.body-content-type="text"
  const TimeZone* zone = &utc_zone();  // Prefer: outlook.timezone
  bool basic = false;                  // the token may read only basic properties
  bool delta = false;                  // a row of a drive delta: no parentReference/path
  std::string_view base_url;
};

struct Value {
  enum class Kind : std::uint8_t { kNull, kNumber, kText, kList };

  static Value null() { return {}; }
  // Booleans, integers, enum positions and instants compare as numbers.
  static Value of(std::int64_t n) { return {Kind::kNumber, n, {}, {}}; }
  static Value of(bool b) { return {Kind::kNumber, b ? 1 : 0, {}, {}}; }
  static Value of(std::string t) { return {Kind::kText, 0, std::move(t), {}}; }
  static Value of(std::string_view t) { return {Kind::kText, 0, std::string(t), {}}; }
  static Value of(std::vector<std::string> l) { return {Kind::kList, 0, {}, std::move(l)}; }

  Kind kind = Kind::kNull;
  std::int64_t number = 0;
  std::string text;
  std::vector<std::string> list;
};

enum class FieldType : std::uint8_t {
  kString,
  kEnum,
  kBoolean,
  kInstant,    // Edm.DateTimeOffset: unquoted literals
  kLocalTime,  // event start/end dateTime: an Edm.String that holds a time
  kInteger,
  kList,   // reached by any(x:x eq '...')
  kFacet,  // complex value, only compared with null
};

// Operators, as bits of Field::ops and Field::advanced.
enum Op : std::uint16_t {
  kEq = 1,
  kNe = 2,
  kGt = 4,
  kGe = 8,
  kLt = 16,
  kLe = 32,
  kIn = 64,
  kStartsWith = 128,
  kEndsWith = 256,
  kContains = 512,
  kNull = 1024,  // eq null, ne null
};
inline constexpr std::uint16_t kCompare = kEq | kNe | kGt | kGe | kLt | kLe;

enum class Sort : std::uint8_t { kNo, kYes, kAdvanced };

struct Field {
  std::string_view path;
  FieldType type;
  std::uint16_t ops;           // taken by a plain query
  std::uint16_t advanced = 0;  // taken with ConsistencyLevel: eventual and $count=true (d.3)
  Sort sort = Sort::kNo;
  std::span<const std::string_view> members = {};  // enum members; the position is the value
  std::string_view element = {};                   // path behind the any() variable
};

enum PropertyFlag : unsigned {
  kExplicit = 1,     // only when named in $select
  kAlways = 2,       // also when not named
  kSingleOnly = 4,   // on one object only; 501 on the collection (contract d.3)
  kNotBasic = 8,     // hidden from ReadBasic permissions
  kAnnotation = 16,  // an @odata member: cannot be named in $select
  kLostOnView = 32,  // lost on calendarView when $select is used
  kCollection = 64,  // never null: empty where it is hidden
};

struct PropertyInfo {
  std::string_view name;
  unsigned flags;
};

struct SchemaBase {
  std::string_view type;  // "message", as in microsoft.graph.message
  Family family;
  std::size_t default_page;
  std::size_t max_page;
  std::vector<PropertyInfo> properties;
  std::vector<Field> fields;

  // Index, or npos.
  std::size_t find_property(std::string_view name) const;
  std::size_t find_field(std::string_view path) const;
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
};

template <class E>
struct Property {
  std::string_view name;
  unsigned flags;
  void (*write)(JsonWriter&, const E&, const Render&);  // writes the value; the key is written
  bool (*present)(const E&) = nullptr;                  // null: always there
};

template <class E>
struct FieldOf {
  Field field;
  Value (*get)(const E&);
};

template <class E>
struct Schema : SchemaBase {
  Schema(std::string_view type_name, Family of_family, std::size_t page, std::size_t page_limit,
         std::vector<Property<E>> columns, const std::vector<FieldOf<E>>& filterable)
      : SchemaBase{type_name, of_family, page, page_limit, {}, {}}, writers(std::move(columns)) {
    for (const auto& column : writers) properties.push_back({column.name, column.flags});
    for (const auto& entry : filterable) {
      fields.push_back(entry.field);
      getters.push_back(entry.get);
    }
  }

  std::vector<Property<E>> writers;
  std::vector<Value (*)(const E&)> getters;
};

struct Selection;

// Writes one `$expand`ed member of a row: key and value.
using Expander = std::function<void(JsonWriter&, std::size_t row)>;

struct Selection {
  std::vector<std::size_t> properties;  // indexes into the schema, in schema order
  std::vector<std::string> named;       // as given, for @odata.context
  std::vector<Expander> expansions;
};

// An ordered set of rows of one type, addressed by position.
class EntitySet {
 public:
  virtual ~EntitySet() = default;
  virtual const SchemaBase& schema() const = 0;
  virtual std::size_t size() const = 0;
  virtual Value value(std::size_t row, std::size_t field) const = 0;
  // The members of the row, without braces.
  virtual void write(JsonWriter& json, std::size_t row, const Selection& selection,
                     const Render& render) const = 0;
};

template <class E>
class TypedSet final : public EntitySet {
 public:
  TypedSet(const Schema<E>& schema, std::size_t size, std::function<E(std::size_t)> at)
      : schema_(schema), size_(size), at_(std::move(at)) {}

  const SchemaBase& schema() const override { return schema_; }
  std::size_t size() const override { return size_; }
  Value value(std::size_t row, std::size_t field) const override {
    return schema_.getters[field](at_(row));
  }
  void write(JsonWriter& json, std::size_t row, const Selection& selection,
             const Render& render) const override {
    const E entity = at_(row);
    write_entity(json, schema_, entity, selection, render);
    for (const Expander& expand : selection.expansions) expand(json, row);
  }

 private:
  const Schema<E>& schema_;
  std::size_t size_;
  std::function<E(std::size_t)> at_;
};

template <class E>
void write_entity(JsonWriter& json, const Schema<E>& schema, const E& entity,
                  const Selection& selection, const Render& render) {
  for (std::size_t index : selection.properties) {
    const Property<E>& property = schema.writers[index];
    if (property.present != nullptr && !property.present(entity)) continue;
    json.key(property.name);
    if (render.basic && (property.flags & kNotBasic) != 0) {
      (property.flags & kCollection) != 0 ? json.raw("[]") : json.null();
    } else {
      property.write(json, entity, render);
    }
  }
}

}  // namespace graphodbc::emulator::data
