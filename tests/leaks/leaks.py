#!/usr/bin/env python3
"""Searches everything that the suite wrote for the secrets that went over the wire.

usage: leaks.py OUTPUT_FOLDER CTEST_FOLDER begin|check|prove

OUTPUT_FOLDER holds `secrets`, a secret a line as the emulators recorded them, and the driver's logs
at the highest level. CTEST_FOLDER holds ctest's log of all that the tests printed: messages too.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

SHORTEST = 12  # shorter ones stand in ordinary words


def patterns(secrets):
    """The secrets as they may be written: plain, percent-encoded, and in JSON."""
    found = set()
    for secret in secrets:
        if len(secret) < SHORTEST:
            continue
        found.update({secret, urllib.parse.quote(secret, safe=""), secret.replace("/", "\\/")})
    return sorted(found)


def search(folders, secrets):
    """Lines of the files that hold one of the secrets, by grep's own multiple search."""
    with tempfile.NamedTemporaryFile("w", suffix=".patterns") as file:
        file.write("\n".join(patterns(secrets)))
        file.flush()
        files = [
            str(path)
            for folder in folders
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name != "secrets"
        ]
        if not files or not secrets:
            return []
        result = subprocess.run(
            ["grep", "-aFHno", "-f", file.name, *files], capture_output=True, text=True, check=False
        )
        if result.returncode > 1:
            sys.exit(result.stderr)
        # The place is what helps; the secret itself is not printed again.
        return [re.sub(r"^(.*?:\d+):.*$", r"\1", line) for line in result.stdout.splitlines()]


def check(output, ctest):
    record = output / "secrets"
    if not record.exists():
        print("no test of this run talked to an emulator")
        return 0
    secrets = record.read_text().split("\n")
    leaks = search([output, ctest], secrets)
    for place in leaks[:20]:
        print("a secret stands in", place)
    print(f"{len(patterns(secrets))} forms of secrets, {len(leaks)} leaks")
    return 1 if leaks else 0


def prove():
    """A secret that was written plainly, encoded, or across a message is found."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for text in ("x s3cret/with+signs y", "code=s3cret%2Fwith%2Bsigns&"):
            (folder / "log").write_text("a\n" + text + "\n")
            if search([folder], ["s3cret/with+signs"]) != [f"{folder}/log:2"]:
                print("not found:", text)
                return 1
        (folder / "log").write_text("refresh_token=***\n")
        return 1 if search([folder], ["s3cret/with+signs"]) else 0


def main():
    output, ctest, what = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
    if what == "begin":
        shutil.rmtree(output, ignore_errors=True)
        output.mkdir(parents=True)
        return 0
    return prove() if what == "prove" else check(output, ctest)


if __name__ == "__main__":
    sys.exit(main())
