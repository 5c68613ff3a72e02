#include "emulator/data/permissions.h"

#include <algorithm>
#include <initializer_list>
#include <string>

namespace graphodbc::emulator::data {
namespace {

using Names = std::initializer_list<const char*>;

bool holds(const Principal& principal, Names names) {
  return std::any_of(names.begin(), names.end(),
                     [&](const char* name) { return principal.permissions.contains(name); });
}

// One mailbox family: full and basic permissions for one's own data, and for that of others.
struct Rule {
  Names own_full;
  Names own_basic;
  Names others_full;
  Names others_basic;
  Names app_full;
  Names app_basic;
};

Access decide(const Principal& principal, bool own, const Rule& rule) {
  if (principal.app_only) {
    if (holds(principal, rule.app_full)) return Access::kFull;
    return holds(principal, rule.app_basic) ? Access::kBasic : Access::kNone;
  }
  if (holds(principal, rule.others_full)) return Access::kFull;
  if (own && holds(principal, rule.own_full)) return Access::kFull;
  if (holds(principal, rule.others_basic)) return Access::kBasic;
  if (own && holds(principal, rule.own_basic)) return Access::kBasic;
  return Access::kNone;
}

}  // namespace

Access mail_access(const Principal& principal, bool own) {
  return decide(principal, own,
                {{"mail.read", "mail.readwrite"},
                 {"mail.readbasic"},
                 {"mail.read.shared", "mail.readwrite.shared"},
                 {"mail.readbasic.shared"},
                 {"mail.read", "mail.readwrite"},
                 {"mail.readbasic", "mail.readbasic.all"}});
}

Access calendar_access(const Principal& principal, bool own) {
  return decide(principal, own,
                {{"calendars.read", "calendars.readwrite"},
                 {"calendars.readbasic"},
                 {"calendars.read.shared", "calendars.readwrite.shared"},
                 {},
                 {"calendars.read", "calendars.readwrite"},
                 {"calendars.readbasic.all"}});
}

Access contacts_access(const Principal& principal, bool own) {
  return decide(principal, own,
                {{"contacts.read", "contacts.readwrite"},
                 {},
                 {"contacts.read.shared", "contacts.readwrite.shared"},
                 {},
                 {"contacts.read", "contacts.readwrite"},
                 {}});
}

Access files_access(const Principal& principal, bool own) {
  return decide(principal, own,
                {{"files.read", "files.readwrite"},
                 {},
                 {"files.read.all", "files.readwrite.all", "sites.read.all", "sites.readwrite.all"},
                 {},
                 {"files.read.all", "files.readwrite.all", "sites.read.all", "sites.readwrite.all"},
                 {}});
}

Access profile_access(const Principal& principal, bool own) {
  return decide(
      principal, own,
      {{"user.read", "user.readwrite"},
       {},
       {"user.read.all", "user.readwrite.all", "directory.read.all", "directory.readwrite.all",
        "directory.accessasuser.all"},
       {"user.readbasic.all"},
       {"user.read.all", "user.readwrite.all", "directory.read.all", "directory.readwrite.all"},
       {"user.readbasic.all"}});
}

Access settings_access(const Principal& principal, bool own) {
  return decide(principal, own,
                {{"mailboxsettings.read", "mailboxsettings.readwrite"},
                 {},
                 {},
                 {},
                 {"mailboxsettings.read", "mailboxsettings.readwrite"},
                 {}});
}

}  // namespace graphodbc::emulator::data
