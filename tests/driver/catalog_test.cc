#include "driver/catalog/catalog.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "driver/catalog/memory_rows.h"
#include "schema/registry.h"

namespace graphodbc::driver::catalog {
namespace {

using schema::Registry;
using Strings = std::vector<std::string>;

// Names that only escapes tell apart, and one column of each family.
constexpr std::string_view kColumns = R"([
  {"name": "Id", "path": "id", "edm": "String", "nullable": false},
  {"name": "Some_Name", "path": "some/name", "edm": "String", "size": 40},
  {"name": "SomeName", "path": "someName", "edm": "Int32"},
  {"name": "CreatedAt", "path": "createdAt", "edm": "DateTimeOffset"},
  {"name": "Born", "path": "born", "edm": "Date"},
  {"name": "Opens", "path": "opens", "edm": "TimeOfDay"}])";

std::string description(const std::string& name) {
  return R"({"name": ")" + name + R"(", "description": "about )" + name +
         R"(", "key": ["Id"], "list": "/things", "page": {"default": 10, "max": 100,)" +
         R"( "style": "skip"}, "service": "outlook", "permissions": {"delegated": ["X.Read"],)" +
         R"( "application": []}, "columns": )" + std::string(kColumns) + "}";
}

const Registry& small_registry() {
  static const Registry registry = [] {
    const std::array<std::string, 3> json = {description("DriveXItems"), description("Drive_Items"),
                                             description("Cafes")};
    const std::array<schema::TableSource, 3> sources = {schema::TableSource{"1.json", json[0]},
                                                        schema::TableSource{"2.json", json[1]},
                                                        schema::TableSource{"3.json", json[2]}};
    return Registry::load(sources);
  }();
  return registry;
}

Context small() {
  return Context{small_registry()};
}
Context identifiers() {
  Context context{small_registry()};
  context.metadata_id = true;
  return context;
}
Context builtin(bool odbc2 = false) {
  Context context{Registry::builtin()};
  context.odbc2 = odbc2;
  return context;
}

// All rows as text; null is "-".
std::vector<Strings> rows_of(const Result& result) {
  std::vector<Strings> rows;
  result.rows->open();
  base::RowBatch batch;
  while (result.rows->next_batch(batch)) {
    EXPECT_EQ(batch.column_count, result.columns.size());
    EXPECT_EQ(batch.cells.size(), batch.column_count * batch.row_count);
    for (std::size_t i = 0; i < batch.row_count; ++i) {
      Strings row;
      for (std::size_t column = 0; column < batch.column_count; ++column) {
        const base::Cell& cell = batch.row(i)[column];
        EXPECT_FALSE(cell.is_null() &&
                     result.columns[column].nullability == query::Nullability::kNoNulls)
            << result.columns[column].name;
        const bool is_text = base::is_text(result.columns[column].type.type);
        EXPECT_TRUE(cell.is_null() || is_text == (cell.kind == base::CellKind::kText))
            << result.columns[column].name;
        EXPECT_TRUE(!is_text || cell.is_null() || cell.length <= result.columns[column].type.size)
            << result.columns[column].name << " is longer than the result's metadata says";
        row.push_back(cell.is_null() ? "-"
                      : is_text      ? std::string(cell.view())
                                     : std::to_string(cell.integer));
      }
      rows.push_back(std::move(row));
    }
  }
  return rows;
}
// One column of all rows, by its name.
Strings values(const Result& result, std::string_view name) {
  std::size_t at = 0;
  while (at < result.columns.size() && result.columns[at].name != name) ++at;
  EXPECT_LT(at, result.columns.size()) << name;
  Strings out;
  for (const Strings& row : rows_of(result)) out.push_back(row.at(at));
  return out;
}
std::map<std::string, std::string> first_row(const Result& result) {
  std::map<std::string, std::string> out;
  const auto rows = rows_of(result);
  EXPECT_FALSE(rows.empty());
  for (std::size_t i = 0; !rows.empty() && i < result.columns.size(); ++i) {
    out[result.columns[i].name] = rows[0][i];
  }
  return out;
}
template <typename Call>
std::string state_of(Call call) {
  try {
    call();
  } catch (const base::Error& error) {
    return std::string(error.state().code());
  }
  return "ok";
}
std::size_t table_count() {
  return Registry::builtin().tables().size();
}

// Column names, each with its type: t text, s SMALLINT, i INTEGER; `!` where it is never null.
std::string shape_of(const Result& result) {
  std::string out;
  for (const query::ResultColumn& column : result.columns) {
    if (!out.empty()) out += ' ';
    out += column.name;
    out += ':';
    out += base::is_text(column.type.type)                ? 't'
           : column.type.type == base::SqlType::kSmallInt ? 's'
                                                          : 'i';
    if (column.nullability == query::Nullability::kNoNulls) out += '!';
    EXPECT_EQ(column.label, column.name);
  }
  return out;
}

std::map<std::string, Result> every_function(const Context& context) {
  std::map<std::string, Result> all;
  const Argument none;
  all["tables"] = tables(context, none, none, none, none);
  all["columns"] = columns(context, none, none, none, none);
  all["primary_keys"] = primary_keys(context, none, none, "Users");
  all["foreign_keys"] = foreign_keys(context, {none, none, "Users"}, {});
  all["statistics"] = statistics(context, none, none, "Users", SQL_INDEX_ALL, SQL_QUICK);
  all["special_columns"] =
      special_columns(context, SQL_BEST_ROWID, none, none, "Users", SQL_SCOPE_CURROW, SQL_NULLABLE);
  all["type_info"] = type_info(context, SQL_ALL_TYPES);
  all["procedures"] = procedures(context, none, none, none);
  all["procedure_columns"] = procedure_columns(context, none, none, none, none);
  all["table_privileges"] = table_privileges(context, none, none, none);
  all["column_privileges"] = column_privileges(context, none, none, "Users", none);
  return all;
}

struct ShapeGolden {
  const char* function;
  const char* odbc3;
  std::vector<std::pair<std::string, std::string>> odbc2;  // 3.x name, 2.x name
};
const std::pair<std::string, std::string> kCatalog = {"TABLE_CAT", "TABLE_QUALIFIER"};
const std::pair<std::string, std::string> kSchema = {"TABLE_SCHEM", "TABLE_OWNER"};
const std::pair<std::string, std::string> kSize = {"COLUMN_SIZE", "PRECISION"};
const std::pair<std::string, std::string> kLength = {"BUFFER_LENGTH", "LENGTH"};
const std::pair<std::string, std::string> kDigits = {"DECIMAL_DIGITS", "SCALE"};
const std::pair<std::string, std::string> kRadix = {"NUM_PREC_RADIX", "RADIX"};

const ShapeGolden kGoldens[] = {
    {"tables",
     "TABLE_CAT:t TABLE_SCHEM:t TABLE_NAME:t TABLE_TYPE:t REMARKS:t",
     {kCatalog, kSchema}},
    {"columns",
     "TABLE_CAT:t TABLE_SCHEM:t TABLE_NAME:t! COLUMN_NAME:t! DATA_TYPE:s! TYPE_NAME:t! "
     "COLUMN_SIZE:i BUFFER_LENGTH:i DECIMAL_DIGITS:s NUM_PREC_RADIX:s NULLABLE:s! REMARKS:t "
     "COLUMN_DEF:t SQL_DATA_TYPE:s! SQL_DATETIME_SUB:s CHAR_OCTET_LENGTH:i ORDINAL_POSITION:i! "
     "IS_NULLABLE:t",
     {kCatalog, kSchema, kSize, kLength, kDigits, kRadix}},
    {"primary_keys",
     "TABLE_CAT:t TABLE_SCHEM:t TABLE_NAME:t! COLUMN_NAME:t! KEY_SEQ:s! PK_NAME:t",
     {kCatalog, kSchema}},
    {"foreign_keys",
     "PKTABLE_CAT:t PKTABLE_SCHEM:t PKTABLE_NAME:t! PKCOLUMN_NAME:t! FKTABLE_CAT:t "
     "FKTABLE_SCHEM:t FKTABLE_NAME:t! FKCOLUMN_NAME:t! KEY_SEQ:s! UPDATE_RULE:s DELETE_RULE:s "
     "FK_NAME:t PK_NAME:t DEFERRABILITY:s",
     {{"PKTABLE_CAT", "PKTABLE_QUALIFIER"},
      {"PKTABLE_SCHEM", "PKTABLE_OWNER"},
      {"FKTABLE_CAT", "FKTABLE_QUALIFIER"},
      {"FKTABLE_SCHEM", "FKTABLE_OWNER"}}},
    {"statistics",
     "TABLE_CAT:t TABLE_SCHEM:t TABLE_NAME:t! NON_UNIQUE:s INDEX_QUALIFIER:t INDEX_NAME:t TYPE:s! "
     "ORDINAL_POSITION:s COLUMN_NAME:t ASC_OR_DESC:t CARDINALITY:i PAGES:i FILTER_CONDITION:t",
     {kCatalog, kSchema, {"ORDINAL_POSITION", "SEQ_IN_INDEX"}, {"ASC_OR_DESC", "COLLATION"}}},
    {"special_columns",
     "SCOPE:s COLUMN_NAME:t! DATA_TYPE:s! TYPE_NAME:t! COLUMN_SIZE:i BUFFER_LENGTH:i "
     "DECIMAL_DIGITS:s PSEUDO_COLUMN:s",
     {kSize, kLength, kDigits}},
    {"type_info",
     "TYPE_NAME:t! DATA_TYPE:s! COLUMN_SIZE:i LITERAL_PREFIX:t LITERAL_SUFFIX:t CREATE_PARAMS:t "
     "NULLABLE:s! CASE_SENSITIVE:s! SEARCHABLE:s! UNSIGNED_ATTRIBUTE:s FIXED_PREC_SCALE:s! "
     "AUTO_UNIQUE_VALUE:s LOCAL_TYPE_NAME:t MINIMUM_SCALE:s MAXIMUM_SCALE:s SQL_DATA_TYPE:s! "
     "SQL_DATETIME_SUB:s NUM_PREC_RADIX:i INTERVAL_PRECISION:s",
     {kSize, {"FIXED_PREC_SCALE", "MONEY"}, {"AUTO_UNIQUE_VALUE", "AUTO_INCREMENT"}}},
    {"procedures",
     "PROCEDURE_CAT:t PROCEDURE_SCHEM:t PROCEDURE_NAME:t! NUM_INPUT_PARAMS:i NUM_OUTPUT_PARAMS:i "
     "NUM_RESULT_SETS:i REMARKS:t PROCEDURE_TYPE:s",
     {{"PROCEDURE_CAT", "PROCEDURE_QUALIFIER"}, {"PROCEDURE_SCHEM", "PROCEDURE_OWNER"}}},
    {"procedure_columns",
     "PROCEDURE_CAT:t PROCEDURE_SCHEM:t PROCEDURE_NAME:t! COLUMN_NAME:t! COLUMN_TYPE:s! "
     "DATA_TYPE:s! TYPE_NAME:t! COLUMN_SIZE:i BUFFER_LENGTH:i DECIMAL_DIGITS:s NUM_PREC_RADIX:s "
     "NULLABLE:s! REMARKS:t COLUMN_DEF:t SQL_DATA_TYPE:s! SQL_DATETIME_SUB:s CHAR_OCTET_LENGTH:i "
     "ORDINAL_POSITION:i! IS_NULLABLE:t",
     {{"PROCEDURE_CAT", "PROCEDURE_QUALIFIER"},
      {"PROCEDURE_SCHEM", "PROCEDURE_OWNER"},
      kSize,
      kLength,
      kDigits,
      kRadix}},
    {"table_privileges",
     "TABLE_CAT:t TABLE_SCHEM:t TABLE_NAME:t! GRANTOR:t GRANTEE:t! PRIVILEGE:t! IS_GRANTABLE:t",
     {kCatalog, kSchema}},
    {"column_privileges",
     "TABLE_CAT:t TABLE_SCHEM:t TABLE_NAME:t! COLUMN_NAME:t! GRANTOR:t GRANTEE:t! PRIVILEGE:t! "
     "IS_GRANTABLE:t",
     {kCatalog, kSchema}},
};

TEST(CatalogShape, Odbc3) {
  const auto all = every_function(builtin());
  ASSERT_EQ(all.size(), std::size(kGoldens));
  for (const ShapeGolden& golden : kGoldens) {
    EXPECT_EQ(shape_of(all.at(golden.function)), golden.odbc3) << golden.function;
    rows_of(all.at(golden.function));  // every row fits its shape
  }
}

TEST(CatalogShape, Odbc2RenamesColumnsInPlace) {
  const auto modern = every_function(builtin());
  const auto old = every_function(builtin(true));
  for (const ShapeGolden& golden : kGoldens) {
    const auto& before = modern.at(golden.function).columns;
    const auto& after = old.at(golden.function).columns;
    ASSERT_EQ(before.size(), after.size()) << golden.function;
    for (std::size_t i = 0; i < before.size(); ++i) {
      std::string wanted = before[i].name;
      for (const auto& [name, renamed] : golden.odbc2) {
        if (name == wanted) {
          wanted = renamed;
          break;
        }
      }
      EXPECT_EQ(after[i].name, wanted) << golden.function;
      EXPECT_EQ(after[i].type, before[i].type) << golden.function;
    }
  }
}

TEST(CatalogTables, ListsEveryTableInOrder) {
  const Strings names = values(tables(builtin(), {}, {}, {}, {}), "TABLE_NAME");
  EXPECT_EQ(names.size(), table_count());
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  const auto row = first_row(tables(builtin(), {}, {}, "Messages", {}));
  EXPECT_EQ(row.at("TABLE_CAT"), "-");
  EXPECT_EQ(row.at("TABLE_SCHEM"), "-");
  EXPECT_EQ(row.at("TABLE_NAME"), "Messages");
  EXPECT_EQ(row.at("TABLE_TYPE"), "TABLE");
  EXPECT_NE(row.at("REMARKS"), "-");
}

TEST(CatalogTables, EnumerationsWantEmptyStrings) {
  using Rows = std::vector<Strings>;
  EXPECT_EQ(rows_of(tables(builtin(), "%", "", "", {})), Rows{});
  EXPECT_EQ(rows_of(tables(builtin(), "", "%", "", {})), Rows{});
  EXPECT_EQ(rows_of(tables(builtin(), "", "", "", "%")), (Rows{{"-", "-", "-", "TABLE", "-"}}));
}

// Null pointers filter nothing, and % is every type. LibreOffice lists the types by this call and
// reads the fourth column alone.
TEST(CatalogTables, EveryTypeWithNullPointersListsTablesAndSoTheTypes) {
  const auto rows = rows_of(tables(builtin(), {}, {}, {}, "%"));
  EXPECT_EQ(rows.size(), table_count());
  std::set<std::string> types;
  for (const Strings& row : rows) {
    EXPECT_NE(row[2], "-");
    types.insert(row[3]);
  }
  EXPECT_EQ(types, std::set<std::string>{"TABLE"});
}

TEST(CatalogTables, TypeListsOfClients) {
  for (const char* list :
       {"", "%", "TABLE", "'TABLE'", "TABLE,VIEW", "'TABLE','VIEW'", "VIEW,TABLE,%,",
        "'VIEW', 'TABLE'", " TABLE , VIEW ", "VIEW,%", "table", ","}) {
    EXPECT_EQ(rows_of(tables(builtin(), {}, {}, {}, list)).size(), table_count()) << list;
  }
  for (const char* list :
       {"VIEW", "'VIEW'", "SYSTEM TABLE", "VIEW,SYSTEM TABLE", "TABLES", "SYNONYM,"}) {
    EXPECT_EQ(rows_of(tables(builtin(), {}, {}, {}, list)).size(), 0u) << list;
  }
}

TEST(CatalogArguments, CatalogAndSchema) {
  const std::optional<std::string> null;
  for (const Argument& argument :
       {null, Argument(""), Argument("%"), Argument("graph"), Argument("GRAPH")}) {
    const std::string shown = argument.value_or("null");
    EXPECT_EQ(rows_of(tables(builtin(), argument, {}, {}, {})).size(), table_count()) << shown;
    EXPECT_EQ(rows_of(tables(builtin(), {}, argument, {}, {})).size(), table_count()) << shown;
    EXPECT_FALSE(rows_of(columns(builtin(), argument, argument, "Users", {})).empty()) << shown;
    EXPECT_FALSE(rows_of(primary_keys(builtin(), argument, argument, "Users")).empty()) << shown;
  }
  EXPECT_TRUE(rows_of(tables(builtin(), "other", {}, {}, {})).empty());
  EXPECT_TRUE(rows_of(tables(builtin(), {}, "dbo", {}, {})).empty());
  EXPECT_TRUE(rows_of(columns(builtin(), {}, "dbo", "Users", {})).empty());
  EXPECT_TRUE(rows_of(primary_keys(builtin(), {}, "dbo", "Users")).empty());
  EXPECT_FALSE(rows_of(tables(builtin(), {}, "gr%", {}, {})).empty()) << "a pattern";
  EXPECT_TRUE(rows_of(primary_keys(builtin(), {}, "gr%", "Users")).empty()) << "no pattern";
}

TEST(CatalogArguments, Patterns) {
  struct Case {
    const char* pattern;
    Strings wanted;
  };
  const std::string cafe = "Cafes";
  const Case cases[] = {
      {"%", {cafe, "DriveXItems", "Drive_Items"}},
      {"", {cafe, "DriveXItems", "Drive_Items"}},
      {"%%", {cafe, "DriveXItems", "Drive_Items"}},
      {"Drive_Items", {"DriveXItems", "Drive_Items"}},
      {"Drive\\_Items", {"Drive_Items"}},
      {"drive\\_items", {"Drive_Items"}},
      {"%\\_%", {"Drive_Items"}},
      {"Drive%", {"DriveXItems", "Drive_Items"}},
      {"%Items", {"DriveXItems", "Drive_Items"}},
      {"%e%e%", {"DriveXItems", "Drive_Items"}},
      {"%X%", {"DriveXItems"}},
      {"Caf_s", {cafe}},
      {"CAFES", {cafe}},
      {"_____", {cafe}},
      {"____", {}},
      {"Drive", {}},
      {"DriveXItems_", {}},
      {"\\%", {}},
      {"Drive\\", {}},
  };
  for (const Case& test : cases) {
    Strings found = values(tables(small(), {}, {}, test.pattern, {}), "TABLE_NAME");
    Strings wanted = test.wanted;
    std::sort(found.begin(), found.end());
    std::sort(wanted.begin(), wanted.end());
    EXPECT_EQ(found, wanted) << test.pattern;
  }
  const auto names = [](const char* column) {
    return values(columns(small(), {}, {}, "DriveXItems", column), "COLUMN_NAME");
  };
  EXPECT_EQ(names("Some\\_Name"), (Strings{"Some_Name"}));
  EXPECT_EQ(names("Some%"), (Strings{"Some_Name", "SomeName"}));
  EXPECT_EQ(names("").size(), 6u);
  EXPECT_EQ(names("nothing"), Strings{});
}

TEST(CatalogArguments, OrdinaryArgumentsAreLiteral) {
  EXPECT_EQ(rows_of(primary_keys(small(), {}, {}, "Drive_Items")).size(), 1u);
  EXPECT_EQ(values(primary_keys(small(), {}, {}, "Drive_Items"), "TABLE_NAME"),
            (Strings{"Drive_Items"}));
  EXPECT_EQ(values(primary_keys(small(), {}, {}, "drive_items"), "TABLE_NAME"),
            (Strings{"Drive_Items"}));
  for (const char* name : {"Drive%", "Drive\\_Items", "%", "", "Nothing"}) {
    EXPECT_TRUE(rows_of(primary_keys(small(), {}, {}, name)).empty()) << name;
    EXPECT_TRUE(rows_of(statistics(small(), {}, {}, name, SQL_INDEX_ALL, SQL_QUICK)).empty())
        << name;
  }
}

TEST(CatalogArguments, MetadataIdMakesIdentifiers) {
  const auto names = [](const char* table) {
    return values(tables(identifiers(), {}, "graph", table, {}), "TABLE_NAME");
  };
  EXPECT_EQ(names("drive_ITEMS"), (Strings{"Drive_Items"}));
  EXPECT_EQ(names("Drive_Items  "), (Strings{"Drive_Items"}));
  EXPECT_EQ(names("\"Drive_Items\""), (Strings{"Drive_Items"}));
  EXPECT_EQ(names("Drive%"), Strings{});
  EXPECT_EQ(names("Drive\\_Items"), Strings{});
  EXPECT_EQ(values(columns(identifiers(), {}, "", "Drive_Items", "Some_Name"), "COLUMN_NAME"),
            (Strings{"Some_Name"}));
}

TEST(CatalogArguments, MetadataIdWantsEveryIdentifier) {
  const Context on = identifiers();
  const Argument n;
  EXPECT_EQ(state_of([&] { tables(on, n, n, "T", n); }), "HY009");
  EXPECT_EQ(state_of([&] { tables(on, n, "", n, n); }), "HY009");
  EXPECT_EQ(state_of([&] { tables(on, n, "", "T", n); }), "ok");
  EXPECT_EQ(state_of([&] { columns(on, n, "", "T", n); }), "HY009");
  EXPECT_EQ(state_of([&] { columns(on, n, n, "T", "C"); }), "HY009");
  EXPECT_EQ(state_of([&] { columns(on, n, "", "T", "C"); }), "ok");
  EXPECT_EQ(state_of([&] { primary_keys(on, n, n, "T"); }), "HY009");
  EXPECT_EQ(state_of([&] { procedures(on, n, "", n); }), "HY009");
  EXPECT_EQ(state_of([&] { procedure_columns(on, n, "", "P", n); }), "HY009");
  EXPECT_EQ(state_of([&] { table_privileges(on, n, n, "T"); }), "HY009");
  EXPECT_EQ(state_of([&] { column_privileges(on, n, "", "T", n); }), "HY009");
}

TEST(CatalogArguments, NamesThatMustBeGiven) {
  const Context context = small();
  const Argument n;
  EXPECT_EQ(state_of([&] { primary_keys(context, n, n, n); }), "HY009");
  EXPECT_EQ(state_of([&] { statistics(context, n, n, n, SQL_INDEX_ALL, SQL_QUICK); }), "HY009");
  EXPECT_EQ(state_of([&] {
              special_columns(context, SQL_BEST_ROWID, n, n, n, SQL_SCOPE_CURROW, SQL_NULLABLE);
            }),
            "HY009");
  EXPECT_EQ(state_of([&] { foreign_keys(context, {}, {}); }), "HY009");
  EXPECT_EQ(state_of([&] { foreign_keys(context, {}, {n, n, "T"}); }), "ok");
  EXPECT_EQ(state_of([&] { column_privileges(context, n, n, n, n); }), "HY009");
}

TEST(CatalogArguments, OptionsOutOfRange) {
  const Context context = small();
  const Argument n;
  const auto special = [&](SQLUSMALLINT kind, SQLUSMALLINT scope, SQLUSMALLINT nullable) {
    return state_of([&] { special_columns(context, kind, n, n, "T", scope, nullable); });
  };
  EXPECT_EQ(special(9, SQL_SCOPE_CURROW, SQL_NULLABLE), "HY097");
  EXPECT_EQ(special(SQL_ROWVER, 9, SQL_NULLABLE), "HY098");
  EXPECT_EQ(special(SQL_ROWVER, SQL_SCOPE_SESSION, 9), "HY099");
  EXPECT_EQ(special(SQL_ROWVER, SQL_SCOPE_SESSION, SQL_NO_NULLS), "ok");
  EXPECT_EQ(state_of([&] { statistics(context, n, n, "T", 9, SQL_QUICK); }), "HY100");
  EXPECT_EQ(state_of([&] { statistics(context, n, n, "T", SQL_INDEX_ALL, 9); }), "HY101");
}

TEST(CatalogColumns, AgreeWithTheRegistryInOrder) {
  const auto rows = rows_of(columns(builtin(), {}, {}, {}, {}));
  std::size_t at = 0;
  for (const schema::Table& table : Registry::builtin().tables()) {
    for (std::size_t i = 0; i < table.columns.size(); ++i, ++at) {
      ASSERT_LT(at, rows.size());
      EXPECT_EQ(rows[at][2], table.name);
      EXPECT_EQ(rows[at][3], table.columns[i].name);
      EXPECT_EQ(rows[at][16], std::to_string(i + 1));
      EXPECT_EQ(rows[at][10], table.columns[i].nullable ? "1" : "0");
      EXPECT_EQ(rows[at][17], table.columns[i].nullable ? "YES" : "NO");
    }
  }
  EXPECT_EQ(at, rows.size());
}

TEST(CatalogColumns, Values) {
  const auto row = [](const char* column, const Context& context) {
    return first_row(columns(context, {}, {}, "DriveXItems", column));
  };
  auto text = row("Some\\_Name", small());
  EXPECT_EQ(text["DATA_TYPE"], "-9");
  EXPECT_EQ(text["TYPE_NAME"], "WVARCHAR");
  EXPECT_EQ(text["COLUMN_SIZE"], "40");
  EXPECT_EQ(text["BUFFER_LENGTH"], "80");
  EXPECT_EQ(text["CHAR_OCTET_LENGTH"], "80");
  EXPECT_EQ(text["DECIMAL_DIGITS"], "-");
  EXPECT_EQ(text["NUM_PREC_RADIX"], "-");
  EXPECT_EQ(text["SQL_DATA_TYPE"], "-9");
  EXPECT_EQ(text["SQL_DATETIME_SUB"], "-");
  auto number = row("SomeName", small());
  EXPECT_EQ(number["DATA_TYPE"], "4");
  EXPECT_EQ(number["COLUMN_SIZE"], "10");
  EXPECT_EQ(number["BUFFER_LENGTH"], "4");
  EXPECT_EQ(number["DECIMAL_DIGITS"], "0");
  EXPECT_EQ(number["NUM_PREC_RADIX"], "10");
  EXPECT_EQ(number["CHAR_OCTET_LENGTH"], "-");
  auto key = row("Id", small());
  EXPECT_EQ(key["NULLABLE"], "0");
  EXPECT_EQ(key["IS_NULLABLE"], "NO");

  Context ansi = small();
  ansi.ansi = true;
  auto narrow = row("Some\\_Name", ansi);
  EXPECT_EQ(narrow["COLUMN_SIZE"], "160") << "UTF-8 worst case for narrow clients";
  EXPECT_EQ(narrow["BUFFER_LENGTH"], "160");
}

TEST(CatalogColumns, DatesAndTimesInBothVersions) {
  struct Case {
    const char* column;
    const char* odbc3;
    const char* odbc2;
    const char* code;
  };
  Context old = small();
  old.odbc2 = true;
  for (const Case& test : {Case{"Born", "91", "9", "1"}, Case{"Opens", "92", "10", "2"},
                           Case{"CreatedAt", "93", "11", "3"}}) {
    auto modern = first_row(columns(small(), {}, {}, "DriveXItems", test.column));
    EXPECT_EQ(modern["DATA_TYPE"], test.odbc3);
    EXPECT_EQ(modern["SQL_DATA_TYPE"], "9");
    EXPECT_EQ(modern["SQL_DATETIME_SUB"], test.code);
    auto before = first_row(columns(old, {}, {}, "DriveXItems", test.column));
    EXPECT_EQ(before["DATA_TYPE"], test.odbc2);
  }
}

TEST(CatalogKeys, EveryTableHasItsKeyInOrder) {
  for (const schema::Table& table : Registry::builtin().tables()) {
    const Result keys = primary_keys(builtin(), {}, {}, table.name);
    EXPECT_EQ(values(keys, "COLUMN_NAME"), table.key) << table.name;
    const auto rows = rows_of(primary_keys(builtin(), {}, {}, table.name));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(rows[i][4], std::to_string(i + 1));
      EXPECT_EQ(rows[i][5], "PK_" + table.name);
    }
    const Result row_id = special_columns(builtin(), SQL_BEST_ROWID, {}, {}, table.name,
                                          SQL_SCOPE_CURROW, SQL_NO_NULLS);
    EXPECT_EQ(values(row_id, "COLUMN_NAME"), table.key) << table.name;
    for (const std::string& name : table.key) {
      EXPECT_FALSE(table.columns[table.find(name).value()].nullable) << table.name << "." << name;
    }
    EXPECT_TRUE(rows_of(special_columns(builtin(), SQL_ROWVER, {}, {}, table.name, SQL_SCOPE_CURROW,
                                        SQL_NULLABLE))
                    .empty());
  }
}

TEST(CatalogKeys, StatisticsAreTheTableAndItsKey) {
  const auto rows =
      rows_of(statistics(small(), {}, {}, "Drive_Items", SQL_INDEX_UNIQUE, SQL_QUICK));
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0],
            (Strings{"-", "-", "Drive_Items", "-", "-", "-", "0", "-", "-", "-", "-", "-", "-"}));
  EXPECT_EQ(rows[1], (Strings{"-", "-", "Drive_Items", "0", "-", "PK_Drive_Items", "3", "1", "Id",
                              "-", "-", "-", "-"}));
}

TEST(CatalogTypeInfo, IsOrderedByTypeInBothVersions) {
  for (const bool odbc2 : {false, true}) {
    const Strings types = values(type_info(builtin(odbc2), SQL_ALL_TYPES), "DATA_TYPE");
    std::vector<int> numbers;
    for (const std::string& type : types) numbers.push_back(std::stoi(type));
    EXPECT_TRUE(std::is_sorted(numbers.begin(), numbers.end()));
    const auto has = [&](int number) {
      return std::count(numbers.begin(), numbers.end(), number) == 1;
    };
    for (const int number : {9, 10, 11}) EXPECT_EQ(has(number), odbc2) << number;
    for (const int number : {91, 92, 93}) EXPECT_EQ(has(number), !odbc2) << number;
  }
}

TEST(CatalogTypeInfo, AnswersEveryTypeThatColumnsName) {
  const Strings offered = values(type_info(builtin(), SQL_ALL_TYPES), "DATA_TYPE");
  for (const std::string& type : values(columns(builtin(), {}, {}, {}, {}), "DATA_TYPE")) {
    EXPECT_NE(std::find(offered.begin(), offered.end(), type), offered.end()) << type;
  }
}

TEST(CatalogTypeInfo, RowsThatClientsAskFor) {
  struct Case {
    SQLSMALLINT asked;
    bool odbc2;
    const char* type;
    int least_size;
  };
  // pyodbc: four types right after connecting, a timestamp of at least 23; Qt: 11 in ODBC 2.
  for (const Case& test :
       {Case{SQL_VARCHAR, false, "12", 255}, Case{SQL_WVARCHAR, false, "-9", 255},
        Case{SQL_VARBINARY, false, "-3", 255}, Case{SQL_TYPE_TIMESTAMP, false, "93", 23},
        Case{SQL_TIMESTAMP, true, "11", 23}, Case{SQL_TYPE_TIMESTAMP, true, "11", 23},
        Case{SQL_TIMESTAMP, false, "93", 23}, Case{SQL_BIT, false, "-7", 1},
        Case{SQL_BIGINT, false, "-5", 19}, Case{SQL_GUID, false, "-11", 36}}) {
    const auto rows = rows_of(type_info(builtin(test.odbc2), test.asked));
    ASSERT_EQ(rows.size(), 1u) << test.asked;
    EXPECT_EQ(rows[0][1], test.type) << test.asked;
    EXPECT_GE(std::stoi(rows[0][2]), test.least_size) << test.asked;
  }
  auto timestamp = first_row(type_info(builtin(), SQL_TYPE_TIMESTAMP));
  EXPECT_EQ(timestamp["SQL_DATA_TYPE"], "9");
  EXPECT_EQ(timestamp["SQL_DATETIME_SUB"], "3");
  EXPECT_EQ(timestamp["MAXIMUM_SCALE"], "7");
}

TEST(CatalogTypeInfo, TypesWeLackAreEmptyAndNumbersThatAreNoneAreRefused) {
  for (const SQLSMALLINT type :
       std::initializer_list<SQLSMALLINT>{SQL_TINYINT, SQL_NUMERIC, SQL_FLOAT, SQL_BINARY,
                                          SQL_INTERVAL_DAY, SQL_INTERVAL_MINUTE_TO_SECOND}) {
    EXPECT_TRUE(rows_of(type_info(builtin(), type)).empty()) << type;
  }
  for (const SQLSMALLINT type :
       std::initializer_list<SQLSMALLINT>{999, -150, -12, 13, 90, 100, 114}) {
    EXPECT_EQ(state_of([&] { type_info(builtin(), type); }), "HY004") << type;
  }
}

TEST(CatalogEmpty, WhatTheServiceLacksIsAnEmptyResult) {
  const auto all = every_function(builtin());
  for (const char* function : {"foreign_keys", "procedures", "procedure_columns",
                               "table_privileges", "column_privileges"}) {
    EXPECT_TRUE(rows_of(all.at(function)).empty()) << function;
  }
}

}  // namespace
}  // namespace graphodbc::driver::catalog
