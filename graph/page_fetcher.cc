#include "graph/page_fetcher.h"

#include <utility>

namespace graphodbc::graph {
namespace {

class ClientFetcher final : public PageFetcher {
 public:
  explicit ClientFetcher(Client& client) : client_(client) {}
  std::shared_ptr<PendingResponse> start(HttpRequest request) override {
    return client_.start(std::move(request));
  }
  const std::string& version_root() const override { return client_.version_root(); }
  const std::string& origin() const override { return client_.origin(); }
  bool same_origin(std::string_view url) const override { return client_.same_origin(url); }
  RetrySettings retry_settings() const override { return client_.settings().retry; }
  void close_gate(const GateShare& share, std::chrono::steady_clock::time_point until) override {
    client_.close_gate(share, until);
  }

 private:
  Client& client_;
};

}  // namespace

std::shared_ptr<PageFetcher> make_client_fetcher(Client& client) {
  return std::make_shared<ClientFetcher>(client);
}

}  // namespace graphodbc::graph
