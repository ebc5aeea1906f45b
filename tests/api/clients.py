"""Clients of other services, unmodified, against the real server. Each ends with a file that is a model."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from base64 import b64encode
from pathlib import Path

from server import PICTURE, ROOT, is_model, server

OUT = Path(os.environ.get("OUT", tempfile.mkdtemp()))


def tripo(address, key):
    from tripo3d import TripoAPIError, TripoClient

    async def make():
        async with TripoClient(api_key=key("tripo"), v3_base_url=address) as client:
            assert (await client.get_balance()).balance > 0
            task_id = await client.image_to_model(str(PICTURE), face_limit=2000)
            task = await client.wait_for_task(task_id, polling_interval=0.2, timeout=300)
            files = await client.download_task_models(task, str(OUT))
            assert is_model(files["model"]), files
            assert Path(files["rendered_image"]).read_bytes()[:4] == b"\x89PNG"
            sides = await client.multiview_to_model([str(PICTURE), None, str(PICTURE), None], face_limit=2000)
            task = await client.wait_for_task(sides, polling_interval=0.2, timeout=300)
            files = await client.download_task_models(task, str(OUT))
            assert is_model(files["model"]), files
            stl = await client.wait_for_task(await client.convert_model(task_id, "STL"))
            files = await client.download_task_models(stl, str(OUT))
            assert files["model"].endswith(".stl"), files
            # What is longer than this goes to an address of its own; so does now everything.
            client.MULTIPART_MAX_BYTES = 0
            ahead = (await client.upload_file(str(PICTURE)))["file_token"]
            task = await client.wait_for_task(await client.image_to_model(ahead, face_limit=2000))
            files = await client.download_task_models(task, str(OUT))
            assert is_model(files["model"]), files
            try:
                await client.text_to_model("a teapot")
                raise AssertionError("a prompt was taken")
            except TripoAPIError as error:
                assert "text-to-image" in str(error), error
        async with TripoClient(api_key="tsk_unknown", v3_base_url=address) as client:
            try:
                await client.get_balance()
                raise AssertionError("an unknown key was taken")
            except TripoAPIError as error:
                assert error.code == 1002, error

    asyncio.run(make())


def printpal(address, key):
    from printpal import Format, PrintPalClient, Quality
    from printpal.exceptions import AuthenticationError, PrintPalError

    client = PrintPalClient(api_key=key("printpal"), base_url=address)
    assert client.health_check()["status"] == "healthy"
    assert client.get_credits().username == "printpal"
    assert client.get_pricing().credits["default"].cost == 0
    made = client.generate_from_image(PICTURE, quality=Quality.DEFAULT, format=Format.GLB)
    client.wait_for_completion(made.generation_uid, poll_interval=1, timeout=300)
    assert is_model(client.download(made.generation_uid, OUT / "printpal.glb"))
    try:
        client.generate_from_prompt("a teapot", format=Format.GLB)
        raise AssertionError("a prompt was taken")
    except PrintPalError as error:
        assert "text-to-image" in str(error), error
    try:
        PrintPalClient(api_key="pp_live_unknown", base_url=address).get_credits()
        raise AssertionError("an unknown key was taken")
    except AuthenticationError:
        pass


def replicate(address, key):
    from replicate.client import Client
    from replicate.exceptions import ReplicateError

    client = Client(api_token=key("replicate"), base_url=address)
    with open(PICTURE, "rb") as picture:
        output = client.run("ai3dgen/base", input={"image": picture})
    # Over https it would be a file to read; without, its client gives the address.
    file = OUT / "replicate.glb"
    file.write_bytes(urllib.request.urlopen(output).read())
    assert is_model(file)
    ids = [prediction.id for prediction in client.predictions.list()]
    assert len(ids) == 1 and ids[0] in output, (ids, output)
    assert client.predictions.get(ids[0]).status == "succeeded"
    [sent] = client.files.list()
    assert client.files.get(sent.id).size == PICTURE.stat().st_size
    assert client.files.delete(sent.id) and client.files.list() == []
    try:
        client.run("ai3dgen/base", input={"prompt": "a teapot"})
        raise AssertionError("a prompt was taken")
    except ReplicateError as error:
        assert "text-to-image" in str(error), error


def meshy(address, key):
    subprocess.run(
        ["node", str(ROOT / "tests/api/meshy.mjs"), address, str(PICTURE), str(OUT / "meshy.glb")],
        env={**os.environ, "MESHY_API_KEY": key("meshy")},
        check=True,
    )
    assert is_model(OUT / "meshy.glb")


def send(url, body, headers):
    request = urllib.request.Request(url, data=body, headers=headers)
    try:
        with urllib.request.urlopen(request) as reply:
            return reply.status, reply.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def comfyui(address, key):
    """What ComfyUI's nodes for Meshy send, after their source: a picture is put somewhere first, without its type."""
    headers = {"Content-Type": "application/json", "X-API-KEY": key("meshy", name="comfyui")}

    def ask(path, body):
        status, reply = send(f"{address}{path}", body and json.dumps(body).encode(), headers)
        assert status in (200, 202), reply
        return json.loads(reply)

    place = ask("/customers/storage", {"file_name": "a.png", "content_type": None})
    put = ["curl", "--fail-with-body", "--silent", "-X", "PUT", "-H", "content-type:", "--data-binary", f"@{PICTURE}"]
    subprocess.run([*put, place["upload_url"]], check=True)
    wish = {"image_url": place["download_url"], "ai_model": "latest", "topology": "triangle", "target_polycount": 2000,
            "symmetry_mode": "auto", "should_remesh": True, "should_texture": True, "enable_pbr": False, "pose_mode": "",
            "texture_prompt": None, "texture_image_url": None, "seed": 7, "moderation": False}
    tasks = "/proxy/meshy/openapi/v1/image-to-3d"
    begun = ask(tasks, wish)["result"]
    while (task := ask(f"{tasks}/{begun}", None))["status"] != "SUCCEEDED":
        assert task["status"] in ("PENDING", "IN_PROGRESS"), task
        time.sleep(0.2)
    assert isinstance(task["progress"], int) and task["thumbnail_url"] and task["texture_urls"] == [], task
    (OUT / "comfyui.glb").write_bytes(urllib.request.urlopen(task["model_urls"]["glb"]).read())
    assert is_model(OUT / "comfyui.glb")


def hunyuan(address, key):
    """What Tencent's add-on and blender-mcp send, after their sources."""
    picture = b64encode(PICTURE.read_bytes()).decode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key('hunyuan')}"}
    usual = {"octree_resolution": 256, "num_inference_steps": 20, "guidance_scale": 5.5, "texture": True}
    sides = {"image_left": picture, "image_back": picture, "image_right": picture}
    for name, pictures in {"one": {"image": picture}, "four": {"image": picture, **sides}}.items():
        status, body = send(f"{address}/generate", json.dumps({**usual, **pictures}).encode(), headers)
        assert status == 200, body
        file = OUT / f"hunyuan-{name}.glb"
        file.write_bytes(body)
        assert is_model(file)
    for path in ["/generate", "/send"]:
        status, body = send(f"{address}{path}", json.dumps({**usual, "text": "a teapot"}).encode(), headers)
        assert status == 422 and b"text-to-image" in body, body


def stability(address, key):
    file = OUT / "stability.glb"
    ask = ["curl", "--fail-with-body", "--silent", "-X", "POST", f"{address}/v2beta/3d/stable-fast-3d",
           "-H", f"authorization: Bearer {key('stability')}", "-F", f"image=@{PICTURE}",
           "-F", "texture_resolution=512", "-o", str(file)]
    subprocess.run(ask, check=True)
    assert is_model(file)


def main():
    failed = []
    with server("--require-keys") as (address, key):
        for client in [tripo, printpal, replicate, meshy, comfyui, hunyuan, stability]:
            try:
                client(address, key)
                print(f"{client.__name__}: a model")
            except Exception as error:  # every client is tried
                failed.append(client.__name__)
                print(f"{client.__name__}: {type(error).__name__}: {error}")
    sys.exit(f"failed: {', '.join(failed)}" if failed else 0)


main()
