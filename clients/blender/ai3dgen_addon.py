"""ai3dgen for Blender: pick a picture, get its model at the 3D cursor.

Edit > Preferences > Add-ons > Install from Disk, then “ai3dgen” in the sidebar (N) of the 3D view. The
picture goes to the ai3dgen server that the add-on's preferences name, and nowhere else.
"""

import json
import tempfile
import threading
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import bpy
from bpy.props import BoolProperty, EnumProperty, PointerProperty, StringProperty

bl_info = {
    "name": "ai3dgen",
    "description": "A picture becomes a textured model, on a server of yours that forgets",
    "author": "The ai3dgen project",
    "version": (0, 1, 0),
    "blender": (4, 0, 0),
    "location": "3D View > Sidebar > ai3dgen",
    "category": "Import-Export",
}

TIERS = [
    ("base", "Base", "Seconds on an ordinary processor"),
    ("pro", "Pro", "Finer, with baked maps"),
    ("ultra", "Ultra", "Finest, and slowest"),
]
POLL_SECS = 0.5
TRIES = 20
"""How often a server may not answer before it counts as gone."""
SILENCE_SECS = 60


# The server.


class Refused(Exception):
    """The server said no, and why."""


class Unreachable(Refused):
    """It said nothing."""


class NoRedirects(HTTPRedirectHandler):
    """Picture and key are for the server that was named, not for where it points."""

    def redirect_request(self, *_):
        return None


class Server:
    """The few requests that a model takes."""

    def __init__(self, address, key):
        self.address = address.strip().rstrip("/")
        self.key = {"Authorization": f"Bearer {key.strip()}"} if key.strip() else {}
        self.opener = build_opener(NoRedirects)

    def send(self, picture, tier):
        headers = {**self.key, "Content-Type": "application/octet-stream"}
        return json.loads(self.ask("POST", f"{self.address}/api/v1/jobs?tier={tier}", headers, picture))

    def job(self, id):
        return json.loads(self.ask("GET", f"{self.address}/api/v1/jobs/{id}", self.key))

    def model(self, job):
        """The GLB. Its address is its permission: it is asked for without the key."""
        return self.ask("GET", job["links"]["model"], {})

    def delete(self, id):
        self.ask("DELETE", f"{self.address}/api/v1/jobs/{id}", self.key)

    def ask(self, method, url, headers, body=None):
        """The reply's body. Raises `Refused` with a sentence for people."""
        request = Request(url, body, headers, method=method)
        try:
            with self.opener.open(request, timeout=SILENCE_SECS) as reply:
                return reply.read()
        except HTTPError as error:
            raise Refused(self.reason(error)) from error
        except (OSError, HTTPException) as error:
            raise Unreachable(f"No answer from {self.address}. Does the server run?") from error

    @staticmethod
    def reason(error):
        try:
            return json.load(error)["detail"]
        except (ValueError, KeyError, TypeError):
            return f"That is no answer of an ai3dgen server ({error.code}). Is its address right?"


class Work(threading.Thread):
    """From a picture to a model, beside Blender. Touches nothing of Blender's: `tick` looks at it."""

    def __init__(self, server, picture, tier, delete):
        super().__init__(daemon=True)
        self.server, self.picture, self.tier, self.delete = server, Path(picture), tier, delete
        self.stopped = threading.Event()
        self.job = {"state": "sending", "stage": None, "progress": 0.0}
        self.model = None
        self.message = ""

    def run(self):
        try:
            self.model = self.make()
        except Refused as refusal:
            self.message = str(refusal)
        except OSError as error:
            self.message = f"The picture can't be read: {error.strerror}."
        # What isn't wanted any more is destroyed, too.
        if "id" in self.job and (self.delete or self.model is None):
            self.destroy()

    def make(self):
        self.job = self.server.send(self.picture.read_bytes(), self.tier)
        failed = 0
        while self.job["state"] in ("queued", "running") and not self.stopped.wait(POLL_SECS):
            try:
                self.job, failed = self.server.job(self.job["id"]), 0
            except Unreachable:
                failed += 1
                if failed > TRIES:
                    raise
        if self.stopped.is_set():
            raise Refused("Cancelled.")
        if self.job["state"] != "done":
            raise Refused(self.job["failure"] or "Cancelled on the server.")
        self.message = "; ".join(notice["text"] for notice in self.job["notices"])
        return self.server.model(self.job)

    def destroy(self):
        try:
            self.server.delete(self.job["id"])
        except Refused as refusal:
            self.message += f" The server keeps it until {self.job['expires_at']}: {refusal}"


# Blender's side.

work = None


def tick():
    """Called by Blender while there is work: shows how far it is, and imports what came."""
    global work
    if work is None:
        return None
    settings = bpy.context.window_manager.ai3dgen
    redraw()
    if work.is_alive():
        return POLL_SECS
    ended, work = work, None
    settings.message = ended.message
    if ended.model is not None:
        add(ended.model, ended.picture.stem)
    return None


def add(model, name):
    """Puts a GLB into the scene, at the 3D cursor."""
    before = set(bpy.data.objects)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "model.glb")
        file.write_bytes(model)
        # Blender calls timers without a window, which importers want.
        windows = bpy.context.window_manager.windows
        with bpy.context.temp_override(**({"window": windows[0]} if windows else {})):
            bpy.ops.import_scene.gltf(filepath=str(file))
    for thing in set(bpy.data.objects) - before:
        if thing.type == "MESH":
            thing.name = name
        if thing.parent is None:
            thing.location += bpy.context.scene.cursor.location
    if not bpy.app.background:
        bpy.ops.ed.undo_push(message="ai3dgen model")


def redraw():
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "VIEW_3D":
                area.tag_redraw()


class Preferences(bpy.types.AddonPreferences):
    """Which server."""

    bl_idname = __name__

    address: StringProperty(name="Server", default="http://127.0.0.1:3000", description="Address of your ai3dgen server")
    key: StringProperty(name="Key", subtype="PASSWORD", description="What ai3dgen keys create printed, if the server asks for one")

    def draw(self, context):
        self.layout.prop(self, "address")
        self.layout.prop(self, "key")


class Settings(bpy.types.PropertyGroup):
    """What the panel shows. Not saved with the scene."""

    picture: StringProperty(name="Picture", subtype="FILE_PATH", description="A picture of one object")
    tier: EnumProperty(name="Tier", items=TIERS)
    delete: BoolProperty(
        name="Delete on the server now",
        default=True,
        description="Have picture and model destroyed once the model is here, not an hour later",
    )
    message: StringProperty()


def wrong(preferences, picture):
    """What has to be set first, for people; nothing if all is there."""
    host = urlsplit(preferences.address.strip())
    if host.scheme not in ("http", "https") or not host.hostname:
        return "The server's address begins with http:// or https://: see the add-on's preferences"
    if not preferences.key.strip().isascii():
        return "That key is none: see the add-on's preferences"
    if not picture:
        return "Choose a picture first"
    local = host.hostname in ("localhost", "127.0.0.1", "::1")
    if not local and not getattr(bpy.app, "online_access", True):
        return "Blender may not go online: allow it in Preferences > System > Network"
    return None


class AI3DGEN_OT_generate(bpy.types.Operator):
    """Send the picture to the server, and import the model that comes back"""

    bl_idname = "ai3dgen.generate"
    bl_label = "Make a model"

    @classmethod
    def poll(cls, context):
        return work is None

    def execute(self, context):
        global work
        preferences = context.preferences.addons[__name__].preferences
        settings = context.window_manager.ai3dgen
        problem = wrong(preferences, settings.picture)
        if problem:
            self.report({"ERROR"}, problem)
            return {"CANCELLED"}
        settings.message = ""
        server = Server(preferences.address, preferences.key)
        work = Work(server, bpy.path.abspath(settings.picture), settings.tier, settings.delete)
        work.start()
        # Persistent: opening another file doesn't end the work.
        bpy.app.timers.register(tick, persistent=True)
        return {"FINISHED"}


class AI3DGEN_OT_cancel(bpy.types.Operator):
    """Stop, and have the server destroy what it has"""

    bl_idname = "ai3dgen.cancel"
    bl_label = "Cancel"

    @classmethod
    def poll(cls, context):
        return work is not None

    def execute(self, context):
        work.stopped.set()
        return {"FINISHED"}


class AI3DGEN_PT_panel(bpy.types.Panel):
    """The tab in the sidebar."""

    bl_label = "ai3dgen"
    bl_category = "ai3dgen"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"

    def draw(self, context):
        layout, settings = self.layout, context.window_manager.ai3dgen
        if work is None:
            layout.prop(settings, "picture")
            layout.prop(settings, "tier")
            layout.prop(settings, "delete")
            layout.operator("ai3dgen.generate", icon="MESH_MONKEY")
        else:
            layout.progress(factor=work.job["progress"], text=work.job["stage"] or work.job["state"])
            layout.operator("ai3dgen.cancel", icon="X")
        # A label is one line.
        for line in filter(None, settings.message.replace("; ", ". ").split(". ")):
            layout.label(text=line)


CLASSES = [Preferences, Settings, AI3DGEN_OT_generate, AI3DGEN_OT_cancel, AI3DGEN_PT_panel]


def register():
    for kind in CLASSES:
        bpy.utils.register_class(kind)
    bpy.types.WindowManager.ai3dgen = PointerProperty(type=Settings)


def unregister():
    if work is not None:
        work.stopped.set()
    if bpy.app.timers.is_registered(tick):
        bpy.app.timers.unregister(tick)
    del bpy.types.WindowManager.ai3dgen
    for kind in reversed(CLASSES):
        bpy.utils.unregister_class(kind)
