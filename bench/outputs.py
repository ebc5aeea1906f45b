"""Converts pictures at every tier and holds each model to what is promised of all of them.

    .venv/bin/python bench/outputs.py BINARY SCANS PHOTOS PAGE.md [--quick]

SCANS and PHOTOS are folders of pictures; `cargo xtask outputs` takes the first of scans and calls
this. --quick takes every eighth picture only.
"""

import argparse
import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READERS = ROOT / "tests" / "readers"
sys.path.insert(0, str(READERS))
from measure import broken_promises  # noqa: E402

TIERS = ("base", "pro", "ultra")
PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif"}
QUICK_STEP = 8

PAGE = """# Every model of a whole set

`cargo xtask outputs` wrote this page: {sets} were converted at each tier, {made} models in {minutes:.0f}
minutes on {cores} cores. Every model is read back by `ai3dgen check`, by the Khronos validator and by
trimesh (`tests/readers/measure.py`: closed, consistently wound, positive volume, stored normals,
texture, standing on the ground). The aim is that every count equals the number of pictures and
every sum is zero; self-intersections are counted, not promised.

| tier | pictures | models | watertight | manifold | outward | degenerate faces | validator errors | warnings | trimesh content | without self-intersections |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
"""


def told(*command):
    """The JSON lines a program writes, as it writes them. Its exit status says what they say."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        for line in running.stdout:
            yield json.loads(line)


def trimesh_objections(model):
    """What trimesh finds broken, in words; a model that it can't read is broken too."""
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            return list(broken_promises(model))
        except Exception as error:  # noqa: BLE001: whatever a reader throws is the finding
            return [f"trimesh can't read it ({type(error).__name__})"]


def problems(report, validated, objections):
    """Every broken promise of one model, in words."""
    for promise in ("watertight", "manifold"):
        if not report[promise]:
            yield f"not {promise}"
    if not report["normals"]["outward"]:
        yield "normals not outward"
    if report["degenerate"]:
        yield f"{report['degenerate']} degenerate faces"
    if validated["errors"] or validated["warnings"]:
        yield f"gltf-validator: {', '.join(validated['codes'])}"
    yield from objections


def judge(binary, pictures, tier, folder, counts, failures, crossed):
    """Converts the pictures of one folder at one tier and adds up what is found.

    Models that are as promised are deleted: a set of Ultra models is gigabytes.
    """
    counts["pictures"] += len(pictures)
    # Each model is checked while the next one is made.
    for line in told(binary, "convert", *pictures, "-o", folder, "--tier", tier, "--json"):
        name = f"{Path(line['input']).stem}, {tier}"
        if not line["ok"]:
            failures.append(f"{name}: no model: {line.get('error', '')}")
            continue
        counts["models"] += 1
        model = Path(line["model"])
        (checked,) = told(binary, "check", "--json", model)
        (validated,) = told("node", READERS / "validate.mjs", "--json", model)
        report, objections = checked["report"], trimesh_objections(model)
        counts["watertight"] += report["watertight"]
        counts["manifold"] += report["manifold"]
        counts["outward"] += report["normals"]["outward"]
        counts["degenerate"] += report["degenerate"]
        counts["errors"] += validated["errors"]
        counts["warnings"] += validated["warnings"]
        counts["trimesh"] += not objections
        counts["uncrossed"] += report["crossings"] == 0
        if report["crossings"]:
            crossed.append(f"{name}: {report['crossings']} pairs of faces")
        broken = list(problems(report, validated, objections))
        failures.extend(f"{name}: {problem}" for problem in broken)
        print(f"{name}: {'; '.join(broken) or 'as promised'}", flush=True)
        if not broken:
            model.unlink()


def row(tier, counts):
    columns = "pictures models watertight manifold outward degenerate errors warnings trimesh uncrossed"
    cells = [str(counts[column]) for column in columns.split()]
    return f"| {tier} | {' | '.join(cells)} |\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("scans", type=Path)
    parser.add_argument("photos", type=Path)
    parser.add_argument("page", type=Path)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    sets = {}
    for name, folder in (("rendered scans", options.scans), ("photographs", options.photos)):
        found = sorted(path for path in folder.iterdir() if path.suffix.lower() in PICTURES)
        sets[name] = found[:: QUICK_STEP if options.quick else 1]

    began = time.monotonic()
    rows, failures, crossed, made = "", [], [], 0
    kept = ROOT / "out" / "outputs"
    kept.mkdir(parents=True, exist_ok=True)
    for tier in TIERS:
        counts = Counter()
        for pictures in sets.values():
            folder = tempfile.mkdtemp(prefix=f"{tier}-", dir=kept)
            judge(options.binary, pictures, tier, folder, counts, failures, crossed)
            with contextlib.suppress(OSError):
                os.rmdir(folder)
        rows += row(tier, counts)
        made += counts["models"]
    page = PAGE.format(
        sets=" and ".join(f"{len(pictures)} {name}" for name, pictures in sets.items()),
        made=made,
        minutes=(time.monotonic() - began) / 60,
        cores=os.cpu_count(),
    )
    page += rows
    for title, found in (("Failures", failures), ("Self-intersections", crossed)):
        page += f"\n## {title}\n\n"
        page += "".join(f"{number}. {line}\n" for number, line in enumerate(found, 1)) or "None.\n"
    options.page.parent.mkdir(parents=True, exist_ok=True)
    options.page.write_text(page)
    print(page)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
