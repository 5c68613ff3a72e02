// The seeded organisation: users, and their mailboxes and drives, built when first asked for.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "emulator/data/clock.h"
#include "emulator/data/mailbox.h"
#include "emulator/data/phrases.h"
#include "emulator/graph_service.h"

namespace graphodbc::emulator::data {

class Calendar;
class Contacts;
class Drive;

struct User {
  std::string id;
  std::string upn;
  std::string given_name;  // empty: null, like the other texts below
  std::string surname;
  std::string display_name;
  std::string mail;
  std::string nickname;
  std::string_view job_title;
  std::string_view department;
  std::string_view company;
  std::string mobile_phone;
  std::string business_phone;
  std::string office;
  std::string employee_id;
  const Place* place = nullptr;  // null: no city, country, language
  Ticks created = 0;
  Ticks hired = 0;  // 0: null
  bool enabled = true;
  bool guest = false;
  bool has_mailbox = true;
  int manager = -1;
};

class Tenant {
 public:
  explicit Tenant(const TenantOptions& options);
  ~Tenant();
  Tenant(const Tenant&) = delete;
  Tenant& operator=(const Tenant&) = delete;

  std::uint64_t seed() const { return options_.seed; }
  const std::vector<User>& users() const { return users_; }
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
  // By object id or user principal name, both without case; npos when unknown.
  std::size_t find_user(std::string_view id_or_upn) const;

  // People who write mail: users with a mailbox, then outsiders.
  const std::vector<Person>& people() const { return people_; }

  // Thread-safe; the user must have a mailbox (guests and unlicensed users have none).
  const Mailbox& mailbox(std::size_t user) const;
  const Calendar& calendar(std::size_t user) const;
  const Contacts& contacts(std::size_t user) const;

  // Drives: each licensed user's own, then two shared libraries of the account.
  std::size_t drive_count() const { return drive_owner_.size(); }
  const Drive& drive(std::size_t index) const;
  const std::string& drive_id(std::size_t index) const { return drive_ids_[index]; }
  std::size_t find_drive(std::string_view id) const;           // npos when unknown
  std::vector<std::size_t> drives_of(std::size_t user) const;  // the default drive first

 private:
  struct Lazy;  // what is built on first use

  void make_users();
  void make_people();
  void make_drives();

  TenantOptions options_;
  std::vector<User> users_;
  std::vector<Person> people_;
  std::unordered_map<std::string, std::size_t> by_name_;
  std::vector<std::size_t> drive_owner_;
  std::vector<std::string> drive_ids_;
  std::unordered_map<std::string, std::size_t> drive_by_id_;
  std::unique_ptr<Lazy> lazy_;
};

}  // namespace graphodbc::emulator::data
