"""ai3dgen: private image → 3D. A picture goes to a server of yours, a textured model comes back, and
the server forgets both within the hour.

    from ai3dgen import Client

    with Client("http://127.0.0.1:3000", key="…") as client:
        model = client.generate("cup.jpg", tier="pro", on_progress=lambda job: print(job.stage, job.progress))
        model.save("cup.glb")
        model.delete()
"""

from ._client import Client
from ._errors import Ai3dgenError, ApiError, NoModel, Unreachable
from ._generated import CreateJob, File, Job, JobLinks, JobNotice, ListJobsReply, Operations, SendFileReply
from ._model import Model

__all__ = [
    "Ai3dgenError",
    "ApiError",
    "Client",
    "CreateJob",
    "File",
    "Job",
    "JobLinks",
    "JobNotice",
    "ListJobsReply",
    "Model",
    "NoModel",
    "Operations",
    "SendFileReply",
    "Unreachable",
]
