// Contacts and contact folders of one user.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/data/mailbox.h"
#include "emulator/data/phrases.h"
#include "emulator/data/resource.h"

namespace graphodbc::emulator::data {

struct Contact {
  std::string given_name;  // empty texts are null
  std::string surname;
  std::string display_name;
  std::string company;
  std::string job_title;
  std::string department;
  std::string mobile_phone;
  std::string notes;
  std::vector<Person> addresses;
  std::vector<std::string> business_phones;
  const Place* place = nullptr;
  Ticks created = 0;
  Ticks birthday = 0;  // 0: null
  std::uint8_t folder = 0;
  std::uint64_t hash = 0;
};

class Contacts {
 public:
  Contacts(const Mailbox& box, std::uint64_t seed, std::size_t count);

  const Mailbox& box() const { return box_; }
  const std::vector<Contact>& contacts() const { return contacts_; }
  // The default folder is the first; listings of contactFolders leave it out (contract d.1).
  static const std::vector<std::string_view>& folder_names();
  std::vector<std::uint32_t> in_folder(int folder) const;
  std::optional<std::uint32_t> find(std::string_view id) const;
  int find_folder(std::string_view id) const;  // -1 when unknown

 private:
  const Mailbox& box_;
  std::vector<Contact> contacts_;
};

struct ContactView {
  const Contacts* contacts;
  std::uint32_t index;
  const Contact& contact() const { return contacts->contacts()[index]; }
};

struct ContactFolderView {
  const Contacts* contacts;
  std::uint32_t index;
};

const Schema<ContactView>& contact_schema();
const Schema<ContactFolderView>& contact_folder_schema();

}  // namespace graphodbc::emulator::data
