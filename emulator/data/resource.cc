#include "emulator/data/resource.h"

namespace graphodbc::emulator::data {

std::size_t SchemaBase::find_property(std::string_view name) const {
  for (std::size_t i = 0; i < properties.size(); ++i) {
    if (properties[i].name == name) return i;
  }
  return npos;
}

std::size_t SchemaBase::find_field(std::string_view path) const {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].path == path) return i;
  }
  return npos;
}

}  // namespace graphodbc::emulator::data
