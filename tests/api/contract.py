"""Holds the running server to the committed OpenAPI text: schemathesis sends what the text allows, and
what it doesn't, and looks at every answer."""

import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from server import ROOT, server

TEXT = ROOT / "docs/api/openapi.json"
# A job's receipts are what is left of it when it was deleted.
SETTINGS = """
[[operations]]
include-operation-id = "getReceipts"
checks.use_after_free.enabled = false
"""

with server() as (address, key):
    served = urllib.request.urlopen(f"{address}/api/v1/openapi.json").read()
    assert served == TEXT.read_bytes(), "another text is served than is committed"
    schemathesis = Path(sys.executable).with_name("schemathesis")
    # Random bytes are no picture: that a valid body is refused is no failure here.
    run = [schemathesis, "run", TEXT, "--url", address, "--max-examples", "40", "--seed", "1",
           "--header", f"Authorization: Bearer {key('own')}", "--generation-database", "none",
           "--exclude-checks", "positive_data_acceptance,ignored_auth"]
    # It keeps notes of what failed where it runs.
    with tempfile.TemporaryDirectory() as notes:
        Path(notes, "schemathesis.toml").write_text(SETTINGS)
        sys.exit(subprocess.run(run, cwd=notes).returncode)
