// microsoft.graph.mailFolder over the folders of a mailbox.
#pragma once

#include "emulator/data/mailbox.h"
#include "emulator/data/resource.h"

namespace graphodbc::emulator::data {

struct FolderView {
  const Mailbox* box;
  std::uint32_t index;

  const Folder& folder() const { return box->folders()[index]; }
};

const Schema<FolderView>& folder_schema();

}  // namespace graphodbc::emulator::data
