// The resource families behind /v1.0/me, /v1.0/users and /v1.0/drives.
#pragma once

#include <span>
#include <string>

#include "emulator/data/collection.h"
#include "emulator/data/tenant.h"

namespace graphodbc::emulator::data {

struct Services {
  const Tenant& tenant;
  RowCache& cache;
};

using Segments = std::span<const std::string>;

// Paths below one user; `segments` starts behind the user. All throw GraphError.
Response route_user(const RequestContext& context, const Services& services, std::size_t user,
                    Segments segments);
Response route_mail(const RequestContext& context, const Services& services, std::size_t user,
                    Segments segments);
Response route_calendar(const RequestContext& context, const Services& services, std::size_t user,
                        Segments segments);
Response route_contacts(const RequestContext& context, const Services& services, std::size_t user,
                        Segments segments);
Response route_user_drives(const RequestContext& context, const Services& services,
                           std::size_t user, Segments segments);

// /users and what is below; `segments` starts behind "users".
Response route_users(const RequestContext& context, const Services& services, Segments segments);
// /drives/{id}/...; `segments` starts behind "drives".
Response route_drives(const RequestContext& context, const Services& services, Segments segments);

// users('<id>'), as @odata.context names the owner of a collection.
std::string user_context(const Tenant& tenant, std::size_t user);
bool is_own(const RequestContext& context, const Tenant& tenant, std::size_t user);
// Throws 404 MailboxNotEnabledForRESTAPI for users without one.
const Mailbox& require_mailbox(const Tenant& tenant, std::size_t user);

}  // namespace graphodbc::emulator::data
