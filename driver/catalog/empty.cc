// Catalog functions about what the service does not have. A well-formed empty result, because
// clients take an error for a broken driver (odbc-pitfalls.md 10.6).
#include "driver/catalog/argument.h"
#include "driver/catalog/shape.h"

namespace graphodbc::driver::catalog {

Result procedures(const Context& context, const Argument&, const Argument& schema,
                  const Argument& procedure) {
  require_identifiers(context, {&schema, &procedure});
  return make_result(kProceduresShape, context, {});
}

Result procedure_columns(const Context& context, const Argument&, const Argument& schema,
                         const Argument& procedure, const Argument& column) {
  require_identifiers(context, {&schema, &procedure, &column});
  return make_result(kProcedureColumnsShape, context, {});
}

Result table_privileges(const Context& context, const Argument&, const Argument& schema,
                        const Argument& table) {
  require_identifiers(context, {&schema, &table});
  return make_result(kTablePrivilegesShape, context, {});
}

Result column_privileges(const Context& context, const Argument&, const Argument& schema,
                         const Argument& table, const Argument& column) {
  require_name(table, "the table name");
  require_identifiers(context, {&schema, &table, &column});
  return make_result(kColumnPrivilegesShape, context, {});
}

}  // namespace graphodbc::driver::catalog
