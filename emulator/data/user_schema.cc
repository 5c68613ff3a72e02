// The properties of microsoft.graph.user; filters and orders by the table of resources.tsv
// (contract d.3): what a plain query takes, and what only an advanced one does.
#include "emulator/data/random.h"
#include "emulator/data/text.h"
#include "emulator/data/user.h"

namespace graphodbc::emulator::data {
namespace {

using W = JsonWriter;
using U = UserView;
using R = Render;

Value text_value(std::string_view text) {
  return text.empty() ? Value::null() : Value::of(text);
}

void text_or_null(W& json, std::string_view text) {
  text.empty() ? json.null() : json.string(text);
}

void null_value(W& json, const U&, const R&) {
  json.null();
}
void empty_list(W& json, const U&, const R&) {
  json.raw("[]");
}

std::string_view city(const U& u) {
  return u.user().place == nullptr ? std::string_view() : u.user().place->city;
}
std::string_view state(const U& u) {
  return u.user().place == nullptr ? std::string_view() : u.user().place->state;
}
std::string_view country(const U& u) {
  return u.user().place == nullptr ? std::string_view() : u.user().place->country;
}
std::string_view language(const U& u) {
  return u.user().place == nullptr ? std::string_view() : u.user().place->language;
}
std::string_view usage_location(const U& u) {
  return u.user().place == nullptr ? std::string_view() : u.user().place->usage_location;
}
std::string employee_type(const U& u) {
  if (u.user().given_name.empty()) return {};
  return mix(u.index, 3) % 6 == 0 ? "Contractor" : "Employee";
}
std::string postal_code(const U& u) {
  return u.user().place == nullptr ? std::string()
                                   : std::to_string(10000 + mix(u.index, 4) % 90000);
}
std::string street(const U& u) {
  return u.user().place == nullptr ? std::string()
                                   : std::to_string(1 + mix(u.index, 5) % 300) + " Contoso Way";
}
std::vector<std::string> proxy_addresses(const U& u) {
  if (!u.user().has_mailbox) return {};
  return {"SMTP:" + u.user().mail, "smtp:" + u.user().nickname + "@contoso.onmicrosoft.example"};
}
std::vector<std::string> other_mails(const U& u) {
  if (u.user().guest) return {u.user().mail};
  if (mix(u.index, 6) % 5 != 0) return {};
  return {u.user().nickname + "@mail.example.org"};
}
std::vector<std::string> business_phones(const U& u) {
  if (u.user().business_phone.empty()) return {};
  return {u.user().business_phone};
}

template <std::string_view (*get)(const U&)>
void write_view(W& json, const U& u, const R&) {
  text_or_null(json, get(u));
}
template <std::string (*get)(const U&)>
void write_text(W& json, const U& u, const R&) {
  text_or_null(json, get(u));
}
template <auto member>
void write_member(W& json, const U& u, const R&) {
  text_or_null(json, u.user().*member);
}
template <std::vector<std::string> (*get)(const U&)>
void write_list(W& json, const U& u, const R&) {
  json.begin_array();
  for (const std::string& text : get(u)) json.string(text);
  json.end_array();
}

void write_licenses(W& json, const U& u, const R&) {
  json.raw(u.user().has_mailbox
               ? "[{\"disabledPlans\":[],\"skuId\":\"184efa21-98c3-4e5d-95ab-d07053a96e67\"}]"
               : "[]");
}
void write_extension_attributes(W& json, const U&, const R&) {
  json.begin_object();
  for (int i = 1; i <= 15; ++i) {
    json.key("extensionAttribute" + std::to_string(i));
    json.null();
  }
  json.end_object();
}
void write_identities(W& json, const U& u, const R&) {
  json.begin_array();
  json.begin_object();
  json.member("signInType", "userPrincipalName");
  json.member("issuer", "contoso.example");
  json.member("issuerAssignedId", u.user().upn);
  json.end_object();
  json.end_array();
}
void write_employee_data(W& json, const U& u, const R&) {
  if (mix(u.index, 7) % 3 != 0) return json.null();
  json.begin_object();
  json.member("division", "Consumer");
  json.member("costCenter", std::to_string(1000 + mix(u.index, 8) % 50));
  json.end_object();
}
void write_mailbox_settings(W& json, const U&, const R&) {
  json.raw(
      "{\"timeZone\":\"UTC\",\"dateFormat\":\"yyyy-MM-dd\",\"timeFormat\":\"HH:mm\","
      "\"userPurpose\":\"user\"}");
}

// Basic permissions see displayName, givenName, id, mail, photo, securityIdentifier, surname and
// userPrincipalName (Graph permissions reference, User.ReadBasic.All).
constexpr unsigned kMore = kExplicit | kNotBasic;

std::vector<Property<U>> default_properties() {
  return {
      {"businessPhones", kNotBasic | kCollection, write_list<business_phones>},
      {"displayName", 0, write_member<&User::display_name>},
      {"givenName", 0, write_member<&User::given_name>},
      {"jobTitle", kNotBasic, write_member<&User::job_title>},
      {"mail", 0, write_member<&User::mail>},
      {"mobilePhone", kNotBasic, write_member<&User::mobile_phone>},
      {"officeLocation", kNotBasic, write_member<&User::office>},
      {"preferredLanguage", kNotBasic, write_view<language>},
      {"surname", 0, write_member<&User::surname>},
      {"userPrincipalName", 0, write_member<&User::upn>},
      {"id", kAlways, [](W& j, const U& u, const R&) { j.plain(u.user().id); }},
  };
}

std::vector<Property<U>> named_properties() {
  return {
      {"accountEnabled", kMore, [](W& j, const U& u, const R&) { j.boolean(u.user().enabled); }},
      {"assignedLicenses", kMore | kCollection, write_licenses},
      {"city", kMore, write_view<city>},
      {"companyName", kMore, write_member<&User::company>},
      {"country", kMore, write_view<country>},
      {"createdDateTime", kMore, [](W& j, const U& u, const R&) { j.instant(u.user().created); }},
      {"creationType", kMore,
       [](W& j, const U& u, const R&) { u.user().guest ? j.plain("Invitation") : j.null(); }},
      {"department", kMore, write_member<&User::department>},
      {"employeeHireDate", kMore,
       [](W& j, const U& u, const R&) {
         u.user().hired == 0 ? j.null() : j.instant(u.user().hired);
       }},
      {"employeeId", kMore, write_member<&User::employee_id>},
      {"employeeOrgData", kMore, write_employee_data},
      {"employeeType", kMore, write_text<employee_type>},
      {"externalUserState", kMore,
       [](W& j, const U& u, const R&) { u.user().guest ? j.plain("Accepted") : j.null(); }},
      {"identities", kMore | kCollection, write_identities},
      {"mailNickname", kMore, write_member<&User::nickname>},
      {"onPremisesExtensionAttributes", kMore, write_extension_attributes},
      {"otherMails", kMore | kCollection, write_list<other_mails>},
      {"postalCode", kMore, write_text<postal_code>},
      {"proxyAddresses", kMore | kCollection, write_list<proxy_addresses>},
      {"securityIdentifier", kExplicit,
       [](W& j, const U& u, const R&) { j.plain("S-1-12-1-" + std::to_string(mix(u.index, 9))); }},
      {"showInAddressList", kMore,
       [](W& j, const U& u, const R&) { u.user().guest ? j.boolean(false) : j.null(); }},
      {"signInSessionsValidFromDateTime", kMore,
       [](W& j, const U& u, const R&) { j.instant(u.user().created); }},
      {"state", kMore, write_view<state>},
      {"streetAddress", kMore, write_text<street>},
      {"usageLocation", kMore, write_view<usage_location>},
      {"userType", kMore,
       [](W& j, const U& u, const R&) { j.plain(u.user().guest ? "Guest" : "Member"); }},
      {"mailboxSettings", kSingleOnly | kMore, write_mailbox_settings},
      {"birthday", kSingleOnly | kMore, [](W& j, const U&, const R&) { j.instant(no_time()); }},
      {"hireDate", kSingleOnly | kMore, [](W& j, const U&, const R&) { j.instant(no_time()); }},
  };
}

// Known properties without seeded values.
constexpr std::string_view kNulls[] = {"deletedDateTime",
                                       "ageGroup",
                                       "authorizationInfo",
                                       "consentProvidedForMinor",
                                       "customSecurityAttributes",
                                       "deviceEnrollmentLimit",
                                       "employeeLeaveDateTime",
                                       "externalUserStateChangeDateTime",
                                       "faxNumber",
                                       "identityParentId",
                                       "isManagementRestricted",
                                       "isResourceAccount",
                                       "lastPasswordChangeDateTime",
                                       "legalAgeGroupClassification",
                                       "onPremisesDistinguishedName",
                                       "onPremisesDomainName",
                                       "onPremisesImmutableId",
                                       "onPremisesLastSyncDateTime",
                                       "onPremisesSamAccountName",
                                       "onPremisesSecurityIdentifier",
                                       "onPremisesSyncEnabled",
                                       "onPremisesUserPrincipalName",
                                       "passwordPolicies",
                                       "passwordProfile",
                                       "preferredDataLocation",
                                       "print",
                                       "signInActivity"};
constexpr std::string_view kEmptyLists[] = {
    "assignedPlans",           "imAddresses",
    "licenseAssignmentStates", "onPremisesProvisioningErrors",
    "provisionedPlans",        "serviceProvisioningErrors"};
constexpr std::string_view kSingleNulls[] = {"aboutMe", "mySite", "preferredName"};
constexpr std::string_view kSingleLists[] = {"interests", "pastProjects", "responsibilities",
                                             "schools", "skills"};

std::vector<Property<U>> properties() {
  std::vector<Property<U>> all = default_properties();
  for (const auto& property : named_properties()) all.push_back(property);
  for (std::string_view name : kNulls) all.push_back({name, kMore, null_value});
  for (std::string_view name : kEmptyLists) all.push_back({name, kMore | kCollection, empty_list});
  for (std::string_view name : kSingleNulls) all.push_back({name, kMore | kSingleOnly, null_value});
  for (std::string_view name : kSingleLists)
    all.push_back({name, kMore | kSingleOnly | kCollection, empty_list});
  return all;
}

// Rows of the 2023 table: eq and in, ge and le as given, startswith, null, and ne by advanced
// query.
constexpr std::uint16_t kEqIn = kEq | kIn;
constexpr std::uint16_t kAllAdvanced = kEqIn | kNe | kGe | kLe | kStartsWith | kNull;

template <auto member>
Value member_value(const U& u) {
  return text_value(u.user().*member);
}

std::vector<FieldOf<U>> fields() {
  using enum FieldType;
  constexpr std::uint16_t kRange = kGe | kLe;
  return {
      {{"id", kString, kEqIn, kNe}, member_value<&User::id>},
      {{"displayName", kString, kEqIn | kStartsWith, kNe | kNull, Sort::kYes},
       member_value<&User::display_name>},
      {{"userPrincipalName", kString, kEqIn | kLe | kStartsWith, kNe | kEndsWith, Sort::kYes},
       member_value<&User::upn>},
      {{"givenName", kString, kEqIn | kRange | kStartsWith, kNe | kNull},
       member_value<&User::given_name>},
      {{"surname", kString, kEqIn | kRange | kStartsWith, kNe | kNull},
       member_value<&User::surname>},
      {{"mail", kString, kEqIn | kRange | kStartsWith, kNe | kEndsWith}, member_value<&User::mail>},
      {{"mailNickname", kString, kEqIn | kRange | kStartsWith, kNe | kNull},
       member_value<&User::nickname>},
      {{"jobTitle", kString, kEqIn | kRange, kNe | kNull}, member_value<&User::job_title>},
      {{"department", kString, kEqIn | kRange | kStartsWith, kNe | kNull},
       member_value<&User::department>},
      {{"companyName", kString, 0, kAllAdvanced}, member_value<&User::company>},
      {{"employeeType", kString, 0, kAllAdvanced & ~unsigned{kNull}},
       [](const U& u) { return text_value(employee_type(u)); }},
      {{"employeeId", kString, kEqIn | kStartsWith, kNe | kLe | kNull},
       member_value<&User::employee_id>},
      {{"mobilePhone", kString, 0, kAllAdvanced}, member_value<&User::mobile_phone>},
      {{"officeLocation", kString, 0, kAllAdvanced}, member_value<&User::office>},
      {{"postalCode", kString, 0, kAllAdvanced},
       [](const U& u) { return text_value(postal_code(u)); }},
      {{"streetAddress", kString, 0, kAllAdvanced},
       [](const U& u) { return text_value(street(u)); }},
      {{"preferredLanguage", kString, 0, kAllAdvanced},
       [](const U& u) { return text_value(language(u)); }},
      {{"city", kString, kEqIn | kGe | kStartsWith, kNe | kNull},
       [](const U& u) { return text_value(city(u)); }},
      {{"state", kString, kEqIn | kRange | kStartsWith, kNe | kNull},
       [](const U& u) { return text_value(state(u)); }},
      {{"country", kString, kEqIn | kRange | kStartsWith, kNe | kNull},
       [](const U& u) { return text_value(country(u)); }},
      {{"usageLocation", kString, kEqIn | kRange | kStartsWith, kNe},
       [](const U& u) { return text_value(usage_location(u)); }},
      {{"userType", kString, kEqIn, kNe | kNull},
       [](const U& u) { return Value::of(std::string_view(u.user().guest ? "Guest" : "Member")); }},
      {{"creationType", kString, kEqIn, kNe},
       [](const U& u) {
         return u.user().guest ? Value::of(std::string("Invitation")) : Value::null();
       }},
      {{"accountEnabled", kBoolean, kEqIn, kNe | kRange},
       [](const U& u) { return Value::of(u.user().enabled); }},
      {{"createdDateTime", kInstant, kEqIn | kRange, kNe, Sort::kAdvanced},
       [](const U& u) { return Value::of(u.user().created); }},
      {{"employeeHireDate", kInstant, 0, kEqIn | kNe | kRange},
       [](const U& u) { return u.user().hired == 0 ? Value::null() : Value::of(u.user().hired); }},
      {{"businessPhones", kList, kEq}, [](const U& u) { return Value::of(business_phones(u)); }},
      {{"otherMails", kList, kEq | kRange | kStartsWith, kEndsWith},
       [](const U& u) { return Value::of(other_mails(u)); }},
      {{"proxyAddresses", kList, kEq | kRange | kStartsWith, kEndsWith},
       [](const U& u) { return Value::of(proxy_addresses(u)); }},
  };
}

}  // namespace

const Schema<UserView>& user_schema() {
  static const Schema<UserView> schema("user", Family::kDirectory, 100, 999, properties(),
                                       fields());
  return schema;
}

}  // namespace graphodbc::emulator::data
