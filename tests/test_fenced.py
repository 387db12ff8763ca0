"""Every address of the web application, asked by everybody on the team once an exhibit is fenced: none gives its content out.

The content is a PDF with words that stand nowhere else; its pages were read, drawn and proposed about before it was fenced.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

import vault
from disclosure import fencing
from disclosure.models import Item
from evidence.models import Blob, Exhibit
from evidence.opening import open_blob
from redaction.models import Document
from tests.access.walk import TEAM, Row, answer_of, path_of
from tests.access.web_table import TABLE
from tests.access.world import World, make_world

pytestmark = pytest.mark.django_db
URLCONF = "config.urls"
WORDS = b"of a statement by the night manager"
BEFORE = b"Page 1 of a"
"""What only the file says (`tests.access.world.a_pdf`)."""

# What shows, draws, searches, prints, decides or hands on content: refused, or not there any more, for each of the team
CLOSED = {
    "evidence:open",
    "evidence:viewer",
    "evidence:content",
    "evidence:new-working",
    "api-working-copies",
    "redaction:ask",
    "redaction:editor",
    "redaction:image",
    "redaction:groups",
    "redaction:search",
    "redaction:redact_found",
    "redaction:decide",
    "redaction:accept_rest",
    "redaction:draw",
    "redaction:decide_group",
    "redaction:as_before",
    "redaction:turn_back",
    "redaction:ask_approval",
    "redaction:redaction_log",
    "redaction:redaction_log_pdf",
    "redaction:approve",
    "redaction:let_go",
    "api-redaction-proposals",
    "api-redaction-decisions",
    "api-exhibit-redactions",
    "api-redaction-document",
    "api-redaction-open",
    "api-redaction-image",
    "api-redaction-words",
    "api-redaction-boxes",
    "api-redaction-move",
    "api-redaction-merge",
    "api-redaction-keep-only",
    "api-redaction-groups",
    "api-redaction-as-before",
    "api-redaction-undo",
    "api-redaction-redo",
    "api-redaction-remarks",
    "api-redaction-remark-answers",
    "api-redaction-test",
    "api-redaction-test-questions",
    "api-redaction-test-answers",
    "api-redaction-ask-approval",
    "api-redaction-approve",
    "api-redaction-let-go",
    "api-redaction-log",
    "api-redaction-log-pdf",
    "api-redaction-search",
    "api-redaction-redact-found",
}


@pytest.fixture
def closed() -> World:
    """The world of the access table, its exhibit fenced after everybody had it open."""
    world = make_world()
    blob = Blob.objects.get(pk=world.values["blob_id"])
    world.values["tickets"] = {name: open_blob(world.users[name], blob, "Review").id for name in TEAM}
    world.values["clients"] = {name: world.client(name) for name in TEAM}
    item = Item.objects.get(exhibit=world.values["exhibit_id"], locator__isnull=True)
    review = f"/cases/{item.case_id}/disclosure/review/"
    for client in world.values["clients"].values():
        client.get(f"/redactions/{world.values['document_id']}/")  # the editor's own ticket
        client.post(f"{review}?item={item.pk}", {"step": "open"})  # the workbench's
    exhibit = Exhibit.objects.get(pk=world.values["exhibit_id"])
    fencing.fence(world.users["investigator"], exhibit, "privilege", "The letterhead is a solicitor's")
    return world


def test_no_address_gives_out_what_is_fenced(closed: World) -> None:
    document = Document.objects.get(pk=closed.values["document_id"])
    page = document.pages.get(index=0)
    blob = Blob.objects.get(pk=closed.values["blob_id"])
    kept = [(blob.key, blob.version_id), (page.image_key, page.image_version)]
    secrets = [WORDS, BEFORE, *(_stored(*place) for place in kept), _stored(page.text_key, page.text_version)[:60]]
    wrong, walked = [], set()
    for row in TABLE:
        if row.name.startswith(("admin:", "account_", "mfa_", "(")):
            continue
        for name in TEAM:
            status, body = _answer(closed, row, name)
            walked.add(row.name)
            if row.name in CLOSED and status not in ("refused", "hidden"):
                wrong.append(f"{row} as {name}: {status} was answered")
            wrong += [f"{row} as {name}: its answer holds the content" for secret in secrets if secret in body]
    assert not wrong, "\n".join(["", *wrong])
    assert walked >= CLOSED


def _stored(key: str, version: str) -> bytes:
    return b"".join(vault.store().read(key, version))


def _answer(world: World, row: Row, name: str) -> tuple[str, bytes]:
    """What somebody on the team is answered, who had the exhibit open before. What the request did is undone."""
    client: Client = world.values["clients"][name]
    values = world.values | {"ticket_id": world.values["tickets"][name]}
    data = {key: str(values[value[1:]]) if str(value).startswith("@") else value for key, value in row.data.items()}
    path = path_of(row, values, URLCONF)
    send: Callable[..., Any] = getattr(client, row.method.lower())
    kind = {"content_type": "application/json"} if path.startswith("/api/") and row.method != "GET" else {}
    with transaction.atomic():
        response = send(path, data, **kind) if row.method != "PUT" else send(path)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    return answer_of(response), body


def test_the_walk_would_see_the_content_were_it_given_out() -> None:
    """The same addresses before the fence: what the walk looks for is there."""
    world = make_world()
    investigator = world.client("investigator")
    whole = investigator.get(f"/reading/{world.values['ticket_id']}/content/")
    blob = Blob.objects.get(pk=world.values["blob_id"])
    assert b"".join(whole.streaming_content) == _stored(blob.key, blob.version_id)  # type: ignore[attr-defined]
    redactor = world.client("redactor")
    found = redactor.post(f"/redactions/{world.values['document_id']}/search/", {"words": "Statement"})
    assert BEFORE in found.content
    with connection.cursor() as cursor:
        cursor.execute("SELECT fence FROM evidence_exhibit WHERE id = %s", [str(world.values["exhibit_id"])])
        assert cursor.fetchone() == ("",)
