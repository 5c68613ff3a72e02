#include "graph/guid.h"

#include <cstdint>

namespace graphodbc::graph {

std::string new_guid(std::mt19937_64& random) {
  constexpr char kHex[] = "0123456789abcdef";
  std::uint64_t halves[] = {random(), random()};
  halves[0] = (halves[0] & ~std::uint64_t{0xF000}) | 0x4000;
  halves[1] = (halves[1] & ~(std::uint64_t{3} << 62)) | (std::uint64_t{1} << 63);
  std::string out;
  for (int i = 0; i < 32; ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) out += '-';
    out += kHex[(halves[i / 16] >> (60 - 4 * (i % 16))) & 15];
  }
  return out;
}

}  // namespace graphodbc::graph
