#!/usr/bin/env python3
"""Reads one query through pyodbc, isql, iusql and two C programs, and compares rows and text.

usage: clients.py EMULATOR LIBRARY NARROW_PROGRAM WIDE_PROGRAM
The programs print a row a line: values in JSON.
"""

import datetime
import json
import os
import subprocess
import sys
import tempfile

import pyodbc

QUERY = (
    "SELECT Id, Subject, IsRead, ReceivedDateTime, From_EmailAddress_Address, BodyPreview "
    "FROM Messages"
)
SHORT_QUERY = "SELECT DisplayName, TotalItemCount FROM MailFolders"


def as_text(value):
    """The text that SQL_C_CHAR delivers for a value as pyodbc sees it."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    return str(value)


def low_bytes(text):
    """What iusql prints: it reads UTF-16 and writes the low byte of every unit."""
    return text.encode("utf-16-le")[0::2]


def check(condition, text):
    if not condition:
        raise SystemExit("FAILED: " + text)


def same_but_precision(left, right):
    """Equal, or timestamps of which Python keeps six digits."""
    return left == right or (
        left is not None and right is not None and len(right) == 27 and right[:26] == left
    )


def main():
    emulator, library, narrow, wide = sys.argv[1:5]
    process = subprocess.Popen(
        [emulator, "--messages", "300", "--exit-with-parent"], stdout=subprocess.PIPE, text=True
    )
    facts = json.loads(process.stdout.readline())
    folder = tempfile.mkdtemp(prefix="graphodbc-clients-")
    with open(os.path.join(folder, "odbcinst.ini"), "w", encoding="utf-8") as ini:
        ini.write(f"[graphodbc]\nDriver = {library}\n")
    token_file = os.path.join(folder, "token.json")
    with open(token_file, "w", encoding="utf-8") as tokens:
        json.dump({"access_token": "", "expires_in": 0, "refresh_token": facts["refresh_token"]}, tokens)
    os.chmod(token_file, 0o600)
    keys = ("tenant_id", "token_url", "graph_url", "client_id", "client_secret")
    names = ("TenantId", "TokenUrl", "GraphUrl", "ClientId", "ClientSecret")
    with open(os.path.join(folder, "odbc.ini"), "w", encoding="utf-8") as ini:
        ini.write("[graph]\nDriver = graphodbc\n")
        for key, name in zip(keys, names):
            ini.write(f"{name} = {facts[key]}\n")
        ini.write(f"RefreshTokenFilePath = {token_file}\n")
    environment = dict(
        os.environ, ODBCSYSINI=folder, ODBCINI=os.path.join(folder, "odbc.ini"), LC_ALL="C.UTF-8"
    )
    os.environ.update(environment)

    try:
        connection = pyodbc.connect("DSN=graph")
        cursor = connection.execute(QUERY)
        types = [column[1] for column in cursor.description]
        check(types == [str, str, bool, datetime.datetime, str, str], f"pyodbc types: {types}")
        python_rows = [[as_text(value) for value in row] for row in cursor.fetchall()]
        check(len(python_rows) == 300, f"pyodbc rows: {len(python_rows)}")
        check(any(c > "\uffff" for row in python_rows for c in row[1] or ""), "no emoji seen")
        check(any(row[1] is None for row in python_rows), "no null subject seen")

        found = connection.execute(
            "SELECT Subject FROM Messages WHERE Id = ?", python_rows[7][0]
        ).fetchall()
        check([row[0] for row in found] == [python_rows[7][1]], "parameter by key")
        tables = sorted(row.table_name for row in connection.cursor().tables())
        check("Messages" in tables and "DriveItems" in tables, f"tables: {tables}")
        columns = [row.column_name for row in connection.cursor().columns(table="Messages")]
        check(columns[0] == "Id" and "Subject" in columns, "columns of Messages")
        try:
            connection.execute("SELECT Subjct FROM Messages")
            check(False, "an unknown column passed")
        except pyodbc.Error as error:
            check(error.args[0] == "42S22" and "Subject" in error.args[1], f"error: {error}")

        for program in (narrow, wide):
            output = subprocess.run(
                [program, "DSN=graph", QUERY],
                env=environment,
                check=True,
                stdout=subprocess.PIPE,
                encoding="utf-8",
            ).stdout
            rows = [json.loads(line) for line in output.splitlines()]
            check(len(rows) == 300, f"{program}: {len(rows)} rows")
            for left, right in zip(python_rows, rows):
                for a, b in zip(left, right):
                    check(same_but_precision(a, b), f"{program}: {b!r} instead of {a!r}")

        expected = [
            [as_text(value) for value in row] for row in connection.execute(SHORT_QUERY).fetchall()
        ]
        for shell, encode in (("isql", str.encode), ("iusql", low_bytes)):
            output = subprocess.run(
                [shell, "graph", "-b", "-d|"],
                input=(SHORT_QUERY + "\n").encode(),
                env=environment,
                check=True,
                stdout=subprocess.PIPE,
            ).stdout
            rows = [line.split(b"|") for line in output.splitlines() if b"|" in line]
            wanted = [[encode(value) for value in row] for row in expected]
            different = [pair for pair in zip(rows, wanted) if pair[0] != pair[1]]
            check(
                not different and len(rows) == len(wanted),
                f"{shell}: {len(rows)} rows, expected {len(wanted)}; different: {different[:3]}",
            )
        connection.close()
    finally:
        process.terminate()
        process.wait()
    print("same rows through pyodbc, isql, iusql, SQLGetData narrow and wide")


if __name__ == "__main__":
    main()
