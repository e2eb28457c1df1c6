"""Throws requests made from the API's own document at a server on this machine, as each of its people.

    schemathesis.py BASE EXAMPLES SEED REPORTS

Fails when an answer is none the document allows, or is the server's fault. Started by `cargo xtask harden`.
"""

import json
import pathlib
import subprocess
import sys
import urllib.request

base, examples, seed, reports = sys.argv[1:]

# Streams have no end. What one request makes and the next destroys is tried as whoever does it, so signing out and
# deleting the account come last: by themselves, as nobody.
OMIT = r"(/sync/stream|/dev/)"
ENDS = r"(/auth/logout|/me/erase|/me/password|/me/sessions)"
# A request the document allows may still be refused: a closed restaurant, a price that changed.
CHECKS = ["--checks", "all", "--exclude-checks", "positive_data_acceptance"]
PEOPLE = [
    (None, None),
    ("sara", "customer"),
    ("saj", "restaurant"),
    ("fahad", "driver"),
    ("support", "support"),
    ("admin", "admin"),
]


def token(name, role):
    body = {"email": f"{name}@demo.momfood.test", "password": "momfood-demo", "role": role}
    request = urllib.request.Request(
        f"{base}/api/v1/auth/login",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["data"]["accessToken"]


def run(name, role):
    st = pathlib.Path(sys.executable).with_name("st")
    settings = pathlib.Path(__file__).with_suffix(".toml")
    command = [str(st), "--config-file", str(settings), "run", f"{base}/api/openapi.json"]
    command += CHECKS + ["--max-examples", examples, "--seed", seed, "--no-color", "--continue-on-failure"]
    command += ["--suppress-health-check", "all", "--request-timeout", "20", "--warnings", "off"]
    command += ["--exclude-path-regex", OMIT if name is None else f"({OMIT}|{ENDS})"]
    command += ["--report", "junit", "--report-junit-path", f"{reports}/{role or 'nobody'}.xml"]
    if name is not None:
        command += ["--header", f"Authorization: Bearer {token(name, role)}", "--exclude-checks", "ignored_auth,positive_data_acceptance"]
    print(f"\n== as {role or 'nobody'}", flush=True)
    return subprocess.run(command, cwd=reports).returncode


pathlib.Path(reports).mkdir(parents=True, exist_ok=True)
failed = [role or "nobody" for name, role in PEOPLE if run(name, role) != 0]
if failed:
    sys.exit(f"failures as: {', '.join(failed)}; reports in {reports}")
