"""The same way from field to file with Python's libraries: scikit-image, fast-simplification,
trimesh, xatlas, NumPy. `cargo xtask finish` runs it.

    python bench/finish/reference.py FOLDER FACES TEXTURE

reads NAME.field and NAME.png from the folder and leaves NAME.glb there, in the camera's frame; prints a
line of JSON with the seconds of each step.
"""

import json
import sys
import time
from pathlib import Path

import fast_simplification
import numpy as np
import trimesh
import xatlas
from PIL import Image
from skimage import measure

SIDE = 128
SPAN = 1.1
HALF_FOV_TAN = 0.2


def surface(field):
    """Closed surface of the field, in the camera's frame, outwards."""
    padded = np.pad(field, 1, constant_values=-1.0)
    vertices, faces, _, _ = measure.marching_cubes(padded, 0.0, gradient_direction="ascent")
    vertices = (vertices - 1 + 0.5) / SIDE * 2 * SPAN - SPAN
    mesh = trimesh.Trimesh(vertices[:, ::-1], faces, process=False)
    trimesh.smoothing.filter_taubin(mesh, iterations=18)
    if mesh.volume < 0:
        mesh.invert()
    return mesh


def texels(uvs, faces, size):
    """Face and barycentric coordinates of every texel that a face covers, in batches of equal size."""
    corners = uvs[faces] * size
    low = np.floor(corners.min(1)).astype(int)
    extent = np.ceil(corners.max(1)).astype(int) - low + 1
    for width in np.unique(extent.max(1)):
        chosen = np.flatnonzero(extent.max(1) == width)
        grid = np.stack(np.meshgrid(np.arange(width), np.arange(width), indexing="xy"), -1).reshape(-1, 2)
        for part in np.array_split(chosen, max(1, len(chosen) * len(grid) // 4_000_000)):
            at = low[part][:, None] + grid[None]
            a, b, c = (corners[part][:, k][:, None] for k in range(3))
            p = at + 0.5

            def cross(u, v):
                return u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]

            area = cross(b - a, c - a)
            area = np.where(np.abs(area) < 1e-9, 1e-9, area)
            w = np.stack([cross(b - p, c - p), cross(c - p, a - p), cross(a - p, b - p)], -1) / area[..., None]
            inside = (w >= -1e-6).all(-1) & (at >= 0).all(-1) & (at < size).all(-1)
            face, texel = np.nonzero(inside)
            yield part[face], at[face, texel], w[face, texel]


def bake(mesh, uvs, faces, mapping, photo, size):
    """The picture where its camera sees the surface, its mean elsewhere."""
    texture = np.zeros((size, size, 3), np.uint8)
    filled = np.zeros((size, size), bool)
    vertices = mesh.vertices[mapping]
    normals = mesh.vertex_normals[mapping]
    side = photo.shape[0]

    def project(points):
        scale = np.maximum(1 - points[:, 2] * HALF_FOV_TAN, 1e-3)
        window = points[:, :2] / scale[:, None]
        return np.stack([0.5 + 0.5 * window[:, 0], 0.5 - 0.5 * window[:, 1]], 1), scale

    # What hides what: nearest of points spread over the faces, on a coarse grid.
    spread, index = trimesh.sample.sample_surface(mesh, 400_000, seed=1)
    del index
    at, scale = project(spread)
    cell = np.clip((at * 256).astype(int), 0, 255)
    nearest = np.full((256, 256), np.inf)
    np.minimum.at(nearest, (cell[:, 1], cell[:, 0]), scale)
    opaque = photo[..., 3] > 250
    mean = photo[opaque][:, :3].mean(0)
    for face, texel, weights in texels(uvs, faces, size):
        corner = faces[face]
        point = (vertices[corner] * weights[..., None]).sum(1)
        normal = (normals[corner] * weights[..., None]).sum(1)
        at, scale = project(point)
        pixel = at * side - 0.5
        low = np.clip(np.floor(pixel).astype(int), 0, side - 2)
        f = np.clip(pixel - low, 0, 1)
        x, y = low[:, 0], low[:, 1]
        top = photo[y, x, :3] * (1 - f[:, :1]) + photo[y, x + 1, :3] * f[:, :1]
        bottom = photo[y + 1, x, :3] * (1 - f[:, :1]) + photo[y + 1, x + 1, :3] * f[:, :1]
        colour = top * (1 - f[:, 1:]) + bottom * f[:, 1:]
        cell = np.clip((at * 256).astype(int), 0, 255)
        seen = (scale < nearest[cell[:, 1], cell[:, 0]] + 0.02) & (normal[:, 2] > 0.05)
        texture[texel[:, 1], texel[:, 0]] = np.where(seen[:, None], colour, mean).astype(np.uint8)
        filled[texel[:, 1], texel[:, 0]] = True
    for _ in range(4):
        for shift, axis in ((1, 0), (-1, 0), (1, 1), (-1, 1)):
            moved, there = np.roll(texture, shift, axis), np.roll(filled, shift, axis)
            take = there & ~filled
            texture[take] = moved[take]
            filled |= take
    return texture


def main(folder, face_goal, size):
    for field_file in sorted(Path(folder).glob("*.field")):
        field = np.fromfile(field_file, np.float32).reshape(SIDE, SIDE, SIDE)
        photo = np.asarray(Image.open(field_file.with_suffix(".png")).convert("RGBA")).astype(np.float32)
        steps, began = {}, time.perf_counter()

        def done(step):
            nonlocal began
            now = time.perf_counter()
            steps[step], began = now - began, now

        fine = surface(field)
        done("surface")
        points, faces = fast_simplification.simplify(
            fine.vertices.astype(np.float32), fine.faces, target_count=face_goal
        )
        mesh = trimesh.Trimesh(points, faces, process=False)
        done("simplify")
        atlas = xatlas.Atlas()
        atlas.add_mesh(points, faces)
        options = xatlas.PackOptions()
        options.resolution = size
        options.padding = 6
        atlas.generate(xatlas.ChartOptions(), options)
        mapping, indices, uvs = atlas[0]
        charts = atlas.chart_count
        done("unwrap")
        texture = bake(mesh, uvs, indices, mapping, photo, size)
        done("bake")
        # glTF counts v downwards, trimesh upwards.
        visual = trimesh.visual.TextureVisuals(
            uv=np.stack([uvs[:, 0], 1 - uvs[:, 1]], 1),
            material=trimesh.visual.material.PBRMaterial(baseColorTexture=Image.fromarray(texture)),
        )
        model = trimesh.Trimesh(points[mapping], indices, visual=visual, process=False)
        field_file.with_suffix(".glb").write_bytes(model.export(file_type="glb"))
        done("export")
        print(json.dumps({"shape": field_file.stem, "charts": charts, "seconds": steps}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
