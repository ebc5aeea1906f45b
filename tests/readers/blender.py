"""Blender imports one model in every format it knows and renders it; a line in seen.jsonl per file.

    .venv-blender/bin/python tests/readers/blender.py FOLDER

The lines are as those of formats.py; the pictures, FOLDER/blender_*.png, show the front.
"""

import json
import math
import os
import sys
from pathlib import Path

import bpy
import numpy as np
from mathutils import Vector

# Where a format states no unit or axis, a person chooses these in the import dialog.
Y_UP = {"forward_axis": "NEGATIVE_Z", "up_axis": "Y"}
IMPORTERS = {
    "glb": lambda path: bpy.ops.import_scene.gltf(filepath=path),
    "gltf": lambda path: bpy.ops.import_scene.gltf(filepath=path),
    "obj": lambda path: bpy.ops.wm.obj_import(filepath=path, **Y_UP),
    "stl": lambda path: bpy.ops.wm.stl_import(filepath=path, global_scale=1e-3),
    "ply": lambda path: bpy.ops.wm.ply_import(filepath=path, **Y_UP),
    "usdz": lambda path: bpy.ops.wm.usd_import(filepath=path),
}
SAMPLES = 8
SIDE_PX = 320


def imported(path, format):
    bpy.ops.wm.read_factory_settings(use_empty=True)
    IMPORTERS[format](str(path))
    meshes = [thing for thing in bpy.data.objects if thing.type == "MESH"]
    (mesh,) = [thing for thing in meshes if thing.data.polygons]
    return mesh


def bounds(thing):
    """From Blender's frame, +Z up and the front towards -Y, to ours."""
    count = len(thing.data.vertices)
    points = np.empty(count * 3)
    thing.data.vertices.foreach_get("co", points)
    matrix = np.array(thing.matrix_world)
    points = points.reshape(-1, 3) @ matrix[:3, :3].T + matrix[:3, 3]
    points = points[:, [0, 2, 1]] * [1, 1, -1]
    return points.min(axis=0), points.max(axis=0)


def colour(mesh):
    """The mean colour at the corners, sRGB, from the texture or the vertices."""
    corners = len(mesh.loops)
    for slot in mesh.materials:
        for node in slot.node_tree.nodes if slot and slot.use_nodes else []:
            linked = any(link.to_socket.name == "Base Color" for link in node.outputs[0].links) \
                if node.type == "TEX_IMAGE" else False
            if linked and node.image and mesh.uv_layers:
                width, height = node.image.size
                pixels = np.array(node.image.pixels[:]).reshape(height, width, -1)
                uv = np.empty(corners * 2)
                mesh.uv_layers.active.data.foreach_get("uv", uv)
                uv = uv.reshape(-1, 2)
                x = np.clip((uv[:, 0] * width).astype(int), 0, width - 1)
                y = np.clip((uv[:, 1] * height).astype(int), 0, height - 1)
                return pixels[y, x, :3].mean(axis=0) * 255
    for attribute in mesh.color_attributes:
        values = np.empty(len(attribute.data) * 4)
        attribute.data.foreach_get("color_srgb", values)
        values = values.reshape(-1, 4)
        if attribute.domain == "POINT":
            of = np.empty(corners, dtype=int)
            mesh.loops.foreach_get("vertex_index", of)
            values = values[of]
        return values[:, :3].mean(axis=0) * 255
    return None


def show_vertex_colours(thing):
    """Imported vertex colours are there but no material uses them."""
    if thing.data.materials or not thing.data.color_attributes:
        return
    material = bpy.data.materials.new("colours")
    material.use_nodes = True
    nodes, links = material.node_tree.nodes, material.node_tree.links
    source = nodes.new("ShaderNodeVertexColor")
    source.layer_name = thing.data.color_attributes[0].name
    links.new(source.outputs["Color"], nodes["Principled BSDF"].inputs["Base Color"])
    thing.data.materials.append(material)


def render(thing, path):
    show_vertex_colours(thing)
    corners = [thing.matrix_world @ Vector(corner) for corner in thing.bound_box]
    middle = sum(corners, Vector()) / 8
    radius = max((corner - middle).length for corner in corners)
    camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
    # A little from the right and from above of the front, which is -Y here.
    turn = Vector((0.45, -0.85, 0.35)).normalized()
    camera.location = middle + turn * radius * 3.2
    camera.rotation_euler = (-turn).to_track_quat("-Z", "Y").to_euler()
    sun = bpy.data.objects.new("sun", bpy.data.lights.new("sun", "SUN"))
    sun.data.energy = 3
    sun.rotation_euler = (math.radians(40), 0, math.radians(30))
    scene = bpy.context.scene
    for thing in (camera, sun):
        scene.collection.objects.link(thing)
    scene.camera = camera
    scene.world = bpy.data.worlds.new("world")
    scene.world.use_nodes = True
    scene.world.node_tree.nodes["Background"].inputs["Color"].default_value = (0.6, 0.6, 0.6, 1)
    scene.view_settings.view_transform = "Standard"
    scene.render.engine = "CYCLES"
    scene.cycles.samples = SAMPLES
    scene.cycles.use_denoising = False
    scene.render.resolution_x = scene.render.resolution_y = SIDE_PX
    scene.render.filepath = str(path)
    bpy.ops.render.render(write_still=True)


def main(folder):
    lines = []
    for format in IMPORTERS:
        thing = imported(folder / f"model.{format}", format)
        low, high = bounds(thing)
        mean = colour(thing.data)
        polygons = thing.data.polygons
        lines.append({
            "reader": "Blender",
            "format": format,
            "faces": sum(len(polygon.vertices) - 2 for polygon in polygons),
            "low": low.round(5).tolist(),
            "high": high.round(5).tolist(),
            "colour": None if mean is None else mean.round(1).tolist(),
            "problems": [],
        })
        render(thing, folder / f"blender_{format}.png")
    with (folder / "seen.jsonl").open("a") as seen:
        seen.writelines(json.dumps(line) + "\n" for line in lines)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
    # Blender as a module may crash while Python tears it down, after all is done.
    sys.stdout.flush()
    os._exit(0)
