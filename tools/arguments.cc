#include <getopt.h>

#include <algorithm>

#include "tools/command.h"

namespace graphodbc::tools {
namespace {

// The values of getopt_long for options without a letter.
constexpr int kFirstLong = 256;

struct GetoptTables {
  std::string letters = "-:";  // what is no option comes in its place; no messages
  std::vector<option> longs;
  std::vector<std::string> names;
};

GetoptTables tables_for(const std::vector<OptionInfo>& options) {
  GetoptTables tables;
  tables.names.reserve(options.size());
  for (const OptionInfo& info : options) tables.names.emplace_back(info.name);
  tables.longs.reserve(options.size() + 1);
  for (std::size_t i = 0; i < options.size(); ++i) {
    const OptionInfo& info = options[i];
    const int takes = info.argument.empty() ? no_argument : required_argument;
    tables.longs.push_back(
        {tables.names[i].c_str(), takes, nullptr, kFirstLong + static_cast<int>(i)});
    if (info.letter == 0) continue;
    tables.letters += info.letter;
    if (takes == required_argument) tables.letters += ':';
  }
  tables.longs.push_back({nullptr, 0, nullptr, 0});
  return tables;
}

void check_choice(const OptionInfo& info, const std::string& value) {
  if (info.choices.empty()) return;
  const auto words = split_words(info.choices);
  if (std::find(words.begin(), words.end(), value) != words.end()) return;
  std::string list;
  for (const std::string_view word : words) list += (list.empty() ? "" : ", ") + std::string(word);
  throw UsageError("--" + std::string(info.name) + " does not know '" + value + "'; it takes " +
                   list);
}

const OptionInfo& option_for(const std::vector<OptionInfo>& options, int code) {
  if (code >= kFirstLong) return options[static_cast<std::size_t>(code - kFirstLong)];
  return *std::find_if(options.begin(), options.end(),
                       [&](const OptionInfo& info) { return info.letter == code; });
}

// The option that getopt complains about, as it was written.
std::string complained(const std::vector<OptionInfo>& options, const std::string& word) {
  if (word.starts_with("--")) return word.substr(0, word.find('='));
  if (optopt >= kFirstLong) return "--" + std::string(option_for(options, optopt).name);
  return std::string("-") + static_cast<char>(optopt);
}

}  // namespace

std::vector<std::string_view> split_words(std::string_view list) {
  std::vector<std::string_view> words;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(' '), list.size());
    if (end > 0) words.push_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return words;
}

Arguments::Arguments(const CommandInfo& command, std::vector<std::string> words)
    : command_(&command) {
  const std::vector<OptionInfo> options = options_of(command);
  const GetoptTables tables = tables_for(options);
  std::string program = "graphodbc";
  std::vector<char*> arguments = {program.data()};
  arguments.reserve(words.size() + 2);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const int count = static_cast<int>(words.size()) + 1;
  optind = 0;  // getopt starts anew (getopt(3), "Notes")
  opterr = 0;
  while (true) {
    const int at = std::max(optind, 1);
    const int code =
        getopt_long(count, arguments.data(), tables.letters.c_str(), tables.longs.data(), nullptr);
    if (code == -1) break;
    if (code == 1) {
      positional_.emplace_back(optarg);
      continue;
    }
    const std::string word = at < count ? arguments[static_cast<std::size_t>(at)] : "";
    if (code == ':') throw UsageError(complained(options, word) + " needs a value");
    if (code == '?') {
      throw UsageError("unknown option, or one with a wrong use of '=': " +
                       complained(options, word));
    }
    const OptionInfo& info = option_for(options, code);
    const std::string value = info.argument.empty() ? "" : optarg;
    check_choice(info, value);
    given_.emplace_back(info.name, value);
  }
  for (int i = optind; i < count; ++i) {
    positional_.emplace_back(arguments[static_cast<std::size_t>(i)]);
  }
}

bool Arguments::has(std::string_view option) const {
  return std::any_of(given_.begin(), given_.end(),
                     [&](const auto& entry) { return entry.first == option; });
}

std::optional<std::string> Arguments::get(std::string_view option) const {
  for (auto entry = given_.rbegin(); entry != given_.rend(); ++entry) {
    if (entry->first == option) return entry->second;
  }
  return std::nullopt;
}

std::vector<std::string> Arguments::all(std::string_view option) const {
  std::vector<std::string> values;
  for (const auto& [name, value] : given_) {
    if (name == option) values.push_back(value);
  }
  return values;
}

}  // namespace graphodbc::tools
