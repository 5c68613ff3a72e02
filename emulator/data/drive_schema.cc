// microsoft.graph.driveItem and microsoft.graph.drive as JSON. Facets that do not apply are absent.
#include "emulator/data/drive.h"
#include "emulator/data/random.h"
#include "emulator/data/tenant.h"
#include "emulator/data/text.h"

namespace graphodbc::emulator::data {
namespace {

using W = JsonWriter;
using D = DriveItem;
using R = Render;

constexpr auto never = [](const auto&) { return false; };

void write_user(W& json, const User& user) {
  json.begin_object();
  json.key("user");
  json.begin_object();
  if (!user.mail.empty()) json.member("email", user.mail);
  json.member("id", user.id);
  json.member("displayName", user.display_name);
  json.end_object();
  json.end_object();
}

const User& editor(const D& d) {
  const auto& users = d.drive->tenant().users();
  return d.hash() % 10 < 7 ? users[d.drive->owner()] : users[d.hash() % users.size()];
}

std::string_view drive_type(const Drive& drive) {
  return drive.is_library() ? "documentLibrary" : "business";
}

void write_parent(W& json, const D& d, const R& render) {
  const Drive& drive = *d.drive;
  json.begin_object();
  json.member("driveType", drive_type(drive));
  json.member("driveId", drive.ids().drive_id());
  if (!d.is_root()) {
    const std::uint32_t parent = d.node().parent;
    json.member("id", drive.ids().item_id(parent));
    json.member("name", drive.item_name(parent));
    if (!render.delta) {
      json.member("path", "/drives/" + drive.ids().drive_id() + "/root:" + drive.path_of(parent));
    }
    json.member("siteId", guid_text(mix(drive.seed(), 1), mix(drive.seed(), 2)));
  }
  json.end_object();
}

void write_file(W& json, const D& d, const R&) {
  std::string hash_bytes = guid_text(mix(d.hash(), 5), mix(d.hash(), 6)).substr(0, 20);
  json.begin_object();
  json.member("mimeType", d.mime_type());
  json.key("hashes");
  json.begin_object();
  json.member("quickXorHash", base64(hash_bytes));
  json.end_object();
  json.end_object();
}

void write_system_info(W& json, const D& d, const R&) {
  json.begin_object();
  json.key("createdDateTime");
  json.instant(d.created());
  json.key("lastModifiedDateTime");
  json.instant(d.modified());
  json.end_object();
}

void write_nothing(W& json, const D&, const R&) {
  json.null();
}

bool is_documents(const D& d) {
  return d.index == 1 && !d.drive->is_library();
}
bool is_shared(const D& d) {
  return d.index > 20 && d.hash() % 9 == 0;
}

std::vector<Property<D>> properties() {
  return {
      {"@odata.etag", kAlways | kAnnotation,
       [](W& j, const D& d, const R&) { j.string(d.etag()); }},
      {"@microsoft.graph.downloadUrl", 0,
       [](W& j, const D& d, const R&) {
         j.string("https://contoso-my.sharepoint.example/_layouts/15/download.aspx?UniqueId=" +
                  d.drive->ids().item_guid(d.index) + "&tempauth=v1.e30");
       },
       [](const D& d) { return d.is_file(); }},
      {"createdDateTime", 0, [](W& j, const D& d, const R&) { j.instant(d.created()); }},
      {"eTag", 0, [](W& j, const D& d, const R&) { j.string(d.etag()); }},
      {"id", kAlways, [](W& j, const D& d, const R&) { j.plain(d.drive->ids().item_id(d.index)); }},
      {"lastModifiedDateTime", 0, [](W& j, const D& d, const R&) { j.instant(d.modified()); }},
      {"name", 0, [](W& j, const D& d, const R&) { j.string(d.drive->item_name(d.index)); }},
      {"description", 0, [](W& j, const D&, const R&) { j.plain("Reviewed"); },
       [](const D& d) { return d.hash() % 20 == 0; }},
      {"webUrl", 0, [](W& j, const D& d, const R&) { j.string(d.drive->web_url(d.index)); }},
      {"webDavUrl", kExplicit,
       [](W& j, const D& d, const R&) { j.string(d.drive->web_url(d.index)); }},
      {"cTag", 0, [](W& j, const D& d, const R&) { j.string(d.content_tag()); },
       [](const D& d) { return !d.is_folder(); }},
      {"size", 0, [](W& j, const D& d, const R&) { j.integer(d.node().size); }},
      {"createdBy", 0,
       [](W& j, const D& d, const R&) {
         write_user(j, d.drive->tenant().users()[d.drive->owner()]);
       }},
      {"lastModifiedBy", 0, [](W& j, const D& d, const R&) { write_user(j, editor(d)); }},
      {"parentReference", 0, write_parent},
      {"fileSystemInfo", 0, write_system_info},
      {"root", 0, [](W& j, const D&, const R&) { j.raw("{}"); },
       [](const D& d) { return d.is_root(); }},
      {"folder", 0,
       [](W& j, const D& d, const R&) {
         j.begin_object();
         j.number("childCount", d.node().child_count);
         j.end_object();
       },
       [](const D& d) { return d.is_folder(); }},
      {"file", 0, write_file, [](const D& d) { return d.is_file(); }},
      {"package", 0, [](W& j, const D&, const R&) { j.raw("{\"type\":\"oneNote\"}"); },
       [](const D& d) { return d.node().kind == NodeKind::kPackage; }},
      {"image", 0,
       [](W& j, const D& d, const R&) {
         j.begin_object();
         j.number("height", static_cast<std::int64_t>(480 + d.hash() % 2000));
         j.number("width", static_cast<std::int64_t>(640 + d.hash() % 3000));
         j.end_object();
       },
       [](const D& d) { return d.is_image(); }},
      {"photo", 0,
       [](W& j, const D& d, const R&) {
         j.begin_object();
         j.member("cameraMake", "Contoso");
         j.key("fNumber");
         j.raw("2.8");
         j.key("takenDateTime");
         j.instant(d.created());
         j.end_object();
       },
       [](const D& d) { return d.is_image() && d.hash() % 2 == 0; }},
      {"specialFolder", 0, [](W& j, const D&, const R&) { j.raw("{\"name\":\"documents\"}"); },
       is_documents},
      {"shared", 0,
       [](W& j, const D& d, const R&) {
         j.begin_object();
         j.member("scope", d.hash() % 2 == 0 ? "users" : "organization");
         j.end_object();
       },
       is_shared},
      // Known properties that no seeded item has.
      {"audio", 0, write_nothing, never},
      {"bundle", 0, write_nothing, never},
      {"content", kExplicit, write_nothing, never},
      {"deleted", 0, write_nothing, never},
      {"location", 0, write_nothing, never},
      {"malware", 0, write_nothing, never},
      {"pendingOperations", 0, write_nothing, never},
      {"publication", 0, write_nothing, never},
      {"remoteItem", 0, write_nothing, never},
      {"searchResult", 0, write_nothing, never},
      {"sharepointIds", kExplicit, write_nothing, never},
      {"video", 0, write_nothing, never},
  };
}

std::vector<FieldOf<D>> fields() {
  return {
      {{"name", FieldType::kString, kEq | kStartsWith, 0, Sort::kYes},
       [](const D& d) { return Value::of(d.drive->item_name(d.index)); }},
      {{"folder", FieldType::kFacet, kNull},
       [](const D& d) { return d.is_folder() ? Value::of(true) : Value::null(); }},
  };
}

using V = DriveView;

void write_owner(W& json, const V& v, const R&) {
  write_user(json, v.drive->tenant().users()[v.drive->owner()]);
}

void write_quota(W& json, const V& v, const R&) {
  constexpr std::int64_t kTotal = 1'099'511'627'776;
  const std::int64_t used = v.drive->nodes()[0].size;
  json.begin_object();
  json.number("deleted", 0);
  json.number("remaining", kTotal - used);
  json.member("state", "normal");
  json.number("total", kTotal);
  json.number("used", used);
  json.end_object();
}

std::vector<Property<V>> drive_properties() {
  return {
      {"createdDateTime", 0,
       [](W& j, const V&, const R&) { j.instant(ticks_of(2024, 3, 1, 8, 30, 5)); }},
      {"description", 0, [](W& j, const V&, const R&) { j.plain(""); }},
      {"id", kAlways, [](W& j, const V& v, const R&) { j.plain(v.drive->ids().drive_id()); }},
      {"lastModifiedDateTime", 0,
       [](W& j, const V&, const R&) { j.instant(ticks_of(2026, 6, 29, 21, 2, 11)); }},
      {"name", 0, [](W& j, const V& v, const R&) { j.string(v.drive->name()); }},
      {"webUrl", 0, [](W& j, const V& v, const R&) { j.string(v.drive->web_url(0)); }},
      {"driveType", 0, [](W& j, const V& v, const R&) { j.plain(drive_type(*v.drive)); }},
      {"createdBy", 0, write_owner},
      {"lastModifiedBy", 0, write_owner},
      {"owner", 0, write_owner},
      {"quota", 0, write_quota},
      {"eTag", 0, write_owner, never},
      {"parentReference", 0, write_owner, never},
      {"sharePointIds", 0, write_owner, never},
      {"system", 0, write_owner, never},
  };
}

}  // namespace

const Schema<DriveItem>& drive_item_schema() {
  static const Schema<DriveItem> schema("driveItem", Family::kDrive, 200, 999, properties(),
                                        fields());
  return schema;
}

const Schema<DriveView>& drive_schema() {
  static const Schema<DriveView> schema("drive", Family::kDrive, 200, 999, drive_properties(), {});
  return schema;
}

}  // namespace graphodbc::emulator::data
