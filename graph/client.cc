#include "graph/client.h"

#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <random>
#include <utility>

#include "base/url.h"
#include "graph/oauth/authenticator.h"
#include "graph/oauth/sign_in.h"
#include "graph/oauth/token_endpoint.h"
#include "graph/oauth/workload_identity.h"
#include "graph/request_run.h"
#include "graph/service_error.h"
#include "graph/throttle_gate.h"
#include "graph/transport.h"
#include "graph/transport_poster.h"

namespace graphodbc::graph {
namespace {

using base::Error;

base::Url check_url(const std::string& value, std::string_view key) {
  auto url = base::parse_url(value);
  if (!url) throw Error("08001", std::string(key) + " is not an http(s) URL");
  if (url->scheme == "http" && !base::is_loopback_host(url->host)) {
    throw Error("08001", std::string(key) + " (" + url->origin() +
                             ") is plain http to a host that is not this machine; use https");
  }
  return std::move(*url);
}

// Whether the mode speaks to the token endpoint at all.
bool needs_endpoint(const ClientSettings& settings) {
  switch (settings.auth_mode) {
    case AuthMode::kRefreshToken:
    case AuthMode::kAuthorizationCode:
    case AuthMode::kDeviceCode:
      return settings.auto_refresh;
    case AuthMode::kClientCredentials:
    case AuthMode::kCertificate:
    case AuthMode::kWorkloadIdentity:
      return true;
    case AuthMode::kAccessToken:
    case AuthMode::kManagedIdentity:
    case AuthMode::kAzureCli:
      return false;
  }
  return false;
}

// What a mode cannot do without. The folder config/ says it with more words; this is for those who
// make a client without it.
void check_credentials(const ClientSettings& settings) {
  const auto require = [](bool there, std::string_view keys) {
    if (!there) throw Error("08001", "No credentials: give " + std::string(keys));
  };
  switch (settings.auth_mode) {
    case AuthMode::kRefreshToken:
      require(!settings.refresh_token_file.empty() || !settings.refresh_token.empty(),
              "RefreshTokenFilePath or RefreshToken, or say with AuthMode how to sign in");
      break;
    case AuthMode::kClientCredentials:
      require(!settings.client_secret.empty(), "ClientSecret");
      break;
    case AuthMode::kCertificate:
      require(!settings.certificate_file.empty() || !settings.certificate_base64.empty(),
              "CertificatePath or CertificateBase64");
      break;
    case AuthMode::kAccessToken:
      require(!settings.access_token.empty(), "AccessToken");
      break;
    case AuthMode::kAuthorizationCode:
    case AuthMode::kDeviceCode:
    case AuthMode::kWorkloadIdentity:
    case AuthMode::kManagedIdentity:
    case AuthMode::kAzureCli:
      break;
  }
}

void check_settings(const ClientSettings& settings) {
  check_url(settings.graph_url, "GraphUrl");
  if (!settings.token_url.empty()) check_url(settings.token_url, "TokenUrl");
  if (!settings.ca_file.empty() && ::access(settings.ca_file.c_str(), R_OK) != 0) {
    throw Error("08001", "CaFile " + settings.ca_file + " cannot be read");
  }
  check_credentials(settings);
  if (needs_endpoint(settings) && settings.token_url.empty()) {
    throw Error("08001", "TokenUrl is missing: give TokenUrl, or TenantId to derive it");
  }
  // A header line must not be split by what came from a file or a connection string.
  for (const base::Secret* token : {&settings.access_token, &settings.refresh_token}) {
    if (token->reveal().find_first_of("\r\n\0 ", 0, 4) != std::string::npos) {
      throw Error("08001", "AccessToken or RefreshToken holds blanks or line breaks");
    }
  }
}

class Pending final : public PendingResponse {
 public:
  Pending(std::shared_ptr<Completion> completion, std::weak_ptr<RequestRun> run,
          std::shared_ptr<Transport::Mailbox> mailbox)
      : completion_(std::move(completion)), run_(std::move(run)), mailbox_(std::move(mailbox)) {}
  ~Pending() override { cancel(); }

  HttpResponse wait() override {
    // After fork nobody is left to finish it (decisions.md 23).
    if (getpid() != owner_) throw Error("08S01", "The request belongs to the parent process");
    return completion_->wait();
  }
  bool ready() const override { return getpid() != owner_ || completion_->is_done(); }
  void cancel() noexcept override {
    if (getpid() != owner_ || completion_->is_done()) return;
    completion_->cancel();
    try {
      mailbox_->post([weak = run_] {
        if (const auto run = weak.lock()) run->end(Error("HY008", "The operation was cancelled"));
      });
    } catch (...) {
      // Out of memory: the waiting thread is awake already; the transfer ends by itself.
    }
  }

 private:
  std::shared_ptr<Completion> completion_;
  std::weak_ptr<RequestRun> run_;
  std::shared_ptr<Transport::Mailbox> mailbox_;
  const pid_t owner_ = getpid();
};

WallTime wall_now() {
  return std::chrono::system_clock::now();
}

}  // namespace

struct Client::Impl {
  explicit Impl(ClientSettings given)
      : settings(std::move(given)),
        graph(check_url(settings.graph_url, "GraphUrl")),
        transport(transport_options(settings)),
        poster(transport, settings.log),
        endpoint(settings, poster, wall_now),
        authenticator(
            make_token_provider(settings, endpoint, wall_now, [this] { return poster.is_open(); }),
            wall_now),
        environment{settings,  graph.origin(), "",
                    transport, authenticator,  ThrottleGate::instance(),
                    live,      wall_now,       std::mt19937_64(std::random_device()())} {
    std::string_view root = settings.graph_url;
    while (root.ends_with('/')) root.remove_suffix(1);
    if (root.ends_with("/v1.0")) root.remove_suffix(5);
    environment.version_root = std::string(root) + "/v1.0";
  }

  // Waits for tokens end first, then the I/O thread, then whoever still waits for an answer.
  ~Impl() {
    poster.close();
    authenticator.stop();
    transport.stop();
    for (const auto& [key, run] : live.take_all()) {
      run->end(Error("08003", "The connection was closed"));
    }
  }

  const ClientSettings settings;
  const base::Url graph;
  const pid_t owner = getpid();
  LiveRequests live;
  Transport transport;
  TransportPoster poster;
  TokenEndpoint endpoint;
  Authenticator authenticator;
  RequestEnvironment environment;

  void check_process() const {
    if (getpid() == owner) return;
    throw Error("08S01", "The connection was made by the parent process; connect again after fork");
  }
};

Client::Client(ClientSettings settings) {
  settings = with_workload_identity(std::move(settings));
  if (needs_person(settings)) settings.refresh_token_file = token_file_of(settings);
  check_settings(settings);
  impl_ = std::make_unique<Impl>(std::move(settings));
}

Client::~Client() {
  if (getpid() != impl_->owner) (void)impl_.release();  // decisions.md 23
}

void Client::connect(Deadline deadline) {
  impl_->check_process();
  if (impl_->authenticator.fresh()) return;
  require_signed_in(impl_->settings);
  wait_for_token(0, deadline);
}

void Client::renew(Deadline deadline) {
  impl_->check_process();
  const auto token = impl_->authenticator.latest();
  wait_for_token(token ? token->generation : 0, deadline);
}

void Client::wait_for_token(std::uint64_t refused, Deadline deadline) {
  struct Wait {
    std::mutex mutex;
    std::condition_variable changed;
    bool done = false;
    std::exception_ptr failure;
  };
  auto wait = std::make_shared<Wait>();  // shared: the deadline may pass before the answer
  impl_->authenticator.renew(refused, [wait](const auto&, std::exception_ptr failure) {
    const std::lock_guard lock(wait->mutex);
    wait->done = true;
    wait->failure = std::move(failure);
    wait->changed.notify_all();
  });
  std::unique_lock lock(wait->mutex);
  const auto is_done = [&] { return wait->done; };
  if (!deadline) {
    wait->changed.wait(lock, is_done);
  } else if (!wait->changed.wait_until(lock, *deadline, is_done)) {
    throw Error("HYT00", "The login timeout passed before a token could be had from TokenUrl");
  }
  if (wait->failure) std::rethrow_exception(std::exchange(wait->failure, nullptr));
}

std::shared_ptr<PendingResponse> Client::start(HttpRequest request) {
  impl_->check_process();
  if (request.url.starts_with('/')) {
    request.url.insert(0, impl_->environment.version_root);
  } else if (!same_origin(request.url)) {
    const auto url = base::parse_url(request.url);
    throw Error(
        "08S01",
        (request.context.table_name.empty() ? std::string() : request.context.table_name + ": ") +
            "A link leads to another server (" + (url ? url->origin() : std::string("not a URL")) +
            ") than GraphUrl (" + origin() + "); it is not followed, the token stays here");
  }
  auto completion = std::make_shared<Completion>();
  auto run = std::make_shared<RequestRun>(impl_->environment, std::move(request), completion);
  auto pending = std::make_shared<Pending>(completion, run, impl_->transport.mailbox());
  impl_->live.add(run);
  std::weak_ptr<RequestRun> weak = run;
  impl_->transport.post([weak] {
    if (const auto started = weak.lock()) started->start();
  });
  return pending;
}

void Client::close_gate(const GateShare& share, std::chrono::steady_clock::time_point until) {
  impl_->check_process();
  impl_->environment.gate.close(bucket_of(impl_->environment, share), until);
}

void Client::set_timeout(std::chrono::seconds timeout) {
  impl_->check_process();
  Transport& transport = impl_->transport;
  transport.post([&transport, timeout] { transport.set_timeout(timeout); });
}

const std::string& Client::origin() const {
  return impl_->environment.origin;
}

const std::string& Client::version_root() const {
  return impl_->environment.version_root;
}

bool Client::same_origin(std::string_view url) const {
  const auto parsed = base::parse_url(url);
  return parsed && base::same_origin(*parsed, impl_->graph);
}

const ClientSettings& Client::settings() const {
  return impl_->settings;
}

const std::string& Client::account() const {
  return impl_->settings.account;
}

Identity Client::identity() const {
  Identity identity = impl_->authenticator.identity();
  identity.app_only = impl_->authenticator.app_only();
  return identity;
}

std::optional<std::chrono::system_clock::time_point> Client::token_expires_at() const {
  const auto token = impl_->authenticator.latest();
  return token ? token->token.expires_at : std::nullopt;
}

bool Client::is_dead() const {
  return getpid() != impl_->owner || impl_->authenticator.is_refused();
}

bool Client::is_sign_in_over() const {
  return impl_->authenticator.is_sign_in_over();
}

std::vector<base::Warning> Client::take_warnings() {
  return impl_->authenticator.take_warnings();
}

}  // namespace graphodbc::graph
