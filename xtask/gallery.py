"""Draws docs/gallery.md: every object at every tier, from the front, the side and behind.

    .venv/bin/python xtask/gallery.py BINARY PAGE.md PICTURE...

`cargo xtask gallery` calls this. The tiles are those of `ai3dgen convert --sheet`.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw

TIERS = ("base", "pro", "ultra")
# Tiles of a sheet's row: the picture, then textured at 0°, 45°, 90° and 180°, then clay at -45°, 45°
# and 90°.
TILE = 256
PICTURE, SHOWN = 0, (1, 3, 4, 5)
# Above each row: what the tier gave.
BAND = 28
ROW = BAND + TILE
INK = (40, 42, 48)

PAGE = """# Gallery

`cargo xtask gallery` wrote this page: {count} pictures, each made into a model at each tier. Beside
the picture: the model from the front, from 90° and from behind, and its bare surface from −45°. Every
model was made from that one picture; what it doesn't show is guessed.

{objects}
## Where the pictures come from

*teapot* and *bucket*: [examples](../examples/README.md). The others are views of scans of the YCB
object and model set, rendered by `bench/quality`: B. Calli, A. Singh, A. Walsman, S. Srinivasa,
P. Abbeel, A. M. Dollar, *The YCB object and model set*, ICAR 2015,
[ycbbenchmarks.com](https://www.ycbbenchmarks.com), [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/).
The pictures show one side of each scan in a light of ours, and the models were made from them; nothing
of the set entered training.
"""

OBJECT = """## {name}

![{name}: the picture, then front, side, back and surface at Base, Pro and Ultra]({file})

"""


def converted(binary, tier, pictures, folder):
    """Report and sheet of each picture at one tier, by the picture's name."""
    folder = folder / tier
    command = [binary, "convert", *pictures, "--tier", tier, "-o", folder, "--sheet", folder, "--json"]
    told = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    lines = [json.loads(line) for line in told.splitlines()]
    return {Path(line["input"]).stem: (line, Image.open(line["sheet"]).convert("RGB")) for line in lines}


def tile(sheet, column):
    return sheet.crop((column * TILE, 0, (column + 1) * TILE, TILE))


def drawn(rows):
    """One object: the picture, and a row for each tier beside it."""
    paper = rows[0][1].getpixel((2 * TILE - 1, 0))
    image = Image.new("RGB", (TILE * (1 + len(SHOWN)), ROW * len(rows)), paper)
    image.paste(tile(rows[0][1], PICTURE), (0, (image.height - TILE) // 2))
    pen = ImageDraw.Draw(image)
    for at, (line, sheet) in enumerate(rows):
        words = f"{line['tier'].title()}: {line['triangles']:,} triangles, texture {line['texture_px']} px"
        pen.text((TILE + 2, at * ROW + 4), words, INK, font_size=18)
        for column, shown in enumerate(SHOWN, 1):
            image.paste(tile(sheet, shown), (column * TILE, at * ROW + BAND))
    # A palette of one's own is a third of the size and nobody sees it.
    return image.quantize(256, dither=Image.Dither.FLOYDSTEINBERG)


def main(binary, page, pictures):
    page.parent.mkdir(parents=True, exist_ok=True)
    folder = page.with_suffix("")
    folder.mkdir(exist_ok=True)
    # An old picture must not pass for a new one.
    for old in folder.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as models:
        tiers = [converted(binary, tier, pictures, Path(models)) for tier in TIERS]
    objects, size = "", 0
    for stem in (Path(picture).stem for picture in pictures):
        name = stem.removeprefix("ycb_").removesuffix("-0").replace("_", " ")
        file = folder / f"{name.replace(' ', '-')}.png"
        drawn([tier[stem] for tier in tiers]).save(file, optimize=True)
        size += file.stat().st_size
        objects += OBJECT.format(name=name, file=file.relative_to(page.parent))
    page.write_text(PAGE.format(count=len(pictures), objects=objects))
    print(f"{page}: {len(pictures)} objects, {size / 1e6:.2f} MB")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
