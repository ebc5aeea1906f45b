"""Holds the running server to the committed OpenAPI text: schemathesis sends what the text allows, and
what it doesn't, and looks at every answer. Whatever success the text has for an operation was met at least once."""

import base64
import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from collections import Counter, defaultdict
from pathlib import Path

from server import PICTURE, ROOT, server

TEXT = ROOT / "docs/api/openapi.json"
# A job's receipts are what is left of it when it was deleted; a job that was just made may have named no webhook.
SETTINGS = """
[[operations]]
include-operation-id = "getReceipts"
checks.use_after_free.enabled = false

[[operations]]
include-operation-id = "getWebhook"
checks.ensure_resource_availability.enabled = false

[[operations]]
include-operation-id = "replayWebhook"
checks.ensure_resource_availability.enabled = false
"""
METHODS = {"get", "post", "put", "patch", "delete"}


def operations(text):
    """Each by its method and path."""
    for path, item in text["paths"].items():
        for method in item.keys() & METHODS:
            yield f"{method.upper()} {path}", item, item[method]


class Things:
    """Makes jobs and files on the server, for examples of their ids."""

    def __init__(self, address, key):
        self.address, self.key = f"{address}/api/v1", key
        self.picture = f"data:image/png;base64,{base64.b64encode(PICTURE.read_bytes()).decode()}"

    def ask(self, path, body=None, kind="application/json"):
        request = urllib.request.Request(self.address + path, body, {"authorization": f"Bearer {self.key}"})
        if body:
            request.add_header("content-type", kind)
        return urllib.request.urlopen(request).read().decode()

    def file(self):
        return json.loads(self.ask("/files", PICTURE.read_bytes(), "image/png"))["id"]

    def job(self, **more):
        """One that has ended: its id, and the last event's."""
        wish = {"image": self.picture, "tier": "base", "faces": 500, **more}
        job = json.loads(self.ask("/jobs", json.dumps(wish).encode()))["id"]
        events = self.ask(f"/jobs/{job}/events").splitlines()
        return job, [line.removeprefix("id: ") for line in events if line.startswith("id: ")][-1]

    def of(self, operation):
        """One that the operation, which changes or ends it, has for itself."""
        match operation:
            case "deleteFile":
                return self.file()
            case "retryJob":
                # Its weights aren't there, so it fails.
                return self.job(engine="triposr")[0]
            case "getWebhook" | "replayWebhook":
                return self.job(webhook_url="https://nobody.invalid/", webhook_secret="0123456789abcdef")[0]
            case _:
                return self.job()[0]


def with_examples(text, things):
    """The text with real ids in it."""
    for _, item, operation in operations(text):
        [*ids] = [one for one in item.get("parameters", []) if one["name"] == "id"]
        for parameter in ids:
            id = things.of(operation["operationId"])
            operation["parameters"] = [*operation.get("parameters", []), {**parameter, "example": id}]
        if operation["operationId"] == "watchJob":
            [resumed, example] = operation["parameters"]
            example["example"], last = things.job()
            resumed["examples"] = {"nothing seen": {"value": "-"}, "all of it seen": {"value": last}}
    return text


def missed(text, answers):
    """Prints how often each operation answered what; answers which successes never came."""
    seen = defaultdict(Counter)
    for line in answers.read_text().splitlines():
        label, status = line.split("\t")
        seen[label][status] += 1
    never = []
    for label, _, operation in operations(text):
        statuses = sorted(seen[label].items())
        print(f"{operation['operationId']:17}", *(f"{status}×{count}" for status, count in statuses), sep="  ")
        successes = [status for status in operation["responses"] if status.startswith("2")]
        never += [f"{label} {status}" for status in successes if status not in seen[label]]
    return never


def main():
    with server() as (address, key), tempfile.TemporaryDirectory() as folder:
        served = urllib.request.urlopen(f"{address}/api/v1/openapi.json").read()
        assert served == TEXT.read_bytes(), "another text is served than is committed"
        text, key = json.loads(served), key("own")
        examples, answers = Path(folder, "openapi.json"), Path(folder, "answers")
        examples.write_text(json.dumps(with_examples(text, Things(address, key))))
        Path(folder, "schemathesis.toml").write_text(SETTINGS)
        schemathesis = Path(sys.executable).with_name("schemathesis")
        # Not every random option is one: that a valid body is refused is no failure here.
        run = [schemathesis, "run", examples, "--url", address, "--max-examples", "40", "--seed", "1",
               "--header", f"Authorization: Bearer {key}", "--generation-database", "none",
               "--exclude-checks", "positive_data_acceptance,ignored_auth"]
        hooks = {"SCHEMATHESIS_HOOKS": "contract_hooks", "PYTHONPATH": str(ROOT / "tests/api"), "ANSWERS": str(answers)}
        # It keeps notes of what failed where it runs.
        ran = subprocess.run(run, cwd=folder, env={**os.environ, **hooks}).returncode
        if never := missed(text, answers):
            sys.exit(f"never met: {', '.join(never)}")
        sys.exit(ran)


main()
