#include "tests/e2e/random_expression.h"

#include <algorithm>

namespace graphodbc::test {
namespace {

const std::vector<std::string> kOperators = {"=", "<>", "<", "<=", ">", ">="};

Sql parenthesized(const Sql& inner) {
  return Sql("(") + inner + ")";
}

Expression make(const Sql& sql, Kind kind) {
  return {sql, kind, false, nullptr};
}

std::size_t character_end(const std::string& text, std::size_t at) {
  ++at;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  return at;
}

}  // namespace

std::string text_literal(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "''" : std::string(1, c);
  return out + "'";
}

std::string Expression::collation() const {
  if (kind != Kind::kText) return "";
  return nocase ? " COLLATE FOLD" : " COLLATE BINARY";
}

const Expression& ExpressionMaker::column(const Scope& scope) {
  return random_.any(scope.columns);
}

const Expression* ExpressionMaker::column(const Scope& scope, Kind kind) {
  std::vector<const Expression*> found;
  for (const Expression& candidate : scope.columns) {
    if (candidate.kind == kind) found.push_back(&candidate);
  }
  return found.empty() ? nullptr : random_.any(found);
}

Expression ExpressionMaker::literal(const Expression& with) {
  const bool known = with.literals != nullptr && !with.literals->values.empty();
  const std::string value = known ? random_.any(with.literals->values) : "";
  switch (with.kind) {
    case Kind::kText:
      return {text_literal(value), Kind::kText, false, nullptr};
    case Kind::kTimestamp: {
      std::string text = known ? value : "2026-03-01 12:00:00.0000000";
      if (random_.one_in(3)) text = text.substr(0, 19) + ".0000000";
      std::string shown = text;
      while (shown.back() == '0' || shown.back() == '.') {
        const bool point = shown.back() == '.';
        shown.pop_back();
        if (point) break;
      }
      const std::string ours = random_.one_in(3)   ? "{ts '" + shown + "'}"
                               : random_.one_in(3) ? "'" + shown + "'"
                                                   : "TIMESTAMP '" + shown + "'";
      return make({ours, "'" + text + "'"}, Kind::kTimestamp);
    }
    case Kind::kBit:
      return make(std::to_string(random_.below(2)), Kind::kInteger);
    case Kind::kReal:
      return make(std::to_string(random_.below(200)) + ".37", Kind::kReal);
    case Kind::kInteger:
      break;
  }
  return make(known && !random_.one_in(3) ? value : std::to_string(random_.below(60)),
              Kind::kInteger);
}

Sql ExpressionMaker::comparison(const Expression& left, const std::string& op,
                                const Expression& right) const {
  Sql subject = left.sql;
  if (left.kind == Kind::kText) {
    // On the left side and around all of it: to SQLite a COLLATE inside of that side comes before
    // one on the right.
    subject.oracle = "(" + subject.oracle + ")";
    subject.oracle += left.nocase || right.nocase ? " COLLATE FOLD" : " COLLATE BINARY";
  }
  return subject + " " + op + " " + right.sql;
}

// As {fn name(..)} or bare.
Sql ExpressionMaker::function(const std::string& name, const std::string& ours,
                              const std::string& oracle) {
  const std::string call = name + "(" + ours + ")";
  return {random_.one_in(2) ? "{fn " + call + "}" : call, oracle};
}

Expression ExpressionMaker::expression(const Scope& scope, int depth) {
  if (depth <= 0 || random_.one_in(2)) return column(scope);
  if (random_.one_in(12)) return subqueries_.scalar_subquery(scope);
  switch (random_.below(3)) {
    case 0:
      return text(scope, depth);
    case 1:
      return integer(scope, depth);
    default:
      return choice(scope, column(scope), depth);
  }
}

Expression ExpressionMaker::text(const Scope& scope, int depth) {
  const Expression* found = column(scope, Kind::kText);
  if (found == nullptr) return integer(scope, depth);
  Expression out = *found;
  out.literals = nullptr;
  const Sql s = found->sql;
  const std::string n = std::to_string(random_.below(6) + 1);
  switch (random_.below(7)) {
    case 0:
      out.sql = function("UCASE", s.ours, "upper(" + s.oracle + ")");
      break;
    case 1:
      out.sql = function("LCASE", s.ours, "lower(" + s.oracle + ")");
      break;
    case 2:
      out.sql = function("LEFT", s.ours + ", " + n, "substr(" + s.oracle + ", 1, " + n + ")");
      break;
    case 3:
      out.sql = function("SUBSTRING", s.ours + ", " + n + ", 4",
                         "substr(" + s.oracle + ", " + n + ", 4)");
      break;
    case 4:
      out.sql = parenthesized(s + " || " + text_literal(random_.one_in(2) ? "-" : ""));
      break;
    case 5:
      if (!found->nocase) {
        out.sql = function("REPLACE", s.ours + ", 'e', '😀'", "replace(" + s.oracle + ", 'e', '😀')");
      }
      break;
    default: {
      const Expression other = literal(*found);
      out.sql = Sql("NULLIF(" + s.ours + ", " + other.sql.ours + ")",
                    "CASE WHEN " + comparison(*found, "=", other).oracle + " THEN NULL ELSE " +
                        s.oracle + " END");
      break;
    }
  }
  return out;
}

Expression ExpressionMaker::date_part(const Expression& timestamp) {
  struct Part {
    const char* name;
    int at, size;
  };
  static constexpr Part kParts[] = {{"YEAR", 1, 4},  {"MONTH", 6, 2},   {"DAYOFMONTH", 9, 2},
                                    {"HOUR", 12, 2}, {"MINUTE", 15, 2}, {"SECOND", 18, 2}};
  const Part& part = random_.any(kParts);
  return make(function(part.name, timestamp.sql.ours,
                       "CAST(substr(" + timestamp.sql.oracle + ", " + std::to_string(part.at) +
                           ", " + std::to_string(part.size) + ") AS INTEGER)"),
              Kind::kInteger);
}

Expression ExpressionMaker::integer(const Scope& scope, int depth) {
  const Expression* text = column(scope, Kind::kText);
  const Expression* timestamp = column(scope, Kind::kTimestamp);
  const Expression* number = column(scope, Kind::kInteger);
  switch (random_.below(6)) {
    case 0:
      if (text != nullptr) {
        return make(function("LENGTH", text->sql.ours, "length(" + text->sql.oracle + ")"),
                    Kind::kInteger);
      }
      break;
    case 1:
      if (text != nullptr) {
        const std::string what = text_literal(piece(*text));
        const std::string s = text->sql.oracle;
        return make(function("LOCATE", what + ", " + text->sql.ours,
                             text->nocase ? "instr(fold(" + s + "), fold(" + what + "))"
                                          : "instr(" + s + ", " + what + ")"),
                    Kind::kInteger);
      }
      break;
    case 2:
    case 3:
      if (timestamp != nullptr) return date_part(*timestamp);
      break;
    case 4:
      if (timestamp != nullptr) {
        const Expression* other = column(scope, Kind::kTimestamp);
        return make(function("TIMESTAMPDIFF",
                             "SQL_TSI_MINUTE, " + timestamp->sql.ours + ", " + other->sql.ours,
                             "(ticks(" + other->sql.oracle + ") - ticks(" + timestamp->sql.oracle +
                                 ")) / 600000000"),
                    Kind::kInteger);
      }
      break;
    default:
      break;
  }
  if (number == nullptr) return depth > 0 ? choice(scope, column(scope), 0) : column(scope);
  const std::string n = std::to_string(random_.below(8) + 2);
  switch (random_.below(6)) {
    case 5:
      return decimal(*number);
    case 0:
      return make(parenthesized(number->sql + " + " + n), Kind::kInteger);
    case 1:
      return make(parenthesized(number->sql + " - " + column(scope, Kind::kInteger)->sql),
                  Kind::kInteger);
    case 2:
      return make(parenthesized(number->sql + " / " + n), Kind::kInteger);
    case 3:
      return make(
          function("MOD", number->sql.ours + ", " + n, "(" + number->sql.oracle + " % " + n + ")"),
          Kind::kInteger);
    default:
      return make(
          function("ABS", number->sql.ours + " - 1000", "abs(" + number->sql.oracle + " - 1000)"),
          Kind::kInteger);
  }
}

// Exact arithmetic whose result is whole, so that whole numbers give it too.
Expression ExpressionMaker::decimal(const Expression& number) {
  const std::string exact = "CAST(" + number.sql.ours + " AS DECIMAL(28,2))";
  if (random_.one_in(3)) {
    const bool half = random_.one_in(2);
    return make({"CAST(" + exact + (half ? " / 0.5" : " / 0.125") + " AS BIGINT)",
                 "(" + number.sql.oracle + (half ? " * 2)" : " * 8)")},
                Kind::kInteger);
  }
  const auto tenths = [](std::size_t value) {
    return std::to_string(value / 10) + "." + std::to_string(value % 10);
  };
  const std::size_t factor = random_.below(99) + 1;
  const std::size_t term = random_.below(999) + 1;
  const std::string sign = random_.one_in(2) ? " + " : " - ";
  return make(
      {"CAST((" + exact + " * " + tenths(factor) + sign + tenths(term) + ") * 10 AS BIGINT)",
       "(" + number.sql.oracle + " * " + std::to_string(factor) + sign + std::to_string(term) +
           ")"},
      Kind::kInteger);
}

// CASE, COALESCE or IFNULL with the value in it.
Expression ExpressionMaker::choice(const Scope& scope, const Expression& value, int depth) {
  Expression out = value;
  if (value.kind == Kind::kBit) {
    const Sql when = condition(scope, depth - 1);
    return make(Sql("CASE WHEN ") + when + " THEN 1 ELSE 0 END", Kind::kInteger);
  }
  const Expression other = literal(value);
  if (random_.one_in(2)) {
    out.sql = Sql(random_.one_in(2) ? "COALESCE(" : "IFNULL(") + value.sql + ", " + other.sql + ")";
  } else {
    out.sql = Sql("CASE WHEN ") + condition(scope, depth - 1) + " THEN " + value.sql +
              (random_.one_in(3) ? Sql() : Sql(" ELSE ") + other.sql) + " END";
  }
  return out;
}

Sql ExpressionMaker::condition(const Scope& scope, int depth) {
  if (depth > 0 && !random_.one_in(3)) {
    switch (random_.below(5)) {
      case 0:
      case 1:
        return parenthesized(condition(scope, depth - 1) + " AND " + condition(scope, depth - 1));
      case 2:
      case 3:
        return parenthesized(condition(scope, depth - 1) + " OR " + condition(scope, depth - 1));
      default:
        return Sql("NOT ") + parenthesized(condition(scope, depth - 1));
    }
  }
  if (depth >= 0 && random_.one_in(8)) return subqueries_.subquery_condition(scope);
  return parenthesized(leaf(scope));
}

// (a, b) = (c, d)
Sql ExpressionMaker::row_comparison(const Scope& scope) {
  Sql left;
  Sql right;
  for (int i = 0; i < 2; ++i) {
    const Expression* value = &column(scope);
    for (int attempt = 0; attempt < 9 && (value->kind == Kind::kBit || value->kind == Kind::kReal);
         ++attempt) {
      value = &column(scope);
    }
    const Expression other = random_.one_in(2) ? literal(*value) : *column(scope, value->kind);
    Sql subject = value->sql;
    if (value->kind == Kind::kText) {
      subject.oracle += value->nocase || other.nocase ? " COLLATE FOLD" : " COLLATE BINARY";
    }
    left += Sql(i == 0 ? "" : ", ") + subject;
    right += Sql(i == 0 ? "" : ", ") + other.sql;
  }
  return parenthesized(left) + (random_.one_in(2) ? " = " : " <> ") + parenthesized(right);
}

Sql ExpressionMaker::leaf(const Scope& scope) {
  if (random_.one_in(15)) return row_comparison(scope);
  const Expression value = random_.one_in(4) ? expression(scope, 1) : column(scope);
  const Expression* partner = column(scope, value.kind);
  switch (random_.below(9)) {
    case 0:
      return value.sql + (random_.one_in(2) ? " IS NULL" : " IS NOT NULL");
    case 1: {
      if (value.kind == Kind::kBit) break;
      const Sql low = literal(value).sql;
      Sql subject = value.sql;
      subject.oracle += value.collation();
      return subject + (random_.one_in(5) ? " NOT BETWEEN " : " BETWEEN ") + low + " AND " +
             literal(value).sql;
    }
    case 2:
      if (value.kind != Kind::kReal) return in_list(value);
      break;
    case 3:
      if (partner == nullptr || value.kind == Kind::kReal) break;
      return random_.one_in(4)
                 ? comparison(value,
                              random_.one_in(2) ? "IS DISTINCT FROM" : "IS NOT DISTINCT FROM",
                              *partner)
                 : comparison(value, random_.any(kOperators), *partner);
    case 4:
    case 5:
      if (value.kind == Kind::kText) return text_condition(value);
      if (value.kind == Kind::kTimestamp) return timestamp_condition(value);
      if (value.kind == Kind::kBit) {
        static const std::vector<std::string> kForms = {"", " IS TRUE", " IS NOT TRUE",
                                                        " IS NOT FALSE", " = 1"};
        return value.sql + random_.any(kForms);
      }
      break;
    default:
      break;
  }
  const Expression other = literal(value);
  if (random_.one_in(5)) {
    return comparison(value.kind == Kind::kText && value.nocase
                          ? Expression{other.sql, Kind::kText, true, nullptr}
                          : other,
                      random_.any(kOperators), value);
  }
  return comparison(value, random_.any(kOperators), other);
}

Sql ExpressionMaker::in_list(const Expression& value) {
  Sql list = literal(value).sql;
  for (std::size_t i = random_.below(6); i > 0; --i) list += Sql(", ") + literal(value).sql;
  if (random_.one_in(6)) list += ", NULL";
  Sql subject = value.sql;
  subject.oracle += value.collation();
  return subject + (random_.one_in(4) ? " NOT IN (" : " IN (") + list + ")";
}

// A run of characters of one of the value's own texts.
std::string ExpressionMaker::piece(const Expression& value) {
  if (value.literals == nullptr || value.literals->values.empty()) return "a";
  const std::string text = random_.any(value.literals->values);
  if (text.empty()) return "a";
  std::vector<std::size_t> starts;
  for (std::size_t at = 0; at < text.size(); at = character_end(text, at)) starts.push_back(at);
  const std::size_t start = random_.any(starts);
  std::size_t end = start;
  for (std::size_t i = random_.below(5) + 1; i > 0 && end < text.size(); --i) {
    end = character_end(text, end);
  }
  return text.substr(start, end - start);
}

Sql ExpressionMaker::text_condition(const Expression& value) {
  std::string pattern = piece(value);
  if (random_.one_in(4)) {
    const std::string k = std::to_string(random_.below(4) + 1);
    const Expression left{function("LEFT", value.sql.ours + ", " + k,
                                   "substr(" + value.sql.oracle + ", 1, " + k + ")"),
                          Kind::kText, value.nocase, nullptr};
    return comparison(left, "=", {text_literal(pattern), Kind::kText, false, nullptr});
  }
  const std::string no = random_.one_in(5) ? "NOT " : "";
  if (!value.nocase && random_.one_in(5)) {
    std::string escaped;
    for (const char c : pattern) {
      if (c == '%' || c == '_' || c == '!') escaped += '!';
      escaped += c;
    }
    return value.sql + " " + no + "LIKE " + text_literal("%" + escaped + "%") + " ESCAPE '!'";
  }
  static const std::vector<std::pair<std::string, std::string>> kForms = {
      {"", "%"}, {"%", ""}, {"%", "%"}, {"", ""}, {"_", "%"}, {"%", "_%"}};
  const auto& form = random_.any(kForms);
  const std::string like = text_literal(form.first + pattern + form.second);
  return {value.sql.ours + " " + no + "LIKE " + like,
          value.nocase ? no + "like_nocase(" + value.sql.oracle + ", " + like + ")"
                       : value.sql.oracle + " " + no + "LIKE " + like};
}

Sql ExpressionMaker::timestamp_condition(const Expression& value) {
  const std::string op = random_.any(kOperators);
  if (random_.one_in(2)) {
    const Expression day = literal(value);
    const std::string date = day.sql.oracle.substr(1, 10);
    return {"CAST(" + value.sql.ours + " AS DATE) " + op + " DATE '" + date + "'",
            "substr(" + value.sql.oracle + ", 1, 10) " + op + " '" + date + "'"};
  }
  const Expression part = date_part(value);
  return part.sql + " " + op + " " +
         (part.sql.ours.find("YEAR") != std::string::npos ? std::to_string(2025 + random_.below(3))
                                                          : std::to_string(random_.below(31)));
}

}  // namespace graphodbc::test
