// OData request URLs below the version root.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace graphodbc::graph {

using QueryOptions = std::vector<std::pair<std::string, std::string>>;

// `path` (percent-encoded already) with the options. Values are encoded (RFC 3986 section 3.4); the
// marks that OData expressions are full of and that a query may hold stay readable.
std::string request_url(std::string_view path, const QueryOptions& options);

// Value of the option; null when it is not there.
const std::string* find_option(const QueryOptions& options, std::string_view name);

// Replaces the option's value, or adds the option.
void set_option(QueryOptions& options, std::string_view name, std::string value);

}  // namespace graphodbc::graph
