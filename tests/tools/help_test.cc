// What the command says about itself, and what documents say about it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "tests/tools/program.h"
#include "tools/command.h"
#include "tools/help.h"

namespace graphodbc::tools {
namespace {

using test::Home;
using test::Ran;

TEST(Help, TeachesWithExamples) {
  const Home home;
  const Ran overview = home.run({"--help"});
  EXPECT_EQ(overview.status, 0);
  EXPECT_EQ(home.run({}).status, 2);
  EXPECT_EQ(home.run({"--version"}).out, version_line() + "\n");
  for (const CommandInfo& command : commands()) {
    const std::string name(command.name);
    EXPECT_NE(overview.out.find("\n  " + name + " "), std::string::npos) << name;
    ASSERT_FALSE(command.examples.empty()) << name;
    const Ran help = home.run({name, "--help"});
    EXPECT_EQ(help.status, 0) << name;
    EXPECT_EQ(home.run({"help", name}).out, help.out);
    const std::size_t examples = help.out.find("Examples\n");
    EXPECT_LT(examples, help.out.find("Usage\n")) << name;
    for (const OptionInfo& option : options_of(command)) {
      EXPECT_NE(help.out.find("--" + std::string(option.name)), std::string::npos)
          << name << " --" << option.name;
    }
  }
}

TEST(Help, KnowsWhatItDoesNotKnow) {
  const Home home;
  EXPECT_EQ(home.run({"frobnicate"}).status, 2);
  EXPECT_EQ(home.run({"help", "frobnicate"}).status, 2);
  EXPECT_EQ(home.run({"completion", "fish"}).status, 2);
}

// Options of a command and those that name a data source share their letters.
TEST(Help, NoLetterStandsForTwoOptions) {
  for (const CommandInfo& command : commands()) {
    std::set<std::string_view> names;
    std::set<char> letters;
    for (const OptionInfo& option : options_of(command)) {
      EXPECT_TRUE(names.insert(option.name).second) << command.name << " --" << option.name;
      if (option.letter == 0) continue;
      EXPECT_TRUE(letters.insert(option.letter).second) << command.name << " -" << option.letter;
    }
  }
}

// Troff writes a hyphen that is one as \-.
std::string as_troff(std::string_view option) {
  std::string out;
  for (const char c : option) {
    if (c == '-') out += '\\';
    out += c;
  }
  return out;
}

// From `from` on, up to `to` after it; empty when it is not there.
std::string part_of(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  return at == std::string::npos ? "" : text.substr(at, text.find(to, at + from.size()) - at);
}

TEST(Help, ManualAndCompletionsHaveEveryOption) {
  const std::string man = man_page();
  const std::string common = part_of(man, ".SH OPTIONS", "\n.SH");
  const std::string bash = bash_completion();
  const std::string zsh = zsh_completion();
  for (const CommandInfo& command : commands()) {
    const std::string name(command.name);
    const std::string section = part_of(man, ".SS \"graphodbc " + name + "\"", "\n.S");
    const std::string words = part_of(bash, "    " + name + ") options='", "\n");
    const std::string specifications = part_of(zsh, "    " + name + ")\n", ";;");
    ASSERT_FALSE(section.empty() || words.empty() || specifications.empty()) << name;
    for (const OptionInfo& option : command.options) {
      EXPECT_NE(section.find(as_troff("--" + std::string(option.name))), std::string::npos)
          << name << ' ' << option.name;
    }
    for (const OptionInfo& option : options_of(command)) {
      const std::string text = "--" + std::string(option.name);
      const std::string troff = as_troff(text);
      EXPECT_TRUE(section.find(troff) != std::string::npos ||
                  common.find(troff) != std::string::npos)
          << name << ' ' << text;
      EXPECT_NE(words.find(text), std::string::npos) << name << ' ' << text;
      EXPECT_NE(specifications.find("'" + text), std::string::npos) << name << ' ' << text;
    }
  }
}

struct Output {
  int status = -1;
  std::string text;  // standard output and standard error
};
Output shell(const std::string& line) {
  FILE* pipe = ::popen(("exec 2>&1; " + line).c_str(), "r");
  Output output;
  char buffer[4096];
  for (std::size_t count = 0; (count = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
    output.text.append(buffer, count);
  }
  output.status = ::pclose(pipe);
  return output;
}
bool is_installed(const std::string& program) {
  return shell("command -v " + program).status == 0;
}

TEST(Manual, IsCleanTroff) {
  const std::set<std::string> known = {".TH", ".SH", ".SS", ".TP", ".PP", ".B", ".I",
                                       ".BR", ".br", ".nf", ".fi", ".RS", ".RE"};
  std::istringstream lines(man_page());
  bool filled = true;
  for (std::string line; std::getline(lines, line);) {
    EXPECT_FALSE(line.empty() || line.ends_with(' ')) << line;
    EXPECT_TRUE(std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; }))
        << line;
    EXPECT_FALSE(line.starts_with('\'')) << "it would be a request: " << line;
    if (line.starts_with('.')) {
      EXPECT_TRUE(known.contains(line.substr(0, line.find(' ')))) << line;
    }
    if (line == ".nf") filled = false;
    if (line == ".fi") filled = true;
    if (filled) {
      EXPECT_LE(line.size(), 80u) << line;
    }
  }
  EXPECT_TRUE(filled);
}

TEST(Manual, IsReadByTheProgramsForIt) {
  const Home home;
  const std::string page = home.write("graphodbc.1", home.run({"help", "man"}).out);
  bool any = false;
  if (is_installed("groff")) {
    any = true;
    const Output said = shell("groff -man -Tutf8 -P-cbou -ww " + page + " >" + page + ".txt");
    EXPECT_EQ(said.status, 0);
    EXPECT_EQ(said.text, "") << "groff has nothing to complain of";
    const std::string text = home.read(page + ".txt");
    EXPECT_NE(text.find("graphodbc query -f ndjson 'SELECT Id, ToRecipients"), std::string::npos)
        << "what people copy are the signs that shells know";
    EXPECT_NE(text.find("~/.odbc.ini"), std::string::npos);
  }
  if (is_installed("mandoc")) {
    any = true;
    EXPECT_EQ(shell("mandoc -T lint " + page).text, "");
  }
  if (!any) GTEST_SKIP() << "neither groff nor mandoc is installed";
}

// What a shell makes of it.
class Completion : public testing::Test {
 protected:
  Completion() {
    home_.write("odbc.ini", "[graph]\nDriver = graphodbc\n[my jobs]\nDriver = graphodbc\n");
    std::filesystem::create_directory(home_.path() / "bin");
    std::filesystem::create_symlink(GRAPHODBC_COMMAND, home_.path() / "bin/graphodbc");
    setting_ = "HOME=" + home_.path().string() + " ODBCINI=" + home_.odbc_ini().string() +
               " PATH=" + (home_.path() / "bin").string() + ":$PATH ";
  }
  Output run(const std::string& shell_program, const std::string& script) const {
    return shell(setting_ + "timeout 30 " + shell_program + " " + home_.write("try", script));
  }

  Home home_;
  std::string setting_;
};

TEST_F(Completion, WorksInBash) {
  const Output output = run("bash --norc", bash_completion() + R"sh(
complete_words() {
  COMP_WORDS=("$@")
  COMP_CWORD=$(($# - 1))
  _graphodbc graphodbc
  printf '%s|' "${COMPREPLY[@]}"
  echo
}
complete_words graphodbc query --format nd
complete_words graphodbc query --format = nd
complete_words graphodbc who
complete_words graphodbc query --max
complete_words graphodbc test --dsn ''
complete_words graphodbc dsn show 'my\ '
complete_words graphodbc dsn --system sh
complete_words graphodbc dsn edit graph Tenant
complete_words graphodbc help exp
)sh");
  EXPECT_EQ(output.status, 0);
  EXPECT_EQ(output.text,
            "ndjson|\nndjson|\nwhoami|\n--max-rows|\ngraph|my\\ jobs|\nmy\\ jobs|\nshow|\n"
            "TenantId=|\nexplain|\n");
}

// zsh on a terminal of its own: a line is typed, Tab pressed, and what stands there then printed.
TEST_F(Completion, WorksInZsh) {
  if (!is_installed("zsh")) GTEST_SKIP() << "zsh is not installed";
  std::filesystem::create_directory(home_.path() / "functions");
  home_.write("functions/_graphodbc", zsh_completion());
  home_.write("init", R"sh(
bindkey -e
bindkey '^I' complete-word
setopt no_beep
fpath=($HOME/functions $fpath)
autoload -Uz compinit
[[ $MODE == folder ]] || fpath=(${fpath:#$HOME/functions})
compinit -u -D
[[ $MODE == folder ]] || source $HOME/functions/_graphodbc
report() { print -r -- "<<$BUFFER>>"; BUFFER= }
zle -N report
bindkey '^X^R' report
print ready-$((6 * 7))
)sh");
  const std::string script = R"sh(
zmodload zsh/zpty
zpty inner "TERM=dumb PS1=% zsh -f -i"
zpty -w inner "MODE=$MODE; source \$HOME/init"
zpty -r inner seen '*ready-42*2004h*'  # the line editor has the terminal
complete_line() {
  zpty -n -w inner "$1"$'\t\x18\x12'
  zpty -r inner seen '*<<*>>*'
  print -r -- "${${seen##*<<}%%>>*}|"
}
complete_line 'graphodbc who'
complete_line 'graphodbc query --format nd'
complete_line 'graphodbc query --format=nd'
complete_line 'graphodbc query -f nd'
complete_line 'graphodbc query --max'
complete_line 'graphodbc query "SELECT 1" --qui'
complete_line 'graphodbc test --dsn gr'
complete_line 'graphodbc dsn show my'
complete_line 'graphodbc dsn edit graph TenantI'
complete_line 'graphodbc help exp'
complete_line 'graphodbc completion z'
zpty -d inner
)sh";
  for (const std::string mode : {"folder", "sourced"}) {
    const Output output = run("env MODE=" + mode + " zsh -f", script);
    EXPECT_EQ(output.text,
              "graphodbc whoami |\ngraphodbc query --format ndjson |\n"
              "graphodbc query --format=ndjson |\ngraphodbc query -f ndjson |\n"
              "graphodbc query --max-rows=|\ngraphodbc query \"SELECT 1\" --quiet |\n"
              "graphodbc test --dsn graph |\ngraphodbc dsn show my\\ jobs |\n"
              "graphodbc dsn edit graph TenantId=|\ngraphodbc help explain |\n"
              "graphodbc completion zsh |\n")
        << mode;
  }
}

TEST(Help, TheTableOfKeysInTheDocumentsIsTheProgramsOwn) {
  std::ifstream file(GRAPHODBC_SOURCE_DIR "/docs/connecting.md");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const std::string begin = "<!-- keys: graphodbc help keys --markdown -->\n";
  const std::string end = "\n<!-- end of keys -->";
  const std::size_t at = text.find(begin);
  ASSERT_NE(at, std::string::npos);
  const std::size_t start = at + begin.size();
  EXPECT_EQ(text.substr(start, text.find(end, start) - start), keys_as_markdown());
  const Home home;
  EXPECT_EQ(home.run({"help", "keys", "--markdown"}).out, keys_as_markdown() + "\n");
  EXPECT_NE(home.run({"help", "keys"}).out.find("TenantId, also Tenant"), std::string::npos);
}

}  // namespace
}  // namespace graphodbc::tools
