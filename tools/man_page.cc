// graphodbc(1) as troff with the man macros (groff_man(7)).
#include <algorithm>
#include <iterator>

#include "tools/help.h"
#include "tools/target.h"

namespace graphodbc::tools {
namespace {

// The day on which these words and the table of commands last changed (mdoc and man want one).
constexpr std::string_view kDate = "2026-11-21";

struct Escape {
  char plain;
  std::string_view troff;
};
// Signs that troff would read or, on terminals with Unicode, print otherwise: groff_char(7).
constexpr Escape kEscapes[] = {{'\\', "\\(rs"}, {'-', "\\-"},   {'`', "\\(ga"},
                               {'\'', "\\(aq"}, {'~', "\\(ti"}, {'^', "\\(ha"}};

// Text of a line: its signs stand for themselves, and none at its start makes it a request.
std::string roff(std::string_view text) {
  std::string out;
  if (text.starts_with('.')) out += "\\&";
  for (const char c : text) {
    const auto* found = std::find_if(std::begin(kEscapes), std::end(kEscapes),
                                     [c](const Escape& escape) { return escape.plain == c; });
    if (found != std::end(kEscapes)) {
      out += found->troff;
    } else {
      out += c;
    }
  }
  return out;
}

// Lines that are filled when they are printed: short ones, a sentence at the start of one, as the
// end of a sentence is known by the end of its line.
std::string paragraph(std::string_view text) {
  constexpr std::size_t kLongestLine = 70;
  std::string out;
  std::string line;
  for (const std::string_view word : split_words(text)) {
    const bool ends = line.ends_with('.') || line.ends_with('?');
    if (!line.empty() && (ends || line.size() + 1 + word.size() > kLongestLine)) {
      out += roff(line) + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + std::string(word);
  }
  return out + roff(line) + "\n";
}

void add_option(std::string& text, const OptionInfo& option) {
  text += ".TP\n";
  if (option.letter != 0) text += "\\fB\\-" + std::string(1, option.letter) + "\\fR, ";
  text += "\\fB" + roff("--" + std::string(option.name)) + "\\fR";
  if (!option.argument.empty()) text += " \\fI" + roff(option.argument) + "\\fR";
  text += "\n" + paragraph(option.help);
}

// Its own options: those of several commands are told once.
void add_command(std::string& text, const CommandInfo& command) {
  const std::string name(command.name);
  text += ".SS \"graphodbc " + name + "\"\n.B graphodbc " + name + "\n";
  text += paragraph("[options] " + std::string(command.synopsis));
  text += ".PP\n" + paragraph(command.description);
  for (const OptionInfo& option : command.options) add_option(text, option);
  for (const Example& example : command.examples) {
    text += ".PP\n" + paragraph(introduction(example)) + ".PP\n.nf\n.RS\n" + roff(example.line) +
            "\n.RE\n.fi\n";
  }
}

void add_common_options(std::string& text) {
  std::string names;
  for (const CommandInfo& command : commands()) {
    if (command.connects) names += (names.empty() ? "" : ", ") + std::string(command.name);
  }
  text += ".SH OPTIONS\n" + paragraph(
                                "Options may stand before and after other arguments; \"--\" "
                                "ends them. These say whose data is meant, for " +
                                names + ":");
  for (const OptionInfo& option : target_options()) add_option(text, option);
  text += ".PP\nEvery command takes:\n";
  add_option(text, options_of(commands().front()).back());
  text += ".PP\n" + paragraph("The other options stand with their commands.");
}

constexpr std::string_view kTail = R"(.SH ENVIRONMENT
.TP
.B GRAPHODBC_DSN
The data source where none is named.
.TP
.B ODBCINI\fR, \fBODBCSYSINI
Where unixODBC looks for odbc.ini and odbcinst.ini.
.TP
.B BROWSER
Programs that show the page for signing in, separated by colons; %s
stands for the address.
.TP
.B https_proxy\fR, \fBno_proxy
The way out and what needs none, where the keys Proxy and NoProxy are not set.
.TP
.B XDG_STATE_HOME\fR, \fBXDG_CONFIG_HOME
Where tokens and secrets are kept, each below graphodbc/.
.SH FILES
.TP
.I \(ti/.odbc.ini\fR, \fI/etc/odbc.ini
Data sources of the user and of the system.
.TP
.I \(ti/.local/state/graphodbc/
Tokens of data sources that name no RefreshTokenFilePath.
.TP
.I \(ti/.config/graphodbc/
Secrets that \fBgraphodbc dsn\fR was given.
.SH "EXIT STATUS"
.TP
0
Done.
.TP
1
Something failed; the message has an SQLSTATE, what happened and what to do.
.TP
2
The command line is wrong.
.TP
130
Ended by Ctrl\-C.
.TP
141
Whoever read the output went away.
.SH "SEE ALSO"
.BR isql (1),
.BR odbcinst (1),
.BR odbc.ini (5))";

}  // namespace

std::string man_page() {
  std::string text = ".TH GRAPHODBC 1 " + std::string(kDate) + " \"" + version_line() +
                     "\" \"User Commands\"\n.SH NAME\ngraphodbc \\- Microsoft 365 as SQL tables\n"
                     ".SH SYNOPSIS\n.B graphodbc\n"
                     ".I command\n[options] [arguments]\n.br\n.B graphodbc \\-\\-help\n.br\n"
                     ".B graphodbc \\-\\-version\n.SH DESCRIPTION\n";
  text += paragraph(
      "Signs in for the ODBC driver of the same name, makes and checks its data sources, and runs "
      "SQL over Microsoft Graph without ODBC. Mail, calendars, contacts, users and files are "
      "tables.");
  add_common_options(text);
  text += ".SH COMMANDS\n";
  for (const CommandInfo& command : commands()) add_command(text, command);
  text +=
      ".SH KEYS\n\\fBgraphodbc help keys\\fR lists the keys of data sources and connection "
      "strings.\n";
  return text.append(kTail);
}

}  // namespace graphodbc::tools
