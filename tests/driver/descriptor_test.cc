#include "driver/descriptors/descriptor.h"

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"
#include "driver/descriptors/binding.h"
#include "driver/descriptors/descriptor_fields.h"
#include "driver/descriptors/type_facts.h"
#include "driver/handles/connection.h"
#include "driver/handles/environment.h"

namespace graphodbc::driver {
namespace {

class DescriptorTest : public ::testing::Test {
 protected:
  Environment environment_;
  Connection connection_{environment_};
  Descriptor ard_{connection_, DescriptorRole::kApplication, false};
  Descriptor apd_{connection_, DescriptorRole::kApplication, false};
  Descriptor ird_{connection_, DescriptorRole::kImplementationRow, false};
  Descriptor ipd_{connection_, DescriptorRole::kImplementationParameter, false};

  SQLLEN get(const Descriptor& descriptor, SQLSMALLINT record, SQLSMALLINT id) {
    FieldValue value;
    EXPECT_EQ(get_descriptor_field(descriptor, record, id, value), SQL_SUCCESS) << id;
    return value.number;
  }
};

template <typename Call>
std::string state_of(Call call) {
  try {
    call();
    return "ok";
  } catch (const base::Error& error) {
    return std::string(error.state().code());
  }
}

TEST_F(DescriptorTest, ABindingIsVisibleAsFields) {
  char buffer[20];
  SQLLEN indicator = 0;
  bind_column(ard_, {3, SQL_C_CHAR, buffer, sizeof buffer, &indicator});
  EXPECT_EQ(get(ard_, 0, SQL_DESC_COUNT), 3);
  EXPECT_EQ(get(ard_, 3, SQL_DESC_CONCISE_TYPE), SQL_C_CHAR);
  EXPECT_EQ(get(ard_, 3, SQL_DESC_OCTET_LENGTH), 20);
  EXPECT_EQ(get(ard_, 3, SQL_DESC_DATA_PTR), reinterpret_cast<SQLLEN>(buffer));
  EXPECT_EQ(get(ard_, 3, SQL_DESC_INDICATOR_PTR), reinterpret_cast<SQLLEN>(&indicator));
  EXPECT_EQ(get(ard_, 3, SQL_DESC_OCTET_LENGTH_PTR), reinterpret_cast<SQLLEN>(&indicator));
  EXPECT_FALSE(ard_.find(1)->bound);
}

TEST_F(DescriptorTest, UnbindingTheLastColumnShrinksTheCount) {
  char buffer[4];
  bind_column(ard_, {1, SQL_C_CHAR, buffer, 4, nullptr});
  bind_column(ard_, {5, SQL_C_CHAR, buffer, 4, nullptr});
  bind_column(ard_, {5, SQL_C_CHAR, nullptr, 0, nullptr});
  EXPECT_EQ(ard_.count(), 1);
}

TEST_F(DescriptorTest, ColumnBindingsAreChecked) {
  char buffer[4];
  EXPECT_EQ(state_of([&] { bind_column(ard_, {0, SQL_C_CHAR, buffer, 4, nullptr}); }), "07009");
  EXPECT_EQ(state_of([&] { bind_column(ard_, {1, 4711, buffer, 4, nullptr}); }), "HY003");
  EXPECT_EQ(state_of([&] { bind_column(ard_, {1, SQL_C_CHAR, buffer, -1, nullptr}); }), "HY090");
}

TEST_F(DescriptorTest, ParameterBindingsAreChecked) {
  SQLINTEGER value = 1;
  const auto bind = [&](ParameterBinding binding) {
    return state_of([&] { bind_parameter(apd_, ipd_, binding); });
  };
  EXPECT_EQ(bind({0, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &value, 0, nullptr}),
            "07009");
  EXPECT_EQ(bind({1, 99, SQL_C_SLONG, SQL_INTEGER, 0, 0, &value, 0, nullptr}), "HY105");
  EXPECT_EQ(bind({1, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &value, 0, nullptr}),
            "HYC00");
  EXPECT_EQ(bind({1, SQL_PARAM_INPUT, 4711, SQL_INTEGER, 0, 0, &value, 0, nullptr}), "HY003");
  EXPECT_EQ(bind({1, SQL_PARAM_INPUT, SQL_C_SLONG, 4711, 0, 0, &value, 0, nullptr}), "HY004");
  EXPECT_EQ(bind({1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, nullptr, 0, nullptr}),
            "HY009");
  EXPECT_EQ(bind({1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &value, -5, nullptr}),
            "HY090");
  // The ODBC 2 number of timestamps, as pyodbc sends it.
  EXPECT_EQ(bind({1, SQL_PARAM_INPUT, SQL_C_TIMESTAMP, SQL_TIMESTAMP, 26, 6, &value, 0, nullptr}),
            "ok");
  EXPECT_EQ(get(ipd_, 1, SQL_DESC_CONCISE_TYPE), SQL_TYPE_TIMESTAMP);
  EXPECT_EQ(get(ipd_, 1, SQL_DESC_TYPE), SQL_DATETIME);
  EXPECT_EQ(get(ipd_, 1, SQL_DESC_DATETIME_INTERVAL_CODE), SQL_CODE_TIMESTAMP);
  EXPECT_EQ(get(apd_, 1, SQL_DESC_CONCISE_TYPE), SQL_C_TYPE_TIMESTAMP);
}

TEST_F(DescriptorTest, AFieldThatChangesTheTypeUnbinds) {
  SQL_NUMERIC_STRUCT buffer;
  bind_column(ard_, {1, SQL_C_NUMERIC, &buffer, 0, nullptr});
  EXPECT_EQ(get(ard_, 1, SQL_DESC_PRECISION), 38);
  set_descriptor_field(ard_, 1, SQL_DESC_SCALE, 4);
  EXPECT_EQ(get(ard_, 1, SQL_DESC_DATA_PTR), 0);
  EXPECT_FALSE(ard_.find(1)->bound);
  set_descriptor_field(ard_, 1, SQL_DESC_DATA_PTR, reinterpret_cast<SQLLEN>(&buffer));
  EXPECT_TRUE(ard_.find(1)->bound);
  EXPECT_EQ(get(ard_, 1, SQL_DESC_SCALE), 4);
}

TEST_F(DescriptorTest, EveryChangeGivesANewVersion) {
  char buffer[4];
  const auto first = ard_.version();
  EXPECT_NE(first, apd_.version()) << "versions are unique over descriptors";
  bind_column(ard_, {1, SQL_C_CHAR, buffer, 4, nullptr});
  const auto second = ard_.version();
  EXPECT_NE(first, second);
  set_descriptor_field(ard_, 0, SQL_DESC_ARRAY_SIZE, 10);
  EXPECT_NE(second, ard_.version());
}

TEST_F(DescriptorTest, FieldsBelongToKindsOfDescriptors) {
  ird_.touch(1);
  EXPECT_EQ(state_of([&] { set_descriptor_field(ird_, 1, SQL_DESC_SCALE, 1); }), "HY016");
  EXPECT_EQ(state_of([&] { set_descriptor_field(ird_, 0, SQL_DESC_ROWS_PROCESSED_PTR, 0); }), "ok");
  EXPECT_EQ(state_of([&] { set_descriptor_field(ard_, 1, SQL_DESC_PARAMETER_TYPE, 1); }), "HY091");
  EXPECT_EQ(state_of([&] { set_descriptor_field(ard_, 0, SQL_DESC_ROWS_PROCESSED_PTR, 0); }),
            "HY091");
  EXPECT_EQ(state_of([&] { set_descriptor_field(ard_, 1, 31999, 1); }), "HY091");
  EXPECT_EQ(state_of([&] { set_descriptor_field(ard_, 0, SQL_DESC_TYPE, SQL_C_CHAR); }), "07009");
  EXPECT_EQ(state_of([&] { set_descriptor_field(ard_, 0, SQL_DESC_ARRAY_SIZE, 0); }), "HY024");
  EXPECT_EQ(state_of([&] { set_descriptor_field(ard_, 1, SQL_DESC_TYPE, 4711); }), "HY021");
}

TEST_F(DescriptorTest, ReadingBeyondTheCountIsNoData) {
  FieldValue value;
  EXPECT_EQ(get_descriptor_field(ard_, 1, SQL_DESC_TYPE, value), SQL_NO_DATA);
  EXPECT_EQ(state_of([&] { get_descriptor_field(ird_, 1, SQL_DESC_TYPE, value); }), "HY007");
}

TEST_F(DescriptorTest, DatetimeTypesAreVerboseAndConcise) {
  set_descriptor_field(ard_, 1, SQL_DESC_TYPE, SQL_DATETIME);
  set_descriptor_field(ard_, 1, SQL_DESC_DATETIME_INTERVAL_CODE, SQL_CODE_DATE);
  EXPECT_EQ(get(ard_, 1, SQL_DESC_CONCISE_TYPE), SQL_C_TYPE_DATE);
  set_descriptor_field(ard_, 1, SQL_DESC_CONCISE_TYPE, SQL_C_TIME);
  EXPECT_EQ(get(ard_, 1, SQL_DESC_CONCISE_TYPE), SQL_C_TYPE_TIME);
  EXPECT_EQ(get(ard_, 1, SQL_DESC_TYPE), SQL_DATETIME);
  EXPECT_EQ(get(ard_, 1, SQL_DESC_DATETIME_INTERVAL_CODE), SQL_CODE_TIME);
}

// The ids of ODBC 2 and 3 next to each other, with their different meanings (pitfalls 11).
TEST_F(DescriptorTest, ColumnAttributesOfBothVersions) {
  DescriptorRecord& record = ird_.touch(1);
  record.info = base::timestamp_type();
  set_concise_type(record, SQL_TYPE_TIMESTAMP, false);
  record.column_size = record.length = 27;
  record.octet_length = sizeof(SQL_TIMESTAMP_STRUCT);
  record.precision = 7;
  record.nullable = SQL_NULLABLE;
  record.name = record.label = "ReceivedDateTime";
  const auto number = [&](SQLUSMALLINT id) { return column_attribute(ird_, 1, id).number; };
  EXPECT_EQ(column_attribute(ird_, 1, SQL_COLUMN_NAME).text, "ReceivedDateTime");
  EXPECT_EQ(column_attribute(ird_, 1, SQL_DESC_NAME).text, "ReceivedDateTime");
  EXPECT_EQ(column_attribute(ird_, 1, SQL_DESC_TYPE_NAME).text, "TIMESTAMP");
  EXPECT_EQ(number(SQL_COLUMN_LENGTH), 16);
  EXPECT_EQ(number(SQL_DESC_LENGTH), 27);
  EXPECT_EQ(number(SQL_COLUMN_PRECISION), 27);
  EXPECT_EQ(number(SQL_DESC_PRECISION), 7);
  EXPECT_EQ(number(SQL_COLUMN_SCALE), 7);
  EXPECT_EQ(number(SQL_DESC_SCALE), 0);
  EXPECT_EQ(number(SQL_COLUMN_NULLABLE), SQL_NULLABLE);
  EXPECT_EQ(number(SQL_DESC_NULLABLE), SQL_NULLABLE);
  EXPECT_EQ(number(SQL_DESC_CONCISE_TYPE), SQL_TYPE_TIMESTAMP);
  EXPECT_EQ(number(SQL_DESC_TYPE), SQL_DATETIME);
  EXPECT_EQ(number(SQL_COLUMN_COUNT), 1);
  EXPECT_EQ(state_of([&] { number(31999); }), "HY091");
  EXPECT_EQ(state_of([&] { column_attribute(ird_, 2, SQL_DESC_TYPE); }), "07009");
  EXPECT_EQ(state_of([&] { column_attribute(ird_, 0, SQL_DESC_TYPE); }), "07009");
}

TEST(TypeFacts, TextSizesHoldTheWorstCaseOfNarrowClients) {
  const base::TypeInfo subject = base::text_type(255);
  EXPECT_EQ(column_size(subject, false), 255u);
  EXPECT_EQ(octet_length(subject, false), 510);
  EXPECT_EQ(display_size(subject, false), 255);
  EXPECT_EQ(column_size(subject, true), 1020u);
  EXPECT_EQ(octet_length(subject, true), 1020);
  EXPECT_EQ(display_size(subject, true), 1020);
  EXPECT_EQ(column_size(base::long_text_type(), true), base::kLongSize);
  EXPECT_EQ(column_size(base::timestamp_type(), true), 27u);
}

TEST(TypeFacts, OldTypeNumbers) {
  EXPECT_EQ(type_number(base::SqlType::kTimestamp, true), SQL_TIMESTAMP);
  EXPECT_EQ(type_number(base::SqlType::kTimestamp, false), SQL_TYPE_TIMESTAMP);
  EXPECT_EQ(modern_type(SQL_TIMESTAMP), SQL_TYPE_TIMESTAMP);
  EXPECT_EQ(default_c_type(SQL_TIMESTAMP), SQL_C_TYPE_TIMESTAMP);
  EXPECT_EQ(default_c_type(SQL_WVARCHAR), SQL_C_WCHAR);
  EXPECT_EQ(default_c_type(SQL_DECIMAL), SQL_C_CHAR);
}

}  // namespace
}  // namespace graphodbc::driver
