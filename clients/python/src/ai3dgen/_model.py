"""What a job made, on the server until it is destroyed there."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Union

from ._generated import Job

if TYPE_CHECKING:
    from ._client import Client


class Model:
    """A model, or the picture that an image tool made. It is on the server until `job.expires_at`; `delete` ends it at once.

    Fetching it counts as a download: it begins the model's lifetime anew, or destroys it if the job was
    made with `delete_after_download`.
    """

    def __init__(self, client: Client, job: Job) -> None:
        self.job = job
        self._client = client

    def save(self, path: Union[str, "os.PathLike[str]"]) -> Path:
        """Saves it in the format that the name says: .glb, .3mf, .ply, .stl, .usdz, .gltf.zip or .obj.zip; a
        picture .png, .webp or .jpg. The file appears whole or not at all."""
        path = Path(path)
        formats = self.job.links.formats or {}
        # An address ends in model.obj.zip or picture.png.
        endings = {address.rpartition("/")[2].partition(".")[2]: name for name, address in formats.items()}
        format = next((name for ending, name in endings.items() if path.name.lower().endswith(f".{ending}")), None)
        if format is None:
            raise ValueError(f"{path.name}: its name ends in one of {', '.join(sorted(endings))}")
        part = path.with_name(f"{path.name}.part")
        try:
            with part.open("wb") as file:
                file.writelines(self.pieces(format))
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        return path

    def read(self, format: str = "glb") -> bytes:
        """Its bytes; `format` is glb, gltf, obj, stl, 3mf, ply or usdz, of a picture png, webp or jpg."""
        return b"".join(self.pieces(format))

    def pieces(self, format: str = "glb") -> Iterator[bytes]:
        """The same piece by piece."""
        formats = self.job.links.formats or {}
        if format not in formats:
            raise ValueError(f"There is no format “{format}”; there are {', '.join(sorted(formats))}")
        with self._client.stream(formats[format]) as reply:
            yield from reply.iter_bytes()

    def preview(self) -> bytes:
        """A small picture of it, PNG."""
        with self._client.stream(self.job.links.preview or "") as reply:
            return reply.read()

    def delete(self) -> List[Dict[str, Any]]:
        """Has everything of the job destroyed now. What comes back are the signed receipts, one for each
        object; `ai3dgen receipts verify` checks them."""
        self._client.delete_job(self.job.id)
        return [json.loads(line) for line in self._client.get_receipts(self.job.id).splitlines()]
