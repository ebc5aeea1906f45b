"""The operations and types of `/api/v1`. Written by clients/python/generate.py: edit that, or the
OpenAPI text, and run it again."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Literal, Mapping, Optional, TypedDict, Union
from urllib.parse import quote

if TYPE_CHECKING:
    import httpx
    from typing_extensions import Unpack

File = Union[bytes, IO[bytes], "os.PathLike[str]"]
"""A picture's bytes, an open file, or a path. (A `str` is never a path here: it names a picture.)"""


@dataclass(frozen=True)
class JobNotice:
    name: str
    text: str

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> JobNotice:
        """From JSON. What a newer server adds is passed over."""
        return cls(
            name=data["name"],
            text=data["text"],
        )


@dataclass(frozen=True)
class JobLinks:
    self_: str
    events: str
    cancel: str
    delete: str
    shorten: str
    receipts: str
    retry: Optional[str] = None
    model: Optional[str] = None
    preview: Optional[str] = None
    report: Optional[str] = None
    formats: Optional[dict[str, str]] = None

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> JobLinks:
        """From JSON. What a newer server adds is passed over."""
        return cls(
            self_=data["self"],
            events=data["events"],
            cancel=data["cancel"],
            delete=data["delete"],
            shorten=data["shorten"],
            receipts=data["receipts"],
            retry=data.get("retry"),
            model=data.get("model"),
            preview=data.get("preview"),
            report=data.get("report"),
            formats=data.get("formats"),
        )


@dataclass(frozen=True)
class Job:
    id: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    stage: Optional[str]
    progress: float
    queue_position: Optional[int]
    seconds_left: Optional[int]
    longer_than_usual: bool
    tier: Literal["base", "pro", "ultra"]
    engine: Literal["auto", "builtin", "triposr", "inflate"]
    keep_background: bool
    seed: int
    faces: Optional[int]
    """Null: the tier's."""
    texture: Optional[int]
    """Null: the tier's."""
    topology: Literal["triangle", "quad"]
    symmetry: Literal["auto", "x", "none"]
    size_mm: Optional[float]
    """Null: one metre."""
    ground: Literal["flat", "lowest", "centre"]
    print: bool
    created_at: str
    expires_at: str
    expires_in_secs: int
    delete_after_download: bool
    failure: Optional[str]
    notices: list[JobNotice]
    stage_millis: dict[str, int]
    links: JobLinks

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Job:
        """From JSON. What a newer server adds is passed over."""
        return cls(
            id=data["id"],
            state=data["state"],
            stage=data["stage"],
            progress=data["progress"],
            queue_position=data["queue_position"],
            seconds_left=data["seconds_left"],
            longer_than_usual=data["longer_than_usual"],
            tier=data["tier"],
            engine=data["engine"],
            keep_background=data["keep_background"],
            seed=data["seed"],
            faces=data["faces"],
            texture=data["texture"],
            topology=data["topology"],
            symmetry=data["symmetry"],
            size_mm=data["size_mm"],
            ground=data["ground"],
            print=data["print"],
            created_at=data["created_at"],
            expires_at=data["expires_at"],
            expires_in_secs=data["expires_in_secs"],
            delete_after_download=data["delete_after_download"],
            failure=data["failure"],
            notices=[JobNotice.of(one) for one in data["notices"]],
            stage_millis=data["stage_millis"],
            links=JobLinks.of(data["links"]),
        )


@dataclass(frozen=True)
class Problem:
    type: str
    title: str
    status: int
    detail: str
    code: Optional[str] = None
    """Which problem it is; never renamed."""
    receipts: Optional[str] = None
    receipts_key: Optional[str] = None

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Problem:
        """From JSON. What a newer server adds is passed over."""
        return cls(
            type=data["type"],
            title=data["title"],
            status=data["status"],
            detail=data["detail"],
            code=data.get("code"),
            receipts=data.get("receipts"),
            receipts_key=data.get("receipts_key"),
        )


@dataclass(frozen=True)
class ListJobsReply:
    jobs: list[Job]
    next: Optional[str]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> ListJobsReply:
        """From JSON. What a newer server adds is passed over."""
        return cls(
            jobs=[Job.of(one) for one in data["jobs"]],
            next=data["next"],
        )


@dataclass(frozen=True)
class SendFileReply:
    id: str
    expires_at: str

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> SendFileReply:
        """From JSON. What a newer server adds is passed over."""
        return cls(
            id=data["id"],
            expires_at=data["expires_at"],
        )


class CreateJob(TypedDict, total=False):
    """What `create_job` takes."""

    image: str
    """A data URI, an http or https address, or the id of a file."""
    left: Optional[Union[File, str]]
    """The side of the object that the picture has at its left. Named as the picture is."""
    back: Optional[Union[File, str]]
    """The back. Named as the picture is."""
    right: Optional[Union[File, str]]
    """The side that the picture has at its right. Named as the picture is."""
    tier: Optional[Literal["base", "pro", "ultra"]]
    engine: Optional[Literal["auto", "builtin", "triposr", "inflate"]]
    seed: Optional[int]
    """0 to 18446744073709551615."""
    faces: Optional[int]
    """100 to 1000000."""
    texture: Optional[int]
    """64 to 8192. The texture's side in pixels; the tier's if it is not named."""
    topology: Optional[Literal["triangle", "quad"]]
    symmetry: Optional[Literal["auto", "x", "none"]]
    size_mm: Optional[float]
    """1 to 10000. Longest side; one metre if it is not named, 100 with print."""
    ground: Optional[Literal["flat", "lowest", "centre"]]
    print: Optional[bool]
    """A flat base to print on."""
    keep_background: Optional[bool]
    lifetime: Optional[int]
    """1 to 60. Minutes that picture and model are kept."""
    delete_after_download: Optional[bool]
    webhook_url: str
    webhook_secret: str
    """16 to 128 characters."""
    picture: File


class RetryJob(TypedDict, total=False):
    """What `retry_job` takes."""

    tier: Optional[Literal["base", "pro", "ultra"]]
    engine: Optional[Literal["auto", "builtin", "triposr", "inflate"]]
    keep_background: Optional[bool]


class ShortenJob(TypedDict, total=False):
    """What `shorten_job` takes."""

    lifetime: Optional[int]
    """1 to 60. Minutes that picture and model are kept."""
    delete_after_download: Optional[bool]


class SendFile(TypedDict, total=False):
    """What `send_file` takes."""

    file: File


class Operations(ABC):
    """One method for each operation, by its name in the OpenAPI text. All raise `Ai3dgenError`."""

    @abstractmethod
    def _send(
        self,
        method: str,
        path: str,
        *,
        query: Optional[Mapping[str, Any]] = None,
        headers: Optional[Mapping[str, Optional[str]]] = None,
        fields: Optional[Mapping[str, Any]] = None,
    ) -> httpx.Response:
        """The reply, if it is no error. What is `None` in query and headers is left away."""

    def create_job(self, *, idempotency_key: Optional[str] = None, **fields: Unpack[CreateJob]) -> Job:
        """Make a model of a picture. Needs the scope generate."""
        reply = self._send("POST", "/api/v1/jobs", headers={"Idempotency-Key": idempotency_key}, fields=fields)
        return Job.of(reply.json())

    def list_jobs(self, *, limit: Optional[int] = None, cursor: Optional[str] = None) -> ListJobsReply:
        """List the key’s jobs, newest first. Needs a key with the scope read. Without one there is nothing to
        list."""
        reply = self._send("GET", "/api/v1/jobs", query={"limit": limit, "cursor": cursor})
        return ListJobsReply.of(reply.json())

    def get_job(self, id: str) -> Job:
        """A job as it is now."""
        reply = self._send("GET", f"/api/v1/jobs/{quote(id, '')}")
        return Job.of(reply.json())

    def delete_job(self, id: str) -> None:
        """Destroy everything of it now. Needs the scope delete."""
        self._send("DELETE", f"/api/v1/jobs/{quote(id, '')}")

    def cancel_job(self, id: str) -> Job:
        """Stop making it. Needs the scope delete. A job that has ended stays as it is."""
        reply = self._send("POST", f"/api/v1/jobs/{quote(id, '')}/cancel")
        return Job.of(reply.json())

    def retry_job(self, id: str, **fields: Unpack[RetryJob]) -> Job:
        """Try a failed job again. Needs the scope generate."""
        reply = self._send("POST", f"/api/v1/jobs/{quote(id, '')}/retry", fields=fields)
        return Job.of(reply.json())

    def shorten_job(self, id: str, **fields: Unpack[ShortenJob]) -> Job:
        """Keep it no longer than this. Needs the scope delete. Never makes anything longer."""
        reply = self._send("POST", f"/api/v1/jobs/{quote(id, '')}/shorten", fields=fields)
        return Job.of(reply.json())

    def get_receipts(self, id: str) -> str:
        """Signed receipts of what was destroyed, one a line."""
        reply = self._send("GET", f"/api/v1/jobs/{quote(id, '')}/receipts")
        return reply.text

    def get_print_report(self, id: str, *, size_mm: Optional[float] = None) -> dict[str, Any]:
        """Whether the model can be printed."""
        reply = self._send("GET", f"/api/v1/jobs/{quote(id, '')}/report", query={"size_mm": size_mm})
        return reply.json()

    def get_print_picture(self, id: str, *, size_mm: Optional[float] = None) -> bytes:
        """Where the findings are."""
        reply = self._send("GET", f"/api/v1/jobs/{quote(id, '')}/report.png", query={"size_mm": size_mm})
        return reply.content

    def send_file(self, **fields: Unpack[SendFile]) -> SendFileReply:
        """Send a picture ahead of its job. Needs the scope generate. It is sealed, and gone after an hour or
        when the server stops."""
        reply = self._send("POST", "/api/v1/files", fields=fields)
        return SendFileReply.of(reply.json())

    def delete_file(self, id: str) -> None:
        """Destroy a picture that was sent ahead. Needs the scope delete."""
        self._send("DELETE", f"/api/v1/files/{quote(id, '')}")

    def get_open_api(self) -> dict[str, Any]:
        """This text."""
        reply = self._send("GET", "/api/v1/openapi.json")
        return reply.json()
