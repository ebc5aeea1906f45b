"""Measures the program and writes the table in bench/convert.md. Run by `cargo xtask bench`.

    python3 bench/convert.py target/release/ai3dgen

Peak memory is the kernel's own figure for the child (wait4), so nothing is missed by polling.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "examples" / "teapot.jpg"
RUNS = 5
# The fallback that knows nothing about shape: the other side of every figure.
ENGINES = ["builtin", "inflate"]


def convert_once(binary, engine, folder):
    """One conversion: wall seconds, seconds to the first stage, peak MiB, bytes of the model."""
    model = folder / f"{engine}.glb"
    command = [binary, "convert", PICTURE, "-o", model, "--engine", engine, "--json"]
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=folder)
    output = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    if status != 0:
        sys.exit(f"convert failed: {output.decode(errors='replace')}")
    start = json.loads(output)["start_ms"] / 1000
    return wall, start, usage.ru_maxrss / 1024, model.stat().st_size


def convert(binary, engine):
    """Medians over all runs, the first of which only warms the file cache."""
    with tempfile.TemporaryDirectory() as folder:
        runs = [convert_once(binary, engine, Path(folder)) for _ in range(RUNS + 1)][1:]
    return [statistics.median(column) for column in zip(*runs)]


def idle_server(binary):
    """Resident MiB of a server that has answered one page and waits."""
    with tempfile.TemporaryDirectory() as folder:
        command = [binary, "serve", "--listen", "127.0.0.1:18737", "--data-dir", folder]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            for _ in range(100):
                try:
                    urllib.request.urlopen("http://127.0.0.1:18737/", timeout=5).read()
                    break
                except OSError:
                    if server.poll() is not None:
                        sys.exit(f"serve failed: {server.stderr.read().decode(errors='replace')}")
                    time.sleep(0.1)
            else:
                sys.exit("serve did not answer within 10 seconds")
            time.sleep(2)
            status = Path(f"/proc/{server.pid}/status").read_text()
        finally:
            server.terminate()
            server.wait()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


def machine():
    """Processor, cores and memory, in words."""
    info = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":")[1].strip() for line in info if line.startswith("model name")), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"{platform.system()} {platform.machine()}"
    load = os.getloadavg()[0]
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {system}; load before the run {load:.1f}"


def table(binary):
    """The whole result as Markdown."""
    where = machine()
    size = Path(binary).stat().st_size / 2**20
    columns = {engine: convert(binary, engine) for engine in ENGINES}
    rows = [
        ("wall, s", "≤ 2", 0, "{:.2f}"),
        ("start to first stage, ms", "≤ 100", 1, "{:.0f}"),
        ("peak memory, MiB", "≤ 500", 2, "{:.0f}"),
        ("model, MiB", "", 3, "{:.2f}"),
    ]
    scale = {1: 1000, 3: 1 / 2**20}
    lines = [
        "# convert",
        "",
        "Command: `cargo xtask bench` · "
        f"median of {RUNS} runs on `examples/{PICTURE.name}`, base tier",
        "",
        f"Machine: {where}",
        "",
        f"| figure | aim | {' | '.join(ENGINES)} |",
        "|---|---|" + "---|" * len(ENGINES),
    ]
    for name, aim, index, form in rows:
        cells = [form.format(columns[e][index] * scale.get(index, 1)) for e in ENGINES]
        lines.append(f"| {name} | {aim} | {' | '.join(cells)} |")
    lines += [
        "",
        "| figure | aim | measured |",
        "|---|---|---|",
        f"| binary, MiB | ≤ 60 | {size:.1f} |",
        f"| idle server, resident MiB | ≤ 80 | {idle_server(binary):.0f} |",
    ]
    return "\n".join(lines) + "\n"


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: convert.py PATH_TO_AI3DGEN")
    text = table(str(Path(sys.argv[1]).resolve()))
    print(text)
    (ROOT / "bench" / "convert.md").write_text(text)


if __name__ == "__main__":
    main()
