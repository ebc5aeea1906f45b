"""Holds what the readers saw to what was written, and writes docs/formats.md.

    .venv/bin/python tests/readers/table.py FOLDER docs/formats.md

FOLDER has written.jsonl, what `ai3dgen export --json` said of each file, and seen.jsonl.
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np

# Of the model's longest side: three digits more than anybody sees or prints.
PLACE_TOLERANCE = 1e-4
# Of 255. Vertex colours and texels differ by what lies between the vertices.
COLOUR_TOLERANCE = 6.0
# STL has no colours; trimesh doesn't read 3MF's.
COLOURLESS = {("trimesh", "stl"), ("Blender", "stl"), ("trimesh", "3mf")}
FORMATS = ("glb", "gltf", "obj", "stl", "3mf", "ply", "usdz")
READERS = ("gltf-validator", "trimesh", "lib3mf", "usd-core", "Blender")

HEADER = """# Formats

`cargo xtask readers` writes this page. The example picture's model is exported to every format and
read by programs that are not ours:
{versions}.

Each finds the same {faces} triangles, the same bounds within {place:g} of the longest side, +Y up and
the front towards +Z, and the same mean colour within {colour:g} of 255, after what its format or
importer says about units and axes; a difference fails the command. gltf-validator finds no error,
warning or unexplained information, trimesh a closed surface, lib3mf in strict mode no warning and a
manifold, OpenUSD's validators nothing to report. Blender also renders each file.

"""


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def differences(seen, written, reference):
    yield from seen["problems"]
    if seen["faces"] != written["triangles"]:
        yield f"{seen['faces']} triangles instead of {written['triangles']}"
    longest = max(written["size_m"])
    for corner in ("low", "high"):
        away = np.abs(np.subtract(seen[corner], reference[corner])).max()
        if away > PLACE_TOLERANCE * longest:
            yield f"{corner} corner {seen[corner]} instead of {reference[corner]}"
    size = np.subtract(seen["high"], seen["low"])
    if np.abs(size - written["size_m"]).max() > PLACE_TOLERANCE * longest:
        yield f"size {size} instead of {written['size_m']}"
    if seen["colour"] is not None:
        away = np.abs(np.subtract(seen["colour"], reference["colour"])).max()
        if away > COLOUR_TOLERANCE:
            yield f"colour {seen['colour']} instead of {reference['colour']}"
    elif (seen["reader"], seen["format"]) not in COLOURLESS:
        yield "no colour"


def main(folder, page):
    written = {line["format"]: line for line in lines(folder / "written.jsonl")}
    seen = lines(folder / "seen.jsonl")
    reference = seen[0]
    failures = 0
    # The validator stops the command by itself.
    cells = {("gltf-validator", format): "ok" for format in ("glb", "gltf")}
    for line in seen:
        wrong = list(differences(line, written[line["format"]], reference))
        for difference in wrong:
            print(f"{line['reader']} {line['format']}: {difference}")
        failures += len(wrong)
        told = "ok" if line["colour"] is not None else "ok, shape only"
        cells[line["reader"], line["format"]] = "**differs**" if wrong else told
    ran = [reader for reader in READERS if any(reader == key[0] for key in cells)]
    if "Blender" not in ran:
        print("NOT RUN: Blender; docs/formats.md stays as it is")
        return failures > 0
    names = {"lib3mf": "lib3mf", "trimesh": "trimesh", "usd-core": "usd-core"}
    versions = [f"{name} {version(package)}" for name, package in names.items()]
    text = HEADER.format(
        versions=", ".join(["gltf-validator", *versions, "Blender 4.2"]),
        faces=written["glb"]["triangles"],
        place=PLACE_TOLERANCE,
        colour=COLOUR_TOLERANCE,
    )
    text += "| format | MB | " + " | ".join(ran) + " |\n"
    text += "|---|---:|" + "---|" * len(ran) + "\n"
    for format in FORMATS:
        megabytes = written[format]["bytes"] / 1e6
        row = [cells.get((reader, format), "") for reader in ran]
        text += f"| {format} | {megabytes:.2f} | " + " | ".join(row) + " |\n"
    text += "\nWhat each format holds: `crates/formats/src/format.rs`.\n"
    page.write_text(text)
    return failures > 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
