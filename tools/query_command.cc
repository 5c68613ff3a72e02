// `graphodbc query` and `graphodbc explain`: statements without ODBC.
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <optional>

#include "base/error.h"
#include "config/connection_keys.h"
#include "connection/open.h"
#include "graph/client.h"
#include "query/session.h"
#include "schema/registry.h"
#include "tools/command.h"
#include "tools/console.h"
#include "tools/row_writer.h"
#include "tools/target.h"
#include "tools/token_state.h"

namespace graphodbc::tools {
namespace {

using base::Error;

std::string read_input() {
  std::string text;
  char buffer[8192];
  for (ssize_t count = 0; (count = ::read(STDIN_FILENO, buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(count));
  }
  return text;
}

// The argument, or standard input for none or "-".
std::string statement_of(const Arguments& arguments) {
  if (arguments.positional().size() > 1) {
    throw UsageError("one statement at a time: put it into quotes");
  }
  std::string sql;
  if (!arguments.positional().empty() && arguments.positional()[0] != "-") {
    sql = arguments.positional()[0];
  } else {
    if (can_ask()) say("Type the statement, end with Ctrl-D.");
    sql = read_input();
  }
  if (sql.find_first_not_of(" \t\r\n") == std::string::npos) {
    throw UsageError("there is no statement: give one as an argument or on standard input");
  }
  return sql;
}

std::size_t number_of(const Arguments& arguments, std::string_view option, std::size_t fallback) {
  const auto text = arguments.get(option);
  if (!text) return fallback;
  std::size_t number = 0;
  const auto result = std::from_chars(text->data(), text->data() + text->size(), number);
  if (result.ec != std::errc() || result.ptr != text->data() + text->size()) {
    throw UsageError("--" + std::string(option) + " takes a number");
  }
  return number;
}

// --param and --null in the order of the markers.
std::vector<base::Value> parameters_of(const Arguments& arguments) {
  std::vector<base::Value> values;
  for (const auto& [option, value] : arguments.given()) {
    if (option == "param") values.push_back(base::Value::text(value));
    if (option == "null") values.emplace_back();
  }
  return values;
}

// Runs the statement and writes its rows. Returns how many.
std::uint64_t run_rows(const std::shared_ptr<base::RowSource>& source, RowWriter& writer,
                       Output& output) {
  const CancelScope cancel([source] { source->cancel(); });
  source->open();
  std::uint64_t rows = 0;
  base::RowBatch batch;
  while (source->next_batch(batch)) {
    for (std::size_t i = 0; i < batch.row_count; ++i) writer.write(batch.row(i));
    rows += batch.row_count;
    output.flush();
  }
  writer.finish();
  output.finish();
  return rows;
}

struct Job {
  query::Session& session;
  std::string sql;
  std::string format;
  query::ExecuteOptions options;
  bool counts = false;  // says how many rows there were
};

// What is said of the settings and the token together, as the driver does when it connects.
void say_notes(const Target& target, const graph::Identity& identity) {
  for (const base::Warning& note : connection::session_notes(target.resolved.settings, identity)) {
    say_warning(note);
  }
}

int run_statement(const Job& job, const Arguments& arguments) {
  const std::size_t widest = number_of(arguments, "width", 60);
  const std::vector<base::Value> parameters = parameters_of(arguments);
  const std::shared_ptr<query::Query> query = job.session.prepare(job.sql);
  if (parameters.size() > query->parameters().size()) {
    throw UsageError("the statement has " + std::to_string(query->parameters().size()) +
                     " parameter markers, and " + std::to_string(parameters.size()) +
                     " values are given");
  }
  const std::shared_ptr<base::RowSource> source = query->execute(parameters, job.options);
  const auto path = arguments.get("output");
  std::optional<Output> file;
  Output console;
  if (path) file.emplace(*path);
  Output& output = path ? *file : console;
  const auto writer = make_row_writer(job.format, output_columns(query->columns()), output, widest);
  std::uint64_t rows = 0;
  try {
    rows = run_rows(source, *writer, output);
  } catch (const Error&) {
    // The rows that came are good, and what follows them on the screen is the error.
    if (!path) console.flush();
    for (const base::Warning& warning : source->take_warnings()) say_warning(warning);
    throw;
  }
  for (const base::Warning& warning : source->take_warnings()) say_warning(warning);
  if (job.counts) say(std::to_string(rows) + (rows == 1 ? " row" : " rows"));
  return kDone;
}

}  // namespace

int run_query(const Arguments& arguments) {
  const std::string sql = statement_of(arguments);
  const Target target = find_target(arguments);
  const auto client = connect(target);
  say_notes(target, client->identity());
  query::Session session(
      client, schema::Registry::builtin(),
      connection::session_options(target.resolved.settings, client->identity(), target.log));
  Job job{session, sql, arguments.get("format").value_or("table"), {}, false};
  job.counts = job.format == "table" && !arguments.has("quiet");
  job.options.max_rows = number_of(arguments, "max-rows", 0);
  const auto timeout = target.resolved.settings.query_timeout;
  if (timeout.count() > 0) job.options.deadline = std::chrono::steady_clock::now() + timeout;
  return run_statement(job, arguments);
}

int run_explain(const Arguments& arguments) {
  const bool analyze = arguments.has("analyze");
  std::string sql = (analyze ? "EXPLAIN ANALYZE " : "EXPLAIN ") + statement_of(arguments);
  query::SessionOptions options;
  std::optional<Target> target;
  std::shared_ptr<graph::Client> client;
  if (analyze || !names_no_target(arguments) || arguments.has("set")) {
    target = find_target(arguments);
    graph::Identity identity;
    // Before there is a token, the way of signing in tells.
    identity.app_only = is_app_only(target->resolved.settings);
    if (analyze) {
      client = connect(*target);
      identity = client->identity();
      say_notes(*target, identity);
    }
    options = connection::session_options(target->resolved.settings, identity, target->log);
  }
  query::Session session(client, schema::Registry::builtin(), std::move(options));
  const Job job{session, std::move(sql), arguments.get("format").value_or("records"), {}, false};
  return run_statement(job, arguments);
}

}  // namespace graphodbc::tools
