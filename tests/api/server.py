"""The real server with an empty data folder, for the clients of other services."""

import os
import re
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = os.environ.get("AI3DGEN_BIN", str(ROOT / "target/debug/ai3dgen"))
PICTURE = ROOT / "tests/api/disc.png"


@contextmanager
def server(*options):
    """Its address, and a function that makes a key for one service's client."""
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "data")
        # Tripo's client leaves the port out of the Host header, so the server is told its address.
        with socket.create_server(("127.0.0.1", 0)) as free:
            listen = f"127.0.0.1:{free.getsockname()[1]}"
        serve = [BINARY, "serve", "--listen", listen, "--public-url", f"http://{listen}", "--data-dir", data, *options]
        process = subprocess.Popen(serve, stdout=subprocess.PIPE, text=True)
        try:
            line = process.stdout.readline()
            address = re.search(r"http://\S+", line).group()

            def key(service, *more, name=None):
                create = [BINARY, "keys", "create", name or service, "--for", service, "--data-dir", data]
                made = subprocess.run([*create, *more], check=True, capture_output=True, text=True)
                return made.stdout.strip()

            yield address, key
        finally:
            process.terminate()
            process.wait()


def is_model(path):
    """Whether a file is binary glTF with faces and one texture, in which Khronos' validator finds nothing to report."""
    validate = ["node", str(ROOT / "tests/readers/validate.mjs"), str(path)]
    found = subprocess.run(validate, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout
    return int(re.search(r"(\d+) triangles", found.stdout).group(1)) > 100
