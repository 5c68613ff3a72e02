#include "emulator/graph_service.h"

#include "emulator/data/drive.h"
#include "emulator/data/routes.h"
#include "emulator/data/text.h"

namespace graphodbc::emulator {

namespace {

using data::Family;
using data::GraphError;
using data::Tenant;

constexpr std::string_view kRoot = "/v1.0/";
constexpr std::size_t kLongestUrl = 15 * 1024;

// name('key') is name/key; the doubled quotes of the key are undone. Anything else stays whole.
void push_segment(std::vector<std::string>& segments, std::string text) {
  const std::size_t open = text.find("('");
  if (open == std::string::npos || open == 0 || !text.ends_with("')")) {
    segments.push_back(std::move(text));
    return;
  }
  std::string key;
  for (std::size_t i = open + 2; i + 2 < text.size(); ++i) {
    key += text[i];
    if (text[i] == '\'' && text[i + 1] == '\'') ++i;
  }
  segments.push_back(text.substr(0, open));
  segments.push_back(std::move(key));
}

// Decoded segments below /v1.0/. Inside a drive path (root:/.../x:) names are taken as they are.
std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> segments;
  bool in_path = false;
  const auto push = [&](std::string text) {
    if (text.empty()) return;
    const bool colon = text.ends_with(':');
    if (in_path || colon) {
      segments.push_back(std::move(text));
    } else {
      push_segment(segments, std::move(text));
    }
    if (colon) in_path = !in_path;
  };
  for (std::string_view piece : data::split(path, '/')) {
    auto text = data::percent_decode(piece, false);
    if (!text) throw GraphError(400, "BadRequest", "The URL holds an invalid escape or no UTF-8.");
    // Microsoft's generated clients know ids alone: they are given a path for one,
    // items/root:/a/b:, and send it as one encoded segment.
    const bool path_as_id = !in_path && !segments.empty() && segments.back() == "items" &&
                            text->find(":/") != std::string::npos;
    if (!path_as_id) {
      push(std::move(*text));
      continue;
    }
    for (std::string_view name : data::split(*text, '/')) push(std::string(name));
  }
  return segments;
}

void check_request(const Request& request) {
  if (request.method != "GET") {
    throw GraphError(405, "Request_BadRequest",
                     "Specified HTTP method is not allowed for the request target.");
  }
  if (request.path.size() + request.query.size() > kLongestUrl) {
    throw GraphError(414, "BadRequest", "The request URL is too long.");
  }
  if (!request.path.starts_with(kRoot)) throw data::unknown_segment(request.path);
}

}  // namespace

struct GraphService::Impl {
  explicit Impl(const TenantOptions& options) : tenant(options) {}

  Response route(const Request& request, const Principal& principal) const {
    check_request(request);
    const std::vector<std::string> segments =
        split_path(std::string_view(request.path).substr(kRoot.size()));
    if (segments.empty()) throw data::unknown_segment("");
    data::RequestContext context{request, principal, data::QueryOptions::parse(request.query),
                                 data::Preferences::parse(request), false};
    const auto level = find_header(request.headers, "ConsistencyLevel");
    context.eventual = level && data::equals_ignore_ascii_case(*level, "eventual");
    const data::Services services{tenant, cache};
    const data::Segments rest = data::Segments(segments).subspan(1);
    if (segments[0] == "me") return data::route_user(context, services, me(principal), rest);
    if (segments[0] == "users") return data::route_users(context, services, rest);
    if (segments[0] == "drives") return data::route_drives(context, services, rest);
    throw data::unknown_segment(segments[0]);
  }

  std::size_t me(const Principal& principal) const {
    if (principal.app_only) {
      throw GraphError(400, "BadRequest",
                       "/me request is only valid with delegated authentication flow.");
    }
    const std::size_t user = tenant.find_user(principal.user_id);
    if (user == Tenant::npos) throw data::not_found(Family::kDirectory);
    return user;
  }

  std::string bucket(const std::vector<std::string>& segments, const Principal& principal) const;

  Tenant tenant;
  mutable data::RowCache cache;
};

std::string GraphService::Impl::bucket(const std::vector<std::string>& segments,
                                       const Principal& principal) const {
  if (segments.empty()) return {};
  if (segments[0] == "drives" && segments.size() > 1) return "drive:" + segments[1];
  std::size_t user = Tenant::npos;
  std::size_t next = 1;
  if (segments[0] == "me" && !principal.app_only) {
    user = tenant.find_user(principal.user_id);
  } else if (segments[0] == "users" && segments.size() > 1) {
    user = tenant.find_user(segments[1]);
    next = 2;
  } else if (segments[0] != "users") {
    return {};
  }
  if (user == Tenant::npos || segments.size() <= next) return "directory";
  const std::string& resource = segments[next];
  if (resource == "drive" || resource == "drives") {
    const auto drives = tenant.drives_of(user);
    if (resource == "drives" && segments.size() > next + 1) return "drive:" + segments[next + 1];
    return drives.empty() ? std::string() : "drive:" + tenant.drive_id(drives[0]);
  }
  if (resource == "manager" || resource == "directReports") return "directory";
  return "mailbox:" + tenant.users()[user].id;
}

GraphService::GraphService(const TenantOptions& options) : impl_(std::make_unique<Impl>(options)) {
  // The account's own data is what most requests want: make it before the first one.
  impl_->tenant.mailbox(0);
  impl_->tenant.drive(0);
}

GraphService::~GraphService() = default;

Response GraphService::handle(const Request& request, const Principal& principal) const {
  try {
    return impl_->route(request, principal);
  } catch (const GraphError& error) {
    return data::error_response(error, request);
  }
}

std::string GraphService::throttle_bucket(const Request& request,
                                          const Principal& principal) const {
  if (!request.path.starts_with(kRoot)) return {};
  try {
    return impl_->bucket(split_path(std::string_view(request.path).substr(kRoot.size())),
                         principal);
  } catch (const GraphError&) {
    return {};
  }
}

std::string GraphService::account_upn() const {
  return impl_->tenant.users()[0].upn;
}
std::string GraphService::account_id() const {
  return impl_->tenant.users()[0].id;
}

std::string GraphService::user_id(std::string_view id_or_upn) const {
  const std::size_t user = impl_->tenant.find_user(id_or_upn);
  return user == Tenant::npos ? std::string() : impl_->tenant.users()[user].id;
}

std::string GraphService::display_name(std::string_view user_id) const {
  const std::size_t user = impl_->tenant.find_user(user_id);
  return user == Tenant::npos ? std::string() : impl_->tenant.users()[user].display_name;
}

}  // namespace graphodbc::emulator
