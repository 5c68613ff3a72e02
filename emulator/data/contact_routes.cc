// /contacts and /contactFolders.
#include "emulator/data/contacts.h"
#include "emulator/data/permissions.h"
#include "emulator/data/routes.h"
#include "emulator/data/text.h"

namespace graphodbc::emulator::data {
namespace {

struct Scope {
  const RequestContext& context;
  const Services& services;
  const Contacts& contacts;
  std::string owner;
  std::string key;
};

void refuse_expand(const RequestContext& context, std::string_view allowed) {
  const std::string* expand = context.options.find("$expand");
  if (expand == nullptr) return;
  for (const ExpandItem& item : parse_expand(Family::kOutlook, *expand)) {
    if (item.name != allowed) throw unsupported_option(Family::kOutlook, "$expand");
  }
}

Response route_list(const Scope& scope, int folder, const std::string& container, Segments rest) {
  const std::vector<std::uint32_t> rows = scope.contacts.in_folder(folder);
  const TypedSet<ContactView> set(contact_schema(), rows.size(), [&](std::size_t i) {
    return ContactView{&scope.contacts, rows[i]};
  });
  refuse_expand(scope.context, "extensions");
  ListSpec spec;
  spec.set = &set;
  spec.context = scope.owner + container + "/contacts";
  spec.cache_key = "con:" + scope.key + ":" + std::to_string(folder);
  if (rest.empty()) return list_rows(scope.context, spec, scope.services.cache);
  if (rest[0] == "$count") return count_rows(scope.context, spec, scope.services.cache);
  if (rest.size() > 1) throw unknown_segment(rest[1]);
  const auto index = scope.contacts.find(rest[0]);
  if (!index) throw not_found(Family::kOutlook);
  const TypedSet<ContactView> one(contact_schema(), 1, [&](std::size_t) {
    return ContactView{&scope.contacts, *index};
  });
  spec.set = &one;
  return single_row(scope.context, spec, 0);
}

Response route_folders(const Scope& scope, Segments rest) {
  // Rows 1.. are the folders beside the default one.
  const std::size_t others = Contacts::folder_names().size() - 1;
  const TypedSet<ContactFolderView> set(contact_folder_schema(), others, [&](std::size_t i) {
    return ContactFolderView{&scope.contacts, static_cast<std::uint32_t>(i + 1)};
  });
  ListSpec spec;
  spec.set = &set;
  spec.context = scope.owner + "/contactFolders";
  spec.cache_key = "cf:" + scope.key;
  if (rest.empty() || rest[0] == "$count") refuse_expand(scope.context, "");
  if (rest.empty()) return list_rows(scope.context, spec, scope.services.cache);
  if (rest[0] == "$count") return count_rows(scope.context, spec, scope.services.cache);
  const int folder = scope.contacts.find_folder(rest[0]);
  if (folder < 0) throw not_found(Family::kOutlook);
  if (rest.size() > 1) {
    if (rest[1] != "contacts") throw unknown_segment(rest[1]);
    return route_list(scope, folder, "/contactFolders('" + encode_query_value(rest[0]) + "')",
                      rest.subspan(2));
  }
  const TypedSet<ContactFolderView> one(contact_folder_schema(), 1, [&](std::size_t) {
    return ContactFolderView{&scope.contacts, static_cast<std::uint32_t>(folder)};
  });
  spec.set = &one;
  return single_row(scope.context, spec, 0);
}

}  // namespace

Response route_contacts(const RequestContext& context, const Services& services, std::size_t user,
                        Segments segments) {
  if (contacts_access(context.principal, is_own(context, services.tenant, user)) == Access::kNone) {
    throw access_denied(Family::kOutlook);
  }
  require_mailbox(services.tenant, user);
  const Scope scope{context, services, services.tenant.contacts(user),
                    user_context(services.tenant, user), std::to_string(user)};
  if (segments[0] == "contacts") return route_list(scope, 0, "", segments.subspan(1));
  return route_folders(scope, segments.subspan(1));
}

}  // namespace graphodbc::emulator::data
