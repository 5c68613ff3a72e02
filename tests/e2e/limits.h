// What the driver refuses or bounds, as data: docs/limits.md is made of it and a test runs it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/e2e/tenant.h"

namespace graphodbc::test {

struct LimitOutcome {
  std::string state;    // of the first diagnostic record; empty where there is none
  std::string message;  // of that record; without one, what was seen
};

struct Limit {
  std::string section;  // of the page
  std::string what;     // in Markdown
  std::string state;    // empty: no error
  std::string says;     // part of what the outcome says
  std::string instead;  // in Markdown: what to know or to do
  std::function<LimitOutcome(const Tenant&)> probe;
};

const std::vector<Limit>& limits();
// The sections in the order of the page.
std::vector<std::string> limit_sections();
// The table of one section, without a line end after it.
std::string limits_as_markdown(const std::string& section);

}  // namespace graphodbc::test
