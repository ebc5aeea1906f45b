"""The client: one server, perhaps with a key."""

from __future__ import annotations

import logging
import os
import re
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterator, Mapping, Optional, Union
from urllib.parse import quote

import httpx
from httpx_sse import EventSource

from ._errors import Ai3dgenError, ApiError, NoModel, Unreachable
from ._generated import File, Job, Operations
from ._model import Model

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from ._generated import CreateJob

TRIES = 5
"""How often a broken stream of events is taken up again before the server counts as gone."""
RETRY_SECS = 2.0
PASSING = (502, 503, 504)
"""What is answered while a server starts again."""
ADDRESS = ("http://", "https://")
ID = re.compile(r"\b[0-7][0-9a-hjkmnp-tv-z]{25}\b")


def _without_ids(record: logging.LogRecord) -> bool:
    """For loggers of httpx, which tell addresses: a job's id is the permission for it."""
    record.msg, record.args = ID.sub("…", record.getMessage()), ()
    return True


for _logger in ("httpx", "httpcore.http11"):
    logging.getLogger(_logger).addFilter(_without_ids)


class Client(Operations):
    """A server of yours. `generate` makes a model; beside it is a method for each operation of the API.

    `url` is the server's address, as in `http://127.0.0.1:3000`; `key` what `ai3dgen keys create` printed,
    if the server asks for one; `timeout` how many seconds the server may be silent.
    """

    def __init__(self, url: str, key: Optional[str] = None, *, timeout: float = 60) -> None:
        if not url.startswith(ADDRESS):
            raise ValueError("The server's address begins with http:// or https://, as in http://127.0.0.1:3000")
        key = key and key.strip()
        if key and not (key.isascii() and key.isprintable()):
            raise ValueError("That is no key: ai3dgen keys create prints one, of letters, digits and _")
        self._key = {"Authorization": f"Bearer {key}"} if key else {}
        # It follows no redirects: pictures and key are for this address only.
        self._http = httpx.Client(base_url=url, timeout=timeout)

    def generate(
        self,
        picture: Union[str, File],
        /,
        *,
        on_progress: Optional[Callable[[Job], object]] = None,
        **options: Unpack[CreateJob],
    ) -> Model:
        """Makes a model of a picture and waits for it.

        The picture, and the object's other sides `left`, `back` and `right`, are each a path, bytes, or an
        open file; or all are http addresses that the server fetches. `on_progress` hears of every change.
        Whatever ends the wait early, be it ^C or an exception in `on_progress`, has the job destroyed.

        Raises `NoModel` if the job fails or is cancelled.
        """
        fields: Dict[str, Any] = dict(options)
        fields["image" if _is_address(picture) else "picture"] = picture
        for side in ("picture", "left", "back", "right"):
            if isinstance(fields.get(side), str) and not _is_address(fields[side]):
                fields[side] = Path(fields[side])
        return self.wait(self.create_job(**fields), on_progress=on_progress)

    def wait(self, job: Job, *, on_progress: Optional[Callable[[Job], object]] = None) -> Model:
        """Waits for what a job makes: a model, or another picture if it is one of the image tools'. As in
        `generate`, whatever ends the wait early has the job destroyed."""
        try:
            for job in self.events(job.id):
                if on_progress:
                    on_progress(job)
        except BaseException:
            with suppress(Ai3dgenError):
                self.delete_job(job.id)
            raise
        if job.state != "done":
            raise NoModel(job)
        return Model(self, job)

    def events(self, id: str) -> Iterator[Job]:
        """The job now and after each change, until it has ended. If the connection breaks, another one goes
        on after the last event that came."""
        headers, failed = dict(self._key), 0
        while True:
            try:
                with self.stream(f"/api/v1/jobs/{quote(id, '')}/events", headers) as reply:
                    failed = 0
                    for event in EventSource(reply).iter_sse() if reply.status_code == 200 else ():
                        headers["Last-Event-ID"] = event.id
                        job = Job.of(event.json())
                        yield job
                        if job.state in ("done", "failed", "cancelled"):
                            return
                    if reply.status_code == 204:
                        return
            except (Unreachable, ApiError) as error:
                failed += 1
                if failed > TRIES or (isinstance(error, ApiError) and error.status not in PASSING):
                    raise
            time.sleep(RETRY_SECS)

    @contextmanager
    def stream(self, url: str, headers: Optional[Mapping[str, str]] = None) -> Iterator[httpx.Response]:
        """A reply that isn't read yet. Sends no key of its own: the address of a file is its permission."""
        with self._reached(), self._http.stream("GET", url, headers=headers) as reply:
            if not reply.is_success:
                reply.read()
            yield _checked(reply)

    def close(self) -> None:
        """Ends its connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _send(
        self,
        method: str,
        path: str,
        *,
        query: Optional[Mapping[str, Any]] = None,
        headers: Optional[Mapping[str, Optional[str]]] = None,
        fields: Optional[Mapping[str, Any]] = None,
    ) -> httpx.Response:
        with ExitStack() as open_files, self._reached():
            return _checked(self._http.request(
                method,
                path,
                params=_named(query),
                headers={**self._key, **_named(headers)},
                **_body(_named(fields), open_files),
            ))

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except httpx.TransportError as error:
            address = self._http.base_url
            raise Unreachable(f"No answer from {address.scheme}://{address.netloc.decode()}. Does the server run?") from error


def _is_address(picture: object) -> bool:
    return isinstance(picture, str) and picture.startswith(ADDRESS)


def _named(values: Optional[Mapping[str, Any]]) -> Dict[str, Any]:
    return {name: value for name, value in (values or {}).items() if value is not None}


def _body(fields: Mapping[str, Any], open_files: ExitStack) -> Dict[str, Any]:
    """A form if there are files in it, else JSON. Files go without their names, which tell something, too."""
    files, words = [], {}
    for name, value in fields.items():
        several = value if isinstance(value, (list, tuple)) else [value]
        if any(_is_file(one) for one in several):
            for one in several:
                one = open_files.enter_context(open(one, "rb")) if isinstance(one, os.PathLike) else one
                files.append((name, (name, one, "application/octet-stream")))
        else:
            words[name] = value
    if files:
        return {"files": files, "data": words}
    return {"json": words} if words else {}


def _is_file(value: object) -> bool:
    return isinstance(value, (bytes, os.PathLike)) or hasattr(value, "read")


def _checked(reply: httpx.Response) -> httpx.Response:
    if not reply.is_success:
        raise ApiError.of(reply)
    return reply
