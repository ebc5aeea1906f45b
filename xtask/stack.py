"""Lays pictures of the same width under each other: stack.py OUT.png IN.png..."""

import sys

from PIL import Image

out, *paths = sys.argv[1:]
rows = [Image.open(path).convert("RGB") for path in paths]
sheet = Image.new("RGB", (max(row.width for row in rows), sum(row.height for row in rows)))
top = 0
for row in rows:
    sheet.paste(row, (0, top))
    top += row.height
sheet.save(out)
