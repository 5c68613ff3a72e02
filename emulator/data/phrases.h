// The words that the seeded tenant is made of.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace graphodbc::emulator::data {

struct NamePair {
  std::string_view text;   // as people write it
  std::string_view ascii;  // for addresses
};

std::span<const NamePair> given_names();
std::span<const NamePair> surnames();
// A surname to go with the given name at `given`: of its own script, or any Latin one.
const NamePair& matching_surname(std::size_t given, std::uint64_t roll);
std::span<const std::string_view> job_titles();
std::span<const std::string_view> departments();
std::span<const std::string_view> company_names();

struct Place {
  std::string_view city;
  std::string_view state;  // may be empty
  std::string_view country;
  std::string_view language;
  std::string_view usage_location;
};
std::span<const Place> places();

// Senders outside the tenant.
struct Outsider {
  std::string_view name;
  std::string_view address;
};
std::span<const Outsider> outsiders();

// Subjects that try readers and filters: quotes, backslashes, control characters, wildcards,
// scripts, combining marks, characters outside the BMP.
std::span<const std::string_view> hard_subjects();
// Ordinary ones; {p} stands for a project, {n} for a number, {d} for a day.
std::span<const std::string_view> subject_templates();
std::span<const std::string_view> projects();
std::span<const std::string_view> weekdays();
std::span<const std::string_view> paragraphs();
std::span<const std::string_view> categories();
std::span<const std::string_view> meeting_titles();
std::span<const std::string_view> locations();
std::span<const std::string_view> folder_words();
std::span<const std::string_view> file_words();

struct FileType {
  std::string_view extension;
  std::string_view mime_type;
};
std::span<const FileType> file_types();
// File and folder names that need care in URLs and in SQL.
std::span<const std::string_view> hard_file_names();

}  // namespace graphodbc::emulator::data
