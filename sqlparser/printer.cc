#include "sqlparser/printer.h"

#include "sqlparser/keywords.h"
#include "sqlparser/printer_impl.h"

namespace graphodbc::sqlparser {
namespace {

// "NAME(size)".
std::string sized(std::string_view name, std::uint32_t size) {
  return std::string(name) + "(" + std::to_string(size) + ")";
}

}  // namespace

std::string print(const Statement& statement) {
  Printer printer;
  printer.statement(statement);
  return printer.take();
}

std::string print(const Query& query) {
  Printer printer;
  printer.query(query);
  return printer.take();
}

std::string print(const Expr& expr) {
  Printer printer;
  printer.expr(expr);
  return printer.take();
}

std::string print(const base::TypeInfo& type) {
  using base::SqlType;
  const auto scale = static_cast<std::uint32_t>(type.scale);
  switch (type.type) {
    case SqlType::kBit:
      return "BIT";
    case SqlType::kSmallInt:
      return "SMALLINT";
    case SqlType::kInteger:
      return "INTEGER";
    case SqlType::kBigInt:
      return "BIGINT";
    case SqlType::kDecimal:
      return "DECIMAL(" + std::to_string(type.size) + "," + std::to_string(type.scale) + ")";
    case SqlType::kReal:
      return "REAL";
    case SqlType::kDouble:
      return "DOUBLE";
    case SqlType::kWChar:
      return sized("CHAR", type.size);
    case SqlType::kWVarChar:
      return sized("VARCHAR", type.size);
    case SqlType::kWLongVarChar:
      return "LONGVARCHAR";
    case SqlType::kVarBinary:
      return sized("VARBINARY", type.size);
    case SqlType::kLongVarBinary:
      return "LONGVARBINARY";
    case SqlType::kDate:
      return "DATE";
    case SqlType::kTime:
      return type.scale == 0 ? "TIME" : sized("TIME", scale);
    case SqlType::kTimestamp:
      return sized("TIMESTAMP", scale);
    case SqlType::kGuid:
      return "GUID";
    case SqlType::kUnknown:
      break;
  }
  return "UNKNOWN";
}

void Printer::statement(const Statement& node) {
  switch (node.kind) {
    case StatementKind::kSelect:
      return query(*static_cast<const SelectStatement&>(node).query);
    case StatementKind::kExplain:
      out_ += "EXPLAIN ";
      if (static_cast<const ExplainStatement&>(node).analyze) out_ += "ANALYZE ";
      return query(*static_cast<const ExplainStatement&>(node).query);
    case StatementKind::kInsert:
      return insert(static_cast<const InsertStatement&>(node));
    case StatementKind::kUpdate:
      return update(static_cast<const UpdateStatement&>(node));
    case StatementKind::kDelete: {
      const auto& statement = static_cast<const DeleteStatement&>(node);
      out_ += "DELETE FROM ";
      qualified_name(statement.table);
      return where(statement.where);
    }
    case StatementKind::kCall:
      return call(static_cast<const CallStatement&>(node));
    case StatementKind::kDrop:
      return drop(static_cast<const DropStatement&>(node));
  }
}

void Printer::insert(const InsertStatement& node) {
  out_ += "INSERT INTO ";
  qualified_name(node.table);
  out_ += ' ';
  if (!node.columns.empty()) {
    name_list(node.columns);
    out_ += ' ';
  }
  query(*node.source);
}

void Printer::update(const UpdateStatement& node) {
  out_ += "UPDATE ";
  qualified_name(node.table);
  std::string_view separator = " SET ";
  for (const Assignment& assignment : node.assignments) {
    out_ += separator;
    identifier(assignment.column);
    out_ += " = ";
    expr(*assignment.value);
    separator = ", ";
  }
  where(node.where);
}

// A result marker has no form but the escape.
void Printer::call(const CallStatement& node) {
  out_ += node.has_result_marker ? "{? = CALL " : "CALL ";
  qualified_name(node.procedure);
  out_ += '(';
  expr_list(node.args);
  out_ += node.has_result_marker ? ")}" : ")";
}

void Printer::drop(const DropStatement& node) {
  out_ += node.view ? "DROP VIEW " : "DROP TABLE ";
  if (node.if_exists) out_ += "IF EXISTS ";
  qualified_name(node.name);
}

void Printer::quoted(std::string_view text, char quote) {
  out_ += quote;
  for (const char c : text) {
    if (c == quote) out_ += c;
    out_ += c;
  }
  out_ += quote;
}

void Printer::identifier(const Identifier& name) {
  if (name.quoted || !is_bare_name(name.text)) {
    quoted(name.text, '"');
  } else {
    out_ += name.text;
  }
}

void Printer::qualified_name(const QualifiedName& name) {
  for (const Identifier& qualifier : name.qualifiers) {
    identifier(qualifier);
    out_ += '.';
  }
  identifier(name.name);
}

void Printer::name_list(const std::vector<Identifier>& names) {
  std::string_view separator = "(";
  for (const Identifier& name : names) {
    out_ += separator;
    identifier(name);
    separator = ", ";
  }
  out_ += ')';
}

}  // namespace graphodbc::sqlparser
