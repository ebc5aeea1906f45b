"""How long the image tools take, as a person waits: the whole command, from start to file.
`pip install pillow`, all weights pulled, then `python bench/tools/tools.py target/release/ai3dgen`.

The picture is examples/teapot.jpg resized; times are medians of three runs after one more. Beside the
time that passes there is the processor's, of both cores together: it hardly depends on what else runs."""

import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

from PIL import Image, ImageDraw

ROOT = pathlib.Path(__file__).parents[2]
BINARY = pathlib.Path(sys.argv[1]).resolve()


def seconds(*arguments):
    passed, used = [], []
    for _ in range(4):
        began, before = time.perf_counter(), processor()
        subprocess.run([BINARY, *arguments], check=True, stderr=subprocess.DEVNULL)
        passed.append(time.perf_counter() - began)
        used.append(processor() - before)
    return statistics.median(passed[1:]), statistics.median(used[1:])


def processor():
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    teapot = Image.open(ROOT / "examples/teapot.jpg").convert("RGB")
    teapot.resize((1000, 1000), Image.LANCZOS).save("mp1.png")
    teapot.resize((512, 512), Image.LANCZOS).save("512.png")
    teapot.resize((128, 128), Image.LANCZOS).save("128.png")
    for share in (1, 5, 15):
        mask = Image.new("L", (1000, 1000))
        radius = (share / 100 * 1e6 / 3.14159) ** 0.5
        box = [500 - radius, 500 - radius, 500 + radius, 500 + radius]
        ImageDraw.Draw(mask).ellipse(box, fill=255)
        mask.save(f"mask{share}.png")
    print(f"load before: {os.getloadavg()[0]:.1f}\n")
    print("| command | picture | aim, s | s | processor, s |\n|---|---|---|---|---|")
    for arguments, size, aim in [
        ("matte mp1.png --model u2netp", "1 MP", "0.6"),
        ("matte mp1.png --model u2net", "1 MP", "1.5"),
        ("edit 512.png --upscale 2", "512²", "6"),
        ("edit 128.png --upscale 4", "128²", ""),
        ("edit mp1.png --denoise 15", "1 MP", ""),
        ("edit mp1.png --style starry", "1 MP", ""),
        ("edit mp1.png --exposure 1 --contrast 20 --saturation 10 --temperature auto", "1 MP", ""),
        ("edit mp1.png --sharpen 50", "1 MP", ""),
        ("edit mp1.png --straighten 3", "1 MP", ""),
        ("erase mp1.png --mask mask1.png", "1 MP, 1 % marked", "a few"),
        ("erase mp1.png --mask mask5.png", "1 MP, 5 % marked", "a few"),
        ("erase mp1.png --mask mask15.png", "1 MP, 15 % marked", "a few"),
    ]:
        passed, used = seconds(*arguments.split(), "-o", "out.png")
        print(f"| `{arguments}` | {size} | {aim} | {passed:.2f} | {used:.2f} |", flush=True)
