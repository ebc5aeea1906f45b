"""From a picture to a file: `ai3dgen convert --engine triposr` beside PyTorch, on the same machine.

    cargo run --release -p triposr --example triposr_speed -- MODELS/triposr f32     (writes made-up weights)
    python bench/triposr/end_to_end.py target/release/ai3dgen MODELS [REPEATS]

needs torch, numpy and PyMCubes in its own environment. Ours is the whole process, from start to GLB
and preview at tier Base; PyTorch's is what reference.py --mesh adds up, without loading anything and
without a file.
"""

import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import time
import zlib


def ball_png(side=512):
    """A shaded disc on transparency: the outline of the ball that the weights make."""
    rows = bytearray()
    for y in range(side):
        rows.append(0)
        for x in range(side):
            u, v = (2 * x + 1) / side - 1, (2 * y + 1) / side - 1
            height = max(0.0, 1 - (u * u + v * v) / 0.64) ** 0.5
            light = int(60 + 150 * height)
            rows += bytes([light, light // 2, light // 3, 255 if height else 0])

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(rows))) + chunk(b"IEND", b"")


def measured(command, env=None):
    """Output, wall seconds, CPU seconds, peak megabytes."""
    started = time.perf_counter()
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command[0]} failed")
    return output, time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    program, models = (str(pathlib.Path(path).resolve()) for path in sys.argv[1:3])
    repeats = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    reference = pathlib.Path(__file__).with_name("reference.py")
    with tempfile.TemporaryDirectory() as folder:
        picture = pathlib.Path(folder, "ball.png")
        picture.write_bytes(ball_png())
        for _ in range(repeats):
            print(f"load {os.getloadavg()[0]:.1f}")
            for precision in ["f32", "bf16", "int8", "auto"]:
                command = [program, "convert", str(picture), "--engine", "triposr", "--precision", precision, "--json"]
                command += ["-o", str(pathlib.Path(folder, "ball.glb"))]
                output, wall, cpu, peak = measured(command, {**os.environ, "AI3DGEN_MODELS_DIR": models})
                report = json.loads(output)
                assert report["engine"] == "triposr" and report["notices"] == [], report["notices"]
                stages = ", ".join(f"{name} {ms / 1000:.2f}" for name, ms in report["stage_ms"].items())
                print(f"ours {precision:5} {wall:8.2f} s, {cpu:8.2f} CPU-s, peak {peak:6.0f} MB ({stages})", flush=True)
            output, _, _, peak = measured([sys.executable, str(reference), "--mesh"])
            print(output, end="")
            print(f"torch whole process, peak {peak:.0f} MB, load {os.getloadavg()[0]:.1f}", flush=True)


if __name__ == "__main__":
    main()
