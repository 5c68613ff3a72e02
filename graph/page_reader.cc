#include "graph/page_reader.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/json_text.h"
#include "graph/json_cell.h"
#include "graph/member_keys.h"

namespace graphodbc::graph {
namespace {

namespace ondemand = simdjson::ondemand;
using base::Cell;
using base::CellKind;
using schema::EdmKind;

constexpr std::uint32_t kNoColumn = UINT32_MAX;

static_assert(MemberKeys::kReadAhead <= ByteBuffer::kPadding);

[[noreturn]] void fail(simdjson::error_code code) {
  throw PageError(std::string("the page is not well-formed JSON (") +
                  simdjson::error_message(code) + ")");
}
[[noreturn]] void fail(const char* what) {
  throw PageError(what);
}
[[noreturn]] void fail(std::string what) {
  throw PageError(std::move(what));
}

template <typename T>
T checked(simdjson::simdjson_result<T>&& result) {
  if (result.error() != simdjson::SUCCESS) fail(result.error());
  return std::move(result).value_unsafe();
}

std::string_view trim(std::string_view token) {
  // Services write JSON without blanks.
  if (!token.empty() && static_cast<unsigned char>(token.back()) > ' ') return token;
  std::size_t size = token.size();
  while (size > 0 && (token[size - 1] == ' ' || token[size - 1] == '\n' ||
                      token[size - 1] == '\r' || token[size - 1] == '\t')) {
    --size;
  }
  return token.substr(0, size);
}

// The scalar, or the bracket, at which a value begins, without the blanks that follow it.
std::string_view token_of(ondemand::value& value) {
  return trim(value.raw_json_token());
}

std::string text_of(std::string_view token) {
  std::string text;
  base::unescape_json(token.substr(1, token.size() - 2), text);
  return text;
}

bool is_string(std::string_view token) {
  return token.size() >= 2 && token.front() == '"' && token.back() == '"';
}

}  // namespace

struct PageIndex::Impl {
  ondemand::parser parser;
  ondemand::document document;
  const char* bytes = nullptr;  // the page that is indexed; null: none
  std::string_view text;        // of it, without a byte order mark
  const char* problem = nullptr;
  simdjson::error_code error = simdjson::SUCCESS;

  // `capacity`: bytes that may be read from the page's begin on.
  void build(std::string_view page, std::size_t capacity) {
    bytes = page.data();
    text = page;
    problem = nullptr;
    error = simdjson::SUCCESS;
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text.substr(0, 3) == kByteOrderMark) text.remove_prefix(3);
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) {
      problem = "the page is empty";
    } else if (text[first] == '<') {
      problem = "the answer is HTML, not JSON";
    } else if (text[first] != '{') {
      problem = "the answer is no JSON object";
    }
    if (problem != nullptr) return;
    if (parser.capacity() < text.size()) {
      // Room to spare, so that a slightly longer page does not allocate anew.
      error = parser.allocate(text.size() + text.size() / 4);
      if (error != simdjson::SUCCESS) return;
    }
    capacity -= page.size() - text.size();
    error = parser.iterate(text.data(), text.size(), capacity).get(document);
  }
};

PageIndex::PageIndex() : impl_(std::make_unique<Impl>()) {}
PageIndex::~PageIndex() = default;

void PageIndex::build(const ByteBuffer& page) noexcept {
  impl_->build(page.view(), page.capacity());
}

struct PageReader::Impl {
  using Node = PageProgram::Node;
  using Target = PageProgram::Target;

  std::shared_ptr<const PageProgram> program;
  std::vector<MemberKeys> member_keys;  // of each node
  // The one text column that is a node's only purpose, or kNoColumn.
  std::vector<std::uint32_t> text_columns;
  std::string scratch;  // an escaped key
  LastDate last_date;

  // Of the page being read.
  const char* end = nullptr;
  Cell* row = nullptr;
  base::Arena* arena = nullptr;
  PageFacts* facts = nullptr;

  explicit Impl(std::shared_ptr<const PageProgram> columns) : program(std::move(columns)) {
    for (const Node& node : program->nodes_) {
      member_keys.emplace_back(node.keys);
      const bool is_text = node.children.empty() && node.targets.size() == 1 &&
                           node.targets.front().edm == EdmKind::kString;
      text_columns.push_back(is_text ? node.targets.front().column : kNoColumn);
    }
  }

  // `raw`: a key behind its opening quote. Stage 1 has made sure of the closing one.
  std::string_view raw_key(const char* raw) const {
    const auto* quote =
        static_cast<const char*>(std::memchr(raw, '"', static_cast<std::size_t>(end - raw)));
    if (quote == nullptr) fail("the page is cut off inside a member's name");
    const std::string_view plain(raw, static_cast<std::size_t>(quote - raw));
    if (plain.find('\\') == std::string_view::npos) return plain;
    const char* at = raw;
    while (at < end && *at != '"') at += *at == '\\' ? 2 : 1;
    if (at >= end) fail("the page is cut off inside a member's name");
    return {raw, static_cast<std::size_t>(at - raw)};
  }

  std::string_view unescaped(std::string_view raw) {
    if (!base::has_json_escape(raw)) return raw;
    scratch.clear();
    base::unescape_json(raw, scratch);
    return scratch;
  }

  std::string_view key_text(const char* raw) { return unescaped(raw_key(raw)); }

  void read_members(std::uint32_t index, ondemand::object& object) {
    const std::uint32_t* children = program->nodes_[index].children.data();
    MemberKeys& keys = member_keys[index];
    MemberKeys::Place place = 0;
    for (auto item : object) {
      if (item.error() != simdjson::SUCCESS) fail(item.error());
      ondemand::field& field = item.value_unsafe();
      const std::uint32_t key = find_key(keys, place, field.key().raw());
      if (key == MemberKeys::kNone) continue;
      const std::uint32_t child = children[key];
      // Most columns are plain text.
      const std::uint32_t column = text_columns[child];
      if (column != kNoColumn) {
        const std::string_view token = token_of(field.value());
        if (is_string(token)) {
          row[column] = Cell::of_bytes(CellKind::kJsonText, token.substr(1, token.size() - 2));
          continue;
        }
      }
      read_value(child, field.value());
    }
  }

  std::uint32_t find_key(MemberKeys& keys, MemberKeys::Place& place, const char* raw) {
    const std::uint32_t* guessed = keys.guess(place, raw, end);
    return guessed != nullptr ? *guessed : look_up(keys, place, raw);
  }

  __attribute__((noinline)) std::uint32_t look_up(MemberKeys& keys, MemberKeys::Place& place,
                                                  const char* raw) {
    const std::string_view key = raw_key(raw);
    return keys.look_up(place, key, unescaped(key));
  }

  void read_value(std::uint32_t index, ondemand::value& value) {
    const Node& node = program->nodes_[index];
    const std::string_view token = token_of(value);
    switch (token.empty() ? '\0' : token.front()) {
      case '"':
        if (!is_string(token)) fail("a string of the page is cut off");
        for (const Target& target : node.targets) read_string(target, token);
        break;
      case '{':
        read_object(node, index, value);
        return;
      case '[':
        read_array(node, value);
        return;
      case 't':
      case 'f':
        for (const Target& target : node.targets) {
          row[target.column] = cell_of_bool(target.edm, token);
        }
        break;
      case 'n':
        if (token != "null") fail("a value of the page is no JSON");
        set_blank(index);
        return;
      case '-':
      case '0':
      case '1':
      case '2':
      case '3':
      case '4':
      case '5':
      case '6':
      case '7':
      case '8':
      case '9':
        for (const Target& target : node.targets) {
          row[target.column] = cell_of_number(target.edm, token, *arena);
        }
        break;
      default:
        fail("a value of the page is no JSON");
    }
    // Columns below something that has no members.
    if (!node.children.empty()) set_children_invalid(node, token);
  }

  void read_string(const Target& target, std::string_view token) {
    if (target.edm == EdmKind::kString) {
      row[target.column] = Cell::of_bytes(CellKind::kJsonText, token.substr(1, token.size() - 2));
      return;
    }
    bool not_finite = false;
    row[target.column] = cell_of_string(target.edm, token, *arena, last_date, not_finite);
    if (not_finite && facts->not_finite++ == 0) facts->not_finite_column = target.column;
  }

  void read_object(const Node& node, std::uint32_t index, ondemand::value& value) {
    for (const Target& target : node.targets) {
      if (target.edm == EdmKind::kFacet) row[target.column] = Cell::of_bool(true);
    }
    if (node.children.empty() && !node.wants_raw) return;
    ondemand::object object = checked(value.get_object());
    if (!node.children.empty()) read_members(index, object);
    if (node.wants_raw) set_raw(node, trim(checked(object.raw_json())), '}');
  }

  void read_array(const Node& node, ondemand::value& value) {
    ondemand::array array = checked(value.get_array());
    const std::string_view raw = trim(checked(array.raw_json()));
    set_raw(node, raw, ']');
    for (const Target& target : node.targets) {
      if (target.edm == EdmKind::kFacet) row[target.column] = invalid(raw);
    }
    if (!node.children.empty()) set_children_invalid(node, raw);
  }

  // The text of an object or array for the columns that take it whole; others take no such value.
  void set_raw(const Node& node, std::string_view raw, char close) {
    if (raw.back() != close) fail("brackets of the page do not match");
    for (const Target& target : node.targets) {
      if (target.edm == EdmKind::kFacet) continue;
      row[target.column] =
          target.edm == EdmKind::kJson ? Cell::of_bytes(CellKind::kJson, raw) : invalid(raw);
    }
  }

  // A null; a member that is there twice counts by its last value.
  void set_blank(std::uint32_t index) {
    const Node& node = program->nodes_[index];
    for (const Target& target : node.targets) {
      row[target.column] = program->blank_row_[target.column];
    }
    for (const std::uint32_t child : node.children) set_blank(child);
  }

  void set_children_invalid(const Node& node, std::string_view raw) {
    for (const std::uint32_t child : node.children) {
      const Node& below = program->nodes_[child];
      for (const Target& target : below.targets) row[target.column] = invalid(raw);
      set_children_invalid(below, raw);
    }
  }

  static Cell invalid(std::string_view raw) { return Cell::of_bytes(CellKind::kInvalid, raw); }

  void start_row(std::vector<Cell>& cells) {
    const std::size_t columns = program->blank_row_.size();
    const std::size_t start = facts->row_count * columns;
    if (cells.size() < start + columns) cells.resize(std::max(start + 64 * columns, start * 2));
    row = cells.data() + start;
    std::copy(program->blank_row_.begin(), program->blank_row_.end(), row);
    ++facts->row_count;
  }

  void read_rows(ondemand::value& value, std::vector<Cell>& cells) {
    for (auto item : checked(value.get_array())) {
      ondemand::value element = checked(std::move(item));
      if (token_of(element) != "{") fail("the page's `value` holds something that is no object");
      ondemand::object object = checked(element.get_object());
      start_row(cells);
      read_members(0, object);
    }
  }

  // The rows of all objects, which stand in one of their members.
  void read_expanded_rows(ondemand::value& value, std::vector<Cell>& cells) {
    for (auto item : checked(value.get_array())) {
      ondemand::value element = checked(std::move(item));
      if (token_of(element) != "{") fail("the page's `value` holds something that is no object");
      const std::size_t first = facts->row_count;
      PageParent parent;
      read_parent(checked(element.get_object()), parent, cells);
      parent.rows_end = facts->row_count;
      for (std::size_t i = first; i < parent.rows_end; ++i) {
        Cell* const cell = cells.data() + i * program->blank_row_.size();
        for (const std::uint32_t column : program->parent_keys_) cell[column] = parent.key;
      }
      facts->parents.push_back(parent);
    }
  }

  void read_parent(ondemand::object object, PageParent& parent, std::vector<Cell>& cells) {
    const Expansion& expansion = *program->expansion_;
    bool found = false;
    for (auto item : object) {
      ondemand::field field = checked(std::move(item));
      ondemand::value value = field.value();
      const std::string_view name = key_text(field.key().raw());
      if (name == expansion.key) {
        const std::string_view token = token_of(value);
        if (is_string(token)) {
          parent.key = Cell::of_bytes(CellKind::kJsonText, token.substr(1, token.size() - 2));
        }
      } else if (name == expansion.member) {
        found = true;
        if (token_of(value) == "null") continue;
        if (token_of(value) != "[") fail("what the page's objects were expanded by is no array");
        read_rows(value, cells);
      } else if (name == expansion.member + "@odata.nextLink" && token_of(value) != "null") {
        fail("the service left out part of `" + expansion.member +
             "` of an object; ask for fewer objects by their keys");
      }
    }
    // An ignored $expand must not look like objects that have none.
    if (!found) fail("the service left out `" + expansion.member + "` of an object");
  }

  void read_link(ondemand::value& value) {
    const std::string_view token = token_of(value);
    facts->next_link.reset();
    if (token == "null") return;
    if (!is_string(token) || token.size() == 2) fail("the page's @odata.nextLink is no link");
    facts->next_link = text_of(token);
  }

  // The service broke off after it had answered 200 (contract sheet (h)).
  void read_error(ondemand::value& value) {
    if (token_of(value) == "null") return;
    std::string said;
    if (token_of(value) == "{") {
      for (auto item : checked(value.get_object())) {
        ondemand::field field = checked(std::move(item));
        const std::string_view name = key_text(field.key().raw());
        if (name != "code" && name != "message") continue;
        ondemand::value member = field.value();
        const std::string_view token = token_of(member);
        if (is_string(token)) said += (said.empty() ? "" : ": ") + text_of(token);
      }
    }
    throw PageError("the service broke the page off with an error" +
                    (said.empty() ? said : " (" + said + ")"));
  }

  void read_page(ondemand::document& document, ondemand::object& root, std::vector<Cell>& cells) {
    bool has_value = false;
    for (auto item : root) {
      ondemand::field field = checked(std::move(item));
      ondemand::value value = field.value();
      const std::string_view key = key_text(field.key().raw());
      if (key == "value") {
        if (has_value) fail("the page has two members `value`");
        has_value = true;
        const std::string_view token = token_of(value);
        if (token != "[") fail("the page's `value` is no array");
        if (program->expansion_) {
          read_expanded_rows(value, cells);
        } else {
          read_rows(value, cells);
        }
        const char* after = end;
        if (document.current_location().error() == simdjson::SUCCESS) {
          after = document.current_location().value_unsafe();
        }
        facts->value = {token.data(), static_cast<std::size_t>(after - token.data())};
      } else if (key == "@odata.nextLink") {
        read_link(value);
      } else if (key == "@odata.count") {
        const Cell count = cell_of_number(EdmKind::kInt64, token_of(value), *arena);
        if (count.kind == CellKind::kInt64) facts->count = count.integer;
      } else if (key == "error") {
        read_error(value);
      }
    }
    if (!has_value) fail("the page has no member `value`");
  }

  void read_item(ondemand::object& root, std::vector<Cell>& cells) {
    start_row(cells);
    MemberKeys::Place place = 0;
    for (auto item : root) {
      ondemand::field field = checked(std::move(item));
      ondemand::value value = field.value();
      if (!program->reads_error_ && raw_key(field.key().raw()) == "error") read_error(value);
      const std::uint32_t key = find_key(member_keys[0], place, field.key().raw());
      if (key != MemberKeys::kNone) read_value(program->nodes_[0].children[key], value);
    }
  }

  void read(PageIndex::Impl& index, bool single_item, std::vector<Cell>& cells) {
    // An index serves one reading: the document is consumed by it.
    index.bytes = nullptr;
    if (index.problem != nullptr) fail(index.problem);
    if (index.error != simdjson::SUCCESS) fail(index.error);
    end = index.text.data() + index.text.size();
    ondemand::document& document = index.document;
    ondemand::object root = checked(document.get_object());
    if (single_item) {
      read_item(root, cells);
    } else {
      read_page(document, root, cells);
    }
    // current_location fails exactly at the end of the document.
    if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) {
      fail("something follows the end of the page");
    }
  }
};

PageReader::PageReader(std::shared_ptr<const PageProgram> program)
    : impl_(std::make_unique<Impl>(std::move(program))) {}

PageReader::~PageReader() = default;

PageFacts PageReader::read(const ByteBuffer& page, PageIndex& index, bool single_item,
                           std::vector<base::Cell>& cells, base::Arena& arena) {
  if (index.impl_->bytes == nullptr || index.impl_->bytes != page.data()) index.build(page);
  return read_indexed(index, single_item, cells, arena);
}

PageFacts PageReader::read_within(const ByteBuffer& whole, std::string_view page, bool single_item,
                                  std::vector<base::Cell>& cells, base::Arena& arena) {
  const auto before = static_cast<std::size_t>(page.data() - whole.data());
  own_index_.impl_->build(page, whole.capacity() - before);
  return read_indexed(own_index_, single_item, cells, arena);
}

PageFacts PageReader::read_indexed(PageIndex& index, bool single_item,
                                   std::vector<base::Cell>& cells, base::Arena& arena) {
  PageFacts facts;
  impl_->facts = &facts;
  impl_->arena = &arena;
  impl_->read(*index.impl_, single_item, cells);
  facts.item_count = impl_->program->expansion() ? facts.parents.size() : facts.row_count;
  cells.resize(facts.row_count * impl_->program->column_count());
  return facts;
}

PageFacts PageReader::read(const ByteBuffer& page, bool single_item, std::vector<base::Cell>& cells,
                           base::Arena& arena) {
  own_index_.build(page);
  return read(page, own_index_, single_item, cells, arena);
}

std::optional<std::string> find_next_link_hint(std::string_view body) {
  constexpr std::size_t kReach = 2048;
  constexpr std::string_view kKey = "\"@odata.nextLink\"";
  // The key inside a string has its quotes escaped, so it is preceded by a backslash.
  const auto find_key = [&](std::size_t from, std::size_t to) {
    std::size_t at = body.substr(0, to).find(kKey, from);
    while (at != std::string_view::npos && at > 0 && body[at - 1] == '\\') {
      at = body.substr(0, to).find(kKey, at + 1);
    }
    return at;
  };
  std::size_t at = std::string_view::npos;
  if (body.size() > kReach) at = find_key(body.size() - kReach, body.size());
  if (at == std::string_view::npos) at = find_key(0, std::min(body.size(), kReach));
  if (at == std::string_view::npos) return std::nullopt;
  at = body.find_first_not_of(" \t\r\n", at + kKey.size());
  if (at == std::string_view::npos || body[at] != ':') return std::nullopt;
  at = body.find_first_not_of(" \t\r\n", at + 1);
  if (at == std::string_view::npos || body[at] != '"') return std::nullopt;
  const std::size_t start = at + 1;
  for (at = start; at < body.size() && body[at] != '"'; ++at) {
    if (body[at] == '\\') ++at;
  }
  if (at >= body.size() || at == start) return std::nullopt;
  std::string link;
  base::unescape_json(body.substr(start, at - start), link);
  return link;
}

}  // namespace graphodbc::graph
