// graph-emulator: a Microsoft Graph and identity server for tests and the demo, on loopback only.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <exception>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "emulator/graph_service.h"
#include "emulator/server/application.h"

namespace graphodbc::emulator {
namespace {

struct ProgramOptions {
  TenantOptions tenant;
  ApplicationOptions application;
  bool exit_with_parent = false;
};

template <class Number>
Number parse_number(std::string_view name, std::string_view text, Number least, Number most) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most) {
    throw std::invalid_argument(std::string(name) + " takes a number from " +
                                std::to_string(least) + " to " + std::to_string(most));
  }
  return value;
}

constexpr std::size_t kMostRows = 10'000'000;

struct Option {
  std::string_view name;
  std::string_view value;  // how the help names it; empty: a flag
  std::string_view help;
  void (*set)(ProgramOptions&, std::string_view);
};

constexpr std::array kOptions = {
    Option{"--port", "N", "listen on this port of 127.0.0.1; 0 takes any free one (0)",
           [](ProgramOptions& o, std::string_view v) {
             o.application.server.port = parse_number<std::uint16_t>("--port", v, 0, 65535);
           }},
    Option{"--messages", "N", "messages in the account's mailbox (500)",
           [](ProgramOptions& o, std::string_view v) {
             o.tenant.messages = parse_number<std::size_t>("--messages", v, 0, kMostRows);
           }},
    Option{"--users", "N", "users of the tenant (40)",
           [](ProgramOptions& o, std::string_view v) {
             o.tenant.users = parse_number<std::size_t>("--users", v, 1, kMostRows);
           }},
    Option{"--drive-items", "N", "items in the account's drive (300)",
           [](ProgramOptions& o, std::string_view v) {
             o.tenant.drive_items = parse_number<std::size_t>("--drive-items", v, 1, kMostRows);
           }},
    Option{"--seed", "N", "all data, ids and secrets follow from it (1)",
           [](ProgramOptions& o, std::string_view v) {
             o.tenant.seed = parse_number<std::uint64_t>("--seed", v, 0, UINT64_MAX);
             o.application.identity.seed = o.tenant.seed;
           }},
    Option{"--latency-ms", "N", "time every request takes at least (0)",
           [](ProgramOptions& o, std::string_view v) {
             o.application.latency =
                 std::chrono::milliseconds(parse_number<int>("--latency-ms", v, 0, 600000));
           }},
    Option{"--token-lifetime", "S", "seconds an access token lives (3600)",
           [](ProgramOptions& o, std::string_view v) {
             o.application.identity.token_lifetime =
                 std::chrono::seconds(parse_number<int>("--token-lifetime", v, 1, 86400));
           }},
    Option{"--tls-cert", "FILE", "PEM certificate chain; switches to https",
           [](ProgramOptions& o, std::string_view v) { o.application.server.tls_cert_file = v; }},
    Option{"--tls-key", "FILE", "PEM private key of the certificate",
           [](ProgramOptions& o, std::string_view v) { o.application.server.tls_key_file = v; }},
    Option{"--gzip-level", "N", "1 (fast) to 12; 0 never compresses (1)",
           [](ProgramOptions& o, std::string_view v) {
             o.application.server.gzip_level = parse_number<int>("--gzip-level", v, 0, 12);
           }},
    Option{"--rotate-revokes", "", "a refresh token dies when it is used",
           [](ProgramOptions& o, std::string_view) {
             o.application.identity.rotation_revokes = true;
           }},
    Option{"--strict-assertions", "", "a client assertion's jti is accepted once",
           [](ProgramOptions& o, std::string_view) {
             o.application.identity.strict_assertions = true;
           }},
    Option{"--device-interval", "S", "seconds between device code polls (5)",
           [](ProgramOptions& o, std::string_view v) {
             o.application.identity.device_interval_seconds =
                 parse_number<int>("--device-interval", v, 0, 60);
           }},
    Option{"--device-approve-after", "N", "approve a device code at its N-th poll; 0 never (0)",
           [](ProgramOptions& o, std::string_view v) {
             o.application.identity.device_approve_after_polls =
                 parse_number<int>("--device-approve-after", v, 0, 1000);
           }},
    Option{"--secrets", "FILE", "append every secret that goes over the wire, for leak tests",
           [](ProgramOptions& o, std::string_view v) { o.application.secrets_file = v; }},
    Option{"--exit-with-parent", "", "stop when the starting process ends",
           [](ProgramOptions& o, std::string_view) { o.exit_with_parent = true; }},
};

void print_help() {
  std::puts(
      "usage: graph-emulator [options]\n"
      "A Microsoft Graph and identity server over invented data, for tests and demos. When it\n"
      "is ready it prints one line of JSON with its addresses and credentials.\n");
  for (const auto& option : kOptions) {
    const std::string name =
        std::string(option.name) + (option.value.empty() ? "" : " " + std::string(option.value));
    std::printf("  %-26s %s\n", name.c_str(), std::string(option.help).c_str());
  }
  std::printf("  %-26s %s\n", "--help", "this text");
}

ProgramOptions parse_options(int argc, char** argv) {
  ProgramOptions options;
  options.application.identity.seed = options.tenant.seed;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    const auto equals = argument.find('=');
    const std::string_view name = argument.substr(0, equals);
    const Option* found = nullptr;
    for (const auto& option : kOptions) {
      if (option.name == name) found = &option;
    }
    if (found == nullptr) throw std::invalid_argument("unknown option " + std::string(argument));
    std::string_view value;
    if (equals != std::string_view::npos) {
      value = argument.substr(equals + 1);
    } else if (!found->value.empty()) {
      if (++i == argc) throw std::invalid_argument(std::string(name) + " needs a value");
      value = argv[i];
    }
    found->set(options, value);
  }
  const ServerOptions& server = options.application.server;
  if (server.tls_cert_file.empty() != server.tls_key_file.empty()) {
    throw std::invalid_argument("--tls-cert and --tls-key go together");
  }
  return options;
}

// Asks for SIGTERM when the parent ends. The parent may have ended before: then it is init now.
void follow_parent() {
  const pid_t parent = getppid();
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent || parent == 1) raise(SIGTERM);
}

// Hundreds of connections need more descriptors than the usual soft limit.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

int run(const ProgramOptions& options) {
  // Blocked before any thread starts, so that only sigwait below receives them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  if (options.exit_with_parent) follow_parent();
  raise_descriptor_limit();

  const GraphService graph(options.tenant);
  UserDirectory directory;
  directory.account_upn = graph.account_upn();
  directory.account_id = graph.account_id();
  directory.user_id = [&graph](std::string_view name) { return graph.user_id(name); };
  directory.display_name = [&graph](std::string_view id) { return graph.display_name(id); };
  GraphBackend backend;
  backend.handle = [&graph](const Request& request, const Principal& principal) {
    return graph.handle(request, principal);
  };
  backend.throttle_bucket = [&graph](const Request& request, const Principal& principal) {
    return graph.throttle_bucket(request, principal);
  };
  Application application(options.application, std::move(directory), std::move(backend));
  application.start();
  std::puts(application.ready_line().c_str());
  std::fflush(stdout);

  int received = 0;
  sigwait(&signals, &received);
  application.stop();
  return 0;
}

}  // namespace
}  // namespace graphodbc::emulator

int main(int argc, char** argv) {
  using namespace graphodbc::emulator;
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--help" || std::string_view(argv[i]) == "-h") {
      print_help();
      return 0;
    }
  }
  try {
    return run(parse_options(argc, argv));
  } catch (const std::invalid_argument& problem) {
    std::fprintf(stderr, "graph-emulator: %s (see --help)\n", problem.what());
    return 2;
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "graph-emulator: %s\n", problem.what());
    return 1;
  }
}
