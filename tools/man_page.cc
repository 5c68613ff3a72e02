// graphodbc(1) as troff with the man macros (groff_man(7)).
#include "tools/help.h"

namespace graphodbc::tools {
namespace {

// Text of a line: backslashes and hyphens that stand for themselves, and no request at its start.
std::string roff(std::string_view text) {
  std::string out;
  if (text.starts_with('.') || text.starts_with('\'')) out += "\\&";
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '`') {
      out += "\\(ga";
    } else {
      out += c;
    }
  }
  return out;
}

void add_option(std::string& text, const OptionInfo& option) {
  text += ".TP\n";
  if (option.letter != 0) text += "\\fB\\-" + std::string(1, option.letter) + "\\fR, ";
  text += "\\fB" + roff("--" + std::string(option.name)) + "\\fR";
  if (!option.argument.empty()) text += " \\fI" + roff(option.argument) + "\\fR";
  text += "\n" + roff(option.help) + "\n";
}

void add_command(std::string& text, const CommandInfo& command) {
  text += ".SS \"graphodbc " + std::string(command.name) + "\"\n";
  text += ".B graphodbc " + std::string(command.name) + "\n[options] " + roff(command.synopsis);
  text += "\n.PP\n" + roff(command.description) + "\n";
  for (const OptionInfo& option : options_of(command)) add_option(text, option);
  for (const Example& example : command.examples) {
    text +=
        ".PP\n" + roff(example.says) + ":\n.PP\n.nf\n.RS\n" + roff(example.line) + "\n.RE\n.fi\n";
  }
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
Programs that show the page for signing in, separated by colons; %s stands for the address.
.TP
.B XDG_STATE_HOME\fR, \fBXDG_CONFIG_HOME
Where tokens and secrets are kept, each below graphodbc/.
.SH FILES
.TP
.I ~/.odbc.ini\fR, \fI/etc/odbc.ini
Data sources of the user and of the system.
.TP
.I ~/.local/state/graphodbc/
Tokens of data sources that name no RefreshTokenFilePath.
.TP
.I ~/.config/graphodbc/
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
  std::string text = ".TH GRAPHODBC 1 \"\" \"" + version_line() +
                     "\" \"User Commands\"\n.SH NAME\ngraphodbc \\- Microsoft 365 as SQL tables: "
                     "sign in, look after data sources, query\n.SH SYNOPSIS\n.B graphodbc\n"
                     ".I command\n[options] [arguments]\n.br\n.B graphodbc \\-\\-help\n.br\n"
                     ".B graphodbc \\-\\-version\n.SH DESCRIPTION\n"
                     "Signs in for the ODBC driver of the same name, makes and checks its data "
                     "sources, and runs SQL over Microsoft Graph without ODBC. Mail, calendars, "
                     "contacts, users and files are tables.\n.SH COMMANDS\n";
  for (const CommandInfo& command : commands()) add_command(text, command);
  text +=
      ".SH KEYS\n\\fBgraphodbc help keys\\fR lists the keys of data sources and connection "
      "strings.\n";
  return text.append(kTail);
}

}  // namespace graphodbc::tools
