"""trimesh reads every GLB named on the command line and holds it to what we promise.

    .venv/bin/python tests/readers/measure.py MODEL.glb...
"""

import sys
from pathlib import Path

import numpy as np
import trimesh

# The lowest point stands on the ground to within this share of the model's size.
GROUND_TOLERANCE = 1e-3


def broken_promises(path):
    """Reads one model; yields a line for each promise it breaks."""
    (mesh,) = trimesh.load_scene(path, process=False).geometry.values()
    texture = mesh.visual.material.baseColorTexture
    if texture is None or min(texture.size) < 2:
        yield "there is no texture"
    elif np.asarray(texture.convert("RGB")).std() < 1:
        yield "the texture is one flat colour"
    uv = mesh.visual.uv
    if uv is None or uv.min() < 0 or uv.max() > 1:
        yield "texture coordinates leave the texture"
    if not np.isfinite(mesh.vertices).all():
        yield "a vertex is not finite"

    # Vertices on texture seams are stored once per side; the shape is what remains without them.
    shape = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
    shape.merge_vertices(merge_tex=True, merge_norm=True)
    if not shape.is_watertight:
        yield "the surface has holes"
    if not shape.is_winding_consistent:
        yield "triangles disagree about which side is outside"
    if not shape.volume > 0:
        yield f"the surface is inside out (volume {shape.volume:.4g})"
    outward = np.einsum("ij,ij->i", mesh.face_normals, mesh.vertex_normals[mesh.faces[:, 0]])
    if (outward > 0).mean() < 0.98:
        yield "stored normals point away from their triangles"

    (low, high) = mesh.bounds
    size = (high - low).max()
    if abs(low[1]) > GROUND_TOLERANCE * size:
        yield f"it does not stand on the ground (lowest point {low[1]:.4g})"
    print(
        f"{Path(path).name}: {len(shape.faces)} triangles, volume {shape.volume:.4g} m³, "
        f"size {np.round(high - low, 3)}"
    )


def main(paths):
    failures = 0
    for path in paths:
        for promise in broken_promises(path):
            print(f"{Path(path).name}: {promise}")
            failures += 1
    return 1 if failures or not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
