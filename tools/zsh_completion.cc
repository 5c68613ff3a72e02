// Completion for zsh, in the words of its _arguments (zshcompsys(1)). Completing starts no program
// but `graphodbc dsn list`.
#include "config/connection_keys.h"
#include "tools/help.h"

namespace graphodbc::tools {
namespace {

// For single quotes, and without the signs that _arguments and _describe take for their own.
std::string quoted(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
      continue;
    }
    if (c == ':' || c == '[' || c == ']' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

// What may stand for the value: "message:action".
std::string value_of(const OptionInfo& option) {
  const std::string message = quoted(option.argument);
  if (!option.choices.empty()) return message + ":(" + std::string(option.choices) + ")";
  if (option.argument == "FILE") return message + ":_files";
  if (option.name == "dsn") return message + ":_graphodbc_data_sources";
  if (option.name == "set") return message + ":_graphodbc_keys";
  return message + ": ";
}

void add_option(std::string& text, const OptionInfo& option) {
  const std::string name = "--" + std::string(option.name);
  const bool takes_value = !option.argument.empty();
  const bool repeats = option.help.find("repeatable") != std::string_view::npos;
  const std::string rest =
      "'[" + quoted(option.help) + "]" + (takes_value ? ":" + value_of(option) : "") + "' \\\n";
  std::string others = name;
  if (option.letter != 0) others += std::string(" -") + option.letter;
  const std::string before = "        '" + (repeats ? "*" : "(" + others + ")") + "'";
  text += before + name + (takes_value ? "=" : "") + rest;
  if (option.letter != 0) text += before + "-" + option.letter + (takes_value ? "+" : "") + rest;
}

// What stands beside the options, a specification each; empty: nothing does.
std::string positional(const CommandInfo& command) {
  const std::string words(command.words);
  if (command.name == "dsn") {
    return "'1:action:(" + words +
           ")' '2:data source:_graphodbc_data_sources' '*:key:_graphodbc_keys'";
  }
  if (command.name == "help") {
    std::string subjects = words;
    for (const CommandInfo& other : commands()) subjects += " " + std::string(other.name);
    return "'1:subject:(" + subjects + ")'";
  }
  if (!words.empty()) return "'1:word:(" + words + ")'";
  // Without the guard the mere hint keeps an option from being completed.
  if (!command.synopsis.empty()) return "'::SQL:_guard \"^-*\" SQL'";
  return {};
}

constexpr std::string_view kHelpers = R"sh(#compdef graphodbc
_graphodbc_data_sources() {
  local -a names
  names=(${(f)"$($graphodbc_program dsn list 2>/dev/null)"})
  names=(${names%%  *})
  compadd -a names
}
_graphodbc_keys() {
  [[ $PREFIX == *=* ]] && return 1
  compadd -q -S = --)sh";

constexpr std::string_view kMain = R"sh(
}
_graphodbc() {
  local curcontext=$curcontext state line graphodbc_program=${~words[1]}
  typeset -A opt_args
  local -a commands
  commands=(
)sh";

constexpr std::string_view kDispatch = R"sh(  )
  _arguments -C \
    '(- *)'{-h,--help}'[Shows how to begin.]' \
    '(- *)--version[Tells the version.]' \
    '1:command:->command' \
    '*::argument:->argument'
  if [[ $state == command ]]; then
    _describe -t commands command commands
    return
  fi
  [[ $state == argument ]] || return 1
  case $words[1] in
)sh";

// The file is the function's body where zsh loads it from its folder of functions.
constexpr std::string_view kTail = R"sh(  esac
}
if [[ $funcstack[1] == _graphodbc ]]; then
  _graphodbc "$@"
else
  compdef _graphodbc graphodbc
fi)sh";

}  // namespace

std::string zsh_completion() {
  std::string text(kHelpers);
  for (const config::KeyInfo& key : config::connection_keys()) text += " " + std::string(key.name);
  text.append(kMain);
  for (const CommandInfo& command : commands()) {
    text += "    '" + quoted(command.name) + ":" + quoted(command.summary) + "'\n";
  }
  text.append(kDispatch);
  for (const CommandInfo& command : commands()) {
    text += "    " + std::string(command.name) + ")\n      _arguments -s \\\n";
    for (const OptionInfo& option : options_of(command)) add_option(text, option);
    text += "        " + positional(command) + "\n      ;;\n";
  }
  return text.append(kTail);
}

}  // namespace graphodbc::tools
