"""The built-in network: one picture in, a view-aligned volume, two depth layers and a few numbers out.

The encoder is EfficientNet-Lite (Tan and Le 2019; Liu 2020) with its ImageNet weights, the decoder a
U-Net with a few attention blocks at its coarsest useful grid. Only operations that a small inference
runtime has: convolutions, matrix products, group and layer norms, nearest-neighbour upsampling.
"""

import torch
import torch.nn.functional as F
from torch import nn

INPUT = 192
"""Side of the input picture."""
RAYS = 96
"""Rays along each side of the volume, pixels along each side of the back."""
DEPTHS = 96
"""Samples along each ray."""
RANGE = (-0.90, 1.86)
"""Depths the volume spans, in half window widths from the mean depth of what is seen."""

# expansion, kernel, stride, channels out, repeats; the widths and depths of the two variants
LITE = {
    "lite0": dict(stem=32, out=(16, 24, 40, 80, 112, 192, 320), repeats=(1, 2, 2, 3, 3, 4, 1)),
    "lite2": dict(stem=32, out=(16, 24, 48, 88, 120, 208, 352), repeats=(1, 3, 3, 4, 4, 5, 1)),
}
STAGES = ((1, 3, 1), (6, 3, 2), (6, 5, 2), (6, 3, 2), (6, 5, 1), (6, 5, 2), (6, 3, 1))


class ConvNorm(nn.Sequential):
    """Convolution, batch norm and, unless it is the last of a block, ReLU6."""

    def __init__(self, cin, cout, kernel, stride=1, groups=1, act=True):
        layers = [
            nn.Conv2d(cin, cout, kernel, stride, kernel // 2, groups=groups, bias=False),
            nn.BatchNorm2d(cout, eps=1e-3, momentum=0.02),
        ]
        super().__init__(*layers, *([nn.ReLU6()] if act else []))


class MobileBlock(nn.Module):
    """Inverted residual (Sandler et al. 2018)."""

    def __init__(self, cin, cout, kernel, stride, expansion):
        super().__init__()
        mid = cin * expansion
        self.expand = ConvNorm(cin, mid, 1) if expansion > 1 else None
        self.depthwise = ConvNorm(mid, mid, kernel, stride, mid)
        self.project = ConvNorm(mid, cout, 1, act=False)
        self.residual = stride == 1 and cin == cout

    def forward(self, x):
        y = self.expand(x) if self.expand is not None else x
        y = self.project(self.depthwise(y))
        return x + y if self.residual else y


class Encoder(nn.Module):
    """Five maps, at a half to a thirty-second of the input's side."""

    def __init__(self, variant):
        super().__init__()
        layout = LITE[variant]
        self.stem = ConvNorm(4, layout["stem"], 3, 2)
        blocks, channels, self.taps, self.widths = [], layout["stem"], [], []
        strides = [stride for _, _, stride in STAGES[1:]] + [2]
        for (expansion, kernel, stride), cout, repeats, next_stride in zip(
            STAGES, layout["out"], layout["repeats"], strides
        ):
            for i in range(repeats):
                blocks.append(MobileBlock(channels, cout, kernel, stride if i == 0 else 1, expansion))
                channels = cout
            if next_stride == 2:
                self.taps.append(len(blocks) - 1)
                self.widths.append(cout)
        self.blocks = nn.ModuleList(blocks)

    def load_imagenet(self, path):
        """Takes the published weights; the input's alpha channel starts at zero."""
        state = torch.load(path, map_location="cpu", weights_only=True)

        def put(target, conv, norm):
            weight = state[conv + ".weight"].float()
            own = target[0].weight
            with torch.no_grad():
                own.zero_()
                own[:, : weight.shape[1]] = weight
                for name in ("weight", "bias", "running_mean", "running_var"):
                    getattr(target[1], name).copy_(state[f"{norm}.{name}"].float())

        put(self.stem, "_conv_stem", "_bn0")
        for i, block in enumerate(self.blocks):
            at = f"_blocks.{i}."
            if block.expand is not None:
                put(block.expand, at + "_expand_conv", at + "_bn0")
            put(block.depthwise, at + "_depthwise_conv", at + "_bn1")
            put(block.project, at + "_project_conv", at + "_bn2")

    def forward(self, x):
        maps, x = [], self.stem(x)
        for i, block in enumerate(self.blocks):
            x = block(x)
            if i in self.taps:
                maps.append(x)
        return maps


class Residual(nn.Module):
    """Norm, convolution, ReLU, convolution; starts as the identity."""

    def __init__(self, channels):
        super().__init__()
        self.norm = nn.GroupNorm(8, channels)
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(self.second.bias)

    def forward(self, x):
        return x + self.second(F.relu(self.first(self.norm(x))))


class Attention(nn.Module):
    """A transformer block (Vaswani et al. 2017, norm first) over the cells of a map."""

    def __init__(self, channels, heads=4):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(channels), nn.LayerNorm(channels)
        self.qkv = nn.Linear(channels, 3 * channels)
        self.out = nn.Linear(channels, channels)
        self.widen = nn.Linear(channels, 3 * channels)
        self.narrow = nn.Linear(3 * channels, channels)
        for last in (self.out, self.narrow):
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)

    def forward(self, x):
        b, n, c = x.shape
        q, k, v = self.qkv(self.norm1(x)).reshape(b, n, 3, self.heads, c // self.heads).unbind(2)
        q, k, v = (t.transpose(1, 2) for t in (q, k, v))
        if torch.onnx.is_in_onnx_export():
            weights = (q @ k.transpose(2, 3) * (c // self.heads) ** -0.5).softmax(-1)
            mixed = weights @ v
        else:
            mixed = F.scaled_dot_product_attention(q, k, v)
        x = x + self.out(mixed.transpose(1, 2).reshape(b, n, c))
        return x + self.narrow(F.relu(self.widen(self.norm2(x))))


def double(x):
    """Twice the side, nearest neighbour."""
    return F.interpolate(x, scale_factor=2, mode="nearest")


class Network(nn.Module):
    """Input `B × 4 × 192 × 192`: colour times alpha and alpha, both in −1…1.

    Answers:
    - front `B × 5 × 192 × 192`: depth of the first surface, its normal, log of the depth's error;
    - back `B × 5 × 96 × 96`: colour (sRGB 0–1) and depth of the last surface, log of its error;
    - volume `B × 96 × 96 × 96` (depth, row, column): positive inside, one per two samples' distance;
    - globals `B × 9`: up, tangent of half the field of view, normal and offset of the mirror plane,
      logit of there being one.
    """

    def __init__(self, variant="lite2", widths=(256, 256, 160, 128, 96), attention=4, volume=True):
        super().__init__()
        self.encoder = Encoder(variant)
        e = self.encoder.widths
        c5, c4, c3, c2, c1 = widths
        self.in5 = nn.Conv2d(e[4], c5, 1)
        self.res5 = nn.Sequential(Residual(c5), Residual(c5))
        self.context = nn.Linear(c5, c5)
        self.globals = nn.Linear(c5, 9)
        self.up4, self.skip4 = nn.Conv2d(c5, c4, 1), nn.Conv2d(e[3], c4, 1)
        cells = INPUT // 16
        self.place = nn.Parameter(torch.zeros(1, cells * cells, c4))
        self.attention = nn.Sequential(*[Attention(c4) for _ in range(attention)])
        self.res4 = Residual(c4)
        self.up3, self.skip3 = nn.Conv2d(c4, c3, 1), nn.Conv2d(e[2], c3, 1)
        self.res3 = nn.Sequential(Residual(c3), Residual(c3))
        self.up2, self.skip2 = nn.Conv2d(c3, c2, 1), nn.Conv2d(e[1], c2, 1)
        self.res2 = Residual(c2)
        self.up1, self.skip1 = nn.Conv2d(c2, c1, 1), nn.Conv2d(e[0], c1, 1)
        self.mid1 = nn.Conv2d(c1, c1, 3, padding=1)
        self.volume = nn.Conv2d(c1, DEPTHS, 1) if volume else None
        self.back = nn.Conv2d(c1, 5, 1)
        self.up0 = nn.Conv2d(c1, 24, 1)
        self.fine1 = nn.Conv2d(24 + 4, 24, 3, padding=1)
        self.fine2 = nn.Conv2d(24, 24, 3, padding=1)
        self.front = nn.Conv2d(24, 5, 3, padding=1)
        if volume:
            nn.init.constant_(self.volume.bias, -0.5)

    def forward(self, x, rays=None):
        """`rays` (`B × R` indices): the volume is answered along these rays only, `B × R × 96`."""
        f1, f2, f3, f4, f5 = self.encoder(x)
        y = self.res5(self.in5(f5))
        context = F.relu(self.context(y.mean((2, 3))))
        numbers = self.globals(context)
        y = y + context[:, :, None, None]
        y = double(self.up4(y)) + self.skip4(f4)
        b, c, h, w = y.shape
        if len(self.attention):
            y = self.attention(y.flatten(2).transpose(1, 2) + self.place)
            y = y.transpose(1, 2).reshape(b, c, h, w)
        y = self.res4(y)
        y = self.res3(double(self.up3(y)) + self.skip3(f3))
        y = self.res2(double(self.up2(y)) + self.skip2(f2))
        y = F.relu(double(self.up1(y)) + self.skip1(f1))
        y = F.relu(self.mid1(y))
        back = self.back(y)
        if self.volume is None:
            volume = None
        elif rays is None:
            volume = self.volume(y)
        else:
            index = rays[:, None].expand(-1, y.shape[1], -1)
            along = y.flatten(2).gather(2, index).transpose(1, 2)
            volume = F.linear(along, self.volume.weight.flatten(1), self.volume.bias)
        z = double(F.relu(self.up0(y)))
        z = F.relu(self.fine1(torch.cat([z, x.to(z.dtype)], 1)))
        front = self.front(F.relu(self.fine2(z)))
        return front, back, volume, numbers
