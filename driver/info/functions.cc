#include "driver/info/functions.h"

#include <algorithm>

namespace graphodbc::driver {

namespace {

// No names of ODBC 2: the manager maps those itself, and prefers SQLError(W) when it is there
// (pitfalls 2.7).
constexpr ExportedFunction kFunctions[] = {
    {SQL_API_SQLALLOCHANDLE, "SQLAllocHandle", false},
    {SQL_API_SQLBINDCOL, "SQLBindCol", false},
    {SQL_API_SQLBINDPARAMETER, "SQLBindParameter", false},
    {SQL_API_SQLBROWSECONNECT, "SQLBrowseConnect", true},
    {SQL_API_SQLBULKOPERATIONS, "SQLBulkOperations", false},
    {SQL_API_SQLCANCEL, "SQLCancel", false},
    {SQL_API_SQLCANCELHANDLE, "SQLCancelHandle", false},
    {SQL_API_SQLCLOSECURSOR, "SQLCloseCursor", false},
    {SQL_API_SQLCOLATTRIBUTE, "SQLColAttribute", true},
    {SQL_API_SQLCOLUMNPRIVILEGES, "SQLColumnPrivileges", true},
    {SQL_API_SQLCOLUMNS, "SQLColumns", true},
    {SQL_API_SQLCONNECT, "SQLConnect", true},
    {SQL_API_SQLCOPYDESC, "SQLCopyDesc", false},
    {SQL_API_SQLDESCRIBECOL, "SQLDescribeCol", true},
    {SQL_API_SQLDESCRIBEPARAM, "SQLDescribeParam", false},
    {SQL_API_SQLDISCONNECT, "SQLDisconnect", false},
    {SQL_API_SQLDRIVERCONNECT, "SQLDriverConnect", true},
    {SQL_API_SQLENDTRAN, "SQLEndTran", false},
    {SQL_API_SQLEXECDIRECT, "SQLExecDirect", true},
    {SQL_API_SQLEXECUTE, "SQLExecute", false},
    {SQL_API_SQLFETCH, "SQLFetch", false},
    {SQL_API_SQLFETCHSCROLL, "SQLFetchScroll", false},
    {SQL_API_SQLFOREIGNKEYS, "SQLForeignKeys", true},
    {SQL_API_SQLFREEHANDLE, "SQLFreeHandle", false},
    {SQL_API_SQLFREESTMT, "SQLFreeStmt", false},
    {SQL_API_SQLGETCONNECTATTR, "SQLGetConnectAttr", true},
    {SQL_API_SQLGETCURSORNAME, "SQLGetCursorName", true},
    {SQL_API_SQLGETDATA, "SQLGetData", false},
    {SQL_API_SQLGETDESCFIELD, "SQLGetDescField", true},
    {SQL_API_SQLGETDESCREC, "SQLGetDescRec", true},
    {SQL_API_SQLGETDIAGFIELD, "SQLGetDiagField", true},
    {SQL_API_SQLGETDIAGREC, "SQLGetDiagRec", true},
    {SQL_API_SQLGETENVATTR, "SQLGetEnvAttr", false},
    {SQL_API_SQLGETFUNCTIONS, "SQLGetFunctions", false},
    {SQL_API_SQLGETINFO, "SQLGetInfo", true},
    {SQL_API_SQLGETSTMTATTR, "SQLGetStmtAttr", true},
    {SQL_API_SQLGETTYPEINFO, "SQLGetTypeInfo", true},
    {SQL_API_SQLMORERESULTS, "SQLMoreResults", false},
    {SQL_API_SQLNATIVESQL, "SQLNativeSql", true},
    {SQL_API_SQLNUMPARAMS, "SQLNumParams", false},
    {SQL_API_SQLNUMRESULTCOLS, "SQLNumResultCols", false},
    {SQL_API_SQLPARAMDATA, "SQLParamData", false},
    {SQL_API_SQLPREPARE, "SQLPrepare", true},
    {SQL_API_SQLPRIMARYKEYS, "SQLPrimaryKeys", true},
    {SQL_API_SQLPROCEDURECOLUMNS, "SQLProcedureColumns", true},
    {SQL_API_SQLPROCEDURES, "SQLProcedures", true},
    {SQL_API_SQLPUTDATA, "SQLPutData", false},
    {SQL_API_SQLROWCOUNT, "SQLRowCount", false},
    {SQL_API_SQLSETCONNECTATTR, "SQLSetConnectAttr", true},
    {SQL_API_SQLSETCURSORNAME, "SQLSetCursorName", true},
    {SQL_API_SQLSETDESCFIELD, "SQLSetDescField", true},
    {SQL_API_SQLSETDESCREC, "SQLSetDescRec", false},
    {SQL_API_SQLSETENVATTR, "SQLSetEnvAttr", false},
    {SQL_API_SQLSETPOS, "SQLSetPos", false},
    {SQL_API_SQLSETSTMTATTR, "SQLSetStmtAttr", true},
    {SQL_API_SQLSPECIALCOLUMNS, "SQLSpecialColumns", true},
    {SQL_API_SQLSTATISTICS, "SQLStatistics", true},
    {SQL_API_SQLTABLEPRIVILEGES, "SQLTablePrivileges", true},
    {SQL_API_SQLTABLES, "SQLTables", true},
};

}  // namespace

std::span<const ExportedFunction> exported_functions() {
  return kFunctions;
}

bool is_exported(SQLUSMALLINT id) {
  return std::any_of(std::begin(kFunctions), std::end(kFunctions),
                     [&](const ExportedFunction& function) { return function.id == id; });
}

}  // namespace graphodbc::driver
