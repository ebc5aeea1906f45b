"""Times and scores everything behind the networks; writes bench/finish/finish.md.

    python bench/finish/finish.py PROGRAM

PROGRAM is the release build of the package `finish`; `cargo xtask finish` calls this.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
COMPARED = {"faces": "20000", "texture": "1024"}

HEAD = """# From a field to a file

`cargo xtask finish` wrote this page ({cores} cores, load {load:.1f} before the run). Three known shapes go
through everything behind the networks: field (128³; Ultra 256³), surface, simplification, unwrapping,
painting, GLB; median of three runs. Distance: mean distance of the model from the true surface, in
thousandths of its longest side. PSNR: the picture against the model drawn unlit from the picture's
camera, at 512²; the picture is hard print on soft colours, and Pro and Ultra take what they hold for
light out of it. Peak memory is the whole process with the bench's own samples.

| tier | shape | seconds | peak MiB | distance | PSNR dB | closed | faces |
|---|---|---|---|---|---|---|---|
"""

THEIRS = """
## Beside Python's libraries, in the same run

Base (20,000 faces, 1024² texture) against scikit-image, trimesh, fast-simplification and xatlas with a
vectorised NumPy bake (`reference.py`), from the same shapes, fields of 128³ samples and pictures. Pairs are
ours / theirs. Both take the surface straight from the field (`Volume::exact`); ours cuts it by the
picture's outline, too.

| shape | ours s | theirs s | times faster | distance | PSNR dB | closed | xatlas charts | xatlas s |
|---|---|---|---|---|---|---|---|---|
"""


def lines(*command):
    """What the program says, a dictionary per line, and its peak memory in MiB."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    told = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command[0]} {command[1]} failed")
    return [json.loads(line) for line in told.splitlines()], usage.ru_maxrss // 1024


def main(program):
    page = HEAD.format(cores=os.cpu_count(), load=os.getloadavg()[0])
    ours = {}
    for tier in ("base", "pro", "ultra"):
        ours[tier], peak = lines(program, "ours", tier)
        for line in ours[tier]:
            page += (
                f"| {tier} | {line['shape']} | {line['seconds']:.2f} | {peak} | {line['distance']:.2f} "
                f"| {line['psnr_db']:.1f} | {'yes' if line['closed'] else 'no'} | {line['faces']} |\n"
            )
    page += THEIRS
    with tempfile.TemporaryDirectory() as folder:
        lines(program, "inputs", folder)
        reference = str(HERE / "reference.py")
        theirs, _ = lines(sys.executable, reference, folder, COMPARED["faces"], COMPARED["texture"])
        scores, _ = lines(program, "score", folder)
    theirs = {line["shape"]: line for line in theirs}
    scores = {line["shape"]: line for line in scores}
    for own in ours["base"]:
        their, score = theirs[own["shape"]], scores[own["shape"]]
        seconds = sum(their["seconds"].values())
        closed = " / ".join("yes" if line["closed"] else "no" for line in (own, score))
        page += (
            f"| {own['shape']} | {own['seconds']:.2f} | {seconds:.2f} | {seconds / own['seconds']:.1f} "
            f"| {own['distance']:.2f} / {score['distance']:.2f} | {own['psnr_db']:.1f} / {score['psnr_db']:.1f} "
            f"| {closed} | {their['charts']} | {their['seconds']['unwrap']:.2f} |\n"
        )
    (HERE / "finish.md").write_text(page)
    print(page)


if __name__ == "__main__":
    main(sys.argv[1])
