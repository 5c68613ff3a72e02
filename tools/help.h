// Everything that is said about the commands, made from their table.
#pragma once

#include <string>

#include "tools/command.h"

namespace graphodbc::tools {

std::string version_line();
// All commands; the first thing a person reads.
std::string overview();
std::string help_of(const CommandInfo& command);
// What stands before the example: its words and a colon, unless they are a question.
std::string introduction(const Example& example);

// The connection keys, for people and as a table in Markdown (docs/connecting.md holds it).
std::string keys_for_people();
std::string keys_as_markdown();

// troff of graphodbc.1, and what a shell needs to complete: a file for its folder of completions,
// or for it to source.
std::string man_page();
std::string bash_completion();
std::string zsh_completion();

}  // namespace graphodbc::tools
