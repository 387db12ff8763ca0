"""Reading the part in which nothing, or little, is proposed: the approver reads pages drawn from it whole before they approve.

Which pages a redactor can't know beforehand; that they were drawn by chance anybody can check by the seed. How many, and what
counts as little, are settings. The database refuses an approval while one of them is unread.
"""

import random
import secrets
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Count

from accounts.models import User
from accounts.policy import require
from audit.actions import record, recorded
from redaction.deciding import lock, refused
from redaction.models import Document, Release, ReleaseState
from redaction.sample_models import Sample, SampleRead


@dataclass(frozen=True)
class Drawn:
    """What chance chose."""

    seed: str
    few: int
    candidates: int
    pages: list[int]

    def as_data(self) -> dict[str, Any]:
        """For the event."""
        return {"sample": {"seed": self.seed, "few": self.few, "candidates": self.candidates, "pages": self.pages}}


@dataclass(frozen=True)
class Entry:
    """A page of a sample, and who read it."""

    index: int
    read: SampleRead | None

    @property
    def number(self) -> int:
        """From 1."""
        return self.index + 1


def candidates(document: Document, few: int) -> list[int]:
    """Pages with at most so many proposals, in order."""
    counted = dict(document.proposals.order_by().values_list("page").annotate(Count("pk")))
    return [index for index in document.pages.order_by("index").values_list("index", flat=True) if counted.get(index, 0) <= few]


def chosen(pages: list[int], seed: str, count: int) -> list[int]:
    """The pages that a seed draws, in order: always the same."""
    return sorted(random.Random(seed).sample(pages, min(count, len(pages))))  # noqa: S311 (it must be done again by others)


def draw(document: Document) -> Drawn:
    """Draw pages of a document anew."""
    few, count = settings.REDACTION["SAMPLE_FEW"], settings.REDACTION["SAMPLE_PAGES"]
    pages, seed = candidates(document, few), secrets.token_hex(16)
    return Drawn(seed, few, len(pages), chosen(pages, seed, count))


def keep(release: Release, asked: ReleaseState, drawn: Drawn) -> Sample:
    """Write down what was drawn when a copy was sent for approval."""
    return Sample.objects.create(
        asked=asked, release=release, seed=drawn.seed, few=drawn.few, candidates=drawn.candidates, pages=drawn.pages
    )


def sample_of(release: Release) -> Sample | None:
    """The sample of the approval that is being asked for, or was last."""
    return release.samples.order_by("-asked_id").first()


def entries(release: Release) -> list[Entry]:
    """Its pages, with who read each."""
    sample = sample_of(release)
    if sample is None:
        return []
    read = {one.page: one for one in sample.reads.select_related("by")}
    return [Entry(index, read.get(index)) for index in sample.pages]


def refuse_unread(release: Release) -> None:
    """Raise ValidationError unless every page that was drawn has been read."""
    if sample_of(release) is None:
        raise ValidationError("No pages were drawn to be read whole: send it back, and have it sent for approval again")
    left = [str(entry.number) for entry in entries(release) if entry.read is None]
    if left:
        raise ValidationError(f"Read page{'' if len(left) == 1 else 's'} {', '.join(left)} whole first, and confirm each")


@recorded
def confirm(user: User, release: Release, index: int) -> SampleRead:
    """Say that one has read a page of the sample whole, as an approver who neither drew nor decided in the document."""
    require(user, "redaction.approve", release)
    lock(release.document)
    if user.pk in release.document.deciders():
        raise refused(user, "redaction.approve", release, "You drew or decided in this document: somebody else must do this")
    if release.current().state != ReleaseState.State.SENT_FOR_APPROVAL:
        raise ValidationError("This copy does not wait for approval")
    sample = sample_of(release)
    if sample is None or index not in sample.pages:
        raise ValidationError(f"Page {index + 1} is not one of those that were drawn")
    read, made = SampleRead.objects.get_or_create(sample=sample, page=index, defaults={"by": user})
    if made:
        record(
            "redaction.page_read",
            actor=user.as_actor(),
            case_id=release.case_id,
            object_type="release",
            object_id=release.pk,
            after={"page": index + 1, "document": str(release.document_id), "sample": sample.pk},
        )
    return read


def for_page(user: User, document: Document, index: int) -> list[dict[str, Any]]:
    """For the editor: copies for which this person reads pages whole, where this page is one, and which is next."""
    waiting = document.releases.in_states(ReleaseState.State.SENT_FOR_APPROVAL)
    if not user.has_perm("redaction.approve", document) or user.pk in document.deciders():
        return []
    shown = []
    for release in waiting:
        left = [entry for entry in entries(release) if entry.read is None]
        here = any(entry.index == index for entry in left)
        others = [entry for entry in left if entry.index != index]
        if left:
            shown.append({"release": release, "here": here, "left": left, "next": others[0] if others else None})
    return shown
