#include "tests/support/emulator_process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

extern char** environ;

namespace graphodbc::test {
namespace {

std::string read_line(int file) {
  std::string line;
  char c = 0;
  while (::read(file, &c, 1) == 1 && c != '\n') line += c;
  return line;
}

std::string exchange(std::uint16_t port, const std::string& request) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
      ::send(socket, request.data(), request.size(), MSG_NOSIGNAL) ==
          static_cast<ssize_t>(request.size())) {
    char buffer[16384];
    for (ssize_t got = 0; (got = ::recv(socket, buffer, sizeof buffer, 0)) > 0;) {
      answer.append(buffer, static_cast<std::size_t>(got));
    }
  }
  ::close(socket);
  return answer;
}

}  // namespace

EmulatorProcess::EmulatorProcess(const std::string& program, std::vector<std::string> options) {
  int pipe_ends[2];
  if (::pipe2(pipe_ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
  options.insert(options.begin(), {program, "--port", "0"});
  // What the leak test looks for in everything that the suite wrote (tests/leaks).
  if (const char* folder = std::getenv("GRAPHODBC_TEST_OUTPUT")) {
    options.insert(options.end(), {"--secrets", std::string(folder) + "/secrets"});
  }
  std::vector<char*> arguments;
  for (std::string& option : options) arguments.push_back(option.data());
  arguments.push_back(nullptr);
  const int result =
      posix_spawn(&child_, program.c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe_ends[1]);
  if (result == 0) ready_line_ = read_line(pipe_ends[0]);
  ::close(pipe_ends[0]);
  if (result != 0 || ready_line_.empty()) throw std::runtime_error("the emulator did not start");
}

EmulatorProcess::~EmulatorProcess() {
  if (child_ <= 0) return;
  ::kill(child_, SIGTERM);
  ::waitpid(child_, nullptr, 0);
}

std::string EmulatorProcess::fact(const std::string& name) const {
  const std::string key = "\"" + name + "\":\"";
  const std::size_t at = ready_line_.find(key);
  if (at == std::string::npos) throw std::runtime_error("the emulator does not tell " + name);
  const std::size_t start = at + key.size();
  return ready_line_.substr(start, ready_line_.find('"', start) - start);
}

std::string EmulatorProcess::control(const std::string& method, const std::string& path,
                                     const std::string& body) const {
  const std::string url = fact("control_url");
  const std::size_t host = url.find("://") + 3;
  const std::size_t root = url.find('/', host);
  const std::size_t colon = url.find(':', host);
  const auto port = static_cast<std::uint16_t>(std::atoi(url.c_str() + colon + 1));
  const std::string answer = exchange(
      port, method + " " + url.substr(root) + path + " HTTP/1.1\r\nHost: " +
                url.substr(host, root - host) + "\r\nConnection: close\r\n" +
                "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
                "\r\n\r\n" + body);
  const std::size_t status = answer.find(' ');
  const std::size_t end = answer.find("\r\n\r\n");
  if (status == std::string::npos || end == std::string::npos || answer[status + 1] != '2') {
    throw std::runtime_error("the emulator refused " + method + " " + path + ": " + answer);
  }
  return answer.substr(end + 4);
}

}  // namespace graphodbc::test
