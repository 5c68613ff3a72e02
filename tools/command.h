// What a sub-command of `graphodbc` is. Parser, --help, the man page and the shell completions read
// the one table of commands.
#pragma once

#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace graphodbc::tools {

// Exit statuses.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;         // a diagnostic was printed
inline constexpr int kUsage = 2;          // the command line is wrong
inline constexpr int kInterrupted = 130;  // Ctrl-C, as shells count it
inline constexpr int kBrokenPipe = 141;   // the reader went away, as shells count it

struct OptionInfo {
  std::string_view name;
  char letter = 0;            // 0: none
  std::string_view argument;  // what it takes, for help; empty: nothing
  std::string_view help;
  std::string_view choices;  // the values allowed, separated by blanks; empty: any
};

struct Example {
  std::string_view says;
  std::string_view line;
};

class Arguments;

struct CommandInfo {
  std::string_view name;
  std::string_view synopsis;  // what follows the name, options left out
  std::string_view summary;   // one line
  std::string_view words;     // values of the first argument, separated by blanks; empty: any
  std::string_view description;
  std::span<const Example> examples;
  std::span<const OptionInfo> options;
  bool connects = false;  // takes the options that name a data source too
  int (*run)(const Arguments&);
};

std::span<const CommandInfo> commands();
const CommandInfo* find_command(std::string_view name);
// Of the command: its own, those that name a data source, --help.
std::vector<OptionInfo> options_of(const CommandInfo& command);

// A mistake on the command line: exit status 2.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Arguments {
 public:
  // `words` is what follows the name of the command. Options may stand anywhere before "--".
  // Throws UsageError.
  Arguments(const CommandInfo& command, std::vector<std::string> words);

  const CommandInfo& command() const { return *command_; }
  const std::vector<std::string>& positional() const { return positional_; }
  bool has(std::string_view option) const;
  // The last one given.
  std::optional<std::string> get(std::string_view option) const;
  std::vector<std::string> all(std::string_view option) const;
  // Every option with its value, in the order given.
  const std::vector<std::pair<std::string, std::string>>& given() const { return given_; }

 private:
  const CommandInfo* command_;
  std::vector<std::pair<std::string, std::string>> given_;
  std::vector<std::string> positional_;
};

// The words of a list separated by blanks.
std::vector<std::string_view> split_words(std::string_view list);

int run_query(const Arguments& arguments);
int run_explain(const Arguments& arguments);
int run_test(const Arguments& arguments);
int run_whoami(const Arguments& arguments);
int run_dsn(const Arguments& arguments);
int run_login(const Arguments& arguments);
int run_logout(const Arguments& arguments);
int run_keepalive(const Arguments& arguments);
int run_help(const Arguments& arguments);
int run_completion(const Arguments& arguments);

}  // namespace graphodbc::tools
