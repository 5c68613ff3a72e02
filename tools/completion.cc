// Completion for bash. Completing starts no program but `graphodbc dsn list`.
#include "config/connection_keys.h"
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
      out += pattern + " _graphodbc_words '" + std::string(option.choices) + "'; return ;;\n";
    }
  }
  return out;
}

std::string command_cases() {
  std::string out;
  for (const CommandInfo& command : commands()) {
    std::string words(command.words);
    if (command.name == "help") words += " " + names();
    out += "    " + std::string(command.name) + ") options='" + option_words(command) +
           "' words='" + words + "' ;;\n";
  }
  return out;
}

std::string key_words() {
  std::string out;
  for (const config::KeyInfo& key : config::connection_keys()) {
    out += (out.empty() ? "" : " ") + std::string(key.name) + "=";
  }
  return out;
}

// bash makes words of their own of '=' and of what follows it; a data source's name may hold
// blanks.
constexpr std::string_view kHelpers = R"(# bash completion for graphodbc
_graphodbc_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current"); }
_graphodbc_data_sources() {
  local name
  while IFS= read -r name; do
    printf -v name %q "${name%%  *}"
    [[ $name == "$current"* ]] && COMPREPLY+=("$name")
  done < <("$program" dsn list 2>/dev/null)
}
_graphodbc_keys() {
  _graphodbc_words "$graphodbc_keys"
  compopt -o nospace 2>/dev/null
}
_graphodbc() {
  local program=$1 current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local options words word count=0 graphodbc_keys=')";

// How many words that are no options stand before the current one says which it is.
constexpr std::string_view kChoose = R"(  for word in "${COMP_WORDS[@]:2:COMP_CWORD-2}"; do
    [[ $word == -* ]] || count=$((count + 1))
  done
  if [[ $current == -* ]]; then
    _graphodbc_words "$options"
  elif [[ ${COMP_WORDS[1]} == dsn && $count -eq 1 ]]; then
    _graphodbc_data_sources
  elif [[ ${COMP_WORDS[1]} == dsn && $count -gt 1 ]]; then
    _graphodbc_keys
  elif [[ $words && $count -eq 0 ]]; then
    _graphodbc_words "$words"
  elif [[ ! $words ]]; then
    _graphodbc_words "$options"
  fi
}
complete -F _graphodbc graphodbc)";

}  // namespace

std::string bash_completion() {
  std::string text(kHelpers);
  text += key_words() + R"('
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    _graphodbc_words ')" +
          names() + R"( --help --version'
    return
  fi
  if [ "$current" = = ]; then
    current=
  elif [ "$previous" = = ]; then
    previous=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  case $previous in
    --dsn | -d) _graphodbc_data_sources; return ;;
    --set | -s) _graphodbc_keys; return ;;
    --output | -o)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$current")
      return
      ;;
)";
  text += choice_cases() + "  esac\n  case ${COMP_WORDS[1]} in\n" + command_cases();
  return text.append("    *) return ;;\n  esac\n").append(kChoose);
}

}  // namespace graphodbc::tools
