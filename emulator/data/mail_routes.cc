// /messages, /mailFolders and what is below them.
#include <algorithm>
#include <memory>
#include <numeric>

#include "emulator/data/folder.h"
#include "emulator/data/message.h"
#include "emulator/data/message_search.h"
#include "emulator/data/permissions.h"
#include "emulator/data/routes.h"
#include "emulator/data/text.h"

namespace graphodbc::emulator::data {
namespace {

struct MailScope {
  const RequestContext& context;
  const Services& services;
  std::size_t user;
  const Mailbox& box;
  Access access;
  std::string owner;  // users('...')
};

GraphError unknown_expand(std::string_view name, std::string_view type) {
  return parse_error(Family::kOutlook,
                     "Parsing OData Select and Expand failed: Could not find a property named '" +
                         std::string(name) + "' on type 'microsoft.graph." + std::string(type) +
                         "'.");
}

// ---- attachments

TypedSet<Attachment> attachment_set(const Message& message) {
  return {attachment_schema(), message.attachment_count(),
          [message](std::size_t i) { return Attachment(message, static_cast<std::uint8_t>(i)); }};
}

std::string message_context(const MailScope& scope, const Message& message) {
  return scope.owner + "/messages('" +
         encode_query_value(scope.box.ids().text({ItemKind::kMessage, 0, message.index()},
                                                 scope.context.preferences.render.immutable_ids)) +
         "')";
}

Response route_attachments(const MailScope& scope, const Message& message, Segments rest) {
  if (scope.access != Access::kFull) throw access_denied(Family::kOutlook);
  const TypedSet<Attachment> set = attachment_set(message);
  ListSpec spec;
  spec.set = &set;
  spec.context = message_context(scope, message) + "/attachments";
  spec.cache_key = "att:" + std::to_string(scope.user) + ":" + std::to_string(message.index());
  spec.options = kIgnoresFilter | kTakesCount;
  spec.paging = Paging::kNone;
  if (const std::string* expand = scope.context.options.find("$expand")) {
    for (const ExpandItem& item : parse_expand(Family::kOutlook, *expand)) {
      if (!item.name.ends_with("itemAttachment/item"))
        throw unknown_expand(item.name, "attachment");
    }
  }
  if (rest.empty()) return list_rows(scope.context, spec, scope.services.cache);
  if (rest[0] == "$count") return count_rows(scope.context, spec, scope.services.cache);
  const auto ref = scope.box.ids().read(rest[0]);
  if (!ref || ref->kind != ItemKind::kAttachment || ref->index != message.index() ||
      ref->part >= message.attachment_count()) {
    throw not_found(Family::kOutlook);
  }
  if (rest.size() == 1) return single_row(scope.context, spec, ref->part);
  if (rest.size() > 2 || rest[1] != "$value") throw unknown_segment(rest[1]);
  const Attachment attachment(message, ref->part);
  Response response;
  response.headers.emplace_back("Content-Type", std::string(attachment.content_type()));
  response.body = attachment.content();
  return response;
}

// `set` outlives the expander: it is the set that the rows are written from.
Expander attachment_expander(const MailScope& scope, const ExpandItem& item,
                             const std::function<Message(std::size_t)>& message_at) {
  auto selection = std::make_shared<Selection>(
      bind_select(attachment_schema(), item.select ? &*item.select : nullptr, true, false));
  const Render render = scope.context.preferences.render;
  const bool annotate = !scope.context.preferences.no_metadata;
  const std::string base = scope.context.request.base_url + "/v1.0/$metadata#";
  return [=, &scope](JsonWriter& json, std::size_t row) {
    const Message message = message_at(row);
    if (annotate) {
      json.member("attachments@odata.context",
                  base + message_context(scope, message) + "/attachments");
    }
    json.key("attachments");
    json.begin_array();
    for (std::size_t i = 0; i < message.attachment_count(); ++i) {
      json.begin_object();
      write_entity(json, attachment_schema(), Attachment(message, static_cast<std::uint8_t>(i)),
                   *selection, render);
      json.end_object();
    }
    json.end_array();
  };
}

std::vector<Expander> message_expanders(const MailScope& scope,
                                        const std::function<Message(std::size_t)>& message_at) {
  std::vector<Expander> expanders;
  const std::string* expand = scope.context.options.find("$expand");
  if (expand == nullptr) return expanders;
  for (const ExpandItem& item : parse_expand(Family::kOutlook, *expand)) {
    if (item.name == "attachments") {
      if (scope.access != Access::kFull) throw access_denied(Family::kOutlook);
      expanders.push_back(attachment_expander(scope, item, message_at));
    } else if (item.name == "extensions") {
      expanders.push_back(
          [](JsonWriter& json, std::size_t) { json.key("extensions"), json.raw("[]"); });
    } else {
      throw unknown_expand(item.name, "message");
    }
  }
  return expanders;
}

// ---- messages

Response message_mime(const Message& message) {
  Response response;
  response.headers.emplace_back("Content-Type", "text/plain");
  const Person* from = message.from();
  std::string date;
  append_instant(date, message.sent());
  response.body = "From: " + (from == nullptr ? std::string("<>") : "<" + from->address + ">") +
                  "\r\nSubject: =?utf-8?B?" + base64(message.subject()) + "?=\r\nDate: " + date +
                  "\r\nMessage-ID: " + message.internet_message_id() +
                  "\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n"
                  "Content-Transfer-Encoding: 8bit\r\n\r\n" +
                  message.body_html();
  return response;
}

// Messages of the mailbox (folder < 0) or of one folder.
Response route_messages(const MailScope& scope, int folder, const std::string& container,
                        const std::string& link_path, Segments rest) {
  const Mailbox& box = scope.box;
  const std::vector<std::uint32_t>* rows =
      folder < 0 ? nullptr : &box.folders()[static_cast<std::size_t>(folder)].messages;
  const auto at = [&box, rows](std::size_t i) {
    return Message(box, rows == nullptr ? i : (*rows)[i]);
  };
  const TypedSet<Message> set(message_schema(),
                              rows == nullptr ? box.messages().size() : rows->size(), at);
  ListSpec spec;
  spec.set = &set;
  spec.context = scope.owner + container + "/messages";
  spec.cache_key = "msg:" + std::to_string(scope.user) + ":" + std::to_string(folder);
  spec.link_path = link_path;
  spec.options = kOutlookOptions | kTakesSearch;
  spec.link_place = LinkPlace::kAlternate;
  spec.basic = scope.access == Access::kBasic;
  spec.reversed_when_filtered = true;
  spec.expansions = message_expanders(scope, at);
  spec.search = [&](const std::string& text) {
    if (rows != nullptr) return search_messages(box, *rows, text);
    std::vector<std::uint32_t> all(box.messages().size());
    std::iota(all.begin(), all.end(), 0U);
    return search_messages(box, all, text);
  };
  if (rest.empty()) return list_rows(scope.context, spec, scope.services.cache);
  if (rest[0] == "$count") return count_rows(scope.context, spec, scope.services.cache);

  const auto ref = box.ids().read(rest[0]);
  const bool found =
      ref && ref->kind == ItemKind::kMessage && ref->index < box.messages().size() &&
      (rows == nullptr || std::binary_search(rows->begin(), rows->end(), ref->index));
  if (!found) throw not_found(Family::kOutlook);
  const Message message(box, ref->index);
  if (rest.size() == 1) {
    std::size_t row = ref->index;
    if (rows != nullptr) {
      row = static_cast<std::size_t>(std::lower_bound(rows->begin(), rows->end(), ref->index) -
                                     rows->begin());
    }
    return single_row(scope.context, spec, row);
  }
  if (rest[1] == "attachments") return route_attachments(scope, message, rest.subspan(2));
  if (rest[1] == "$value" && rest.size() == 2) {
    if (scope.access != Access::kFull) throw access_denied(Family::kOutlook);
    return message_mime(message);
  }
  throw unknown_segment(rest[1]);
}

// ---- folders

Expander child_folder_expander(const MailScope& scope, const ExpandItem& item,
                               const std::vector<std::uint32_t>& folders) {
  const Selection selection =
      bind_select(folder_schema(), item.select ? &*item.select : nullptr, true, false);
  const Mailbox& box = scope.box;
  const Render render = scope.context.preferences.render;
  return [=, &box](JsonWriter& json, std::size_t row) {
    json.key("childFolders");
    json.begin_array();
    for (std::uint32_t child : box.child_folders(static_cast<int>(folders[row]), false)) {
      json.begin_object();
      write_entity(json, folder_schema(), FolderView{&box, child}, selection, render);
      json.end_object();
    }
    json.end_array();
  };
}

struct FolderList {
  std::vector<std::uint32_t> rows;
  std::unique_ptr<TypedSet<FolderView>> set;
  ListSpec spec;
};

FolderList folder_list(const MailScope& scope, std::vector<std::uint32_t> rows,
                       const std::string& context, const std::string& key) {
  FolderList list;
  list.rows = std::move(rows);
  const Mailbox& box = scope.box;
  list.set = std::make_unique<TypedSet<FolderView>>(folder_schema(), list.rows.size(),
                                                    [&box, all = list.rows](std::size_t i) {
                                                      return FolderView{&box, all[i]};
                                                    });
  list.spec.set = list.set.get();
  list.spec.context = scope.owner + context;
  list.spec.cache_key = "fold:" + std::to_string(scope.user) + ":" + key;
  if (const std::string* expand = scope.context.options.find("$expand")) {
    for (const ExpandItem& item : parse_expand(Family::kOutlook, *expand)) {
      if (item.name != "childFolders") throw unknown_expand(item.name, "mailFolder");
      list.spec.expansions.push_back(child_folder_expander(scope, item, list.rows));
    }
  }
  return list;
}

bool hidden_requested(const RequestContext& context) {
  const std::string* text = context.options.find("includeHiddenFolders");
  return text != nullptr && equals_ignore_ascii_case(*text, "true");
}

Response list_folders(const MailScope& scope, int parent, const std::string& context, bool count) {
  const bool hidden = hidden_requested(scope.context);
  const FolderList list = folder_list(scope, scope.box.child_folders(parent, hidden), context,
                                      std::to_string(parent) + (hidden ? "h" : ""));
  return count ? count_rows(scope.context, list.spec, scope.services.cache)
               : list_rows(scope.context, list.spec, scope.services.cache);
}

// The request's path up to the folder, with the key in parentheses, as Outlook writes links.
std::string folder_link_path(const MailScope& scope, const std::string& folder_id) {
  const std::string& path = scope.context.request.path;
  const bool me = equals_ignore_ascii_case(path.substr(0, 9), "/v1.0/me/");
  const std::string owner = me ? "me" : scope.owner;
  return "/v1.0/" + owner + "/mailFolders('" + encode_query_value(folder_id) + "')";
}

Response route_folder(const MailScope& scope, const std::string& name, Segments rest) {
  const int folder = scope.box.find_folder(name);
  if (folder < 0) throw not_found(Family::kOutlook);
  const std::string container = "/mailFolders('" + encode_query_value(name) + "')";
  if (rest.empty()) {
    const FolderList list = folder_list(scope, {static_cast<std::uint32_t>(folder)}, "/mailFolders",
                                        "one:" + std::to_string(folder));
    return single_row(scope.context, list.spec, 0);
  }
  if (rest[0] == "messages") {
    return route_messages(scope, folder, container, folder_link_path(scope, name) + "/messages",
                          rest.subspan(1));
  }
  if (rest[0] != "childFolders") throw unknown_segment(rest[0]);
  if (rest.size() == 1) return list_folders(scope, folder, container + "/childFolders", false);
  if (rest[1] == "$count") return list_folders(scope, folder, container + "/childFolders", true);
  const int child = scope.box.find_folder(rest[1]);
  if (child < 0 || scope.box.folders()[static_cast<std::size_t>(child)].parent != folder) {
    throw not_found(Family::kOutlook);
  }
  return route_folder(scope, rest[1], rest.subspan(2));
}

Response route_folders(const MailScope& scope, Segments rest) {
  if (rest.empty()) return list_folders(scope, 0, "/mailFolders", false);
  if (rest[0] == "$count") return list_folders(scope, 0, "/mailFolders", true);
  return route_folder(scope, rest[0], rest.subspan(1));
}

}  // namespace

Response route_mail(const RequestContext& context, const Services& services, std::size_t user,
                    Segments segments) {
  const Access access = mail_access(context.principal, is_own(context, services.tenant, user));
  if (access == Access::kNone) throw access_denied(Family::kOutlook);
  const Mailbox& box = require_mailbox(services.tenant, user);
  const MailScope scope{context, services, user, box, access, user_context(services.tenant, user)};
  if (segments[0] == "messages") return route_messages(scope, -1, "", "", segments.subspan(1));
  return route_folders(scope, segments.subspan(1));
}

}  // namespace graphodbc::emulator::data
