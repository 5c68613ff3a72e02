#include "sqlparser/ast.h"

namespace graphodbc::sqlparser {

// Here, so that the tables of virtual functions exist once and Query is complete.
Expr::~Expr() = default;
TableRef::~TableRef() = default;
QueryBody::~QueryBody() = default;
Statement::~Statement() = default;
Query::~Query() = default;

}  // namespace graphodbc::sqlparser
