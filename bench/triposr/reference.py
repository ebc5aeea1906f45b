"""TripoSR's layer shapes in PyTorch on the CPU, to hold our times against.

Weights are noise: only time and memory mean something. The reference implementation isn't needed;
what is timed are the same products, attentions, norms and samplings at the published size.

    python bench/triposr/reference.py [--dtype float32|bfloat16] [--dense] [--mesh]

`--mesh` runs everything from the picture to coloured triangles once, and adds the times up. Noise has
no surface, so the lattice that goes to marching cubes is a bumpy ball's.
"""

import argparse
import resource
import time

import torch
import torch.nn.functional as F

HEADS, DIM, TOKENS, BLOCKS = 16, 1024, 3072, 16
VIT_DIM, VIT_HEADS, VIT_TOKENS, VIT_LAYERS = 768, 12, 1025, 12


def heads(x, count):
    return x.view(x.shape[0], count, -1).transpose(0, 1)


def attend(q, k, v, count):
    mixed = F.scaled_dot_product_attention(heads(q, count)[None], heads(k, count)[None], heads(v, count)[None])
    return mixed[0].transpose(0, 1).reshape(q.shape)


class VitLayer(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.before, self.after = torch.nn.LayerNorm(VIT_DIM), torch.nn.LayerNorm(VIT_DIM)
        self.q, self.k, self.v, self.out = (torch.nn.Linear(VIT_DIM, VIT_DIM) for _ in range(4))
        self.up, self.down = torch.nn.Linear(VIT_DIM, 4 * VIT_DIM), torch.nn.Linear(4 * VIT_DIM, VIT_DIM)

    def forward(self, x):
        n = self.before(x)
        x = x + self.out(attend(self.q(n), self.k(n), self.v(n), VIT_HEADS))
        return x + self.down(F.gelu(self.up(self.after(x))))


class Block(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.norms = torch.nn.ModuleList(torch.nn.LayerNorm(DIM) for _ in range(3))
        linear = lambda i, bias=False: torch.nn.Linear(i, DIM, bias=bias)
        self.own = torch.nn.ModuleList([linear(DIM), linear(DIM), linear(DIM), linear(DIM, True)])
        self.cross = torch.nn.ModuleList([linear(DIM), linear(VIT_DIM), linear(VIT_DIM), linear(DIM, True)])
        self.up, self.down = torch.nn.Linear(DIM, 8 * DIM), torch.nn.Linear(4 * DIM, DIM)

    def forward(self, x, image):
        n = self.norms[0](x)
        q, k, v, out = self.own
        x = x + out(attend(q(n), k(n), v(n), HEADS))
        n = self.norms[1](x)
        q, k, v, out = self.cross
        x = x + out(attend(q(n), k(image), v(image), HEADS))
        value, gate = self.up(self.norms[2](x)).chunk(2, dim=-1)
        return x + self.down(value * F.gelu(gate))


def density(planes, layers, points):
    """Bilinear samples of three planes through the decoder, as the reference does it per chunk."""
    grids = torch.stack([points[:, [0, 1]], points[:, [0, 2]], points[:, [1, 2]]])[:, None]
    x = F.grid_sample(planes, grids, align_corners=False, mode="bilinear")
    return layers(x[:, :, 0].permute(2, 0, 1).reshape(points.shape[0], -1))


def mesh(planes, decoder):
    import mcubes

    axis = torch.linspace(-1, 1, 256)
    x, y, z = torch.meshgrid(axis, axis, axis, indexing="ij")
    bumps = 0.02 * ((9 * x).sin() * (7 * y).cos() + (9 * x).sin() * (7 * z).cos() + (9 * y).sin() * (7 * z).cos())
    ball = (0.36 - x * x - y * y - z * z + bumps).numpy()
    vertices, faces = timed("marching cubes", lambda: mcubes.marching_cubes(ball, 0.0))
    places = torch.from_numpy(vertices).float() / 255 * 2 - 1
    timed("colours", lambda: [density(planes, decoder, p) for p in places.split(8192)])
    print(f"torch mesh {len(vertices)} vertices, {len(faces)} faces")


TIMES = []


def timed(name, work):
    started, cpu = time.perf_counter(), time.process_time()
    result = work()
    wall, cpu = time.perf_counter() - started, time.process_time() - cpu
    TIMES.append((wall, cpu))
    print(f"torch {name:28} {wall:8.2f} s, {cpu:8.2f} CPU-s", flush=True)
    return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dtype", default="float32", choices=["float32", "bfloat16"])
    parser.add_argument("--dense", action="store_true", help="also the dense 256³ lattice")
    parser.add_argument("--mesh", action="store_true", help="once from the picture to coloured triangles")
    options = parser.parse_args()
    dtype = getattr(torch, options.dtype)
    torch.manual_seed(0)
    with torch.inference_mode():
        patches = torch.nn.Linear(768, VIT_DIM)
        vit = torch.nn.ModuleList(VitLayer() for _ in range(VIT_LAYERS))
        blocks = torch.nn.ModuleList(Block() for _ in range(BLOCKS))
        upsample = torch.nn.ConvTranspose2d(DIM, 40, 2, 2)
        sizes = [120] + 9 * [64]
        layers = [m for i, o in zip(sizes, sizes[1:]) for m in (torch.nn.Linear(i, o), torch.nn.SiLU())]
        decoder = torch.nn.Sequential(*layers, torch.nn.Linear(64, 4))

        def image_tokens():
            x = torch.cat([torch.zeros(1, VIT_DIM), patches(torch.randn(VIT_TOKENS - 1, 768))])
            for layer in vit:
                x = layer(x)
            return x

        def plane_tokens(image):
            x = torch.randn(TOKENS, DIM)
            for block in blocks:
                x = block(x, image)
            return x

        for run in ["once"] if options.mesh else ["first", "again"]:
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=dtype == torch.bfloat16):
                image = timed(f"{options.dtype} {run} vit", image_tokens)
                tokens = timed(f"{options.dtype} {run} transformer", lambda: plane_tokens(image))
        planes = tokens.float().view(3, 32, 32, DIM).permute(0, 3, 1, 2)
        planes = timed("upsample", lambda: upsample(planes).contiguous())
        if options.dense or options.mesh:
            axis = torch.linspace(-1, 1, 256)
            points = torch.cartesian_prod(axis, axis, axis)
            # 8192 is the reference's own chunk.
            timed("dense lattice 256³", lambda: [density(planes, decoder, p) for p in points.split(8192)])
        if options.mesh:
            mesh(planes, decoder)
            wall, cpu = map(sum, zip(*TIMES))
            print(f"torch {'sum':28} {wall:8.2f} s, {cpu:8.2f} CPU-s", flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"torch peak memory {peak} kB, {torch.get_num_threads()} threads, torch {torch.__version__}")


if __name__ == "__main__":
    main()
