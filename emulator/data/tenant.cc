#include "emulator/data/tenant.h"

#include <algorithm>

#include "emulator/data/calendar.h"
#include "emulator/data/contacts.h"
#include "emulator/data/drive.h"
#include "emulator/data/random.h"
#include "emulator/data/text.h"

namespace graphodbc::emulator::data {

namespace {

struct UserSlot {
  std::once_flag mailbox_once;
  std::once_flag calendar_once;
  std::once_flag contacts_once;
  std::unique_ptr<Mailbox> mailbox;
  std::unique_ptr<Calendar> calendar;
  std::unique_ptr<Contacts> contacts;
};

struct DriveSlot {
  std::once_flag once;
  std::unique_ptr<Drive> drive;
};

}  // namespace

struct Tenant::Lazy {
  Lazy(std::size_t users, std::size_t drives)
      : user_slots(new UserSlot[users]), drive_slots(new DriveSlot[drives]) {}

  std::unique_ptr<UserSlot[]> user_slots;
  std::unique_ptr<DriveSlot[]> drive_slots;
};

namespace {

constexpr std::string_view kDomain = "contoso.example";

enum Purpose : std::uint64_t { kUsers = 101, kMail, kDrives, kEvents, kContactCards };

std::string phone(Rng& rng) {
  return "+1 425 555 0" + std::to_string(100 + rng.below(900));
}

void fill_profile(User& user, Rng& rng) {
  user.job_title = rng.percent(85) ? rng.pick(job_titles()) : std::string_view();
  user.department = rng.percent(85) ? rng.pick(departments()) : std::string_view();
  user.company = rng.percent(70) ? rng.pick(company_names()) : std::string_view();
  if (rng.percent(60)) user.mobile_phone = phone(rng);
  if (rng.percent(75)) user.business_phone = phone(rng);
  if (rng.percent(70)) {
    user.office = std::to_string(rng.between(1, 40)) + "/" + std::to_string(1000 + rng.below(900));
  }
  if (rng.percent(80)) user.employee_id = std::to_string(10000 + rng.below(90000));
  if (rng.percent(85)) user.place = &rng.pick(places());
  user.created =
      ticks_of(2019, 1, 1) + rng.between(0, 6 * 365) * kDay + rng.between(0, 86399) * kSecond;
  if (rng.percent(70)) user.hired = user.created / kDay * kDay;
  user.enabled = rng.percent(93);
}

}  // namespace

Tenant::Tenant(const TenantOptions& options) : options_(options) {
  options_.users = std::max<std::size_t>(options_.users, 1);
  make_users();
  make_people();
  make_drives();
  lazy_ = std::make_unique<Lazy>(users_.size(), drive_owner_.size());
}

Tenant::~Tenant() = default;

void Tenant::make_users() {
  users_.reserve(options_.users);
  std::unordered_map<std::string, int> nicknames;
  for (std::size_t i = 0; i < options_.users; ++i) {
    Rng rng(mix(options_.seed, kUsers, i));
    User user;
    user.id = guid_text((mix(options_.seed, i, 31) & ~0xf000ULL) | 0x4000ULL,
                        (mix(options_.seed, i, 32) >> 2) | 0x8000000000000000ULL);
    // The first few are the people that every tutorial knows.
    const std::size_t name = i < 4 ? i : rng.below(given_names().size());
    const NamePair& given = given_names()[name];
    const NamePair& surname = i < 4 ? surnames()[name] : matching_surname(name, rng.next());
    // Rooms and service accounts have no personal name.
    const bool room = i > 3 && rng.percent(6);
    fill_profile(user, rng);
    std::string nickname = room ? "room" + std::to_string(i)
                                : std::string(given.ascii) + "." + std::string(surname.ascii);
    const int repeat = nicknames[nickname]++;
    if (repeat > 0) nickname += std::to_string(repeat + 1);
    user.nickname = nickname;
    user.display_name = room ? "Conf Room " + std::to_string(i)
                             : std::string(given.text) + " " + std::string(surname.text);
    if (!room) {
      user.given_name = given.text;
      user.surname = surname.text;
    }
    user.guest = i > 3 && !room && rng.percent(8);
    user.has_mailbox = i == 0 || (!user.guest && rng.percent(92));
    user.upn = nickname + "@" + std::string(kDomain);
    if (user.guest) {
      user.mail = nickname + "@fabrikam.example.com";
      user.upn = nickname + "_fabrikam.example.com#EXT#@" + std::string(kDomain);
    } else if (user.has_mailbox) {
      user.mail = user.upn;
    }
    if (i > 0 && !user.guest && rng.percent(90)) user.manager = static_cast<int>((i - 1) / 6);
    if (i == 0) {
      user.enabled = true;
      user.job_title = "Retail Manager";
      user.department = "Sales & Marketing";
      user.place = &places()[0];
    }
    by_name_[user.id] = i;
    by_name_[ascii_lower(user.upn)] = i;
    users_.push_back(std::move(user));
  }
}

void Tenant::make_people() {
  for (const User& user : users_) {
    if (user.has_mailbox && people_.size() < 200) people_.push_back({user.display_name, user.mail});
  }
  for (const Outsider& outsider : outsiders()) {
    people_.push_back({std::string(outsider.name), std::string(outsider.address)});
  }
}

void Tenant::make_drives() {
  for (std::size_t i = 0; i < users_.size(); ++i) {
    if (users_[i].has_mailbox) drive_owner_.push_back(i);
  }
  drive_owner_.insert(drive_owner_.end(), 2, 0);
  for (std::size_t i = 0; i < drive_owner_.size(); ++i) {
    drive_ids_.push_back(DriveIds(mix(options_.seed, kDrives, i)).drive_id());
    drive_by_id_[drive_ids_.back()] = i;
  }
}

std::size_t Tenant::find_user(std::string_view id_or_upn) const {
  const auto found = by_name_.find(ascii_lower(id_or_upn));
  return found == by_name_.end() ? npos : found->second;
}

const Mailbox& Tenant::mailbox(std::size_t user) const {
  UserSlot& s = lazy_->user_slots[user];
  std::call_once(s.mailbox_once, [&] {
    const std::uint64_t seed = mix(options_.seed, kMail, user);
    const std::size_t count = user == 0 ? options_.messages : 20 + mix(seed, 7) % 30;
    s.mailbox = std::make_unique<Mailbox>(*this, user, seed, count);
  });
  return *s.mailbox;
}

const Calendar& Tenant::calendar(std::size_t user) const {
  UserSlot& s = lazy_->user_slots[user];
  std::call_once(s.calendar_once, [&] {
    s.calendar = std::make_unique<Calendar>(*this, mailbox(user), mix(options_.seed, kEvents, user),
                                            user == 0 ? 120 : 12);
  });
  return *s.calendar;
}

const Contacts& Tenant::contacts(std::size_t user) const {
  UserSlot& s = lazy_->user_slots[user];
  std::call_once(s.contacts_once, [&] {
    s.contacts = std::make_unique<Contacts>(mailbox(user), mix(options_.seed, kContactCards, user),
                                            user == 0 ? 80 : 8);
  });
  return *s.contacts;
}

const Drive& Tenant::drive(std::size_t index) const {
  DriveSlot& s = lazy_->drive_slots[index];
  std::call_once(s.once, [&] {
    const bool library = index + 2 >= drive_owner_.size();
    const std::uint64_t seed = mix(options_.seed, kDrives, index);
    const std::size_t items = index == 0 ? options_.drive_items : library ? 60 : 25;
    const std::string name = !library                           ? "OneDrive"
                             : index + 1 == drive_owner_.size() ? "Préparation & Archiv"
                                                                : "Team Documents";
    s.drive = std::make_unique<Drive>(*this, drive_owner_[index], seed, items, name, library);
  });
  return *s.drive;
}

std::size_t Tenant::find_drive(std::string_view id) const {
  const auto found = drive_by_id_.find(std::string(id));
  return found == drive_by_id_.end() ? npos : found->second;
}

std::vector<std::size_t> Tenant::drives_of(std::size_t user) const {
  std::vector<std::size_t> drives;
  for (std::size_t i = 0; i < drive_owner_.size(); ++i) {
    if (drive_owner_[i] == user) drives.push_back(i);
  }
  return drives;
}

}  // namespace graphodbc::emulator::data
