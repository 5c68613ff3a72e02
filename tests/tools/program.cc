#include "tests/tools/program.h"

#include <fcntl.h>
#include <pty.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

extern char** environ;

namespace graphodbc::test {

namespace fs = std::filesystem;

Home::Home() {
  std::string name = fs::temp_directory_path() / "graphodbc-command-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for a test");
  path_ = name;
  environment_ = {{"HOME", path_},        {"ODBCINI", odbc_ini()}, {"ODBCSYSINI", path_ / "system"},
                  {"XDG_STATE_HOME", ""}, {"XDG_CONFIG_HOME", ""}, {"GRAPHODBC_DSN", ""},
                  {"BROWSER", ""},        {"DISPLAY", ""},         {"WAYLAND_DISPLAY", ""}};
  fs::create_directory(path_ / "system");
  write("system/odbcinst.ini", "[graphodbc]\nDriver = /nowhere/libgraphodbc.so\n", 0644);
}

Home::~Home() {
  fs::remove_all(path_);
}

std::string Home::write(const std::string& name, const std::string& text, unsigned mode) const {
  const fs::path file = path_ / name;
  std::ofstream(file, std::ios::binary) << text;
  ::chmod(file.c_str(), mode);
  return file;
}

std::string Home::read(const fs::path& file) const {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string read_all(int file) {
  std::string text;
  char buffer[4096];
  for (ssize_t count = 0; (count = ::read(file, buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(count));
  }
  ::close(file);
  return text;
}

int wait_for(int pid) {
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Home::Running Home::start(const std::vector<std::string>& arguments, int in) const {
  std::vector<std::string> words = {GRAPHODBC_COMMAND};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::vector<std::string> variables;
  for (char** at = environ; *at != nullptr; ++at) {
    const std::string variable = *at;
    if (!environment_.contains(variable.substr(0, variable.find('=')))) {
      variables.push_back(variable);
    }
  }
  for (const auto& [name, value] : environment_) {
    if (!value.empty()) variables.push_back(name + "=" + value);
  }
  std::vector<char*> envp;
  for (std::string& variable : variables) envp.push_back(variable.data());
  envp.push_back(nullptr);

  int out[2];
  int err[2];
  if (::pipe2(out, O_CLOEXEC) != 0 || ::pipe2(err, O_CLOEXEC) != 0) {
    throw std::runtime_error("no pipe");
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (in >= 0) {
    posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  } else {
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  }
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
  Running running;
  const int result =
      ::posix_spawn(&running.pid, GRAPHODBC_COMMAND, &actions, nullptr, argv.data(), envp.data());
  posix_spawn_file_actions_destroy(&actions);
  ::close(out[1]);
  ::close(err[1]);
  if (result != 0) throw std::runtime_error("the command cannot be started");
  running.out = out[0];
  running.err = err[0];
  return running;
}

namespace {

Ran collect(const Home::Running& running) {
  Ran ran;
  std::thread errors([&] { ran.err = read_all(running.err); });
  ran.out = read_all(running.out);
  errors.join();
  ran.status = wait_for(running.pid);
  return ran;
}

}  // namespace

Ran Home::run(const std::vector<std::string>& arguments, const std::string& input) const {
  if (input.empty()) return collect(start(arguments));
  int in[2];
  if (::pipe2(in, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const Running running = start(arguments, in[0]);
  ::close(in[0]);
  std::thread feeder([&] {
    (void)!::write(in[1], input.data(), input.size());
    ::close(in[1]);
  });
  Ran ran = collect(running);
  feeder.join();
  return ran;
}

Ran Home::run_in_terminal(const std::vector<std::string>& arguments,
                          const std::string& input) const {
  int master = -1;
  int slave = -1;
  if (::openpty(&master, &slave, nullptr, nullptr, nullptr) != 0) {
    throw std::runtime_error("no terminal");
  }
  ::fcntl(master, F_SETFD, FD_CLOEXEC);
  ::fcntl(slave, F_SETFD, FD_CLOEXEC);
  const Running running = start(arguments, slave);
  // Turning echo off discards what was typed ahead, so that answers follow their questions: one
  // line for each prompt, which ends in ": " or "] ".
  Ran ran;
  std::thread rows([&] { ran.out = read_all(running.out); });
  std::size_t at = 0;
  char buffer[512];
  for (ssize_t count = 0; (count = ::read(running.err, buffer, sizeof buffer)) > 0;) {
    ran.err.append(buffer, static_cast<std::size_t>(count));
    const bool asks = ran.err.ends_with(": ") || ran.err.ends_with("] ");
    if (!asks || at >= input.size()) continue;
    const std::size_t end = input.find('\n', at) + 1;
    (void)!::write(master, input.data() + at, end - at);
    at = end;
  }
  ::close(running.err);
  rows.join();
  ran.status = wait_for(running.pid);
  ::close(slave);
  ::close(master);
  return ran;
}

}  // namespace graphodbc::test
