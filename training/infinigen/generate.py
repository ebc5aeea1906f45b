#!/usr/bin/env python3
"""Make small, coloured 3D objects with Infinigen's procedural asset factories.

Each object is generated (no rendering), evaluated to one triangle mesh, decimated to
at most --faces triangles, given its shaders' base colours (a fast Cycles bake of the
colour passes to the mesh's corners; no lights), grouped into a few flat-colour
materials, centred, turned to +Y up with Infinigen's front (+X) as +Z, and written as
<Factory>_<seed>.glb (written under a temporary name, then renamed).

    python generate.py --out DIR --minutes 30 --seed 0

The parent process hands one job at a time to a worker process; a worker that crashes
or runs past --timeout is replaced, and a factory that fails twice in a row (once by running out
of time) before its first success, or four times in a row later, is dropped. manifest.jsonl in DIR has one
line per attempt. Files that exist already are skipped, so a run can be continued; factories
that only ran out of time are then left out (remove the manifest to try them again).

Needs Python 3.11, infinigen 1.15, bpy 4.2 (see README.md). One core is used.
"""

import argparse
import faulthandler
import json
import os
import selectors
import signal
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

# module under infinigen.assets.objects -> {factory: weight}. A factory's weight is its
# share of the time after the first rounds (wide coverage comes first).
FACTORIES = {
    "tableware": dict(
        CupFactory=3, BowlFactory=2, PotFactory=2, PanFactory=2, BottleFactory=3, JarFactory=2,
        PlateFactory=1, WineglassFactory=2, CanFactory=1, LidFactory=1, SpoonFactory=1,
        ForkFactory=1, KnifeFactory=1, SpatulaFactory=1, ChopsticksFactory=0.5,
        FoodBoxFactory=1, FoodBagFactory=1,
        PlantContainerFactory=3, LargePlantContainerFactory=3,
    ),
    "table_decorations": dict(
        VaseFactory=3, BookFactory=1, BookStackFactory=1, BookColumnFactory=1, SinkFactory=2,
        TapFactory=2,
    ),
    "seating": dict(
        ChairFactory=4, BarChairFactory=3, SofaFactory=3,
        ArmChairFactory=3, PillowFactory=1, MattressFactory=1,
    ),
    "tables": dict(
        TableDiningFactory=3, SideTableFactory=2, CoffeeTableFactory=2, TableCocktailFactory=3,
    ),
    "lamp": dict(DeskLampFactory=3, FloorLampFactory=3, CeilingClassicLampFactory=2,
                 CeilingLightFactory=1),
    "fruits": dict(
        FruitFactoryApple=2, FruitFactoryBlackberry=1, FruitFactoryCoconutgreen=1,
        FruitFactoryCompositional=2, FruitFactoryDurian=1,
        FruitFactoryPineapple=2, FruitFactoryStarfruit=1, FruitFactoryStrawberry=2,
    ),
    "appliances": dict(
        BeverageFridgeFactory=1, DishwasherFactory=1, MicrowaveFactory=2, OvenFactory=2,
        MonitorFactory=2, TVFactory=2,
    ),
    "bathroom": dict(ToiletFactory=3, BathroomSinkFactory=2, StandingSinkFactory=2,
                     BathtubFactory=2, HardwareFactory=1),
    "creatures": dict(
        FishFactory=3, BirdFactory=3, FlyingBirdFactory=2, CarnivoreFactory=3,
        HerbivoreFactory=3, BeetleFactory=3,
        JellyfishFactory=1,
        SnakeFactory=2, DragonflyFactory=2,
    ),
    "mushroom": dict(MushroomFactory=3),
    "cactus": dict(GlobularCactusFactory=2, ColumnarCactusFactory=2, PrickyPearCactusFactory=2),
    "monocot": dict(AgaveMonocotFactory=1, BananaMonocotFactory=1, TaroMonocotFactory=1,
                    PineconeFactory=1, VeratrumMonocotFactory=1, MaizeMonocotFactory=1,
                    WheatMonocotFactory=0.5),
    "small_plants": dict(FernFactory=1, SnakePlantFactory=2, SpiderPlantFactory=1,
                         SucculentFactory=2),
    "grassland": dict(FlowerFactory=1, FlowerPlantFactory=1, DandelionFactory=0.5),
    "tropic_plants": dict(CoconutTreeFactory=1, PalmTreeFactory=1, PlantBananaTreeFactory=1),
    "shelves": dict(
        CellShelfFactory=1, TVStandFactory=2, KitchenCabinetFactory=1, LargeShelfFactory=1,
        SimpleBookcaseFactory=2, SidetableDeskFactory=2, SimpleDeskFactory=2,
        SingleCabinetFactory=2, TriangleShelfFactory=1, KitchenIslandFactory=1,
    ),
    "mollusk": dict(AugerFactory=1, ClamFactory=1, ConchFactory=2, MusselFactory=1,
                    NautilusFactory=1),
    "rocks": dict(BoulderFactory=1),
    "elements": dict(
        PillarFactory=1, SpiralStaircaseFactory=1,
        StraightStaircaseFactory=0.5, CurvedStaircaseFactory=0.5, PanelDoorFactory=0.5,
        LiteDoorFactory=0.5, PalletFactory=0.5,
    ),
    "clothes": dict(PantsFactory=1, ShirtFactory=1, TowelFactory=1, BlanketFactory=0.5),
    "wall_decorations": dict(BalloonFactory=1, RangeHoodFactory=1, WallArtFactory=0.5,
                             MirrorFactory=0.5, WallShelfFactory=0.5),
    "organizer": dict(BasketBaseFactory=1),
    "underwater": dict(UrchinFactory=1, SeaweedFactory=1),
    "corals": dict(FanCoralFactory=1, ElkhornCoralFactory=1, TubeCoralFactory=1,
                   BrainCoralFactory=1, CauliflowerCoralFactory=1, TableCoralFactory=1),
    "trees": dict(TreeFactory=1, BushFactory=1),
    "decor": dict(AquariumTankFactory=1),
}
MAX_INPUT_FACES = 3_000_000  # more than this is not worth decimating
TARGET_FACE_SIZE = 0.008  # metres; where a factory asks how fine it should be
SUBDIVIDED_FACES = 40_000  # subdivision stops here
COLOURS_PER_SLOT = 5
COLOURS_PER_OBJECT = 14


# ------------------------------------------------------------------ worker side


def start_infinigen(out):
    """Import bpy and infinigen once; return what the jobs need."""
    import logging
    import warnings

    import bpy

    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    from infinigen.core import init

    # Optional Blender add-ons would be fetched online: do without them.
    init.require_blender_addon = lambda *a, **k: False
    # Some packages still read gin parameters: the released base configuration.
    import importlib

    lower_detail()
    for module in FACTORIES:
        try:
            importlib.import_module(f"infinigen.assets.objects.{module}")
        except Exception as error:  # a missing optional dependency of one family
            print(f"{module}: {error!r}", file=sys.stderr)
    try:
        init.apply_gin_configs(
            ["infinigen_examples/configs_indoor", "infinigen_examples/configs_nature"],
            skip_unknown=True,
        )
    except Exception as error:
        print(f"gin: {error!r}", file=sys.stderr)
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.cycles.device = "CPU"
    scene.cycles.samples = 1
    scene.cycles.use_denoising = False
    scene.render.threads_mode = "FIXED"
    scene.render.threads = 1
    scene.render.bake.target = "VERTEX_COLORS"
    return bpy


def lower_detail():
    """Cap Infinigen's film-quality detail, which is far over what --faces keeps.

    Called before the factories are imported, for they import some of these by name.
    """
    from infinigen.core.placement import detail
    from infinigen.core.util import blender as butil

    detail.target_face_size = lambda *a, **k: TARGET_FACE_SIZE
    original = butil.modify_mesh

    def modify_mesh(obj, type, *args, **kwargs):
        if type == "SUBSURF" and "levels" in kwargs:
            levels, faces = kwargs["levels"], max(1, len(obj.data.polygons))
            while levels > 0 and faces * 4**levels > SUBDIVIDED_FACES:
                levels -= 1
            kwargs["levels"] = kwargs["render_levels"] = levels
            if levels == 0 and kwargs.get("apply", True):
                return (obj, None) if kwargs.get("return_mod") else obj
        if type == "REMESH":  # voxels no finer than a hundredth of the object
            if "voxel_size" in kwargs:
                kwargs["voxel_size"] = max(kwargs["voxel_size"], max(obj.dimensions) / 100)
            if "octree_depth" in kwargs:
                kwargs["octree_depth"] = min(kwargs["octree_depth"], 7)
        return original(obj, type, *args, **kwargs)

    butil.modify_mesh = modify_mesh


class PlainSoil:
    """Potting soil as a plain brown material: the original's geometry takes too long."""

    def apply(self, obj, *args, **kwargs):
        import bpy

        material = bpy.data.materials.new("soil")
        material.use_nodes = True
        material.node_tree.nodes["Principled BSDF"].inputs[0].default_value = (
            0.05, 0.028, 0.015, 1)
        obj.data.materials.clear()
        obj.data.materials.append(material)


def gather(bpy, root, limit):
    """All meshes of the object's tree, instances included, as one joined object."""
    tree = {root, *root.children_recursive}
    for obj in tree:
        obj.hide_viewport = False
        try:
            obj.hide_set(False)
        except RuntimeError:
            pass
    bpy.context.view_layer.update()
    deps = bpy.context.evaluated_depsgraph_get()
    found = {}  # evaluated data -> (evaluated object, [matrix, ...])
    total = 0
    for inst in deps.object_instances:
        owner = inst.parent if inst.is_instance else inst.object
        if owner is None or owner.original not in tree:
            continue
        obj = inst.object
        if obj.type not in {"MESH", "CURVE"} or obj.data is None:
            continue
        key = (obj.original.name, obj.data.as_pointer())
        if key not in found:
            mesh = bpy.data.meshes.new_from_object(
                obj, preserve_all_data_layers=True, depsgraph=deps
            )
            found[key] = (mesh, [])
        found[key][1].append(inst.matrix_world.copy())
    total = sum(len(m.polygons) * len(ms) for m, ms in found.values())
    if total == 0:
        raise ValueError("no faces")
    unique = sum(len(m.polygons) for m, _ in found.values())
    if unique > MAX_INPUT_FACES or total > 20 * MAX_INPUT_FACES:
        raise ValueError(f"too many faces: {total}")
    scene = bpy.context.scene
    parts = []
    # A mesh used many times (leaves, fruit in a bowl) is simplified once, then copied.
    ratio = min(1.0, 6.0 * limit / total)
    for mesh, matrices in found.values():
        count = len(mesh.polygons)
        if len(matrices) > 1 and ratio < 1 and count > 12:
            obj = bpy.data.objects.new("instance", mesh)
            scene.collection.objects.link(obj)
            goal = max(8, int(count * ratio))
            if count > 3000:
                simplify(bpy, obj, 3 * goal)
            decimate(bpy, obj, goal)
            mesh = obj.data
            bpy.data.objects.remove(obj)
        for matrix in matrices:
            if len(mesh.polygons) == 0:
                continue
            obj = bpy.data.objects.new("part", mesh if len(matrices) == 1 else mesh.copy())
            scene.collection.objects.link(obj)
            obj.matrix_world = matrix
            parts.append(obj)
    for obj in tree:  # so that the bake sees the copy alone
        obj.hide_render = True
    bpy.ops.object.select_all(action="DESELECT")
    for obj in parts:
        obj.select_set(True)
    bpy.context.view_layer.objects.active = parts[0]
    if len(parts) > 1:
        bpy.ops.object.join()
    obj = bpy.context.view_layer.objects.active
    bpy.ops.object.transform_apply(location=False, rotation=True, scale=True)
    return obj, total


def decimate(bpy, obj, faces):
    """Collapse obj's mesh to about `faces` triangles."""
    mesh = obj.data
    triangles = sum(p.loop_total - 2 for p in mesh.polygons)
    if triangles <= faces:
        return
    bpy.ops.object.select_all(action="DESELECT")
    obj.select_set(True)
    bpy.context.view_layer.objects.active = obj
    mod = obj.modifiers.new("decimate", "DECIMATE")
    mod.ratio = faces / triangles
    mod.use_collapse_triangulate = True
    bpy.ops.object.modifier_apply(modifier=mod.name)


def normals_of(verts, faces):
    """Face normals, twice the area long."""
    import numpy as np

    a, b, c = (verts[faces[:, i]] for i in range(3))
    return np.cross(b - a, c - a)


def shape_of(obj):
    """Area and extents, to see whether a simplification has kept the shape."""
    import numpy as np

    verts, faces, _, _ = triangles_of(obj.data)
    used = verts[np.unique(faces)]
    area = np.linalg.norm(normals_of(verts, faces), axis=1).sum() / 2
    return area, used.max(0) - used.min(0)


def reduce(bpy, obj, limit):
    """At most `limit` triangles, by whichever of two methods keeps the shape better.

    Blender's collapse is the better one in general, but ruins some meshes of many parts.
    """
    if len(obj.data.polygons) > 6 * limit:
        simplify(bpy, obj, 5 * limit)
    area, extent = shape_of(obj)
    before = obj.data
    best = None
    for method in (decimate, lambda bpy, obj, n: simplify(bpy, obj, n, 2)):
        obj.data = before.copy()
        method(bpy, obj, limit)
        triangles = sum(p.loop_total - 2 for p in obj.data.polygons)
        if triangles > 1.05 * limit:
            continue
        new_area, new_extent = shape_of(obj)
        loss = abs(new_area - area) / area + (abs(new_extent - extent) / extent.max()).max()
        if best is None or loss < best[0]:
            best = (loss, obj.data)
        if loss < 0.1:
            break
    if best is None or best[0] > 0.5:
        raise ValueError(f"cannot be simplified: {best and best[0]}")
    obj.data = best[1]


def simplify(bpy, obj, limit, agg=3):
    """A copy of obj with at most about `limit` triangles, made by fast_simplification.

    Blender's own collapse takes many times longer on big meshes. Material slots and the
    attributes that the shaders may read are taken from the nearest input triangle, by
    centre and normal (a thin wall's two sides are near, but face opposite ways).
    """
    import numpy as np
    from scipy.spatial import cKDTree

    old = obj.data
    verts, faces, loops, polygons = triangles_of(old)
    low, high = verts.min(0), verts.max(0)
    size = float((high - low).max()) or 1.0
    unit = ((verts - low) / size).astype(np.float32)
    new, tri = simplify_parts(unit, faces, limit, agg)
    unit = unit.astype(float)

    def features(v, f):
        n = normals_of(v, f)
        n /= np.maximum(np.linalg.norm(n, axis=1, keepdims=True), 1e-20)
        return np.hstack([v[f].mean(1), 0.02 * n])

    source = cKDTree(features(unit, faces)).query(features(new, tri))[1]
    # For each new corner, the nearest corner of its source triangle.
    distance = ((new[tri][:, :, None] - unit[faces[source]][:, None]) ** 2).sum(-1)
    near = distance.argmin(2)
    corner_loop = np.take_along_axis(loops[source], near, 1).reshape(-1)
    corner_vert = np.take_along_axis(faces[source], near, 1).reshape(-1)
    vert_source = np.zeros(len(new), int)
    vert_source[tri.reshape(-1)] = corner_vert
    face_source = polygons[source]

    mesh = bpy.data.meshes.new("simplified")
    mesh.from_pydata((new * size + low).tolist(), [], tri.tolist())
    for material in old.materials:
        mesh.materials.append(material)
    maps = {"POINT": vert_source, "FACE": face_source, "CORNER": corner_loop}
    fields = {"FLOAT": ("value", 1), "INT": ("value", 1), "BOOLEAN": ("value", 1),
              "FLOAT_VECTOR": ("vector", 3), "FLOAT2": ("vector", 2),
              "FLOAT_COLOR": ("color", 4), "BYTE_COLOR": ("color", 4)}
    for attribute in old.attributes:
        name, domain, kind = attribute.name, attribute.domain, attribute.data_type
        if domain not in maps or kind not in fields or name.startswith("."):
            continue
        if name in {"position", "sharp_face", "custom_normal"}:
            continue
        field, width = fields[kind]
        buf = np.zeros(len(attribute.data) * width, np.float32)
        attribute.data.foreach_get(field, buf)
        values = buf.reshape(-1, width)[maps[domain]].reshape(-1)
        if kind in {"INT", "BOOLEAN"}:
            values = values.astype(np.int32 if kind == "INT" else bool)
        if kind == "FLOAT2" and domain == "CORNER":
            layer = mesh.uv_layers.new(name=name)
            layer.data.foreach_set("uv", values)
            continue
        copy = mesh.attributes.get(name) or mesh.attributes.new(name, kind, domain)
        copy.data.foreach_set(field, values)
    mesh.update()
    obj.data = mesh


def simplify_parts(verts, faces, limit, agg):
    """fast_simplification with a share of the triangles for each loose part.

    A part's share follows its area to the power 3/4, so that a beast's many fine claws do not
    use up what its body needs. Where there are too many parts, the smallest are left out.
    """
    import fast_simplification
    import numpy as np
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    n = len(verts)
    edges = np.vstack([faces[:, :2], faces[:, 1:]])
    graph = coo_matrix((np.ones(len(edges), bool), (edges[:, 0], edges[:, 1])), (n, n))
    part = connected_components(graph, directed=False)[1][faces[:, 0]]
    _, part = np.unique(part, return_inverse=True)
    count = np.bincount(part)
    weight = np.bincount(part, np.linalg.norm(normals_of(verts, faces), axis=1)) ** 0.75
    least = 12
    by_part = np.split(np.argsort(part, kind="stable"), np.cumsum(count)[:-1])
    # Small parts often keep more than they were given: then try again, coarser.
    for goal, agg in ((limit, agg), (0.75 * limit, agg + 2), (0.5 * limit, 8)):
        order = np.argsort(-weight)[: max(1, int(goal) // (2 * least))]
        share = np.zeros(len(count))
        share[order] = np.minimum(count[order], least)
        for _ in range(8):  # hand out what parts smaller than their share leave
            rest = goal - share.sum()
            more = order[share[order] < count[order]]
            if rest < 1 or len(more) == 0:
                break
            share[more] = np.minimum(
                count[more], share[more] + rest * weight[more] / weight[more].sum())
        out_verts, out_faces, offset = [], [], 0
        for i in order:
            used, local = np.unique(faces[by_part[i]], return_inverse=True)
            v, f = verts[used], local.reshape(-1, 3).astype(np.int32)
            if share[i] < count[i]:
                v, f = fast_simplification.simplify(
                    v, f, target_count=max(4, int(share[i])), agg=agg)
            out_verts.append(v)
            out_faces.append(np.asarray(f) + offset)
            offset += len(v)
        total = np.cumsum([len(f) for f in out_faces])
        if total[-1] <= limit:
            break
    keep = max(1, int(np.searchsorted(total, limit, side="right")))
    return np.vstack(out_verts[:keep]).astype(float), np.vstack(out_faces[:keep])


def triangles_of(mesh):
    """Vertices and, for each triangle, its vertices, loops and polygon."""
    import numpy as np

    mesh.calc_loop_triangles()
    n = len(mesh.loop_triangles)
    verts = np.zeros(len(mesh.vertices) * 3, np.float32)
    mesh.vertices.foreach_get("co", verts)
    faces, loops = np.zeros(n * 3, np.int32), np.zeros(n * 3, np.int32)
    polygons = np.zeros(n, np.int32)
    mesh.loop_triangles.foreach_get("vertices", faces)
    mesh.loop_triangles.foreach_get("loops", loops)
    mesh.loop_triangles.foreach_get("polygon_index", polygons)
    return (verts.reshape(-1, 3).astype(float), faces.reshape(-1, 3), loops.reshape(-1, 3),
            polygons)


def bake_colours(bpy, obj):
    """Base colour per corner: the sum of Cycles' diffuse, glossy, ... colour passes."""
    import numpy as np

    mesh = obj.data
    n = len(mesh.loops)
    for layer in list(mesh.color_attributes):
        if layer.name == "BakedColour":
            mesh.color_attributes.remove(layer)
    layer = mesh.color_attributes.new("BakedColour", "FLOAT_COLOR", "CORNER")
    mesh.attributes.active_color = layer
    bpy.ops.object.select_all(action="DESELECT")
    obj.select_set(True)
    bpy.context.view_layer.objects.active = obj
    settings = bpy.context.scene.render.bake
    settings.use_pass_direct = settings.use_pass_indirect = False
    settings.use_pass_color = True
    passes = {}
    for kind in ("DIFFUSE", "GLOSSY", "TRANSMISSION", "EMIT"):
        bpy.ops.object.bake(type=kind, target="VERTEX_COLORS", pass_filter={"COLOR"})
        buf = np.zeros(n * 4, np.float32)
        mesh.color_attributes["BakedColour"].data.foreach_get("color", buf)
        passes[kind] = np.nan_to_num(buf.reshape(n, 4)[:, :3], nan=0.5, posinf=1, neginf=0)
    glass = np.array([0.72, 0.80, 0.84], np.float32)  # clear glass reads as pale blue-grey
    emit = passes["EMIT"] / np.maximum(1.0, passes["EMIT"].max(axis=1, keepdims=True))
    colour = (
        passes["DIFFUSE"] + passes["GLOSSY"] * 0.9 + passes["TRANSMISSION"] * glass + emit
    )
    return np.clip(colour, 0.0, 1.0)


def group_colours(colours, slots, areas):
    """Group faces by slot and colour (k-means); return labels and linear palette."""
    import numpy as np

    rng = np.random.default_rng(0)
    srgb = np.where(colours <= 0.0031308, colours * 12.92,
                    1.055 * np.maximum(colours, 1e-8) ** (1 / 2.4) - 0.055)
    ids = np.unique(slots)
    per_slot = max(1, min(COLOURS_PER_SLOT, COLOURS_PER_OBJECT // len(ids)))
    labels = np.zeros(len(slots), int)
    palette = []
    for slot in ids:
        index = np.flatnonzero(slots == slot)
        points, weights = srgb[index], areas[index] + 1e-12
        spread = np.sqrt(np.average(((points - np.average(points, 0, weights)) ** 2).sum(1),
                                    weights=weights))
        k = 1 if spread < 0.03 else min(per_slot, 2 if spread < 0.06 else per_slot)
        centres = points[rng.choice(len(points), min(k, len(points)), replace=False,
                                    p=weights / weights.sum())]
        for _ in range(12):
            near = ((points[:, None] - centres[None]) ** 2).sum(2).argmin(1)
            for j in range(len(centres)):
                sel = near == j
                if sel.any():
                    centres[j] = np.average(points[sel], 0, weights[sel])
        for j in np.unique(near):
            labels[index[near == j]] = len(palette)
            palette.append(centres[j])
    palette = np.clip(np.array(palette), 0, 1)
    linear = np.where(palette <= 0.04045, palette / 12.92, ((palette + 0.055) / 1.055) ** 2.4)
    return labels, linear


def write_glb(path, vertices, faces, labels, palette, extras):
    """One primitive and one material (baseColorFactor) per label; written atomically."""
    import numpy as np

    blob, views, accessors, primitives, materials = bytearray(), [], [], [], []

    def add(array, target, kind, component):
        data = array.tobytes()
        views.append({"buffer": 0, "byteOffset": len(blob), "byteLength": len(data),
                      "target": target})
        accessor = {"bufferView": len(views) - 1, "componentType": component,
                    "count": len(array), "type": kind}
        if kind == "VEC3":
            accessor["min"] = array.min(0).tolist()
            accessor["max"] = array.max(0).tolist()
        accessors.append(accessor)
        blob.extend(data + b"\0" * (-len(data) % 4))
        return len(accessors) - 1

    for label in range(len(palette)):
        sel = faces[labels == label]
        if len(sel) == 0:
            continue
        used, inverse = np.unique(sel, return_inverse=True)
        position = add(vertices[used].astype("<f4"), 34962, "VEC3", 5126)
        wide = len(used) > 65535
        index = add(inverse.reshape(-1).astype("<u4" if wide else "<u2"), 34963, "SCALAR",
                    5125 if wide else 5123)
        materials.append({"pbrMetallicRoughness": {
            "baseColorFactor": [*(round(float(c), 5) for c in palette[label]), 1.0],
            "metallicFactor": 0.0, "roughnessFactor": 0.8}, "doubleSided": True})
        primitives.append({"attributes": {"POSITION": position}, "indices": index,
                           "material": len(materials) - 1})
    doc = {"asset": {"version": "2.0", "generator": "infinigen asset factory", "extras": extras},
           "scene": 0, "scenes": [{"nodes": [0]}], "nodes": [{"mesh": 0}],
           "meshes": [{"primitives": primitives}], "materials": materials,
           "accessors": accessors, "bufferViews": views,
           "buffers": [{"byteLength": len(blob)}]}
    text = json.dumps(doc, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    total = 12 + 8 + len(text) + 8 + len(blob)
    part = path.with_name(f".{path.name}.part")
    with open(part, "wb") as f:
        f.write(struct.pack("<4sII", b"glTF", 2, total))
        f.write(struct.pack("<I4s", len(text), b"JSON") + text)
        f.write(struct.pack("<I4s", len(blob), b"BIN\0") + bytes(blob))
    os.replace(part, path)


def takes(function, name):
    import inspect

    return name in inspect.signature(function).parameters


def make(bpy, module, name, seed, path, limit):
    """Generate one object and write it; return what the manifest keeps."""
    import importlib

    import numpy as np
    from infinigen.core.util import blender as butil
    from infinigen.core.util.math import FixedSeed

    begin = time.time()
    butil.clear_scene()
    cls = getattr(importlib.import_module(f"infinigen.assets.objects.{module}"), name)
    with FixedSeed(seed):
        furless = {"hair": False}  # fur takes minutes, and is not part of the mesh
        factory = cls(seed, **(furless if takes(cls.__init__, "hair") else {}))
        if hasattr(factory, "dirt_surface"):
            factory.dirt_surface = PlainSoil()
        asset = factory.spawn_asset(seed, **(furless if takes(cls.create_asset, "hair") else {}))
        try:
            factory.finalize_assets(asset)
        except Exception as error:
            print(f"finalize_assets: {error!r}", file=sys.stderr)
    made = time.time()
    obj, input_faces = gather(bpy, asset, limit)
    reduce(bpy, obj, limit)
    mesh = obj.data
    if not len(mesh.materials):
        mesh.materials.append(None)
    rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
    for i, material in enumerate(mesh.materials):
        if material is None:  # a pleasant random colour for a part without a material
            material = bpy.data.materials.new("plain")
            material.use_nodes = True
            import colorsys

            rgb = colorsys.hsv_to_rgb(rng.random(), rng.uniform(0.1, 0.6), rng.uniform(0.3, 0.9))
            material.node_tree.nodes["Principled BSDF"].inputs[0].default_value = (*rgb, 1)
            mesh.materials[i] = material
    gathered = time.time()
    corner = bake_colours(bpy, obj)
    baked = time.time()
    mesh = obj.data
    verts, faces, loops, polygons = triangles_of(mesh)
    if not np.isfinite(verts).all():
        raise ValueError("not finite")
    slots = np.zeros(len(mesh.polygons), np.int32)
    mesh.polygons.foreach_get("material_index", slots)
    slots, colours = slots[polygons], corner[loops].mean(1)
    areas = np.linalg.norm(normals_of(verts, faces), axis=1) / 2
    keep = areas > areas.max() * 1e-9
    faces, colours, slots, areas = faces[keep], colours[keep], slots[keep], areas[keep]
    if not 20 <= len(faces) <= 1.05 * limit:
        raise ValueError(f"{len(faces)} faces")
    labels, palette = group_colours(colours, slots, areas)
    verts = verts[:, [1, 2, 0]]  # Blender's +Z up, +X front -> glTF's +Y up, +Z front
    used = verts[np.unique(faces)]
    low, high = used.min(0), used.max(0)
    if (high - low).max() > 200 * np.median(high - low) or (high - low).max() > 200:
        raise ValueError(f"broken shape: {(high - low).tolist()}")
    verts -= (low + high) / 2
    write_glb(path, verts, faces, labels, palette, {"factory": name, "seed": seed})
    return dict(faces=len(faces), input_faces=input_faces, colours=len(palette),
                size=[round(float(v), 4) for v in high - low],
                s_make=round(made - begin, 2), s_mesh=round(gathered - made, 2),
                s_bake=round(baked - gathered, 2), s_export=round(time.time() - baked, 2))


def worker(args):
    """Read jobs (JSON lines) from stdin, answer on the original stdout."""
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # Blender prints to stdout
    bpy = start_infinigen(args.out)
    print("ready", file=answer, flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        # Where a job that will run out of time is, for worker.log.
        faulthandler.dump_traceback_later(max(1.0, args.timeout - 2), exit=False)
        try:
            result = make(bpy, job["module"], job["name"], job["seed"], Path(job["path"]),
                          args.faces)
            result["ok"] = True
        except BaseException as error:
            import traceback

            traceback.print_exc()
            result = dict(ok=False, error=f"{type(error).__name__}: {error}"[:300])
        faulthandler.cancel_dump_traceback_later()
        print(json.dumps(result), file=answer, flush=True)


# ------------------------------------------------------------------ parent side


class Worker:
    def __init__(self, args, log):
        self.jobs = 0
        env = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--worker", "--out", str(args.out), "--faces",
             str(args.faces), "--timeout", str(args.timeout)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, env=env,
            start_new_session=True, bufsize=1,
        )
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.process.stdout, selectors.EVENT_READ)
        if self.read(300) is None:
            raise RuntimeError("the worker did not start: see worker.log")

    def read(self, timeout):
        if not self.selector.select(timeout):
            return None
        return self.process.stdout.readline().strip() or None

    def run(self, job, timeout):
        self.jobs += 1
        try:
            self.process.stdin.write(json.dumps(job) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            return None
        begin = self.cpu()
        end = time.time() + 3 * timeout
        while time.time() < end and self.cpu() - begin < timeout:
            if self.selector.select(0.3):
                return self.read(1)
        return None

    def cpu(self):
        """CPU seconds used so far (a busy machine is no reason to give up a job)."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        except OSError:
            return time.time()

    def stop(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="folder for the GLB files")
    parser.add_argument("--minutes", type=float, default=30, help="stop after this long")
    parser.add_argument("--seed", type=int, default=0, help="first seed of each factory")
    parser.add_argument("--faces", type=int, default=5000, help="most triangles per object")
    parser.add_argument("--timeout", type=float, default=15, help="CPU seconds per object")
    parser.add_argument("--recycle", type=int, default=60, help="objects per worker process")
    parser.add_argument("--per-factory", type=int, default=60, help="most objects per factory")
    parser.add_argument("--rounds", type=int, default=3, help="rounds over all factories first")
    parser.add_argument("--only", default="", help="only factories whose names contain one of "
                        "these, comma-separated")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    if args.worker:
        worker(args)
        return
    end = time.time() + args.minutes * 60
    states = [
        dict(module=m, name=n, weight=w, made=0, tried=0, row=0, spent=0.0, dropped=False)
        for m, group in FACTORIES.items() for n, w in group.items()
        if not args.only or any(part in n for part in args.only.split(","))
    ]
    # Factories that have only run out of time so far are not tried again.
    known = {}
    if (args.out / "manifest.jsonl").exists():
        for line in (args.out / "manifest.jsonl").read_text().splitlines():
            row = json.loads(line)
            known.setdefault(row["factory"], []).append("" if row["ok"] else row["error"])
    for state in states:
        results = known.get(state["name"], [])
        state["dropped"] = "timeout" in results and "" not in results
    # Most wanted first within every round.
    states.sort(key=lambda s: -s["weight"])
    log = open(args.out / "worker.log", "a")
    manifest = open(args.out / "manifest.jsonl", "a")
    current = None
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that `finally` runs
    try:
        while time.time() < end:
            live = [s for s in states if not s["dropped"] and s["tried"] < args.per_factory]
            if not live:
                break
            first = min(s["tried"] for s in live)
            if first < args.rounds:
                state = next(s for s in live if s["tried"] == first)
            else:
                state = min(live, key=lambda s: s["spent"] / s["weight"])
            seed = args.seed + state["tried"]
            state["tried"] += 1
            path = args.out / f"{state['name']}_{seed}.glb"
            if path.exists():
                state["made"] += 1
                continue
            if current is None or current.jobs >= args.recycle:
                if current:
                    current.stop()
                current = Worker(args, log)
            begin = time.time()
            job = dict(module=state["module"], name=state["name"], seed=seed, path=str(path))
            log.write(f"--- {state['name']} {seed}\n")
            log.flush()
            reply = current.run(job, args.timeout)
            if reply is None:
                code = current.process.poll()
                result = dict(ok=False, error="timeout" if code is None else f"crash {code}")
                current.stop()
                current = None
            else:
                result = json.loads(reply)
            seconds = time.time() - begin
            state["spent"] += seconds
            if result["ok"]:
                state["made"] += 1
                state["row"] = 0
            else:
                state["row"] += 2 if result["error"] == "timeout" else 1
                state["dropped"] = state["row"] >= (4 if state["made"] else 2)
            manifest.write(json.dumps(dict(factory=state["name"], seed=seed,
                                           seconds=round(seconds, 2), **result)) + "\n")
            manifest.flush()
            print(f"{state['name']} {seed} {seconds:.1f}s",
                  result.get("faces") or result.get("error"), flush=True)
    finally:
        if current:
            current.stop()
    made = sum(s["made"] for s in states)
    print(f"{made} objects of {sum(s['made'] > 0 for s in states)} factories")


if __name__ == "__main__":
    main()
