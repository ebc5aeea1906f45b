"""Draws a run's log: loss parts on samples learnt from and on objects never seen. `python curves.py LOG OUT.png`"""

import json
import sys

from PIL import Image, ImageDraw

WIDTH, HEIGHT, MARGIN = 360, 220, 36
PANELS = ("front", "back", "degrees", "iou", "colour", "volume")


def main(log, out):
    lines = [json.loads(line) for line in open(log)]
    learnt = [line for line in lines if "per_second" in line and "iou" in line]
    held = [line for line in lines if isinstance(line.get("held_out"), dict)]
    picture = Image.new("RGB", (3 * WIDTH, 2 * HEIGHT), "white")
    draw = ImageDraw.Draw(picture)
    most = max(line["seen"] for line in learnt)
    for number, name in enumerate(PANELS):
        left, top = number % 3 * WIDTH + MARGIN, number // 3 * HEIGHT + MARGIN
        right, bottom = left + WIDTH - 2 * MARGIN, top + HEIGHT - 2 * MARGIN
        series = {
            "gray": [(line["seen"], line[name]) for line in learnt],
            "red": [(line["seen"], line["held_out"][name]) for line in held],
        }
        # The first tenth of a run is off any useful scale.
        values = [value for points in series.values() for seen, value in points if seen > most / 10]
        low, high = min(values), max(values)
        draw.rectangle((left, top, right, bottom), outline="lightgray")
        draw.text((left, top - 14), f"{name}: {low:.3g} to {high:.3g}", fill="black")
        for colour, points in series.items():
            at = [
                (left + seen / most * (right - left), bottom - min(1.0, max(0.0, (value - low) / (high - low))) * (bottom - top))
                for seen, value in points
            ]
            draw.line(at, fill=colour, width=2)
    draw.text((MARGIN, 4), f"gray: samples learnt from, red: held-out objects; 0 to {most:,} samples", fill="black")
    picture.save(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
