"""Viewing copies: of what no browser shows, a worker makes one that it does. The original is kept, and is the evidence."""

import shutil
import tempfile
from pathlib import Path

from django.conf import settings

import vault
from audit.actions import acting
from evidence import hooks
from evidence.actions import QUEUE, keep_made_copy
from evidence.models import Blob, Copy
from jobs.actions import JobFailed, Lease, RetryLater, enqueue, handler
from jobs.models import Job
from sandbox import Limits, Refused, SandboxError
from sandbox import run as run_in_sandbox
from vault.errors import Unavailable, VaultError

MAKE = "evidence.make_viewing_copy"
_PICTURES = {"image/tiff", "image/heic"}
_GIB = 1024**3
_PICTURE = Limits(wall_seconds=120, cpu_seconds=60)
# An hour of film takes some minutes; a day of it takes hours. ffmpeg's threads count as processes.
_RECORDING = Limits(wall_seconds=8 * 3600, cpu_seconds=16 * 3600, memory_bytes=6 * _GIB, file_bytes=20 * _GIB, processes=64)


def wanted(blob: Blob) -> bool:
    """Whether these bytes can be shown only by a copy made for that."""
    if blob.copy.kind != Copy.Kind.MASTER or blob.exhibit.fence or blob.malware or "bomb" in blob.facts.get("marks", []):
        return False
    return blob.media_type in _PICTURES or (blob.facts.get("playable") is False and bool(blob.facts.get("seconds")))


def copy_of(blob: Blob) -> Blob | None:
    """The verified viewing copy, if there is one."""
    made = Blob.objects.filter(copy__parent=blob.copy, copy__kind=Copy.Kind.VIEWING, state=Blob.State.VERIFIED)
    return made.select_related("copy__exhibit__case").order_by("-created_at").first()


def ask(blob: Blob) -> None:
    """Have a viewing copy made, where one is wanted and there is none."""
    if wanted(blob) and not Copy.objects.filter(parent=blob.copy, kind=Copy.Kind.VIEWING).exists():
        enqueue(MAKE, blob.id, queue=QUEUE, case_id=blob.case_id)


def standing(blob: Blob) -> str:
    """In words, how it can be shown; empty where it can be as it is."""
    if not wanted(blob):
        return ""
    made = copy_of(blob)
    if made is not None:
        return f"Transcoded by {made.copy.made_with} so that it can be shown; the original is kept"
    job = Job.objects.filter(object_id=blob.pk, kind=MAKE).order_by("-created_at").first()
    if job is not None and job.state == Job.State.FAILED:
        return f"None. {job.message}"
    return f"Being made ({job.percent} %)" if job is not None and job.total else "Waiting to be made"


@handler(MAKE)
def make(job: Job, lease: Lease) -> None:
    """Make one viewing copy and keep it; it is then hashed and verified like any other bytes."""
    blob = Blob.objects.select_related("copy__exhibit__case", "copy__made_by").get(pk=job.object_id)
    if blob.state != Blob.State.VERIFIED or not wanted(blob):
        raise JobFailed("There is nothing to make a viewing copy of.")
    with tempfile.TemporaryDirectory(prefix="viewing-") as folder:
        source, output = Path(folder) / "blob", Path(folder) / "out"
        output.mkdir()
        try:
            with source.open("wb") as file:
                for piece in vault.store().read(blob.key, blob.version_id):
                    file.write(piece)
            maker = _convert(blob, source, output, lease)
            with (output / "view").open("rb") as made:
                stored = vault.store().put(made)
        except Unavailable as error:
            raise RetryLater(str(error)) from error
        except VaultError as error:
            raise JobFailed("The store does not give the file out; its next check says why.") from error
        except Refused as error:
            raise JobFailed(f"{error}.") from error
        except SandboxError as error:
            raise JobFailed(
                f"No viewing copy could be made ({type(error).__name__}). The original is kept: download it."
            ) from error
    with lease.finish(), acting():
        keep_made_copy(blob.copy, Copy.Kind.VIEWING, stored, maker)


def _convert(blob: Blob, source: Path, output: Path, lease: Lease) -> str:
    """Write `view` into `output`; return what made it."""
    if blob.media_type in _PICTURES:
        made = run_in_sandbox("evidence.transcoding:picture", {}, files={"blob": source}, output=output, limits=_PICTURE)
        return str(made["maker"])
    program = shutil.which(settings.FFMPEG)
    if program is None:
        raise JobFailed(
            "The program ffmpeg is not installed where this work is done. Ask the administrator; then check the file again."
        )
    asked = {"program": program, "seconds": int(blob.facts.get("seconds") or 0) or 1}
    made = run_in_sandbox(
        "evidence.transcoding:recording",
        asked,
        files={"blob": source},
        output=output,
        limits=_RECORDING,
        on_progress=lease.progress,
    )
    return str(made["maker"])


hooks.blob_verified.append(ask)
