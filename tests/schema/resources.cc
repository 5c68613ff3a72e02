#include "tests/schema/resources.h"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace graphodbc::schema {

std::string shared_file(const std::string& name) {
  const char* folder = std::getenv("GRAPHODBC_SHARED");
  return (folder != nullptr ? std::string(folder)
                            : std::string(GRAPHODBC_SOURCE_DIR) + "/../shared") +
         "/" + name;
}

std::map<std::string, ResourceProperty> read_resource(const std::string& resource) {
  const std::string path = shared_file("graph/resources.tsv");
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path + "; set GRAPHODBC_SHARED");
  std::map<std::string, ResourceProperty> result;
  std::string line;
  while (std::getline(file, line)) {
    std::vector<std::string> fields;
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, '\t');) fields.push_back(cell);
    if (fields.size() < 6 || fields[0] != resource) continue;
    fields.resize(10);
    result[fields[1]] = {fields[2], fields[4] == "yes", fields[5] == "yes", fields[9]};
  }
  if (result.empty()) throw std::runtime_error(path + " has no resource " + resource);
  return result;
}

}  // namespace graphodbc::schema
