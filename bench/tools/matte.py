"""How far our U²-Net maps are from onnxruntime's on the same pictures: both see the picture at 320 ×
320, both maps are stretched to 0–1. `pip install onnxruntime pillow numpy`, then

    cargo run --workspace --example matte -- WEIGHTS.onnx OUT PICTURE...
    python bench/tools/matte.py WEIGHTS.onnx OUT PICTURE...
"""

import pathlib
import sys

import numpy as np
import onnxruntime
from PIL import Image, ImageOps

SIDE, LARGEST = 320, 1024
MEAN, DEVIATION = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])

weights, out, *pictures = sys.argv[1:]
session = onnxruntime.InferenceSession(weights)
name = session.get_inputs()[0].name
errors = []
print("| picture | mean absolute error | largest |\n|---|---|---|")
for path in map(pathlib.Path, pictures):
    picture = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    # As the example does: large pictures are shrunk first.
    picture.thumbnail((LARGEST, LARGEST), Image.LANCZOS)
    small = np.asarray(picture.resize((SIDE, SIDE), Image.LANCZOS), np.float64)
    planes = ((small / small.max() - MEAN) / DEVIATION).transpose(2, 0, 1)[None]
    theirs = session.run(None, {name: planes.astype(np.float32)})[0][0, 0]
    theirs = (theirs - theirs.min()) / (theirs.max() - theirs.min())
    ours = np.fromfile(pathlib.Path(out) / f"{path.stem}.f32", "<f4").reshape(SIDE, SIDE)
    error = np.abs(ours - theirs)
    errors.append(error.mean())
    print(f"| {path.stem} | {error.mean():.1e} | {error.max():.1e} |")
print(f"\nMean of {len(errors)} pictures: {np.mean(errors):.1e}; worst picture: {max(errors):.1e}")
