// What the command says about itself, and what documents say about it.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

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

TEST(Help, ManualAndCompletionHaveEveryOption) {
  const std::string man = man_page();
  const std::string bash = bash_completion();
  for (const CommandInfo& command : commands()) {
    const std::string name(command.name);
    const std::size_t section = man.find(".SS \"graphodbc " + name + "\"");
    ASSERT_NE(section, std::string::npos) << name;
    const std::string part = man.substr(section, man.find("\n.S", section + 1) - section);
    const std::size_t words = bash.find("    " + name + ") words='");
    ASSERT_NE(words, std::string::npos) << name;
    const std::string line = bash.substr(words, bash.find('\n', words) - words);
    for (const OptionInfo& option : options_of(command)) {
      const std::string text = "--" + std::string(option.name);
      EXPECT_NE(part.find(as_troff(text)), std::string::npos) << name << ' ' << text;
      EXPECT_NE(line.find(text), std::string::npos) << name << ' ' << text;
    }
  }
  EXPECT_NE(zsh_completion().find(bash), std::string::npos);
}

// What a shell makes of it.
TEST(Help, BashCompletes) {
  const Home home;
  const std::string script = home.write("try", bash_completion() + R"(
COMP_WORDS=(graphodbc query --format nd); COMP_CWORD=3; _graphodbc; echo "${COMPREPLY[@]}"
COMP_WORDS=(graphodbc who); COMP_CWORD=1; _graphodbc; echo "${COMPREPLY[@]}"
COMP_WORDS=(graphodbc query --max); COMP_CWORD=2; _graphodbc; echo "${COMPREPLY[@]}"
)");
  FILE* pipe = ::popen(("bash " + script).c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string out(200, '\0');
  out.resize(std::fread(out.data(), 1, out.size(), pipe));
  EXPECT_EQ(::pclose(pipe), 0);
  EXPECT_EQ(out, "ndjson\nwhoami\n--max-rows\n");
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
