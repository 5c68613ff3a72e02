#include "tests/emulator/test_tenant.h"

#include "emulator/server/graph_error.h"

namespace graphodbc::emulator::testing {
namespace {

using Json = nlohmann::ordered_json;

std::size_t number_parameter(const Parameters& parameters, const char* name, std::size_t absent) {
  const auto value = find_parameter(parameters, name);
  return value ? std::stoul(std::string(*value)) : absent;
}

Response messages_page(const Request& request, std::size_t rows) {
  const Parameters parameters = parse_form(request.query);
  const std::size_t top = number_parameter(parameters, "$top", 10);
  const std::size_t skip = number_parameter(parameters, "$skip", 0);
  Json page;
  page["@odata.context"] = request.base_url + "/v1.0/$metadata#messages";
  if (skip + top < rows) {
    page["@odata.nextLink"] = request.base_url + request.path + "?$top=" + std::to_string(top) +
                              "&$skip=" + std::to_string(skip + top);
  }
  page["value"] = Json::array();
  for (std::size_t i = skip; i < std::min(rows, skip + top); ++i) {
    page["value"].push_back({{"id", std::to_string(i)}, {"subject", "Numbered message"}});
  }
  page["filter"] = std::string(find_parameter(parameters, "$filter").value_or(""));
  return {200, {{"Content-Type", "application/json;odata.metadata=minimal"}}, page.dump()};
}

}  // namespace

GraphBackend numbered_rows(std::size_t rows) {
  GraphBackend backend;
  backend.handle = [rows](const Request& request, const Principal&) {
    if (request.path == "/v1.0/me/messages") return messages_page(request, rows);
    if (request.path == "/v1.0/me/photo/$value") {
      return Response{200, {{"Content-Type", "image/jpeg"}}, std::string("\xff\xd8\xff\x00", 4)};
    }
    return graph_error(404, "itemNotFound", "No such thing.", request);
  };
  backend.throttle_bucket = [](const Request& request, const Principal& principal) {
    return request.path == "/v1.0/me/messages" ? "mailbox:" + principal.user_id : std::string();
  };
  return backend;
}

UserDirectory one_user() {
  UserDirectory directory;
  directory.account_upn = kAccount;
  directory.account_id = kAccountId;
  directory.user_id = [](std::string_view name) {
    const bool known = equal_ignoring_case(name, kAccount) || name == kAccountId;
    return std::string(known ? kAccountId : "");
  };
  directory.display_name = [](std::string_view) { return std::string("Ada Example"); };
  return directory;
}

void EmulatorTest::start(const ApplicationOptions& options, std::size_t rows) {
  app_ = std::make_unique<Application>(options, one_user(), numbered_rows(rows));
  app_->start();
}

std::string EmulatorTest::oauth(const std::string& endpoint, const std::string& tenant) const {
  return "/" + (tenant.empty() ? app_->identity().tenant().id : tenant) + "/oauth2/v2.0/" +
         endpoint;
}

HeaderList EmulatorTest::bearer() const {
  return {{"Authorization",
           "Bearer " + app_->identity().preissued_access_token(web_app(), app_->base_url())}};
}

Reply EmulatorTest::control(const std::string& method, const std::string& path,
                            const nlohmann::json& body) {
  TestClient client(port());
  return client.send(method, "/_control" + path, body.is_null() ? "" : body.dump());
}

void EmulatorTest::add_fault(const nlohmann::json& rule) {
  const Reply reply = control("POST", "/faults", rule);
  ASSERT_EQ(reply.status, 200) << reply.body;
}

std::vector<std::string> EmulatorTest::read_all(TestClient& client, std::string target, int most) {
  const HeaderList headers = bearer();
  std::vector<std::string> ids;
  for (int page = 0; page < most && !target.empty(); ++page) {
    const auto body = client.get(target, headers).json();
    if (!body.is_object() || !body.contains("value")) break;
    for (const auto& row : body.at("value")) ids.push_back(row.at("id"));
    target = body.contains("@odata.nextLink") ? target_of(body.at("@odata.nextLink")) : "";
  }
  return ids;
}

std::string target_of(const std::string& url) {
  return url.substr(url.find('/', url.find("://") + 3));
}

}  // namespace graphodbc::emulator::testing
