#include "emulator/data/folder.h"

namespace graphodbc::emulator::data {
namespace {

using W = JsonWriter;
using F = FolderView;
using R = Render;

void write_folder_id(W& json, const F& f, std::uint32_t index) {
  json.plain(f.box->ids().text({ItemKind::kFolder, 0, index}));
}

bool is_search(const F& f) {
  return f.folder().search;
}

std::vector<Property<F>> properties() {
  return {
      {"@odata.type", kAlways | kAnnotation,
       [](W& j, const F&, const R&) { j.plain("#microsoft.graph.mailSearchFolder"); }, is_search},
      {"id", kAlways, [](W& j, const F& f, const R&) { write_folder_id(j, f, f.index); }},
      {"displayName", 0, [](W& j, const F& f, const R&) { j.string(f.folder().name); }},
      {"parentFolderId", 0,
       [](W& j, const F& f, const R&) {
         const int parent = f.folder().parent;
         // The root is its own parent here, so that the value is never null.
         write_folder_id(j, f, parent < 0 ? 0U : static_cast<std::uint32_t>(parent));
       }},
      {"childFolderCount", 0,
       [](W& j, const F& f, const R&) {
         const auto children = f.box->child_folders(static_cast<int>(f.index), false);
         j.integer(static_cast<std::int64_t>(children.size()));
       }},
      {"unreadItemCount", 0, [](W& j, const F& f, const R&) { j.integer(f.folder().unread); }},
      {"totalItemCount", 0,
       [](W& j, const F& f, const R&) {
         j.integer(static_cast<std::int64_t>(f.folder().messages.size()));
       }},
      {"isHidden", 0, [](W& j, const F& f, const R&) { j.boolean(f.folder().hidden); }},
      {"isSupported", 0, [](W& j, const F&, const R&) { j.boolean(true); }, is_search},
      {"filterQuery", 0, [](W& j, const F&, const R&) { j.plain("importance eq 'high'"); },
       is_search},
  };
}

std::vector<FieldOf<F>> fields() {
  return {{{"displayName", FieldType::kString, kEq | kNe | kStartsWith, 0, Sort::kYes},
           [](const F& f) { return Value::of(f.folder().name); }}};
}

}  // namespace

const Schema<FolderView>& folder_schema() {
  static const Schema<FolderView> schema("mailFolder", Family::kOutlook, 10, 1000, properties(),
                                         fields());
  return schema;
}

}  // namespace graphodbc::emulator::data
