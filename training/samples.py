"""Samples from the generator, kept in a ring on the training device, and made harder on the way out."""

import fcntl
import math
import subprocess
import threading

import numpy as np
import torch
import torch.nn.functional as F

from network import DEPTHS, INPUT, RANGE, RAYS

NUMBERS = 32
SIZES = (NUMBERS * 4, 4 * INPUT**2, 2 * INPUT**2, 3 * INPUT**2, 2 * RAYS**2, 3 * RAYS**2)
BYTES = sum(SIZES)
GRID = 128
"""Samples along each side of a subject's solid."""
GRID_HALF = 0.53
GRID_SCALE = 127 / 8
"""Stored steps per sample of distance."""


class Stream:
    """Runs the generator and fills the ring in the background."""

    def __init__(self, command, capacity, subjects, device):
        self.device = torch.device(device)
        self.ring = torch.empty((capacity, BYTES), dtype=torch.uint8, device=self.device)
        self.solids = torch.zeros((subjects, GRID, GRID, GRID), dtype=torch.uint8, device=self.device)
        self.filled = self.received = 0
        self.ended = False
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=1 << 20)
        fcntl.fcntl(self.process.stdout, fcntl.F_SETPIPE_SZ, 1 << 20)
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        pin = self.device.type == "cuda"
        chunk = 32
        staging = torch.empty((chunk, BYTES), dtype=torch.uint8, pin_memory=pin)
        solid = torch.empty(GRID**3, dtype=torch.uint8, pin_memory=pin)
        side = torch.cuda.Stream() if pin else None
        pipe, header, slot, put = self.process.stdout, bytearray(16), 0, 0

        def flush(count):
            nonlocal slot
            capacity = len(self.ring)
            first = min(count, capacity - slot)
            self.ring[slot : slot + first].copy_(staging[:first], non_blocking=True)
            if first < count:
                self.ring[: count - first].copy_(staging[first:count], non_blocking=True)
            if side is not None:
                side.synchronize()
            slot = (slot + count) % capacity
            self.received += count
            self.filled = min(self.received, capacity)

        def work():
            nonlocal put
            while pipe.readinto(header) == 16:
                kind, subject = np.frombuffer(header, np.uint32, 2)
                target = solid if kind == 0 else staging[put]
                view = memoryview(target.numpy())
                got = 0
                while got < len(view):
                    count = pipe.readinto(view[got:])
                    if not count:
                        return
                    got += count
                if kind == 0:
                    self.solids[int(subject)].copy_(solid.view(GRID, GRID, GRID), non_blocking=True)
                    if side is not None:
                        side.synchronize()
                else:
                    put += 1
                    if put == chunk:
                        flush(put)
                        put = 0
            flush(put)

        if side is None:
            work()
        else:
            with torch.cuda.stream(side):
                work()
        self.ended = True

    def batch(self, count, generator=None):
        """Random samples of what is there."""
        index = torch.randint(self.filled, (count,), device=self.device, generator=generator)
        return decoded(self.ring[index])

    def slice(self, start, stop):
        """Samples in the order of arrival."""
        return decoded(self.ring[start:stop])

    def close(self):
        self.process.kill()


def decoded(raw):
    """Bytes to tensors."""
    parts, at = [], 0
    for size in SIZES:
        parts.append(raw[:, at : at + size].contiguous())
        at += size
    numbers, rgba, depth, normal, back_depth, back_colour = parts
    b = len(raw)

    def depths(part, side):
        stored = part.view(torch.uint16).view(b, 1, side, side).to(torch.int32)
        return stored.float() / 65000 * (RANGE[1] - RANGE[0]) + RANGE[0], stored != 65535

    front, front_mask = depths(depth, INPUT)
    back, back_mask = depths(back_depth, RAYS)
    rgba = rgba.view(b, 4, INPUT, INPUT).float() / 255
    return dict(
        numbers=numbers.view(torch.float32).view(b, NUMBERS),
        rgb=rgba[:, :3],
        alpha=rgba[:, 3:],
        front=front,
        front_mask=front_mask,
        normal=F.normalize(normal.view(torch.int8).view(b, 3, INPUT, INPUT).float(), dim=1),
        back=back,
        back_mask=back_mask,
        back_colour=back_colour.view(b, 3, RAYS, RAYS).float() / 255,
    )


def mirrored(batch):
    """Half of the samples seen in a mirror."""
    n = batch["numbers"]
    flip = torch.rand(len(n), device=n.device) < 0.5
    out = {}
    for key, value in batch.items():
        if value.dim() == 4:
            out[key] = torch.where(flip[:, None, None, None], value.flip(3), value)
    sign = torch.where(flip, -1.0, 1.0)
    out["normal"] = torch.cat([out["normal"][:, :1] * sign[:, None, None, None], out["normal"][:, 1:]], 1)
    n = n.clone()
    n[:, 4] *= sign
    # The mirror plane's normal points to the right: after flipping x, the rest changes sign instead.
    n[:, 8:11] *= sign[:, None]
    for column in (12, 16, 20):
        n[:, column] *= sign
    out["numbers"] = n
    return out


def soft(alpha, radius):
    """Blurred with a Gaussian of `radius` pixels."""
    half = max(1, int(radius * 2.5))
    x = torch.arange(-half, half + 1, device=alpha.device, dtype=torch.float32)
    kernel = torch.exp(-0.5 * (x / radius) ** 2)
    kernel = (kernel / kernel.sum()).to(alpha.dtype)
    c = alpha.shape[1]
    alpha = F.conv2d(F.pad(alpha, (half, half, 0, 0), mode="replicate"), kernel.view(1, 1, 1, -1).repeat(c, 1, 1, 1), groups=c)
    return F.conv2d(F.pad(alpha, (0, 0, half, half), mode="replicate"), kernel.view(1, 1, -1, 1).repeat(c, 1, 1, 1), groups=c)


def chosen(value, other, probability):
    """`other` for a share of the samples."""
    pick = torch.rand(len(value), device=value.device) < probability
    return torch.where(pick[:, None, None, None], other, value)


def jpeg(rgb, quality):
    """What JPEG leaves of luma and chroma: 8 × 8 cosine transform, quantised (ITU T.81's example tables' shape)."""
    b, _, h, w = rgb.shape
    k = torch.arange(8, device=rgb.device, dtype=torch.float32)
    basis = torch.cos((2 * k[None] + 1) * k[:, None] * math.pi / 16) * 0.5
    basis[0] *= 2**-0.5
    to_ycc = torch.tensor([[0.299, 0.587, 0.114], [-0.1687, -0.3313, 0.5], [0.5, -0.4187, -0.0813]], device=rgb.device)
    ycc = torch.einsum("ij,bjhw->bihw", to_ycc, rgb * 255)
    blocks = ycc.view(b, 3, h // 8, 8, w // 8, 8)
    freq = torch.einsum("ui,bcyixj,vj->bcyuxv", basis, blocks, basis)
    ramp = 1 + 0.6 * (k[:, None] + k[None])
    step = ramp[None, None, None, :, None, :] * quality.view(b, 1, 1, 1, 1, 1) * torch.tensor([1.0, 2.0, 2.0], device=rgb.device).view(1, 3, 1, 1, 1, 1)
    freq = torch.round(freq / step) * step
    ycc = torch.einsum("ui,bcyuxv,vj->bcyixj", basis, freq, basis).reshape(b, 3, h, w)
    return (torch.einsum("ij,bjhw->bihw", torch.linalg.inv(to_ycc), ycc) / 255).clamp(0, 1)


def network_input(rgb, alpha):
    """What the network sees."""
    return torch.cat([(rgb * 2 - 1) * alpha, alpha * 2 - 1], 1)


def worn(batch):
    """The input picture as bad cameras, bad mattes and bad compression leave it."""
    rgb, alpha = batch["rgb"], batch["alpha"]
    b, dev = len(rgb), rgb.device
    one = lambda low, high, channels=1: torch.rand(b, channels, 1, 1, device=dev) * (high - low) + low

    # colour
    grey = rgb.mean(1, keepdim=True)
    tinted = (grey + (rgb - grey) * one(0.6, 1.4)) * one(0.85, 1.15, 3)
    tinted = chosen(tinted, grey.expand_as(rgb), 0.05)
    rgb = (tinted * one(0.75, 1.3)).clamp(1e-4, 1) ** one(0.75, 1.35)

    # what shines through the matte
    order = torch.randperm(b, device=dev)
    plain = torch.rand(b, 3, 1, 1, device=dev).expand_as(rgb)
    ramp = torch.linspace(0, 1, INPUT, device=dev)
    ramp = torch.where(torch.rand(b, 1, 1, 1, device=dev) < 0.5, ramp.view(1, 1, 1, -1), ramp.view(1, 1, -1, 1))
    plain = plain * (1 - ramp) + torch.rand(b, 3, 1, 1, device=dev) * ramp
    texture = F.interpolate(rgb[order][:, :, 64:128, 64:128], size=(INPUT, INPUT), mode="bilinear")
    full = alpha[order][:, :, 64:128, 64:128].mean((1, 2, 3)) > 0.98
    background = torch.where(full[:, None, None, None], texture, plain)
    rgb = rgb * alpha + background * (1 - alpha)

    # sharpness
    for factor, share in ((2, 0.15), (4, 0.05)):
        small = F.avg_pool2d(rgb, factor)
        rgb = chosen(rgb, F.interpolate(small, size=(INPUT, INPUT), mode="bilinear"), share)
    shift = int(torch.randint(2, 7, (1,)))
    along = torch.stack([torch.roll(rgb, i - shift // 2, int(torch.randint(2, 4, (1,)))) for i in range(shift)]).mean(0)
    rgb = chosen(rgb, along, 0.06)
    rgb = chosen(rgb, jpeg(rgb, one(2, 22).view(-1)), 0.3)
    rgb = (rgb + torch.randn_like(rgb) * one(0, 0.05) * (one(0, 1) < 0.3)).clamp(0, 1)

    # the matte
    threshold, slope = one(0.25, 0.7), one(2, 8)
    sloppy = ((soft(alpha, 1.2) - threshold) * slope + 0.5).clamp(0, 1)
    coarse = F.interpolate(F.avg_pool2d(alpha, 4), size=(INPUT, INPUT), mode="bilinear")
    coarse = ((coarse - threshold) * slope + 0.5).clamp(0, 1)
    matte = chosen(alpha, sloppy, 0.45)
    matte = chosen(matte, coarse, 0.12)
    return network_input(rgb, matte)


def rays_inside(batch, count):
    """Random rays that meet the object, with repetition: `B × count` indices."""
    inside = F.max_pool2d(batch["front_mask"].float(), 2).flatten(1) + 1e-6
    return torch.multinomial(inside, count, replacement=True)


def distances_along(batch, solids, rays):
    """Distance to the surface, in samples along a ray, positive inside: `B × R × DEPTHS`, and which are known."""
    n = batch["numbers"]
    b, r = rays.shape
    u = ((rays % RAYS).float() + 0.5) / RAYS * 2 - 1
    v = 1 - ((rays // RAYS).float() + 0.5) / RAYS * 2
    step = (RANGE[1] - RANGE[0]) / DEPTHS
    t = (torch.arange(DEPTHS, device=n.device) + 0.5) * step + RANGE[0]
    scale = 1 + t[None] * n[:, :1]
    points = torch.stack(
        [u[:, :, None] * scale[:, None], v[:, :, None] * scale[:, None], (-t).expand(b, r, DEPTHS)], -1
    )
    matrix = n[:, 12:24].view(b, 3, 4)
    points = points.view(b, -1, 3) @ matrix[:, :, :3].transpose(1, 2) + matrix[:, None, :, 3]
    grids = solids[n[:, 1].long()].to(points.dtype if points.device.type == "cpu" else torch.float16)
    place = (points / GRID_HALF).view(b, r, DEPTHS, 1, 3)
    values = F.grid_sample(
        grids[:, None], place.to(grids.dtype), mode="bilinear", padding_mode="border", align_corners=False
    ).view(b, r, DEPTHS)
    in_object = (values.float() - 128) / GRID_SCALE * (2 * GRID_HALF / GRID)
    size = matrix[:, :, 0].norm(dim=1).view(b, 1, 1)
    return in_object / size / step
