// The system's browser, for a sign-in that a program asks for while it connects (RFC 8252 section
// 6).
#pragma once

#include <string>

namespace graphodbc::connection {

// Whether there is anything to open: $BROWSER, or a desktop.
bool can_open_browser();

// Starts a program of $BROWSER (a list separated by ':'; %s stands for the address), else xdg-open.
// No shell sees the address and nothing of the program's output is seen here. False when nothing
// could be started.
bool open_browser(const std::string& url);

}  // namespace graphodbc::connection
