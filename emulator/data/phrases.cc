#include "emulator/data/phrases.h"

#include <iterator>

namespace graphodbc::emulator::data {
namespace {

using namespace std::string_view_literals;

// Given names and surnames of the same position share a language.
constexpr NamePair kGiven[] = {
    {"Adele", "adele"},    {"Alex", "alex"},          {"Megan", "megan"},
    {"Diego", "diego"},    {"Seán", "sean"},          {"Zoë", "zoe"},
    {"Jürgen", "juergen"}, {"François", "francois"},  {"Søren", "soren"},
    {"Łukasz", "lukasz"},  {"Ayşe", "ayse"},          {"Ольга", "olga"},
    {"Дмитрий", "dmitri"}, {"Ελένη", "eleni"},        {"さくら", "sakura"},
    {"健太", "kenta"},     {"小明", "xiaoming"},      {"지민", "jimin"},
    {"أحمد", "ahmed"},     {"שרה", "sara"},           {"प्रिया", "priya"},
    {"Nguyễn", "nguyen"},  {"Miriam", "miriam"},      {"Patti", "patti"},
    {"Lidia", "lidia"},    {"Grady", "grady"},        {"Isaiah", "isaiah"},
    {"Joni", "joni"},      {"Ana-María", "anamaria"}, {"Henrietta", "henrietta"},
};
constexpr NamePair kSurnames[] = {
    {"Vance", "vance"},
    {"Wilber", "wilber"},
    {"Bowen", "bowen"},
    {"Siciliani", "siciliani"},
    {"O'Brien", "obrien"},
    {"Müller", "mueller"},
    {"Großmann", "grossmann"},
    {"Dupont-Léger", "dupontleger"},
    {"Kierkegård", "kierkegard"},
    {"Wójcik", "wojcik"},
    {"Yılmaz", "yilmaz"},
    {"Иванова", "ivanova"},
    {"Соколов", "sokolov"},
    {"Παππάς", "pappas"},
    {"山田", "yamada"},
    {"𠮷野", "yoshino"},
    {"王", "wang"},
    {"김", "kim"},
    {"الحسن", "alhassan"},
    {"כהן", "cohen"},
    {"शर्मा", "sharma"},
    {"Trần", "tran"},
    {"Graham", "graham"},
    {"Fernandez", "fernandez"},
    {"van der Berg", "vanderberg"},
    {"Archie", "archie"},
    {"Langer", "langer"},
    {"Sherman", "sherman"},
    {"Holloway", "holloway"},
    {"Mullins", "mullins"},
};
constexpr std::string_view kJobs[] = {"Retail Manager"sv,
                                      "Marketing Assistant"sv,
                                      "Software Engineer II"sv,
                                      "HR Manager"sv,
                                      "CVP & General Counsel"sv,
                                      "Ingénieur réseau"sv,
                                      "Leiterin Einkauf"sv,
                                      "営業部長"sv,
                                      "Sales Rep (EMEA)"sv,
                                      "Chief \"Fun\" Officer"sv,
                                      "President"sv,
                                      "Director"sv,
                                      "Bauleiter/in"sv};
constexpr std::string_view kDepartments[] = {
    "Sales & Marketing"sv, "Engineering"sv, "Finance"sv, "HR"sv, "Legal"sv, "R&D"sv,
    "Operations"sv,        "Einkauf"sv,     "人事部"sv};
constexpr std::string_view kCompanies[] = {
    "Contoso, Ltd."sv,     "Fabrikam, Inc."sv,           "Müller GmbH"sv,
    "Northwind Traders"sv, "Société Générale d'Essai"sv, "A. Datum Corporation"sv,
    "株式会社テスト"sv};
constexpr Place kPlaces[] = {{"Redmond", "WA", "United States", "en-US", "US"},
                             {"Zürich", "ZH", "Switzerland", "de-CH", "CH"},
                             {"San José", "", "Costa Rica", "es-CR", "CR"},
                             {"São Paulo", "SP", "Brazil", "pt-BR", "BR"},
                             {"Kraków", "", "Poland", "pl-PL", "PL"},
                             {"東京", "", "Japan", "ja-JP", "JP"},
                             {"İstanbul", "", "Türkiye", "tr-TR", "TR"},
                             {"Köln", "NRW", "Germany", "de-DE", "DE"},
                             {"Dublin", "", "Ireland", "en-IE", "IE"},
                             {"Αθήνα", "", "Greece", "el-GR", "GR"}};
constexpr Outsider kOutsiders[] = {{"Microsoft Planner", "noreply@planner.example.net"},
                                   {"Build Server", "build@ci.example.net"},
                                   {"Kundendienst Müller GmbH", "service@mueller.example.de"},
                                   {"O'Reilly, Tim", "tim.o'reilly@books.example.com"},
                                   {"news@weekly.example.org", "news@weekly.example.org"},
                                   {"楽しい旅行 予約センター", "reserve@tabi.example.jp"},
                                   {"Иван Петров", "ivan.petrov@primer.example.ru"},
                                   {"Garth Fort", "garth@fabrikam.example.com"},
                                   {"Dana \"DJ\" Swope", "dana.swope+lists@adatum.example.com"},
                                   {"Пресс-служба 📰", "press@gazeta.example.ru"},
                                   {"accounts payable", "AP@Fabrikam.Example.com"},
                                   {"Zoë Ångström", "zoe@xn--ngstrm-bua.example"}};

constexpr std::string_view kHardSubjects[] = {
    "O'Brien's \"50%\" & co"sv,
    "Release party 🎉🍾 you're invited"sv,
    "Café résumé naïve (composed)"sv,
    "Cafe\u0301 re\u0301sume\u0301 nai\u0308ve (combining marks)"sv,
    "C:\\Users\\adele\\Desktop\\plan_v2_final.docx"sv,
    "Tab\there, line\nbreak, return\rand bell\x07"sv,
    "100% sure? [yes] {maybe} (no) _under_ ^caret^ ~tilde~"sv,
    "'; DROP TABLE Messages; --"sv,
    "It''s already doubled"sv,
    "四半期の数字について ご確認ください"sv,
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 outside the BMP: 𠮷野家 𝒎𝒂𝒕𝒉 🜚"sv,
    "Family day 👩‍👩‍👧‍👦 and trip 🇨🇭 👍🏽"sv,
    "مرحبا بالعالم: جدول الأعمال"sv,
    "שלום עולם mixed with English and 123"sv,
    "İstanbul'da toplantı: ıIiİ"sv,
    "Straße, GROSSE UND kleine Maße"sv,
    "<b>not bold</b> &amp; <script>alert(1)</script>"sv,
    "  leading and trailing blanks  "sv,
    "Отчёт за квартал: №5"sv,
    "Η ημερήσια διάταξη Ω"sv,
    "Thư mời họp quý"sv,
    "분기 실적 보고"sv,
    "Zero\u200bwidth, no\u00a0break, soft\u00adhyphen, line\u2028separator"sv,
    "/forward\\back \"quoted\" 'single' `tick`"sv,
    "\x01\x1f control characters \x7f"sv,
    "x"sv,
    "A subject of just two hundred and fifty-five characters, which is where Outlook cuts one off; "
    "it goes on and on about the annual budget review, the offsite in Zürich, the travel forms, "
    "the parking permits and the cake, until nobody remembers what it was about"sv,
    "NULL"sv,
    "=1+1"sv,
    "Rück­frage – “Angebot” … 50 €"sv};

constexpr std::string_view kSubjects[] = {"{p}: weekly status {n}"sv,
                                          "Invoice {n} from Fabrikam"sv,
                                          "Meeting notes, {d}"sv,
                                          "Quarterly numbers for {p}"sv,
                                          "You have {n} late tasks!"sv,
                                          "Build {n} of {p} failed"sv,
                                          "Build {n} of {p} succeeded"sv,
                                          "Lunch on {d}?"sv,
                                          "Weekly digest: {p} updates"sv,
                                          "Action required: renew your certificate before {d}"sv,
                                          "Angebot {n} für {p}"sv,
                                          "Besprechung am {d} — bitte Rückmeldung"sv,
                                          "Compte rendu de la réunion {p}"sv,
                                          "Informe mensual n.º {n}"sv,
                                          "{p}の進捗について ({n})"sv,
                                          "Welcome to {p}"sv,
                                          "Your order {n} has shipped 📦"sv,
                                          "Survey: how was {d}?"sv,
                                          "Expense report {n} approved"sv,
                                          "Draft contract, version {n}"sv,
                                          "Server maintenance on {d} from 22:00"sv,
                                          "{p} design review"sv,
                                          "Travel booking {n}: Zürich – Kraków"sv,
                                          "Notes and next steps"sv,
                                          "Password expires in {n} days"sv};

constexpr std::string_view kProjects[] = {
    "Contoso Mark 8"sv,      "Project Ω"sv, "Northwind"sv,  "Blue Yonder"sv,
    "Migration — Phase 2"sv, "Tailspin"sv,  "Straßenbau"sv, "桜"sv};
constexpr std::string_view kWeekdays[] = {"Monday"sv, "Tuesday"sv, "Wednesday"sv, "Thursday"sv,
                                          "Friday"sv};

constexpr std::string_view kParagraphs[] = {
    "Thanks for the update. I have gone through the numbers once more and they look right to me, "
    "apart from the travel line, which still carries last year's rate. Could you check that before "
    "we send the sheet to finance?"sv,
    "The build on the main branch is green again after the fix of this morning. We lost about two "
    "hours to a cache that kept an old header; the note in the wiki now says how to clear it."sv,
    "Anbei die Unterlagen für die Besprechung. Bitte prüfen Sie die Größenangaben auf Seite drei, "
    "die Maße stimmen nach der letzten Änderung nicht mehr überein."sv,
    "お世話になっております。先日お送りした資料の件ですが、三ページ目の数字に誤りがございました。"
    "修正版を添付いたしますので、ご確認のほどよろしくお願いいたします。"sv,
    "We would like to invite you to the opening of the new office 🎉. There will be food, music and "
    "a tour of the labs. Please tell us whether you come, and bring a friend if you like 🙂."sv,
    "Nous avons bien reçu votre demande du mois dernier. L'équipe étudie les différentes options "
    "et "
    "reviendra vers vous d'ici la fin de la semaine prochaine avec une proposition chiffrée."sv,
    "Three things are open: the contract with the caterer, the list of guests, and who picks up "
    "the "
    "keys. I can do the first, can somebody take the other two?"sv,
    "Прошу рассмотреть приложенный отчёт до пятницы. Замечания можно оставлять прямо в документе, "
    "я соберу их и подготовлю новую редакцию."sv,
    "The certificate of the gateway expires soon. Nothing breaks before that, but the order takes "
    "a "
    "week to pass purchasing, so let us start now. \"Soon\" means the 14th; it's a Sunday."sv,
    "Steps to repeat: open C:\\temp\\report.xlsx, press F9, wait until the sheet \"Summary & "
    "notes\" "
    "shows <n/a> in the cell B12, then save. It happens on two machines of five."sv,
    "Short answer: yes. Long answer: yes, but only if the tests of the second phase pass and the "
    "customer signs the change request, which they promised to do on Thursday."sv,
    "Recuerden que la fecha límite para entregar las facturas de este mes es el día 25. Después de "
    "esa fecha pasarán al siguiente periodo contable."sv};

constexpr std::string_view kCategories[] = {"Red category"sv, "Project Ω"sv, "Travel"sv,
                                            "To do"sv,        "O'Brien's"sv, "Wichtig ⚠️"sv};
constexpr std::string_view kMeetings[] = {
    "Stand-up"sv,       "Design review"sv,          "1:1 Adele / Alex"sv,
    "All hands 🎤"sv,    "Budget \"2026\" & plan"sv, "Besprechung Einkauf"sv,
    "四半期レビュー"sv, "O'Brien's farewell"sv,     "Customer visit"sv,
    "Dentist"sv,        "Release go/no-go"sv,       "Interview: Zoë Ångström"sv};
constexpr std::string_view kLocations[] = {"Assembly Hall"sv, "Conf Room Adams"sv,
                                           "Zürich 4.12"sv,   "Microsoft Teams Meeting"sv,
                                           "会議室A"sv,       ""sv};
constexpr std::string_view kFolderWords[] = {
    "Projects"sv, "Archive"sv, "Kunden"sv,   "Photos"sv, "Reports & plans"sv,
    "2025"sv,     "2026"sv,    "Entwürfe"sv, "資料"sv,   "Shared with O'Brien"sv,
    "Team"sv,     "Old"sv};
constexpr std::string_view kFileWords[] = {
    "Budget"sv,        "Notes"sv,  "Contract"sv, "Angebot"sv,
    "Meeting notes"sv, "IMG"sv,    "Scan"sv,     "report_final"sv,
    "Präsentation"sv,  "設計書"sv, "Отчёт"sv,    "invoice"sv,
    "Travel plan"sv,   "logo"sv,   "dataset"sv,  "recording"sv};
constexpr FileType kFileTypes[] = {
    {".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    {".pdf", "application/pdf"},
    {".jpg", "image/jpeg"},
    {".png", "image/png"},
    {".txt", "text/plain"},
    {".mp4", "video/mp4"},
    {".zip", "application/zip"},
    {"", "application/octet-stream"}};
constexpr std::string_view kHardFileNames[] = {
    "50% off #1.txt"sv,
    "O'Brien's plan.docx"sv,
    "a+b=c & d.pdf"sv,
    "名簿 2026.xlsx"sv,
    "🎉 party.jpg"sv,
    "Cafe\u0301 menu.txt"sv,
    "Café menu.txt"sv,
    "no extension"sv,
    ".hidden"sv,
    "semi;colon,comma.csv"sv,
    "[brackets] {braces}.txt"sv,
    "%41 percent A.txt"sv,
    "tilde~1.tmp"sv,
    "𠮷野家 領収書.pdf"sv,
    "UPPER.TXT"sv,
    "very long name that goes on so that a client with a small buffer has to notice it, reaches "
    "one "
    "hundred and fifty characters and still is a legal name of a file.docx"sv};

}  // namespace

std::span<const NamePair> given_names() {
  return kGiven;
}
std::span<const NamePair> surnames() {
  return kSurnames;
}
const NamePair& matching_surname(std::size_t given, std::uint64_t roll) {
  constexpr std::size_t kFirstOther = 11;  // Cyrillic, Greek, East Asian, Arabic, Hebrew, Hindi
  constexpr std::size_t kOthers = 10;
  if (given >= kFirstOther && given < kFirstOther + kOthers) return kSurnames[given];
  const std::size_t latin = roll % (std::size(kSurnames) - kOthers);
  return kSurnames[latin < kFirstOther ? latin : latin + kOthers];
}
std::span<const std::string_view> job_titles() {
  return kJobs;
}
std::span<const std::string_view> departments() {
  return kDepartments;
}
std::span<const std::string_view> company_names() {
  return kCompanies;
}
std::span<const Place> places() {
  return kPlaces;
}
std::span<const Outsider> outsiders() {
  return kOutsiders;
}
std::span<const std::string_view> hard_subjects() {
  return kHardSubjects;
}
std::span<const std::string_view> subject_templates() {
  return kSubjects;
}
std::span<const std::string_view> projects() {
  return kProjects;
}
std::span<const std::string_view> weekdays() {
  return kWeekdays;
}
std::span<const std::string_view> paragraphs() {
  return kParagraphs;
}
std::span<const std::string_view> categories() {
  return kCategories;
}
std::span<const std::string_view> meeting_titles() {
  return kMeetings;
}
std::span<const std::string_view> locations() {
  return kLocations;
}
std::span<const std::string_view> folder_words() {
  return kFolderWords;
}
std::span<const std::string_view> file_words() {
  return kFileWords;
}
std::span<const FileType> file_types() {
  return kFileTypes;
}
std::span<const std::string_view> hard_file_names() {
  return kHardFileNames;
}

}  // namespace graphodbc::emulator::data
