"""`ai3dgen mcp` with the official client, as an agent's program starts it: models are made, checked, repaired and
exported in one folder, and nothing outside of it is read or written. (Not named for its package, which it imports.)"""

import asyncio
import json
import os
import shutil
import subprocess
import tempfile
from base64 import b64encode
from pathlib import Path

import anyio
from mcp import Client, StdioServerParameters

from server import BINARY, PICTURE, is_model

DATA_URI = "data:image/png;base64," + b64encode(PICTURE.read_bytes()).decode()


def server(folder):
    """What stands in a client's configuration. Without weights: the picture is a cut-out."""
    return StdioServerParameters(
        command=BINARY,
        args=["mcp", "--folder", str(folder)],
        env={**os.environ, "AI3DGEN_MODELS_DIR": str(folder / "no-weights")},
    )


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


async def good(client, tool, **arguments):
    made = await client.call_tool(tool, arguments)
    assert not made.is_error, made.content
    assert json.loads(made.content[0].text) == made.structured_content
    return made.structured_content


async def refused(client, says, tool, **arguments):
    made = await client.call_tool(tool, arguments)
    told = made.content[0].text
    assert made.is_error and says in told, f"{says!r} is missing in: {told}"


async def models(client, folder):
    """From a picture to files that other programs take."""
    assert client.protocol_version == "2025-11-25"
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert sorted(tools) == ["check_model", "export_model", "generate_model", "remove_background", "repair_model"]
    tiers = tools["generate_model"].input_schema["properties"]["tier"]["enum"]
    assert tiers == ["base", "pro", "ultra"], tiers

    heard = []

    async def progress(done, total, stage):
        heard.append((done, total, stage))

    made = await client.call_tool("generate_model", {"picture": "disc.png", "output": "made/disc.glb", "faces": 2000},
                                  progress_callback=progress)
    assert not made.is_error, made.content
    model = made.structured_content
    assert is_model(model["model"]) and model["triangles"] < 3000, model
    steps = [done for done, _, _ in heard]
    assert len(steps) >= 5 and steps == sorted(set(steps)) and steps[-1] <= 100, heard
    assert {"shape", "texture"} <= {stage for _, _, stage in heard}, heard

    several = await good(client, "generate_model", picture=DATA_URI, back="disc.png", output="sides.glb", faces=2000,
                         preview="sides.png", print=True, size="80mm")
    assert is_model(several["model"]) and several["print"]["watertight"], several
    assert (folder / "sides.png").read_bytes()[:4] == b"\x89PNG"

    await good(client, "repair_model", model="sides.glb", output="fixed.glb")
    checked = await good(client, "check_model", model="fixed.glb", size="80mm", picture="where.png")
    assert checked["report"]["printable"] is True, checked
    assert (folder / "where.png").exists()
    for name in ["disc.stl", "disc.3mf", "disc.gltf", "disc.usdz"]:
        exported = await good(client, "export_model", model="made/disc.glb", output=name, size="50mm")
        assert Path(exported["model"]).samefile(folder / name), exported
    # What a glTF refers to is in the folder, too.
    assert is_model((await good(client, "export_model", model="disc.gltf", output="again.glb"))["model"])
    repaired = await good(client, "repair_model", model="disc.stl", output="repaired.stl", rewrap="always")
    assert repaired["triangles"] > 100, repaired
    cut = await good(client, "remove_background", picture="disc.png", output="cut.webp", mask_out="mask.png")
    assert cut["width"] == cut["height"] and (folder / "mask.png").exists(), cut
    assert (folder / "cut.webp").read_bytes()[8:12] == b"WEBP"


async def wrong(client, folder, secret):
    """What is wrong is told so that the agent can do better, and leaves nothing behind."""
    (folder / "words.png").write_text("Dear diary")
    (folder / "link.png").symlink_to(secret)
    (folder / "out").symlink_to(secret.parent)
    scene = {"asset": {"version": "2.0"}, "images": [{"uri": "texture.png"}], "buffers": [{"uri": "body.bin", "byteLength": 4}]}
    (folder / "scene.gltf").write_text(json.dumps(scene))
    (folder / "body.bin").symlink_to(secret)
    before, around = files(folder), files(secret.parent)
    allowed = "folder that the user allowed"
    for path in ["../secret.png", str(secret), "link.png", "out/secret.png", "/etc/passwd"]:
        await refused(client, allowed, "generate_model", picture=path, output="x.glb")
        await refused(client, allowed, "check_model", model=path)
        await refused(client, allowed, "generate_model", picture="disc.png", output=path)
        await refused(client, allowed, "generate_model", picture="disc.png", left=path, output="x.glb")
        await refused(client, allowed, "remove_background", picture="disc.png", keep=path, output="x.png")
        await refused(client, allowed, "generate_model", picture="disc.png", output="x.glb", preview=path)
    await refused(client, "belongs to it is missing", "check_model", model="scene.gltf")
    await refused(client, "is not there", "generate_model", picture="cup.png", output="x.glb")
    await refused(client, "not a picture", "generate_model", picture="words.png", output="x.glb")
    await refused(client, "data:image", "generate_model", picture="data:text/html;base64,YWI=", output="x.glb")
    await refused(client, "base64", "generate_model", picture="data:image/png;base64,%%", output="x.glb")
    await refused(client, "output is missing", "generate_model", picture="disc.png")
    await refused(client, "base, pro, ultra", "generate_model", picture="disc.png", output="x.glb", tier="gold")
    await refused(client, "100", "generate_model", picture="disc.png", output="x.glb", faces=1)
    await refused(client, "no such argument", "generate_model", picture="disc.png", output="x.glb", prompt="a teapot")
    await refused(client, ".glb", "generate_model", picture="disc.png", output="x.doc")
    await refused(client, "name a file", "generate_model", picture="disc.png", output=".")
    await refused(client, "choose another name", "export_model", model="sides.glb", output="sides.glb")
    assert files(folder) == before and files(secret.parent) == around


async def cancelled(client, folder):
    """Whoever gives up gets the machine back, and no file."""
    begun = anyio.Event()

    async def progress(*_):
        begun.set()

    async def ultra():
        arguments = {"picture": "disc.png", "output": "never.glb", "tier": "ultra"}
        await client.call_tool("generate_model", arguments, progress_callback=progress)
        raise AssertionError("it ended before it could be cancelled")

    async with anyio.create_task_group() as group:
        group.start_soon(ultra)
        with anyio.fail_after(60):
            await begun.wait()
        group.cancel_scope.cancel()
    with anyio.fail_after(60):
        await good(client, "check_model", model="sides.glb", size="80mm")
    assert not (folder / "never.glb").exists()
    assert not [name for name in os.listdir(folder) if name.startswith(".ai3dgen")]


def lines(folder, *said):
    """What is answered to these lines, and that the program ends well when there are no more."""
    run = subprocess.run([BINARY, "mcp", "--folder", folder], input="\n".join(said) + "\n", capture_output=True, text=True, timeout=60)
    assert run.returncode == 0 and not run.stderr, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


def wire(folder):
    """Messages that no good client sends."""
    told = lines(folder, "{", "", "[]", '{"jsonrpc": "2.0", "id": 1, "method": "tools/fly"}',
                 '{"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "fly"}}',
                 '{"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": [7]}',
                 '{"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 9}}',
                 '{"jsonrpc": "2.0", "method": "notifications/cancelled", "params": 9}',
                 '{"jsonrpc": "2.0", "id": "three", "method": "ping"}',
                 '{"jsonrpc": "2.0", "id": 4, "method": "initialize", "params": {"protocolVersion": "1999-01-01"}}')
    codes = [answer["error"]["code"] for answer in told[:5]]
    assert codes == [-32700, -32600, -32601, -32602, -32602], told
    assert told[5] == {"jsonrpc": "2.0", "id": "three", "result": {}}, told
    assert told[6]["result"]["protocolVersion"] == "2025-11-25", told
    none = subprocess.run([BINARY, "mcp", "--folder", "/nowhere"], input="", capture_output=True, text=True)
    assert none.returncode == 1 and none.stderr.count("\n") == 1 and "name a folder" in none.stderr, none.stderr


async def main():
    with tempfile.TemporaryDirectory() as around:
        folder, secret = Path(around, "allowed"), Path(around, "secret.png")
        folder.mkdir()
        shutil.copy(PICTURE, folder / "disc.png")
        shutil.copy(PICTURE, secret)
        async with Client(server(folder)) as client:
            await models(client, folder)
            await wrong(client, folder, secret)
            await cancelled(client, folder)
        wire(folder)


asyncio.run(main())
