#!/usr/bin/env python3
"""Signs in with a real browser: `graphodbc login` opens a headless Chromium, which goes through the
emulator's sign-in page and back to the command; then isql reads rows with a token that had to be
renewed.

usage: browser_login.py EMULATOR COMMAND LIBRARY [FOLDER]
Status 77 means that there is no Chromium (Debian's package `chromium`). With FOLDER, the last page
that the person sees is left there as page.html and page.png.
"""

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
import urllib.request

NOT_THERE = 77
ROWS = 40
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def check(condition, text):
    if not condition:
        raise SystemExit("FAILED: " + text)


def write(path, text, mode=0o600):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)
    return path


def browser_script(browser, folder):
    """$BROWSER is split at blanks by no shell, so the options stand in a script."""
    options = " ".join(
        (
            "--headless",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            # Root has no sandbox; the pages are all of this machine.
            "--no-sandbox" if os.geteuid() == 0 else "",
            "--no-proxy-server",
            f"--user-data-dir={folder}/profile",
            "--window-size=900,600",
            f"--screenshot={folder}/page.png",
            "--dump-dom",
        )
    )
    return write(
        os.path.join(folder, "browser"),
        f'#!/bin/sh\nexec {browser} {options} "$1" >{folder}/page.html 2>{folder}/browser.log\n',
        stat.S_IRWXU,
    )


def run(arguments, environment, text=None):
    result = subprocess.run(
        arguments,
        env=environment,
        input=text,
        capture_output=True,
        encoding="utf-8",
        timeout=90,
        check=False,
    )
    what = " ".join(arguments[:3])
    check(result.returncode == 0, f"{what}: {result.returncode}\n{result.stdout}{result.stderr}")
    return result.stdout + result.stderr


def read_text(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def wait_for_page(folder):
    """The browser ends after the command has: the page is drawn once it is loaded."""
    page, shot = os.path.join(folder, "page.html"), os.path.join(folder, "page.png")
    for _ in range(300):
        if "</html>" in read_text(page) and os.path.exists(shot) and os.path.getsize(shot) > 0:
            return read_text(page)
        time.sleep(0.1)
    log = read_text(os.path.join(folder, "browser.log"))
    raise SystemExit(f"FAILED: the browser shows no page: {read_text(page)}\n{log}")


def token_requests(facts):
    """How often a token was asked for so far."""
    with urllib.request.urlopen(facts["control_url"] + "/requests?path=*/token") as answer:
        return len(json.load(answer))


def read_rows(environment):
    query = "SELECT Id, Subject FROM Messages\n"
    output = run(["isql", "graph", "-3", "-b", "-d|"], environment, query)
    return [line for line in output.splitlines() if "|" in line]


def sign_in(facts, command, library, browser, folder):
    write(os.path.join(folder, "odbcinst.ini"), f"[graphodbc]\nDriver = {library}\n")
    environment = {
        name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")
    }
    environment.update(
        HOME=folder,
        XDG_STATE_HOME=os.path.join(folder, "state"),
        ODBCSYSINI=folder,
        ODBCINI=os.path.join(folder, "odbc.ini"),
        LC_ALL="C.UTF-8",
        BROWSER=browser_script(browser, folder),
    )
    run(
        [command, "dsn", "create", "graph"]
        + [
            f"{key}={facts[fact]}"
            for key, fact in (
                ("TenantId", "tenant_id"),
                ("AuthUrl", "auth_url"),
                ("TokenUrl", "token_url"),
                ("GraphUrl", "graph_url"),
                ("ClientId", "public_client_id"),
            )
        ],
        environment,
    )
    said = run([command, "login", "--dsn", "graph"], environment)
    check(f"Signed in as {facts['account']}" in said, said)
    page = wait_for_page(folder)
    check("<h1>Signed in</h1>" in page, page)
    check("code=" not in page, "the page repeats the code")

    after_sign_in = token_requests(facts)
    for reading in (1, 2):
        time.sleep(2.5)
        rows = read_rows(environment)
        check(len(rows) == ROWS, f"isql: {len(rows)} rows instead of {ROWS}")
        check(token_requests(facts) >= after_sign_in + reading, "the first token still served")


def main():
    emulator, command, library = sys.argv[1:4]
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print("skipped: no Chromium; apt-get install chromium")
        return NOT_THERE
    kept = sys.argv[4] if len(sys.argv) > 4 else None
    process = subprocess.Popen(
        [emulator, "--messages", str(ROWS), "--token-lifetime", "2", "--exit-with-parent"],
        stdout=subprocess.PIPE,
        text=True,
    )
    folder = tempfile.mkdtemp(prefix="graphodbc-browser-")
    try:
        sign_in(json.loads(process.stdout.readline()), command, library, browser, folder)
        if kept is not None:
            os.makedirs(kept, exist_ok=True)
            for name in ("page.html", "page.png"):
                shutil.copy(os.path.join(folder, name), kept)
    finally:
        process.terminate()
        process.wait()
        # The browser may still be putting its profile away.
        for _ in range(50):
            shutil.rmtree(folder, ignore_errors=True)
            if not os.path.exists(folder):
                break
            time.sleep(0.1)
    print(f"{os.path.basename(browser)} signed in; {ROWS} rows through isql after the token's end")
    return 0


if __name__ == "__main__":
    sys.exit(main())
