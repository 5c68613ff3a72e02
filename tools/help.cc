#include "tools/help.h"

#include <algorithm>

#include "config/connection_keys.h"
#include "tools/console.h"

namespace graphodbc::tools {
namespace {

constexpr std::size_t kScreen = 80;

// Words of `text` in lines that fit the screen, each begun by `indent` blanks.
std::string wrapped(std::string_view text, std::size_t indent) {
  std::string out;
  std::size_t column = kScreen;
  for (const std::string_view word : split_words(text)) {
    if (column + 1 + word.size() > kScreen) {
      out += (out.empty() ? "" : "\n") + std::string(indent, ' ');
      column = indent;
    } else {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  return out;
}

std::string option_text(const OptionInfo& option) {
  std::string text = option.letter == 0 ? "    " : std::string("-") + option.letter + ", ";
  text += "--" + std::string(option.name);
  if (!option.argument.empty()) text += " " + std::string(option.argument);
  return text;
}

std::string escaped_markdown(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

std::string values_text(const config::KeyInfo& key) {
  std::string text(key.help);
  if (!key.allowed.empty()) text += " Values: " + std::string(key.allowed) + ".";
  return text;
}

}  // namespace

std::string version_line() {
  return "graphodbc " GRAPHODBC_VERSION;
}

std::string overview() {
  std::string text =
      "graphodbc: Microsoft 365 as SQL tables\n\n"
      "First steps\n"
      "  graphodbc dsn create graph      name a data source; asks for what it needs\n"
      "  graphodbc login --dsn graph     sign in, once\n"
      "  graphodbc test --dsn graph      check everything, with advice\n"
      "  graphodbc query \"SELECT TOP 5 Subject FROM Messages\"\n\n"
      "Commands\n";
  for (const CommandInfo& command : commands()) {
    std::string name(command.name);
    name.resize(12, ' ');
    text += "  " + name + std::string(command.summary) + "\n";
  }
  return text +
         "\n`graphodbc COMMAND --help` explains a command with examples, `graphodbc help keys` "
         "the\n"
         "keys of data sources. `graphodbc --version` tells the version.";
}

std::string introduction(const Example& example) {
  return std::string(example.says) + (example.says.ends_with('?') ? "" : ":");
}

std::string help_of(const CommandInfo& command) {
  std::string text = "graphodbc " + std::string(command.name) + ": " +
                     std::string(command.summary) + "\n\nExamples\n";
  for (const Example& example : command.examples) {
    text += "  " + introduction(example) + "\n    " + std::string(example.line) + "\n";
  }
  text += "\nUsage\n  graphodbc " + std::string(command.name) + " [options]";
  if (!command.synopsis.empty()) text += " " + std::string(command.synopsis);
  text += "\n\n" + wrapped(command.description, 2) + "\n\nOptions\n";
  for (const OptionInfo& option : options_of(command)) {
    std::string line = "  " + option_text(option);
    constexpr std::size_t kColumn = 28;
    line.resize(std::max(line.size() + 2, kColumn), ' ');
    const std::string help = wrapped(option.help, kColumn);
    text += line + help.substr(std::min(help.size(), kColumn)) + "\n";
  }
  text.pop_back();
  return text;
}

std::string keys_for_people() {
  std::string text =
      "Keys of a data source (odbc.ini) and of connection strings. Names ignore case; a\n"
      "connection string wins over its data source. Keys marked * are secrets, and may say\n"
      "where they are: file:PATH or env:NAME.\n";
  for (const config::KeyInfo& key : config::connection_keys()) {
    text += "\n" + std::string(key.name) + (key.secret ? " *" : "");
    if (!key.alias.empty()) text += ", also " + std::string(key.alias);
    if (!key.fallback.empty()) text += "  [" + std::string(key.fallback) + "]";
    text += "\n" + wrapped(values_text(key), 4) + "\n";
  }
  text.pop_back();
  return text;
}

std::string keys_as_markdown() {
  std::string text = "| key | default | meaning |\n| --- | --- | --- |";
  for (const config::KeyInfo& key : config::connection_keys()) {
    text += "\n| `" + std::string(key.name) + "`";
    if (!key.alias.empty()) text += " (`" + std::string(key.alias) + "`)";
    text += " | ";
    if (!key.fallback.empty()) text += "`" + escaped_markdown(key.fallback) + "`";
    text += " | " + escaped_markdown(values_text(key)) + (key.secret ? " Secret." : "") + " |";
  }
  return text;
}

int run_help(const Arguments& arguments) {
  if (arguments.positional().size() > 1) throw UsageError("help explains one thing at a time");
  if (arguments.positional().empty()) {
    print_line(overview());
    return kDone;
  }
  const std::string& word = arguments.positional()[0];
  if (word == "keys") {
    print_line(arguments.has("markdown") ? keys_as_markdown() : keys_for_people());
  } else if (word == "man") {
    print_line(man_page());
  } else if (const CommandInfo* command = find_command(word); command != nullptr) {
    print_line(help_of(*command));
  } else {
    throw UsageError("there is no help on '" + printable(word) +
                     "'; `graphodbc --help` has the list");
  }
  return kDone;
}

int run_completion(const Arguments& arguments) {
  const auto& words = arguments.positional();
  if (words.size() == 1 && words[0] == "bash") {
    print_line(bash_completion());
  } else if (words.size() == 1 && words[0] == "zsh") {
    print_line(zsh_completion());
  } else {
    throw UsageError("completion takes the name of a shell: bash or zsh");
  }
  return kDone;
}

}  // namespace graphodbc::tools
