"""Our package for Python, as it was built, against the real server.

    python tests/api/package_python.py        # with the wheel installed
"""

import io
import json
import logging
import subprocess
import sys
import tempfile
import time
from importlib.metadata import files
from pathlib import Path
from urllib.parse import urlsplit

from ai3dgen import ApiError, Client, NoModel, Unreachable
from cutting import cutting
from server import BINARY, PICTURE, is_model, server


def refused(action, kind, **attributes):
    """The error that an action ends in, with these attributes."""
    try:
        action()
    except kind as error:
        for name, value in attributes.items():
            assert getattr(error, name) == value, f"{name}: {getattr(error, name)}"
        return error
    raise AssertionError(f"no {kind.__name__}")


def makes_saves_destroys(client, address, key, folder):
    heard = []
    model = client.generate(str(PICTURE), tier="base", faces=2000, print=True, on_progress=heard.append)
    assert [job.state for job in heard][-1] == "done" and len(heard) > 2, heard
    assert model.job.print and model.job.faces == 2000
    assert is_model(model.save(folder / "model.glb"))
    for ending, start in {"stl": b"binary STL", "3mf": b"PK", "obj.zip": b"PK", "ply": b"ply"}.items():
        saved = model.save(folder / f"model.{ending}").read_bytes()
        assert len(saved) > 1000 and saved.startswith(start), (ending, saved[:80])
    assert model.read("glb") == (folder / "model.glb").read_bytes()
    assert model.preview().startswith(b"\x89PNG")
    assert client.get_print_report(model.job.id, size_mm=80)
    refused(lambda: model.save(folder / "model.fbx"), ValueError)
    assert model.job.id in [job.id for job in client.list_jobs().jobs]

    receipts = model.delete()
    assert {receipt["kind"] for receipt in receipts} == {"picture", "model", "preview"}
    (folder / "receipts").write_text("\n".join(map(json.dumps, receipts)))
    with client.stream("/.well-known/ai3dgen-receipts.pub") as reply:
        (folder / "key").write_bytes(reply.read())
    verify = [BINARY, "receipts", "verify", folder / "receipts", "--key", folder / "key"]
    subprocess.run(verify, check=True, stdout=subprocess.DEVNULL)
    refused(lambda: model.save(folder / "gone.glb"), ApiError, status=410, code="gone")
    assert not [file for file in folder.iterdir() if "gone" in file.name], "a failed download leaves a file"


def takes_pictures_of_every_kind(client, address, key, folder):
    picture = PICTURE.read_bytes()
    with PICTURE.open("rb") as file:
        assert client.generate(picture).read() == client.generate(file).read()
    batch = client.create_batch(picture=[picture, PICTURE, b"Dear diary"], tier="base", faces=2000)
    assert [one.job is not None for one in batch.pictures] == [True, True, False], batch
    assert batch.pictures[2].problem.code == "not_a_picture", batch
    sent = client.send_file(file=picture)
    job = client.create_job(image=sent.id, seed=3)
    assert job.seed == 3 and [*client.events(job.id)][-1].state == "done"
    twice = [client.create_job(image=sent.id, idempotency_key="one").id for _ in range(2)]
    assert twice[0] == twice[1]
    refused(lambda: client.generate("http://127.0.0.1:1/cup.jpg"), ApiError, status=422)


def has_its_licences(client, address, key, folder):
    names = {file.name for file in files("ai3dgen")}
    assert {"LICENSE-APACHE", "LICENSE-MIT"} <= names, names


def edits_a_picture(client, address, key, folder):
    turned = client.wait(client.edit_picture(picture=PICTURE, rotate=90))
    assert turned.job.tool == "edit"
    assert turned.save(folder / "turned.png").read_bytes().startswith(b"\x89PNG")
    assert turned.save(folder / "turned.jpg").read_bytes().startswith(b"\xff\xd8")
    refused(lambda: turned.save(folder / "turned.glb"), ValueError)
    refused(lambda: client.erase_object(picture=PICTURE), ApiError, status=400, code="no_mask")
    assert {receipt["kind"] for receipt in turned.delete()} >= {"picture", "preview"}


def goes_on_after_a_broken_connection(client, address, key, folder):
    heard = []
    with cutting(urlsplit(address).port) as (port, sent):
        with Client(f"http://127.0.0.1:{port}", key) as behind:
            behind.generate(PICTURE, on_progress=heard.append)
    streams = [request for request in sent if b"/events " in request]
    assert [b"last-event-id" in request.lower() for request in streams] == [False, True], streams
    assert heard[-1].state == "done" and len(heard) > 1
    assert len({(job.state, job.stage, job.progress) for job in heard}) == len(heard), "an event came twice"


def cancels(client, address, key, folder):
    def stop(job):
        stopped.append(job.id)
        raise KeyboardInterrupt

    stopped = []
    with PICTURE.open("rb") as file:
        sides = {"left": PICTURE, "back": str(PICTURE), "right": file}
        refused(lambda: client.generate(PICTURE, **sides, on_progress=stop), KeyboardInterrupt)
    refused(lambda: client.get_job(stopped[0]), ApiError, code="gone")
    ended = refused(lambda: client.generate(PICTURE, on_progress=lambda job: client.cancel_job(job.id)), NoModel)
    assert ended.job.state == "cancelled"


def tells_what_is_wrong(client, address, key, folder):
    gone = refused(lambda: Client("http://127.0.0.1:1").generate(PICTURE), Unreachable)
    assert "http://127.0.0.1:1" in str(gone), gone
    refused(lambda: Client("127.0.0.1:3000"), ValueError)
    secret = "own_0123456789"
    wrong = refused(lambda: Client(address, secret).generate(PICTURE), ApiError, status=401, code="key_unknown")
    assert secret not in str(wrong)
    refused(lambda: client.generate(b"no picture"), ApiError, status=415)
    huge = folder / "huge.png"
    with huge.open("wb") as file:
        file.truncate(200 << 20)
    refused(lambda: client.generate(huge), ApiError, status=413, code="too_large")
    refused(lambda: client.generate(PICTURE, tier="gold"), ApiError, status=400)
    refused(lambda: client.generate(folder / "missing.png"), FileNotFoundError)
    refused(lambda: client.get_job("0" * 26), ApiError, status=404)


def logs_no_permissions(client, address, key, folder):
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    logging.basicConfig(level=logging.DEBUG, handlers=[handler])
    model = client.generate(PICTURE)
    model.read()
    model.delete()
    logging.getLogger().removeHandler(handler)
    assert "/api/v1/jobs/…" in log.getvalue(), "httpx logs something"
    assert model.job.id not in log.getvalue() and key not in log.getvalue()


def has_types(client, address, key, folder):
    user = folder / "user.py"
    right = 'from ai3dgen import Client\n\nmodel = Client("http://127.0.0.1").generate("cup.jpg", tier="pro")\n'
    user.write_text(right + "left: int = model.job.seconds_left or 0\n")
    check = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", folder / "mypy", user]
    subprocess.run(check, check=True, stdout=subprocess.DEVNULL)
    user.write_text(right.replace("pro", "gold"))
    assert "gold" in subprocess.run(check, capture_output=True, text=True).stdout


TESTS = [makes_saves_destroys, takes_pictures_of_every_kind, edits_a_picture, goes_on_after_a_broken_connection,
         cancels, tells_what_is_wrong, logs_no_permissions, has_its_licences, has_types]


def main():
    with server("--require-keys") as (address, make_key), tempfile.TemporaryDirectory() as folder:
        key = make_key("own")
        with Client(address, key) as client:
            made = time.monotonic()
            short = client.generate(PICTURE, lifetime=1)
            for test in TESTS:
                test(client, address, key, Path(folder))
                print(f"{test.__name__}: yes")
            time.sleep(max(0, made + 66 - time.monotonic()))
            refused(short.read, ApiError, status=410, code="gone")
            print("an expired model is gone: yes")


main()
