"""Reads one model in every format with trimesh, lib3mf and OpenUSD; a line in seen.jsonl per file.

    .venv/bin/python tests/readers/formats.py FOLDER

FOLDER holds model.glb, .gltf, .obj, .stl, .3mf, .ply and .usdz: exports of one model, which stands
on y = 0 in metres with its front towards +Z. Each line has what a reader saw, turned into that
frame: `reader`, `format`, `faces`, `low` and `high` corners, `colour` (the mean of what it can say
about colour, sRGB 0..255, or null) and `problems`.
"""

import json
import sys
from pathlib import Path

import numpy as np
import trimesh


LINES = []


def upright(points, format):
    """From a printer's millimetres with +Z up to metres with +Y up."""
    points = np.asarray(points, dtype=float)
    if format in ("stl", "3mf"):
        return points[:, [0, 2, 1]] * [1e-3, 1e-3, -1e-3]
    return points


def line(reader, format, points, faces, colour, problems=()):
    points = upright(points, format)
    LINES.append(json.dumps({
        "reader": reader,
        "format": format,
        "faces": int(faces),
        "low": points.min(axis=0).round(5).tolist(),
        "high": points.max(axis=0).round(5).tolist(),
        "colour": None if colour is None else np.asarray(colour, float)[:3].round(1).tolist(),
        "problems": list(problems),
    }))


def with_trimesh(path, format):
    scene = trimesh.load_scene(path, process=False)
    mesh = scene.to_mesh()
    problems = []
    if len(mesh.faces) == 0:
        return line("trimesh", format, [[0, 0, 0]], 0, None, ["no faces"])
    shape = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
    shape.merge_vertices(merge_tex=True, merge_norm=True)
    if not shape.is_watertight:
        problems.append("not watertight")
    if not shape.volume > 0:
        problems.append("inside out")
    line("trimesh", format, mesh.vertices, len(mesh.faces), trimesh_colour(mesh), problems)


def trimesh_colour(mesh):
    """The mean colour at the corners of the faces."""
    raw = mesh.metadata.get("_ply_raw")
    if raw:
        # trimesh has no model with both texture coordinates and colours; it keeps what it read.
        vertices = raw["vertex"]["data"]
        colours = np.stack([vertices[name] for name in ("red", "green", "blue")], axis=-1)
        return colours.reshape(-1, 3)[mesh.faces].reshape(-1, 3).mean(axis=0)
    visual = mesh.visual
    if visual.kind == "texture" and visual.uv is not None:
        material = visual.material
        image = getattr(material, "baseColorTexture", None) or getattr(material, "image", None)
        if image is None:
            return None
        return sampled(np.asarray(image.convert("RGB")), visual.uv[mesh.faces].reshape(-1, 2))
    if visual.kind == "vertex":
        return visual.vertex_colors[mesh.faces].reshape(-1, 4).mean(axis=0)
    return None


def sampled(image, uv):
    """The mean of the nearest texels; v counts from the bottom."""
    height, width = image.shape[:2]
    x = np.clip((uv[:, 0] * width).astype(int), 0, width - 1)
    y = np.clip(((1 - uv[:, 1]) * height).astype(int), 0, height - 1)
    return image[y, x].mean(axis=0)


def with_lib3mf(path):
    import lib3mf
    from io import BytesIO

    from PIL import Image

    wrapper = lib3mf.get_wrapper()
    model = wrapper.CreateModel()
    reader = model.QueryReader("3mf")
    reader.SetStrictModeActive(True)
    reader.ReadFromFile(str(path))
    problems = [reader.GetWarning(i)[1] for i in range(reader.GetWarningCount())]
    objects = model.GetMeshObjects()
    objects.MoveNext()
    mesh = objects.GetCurrentMeshObject()
    if not mesh.IsManifoldAndOriented():
        problems.append("not manifold and oriented")
    unit = model.GetUnit()
    if unit != lib3mf.ModelUnit.MilliMeter:
        problems.append(f"unit {unit}")
    points = [list(vertex.Coordinates) for vertex in mesh.GetVertices()]
    colour = None
    groups = model.GetTexture2DGroups()
    if groups.MoveNext():
        group = groups.GetCurrentTexture2DGroup()
        data = bytes(group.GetTexture2D().GetAttachment().WriteToBuffer())
        image = np.asarray(Image.open(BytesIO(data)).convert("RGB"))
        uv = []
        for properties in mesh.GetAllTriangleProperties():
            for property in list(properties.PropertyIDs):
                coordinate = group.GetTex2Coord(property)
                uv.append([coordinate.U, coordinate.V])
        colour = sampled(image, np.array(uv))
    line("lib3mf", "3mf", points, mesh.GetTriangleCount(), colour, problems)


def with_usd(path):
    from io import BytesIO

    from PIL import Image
    from pxr import Ar, Usd, UsdGeom, UsdShade, UsdValidation

    stage = Usd.Stage.Open(str(path))
    validators = UsdValidation.ValidationRegistry().GetOrLoadAllValidators()
    errors = UsdValidation.ValidationContext(validators).Validate(stage)
    problems = [f"{error.GetName()}: {error.GetMessage()}" for error in errors]
    if UsdGeom.GetStageUpAxis(stage) != "Y" or UsdGeom.GetStageMetersPerUnit(stage) != 1:
        problems.append("not metres with +Y up")
    (mesh,) = [UsdGeom.Mesh(prim) for prim in stage.Traverse() if prim.IsA(UsdGeom.Mesh)]
    counts = np.array(mesh.GetFaceVertexCountsAttr().Get())
    corners = np.array(mesh.GetFaceVertexIndicesAttr().Get())
    points = np.array(mesh.GetPointsAttr().Get())
    colour = None
    uv = UsdGeom.PrimvarsAPI(mesh).GetPrimvar("st").Get()
    material, _ = UsdShade.MaterialBindingAPI(mesh).ComputeBoundMaterial()
    surface, _, _ = material.ComputeSurfaceSource("")
    source = surface.GetInput("diffuseColor").GetConnectedSources()[0]
    if uv is not None and source:
        texture = UsdShade.Shader(source[0].source.GetPrim())
        file = texture.GetInput("file").Get().resolvedPath
        data = Ar.GetResolver().OpenAsset(Ar.ResolvedPath(file)).GetBuffer()
        image = np.asarray(Image.open(BytesIO(bytes(data))).convert("RGB"))
        colour = sampled(image, np.array(uv)[corners])
    line("usd-core", "usdz", points, (counts - 2).sum(), colour, problems)


def main(folder):
    for format in ("glb", "gltf", "obj", "stl", "3mf", "ply"):
        with_trimesh(folder / f"model.{format}", format)
    with_lib3mf(folder / "model.3mf")
    with_usd(folder / "model.usdz")
    with (folder / "seen.jsonl").open("a") as seen:
        seen.writelines(line + "\n" for line in LINES)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
