"""Webhooks at a receiver that fails, redirects and hangs before it takes one; checked with an HMAC of our own, and
with the log of them, from which one is told again."""

import base64
import hashlib
import hmac
import json
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from server import PICTURE, server

SECRET = "0123456789abcdef-secret"
came, taken, elsewhere = [], threading.Event(), []


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path == "/elsewhere":
            elsewhere.append(body)
        came.append((dict(self.headers.items()), body))
        time.sleep(35 if len(came) == 3 else 0)
        self.send_response({1: 500, 2: 307}.get(len(came), 200))
        self.send_header("location", "/elsewhere")
        self.send_header("content-length", "0")
        self.end_headers()
        if len(came) >= 4:
            taken.set()

    def log_message(self, *_):
        pass


def verify(headers, body):
    """As the specification has it, and not as the server does it."""
    headers = {name.lower(): value for name, value in headers.items()}
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 120
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = base64.b64encode(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{digest}"
    return headers["webhook-id"]


def settled(address):
    """The log of what the receiver was told, with its last answer in it."""
    while len((log := json.load(urllib.request.urlopen(address)))["tries"]) < len(came):
        time.sleep(0.1)
    return log


def main():
    receiver = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    with server("--allow-private-targets") as (address, _):
        picture = base64.b64encode(PICTURE.read_bytes()).decode()
        order = {"image": f"data:image/png;base64,{picture}", "webhook_secret": SECRET,
                 "webhook_url": f"http://127.0.0.1:{receiver.server_port}/here"}
        request = urllib.request.Request(f"{address}/api/v1/jobs", json.dumps(order).encode(),
                                         {"content-type": "application/json"})
        request.add_header("idempotency-key", "once")
        job, same = (json.load(urllib.request.urlopen(request)) for _ in range(2))
        assert same["id"] == job["id"]
        assert taken.wait(120), f"{len(came)} tries came"
        told = f"{address}/api/v1/jobs/{job['id']}/webhook"
        log = settled(told)
        assert [one["status"] for one in log["tries"]] == [500, 307, None, 200] and log["delivered"], log
        taken.clear()
        assert urllib.request.urlopen(urllib.request.Request(told, method="POST")).status == 202
        assert taken.wait(30), "it was not told once more"
        log = settled(told)
        assert len(log["tries"]) == 5 and {verify(*one) for one in came} == {log["id"]}, log
    assert len({verify(*one) for one in came}) == 1, "one message, one id"
    assert not elsewhere, "a redirect was followed"
    event = json.loads(came[-1][1])
    assert event["type"] == "job.done" and event["data"]["id"] == job["id"], event
    print("webhooks: taken at try 4, and told once more")


main()
