"""A way to a server that breaks: the first stream of events ends after its first event."""

import socket
import threading
from contextlib import contextmanager, suppress


@contextmanager
def cutting(port):
    """The port of the way to 127.0.0.1:`port`, and what clients sent over it, piece by piece."""
    sent = []

    def there(client, server):
        while piece := client.recv(1 << 16):
            sent.append(piece)
            server.sendall(piece)

    def back(server, client):
        while piece := server.recv(1 << 16):
            client.sendall(piece)
            streams = [request for request in sent if b"/events " in request]
            if len(streams) == 1 and b"event: job" in piece:
                break

    def carry(way, *ends):
        # Where one direction ends, so does the other.
        with suppress(OSError):
            way(*ends)
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def accept():
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", port))
            for way, *ends in [(there, client, server), (back, server, client)]:
                threading.Thread(target=carry, args=(way, *ends), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1], sent
