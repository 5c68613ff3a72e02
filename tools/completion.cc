// Completion for shells: a list of words a command, so that completing starts no program but
// `graphodbc dsn list`.
#include "tools/help.h"

namespace graphodbc::tools {
namespace {

std::string names() {
  std::string out;
  for (const CommandInfo& command : commands()) {
    out += (out.empty() ? "" : " ") + std::string(command.name);
  }
  return out;
}

std::string option_words(const CommandInfo& command) {
  std::string out;
  for (const OptionInfo& option : options_of(command)) {
    out += (out.empty() ? "--" : " --") + std::string(option.name);
  }
  return out;
}

// The options' values that are known, each once.
std::string choice_cases() {
  std::string out;
  for (const CommandInfo& command : commands()) {
    for (const OptionInfo& option : options_of(command)) {
      if (option.choices.empty()) continue;
      std::string pattern = "    --" + std::string(option.name);
      if (option.letter != 0) pattern += " | -" + std::string(1, option.letter);
      pattern += ")";
      if (out.find(pattern) != std::string::npos) continue;
      out += pattern + "\n      COMPREPLY=($(compgen -W '" + std::string(option.choices) +
             "' -- \"$current\"))\n      return\n      ;;\n";
    }
  }
  return out;
}

std::string command_cases() {
  std::string out;
  for (const CommandInfo& command : commands()) {
    std::string words = option_words(command);
    if (!command.words.empty()) words += " " + std::string(command.words);
    if (command.name == "help") words += " " + names();
    out += "    " + std::string(command.name) + ") words='" + words + "' ;;\n";
  }
  return out;
}

constexpr std::string_view kBashHead = R"(# bash completion for graphodbc
_graphodbc() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} words
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ')";

}  // namespace

std::string bash_completion() {
  std::string text(kBashHead);
  text += names() + " --help --version' -- \"$current\"))\n    return\n  fi\n";
  text +=
      "  case $previous in\n    --dsn | -d | show | edit | remove)\n"
      "      COMPREPLY=($(compgen -W \"$(graphodbc dsn list 2>/dev/null | cut -d' ' -f1)\" -- "
      "\"$current\"))\n      return\n      ;;\n    --output | -o)\n"
      "      COMPREPLY=($(compgen -f -- \"$current\"))\n      return\n      ;;\n";
  text += choice_cases() + "  esac\n  case ${COMP_WORDS[1]} in\n" + command_cases();
  return text +
         "    *) return ;;\n  esac\n  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n}\n"
         "complete -F _graphodbc graphodbc";
}

// zsh runs bash's completions.
std::string zsh_completion() {
  return "#compdef graphodbc\nautoload -Uz bashcompinit && bashcompinit\n" + bash_completion();
}

}  // namespace graphodbc::tools
