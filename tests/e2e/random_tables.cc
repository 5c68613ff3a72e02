#include "tests/e2e/random_tables.h"

#include <stdexcept>

#include "tests/e2e/oracle.h"

namespace graphodbc::test {

// UserId and DriveId are left out: a condition on them chooses whose rows a table holds.
const std::vector<BaseTable>& base_tables() {
  static const std::vector<BaseTable> tables = {
      {"Messages",
       6,
       {{"Id", Kind::kText},
        {"ParentFolderId", Kind::kText},
        {"Subject", Kind::kText},
        {"ConversationId", Kind::kText},
        {"From_EmailAddress_Name", Kind::kText},
        {"From_EmailAddress_Address", Kind::kText, true},
        {"Importance", Kind::kText, true},
        {"IsRead", Kind::kBit},
        {"IsDraft", Kind::kBit},
        {"HasAttachments", Kind::kBit},
        {"ReceivedDateTime", Kind::kTimestamp},
        {"SentDateTime", Kind::kTimestamp}},
       {"Id"}},
      {"Users",
       5,
       {{"Id", Kind::kText, true},
        {"DisplayName", Kind::kText},
        {"Surname", Kind::kText},
        {"Mail", Kind::kText, true},
        {"UserPrincipalName", Kind::kText, true},
        {"Department", Kind::kText},
        {"JobTitle", Kind::kText},
        {"City", Kind::kText},
        {"CompanyName", Kind::kText},
        {"AccountEnabled", Kind::kBit},
        {"CreatedDateTime", Kind::kTimestamp},
        {"EmployeeHireDate", Kind::kTimestamp}},
       {"Id"}},
      {"MailFolders",
       4,
       {{"Id", Kind::kText},
        {"ParentFolderId", Kind::kText},
        {"DisplayName", Kind::kText},
        {"UnreadItemCount", Kind::kInteger},
        {"TotalItemCount", Kind::kInteger},
        {"IsHidden", Kind::kBit}},
       {"Id"}},
      {"Events",
       3,
       {{"Id", Kind::kText},
        {"Subject", Kind::kText},
        {"Importance", Kind::kText, true},
        {"ShowAs", Kind::kText, true},
        {"Organizer_EmailAddress_Address", Kind::kText, true},
        {"IsAllDay", Kind::kBit},
        {"ReminderMinutesBeforeStart", Kind::kInteger},
        {"Start_DateTime", Kind::kTimestamp},
        {"End_DateTime", Kind::kTimestamp},
        {"LastModifiedDateTime", Kind::kTimestamp}},
       {"Id"}},
      {"Contacts",
       3,
       {{"Id", Kind::kText},
        {"DisplayName", Kind::kText},
        {"Surname", Kind::kText},
        {"CompanyName", Kind::kText},
        {"BusinessAddress_City", Kind::kText},
        {"Birthday", Kind::kTimestamp}},
       {"Id"}},
      {"DriveItems",
       3,
       {{"Id", Kind::kText},
        {"Name", Kind::kText},
        {"Size", Kind::kInteger},
        {"Folder_ChildCount", Kind::kInteger},
        {"File_MimeType", Kind::kText, true},
        {"ParentReference_Id", Kind::kText},
        {"CreatedBy_User_Id", Kind::kText},
        {"LastModifiedDateTime", Kind::kTimestamp}},
       {"Id"}},
      {"Attachments",
       1,
       {{"Id", Kind::kText},
        {"MessageId", Kind::kText},
        {"Name", Kind::kText},
        {"ContentType", Kind::kText, true},
        {"Size", Kind::kInteger},
        {"IsInline", Kind::kBit}},
       {"Id", "MessageId"}},
      {"CalendarView",
       2,
       {{"Id", Kind::kText},
        {"Subject", Kind::kText},
        {"Type", Kind::kText, true},
        {"SeriesMasterId", Kind::kText},
        {"IsAllDay", Kind::kBit},
        {"StartDateTime", Kind::kTimestamp},
        {"Start_DateTime", Kind::kTimestamp},
        {"End_DateTime", Kind::kTimestamp},
        {"CreatedDateTime", Kind::kTimestamp}},
       {"Id"},
       kCalendarWindow},
  };
  return tables;
}

const BaseTable& base_table(const std::string& name) {
  for (const BaseTable& table : base_tables()) {
    if (name == table.name) return table;
  }
  throw std::logic_error("no table " + name);
}

const std::vector<Relationship>& relationships() {
  static const std::vector<Relationship> list = {
      {"Messages", "ParentFolderId", "MailFolders", "Id"},
      {"Messages", "From_EmailAddress_Address", "Users", "Mail"},
      {"Messages", "ConversationId", "Messages", "ConversationId"},
      {"Messages", "Subject", "Events", "Subject"},
      {"Attachments", "MessageId", "Messages", "Id"},
      {"MailFolders", "ParentFolderId", "MailFolders", "Id"},
      {"Events", "Organizer_EmailAddress_Address", "Users", "UserPrincipalName"},
      {"Events", "Importance", "Messages", "Importance"},
      {"CalendarView", "SeriesMasterId", "Events", "Id"},
      {"Contacts", "Surname", "Users", "Surname"},
      {"Contacts", "CompanyName", "Contacts", "CompanyName"},
      {"Contacts", "DisplayName", "Users", "DisplayName"},
      {"DriveItems", "ParentReference_Id", "DriveItems", "Id"},
      {"DriveItems", "CreatedBy_User_Id", "Users", "Id"},
      {"Users", "Department", "Users", "Department"},
      {"MailFolders", "TotalItemCount", "DriveItems", "Folder_ChildCount"},
  };
  return list;
}

}  // namespace graphodbc::test
