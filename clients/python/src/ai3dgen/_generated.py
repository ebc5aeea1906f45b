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
    picture: Optional[str] = None
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
            picture=data.get("picture"),
            preview=data.get("preview"),
            report=data.get("report"),
            formats=data.get("formats"),
        )


@dataclass(frozen=True)
class Job:
    id: str
    tool: Optional[Literal["matte", "edit", "erase"]]
    """What makes another picture; null: a model is made."""
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    stage: Optional[str]
    progress: float
    queue_position: Optional[int]
    seconds_left: Optional[int]
    longer_than_usual: bool
    created_at: str
    expires_at: str
    expires_in_secs: int
    delete_after_download: bool
    failure: Optional[str]
    notices: list[JobNotice]
    stage_millis: dict[str, int]
    links: JobLinks
    tier: Optional[Literal["base", "pro", "ultra"]] = None
    """Absent for an image tool."""
    engine: Optional[Literal["auto", "builtin", "triposr", "inflate"]] = None
    """Absent for an image tool."""
    keep_background: Optional[bool] = None
    """Absent for an image tool."""
    seed: Optional[int] = None
    """Absent for an image tool."""
    faces: Optional[int] = None
    """Null: the tier's. Absent for an image tool."""
    texture: Optional[int] = None
    """Null: the tier's. Absent for an image tool."""
    topology: Optional[Literal["triangle", "quad"]] = None
    """Absent for an image tool."""
    symmetry: Optional[Literal["auto", "x", "none"]] = None
    """Absent for an image tool."""
    size_mm: Optional[float] = None
    """Null: one metre. Absent for an image tool."""
    ground: Optional[Literal["flat", "lowest", "centre"]] = None
    """Absent for an image tool."""
    print: Optional[bool] = None
    """Absent for an image tool."""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Job:
        """From JSON. What a newer server adds is passed over."""
        return cls(
            id=data["id"],
            tool=data["tool"],
            state=data["state"],
            stage=data["stage"],
            progress=data["progress"],
            queue_position=data["queue_position"],
            seconds_left=data["seconds_left"],
            longer_than_usual=data["longer_than_usual"],
            created_at=data["created_at"],
            expires_at=data["expires_at"],
            expires_in_secs=data["expires_in_secs"],
            delete_after_download=data["delete_after_download"],
            failure=data["failure"],
            notices=[JobNotice.of(one) for one in data["notices"]],
            stage_millis=data["stage_millis"],
            links=JobLinks.of(data["links"]),
            tier=data.get("tier"),
            engine=data.get("engine"),
            keep_background=data.get("keep_background"),
            seed=data.get("seed"),
            faces=data.get("faces"),
            texture=data.get("texture"),
            topology=data.get("topology"),
            symmetry=data.get("symmetry"),
            size_mm=data.get("size_mm"),
            ground=data.get("ground"),
            print=data.get("print"),
        )


@dataclass(frozen=True)
class Webhook:
    id: str
    """The header webhook-id of every try."""
    delivered: bool
    """Whether a try was answered with 2xx."""
    tries: list[WebhookTry]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Webhook:
        """From JSON. What a newer server adds is passed over."""
        return cls(
            id=data["id"],
            delivered=data["delivered"],
            tries=[WebhookTry.of(one) for one in data["tries"]],
        )


@dataclass(frozen=True)
class WebhookTry:
    at: str
    status: Optional[int]
    """null: no answer came."""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> WebhookTry:
        """From JSON. What a newer server adds is passed over."""
        return cls(
            at=data["at"],
            status=data["status"],
        )


@dataclass(frozen=True)
class Problem:
    type: str
    title: str
    status: int
    detail: str
    code: Optional[str] = None
    """Which problem it is; never renamed. More may come to be than are named here."""
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
class CreateBatchReplyPicture:
    job: Optional[Job] = None
    problem: Optional[Problem] = None

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> CreateBatchReplyPicture:
        """From JSON. What a newer server adds is passed over."""
        return cls(
            job=Job.of(data["job"]) if "job" in data else None,
            problem=Problem.of(data["problem"]) if "problem" in data else None,
        )


@dataclass(frozen=True)
class CreateBatchReply:
    overview: str
    """A page that shows all of the jobs; as JSON if that is asked for."""
    pictures: list[CreateBatchReplyPicture]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> CreateBatchReply:
        """From JSON. What a newer server adds is passed over."""
        return cls(
            overview=data["overview"],
            pictures=[CreateBatchReplyPicture.of(one) for one in data["pictures"]],
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


class CreateBatch(TypedDict, total=False):
    """What `create_batch` takes."""

    images: list[str]
    """Up to 32, each a data URI, an http or https address, or the id of a file. Together as long as one
    upload may be."""
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
    picture: list[File]
    """The field comes once for each picture, up to 32 times."""


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


class RemoveBackground(TypedDict, total=False):
    """What `remove_background` takes."""

    image: str
    """A data URI, an http or https address, or the id of a file."""
    keep: Optional[Union[File, str]]
    """White on what belongs to the object, of the picture’s size. Named as the picture is."""
    remove: Optional[Union[File, str]]
    """White on what doesn’t, likewise. Named as the picture is."""
    background: Optional[Union[File, str]]
    """A picture to put behind the object. Named as the picture is."""
    backdrop: Optional[Literal["none", "colour"]]
    """What comes behind the object. A picture sent as background counts more."""
    colour: Optional[str]
    """sRGB; with no backdrop named, what comes behind the object."""
    lifetime: Optional[int]
    """1 to 60. Minutes that picture and result are kept."""
    delete_after_download: Optional[bool]
    webhook_url: str
    webhook_secret: str
    """16 to 128 characters."""
    picture: File


class EditPicture(TypedDict, total=False):
    """What `edit_picture` takes."""

    image: str
    """A data URI, an http or https address, or the id of a file."""
    background: Optional[Union[File, str]]
    """A picture to put behind the object. Named as the picture is."""
    rotate: Optional[Literal[0, 90, 180, 270, -90]]
    """Degrees clockwise."""
    perspective: Optional[str]
    """Columns and rows of four corners that become a rectangle, clockwise from the top left:
    10,10,200,15,205,150,5,140."""
    straighten: Optional[float]
    """-45 to 45. Degrees clockwise; empty corners are cut off."""
    crop: Optional[str]
    """Column and row of the top left corner, columns and rows: 0,0,640,480."""
    denoise: Optional[float]
    """0 to 75. The noise’s standard deviation in 255ths."""
    auto_white: Optional[bool]
    """Take the light in the picture for white."""
    temperature: Optional[float]
    """-100 to 100. Colder or warmer."""
    tint: Optional[float]
    """-100 to 100. Greener or more magenta."""
    exposure: Optional[float]
    """-5 to 5. Stops."""
    contrast: Optional[float]
    """-100 to 100."""
    saturation: Optional[float]
    """-100 to 100."""
    backdrop: Optional[Literal["keep", "none", "colour"]]
    """What comes behind the object. A picture sent as background counts more."""
    colour: Optional[str]
    """sRGB; with no backdrop named, what comes behind the object."""
    style: Optional[Literal["pastel", "bold-lines", "ink-wash", "carnival", "autumn-poster", "rust-oil",
        "night-spots", "primary-colours", "colour-pencil", "mosaic", "copper", "ochre-etching", "lilac",
        "jungle", "mist", "stained-glass", "crayon", "woven", "sandstone", "starry", "embers", "collage",
        "graphic-novel", "moonlight", "woodblock", "tapestry"]]
    upscale: Optional[Literal[1, 2, 4]]
    sharpen: Optional[float]
    """0 to 100."""
    lifetime: Optional[int]
    """1 to 60. Minutes that picture and result are kept."""
    delete_after_download: Optional[bool]
    webhook_url: str
    webhook_secret: str
    """16 to 128 characters."""
    picture: File


class EraseObject(TypedDict, total=False):
    """What `erase_object` takes."""

    image: str
    """A data URI, an http or https address, or the id of a file."""
    mask: Union[File, str]
    """White where something is to go, black or transparent elsewhere, of the picture’s size. Named as the
    picture is."""
    seed: Optional[int]
    """0 to 18446744073709551615. Another number fills in another way."""
    lifetime: Optional[int]
    """1 to 60. Minutes that picture and result are kept."""
    delete_after_download: Optional[bool]
    webhook_url: str
    webhook_secret: str
    """16 to 128 characters."""
    picture: File


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
        """Make a model of a picture. Needs the scope generate. The picture may be the whole body, with its
        options in the query. An option counts once, in the query or in the body."""
        reply = self._send("POST", "/api/v1/jobs", headers={"Idempotency-Key": idempotency_key}, fields=fields)
        return Job.of(reply.json())

    def list_jobs(self, *, limit: Optional[int] = None, cursor: Optional[str] = None) -> ListJobsReply:
        """List the key’s jobs, newest first. Needs a key with the scope read. Without one there is nothing to
        list."""
        reply = self._send("GET", "/api/v1/jobs", query={"limit": limit, "cursor": cursor})
        return ListJobsReply.of(reply.json())

    def create_batch(self, *, idempotency_key: Optional[str] = None, **fields: Unpack[CreateBatch]) -> CreateBatchReply:
        """Make a model of each of many pictures. Needs the scope generate. Each picture becomes its own job
        with the same options; a refused one stops no other. If all are refused, the answer is the first
        one’s."""
        reply = self._send("POST", "/api/v1/batches", headers={"Idempotency-Key": idempotency_key}, fields=fields)
        return CreateBatchReply.of(reply.json())

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

    def get_webhook(self, id: str) -> Webhook:
        """How often the job’s webhook was told, and what it answered. Kept in memory until an hour after the
        job’s end: moments and statuses, nothing else."""
        reply = self._send("GET", f"/api/v1/jobs/{quote(id, '')}/webhook")
        return Webhook.of(reply.json())

    def replay_webhook(self, id: str) -> Webhook:
        """Tell the job’s webhook once more. Needs the scope generate. The same message with the same id, and
        a new timestamp."""
        reply = self._send("POST", f"/api/v1/jobs/{quote(id, '')}/webhook")
        return Webhook.of(reply.json())

    def get_print_report(self, id: str, *, size_mm: Optional[float] = None) -> dict[str, Any]:
        """Whether the model can be printed."""
        reply = self._send("GET", f"/api/v1/jobs/{quote(id, '')}/report", query={"size_mm": size_mm})
        return reply.json()

    def get_print_picture(self, id: str, *, size_mm: Optional[float] = None) -> bytes:
        """Where the findings are."""
        reply = self._send("GET", f"/api/v1/jobs/{quote(id, '')}/report.png", query={"size_mm": size_mm})
        return reply.content

    def remove_background(self, *, idempotency_key: Optional[str] = None, **fields: Unpack[RemoveBackground]) -> Job:
        """Remove the background. The job makes another picture: the object without its background, or before
        another one. Needs the scope generate."""
        reply = self._send("POST", "/api/v1/tools/matte", headers={"Idempotency-Key": idempotency_key}, fields=fields)
        return Job.of(reply.json())

    def edit_picture(self, *, idempotency_key: Optional[str] = None, **fields: Unpack[EditPicture]) -> Job:
        """Edit a picture. The job makes another picture. What is asked for is done in the order of the
        fields; coordinates are those of the picture as the fields before have left it. Needs the scope
        generate."""
        reply = self._send("POST", "/api/v1/tools/edit", headers={"Idempotency-Key": idempotency_key}, fields=fields)
        return Job.of(reply.json())

    def erase_object(self, *, idempotency_key: Optional[str] = None, **fields: Unpack[EraseObject]) -> Job:
        """Erase what a mask marks. The job makes another picture: what the mask marks is filled with what is
        around it. Needs the scope generate."""
        reply = self._send("POST", "/api/v1/tools/erase", headers={"Idempotency-Key": idempotency_key}, fields=fields)
        return Job.of(reply.json())

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
