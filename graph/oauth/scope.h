// The scopes that a connection asks for.
#pragma once

#include <chrono>
#include <string>

#include "graph/client_settings.h"

namespace graphodbc::graph {

// True for the modes in which no user is behind the token.
bool is_app_only(AuthMode mode);

// What a person is asked for: Scope, else the read-only default.
const std::string& requested_scope(const ClientSettings& settings);

// "https://graph.microsoft.com/.default" of GraphUrl: all that was granted to the application.
std::string granted_scope(const ClientSettings& settings);

// What is sent when the application signs in by itself: only a `.default` is allowed there
// (contract sheet b.5).
struct AppScope {
  std::string text;
  bool replaced = false;  // Scope lists permissions, which this replaces
};
AppScope app_scope(const ClientSettings& settings);

// What an administrator is asked to grant: every permission with its resource.
std::string consent_scope(const ClientSettings& settings);

// YYYY-MM-DD
std::string date_text(std::chrono::sys_days date);

}  // namespace graphodbc::graph
