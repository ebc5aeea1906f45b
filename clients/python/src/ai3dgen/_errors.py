"""What can go wrong. None of it says anything of pictures, models or keys."""

from __future__ import annotations

from typing import Optional

import httpx

from ._generated import Job, Problem


class Ai3dgenError(Exception):
    """All of them."""


class Unreachable(Ai3dgenError):
    """No server answers at the address, or it stopped answering."""


class ApiError(Ai3dgenError):
    """The server refused, and said why.

    `code` says which problem it is and is never renamed (`gone`, `key_unknown`, `too_large`, …); it is
    None where the answer came from something that is no ai3dgen server. `detail` is for people.
    """

    def __init__(self, problem: Problem, retry_after: Optional[int] = None) -> None:
        super().__init__(f"{problem.title}: {problem.detail}")
        self.status = problem.status
        self.code = problem.code
        self.title = problem.title
        self.detail = problem.detail
        self.retry_after = retry_after
        """Seconds after which it may work, if the server told."""

    @classmethod
    def of(cls, reply: httpx.Response) -> ApiError:
        """From a reply that was read."""
        try:
            problem = Problem.of(reply.json())
        except (ValueError, KeyError, TypeError):
            detail = f"That is no answer of an ai3dgen server ({reply.status_code}). Is its address right?"
            problem = Problem("about:blank", "Another server", reply.status_code, detail)
        after = reply.headers.get("retry-after", "")
        return cls(problem, int(after) if after.isdecimal() else None)


class NoModel(Ai3dgenError):
    """The job ended without a model: it failed, or somebody cancelled it."""

    def __init__(self, job: Job) -> None:
        super().__init__(job.failure or f"The job was {job.state}.")
        self.job = job
