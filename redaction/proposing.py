"""The worker's reading of a file: its pages as pictures and words, and what might be redacted.

Each page is written down as soon as it is read, with what is proposed on it, so that people begin to decide while the rest is being
read. A page is there whole or not at all: an attempt that follows another goes on behind the pages that it finds.
"""

import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import vault
from accounts.models import Role
from audit.actions import SYSTEM, acting, record
from cases.actions import identities_for_detection
from cases.models import Case, Person
from cases.notify import notify_team
from jobs.actions import Lease, RetryLater, handler
from jobs.models import Job
from redaction import elsewhere, words
from redaction.actions import PROPOSE, editor_url
from redaction.bytes import fetch
from redaction.engine import boxed
from redaction.models import Category, Document, Page, Proposal
from sandbox import SandboxError
from vault.errors import Unavailable

DPI = 110


def _failed(job: Job, message: str) -> None:
    document = Document.objects.select_related("case", "exhibit").get(pk=job.object_id)
    _refuse(document, message)


@handler(PROPOSE, failed=_failed)
def propose(job: Job, lease: Lease) -> None:
    """Read a document's file in the sandbox, and write each page and its proposals down, once."""
    document = Document.objects.select_related("case", "exhibit", "source").get(pk=job.object_id)
    people = people_of(document.case, str(document.pk))
    with tempfile.TemporaryDirectory(prefix="redaction-") as folder:
        source, output = Path(folder) / "source", Path(folder) / "out"
        output.mkdir()
        fetch(document.source, source)
        pages = Pages(document, lease, output)
        try:
            found = boxed.read(
                source,
                output,
                people=people,
                dpi=DPI,
                terms=elsewhere.terms_for(document),
                progress=lease.progress,
                listener=pages,
            )
        except SandboxError as error:
            with lease.finish(), acting():
                _refuse(document, str(error))
            return
        words.mark(document.case_id, found["proposals"], output)
    with lease.finish(), acting():
        pages.propose(found["proposals"])
        _finish(document, found)


class Pages:
    """Takes the pages of a document one by one (`boxed.Listener`); those that an earlier attempt wrote stay as they are."""

    def __init__(self, document: Document, lease: Lease, output: Path) -> None:
        self._document, self._lease, self._output = document, lease, output
        self._there = set(document.pages.values_list("index", flat=True))
        self._categories = set(Category.objects.values_list("code", flat=True))
        self._people = {str(key): key for key in document.case.people.values_list("pk", flat=True)}

    def page(self, page: dict[str, Any], proposals: list[dict[str, Any]]) -> None:
        """Put the page's picture and words into the vault, then it and its proposals into the database, in one transaction."""
        if page["index"] in self._there:
            return
        words.mark(self._document.case_id, proposals, self._output)
        try:
            kept = _keep(self._document, page, self._output)
        except Unavailable as error:
            raise RetryLater(str(error)) from error
        with self._lease.step():
            kept.save(force_insert=True)
            self.propose(proposals)

    def told(self) -> dict[int, list[tuple[int, int]]]:
        """What stands already, by whomever it was proposed: nobody decides the same place twice."""
        spans: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for page, start, end in self._document.proposals.exclude(start=None).values_list("page", "start", "end"):
            if start is not None and end is not None:
                spans[page].append((start, end))
        return spans

    def propose(self, proposals: list[dict[str, Any]]) -> None:
        """Write proposals down, within the caller's transaction."""
        Proposal.objects.bulk_create(
            Proposal(
                document=self._document,
                page=data["page"],
                boxes=data["boxes"],
                start=data["start"],
                end=data["end"],
                category_id=data["code"] if data["code"] in self._categories else "OTH",
                source=data["source"],
                rule=data["rule"],
                said=data["said"],
                person_id=self._people.get(data["person"]),
            )
            for data in proposals
        )


def people_of(case: Case, document_id: str) -> list[dict[str, Any]]:
    """The case's own people as the engine takes them. Opens identities: one event, which stays whatever follows."""
    with acting():
        known = identities_for_detection(SYSTEM, case, purpose=f"Detection for redaction {document_id}")
    return [_person(data) for data in known]


def _person(data: dict[str, Any]) -> dict[str, Any]:
    names = list(data.get("names", []))
    if not names and data["kind"] != Person.Kind.COMPLAINANT and "," in data["label"]:
        names = [data["label"]]  # SURNAME, Forename
    return {
        "ref": data["person_id"],
        "names": names,
        "aliases": data.get("aliases", []),
        "addresses": data.get("addresses", []),
        "phones": data.get("phones", []),
        "emails": data.get("emails", []),
        "dob": data.get("date_of_birth", ""),
        "nhs": data.get("nhs", ""),
        "other": data.get("other", []),
    }


def _keep(document: Document, facts: dict[str, Any], output: Path) -> Page:
    """Put a page's picture and words into the vault; not yet in the database."""
    index = facts["index"]
    image = vault.store().put((output / f"page-{index}.png").read_bytes())
    text = vault.store().put((output / f"page-{index}.json").read_bytes())
    return Page(
        document=document,
        index=index,
        width=facts["width"],
        height=facts["height"],
        has_text=facts["has_text"],
        image_key=image.key,
        image_version=image.version_id,
        text_key=text.key,
        text_version=text.version_id,
    )


def _finish(document: Document, found: dict[str, Any]) -> None:
    """All is read: the document can go to the approver once it is decided."""
    count = document.proposals.exclude(source=Proposal.Source.HAND).count()
    document.state, document.message, document.detector = Document.State.READY, "", found["detector"]
    document.covered = found["covered"]
    document.save(update_fields=["state", "message", "detector", "covered"])
    record(
        "redaction.proposed",
        actor=SYSTEM,
        case_id=document.case_id,
        object_type="document",
        object_id=document.pk,
        after={"state": document.state, "pages": len(found["pages"]), "proposals": count, "detector": document.detector},
    )
    text = f"{document.exhibit}: {count} proposals to redact wait for a decision"
    notify_team(document.case, text, editor_url(document), roles=[Role.REDACTOR])
    if document.covered:
        text = f"{document.exhibit}: came with boxes over words that can still be copied out of it"
        notify_team(document.case, text, editor_url(document), important=True)


def _refuse(document: Document, message: str) -> None:
    """The file can't be redacted here; the redactors are told why."""
    document.state, document.message = Document.State.REFUSED, message[:300]
    document.save(update_fields=["state", "message"])
    record(
        "redaction.not_read",
        actor=SYSTEM,
        case_id=document.case_id,
        object_type="document",
        object_id=document.pk,
        after={"state": document.state},
        detail={"reason": message},
    )
    notify_team(document.case, f"{document.exhibit}: can’t be redacted here", editor_url(document), roles=[Role.REDACTOR])
