#include <algorithm>

#include "emulator/data/message.h"
#include "emulator/data/phrases.h"
#include "emulator/data/random.h"
#include "emulator/data/text.h"

namespace graphodbc::emulator::data {
namespace {

using W = JsonWriter;
using A = Attachment;
using R = Render;

bool is_file(const A& a) {
  return a.kind == AttachmentKind::kFile;
}

std::vector<Property<A>> properties() {
  return {
      {"@odata.type", kAlways | kAnnotation,
       [](W& j, const A& a, const R&) {
         j.plain(a.kind == AttachmentKind::kFile   ? "#microsoft.graph.fileAttachment"
                 : a.kind == AttachmentKind::kItem ? "#microsoft.graph.itemAttachment"
                                                   : "#microsoft.graph.referenceAttachment");
       }},
      {"@odata.mediaContentType", kAlways | kAnnotation,
       [](W& j, const A& a, const R&) { j.plain(a.content_type()); }, is_file},
      {"id", kAlways,
       [](W& j, const A& a, const R& r) {
         const ItemRef ref{ItemKind::kAttachment, a.ordinal, a.message.index()};
         j.plain(a.message.box().ids().text(ref, r.immutable_ids));
       }},
      {"lastModifiedDateTime", 0,
       [](W& j, const A& a, const R&) { j.instant(a.message.created()); }},
      {"name", 0, [](W& j, const A& a, const R&) { j.string(a.name()); }},
      {"contentType", 0,
       [](W& j, const A& a, const R&) { is_file(a) ? j.plain(a.content_type()) : j.null(); }},
      {"size", 0,
       [](W& j, const A& a, const R&) {
         // Outlook counts its own bookkeeping in.
         j.integer(static_cast<std::int64_t>(a.content_size() + 312));
       }},
      {"isInline", 0, [](W& j, const A& a, const R&) { j.boolean(a.is_inline); }},
      {"contentId", 0,
       [](W& j, const A& a, const R&) { a.is_inline ? j.plain("image001.png@01D") : j.null(); },
       is_file},
      {"contentLocation", 0, [](W& j, const A&, const R&) { j.null(); }, is_file},
      {"contentBytes", 0, [](W& j, const A& a, const R&) { j.plain(base64(a.content())); },
       is_file},
  };
}

}  // namespace

Attachment::Attachment(const Message& of, std::uint8_t number)
    : message(of), ordinal(number), hash(mix(of.hash(), 71, number)) {
  is_inline = of.inline_only() || (number > 0 && hash % 4 == 0);
  kind = is_inline || hash % 20 < 17 ? AttachmentKind::kFile
         : hash % 20 < 19            ? AttachmentKind::kItem
                                     : AttachmentKind::kReference;
}

std::string Attachment::name() const {
  if (is_inline) return "image00" + std::to_string(ordinal + 1) + ".png";
  if (kind == AttachmentKind::kItem) return "Fw: " + message.subject();
  const auto types = file_types();
  const auto words = file_words();
  const auto hard = hard_file_names();
  if (hash % 11 == 0) return std::string(hard[hash / 11 % hard.size()]);
  return std::string(words[hash / 7 % words.size()]) + " " + std::to_string(hash % 90) +
         std::string(types[hash / 3 % types.size()].extension);
}

std::string_view Attachment::content_type() const {
  if (is_inline) return "image/png";
  return file_types()[hash / 3 % file_types().size()].mime_type;
}

std::size_t Attachment::content_size() const {
  const std::uint64_t roll = mix(hash, 72);
  if (kind != AttachmentKind::kFile) return 2048;
  if (roll % 40 == 0) return 0;
  return roll % 25 == 0 ? 100'000 + roll % 150'000 : 30 + roll % 9000;
}

std::string Attachment::content() const {
  std::string bytes;
  const std::size_t size = content_size();
  bytes.reserve(size + 8);
  for (std::uint64_t i = 0; bytes.size() < size; ++i) {
    const std::uint64_t word = mix(hash, 73, i);
    for (int shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(word >> shift & 0xff);
  }
  bytes.resize(size);
  return bytes;
}

const Schema<Attachment>& attachment_schema() {
  static const Schema<Attachment> schema("attachment", Family::kOutlook, 1000, 1000, properties(),
                                         {});
  return schema;
}

}  // namespace graphodbc::emulator::data
