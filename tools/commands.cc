// The table of commands.
#include <algorithm>

#include "tools/command.h"
#include "tools/target.h"

namespace graphodbc::tools {
namespace {

constexpr OptionInfo kHelp = {"help", 'h', "", "Shows this help.", ""};

constexpr OptionInfo kFormat = {"format", 'f', "FORMAT",
                                "table (the default), records, csv, json or ndjson.",
                                "table records csv json ndjson"};
constexpr OptionInfo kOutput = {
    "output", 'o', "FILE", "Write the rows there; the file gets its name when it is complete.", ""};
constexpr OptionInfo kWidth = {"width", 'w', "N",
                               "Longest cell of a table, 60 left out; 0 cuts nothing.", ""};
constexpr OptionInfo kParam = {"param", 'p', "VALUE",
                               "Value of the next parameter marker; repeatable.", ""};
constexpr OptionInfo kNull = {"null", 0, "", "The next parameter marker is NULL; repeatable.", ""};

constexpr OptionInfo kQueryOptions[] = {
    kFormat,
    kOutput,
    kParam,
    kNull,
    {"max-rows", 'n', "N", "Stop after so many rows; 0, the default: all of them.", ""},
    kWidth,
    {"quiet", 'q', "", "Do not say how many rows there were.", ""},
};
constexpr Example kQueryExamples[] = {
    {"The newest unread mail",
     "graphodbc query \"SELECT TOP 5 Subject, ReceivedDateTime FROM Messages WHERE IsRead = 0 "
     "ORDER BY ReceivedDateTime DESC\""},
    {"A value that is not part of the SQL text",
     "graphodbc query --param ann@contoso.com \"SELECT * FROM Users WHERE Mail = ?\""},
    {"A table for a spreadsheet, from a statement in a file",
     "graphodbc query --dsn graph --format csv --output users.csv < users.sql"},
    {"An object a line, for jq",
     "graphodbc query -f ndjson 'SELECT Id, ToRecipients FROM Messages' | jq .ToRecipients"},
};

constexpr OptionInfo kExplainOptions[] = {
    {"analyze", 'a', "", "Run the statement too, and show what each step cost.", ""},
    {"format", 'f', "FORMAT", "records (the default), table, csv, json or ndjson.",
     "table records csv json ndjson"},
    kOutput,
    kParam,
    kNull,
    kWidth,
};
constexpr Example kExplainExamples[] = {
    {"Which requests a statement sends",
     "graphodbc explain \"SELECT Subject FROM Messages WHERE IsRead = 0\""},
    {"What they cost, by running it", "graphodbc explain --analyze \"SELECT * FROM Events\""},
    {"The same without Graph's filters",
     "graphodbc explain --dsn graph --set Pushdown=off < statement.sql"},
};

constexpr Example kTestExamples[] = {
    {"Why does it not connect?", "graphodbc test --dsn graph"},
    {"In a monitor, which goes by the exit status",
     "graphodbc test --dsn graph > /dev/null || alert"},
};

constexpr Example kWhoamiExamples[] = {{"Whose mail is that?", "graphodbc whoami --dsn graph"}};

constexpr OptionInfo kDsnOptions[] = {
    {"system", 0, "", "The system's odbc.ini instead of the user's.", ""},
    {"all", 0, "", "list: data sources of other drivers too.", ""},
};
constexpr Example kDsnExamples[] = {
    {"A new data source, asking for what it needs", "graphodbc dsn create graph"},
    {"The same in a script",
     "graphodbc dsn create graph AuthMode=DeviceCode TenantId=contoso.com ClientId=66666666-7777"},
    {"An application; its secret comes from standard input",
     "graphodbc dsn create jobs TenantId=contoso.com ClientId=66666666-7777 ClientSecret=- "
     "Account=ann@contoso.com < secret.txt"},
    {"Change one key, and take another away",
     "graphodbc dsn edit graph LogFile=/tmp/graph.log Account="},
    {"What there is", "graphodbc dsn list"},
};

constexpr OptionInfo kLoginOptions[] = {
    {"device", 0, "", "Type a code on another device instead of using a browser here.", ""},
    {"no-browser", 0, "", "Only print the address of the sign-in page.", ""},
    {"scope", 0, "SCOPES", "Ask for these permissions instead of those of Scope; repeatable.", ""},
    {"hint", 0, "NAME", "The account that the sign-in page proposes.", ""},
};
constexpr Example kLoginExamples[] = {
    {"Once, before the first query", "graphodbc login --dsn graph"},
    {"On a server without a browser", "graphodbc login --dsn graph --device"},
};
constexpr Example kLogoutExamples[] = {{"Forget the tokens", "graphodbc logout --dsn graph"}};

constexpr OptionInfo kKeepaliveOptions[] = {
    {"all", 0, "", "Every data source of this driver that has a token file.", ""},
    {"verbose", 'v', "", "Say what was renewed.", ""},
};
constexpr Example kKeepaliveExamples[] = {
    {"In a crontab, every Monday", "17 6 * * 1 graphodbc keepalive --all"}};

constexpr OptionInfo kHelpOptions[] = {
    {"markdown", 0, "", "keys: as a table of Markdown.", ""},
};
constexpr Example kHelpExamples[] = {
    {"Everything about a command", "graphodbc help query"},
    {"Every key of odbc.ini and connection strings", "graphodbc help keys"},
};
constexpr Example kCompletionExamples[] = {
    {"For this shell", "source <(graphodbc completion bash)"}};

constexpr CommandInfo kCommands[] = {
    {"login", "", "sign in once; connections use it from then on", "",
     "Opens the sign-in page in the browser and waits for it, or shows a code to type on another "
     "device (--device). The tokens go to the token file of the data source, which connections "
     "renew by themselves. Applications that sign in as themselves need no login.",
     kLoginExamples, kLoginOptions, true, run_login},
    {"logout",
     "",
     "forget the tokens of a data source",
     "",
     "Takes the tokens out of the token file; everything else in it stays.",
     kLogoutExamples,
     {},
     true,
     run_logout},
    {"whoami",
     "",
     "who is signed in, with which permissions",
     "",
     "Prints the identity that a data source reads with, its permissions, and until when its token "
     "is good.",
     kWhoamiExamples,
     {},
     true,
     run_whoami},
    {"test",
     "",
     "check a data source, from its keys to a row of Graph",
     "",
     "Prints a line a check: ok, warning, FAILED or skipped, what was looked at, what was found "
     "and "
     "what to do. The checks are the keys and the modes of files, names of servers, TLS, the "
     "token, "
     "its permissions against what the tables need, one request to Graph, and the clock. The exit "
     "status is 1 when one failed.",
     kTestExamples,
     {},
     true,
     run_test},
    {"query", "[SQL]", "run a statement and print its rows", "",
     "The statement is the argument, or standard input. Rows go to standard output, everything "
     "else "
     "to standard error. Rows stream: none is held longer than it takes to write it. A table takes "
     "its widths from the first 100 rows and cuts longer cells (--width). NULL is an empty field "
     "in "
     "CSV, where an empty text is \"\"; JSON has numbers, truth values and null, and lists of "
     "Graph "
     "(ToRecipients) as JSON.",
     kQueryExamples, kQueryOptions, true, run_query},
    {"explain", "[SQL]", "show the requests that a statement would send", "",
     "Sends nothing and needs no sign-in, unless --analyze runs the statement. Without a data "
     "source the defaults of its keys hold.",
     kExplainExamples, kExplainOptions, true, run_explain},
    {"dsn",
     "list | show NAME | create NAME [KEY=VALUE ...] | edit NAME [KEY=VALUE ...] | remove NAME",
     "list, make, change and remove data sources", "list show create edit remove",
     "Data sources are sections of odbc.ini. Without values, create and edit ask for them. Values "
     "are checked before anything is written; comments and keys of others stay. A secret is never "
     "taken from the command line: KEY=- reads it from standard input and keeps it in a file that "
     "only you can read, KEY=file:PATH and KEY=env:NAME say where it is. `graphodbc help keys` "
     "lists all keys.",
     kDsnExamples, kDsnOptions, false, run_dsn},
    {"keepalive", "", "renew refresh tokens before they die unused", "",
     "A refresh token that is not used for 90 days is no longer good. Says nothing when all is "
     "well; "
     "on failure one line and exit status 1, so that cron sends it by mail.",
     kKeepaliveExamples, kKeepaliveOptions, true, run_keepalive},
    {"help", "[COMMAND | keys | man]", "explain a command, or the connection keys", "keys man",
     "Without a word: the list of commands. man prints the manual page as troff.", kHelpExamples,
     kHelpOptions, false, run_help},
    {"completion",
     "bash | zsh",
     "print what a shell needs to complete commands",
     "bash zsh",
     "Installed packages have it already.",
     kCompletionExamples,
     {},
     false,
     run_completion},
};

}  // namespace

std::span<const CommandInfo> commands() {
  return kCommands;
}

const CommandInfo* find_command(std::string_view name) {
  const auto* found = std::find_if(std::begin(kCommands), std::end(kCommands),
                                   [&](const CommandInfo& info) { return info.name == name; });
  return found == std::end(kCommands) ? nullptr : found;
}

std::vector<OptionInfo> options_of(const CommandInfo& command) {
  std::vector<OptionInfo> options(command.options.begin(), command.options.end());
  if (command.connects) {
    const auto target = target_options();
    options.insert(options.end(), target.begin(), target.end());
  }
  options.push_back(kHelp);
  return options;
}

}  // namespace graphodbc::tools
