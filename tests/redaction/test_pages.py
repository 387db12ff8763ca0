"""The pages: who sees what, what a form does, and how often the database is asked."""

import io
import json
import time
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from reportlab.pdfgen import canvas

from accounts.models import Role, User
from audit.models import Event
from redaction import actions
from tests.factories import make_case, make_user, make_verified_exhibit
from tests.redaction.arrange import Team, asked, decided, make_team, state_of, verified

pytestmark = pytest.mark.django_db


def browser(user: User) -> Client:
    """Somebody who signed in just now."""
    client = Client()
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() + 3600, "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def test_a_page_that_waited_is_loaded_as_a_whole() -> None:
    team = make_team()
    document, release = asked(team)
    client = browser(team.redactor)
    for page in (
        reverse("redaction:editor", args=[document.pk]),
        reverse("redaction:list", args=[team.case.pk]),
        reverse("redaction:release", args=[document.pk, release.pk]),
    ):
        answer = client.get(page, headers={"HX-Request": "true"})
        assert (answer["HX-Refresh"], answer.content) == ("true", b"")


def test_asking() -> None:
    team = make_team()
    document, _ = asked(team)
    client = browser(team.redactor)
    page = reverse("redaction:ask", args=[document.exhibit.pk])
    assert client.get(page).status_code == 200
    assert "Answer “Who is the copy for?”" in client.post(page, {}).content.decode()
    assert client.post(page, {"audience": "defence", "purpose": "Trial"}).status_code == 302
    assert document.releases.count() == 2
    again = client.post(page, {"audience": "defence"})
    assert "already being prepared" in again.content.decode()
    assert browser(team.approver).get(page).status_code == 403


def test_the_editor_shows_boxes_words_and_who_proposed_them() -> None:
    team = make_team()
    document, _ = asked(team)
    shown = browser(team.redactor).get(reverse("redaction:editor", args=[document.pk])).content.decode()
    assert shown.count("data-box=") == document.proposals.count() > 4
    assert "<mark>07700 900461</mark>" in shown
    assert "Complainant A" in shown
    assert "style=" not in shown.split("<main")[1].split("</main")[0]


def test_opening_the_editor_is_one_event_of_reading() -> None:
    team = make_team()
    document, _ = asked(team)
    client = browser(team.redactor)
    for _ in range(3):
        client.get(reverse("redaction:editor", args=[document.pk]))
    opened = Event.objects.filter(verb="blob.opened", object_id=str(document.source_id))
    assert opened.count() == 1


def test_a_pages_picture_needs_the_editor_to_have_been_opened() -> None:
    team = make_team()
    document, _ = asked(team)
    client = browser(team.redactor)
    picture = reverse("redaction:image", args=[document.pk, 0])
    assert client.get(picture).status_code == 404
    client.get(reverse("redaction:editor", args=[document.pk]))
    answer = client.get(picture)
    assert answer["Content-Type"] == "image/png"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer.content[:4] == b"\x89PNG"
    assert client.get(reverse("redaction:image", args=[document.pk, 9])).status_code == 404


def test_deciding_by_a_plain_form_and_by_htmx() -> None:
    team = make_team()
    document, _ = asked(team)
    client = browser(team.redactor)
    first, second = document.proposals.all()[:2]
    plain = client.post(reverse("redaction:decide", args=[document.pk, first.pk]), {"verdict": "accept", "category": "OTH"})
    assert plain.status_code == 302
    assert actions.current_category(first).pk == "OTH"
    answer = client.post(
        reverse("redaction:decide", args=[document.pk, second.pk]), {"verdict": "accept"}, headers={"HX-Request": "true"}
    )
    assert 'data-state="accept"' in answer.content.decode()
    assert "hx-swap-oob" in answer.content.decode()
    wrong = client.post(
        reverse("redaction:decide", args=[document.pk, second.pk]), {"verdict": "burn"}, headers={"HX-Request": "true"}
    )
    assert "Select redact or keep" in wrong.content.decode()


def test_accepting_the_rest_of_a_page_and_drawing() -> None:
    team = make_team()
    document, release = asked(team)
    client = browser(team.redactor)
    client.post(reverse("redaction:accept_rest", args=[document.pk]), {"page": "0"})
    assert document.proposals.undecided().count() == 0
    box = {"left": "10", "top": "10", "right": "80", "bottom": "30", "category": "FAC", "page": "0"}
    client.post(reverse("redaction:draw", args=[document.pk]), box)
    assert document.proposals.filter(source="hand", by=team.redactor).count() == 1
    client.post(reverse("redaction:draw", args=[document.pk]), box | {"left": "x"})
    assert document.proposals.filter(source="hand").count() == 1
    client.post(reverse("redaction:ask_approval", args=[document.pk, release.pk]))
    assert state_of(release) == "for_approval"


def test_approval_asks_who_it_is_again() -> None:
    team = make_team()
    document, release = decided(team)
    actions.ask_approval(team.redactor, release)
    page = reverse("redaction:approve", args=[document.pk, release.pk])
    stale = Client()
    stale.force_login(team.approver)
    assert "/reauthenticate/" in stale.get(page)["Location"]
    client = browser(team.approver)
    assert "Decided by" in client.get(page).content.decode()
    client.post(page)
    assert state_of(release) == "approved"


def test_release_receipt_and_recall() -> None:
    team = make_team()
    document, release = verified(team)
    client = browser(team.approver)
    page = reverse("redaction:let_go", args=[document.pk, release.pk])
    blob = actions.output_of(release)
    assert blob is not None
    assert blob.sha256[:4] in client.get(page).content.decode()
    receipt = client.post(page, follow=True)
    assert "Released" in receipt.content.decode()
    assert client.get(reverse("redaction:release", args=[document.pk, release.pk])).status_code == 200
    recall = reverse("redaction:recall", args=[document.pk, release.pk])
    supervisor = browser(team.supervisor)
    assert supervisor.post(recall, {"reason": ""}).status_code == 422
    supervisor.post(recall, {"reason": "A house number can be read"})
    assert state_of(release) == "recalled"


def test_a_decider_is_offered_no_approval() -> None:
    team = make_team()
    document, release = decided(team)
    actions.ask_approval(team.redactor, release)
    shown = browser(team.redactor).get(reverse("redaction:release", args=[document.pk, release.pk])).content.decode()
    assert reverse("redaction:approve", args=[document.pk, release.pk]) not in shown


def pages_of(team: Team) -> list[str]:
    document, release = verified(team)
    both = [document.pk, release.pk]
    return [
        reverse("redaction:list", args=[team.case.pk]),
        reverse("redaction:editor", args=[document.pk]),
        *(reverse(f"redaction:{name}", args=both) for name in ("release", "let_go", "recall", "send_back", "receipt")),
    ]


def test_who_is_not_on_the_case_finds_nothing() -> None:
    team = make_team()
    pages = pages_of(team)
    stranger = make_user(Role.REDACTOR, Role.APPROVER, organisation=team.case.organisation)
    elsewhere = make_case(make_user(Role.INVESTIGATOR, organisation=team.case.organisation), team={stranger: Role.REDACTOR})
    exhibits = make_user(Role.EXHIBITS, organisation=team.case.organisation)
    from cases.actions import add_team_member

    add_team_member(team.investigator, team.case, exhibits, "exhibits")
    for user in (stranger, exhibits, make_user(is_staff=True)):
        assert {browser(user).get(page).status_code for page in pages} == {404}
    assert elsewhere.pk != team.case.pk
    assert browser(team.redactor).get(reverse("redaction:editor", args=[uuid4()])).status_code == 404


def test_lists_ask_the_database_no_more_for_more_rows() -> None:
    team = make_team()
    document, _ = asked(team)
    page = reverse("redaction:list", args=[team.case.pk])
    client = browser(team.redactor)

    def queries() -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as seen:
            assert client.get(page).status_code == 200
            assert client.get(reverse("redaction:mine")).status_code == 200
        return len(seen)

    few = queries()
    for audience in ("defence", "court"):
        actions.start(team.redactor, document.exhibit, audience=audience)
    assert queries() <= few


def test_boxes_that_came_over_live_words_are_told() -> None:
    team = make_team()
    scratch = io.BytesIO()
    paper = canvas.Canvas(scratch, pagesize=(595, 842))
    paper.setFont("Courier", 10)
    paper.drawString(60, 700, "The other caller was Adaeze Okonkwo.")
    paper.rect(180, 697, 96, 10, fill=1)
    paper.showPage()
    paper.drawString(60, 700, "Nothing here.")
    paper.save()
    exhibit = make_verified_exhibit(team.investigator, team.case, data=scratch.getvalue())
    document, _ = asked(team, exhibit)
    assert document.covered_pages() == [1]
    assert "Okonkwo" not in json.dumps(document.covered)
    page = browser(team.redactor).get(reverse("redaction:editor", args=[document.pk])).content.decode()
    assert "boxes that hide words without taking them away (page 1)" in page
    assert team.investigator.notifications.filter(text__contains="can still be copied", important=True).exists()
