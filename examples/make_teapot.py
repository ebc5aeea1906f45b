"""Path-traces examples/teapot.jpg: a glazed teapot on a wooden table.

    python3.11 -m venv .venv-render && .venv-render/bin/pip install bpy==4.2.0
    .venv-render/bin/python examples/make_teapot.py teapot.png

Everything in the picture is modelled and textured by this script, so it is ours to ship.
The JPEG is the PNG at quality 90 with 4:2:0 chroma.
"""

import math
import sys

import bpy
from mathutils import Vector

OUT = sys.argv[1]
SIDE = int(sys.argv[2]) if len(sys.argv) > 2 else 1024
SAMPLES = int(sys.argv[3]) if len(sys.argv) > 3 else 32

bpy.ops.wm.read_factory_settings(use_empty=True)
scene = bpy.context.scene


def link(name, data):
    thing = bpy.data.objects.new(name, data)
    scene.collection.objects.link(thing)
    return thing


def smooth(thing, levels):
    for polygon in thing.data.polygons:
        polygon.use_smooth = True
    modifier = thing.modifiers.new("smooth", "SUBSURF")
    modifier.levels = modifier.render_levels = levels


def lathe(name, profile, steps=48):
    """A closed body of revolution about z from (radius, height) pairs."""
    vertices, faces = [], []
    for radius, height in profile:
        for step in range(steps):
            turn = 2 * math.pi * step / steps
            vertices.append((radius * math.cos(turn), radius * math.sin(turn), height))
    for ring in range(len(profile) - 1):
        for step in range(steps):
            here, there = ring * steps + step, ring * steps + (step + 1) % steps
            faces.append((here, there, there + steps, here + steps))
    faces.append(tuple(reversed(range(steps))))
    faces.append(tuple(range((len(profile) - 1) * steps, len(profile) * steps)))
    data = bpy.data.meshes.new(name)
    data.from_pydata(vertices, [], faces)
    thing = link(name, data)
    smooth(thing, 1)
    return thing


def tube(name, points, width, flatten=1.0):
    """A tube through (x, z, radius) points in the plane y = 0."""
    data = bpy.data.curves.new(name, "CURVE")
    data.dimensions = "3D"
    data.bevel_depth = width
    data.bevel_resolution = 8
    data.resolution_u = 24
    data.use_fill_caps = True
    spline = data.splines.new("BEZIER")
    spline.bezier_points.add(len(points) - 1)
    for point, (x, z, radius) in zip(spline.bezier_points, points):
        point.co = (x, 0, z)
        point.radius = radius
        point.handle_left_type = point.handle_right_type = "AUTO"
    thing = link(name, data)
    thing.scale.y = flatten
    return thing


def material(name):
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    return made, made.node_tree.nodes, made.node_tree.links


def glaze():
    """Deep teal over bare clay, the edge of the glaze a little uneven, speckled like stoneware."""
    made, nodes, links = material("glaze")
    shader = nodes["Principled BSDF"]
    place = nodes.new("ShaderNodeTexCoord")
    split = nodes.new("ShaderNodeSeparateXYZ")
    links.new(place.outputs["Object"], split.inputs[0])
    wobble = nodes.new("ShaderNodeTexNoise")
    wobble.inputs["Scale"].default_value = 3.0
    links.new(place.outputs["Object"], wobble.inputs["Vector"])
    edge = nodes.new("ShaderNodeMath")
    edge.operation = "MULTIPLY_ADD"
    edge.inputs[1].default_value = 0.16
    links.new(wobble.outputs["Fac"], edge.inputs[0])
    links.new(split.outputs["Z"], edge.inputs[2])
    ramp = nodes.new("ShaderNodeValToRGB")
    ramp.color_ramp.elements[0].position = 0.275
    ramp.color_ramp.elements[0].color = (0.36, 0.17, 0.085, 1)
    ramp.color_ramp.elements[1].position = 0.29
    ramp.color_ramp.elements[1].color = (0.012, 0.105, 0.12, 1)
    middle = ramp.color_ramp.elements.new(0.52)
    middle.color = (0.03, 0.23, 0.22, 1)
    top = ramp.color_ramp.elements.new(0.95)
    top.color = (0.13, 0.38, 0.32, 1)
    links.new(edge.outputs[0], ramp.inputs[0])
    speck = nodes.new("ShaderNodeTexNoise")
    speck.inputs["Scale"].default_value = 55.0
    links.new(place.outputs["Object"], speck.inputs["Vector"])
    dots = nodes.new("ShaderNodeValToRGB")
    dots.color_ramp.elements[0].position = 0.27
    dots.color_ramp.elements[0].color = (0.25, 0.2, 0.16, 1)
    dots.color_ramp.elements[1].position = 0.33
    links.new(speck.outputs["Fac"], dots.inputs[0])
    mixed = nodes.new("ShaderNodeMix")
    mixed.data_type = "RGBA"
    mixed.blend_type = "MULTIPLY"
    mixed.inputs["Factor"].default_value = 1.0
    links.new(ramp.outputs[0], mixed.inputs["A"])
    links.new(dots.outputs[0], mixed.inputs["B"])
    links.new(mixed.outputs["Result"], shader.inputs["Base Color"])
    shader.inputs["Roughness"].default_value = 0.28
    shader.inputs["Coat Weight"].default_value = 0.35
    shader.inputs["Coat Roughness"].default_value = 0.1
    return made


def wood():
    made, nodes, links = material("wood")
    shader = nodes["Principled BSDF"]
    place = nodes.new("ShaderNodeTexCoord")
    stretch = nodes.new("ShaderNodeMapping")
    stretch.inputs["Scale"].default_value = (0.5, 3.2, 1.0)
    stretch.inputs["Rotation"].default_value = (0, 0, 0.35)
    links.new(place.outputs["Object"], stretch.inputs[0])
    grain = nodes.new("ShaderNodeTexNoise")
    grain.inputs["Scale"].default_value = 2.6
    grain.inputs["Detail"].default_value = 12
    grain.inputs["Distortion"].default_value = 0.9
    links.new(stretch.outputs[0], grain.inputs["Vector"])
    ramp = nodes.new("ShaderNodeValToRGB")
    ramp.color_ramp.elements[0].position = 0.3
    ramp.color_ramp.elements[0].color = (0.17, 0.085, 0.04, 1)
    ramp.color_ramp.elements[1].position = 0.72
    ramp.color_ramp.elements[1].color = (0.47, 0.29, 0.16, 1)
    links.new(grain.outputs["Fac"], ramp.inputs[0])
    links.new(ramp.outputs[0], shader.inputs["Base Color"])
    shader.inputs["Roughness"].default_value = 0.5
    return made


def plain(name, color, roughness=0.9):
    made, nodes, _ = material(name)
    nodes["Principled BSDF"].inputs["Base Color"].default_value = (*color, 1)
    nodes["Principled BSDF"].inputs["Roughness"].default_value = roughness
    return made


def plane(name, size, location, rotation, look):
    bpy.ops.mesh.primitive_plane_add(size=size, location=location, rotation=rotation)
    thing = bpy.context.object
    thing.name = name
    thing.data.materials.append(look)
    return thing


body = lathe("body", [
    (0.46, 0.0), (0.50, 0.02), (0.52, 0.06), (0.60, 0.14), (0.73, 0.30), (0.80, 0.48),
    (0.80, 0.64), (0.72, 0.82), (0.57, 0.95), (0.43, 1.02), (0.41, 1.05), (0.43, 1.08),
    (0.41, 1.09),
])
lid = lathe("lid", [
    (0.395, 1.07), (0.405, 1.10), (0.38, 1.13), (0.28, 1.18), (0.15, 1.22), (0.085, 1.245),
    (0.07, 1.27), (0.095, 1.30), (0.125, 1.34), (0.125, 1.38), (0.09, 1.415), (0.03, 1.43),
])
spout = tube("spout", [
    (0.40, 0.44, 2.1), (0.74, 0.46, 1.85), (0.98, 0.62, 1.3), (1.10, 0.86, 0.95), (1.24, 1.03, 0.8),
], 0.1)
handle = tube("handle", [
    (-0.48, 0.86, 1.15), (-0.90, 0.99, 1.0), (-1.18, 0.84, 1.0), (-1.14, 0.52, 1.0),
    (-0.94, 0.36, 1.0), (-0.60, 0.34, 1.15),
], 0.066, flatten=1.5)
bpy.ops.mesh.primitive_circle_add(vertices=48, radius=0.062, fill_type="NGON")
mouth = bpy.context.object
# The spout ends here, pointing this way.
bpy.context.view_layer.update()
(tip, before) = (Vector((1.24, 0, 1.03)), spout.data.splines[0].bezier_points[-1].handle_left)
along = (tip - before).normalized()
mouth.rotation_mode = "QUATERNION"
mouth.rotation_quaternion = along.to_track_quat("Z", "Y")
mouth.location = tip + along * 0.002
mouth.data.materials.append(plain("mouth", (0.012, 0.02, 0.02)))
pot = bpy.data.objects.new("pot", None)
scene.collection.objects.link(pot)
ceramic = glaze()
for part in (body, lid, spout, handle):
    part.data.materials.append(ceramic)
for part in (body, lid, spout, handle, mouth):
    part.parent = pot
pot.rotation_euler.z = math.radians(-28)

plane("table", 12, (0, 1.5, 0), (0, 0, 0), wood())
plane("wall", 30, (0, 7, 4), (math.radians(90), 0, 0), plain("wall", (0.52, 0.47, 0.42)))


def area(location, size, power, color):
    data = bpy.data.lights.new("window", "AREA")
    data.shape = "RECTANGLE"
    data.size, data.size_y = size
    data.energy = power
    data.color = color
    lamp = link("window", data)
    lamp.location = location
    lamp.rotation_euler = (Vector((0, 0, 0.6)) - Vector(location)).to_track_quat("-Z", "Y").to_euler()


area((-3.6, -1.8, 3.4), (2.2, 2.6), 260, (1.0, 0.97, 0.92))
area((4.2, -0.6, 2.2), (1.6, 2.4), 60, (0.86, 0.92, 1.0))
area((0.5, 4.0, 4.5), (3.0, 1.5), 110, (1.0, 0.93, 0.84))
world = bpy.data.worlds.new("room")
world.use_nodes = True
world.node_tree.nodes["Background"].inputs[0].default_value = (0.75, 0.8, 0.9, 1)
world.node_tree.nodes["Background"].inputs[1].default_value = 0.28
scene.world = world

data = bpy.data.cameras.new("camera")
data.lens = 82
camera = link("camera", data)
camera.location = (0.0, -6.4, 2.05)
target = Vector((0.06, 0, 0.60))
camera.rotation_euler = (target - camera.location).to_track_quat("-Z", "Y").to_euler()
data.dof.use_dof = True
data.dof.focus_distance = (Vector((0, -0.5, 0.6)) - camera.location).length
data.dof.aperture_fstop = 0.9
scene.camera = camera

scene.render.engine = "CYCLES"
scene.cycles.device = "CPU"
scene.cycles.samples = SAMPLES
scene.cycles.use_denoising = True
scene.cycles.seed = 1
scene.cycles.max_bounces = 6
scene.render.resolution_x = scene.render.resolution_y = SIDE
scene.view_settings.view_transform = "AgX"
scene.view_settings.look = "AgX - Medium High Contrast"
scene.view_settings.exposure = 0.05
scene.render.image_settings.file_format = "PNG"
scene.render.filepath = OUT
bpy.ops.render.render(write_still=True)
