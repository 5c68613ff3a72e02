#include "emulator/data/message_search.h"

#include <algorithm>
#include <array>

#include "emulator/data/errors.h"
#include "emulator/data/message.h"
#include "emulator/data/text.h"

namespace graphodbc::emulator::data {
namespace {

struct Term {
  std::string property;            // empty: the default set
  std::vector<std::string> words;  // all must be found, in any order
  bool negated = false;
  bool alternative = false;  // joined to the term before by OR
};

constexpr std::array<std::string_view, 14> kProperties = {
    "attachment", "bcc",          "body",     "cc",         "from", "hasattachments", "importance",
    "kind",       "participants", "received", "recipients", "sent", "subject",        "to"};

[[noreturn]] void refuse(const std::string& search) {
  throw GraphError(
      400, "BadRequest",
      "Syntax error: the $search value " + search + " is not a text in double quotes.");
}

// Words with their `property:` in front; quotes inside are dropped, they only join words.
std::vector<Term> parse_terms(std::string_view text) {
  std::vector<Term> terms;
  bool negate = false;
  bool alternative = false;
  for (std::string_view piece : split(text, ' ')) {
    piece = trim(piece);
    if (piece.empty() || piece == "AND") continue;
    if (piece == "OR") {
      alternative = true;
      continue;
    }
    if (piece == "NOT") {
      negate = true;
      continue;
    }
    Term term;
    const std::size_t colon = piece.find(':');
    if (colon != std::string_view::npos) {
      const std::string property = ascii_lower(piece.substr(0, colon));
      if (std::find(kProperties.begin(), kProperties.end(), property) != kProperties.end()) {
        term.property = property;
        piece.remove_prefix(colon + 1);
      }
    }
    term.words = words_of(piece);
    term.negated = negate;
    term.alternative = alternative;
    negate = alternative = false;
    if (!term.words.empty()) terms.push_back(std::move(term));
  }
  return terms;
}

std::string sender_text(const Message& m) {
  const Person* from = m.from();
  return from == nullptr ? std::string() : from->name + " " + from->address;
}

std::string recipients_text(const Message& m) {
  std::string text;
  for (std::size_t i = 0; i < m.to_count(); ++i) {
    text += m.recipient(i).name + " " + m.recipient(i).address + " ";
  }
  return text;
}

std::string searched_text(const Message& m, const std::string& property) {
  if (property == "subject") return m.subject();
  if (property == "from") return sender_text(m);
  if (property == "body") return m.preview();
  if (property == "to" || property == "recipients") return recipients_text(m);
  if (property == "participants") return sender_text(m) + " " + recipients_text(m);
  if (property == "hasattachments") return m.has_attachments() ? "true yes 1" : "false no 0";
  if (property == "importance") {
    return std::string(importance_names()[static_cast<std::size_t>(m.importance())]);
  }
  if (property == "kind") return "email";
  if (property.empty()) return m.subject() + " " + sender_text(m) + " " + m.preview();
  return {};
}

bool term_matches(const Term& term, const Message& m) {
  const std::vector<std::string> words = words_of(searched_text(m, term.property));
  return std::all_of(term.words.begin(), term.words.end(), [&](const std::string& wanted) {
    return std::any_of(words.begin(), words.end(),
                       [&](const std::string& word) { return word.starts_with(wanted); });
  });
}

bool all_match(const std::vector<Term>& terms, const Message& m) {
  bool result = true;
  for (const Term& term : terms) {
    const bool found = term_matches(term, m) != term.negated;
    result = term.alternative ? result || found : result && found;
  }
  return result;
}

}  // namespace

std::vector<std::uint32_t> search_messages(const Mailbox& box,
                                           const std::vector<std::uint32_t>& candidates,
                                           const std::string& search) {
  const std::string_view text = trim(search);
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') refuse(search);
  const std::vector<Term> terms = parse_terms(text.substr(1, text.size() - 2));
  if (terms.empty()) refuse(search);
  std::vector<std::uint32_t> hits;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (all_match(terms, Message(box, candidates[i])))
      hits.push_back(static_cast<std::uint32_t>(i));
  }
  std::stable_sort(hits.begin(), hits.end(), [&](std::uint32_t a, std::uint32_t b) {
    return Message(box, candidates[a]).sent() > Message(box, candidates[b]).sent();
  });
  if (hits.size() > 1000) hits.resize(1000);
  return hits;
}

}  // namespace graphodbc::emulator::data
