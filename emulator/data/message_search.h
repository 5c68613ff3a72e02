// `$search` on mail: a small part of KQL over subject, sender, preview and recipients.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "emulator/data/mailbox.h"

namespace graphodbc::emulator::data {

// Positions in `candidates` of the hits, latest sent first, at most 1000 (contract d.1). A word
// matches the beginning of a word. Throws 400 for a text that is not in double quotes.
std::vector<std::uint32_t> search_messages(const Mailbox& box,
                                           const std::vector<std::uint32_t>& candidates,
                                           const std::string& search);

}  // namespace graphodbc::emulator::data
