"""Runs models/builtin.onnx in the reference runtime on a made-up picture and samples its outputs.

    pip install onnxruntime==1.31.1 numpy && python crates/engine/tests/golden/reference.py

writes builtin.txt beside this file: output number, index, value. The picture is the one that
`networks/builtin.rs` makes in its test.
"""
import pathlib

import numpy as np
import onnxruntime

HERE = pathlib.Path(__file__).parent
SIDE = 192

at = ((np.arange(SIDE, dtype=np.float32) + 0.5) / SIDE * 2 - 1).astype(np.float32)
x, y = np.meshgrid(at, at)
colour = np.stack([0.5 + 0.5 * np.sin(7 * x), 0.5 + 0.5 * np.cos(5 * y), 0.5 + 0.4 * x * y])
alpha = np.clip((0.8 - np.hypot(x, 1.3 * y)) * 20, 0, 1)
tensor = np.concatenate([(colour * 2 - 1) * alpha, alpha[None] * 2 - 1])[None].astype(np.float32)

session = onnxruntime.InferenceSession(HERE.parents[3] / "models" / "builtin.onnx")
lines = []
for number, output in enumerate(session.run(None, {session.get_inputs()[0].name: tensor})):
    flat = output.ravel()
    for index in np.unique(np.linspace(0, flat.size - 1, 97).astype(int)):
        lines.append(f"{number} {index} {flat[index]:.6f}")
(HERE / "builtin.txt").write_text("\n".join(lines) + "\n")
