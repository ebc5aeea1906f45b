"""What processes of their own cost: time per job and memory. Prints a table.

python3 bench/worker/worker.py [--binary target/release/ai3dgen] [--picture FILE]
                               [--rounds 5] [--tiers base,pro,ultra]

Without a picture it draws one, a striped disc that is cut out. Another one needs a transparent
background as well, or the weights for background removal. Linux only.
"""

import argparse
import json
import math
import os
import random
import signal
import statistics
import struct
import subprocess
import tempfile
import time
import urllib.request
import zlib
from pathlib import Path


def main():
    args = arguments()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(args.binary, folder)
        try:
            measure(server, args)
        finally:
            server.stop()


def arguments():
    root = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", default=root / "target/release/ai3dgen")
    parser.add_argument("--picture")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tiers", default="base,pro,ultra")
    return parser.parse_args()


def measure(server, args):
    picture = Path(args.picture).read_bytes() if args.picture else disc(1024)
    time.sleep(2)
    print(f"sandbox: {server.sandbox}; {os.cpu_count()} cores; load {os.getloadavg()[0]:.1f}")
    print("\n| at rest | RSS, MiB | of it the program's own file | of it written to |\n|---|---|---|---|")
    [waiting] = server.workers()
    for name, pid in (("server", server.pid), ("worker that waits", waiting)):
        sizes = memory(pid)
        clean = sizes["Shared_Clean"] + sizes["Private_Clean"]
        written = sizes["Shared_Dirty"] + sizes["Private_Dirty"]
        print(f"| {name} | {sizes['Rss']:.1f} | {clean:.1f} | {written:.1f} |")

    print("\n| upload and job, base | upload, ms | job beside its stages, ms |\n|---|---|---|")
    for name, is_cold in (("worker waits", False), ("worker was killed", True)):
        uploads, besides = [], []
        for _ in range(args.rounds):
            settle(server)
            if is_cold:
                for pid in server.workers():
                    os.kill(pid, signal.SIGKILL)
            job = server.job(picture, "base")
            uploads.append(job["upload_ms"])
            besides.append(job["wall_ms"] - job["stages_ms"])
        print(f"| {name} | {statistics.median(uploads):.0f} | {statistics.median(besides):.0f} |")

    print("\n| tier | seconds | peak RSS, MiB | private writable, MiB | address space, MiB |")
    print("|---|---|---|---|---|")
    for tier in args.tiers.split(","):
        job = server.job(picture, tier)
        peaks = job["peaks"]
        sizes = " | ".join(f"{peaks[name]:.0f}" for name in ("VmHWM", "VmData", "VmPeak"))
        print(f"| {tier} | {job['wall_ms'] / 1000:.1f} | {sizes} |")


class Server:
    def __init__(self, binary, folder):
        self.process = subprocess.Popen(
            [binary, "serve", "--listen", "127.0.0.1:0", "--data-dir", folder],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.pid = self.process.pid
        self.url = self.process.stdout.readline().split()[-1]
        self.sandbox = self.process.stdout.readline().split(": ", 1)[1].strip()

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def workers(self):
        children = Path(f"/proc/{self.pid}/task").glob("*/children")
        return [int(pid) for task in children for pid in read(task).split()]

    def send(self, method, path, body=None):
        headers = {"Content-Type": "application/octet-stream"}
        request = urllib.request.Request(self.url + path, body, headers, method=method)
        with urllib.request.urlopen(request) as reply:
            return json.loads(reply.read() or b"null")

    def job(self, picture, tier):
        """One job from upload to end; looks at all workers while it runs."""
        began = time.monotonic()
        job = self.send("POST", f"/jobs?tier={tier}", picture)
        uploaded = time.monotonic()
        peaks = {"VmHWM": 0, "VmData": 0, "VmPeak": 0}
        while job["state"] in ("queued", "running"):
            time.sleep(0.005)
            for pid in self.workers():
                for name, size in status(pid).items():
                    if name in peaks:
                        peaks[name] = max(peaks[name], size)
            job = self.send("GET", job["links"]["self"])
        assert job["state"] == "done", job
        return {
            "upload_ms": (uploaded - began) * 1000,
            "wall_ms": (time.monotonic() - uploaded) * 1000,
            "stages_ms": sum(job["stage_millis"].values()),
            "peaks": peaks,
        }


def settle(server):
    """Until the next worker waits, with its network loaded."""
    time.sleep(1.5)
    while len(server.workers()) != 1:
        time.sleep(0.1)


def disc(side):
    """A PNG file with noise in its stripes, so that textures are as large as a photograph's."""
    rows = bytearray()
    noise = random.Random(1)
    for y in range(side):
        rows.append(0)
        for x in range(side):
            away = math.hypot(x - side / 2, y - side / 2) / (side / 2)
            shade = int(200 * max(0.0, 1 - away * away) ** 0.5) + noise.randrange(40)
            stripe = 160 if (x + y) // 40 % 2 else 255
            rows += bytes((min(shade, 255), shade * stripe // 256, 90, 255 if away < 0.7 else 0))
    header = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )


def status(pid):
    return sizes(read(Path(f"/proc/{pid}/status")))


def memory(pid):
    return sizes(read(Path(f"/proc/{pid}/smaps_rollup")))


def read(path):
    """Nothing if the process or thread has just ended."""
    try:
        return path.read_text()
    except OSError:
        return ""


def sizes(text):
    """MiB by name."""
    fields = (line.split() for line in text.splitlines())
    return {f[0].rstrip(":"): int(f[1]) / 1024 for f in fields if len(f) == 3 and f[2] == "kB"}


if __name__ == "__main__":
    main()
