"""Our add-on in Blender, installed from its zip, against the real server.

    .venv-blender/bin/python tests/api/addon.py target/clients/ai3dgen-blender-0.1.0.zip

Blender as a module has no windows and so calls no timers: what they would do is done here.
"""

import os
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

folder = tempfile.TemporaryDirectory()
# Before Blender is there: it installs add-ons below it.
os.environ["BLENDER_USER_RESOURCES"] = folder.name

import bpy  # noqa: E402
from mathutils import Vector  # noqa: E402

from server import PICTURE, server  # noqa: E402


def installed(archive):
    bpy.ops.preferences.addon_install(filepath=str(Path(archive).resolve()))
    bpy.ops.preferences.addon_enable(module="ai3dgen_addon")
    return sys.modules["ai3dgen_addon"], bpy.context.preferences.addons["ai3dgen_addon"].preferences


def run(addon, before_each_tick=lambda: None):
    """Starts the work and waits for its end; the longest that Blender was held up by a tick, in seconds."""
    bpy.ops.ai3dgen.generate()
    assert bpy.app.timers.is_registered(addon.tick)
    assert not bpy.ops.ai3dgen.generate.poll(), "one at a time"
    held = []
    while addon.work is not None:
        before_each_tick()
        alive = addon.work.is_alive()
        began = time.monotonic()
        wait = addon.tick()
        if alive:
            held.append(time.monotonic() - began)
        time.sleep(wait or 0)
    bpy.app.timers.unregister(addon.tick)
    return max(held, default=0)


def status(preferences, job):
    url = f"{preferences.address}/api/v1/jobs/{job['id']}"
    request = urllib.request.Request(url, headers={"X-API-Key": preferences.key})
    try:
        return urllib.request.urlopen(request).status
    except urllib.error.HTTPError as error:
        return error.code


def bounds(things):
    corners = [thing.matrix_world @ Vector(corner) for thing in things for corner in thing.bound_box]
    return [[pick(corner[axis] for corner in corners) for axis in range(3)] for pick in (min, max)]


def main(archive):
    bpy.ops.wm.read_factory_settings(use_empty=True)
    addon, preferences = installed(archive)
    settings = bpy.context.window_manager.ai3dgen
    jobs = []

    def notes_job():
        if "id" in addon.work.job:
            jobs.append(addon.work.job)

    with server("--require-keys") as (address, key):
        preferences.address = address
        preferences.key = key("own")
        assert type(preferences).bl_rna.properties["key"].subtype == "PASSWORD"
        settings.picture = str(PICTURE)

        cursor = bpy.context.scene.cursor.location = Vector((2, -3, 5))
        assert run(addon, notes_job) < 0.2, "Blender was held up"
        (mesh,) = [thing for thing in bpy.data.objects if thing.type == "MESH"]
        assert mesh.name == "disc" and len(mesh.data.polygons) > 100
        nodes = mesh.data.materials[0].node_tree.nodes
        images = [node.image for node in nodes if node.type == "TEX_IMAGE"]
        assert images and all(image.packed_file and image.size[0] >= 64 for image in images)
        bpy.context.view_layer.update()
        low, high = bounds([mesh])
        sides = [top - bottom for bottom, top in zip(low, high)]
        assert abs(max(sides) - 1) < 0.01, f"the longest side is a metre: {sides}"
        assert abs(low[2] - cursor.z) < 0.01, "it stands at the cursor"
        for axis in (0, 1):
            assert low[axis] < cursor[axis] < high[axis], (low, high)
        assert status(preferences, jobs[-1]) == 410, "deleted on the server"
        print("imports a model at the cursor: yes")

        settings.delete = False
        run(addon, notes_job)
        assert status(preferences, jobs[-1]) == 200
        assert len([thing for thing in bpy.data.objects if thing.type == "MESH"]) == 2
        print("keeps it on the server where that is wanted: yes")

        settings.tier = "ultra"
        run(addon, lambda: (notes_job(), "id" in addon.work.job and bpy.ops.ai3dgen.cancel()))
        assert settings.message == "Cancelled." and status(preferences, jobs[-1]) == 410
        settings.tier = "base"
        print("cancels: yes")

        def told(words):
            count = len(bpy.data.objects)
            run(addon)
            assert words in settings.message, settings.message
            assert len(bpy.data.objects) == count

        with tempfile.NamedTemporaryFile(suffix=".png") as huge:
            huge.truncate(200 << 20)
            settings.picture = huge.name
            told("At most 32 MB")
        settings.picture = str(Path(folder.name, "missing.png"))
        told("can't be read")
        settings.picture = __file__
        told("picture")
        settings.picture = str(PICTURE)
        preferences.key = "own_0123456789"
        told("key is unknown")
        preferences.key = ""
        preferences.address = "http://127.0.0.1:1"
        told("No answer from http://127.0.0.1:1.")
        bpy.context.preferences.system.use_online_access = False
        for address, words in [("here", "begins with http"), ("http://ai3dgen.example", "go online")]:
            preferences.address = address
            try:
                bpy.ops.ai3dgen.generate()
                raise AssertionError("it began")
            except RuntimeError as error:
                assert words in str(error), error
        print("says what is wrong: yes")
    bpy.ops.preferences.addon_disable(module="ai3dgen_addon")


if __name__ == "__main__":
    main(sys.argv[1])
    folder.cleanup()
    # Blender as a module may crash while Python tears it down, after all is done.
    sys.stdout.flush()
    os._exit(0)
