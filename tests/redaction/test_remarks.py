"""Remarks at their places, what comes back with a rejected approval, what changed since, and what others do meanwhile."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.utils import InternalError, ProgrammingError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.actions import Refused
from audit.models import Event, EventDetail
from redaction import actions, boxes, printed, remarks
from redaction.models import Document, Release
from redaction.remark_model import Remark
from tests.redaction.arrange import LINES, Team, asked, decided, make_statement, make_team, state_of, verified
from tests.redaction.test_pages import browser

pytestmark = pytest.mark.django_db
WORDS = "The second box is a line too high"


def with_approver(team: Team) -> tuple[Document, Release]:
    document, release = decided(team)
    actions.ask_approval(team.redactor, release)
    return document, release


def sent_back(team: Team) -> tuple[Document, Release, Remark]:
    document, release = with_approver(team)
    proposal = document.proposals.all()[1]
    said = remarks.remark(team.approver, document, WORDS, page=0, proposal=proposal, release=release)
    actions.send_back(team.approver, release, "See the remarks")
    return document, release, said


# ---- comments --------------------------------------------------------------------------------------------------------


def test_a_comment_has_its_place_author_and_time_and_its_words_are_in_no_event() -> None:
    team = make_team()
    document, _ = asked(team)
    proposal = document.proposals.all()[0]
    remarks.remark(team.redactor, document, "Ask the officer first", page=0, proposal=proposal)
    remarks.remark(team.approver, document, "And the margin here", page=0, box=[10, 10, 60, 40])
    shown = browser(team.colleague).get(reverse("redaction:editor", args=[document.pk])).content.decode()
    assert "Ask the officer first" in shown
    assert str(team.approver) in shown
    assert 'data-area-box="[10, 10, 60, 40]"' in shown
    events = Event.objects.filter(verb="redaction.remarked")
    assert events.count() == 2
    told = "".join(Event.objects.values_list("body", flat=True)) + str(list(EventDetail.objects.values_list()))
    assert "officer first" not in told
    assert "margin" not in told


@pytest.mark.parametrize(
    "text", ["Is 07700 900461 hers?", "this is Thistlewood again", "She lives at 14 Tanner Street, Bristol BS1 4DJ"]
)
def test_a_remark_does_not_say_again_what_is_redacted(text: str) -> None:
    team = make_team()
    document, _ = asked(team)
    with pytest.raises(ValidationError, match="without the words that are redacted"):
        remarks.remark(team.redactor, document, text, page=0)
    remarks.remark(team.redactor, document, "The street and the number before it belong together", page=0)
    assert any("Tanner" in line for line in LINES)


def test_what_is_no_remark() -> None:
    team = make_team()
    document, release = asked(team)
    other = asked(team)[0].proposals.all()[0]
    for text, more in (("  ", {}), ("x" * 1001, {}), ("Here", {"page": 9}), ("Here", {"proposal": other})):
        with pytest.raises(ValidationError):
            remarks.remark(team.redactor, document, text, **({"page": 0} | more))
    with pytest.raises(ValidationError, match="not with the approvers"):
        remarks.remark(team.approver, document, "Here", page=0, release=release)
    for who in (team.supervisor, team.investigator):
        with pytest.raises(Refused):
            remarks.remark(who, document, "Here", page=0)
    assert not Remark.objects.exists()


def test_a_remark_is_never_changed_or_deleted() -> None:
    team = make_team()
    document, _ = asked(team)
    remarks.remark(team.redactor, document, "Ask the officer first", page=0)
    for statement in ("UPDATE redaction_remark SET text = 'x'", "DELETE FROM redaction_remark"):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Remark.objects.get().text == "Ask the officer first"


def test_a_comment_is_in_no_redaction_log() -> None:
    team = make_team()
    document, release = asked(team)
    remarks.remark(team.redactor, document, "Ask the officer first", page=0, proposal=document.proposals.all()[0])
    actions.accept_rest(team.redactor, document)
    page = browser(team.redactor).get(reverse("redaction:redaction_log", args=[document.pk, release.pk])).content.decode()
    assert "officer first" not in page
    assert "officer first" not in json.dumps(printed.rows(release), default=str)


# ---- the approver's --------------------------------------------------------------------------------------------------


def test_a_rejected_approval_comes_back_with_remarks_at_their_places() -> None:
    team = make_team()
    document, release, said = sent_back(team)
    assert state_of(release) == "sent_back"
    client = browser(team.redactor)
    shown = client.get(reverse("redaction:editor", args=[document.pk])).content.decode()
    assert "The approver left 1 remark that is not marked done" in shown
    assert f"?page=1&amp;at={said.proposal_id}&amp;remark={said.pk}" in shown
    with pytest.raises(ValidationError, match="1 remark of the approver is not marked done"):
        actions.ask_approval(team.redactor, release)
    address = reverse("redaction:answer_remark", args=[document.pk, said.pk])
    answered = client.post(address, {"text": "It was the scan", "done": "no", "page": "0"}, headers={"HX-Request": "true"})
    assert "It was the scan" in answered.content.decode()
    assert remarks.unsettled(release) == 1
    empty = client.post(address, {"text": "", "done": "no", "page": "0"}, headers={"HX-Request": "true"})
    assert "Enter an answer" in empty.content.decode()
    client.post(address, {"text": "", "done": "yes", "page": "0"})
    assert remarks.unsettled(release) == 0
    actions.ask_approval(team.redactor, release)
    approver = browser(team.approver).get(reverse("redaction:approve", args=[document.pk, release.pk])).content.decode()
    assert "It was the scan" in approver


def test_the_approver_sees_what_changed_since() -> None:
    team = make_team()
    document, release = with_approver(team)
    assert remarks.changed_since(release) == {}
    actions.send_back(team.approver, release, "Two more")
    assert remarks.changed_since(release)["rows"] == []
    first, second, third = document.proposals.all()[:3]
    actions.decide(team.redactor, first, "reject", reason="Served as evidence")
    actions.decide(team.redactor, second, "accept", category="OTH")
    box = [[left, top - 1, right, bottom + 1] for left, top, right, bottom in third.boxes]
    moved = boxes.move(team.colleague, third, box)
    actions.decide(team.redactor, document.proposals.all()[3], "accept")
    actions.ask_approval(team.redactor, release)
    rows = {row["place"]: (row["before"], row["now"], row["by"]) for row in remarks.changed_since(release)["rows"]}
    assert rows == {
        f"?page=1&at={first.pk}": ("redact", "keep", str(team.redactor)),
        f"?page=1&at={second.pk}": ("redact", "redact", str(team.redactor)),
        f"?page=1&at={third.pk}": ("redact", "replaced by another box", str(team.colleague)),
        f"?page=1&at={moved.pk}": ("not there", "redact", str(team.colleague)),
    }
    shown = browser(team.approver).get(reverse("redaction:release", args=[document.pk, release.pk])).content.decode()
    assert "Changed since it was sent back" in shown
    assert "Served as evidence" in shown


def test_who_remarks_may_still_approve() -> None:
    team = make_team()
    document, release = with_approver(team)
    remarks.remark(team.approver, document, "Well done", page=0)
    actions.approve(team.approver, release)
    assert state_of(release) == "approved"


def test_the_approver_remarks_in_the_editor_and_sends_back() -> None:
    team = make_team()
    document, release = with_approver(team)
    client = browser(team.approver)
    editor = client.get(reverse("redaction:editor", args=[document.pk])).content.decode()
    assert "Has to be dealt with before the copy for the CPS is approved" in editor
    proposal = document.proposals.all()[0]
    values = {"page": "0", "proposal": str(proposal.pk), "text": WORDS, "for_release": "yes"}
    added = client.post(reverse("redaction:remark", args=[document.pk]), values, headers={"HX-Request": "true"})
    assert WORDS in added.content.decode()
    wrong = client.post(reverse("redaction:remark", args=[document.pk]), values | {"proposal": "x"}, headers={"HX-Request": "true"})
    assert "no such place" in wrong.content.decode()
    assert Remark.objects.get().release == release
    page = reverse("redaction:send_back", args=[document.pk, release.pk])
    assert "With it go 1 remark" in " ".join(client.get(page).content.decode().split())
    client.post(page, {"reason": "See the remark"})
    assert state_of(release) == "sent_back"


def test_a_released_copy_takes_no_more_remarks_that_hold_it_up() -> None:
    team = make_team()
    document, release = verified(team)
    actions.release(team.approver, release)
    with pytest.raises(ValidationError, match="not with the approvers"):
        remarks.remark(team.approver, document, "Too late", page=0, release=release)


# ---- what others do meanwhile ----------------------------------------------------------------------------------------


def test_the_news_are_asked_for_under_the_editors_ticket_and_are_nothing_while_nothing_changes() -> None:
    team = make_team()
    document, _ = asked(team)
    client = browser(team.redactor)
    news = reverse("redaction:news", args=[document.pk])
    assert client.get(news).status_code == 404
    editor = client.get(reverse("redaction:editor", args=[document.pk])).content.decode()
    tag = editor.split('data-tag="')[1].split('"')[0]
    with CaptureQueriesContext(connection) as seen:
        assert client.get(news, {"page": "0", "tag": tag}).status_code == 204
    assert len(seen) < 12
    proposal = document.proposals.all()[0]
    actions.decide(team.colleague, proposal, "accept")
    fresh = client.get(news, {"page": "0", "tag": tag})
    assert fresh.status_code == 200
    assert f'data-by="{team.colleague}"' in fresh.content.decode()
    tags = {tag, fresh.content.decode().split('data-tag="')[1].split('"')[0]}
    for act in (
        lambda: actions.draw(team.colleague, document, 0, [10, 10, 60, 40], "OTH"),
        lambda: remarks.remark(team.colleague, document, "Look here", page=0),
        lambda: actions.accept_rest(team.colleague, document),
        lambda: actions.ask_approval(team.colleague, document.releases.get()),
    ):
        act()
        tags.add(client.get(news, {"page": "0", "tag": tag}).content.decode().split('data-tag="')[1].split('"')[0])
    assert len(tags) == 6
    assert "data-frozen" in client.get(news, {"page": "0", "tag": tag}).content.decode()
    assert Event.objects.filter(verb="blob.opened", object_id=str(document.source_id)).count() == 1


def test_a_conflict_says_who_decided_what_and_asks_which_holds() -> None:
    team = make_team()
    document, _ = asked(team, make_statement(team))
    proposal = document.proposals.all()[0]
    actions.decide(team.colleague, proposal, "accept")
    client = browser(team.redactor)
    address = reverse("redaction:decide", args=[document.pk, proposal.pk])
    late = client.post(address, {"verdict": "reject", "seen": "0"}, headers={"HX-Request": "true"}).content.decode()
    assert f"{team.colleague} decided this meanwhile: redact" in late.replace("&#x27;", "'")
    assert "You chose: keep" in late
    assert f"Leave it as {team.colleague} decided" in late
    seen = late.split('name="seen" value="')[1].split('"')[0]
    again = client.post(
        address, {"verdict": "reject", "seen": seen, "reason": "Evidence"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert 'data-state="reject"' in again
    assert [d.by for d in proposal.decisions.order_by("id")] == [team.colleague, team.redactor]
