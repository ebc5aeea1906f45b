"""Compares how surfaces are flattened; writes bench/finish/unwrap.md.

    python bench/finish/unwrap.py PROGRAM MODEL.glb...

PROGRAM is the release build of the binary `unwrap`; `cargo xtask unwrap` calls this.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
import uvunwrap
import xatlas

HERE = Path(__file__).parent
SIDE = 1024
GUTTER = 6
RUNS = 3

HEAD = """# Flattening a surface

`cargo xtask unwrap` wrote this page ({cores} cores, load {load:.1f} before the run). The known shapes and the
models of the example pictures, about 20,000 triangles each, are flattened into {side}² texels with {gutter}
texels between islands by `mesh::unwrap` and by two general unwrappers, uvunwrap {uvunwrap} (the Rust
crate through its Python package) and xatlas {xatlas}, with the defaults of each. Seconds are the median of
{runs} runs of the call alone.

*ours* is what the engine asks for: the front in the photograph's own perspective as one island, sides
and back at a third of its density. Nothing else here can do that, and it costs *stretch*, which asks for
the same density everywhere. *ours, even* is the same way without preferences.

| figure | meaning | better |
|---|---|---|
| charts | islands | less |
| seams | length of the cuts, in units of the square root of the area | less |
| stretch | L² texture stretch (Sander et al. 2001); 1: every texel covers a square of one size | less |
| angles | mean difference between the angles on the sheet and on the surface, by area, degrees | less |
| lost | share of the area that is mirrored within its island or stretched over 20 times, left out of the two before | less |
| covered | share of the sheet's texels that are used | more |
| doubled | share of those that several triangles claim | less |

| surface | way | seconds | charts | seams | stretch | angles ° | lost % | covered % | doubled % |
|---|---|---:|---:|---:|---:|---:|---:|---:|---:|
"""


def with_xatlas(positions, triangles):
    atlas = xatlas.Atlas()
    atlas.add_mesh(positions, triangles)
    options = xatlas.PackOptions()
    options.resolution, options.padding = SIDE, GUTTER
    began = time.perf_counter()
    atlas.generate(xatlas.ChartOptions(), options)
    seconds = time.perf_counter() - began
    _, indices, uvs = atlas[0]
    # It answers in shares of the sheet that it made, which may be smaller than what was asked for.
    scale = np.array([atlas.width, atlas.height]) / max(SIDE, atlas.width, atlas.height)
    return uvs[indices] * scale, seconds


def with_uvunwrap(positions, triangles):
    mesh = uvunwrap.Mesh(positions, triangles)
    began = time.perf_counter()
    atlas = uvunwrap.generate([mesh], page_size=SIDE, padding=GUTTER)
    seconds = time.perf_counter() - began
    return np.asarray(atlas.meshes[0].corner_uvs).reshape(-1, 3, 2), seconds


THEIRS = {"uvunwrap": with_uvunwrap, "xatlas": with_xatlas}


def theirs(folder):
    """Has the others flatten every surface of the folder."""
    for file in sorted(folder.glob("*.mesh")):
        words = np.fromfile(file, "<u4")
        vertices = int(words[0])
        positions = words[2 : 2 + 3 * vertices].view("<f4").reshape(-1, 3)
        triangles = words[2 + 3 * vertices :].reshape(-1, 3)
        for way, flatten in THEIRS.items():
            runs = [flatten(positions, triangles) for _ in range(RUNS)]
            runs[0][0].astype("<f4").tofile(folder / f"{file.stem}.{way}.uv")
            seconds = statistics.median(run[1] for run in runs)
            yield {"mesh": file.stem, "way": way, "seconds": seconds}


def told(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def main(program, *models):
    page = HEAD.format(
        cores=os.cpu_count(),
        load=os.getloadavg()[0],
        side=SIDE,
        gutter=GUTTER,
        runs=RUNS,
        uvunwrap=version("uvunwrap"),
        xatlas=version("xatlas"),
    )
    with tempfile.TemporaryDirectory() as folder:
        timed = told(program, "ours", folder, *models)
        timed += theirs(Path(folder))
        scores = {(line["mesh"], line["way"]): line for line in told(program, "score", folder)}
    meshes = list(dict.fromkeys(line["mesh"] for line in timed))
    ways = list(dict.fromkeys(line["way"] for line in timed))
    seconds = {(line["mesh"], line["way"]): line["seconds"] for line in timed}
    for key in ((mesh, way) for mesh in meshes for way in ways):
        score = scores[key]
        page += (
            f"| {key[0]} | {key[1]} | {seconds[key]:.2f} | {score['charts']} | {score['seams']:.1f} "
            f"| {score['stretch']:.2f} | {score['angle_deg']:.1f} | {100 * score['lost']:.2f} "
            f"| {100 * score['covered']:.0f} | {100 * score['doubled']:.2f} |\n"
        )
    (HERE / "unwrap.md").write_text(page)
    print(page)


if __name__ == "__main__":
    main(*sys.argv[1:])
