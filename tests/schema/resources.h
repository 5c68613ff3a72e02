// The contract's list of Graph properties (shared/graph/resources.tsv).
#pragma once

#include <map>
#include <string>

namespace graphodbc::schema {

struct ResourceProperty {
  std::string edm_type;
  bool collection = false;
  bool key = false;
  std::string note;
};

// Path of a file of the shared design folder: below GRAPHODBC_SHARED, else ../shared beside the
// source tree.
std::string shared_file(const std::string& name);

// Property path to what is known of it. Throws std::runtime_error when the file is missing.
std::map<std::string, ResourceProperty> read_resource(const std::string& resource);

}  // namespace graphodbc::schema
