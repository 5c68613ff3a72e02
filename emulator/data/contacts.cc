#include "emulator/data/contacts.h"

#include "emulator/data/message.h"
#include "emulator/data/random.h"
#include "emulator/data/text.h"

namespace graphodbc::emulator::data {
namespace {

using W = JsonWriter;
using C = ContactView;
using R = Render;

Contact make_contact(Rng& rng, std::size_t number) {
  Contact contact;
  const std::size_t name = rng.below(given_names().size());
  const NamePair& given = given_names()[name];
  const NamePair& surname = matching_surname(name, rng.next());
  contact.hash = rng.next();
  contact.given_name = given.text;
  if (!rng.percent(6)) contact.surname = surname.text;
  contact.display_name =
      contact.given_name + (contact.surname.empty() ? "" : " ") + contact.surname;
  if (rng.percent(70)) contact.company = rng.pick(company_names());
  if (rng.percent(60)) contact.job_title = rng.pick(job_titles());
  if (rng.percent(50)) contact.department = rng.pick(departments());
  if (rng.percent(50)) contact.mobile_phone = "+1 425 555 0" + std::to_string(100 + rng.below(900));
  if (rng.percent(60)) {
    contact.business_phones.push_back("+1 918 555 0" + std::to_string(100 + rng.below(900)));
  }
  const std::string local = std::string(given.ascii) + "." + std::string(surname.ascii);
  if (rng.percent(85)) {
    contact.addresses.push_back({contact.display_name, local + "@fabrikam.example.com"});
  }
  if (rng.percent(20)) contact.addresses.push_back({"private", local + "@mail.example.org"});
  if (rng.percent(70)) contact.place = &rng.pick(places());
  if (rng.percent(30)) contact.notes = "Met at \"Build\"\r\nlikes\ttea & O'Reilly books";
  contact.created =
      ticks_of(2021, 1, 1) + rng.between(0, 1900) * kDay + rng.between(0, 86399) * kSecond;
  if (rng.percent(40)) contact.birthday = ticks_of(1950, 1, 1) + rng.between(0, 20000) * kDay;
  contact.folder = number >= 5 && rng.percent(12) ? 1 : 0;
  return contact;
}

void text_or_null(W& json, const std::string& text) {
  text.empty() ? json.null() : json.string(text);
}

void null_value(W& json, const C&, const R&) {
  json.null();
}
void empty_list(W& json, const C&, const R&) {
  json.raw("[]");
}
void empty_object(W& json, const C&, const R&) {
  json.raw("{}");
}

void write_address(W& json, const C& c, const R&) {
  json.begin_object();
  if (const Place* place = c.contact().place) {
    json.member("street", "10 Contoso Way");
    json.member("city", place->city);
    if (!place->state.empty()) json.member("state", place->state);
    json.member("countryOrRegion", place->country);
    json.member("postalCode", std::to_string(10000 + c.contact().hash % 90000));
  }
  json.end_object();
}

void write_email(W& json, const Person& person) {
  json.begin_object();
  json.member("name", person.name);
  json.member("address", person.address);
  json.end_object();
}

template <std::size_t N>
void write_nth_email(W& json, const C& c, const R&) {
  const auto& addresses = c.contact().addresses;
  addresses.size() > N ? write_email(json, addresses[N]) : json.null();
}

std::string change_key(const C& c) {
  return "EQAAABYAAAC" + base64(guid_text(c.contact().hash, 1).substr(0, 15));
}

std::vector<std::string> categories_of(const C& c) {
  if (c.contact().hash % 7 != 0) return {};
  return {std::string(categories()[c.contact().hash / 7 % categories().size()])};
}

std::vector<Property<C>> properties() {
  return {
      {"@odata.etag", kAlways | kAnnotation,
       [](W& j, const C& c, const R&) { j.string("W/\"" + change_key(c) + "\""); }},
      {"id", kAlways,
       [](W& j, const C& c, const R& r) {
         j.plain(c.contacts->box().ids().text({ItemKind::kContact, 0, c.index}, r.immutable_ids));
       }},
      {"createdDateTime", 0, [](W& j, const C& c, const R&) { j.instant(c.contact().created); }},
      {"lastModifiedDateTime", 0,
       [](W& j, const C& c, const R&) { j.instant(c.contact().created + 3 * kDay); }},
      {"changeKey", 0, [](W& j, const C& c, const R&) { j.plain(change_key(c)); }},
      {"categories", 0, [](W& j, const C& c, const R&) { write_text_list(j, categories_of(c)); }},
      {"parentFolderId", 0,
       [](W& j, const C& c, const R&) {
         j.plain(c.contacts->box().ids().text({ItemKind::kContactFolder, 0, c.contact().folder}));
       }},
      {"birthday", 0,
       [](W& j, const C& c, const R&) {
         c.contact().birthday == 0 ? j.null()
                                   : j.instant(c.contact().birthday + 11 * kHour + 59 * kMinute);
       }},
      {"fileAs", 0,
       [](W& j, const C& c, const R&) {
         const Contact& p = c.contact();
         j.string(p.surname.empty() ? p.given_name : p.surname + ", " + p.given_name);
       }},
      {"displayName", 0, [](W& j, const C& c, const R&) { j.string(c.contact().display_name); }},
      {"givenName", 0, [](W& j, const C& c, const R&) { text_or_null(j, c.contact().given_name); }},
      {"initials", 0, null_value},
      {"middleName", 0, null_value},
      {"nickName", 0, null_value},
      {"surname", 0, [](W& j, const C& c, const R&) { text_or_null(j, c.contact().surname); }},
      {"title", 0, null_value},
      {"yomiGivenName", 0, null_value},
      {"yomiSurname", 0, null_value},
      {"yomiCompanyName", 0, null_value},
      {"generation", 0, null_value},
      {"imAddresses", 0,
       [](W& j, const C& c, const R&) {
         j.begin_array();
         if (c.contact().hash % 3 == 0)
           j.string("sip:" + std::to_string(c.index) + "@contoso.example");
         j.end_array();
       }},
      {"jobTitle", 0, [](W& j, const C& c, const R&) { text_or_null(j, c.contact().job_title); }},
      {"companyName", 0, [](W& j, const C& c, const R&) { text_or_null(j, c.contact().company); }},
      {"department", 0,
       [](W& j, const C& c, const R&) { text_or_null(j, c.contact().department); }},
      {"officeLocation", 0, null_value},
      {"profession", 0, null_value},
      {"businessHomePage", 0, null_value},
      {"assistantName", 0, null_value},
      {"manager", 0, null_value},
      {"homePhones", 0, empty_list},
      {"mobilePhone", 0,
       [](W& j, const C& c, const R&) { text_or_null(j, c.contact().mobile_phone); }},
      {"businessPhones", 0,
       [](W& j, const C& c, const R&) { write_text_list(j, c.contact().business_phones); }},
      {"spouseName", 0, null_value},
      {"personalNotes", 0, [](W& j, const C& c, const R&) { j.string(c.contact().notes); }},
      {"children", 0, empty_list},
      {"emailAddresses", 0,
       [](W& j, const C& c, const R&) {
         j.begin_array();
         for (const Person& address : c.contact().addresses) write_email(j, address);
         j.end_array();
       }},
      {"primaryEmailAddress", 0, write_nth_email<0>},
      {"secondaryEmailAddress", 0, write_nth_email<1>},
      {"tertiaryEmailAddress", 0, write_nth_email<2>},
      {"homeAddress", 0, empty_object},
      {"businessAddress", 0, write_address},
      {"otherAddress", 0, empty_object},
  };
}

Value text_value(const std::string& text) {
  return text.empty() ? Value::null() : Value::of(text);
}

std::vector<FieldOf<C>> fields() {
  using enum FieldType;
  constexpr std::uint16_t kText = kEq | kNe | kStartsWith;
  return {
      {{"displayName", kString, kText, 0, Sort::kYes},
       [](const C& c) { return text_value(c.contact().display_name); }},
      {{"givenName", kString, kText, 0, Sort::kYes},
       [](const C& c) { return text_value(c.contact().given_name); }},
      {{"surname", kString, kText, 0, Sort::kYes},
       [](const C& c) { return text_value(c.contact().surname); }},
      {{"companyName", kString, kText, 0, Sort::kYes},
       [](const C& c) { return text_value(c.contact().company); }},
      {{"createdDateTime", kInstant, kCompare, 0, Sort::kYes},
       [](const C& c) { return Value::of(c.contact().created); }},
      {{"lastModifiedDateTime", kInstant, kCompare, 0, Sort::kYes},
       [](const C& c) { return Value::of(c.contact().created + 3 * kDay); }},
      {{"categories", kList, kEq}, [](const C& c) { return Value::of(categories_of(c)); }},
      {{"emailAddresses", kList, kEq, 0, Sort::kNo, {}, "address"},
       [](const C& c) {
         std::vector<std::string> list;
         for (const Person& person : c.contact().addresses) list.push_back(person.address);
         return Value::of(std::move(list));
       }},
  };
}

using F = ContactFolderView;

std::vector<Property<F>> folder_properties() {
  return {
      {"id", kAlways,
       [](W& j, const F& f, const R&) {
         j.plain(f.contacts->box().ids().text({ItemKind::kContactFolder, 0, f.index}));
       }},
      {"parentFolderId", 0,
       [](W& j, const F& f, const R&) {
         j.plain(f.contacts->box().ids().text({ItemKind::kFolder, 0, 0}));
       }},
      {"displayName", 0,
       [](W& j, const F& f, const R&) { j.string(Contacts::folder_names()[f.index]); }},
  };
}

}  // namespace

Contacts::Contacts(const Mailbox& box, std::uint64_t seed, std::size_t count) : box_(box) {
  for (std::size_t i = 0; i < count; ++i) {
    Rng rng(mix(seed, i, 91));
    contacts_.push_back(make_contact(rng, i));
  }
}

const std::vector<std::string_view>& Contacts::folder_names() {
  static const std::vector<std::string_view> names = {"Contacts", "Lieferanten & Partner"};
  return names;
}

std::vector<std::uint32_t> Contacts::in_folder(int folder) const {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t i = 0; i < contacts_.size(); ++i) {
    if (contacts_[i].folder == folder) rows.push_back(i);
  }
  return rows;
}

std::optional<std::uint32_t> Contacts::find(std::string_view id) const {
  const auto ref = box_.ids().read(id);
  if (!ref || ref->kind != ItemKind::kContact || ref->index >= contacts_.size())
    return std::nullopt;
  return ref->index;
}

int Contacts::find_folder(std::string_view id) const {
  const auto ref = box_.ids().read(id);
  if (!ref || ref->kind != ItemKind::kContactFolder || ref->index >= folder_names().size())
    return -1;
  return static_cast<int>(ref->index);
}

const Schema<ContactView>& contact_schema() {
  static const Schema<ContactView> schema("contact", Family::kOutlook, 10, 1000, properties(),
                                          fields());
  return schema;
}

const Schema<ContactFolderView>& contact_folder_schema() {
  static const Schema<ContactFolderView> schema("contactFolder", Family::kOutlook, 10, 1000,
                                                folder_properties(), {});
  return schema;
}

}  // namespace graphodbc::emulator::data
