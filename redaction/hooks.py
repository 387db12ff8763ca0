"""What this room adds to an exhibit's page."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from evidence.hooks import Link, TimelinePart
from evidence.marks import can_be_worked_on
from evidence.models import Exhibit
from redaction import held
from redaction.actions import source_of
from redaction.models import Document, Page, Release


def links(user: User, exhibit: Exhibit) -> Iterable[Link]:
    """The way to its redaction, and to ask for one where its file can be redacted."""
    if not user.has_perm("redaction.view", exhibit):
        return
    document = Document.objects.filter(exhibit=exhibit).first()
    if document is not None:
        yield Link("Redaction of this exhibit", reverse("redaction:editor", args=[document.pk]))
        if user.has_perm("redaction.answer", exhibit) and held.open_question(document) is not None:
            yield Link("Say what may be redacted for the defence", held.url_of(document))
    source = source_of(exhibit)
    if source is not None and can_be_worked_on(source) and user.has_perm("redaction.ask", exhibit):
        yield Link("Ask for a redacted copy", reverse("redaction:ask", args=[exhibit.pk]))


def objects(exhibit: Exhibit) -> Iterable[tuple[str, str]]:
    """Pictures and words of its pages, which go when it is disposed of."""
    for page in Page.objects.filter(document__exhibit=exhibit):
        yield page.image_key, page.image_version
        if page.text_key:
            yield page.text_key, page.text_version


def _objects(user: User, exhibit: Exhibit) -> QuerySet[Document, UUID]:
    """Its documents and their releases, for those who see redactions."""
    documents = Document.objects.filter(exhibit=exhibit)
    if not user.has_perm("redaction.view", exhibit):
        documents = documents.none()
    releases = Release.objects.filter(document__in=documents)
    return documents.values_list("pk", flat=True).union(releases.values_list("pk", flat=True))


_STEPS = ("asked", "sent_for_approval", "sent_back", "approved", "burnt_in", "leak_check_passed", "leak_check_failed")
TIMELINE = TimelinePart(
    {f"redaction.{step}": "redaction" for step in (*_STEPS, "failed", "released", "recalled", "withdrawn")},
    _objects,
)
