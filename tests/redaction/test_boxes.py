"""Boxes moved, sized and merged, and everything redacted but what is kept: each one act that undo turns back."""

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.utils import IntegrityError
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.actions import Refused
from audit.models import Event
from redaction import actions, boxes, deciding, figures, groups, searching, words
from redaction.engine.shapes import Box
from redaction.models import Document, Proposal, ProposalDecision, Release
from tests.factories import run_jobs
from tests.redaction.arrange import Team, asked, make_photograph, make_statement, make_team, state_of
from tests.redaction.test_deciding import PHONE, last_event, said
from tests.redaction.test_pages import browser

pytestmark = pytest.mark.django_db


def phone_of(team: Team, document: Document) -> Proposal:
    found: Proposal = document.proposals.filter(said=said(team))[0]
    return found


def shifted(proposal: Proposal, x: float, y: float) -> list[list[float]]:
    return [[left + x, top + y, right + x, bottom + y] for left, top, right, bottom in proposal.boxes]


def verdict_of(proposal: Proposal) -> str:
    return str(Proposal.objects.with_decision().get(pk=proposal.pk).verdict)


def now(document: Document) -> list[tuple[str, str]]:
    return sorted((str(p.pk), p.verdict) for p in document.proposals.with_decision())


# ---- moving ----------------------------------------------------------------------------------------------------------


def test_a_moved_box_takes_the_place_of_the_old_one_and_one_undo_turns_it_back() -> None:
    team = make_team()
    document, _ = asked(team)
    phone = phone_of(team, document)
    before = now(document)
    made = boxes.move(team.redactor, phone, shifted(phone, 1, 0.5))
    assert (verdict_of(phone), verdict_of(made)) == ("moved", "accept")
    assert (made.source, made.by, made.category_id, made.said) == ("hand", team.redactor, phone.category_id, said(team))
    event = last_event()
    after = json.loads(event.body)["after"]
    assert (event.verb, after["accepted"], after["moved"]) == ("redaction.moved", 1, 1)
    deciding.undo(team.redactor, document)
    assert verdict_of(made) == "reject"
    assert [row for row in now(document) if row[0] != str(made.pk)] == before
    deciding.redo(team.redactor, document)
    assert (verdict_of(phone), verdict_of(made)) == ("moved", "accept")


def test_a_moved_box_counts_once_and_is_no_conflict() -> None:
    team = make_team()
    document, _ = asked(team)
    phone = phone_of(team, document)
    boxes.move(team.redactor, phone, shifted(phone, 1, 0))
    [group] = [group for group in groups.counted(document) if group.said == said(team)]
    assert (group.all, group.redacted, group.kept, group.both_ways) == (1, 1, 0, False)
    second, _ = asked(team)
    assert deciding.agreed_elsewhere(second, {said(team)})[said(team)].verdict == "accept"
    deciding.decide_group(team.redactor, document, said(team), "reject", reason="Evidence", also_decided=True)
    assert verdict_of(phone) == "moved"


def test_in_the_figures_a_moved_box_was_not_missed_by_the_detector() -> None:
    team = make_team()
    document, _ = asked(team)
    phone = phone_of(team, document)
    boxes.move(team.redactor, phone, shifted(phone, 1, 0))
    rows = {row["label"]: row["accepted"] for row in figures.of(team.case.organisation).rows}
    assert rows["Moved, sized or merged"] == 1
    assert "Drawn by hand" not in rows


def test_letters_that_come_free_need_the_reason_that_keeping_them_does() -> None:
    team = make_team()
    document, _ = asked(team, audience="defence")
    phone = phone_of(team, document)
    left, top, right, bottom = phone.boxes[0]
    smaller = [[left, top, (left + right) / 2, bottom]]
    with pytest.raises(ValidationError, match="Enter why it stays"):
        boxes.move(team.redactor, phone, smaller)
    with pytest.raises(ValidationError, match="Enter why it stays"):
        boxes.move(team.redactor, phone, shifted(phone, 0, 200))
    assert verdict_of(phone) == ""
    boxes.move(team.redactor, phone, [[left - 3, top - 2, right + 3, bottom + 2]])
    other, _ = asked(team, audience="defence")
    boxes.move(team.redactor, phone_of(team, other), smaller, reason="The last digits are the evidence")
    assert other.decisions.get(verdict="moved").reason == "The last digits are the evidence"


def test_what_somebody_moved_meanwhile_is_not_moved_again() -> None:
    team = make_team()
    document, _ = asked(team)
    phone = phone_of(team, document)
    boxes.move(team.colleague, phone, shifted(phone, 1, 0), seen=0)
    with pytest.raises(ValidationError, match="decided this meanwhile: replaced by another box"):
        boxes.move(team.redactor, phone, shifted(phone, 2, 0), seen=0)
    with pytest.raises(ValidationError, match="Another box has taken the place"):
        boxes.move(team.redactor, phone, shifted(phone, 2, 0))
    assert document.proposals.filter(source="hand").count() == 1


@pytest.mark.parametrize(
    "sent", ["", "[]", "[[1, 2, 3]]", '[["a", 2, 3, 4]]', "[[1e999, 2, 3, 4]]", "{}", "[[-90, -90, -10, -10]]"]
)
def test_no_box_is_moved_off_the_page_or_to_nowhere(sent: str) -> None:
    team = make_team()
    document, _ = asked(team)
    phone = phone_of(team, document)
    address = reverse("redaction:move", args=[document.pk, phone.pk])
    answer = browser(team.redactor).post(address, {"boxes": sent, "seen": "0"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "govuk-error-message" in answer.content.decode()
    assert not document.decisions.exists()


def test_what_is_sent_twice_is_done_once() -> None:
    team = make_team()
    document, _ = asked(team)
    phone = phone_of(team, document)
    client = browser(team.redactor)
    box = {"left": "9", "top": "9", "right": "90", "bottom": "30", "category": "OTH", "page": "0"}
    moved = {"boxes": json.dumps(shifted(phone, 1, 0)), "seen": "0"}
    sent = [
        (reverse("redaction:move", args=[document.pk, phone.pk]), moved),
        (reverse("redaction:draw", args=[document.pk]), box),
    ]
    for address, values in sent:
        act = str(uuid4())
        for _ in range(2):
            answer = client.post(address, values | {"act": act}, headers={"HX-Request": "true"})
            assert "govuk-error-message" not in answer.content.decode()
    assert document.proposals.filter(source="hand").count() == 2
    assert Event.objects.filter(verb__in=["redaction.moved", "redaction.drawn"]).count() == 2
    other = document.proposals.filter(source__in=["pattern", "person", "field"]).exclude(pk=phone.pk)[0]
    values = {"verdict": "accept", "seen": "0", "act": str(uuid4())}
    for _ in range(2):
        answer = client.post(reverse("redaction:decide", args=[document.pk, other.pk]), values, headers={"HX-Request": "true"})
        assert "govuk-error-message" not in answer.content.decode()
    assert other.decisions.count() == 1


def test_the_database_refuses_a_box_that_is_replaced_by_none() -> None:
    team = make_team()
    document, _ = asked(team)
    phone = phone_of(team, document)
    with pytest.raises(IntegrityError, match="replaced only by another"), transaction.atomic():
        ProposalDecision.objects.create(
            proposal=phone, document=document, verdict="moved", category=phone.category, by=team.redactor
        )
    assert not document.decisions.exists()


# ---- merging ---------------------------------------------------------------------------------------------------------


def test_two_boxes_of_a_line_become_one_over_what_lies_between() -> None:
    team = make_team()
    document, _ = asked(team, make_photograph(team))
    first = actions.draw(team.redactor, document, 0, [40, 60, 80, 80], "FAC")
    second = actions.draw(team.redactor, document, 0, [100, 62, 150, 84], "LOC")
    third = actions.draw(team.redactor, document, 0, [40, 120, 150, 140], "FAC")
    address = reverse("redaction:merge", args=[document.pk])
    chosen = [f"{p.pk}:{p.decisions.get().pk}" for p in (first, second, third)]
    answer = browser(team.redactor).post(address, {"chosen": chosen, "page": "0"}, headers={"HX-Request": "true"})
    assert "The boxes are merged." in answer.content.decode()
    [merged] = document.proposals.accepted()
    assert merged.boxes == [[40.0, 60.0, 150.0, 84.0], [40.0, 120.0, 150.0, 140.0]]
    assert merged.category_id == "FAC"
    deciding.undo(team.redactor, document)
    assert document.proposals.accepted().count() == 3


def test_what_cannot_be_merged() -> None:
    team = make_team()
    document, _ = asked(team, make_statement(team, pages=2))
    here, there = document.proposals.filter(page=0)[0], document.proposals.filter(page=1)[0]
    with pytest.raises(ValidationError, match="at least two"):
        boxes.merge(team.redactor, document, [here, here])
    with pytest.raises(ValidationError, match="Only boxes of one page"):
        boxes.merge(team.redactor, document, [here, there])
    actions.decide(team.colleague, here, "accept")
    with pytest.raises(ValidationError, match="decided this meanwhile"):
        boxes.merge(team.redactor, document, list(document.proposals.filter(page=0)[:2]), seen={here: 0})
    other = asked(team)[0].proposals.all()[0]
    client = browser(team.redactor)
    for chosen in ([f"{here.pk}:0", f"{other.pk}:0"], ["x:0", "y:0"], []):
        answer = client.post(reverse("redaction:merge", args=[document.pk]), {"chosen": chosen, "page": "0"}, follow=True)
        assert answer.status_code == 200
    assert not document.proposals.filter(source="hand").exists()


# ---- keep only this --------------------------------------------------------------------------------------------------


edges = st.integers(0, 100)
areas = st.lists(st.tuples(edges, edges, st.integers(1, 60), st.integers(1, 60)), max_size=6)


@settings(deadline=None)
@given(areas, st.floats(0, 99.9), st.floats(0, 79.9))
def test_every_point_is_kept_or_redacted(made: list[tuple[int, int, int, int]], x: float, y: float) -> None:
    kept = [Box(float(left), float(top), float(left + wide), float(top + high)) for left, top, wide, high in made]
    rest = boxes.outside_of(kept, 100.0, 80.0)

    def within(found: list[Box]) -> bool:
        return any(box.left <= x < box.right and box.top <= y < box.bottom for box in found)

    assert within(rest) is not within(kept)


def kept_line(document: Document, wanted: str = "what had happened") -> tuple[int, list[list[float]]]:
    [hit] = searching.find(document, wanted)
    return hit.page, hit.boxes


def test_all_but_an_area_is_redacted_on_its_page_and_undone_by_one_act() -> None:
    team = make_team()
    document, _ = asked(team)
    before = now(document)
    page, area = kept_line(document)
    boxes.keep_only(team.redactor, document, {page: area}, "OTH", whole=False)
    rest = document.proposals.get(rule=boxes.REST)
    assert not document.proposals.undecided().exists(), "what is proposed outside is redacted with it"
    read = words.page_words(document.pages.get())
    assert read is not None
    gone = words.under(read, rest.boxes)
    assert "THISTLEWOOD" in gone
    assert "exhibit" in gone
    assert "happened" not in gone
    assert json.loads(last_event().body)["after"]["accepted"] == len(before) + 1
    deciding.undo(team.redactor, document)
    assert [row for row in now(document) if row[0] != str(rest.pk)] == before
    assert not document.proposals.accepted().exists()


def test_what_is_proposed_within_stays_to_be_decided() -> None:
    team = make_team()
    document, _ = asked(team)
    phone = phone_of(team, document)
    left, top, right, bottom = phone.boxes[0]
    boxes.keep_only(team.redactor, document, {0: [[left - 60, top - 2, right + 20, bottom + 2]]}, "OTH", whole=False)
    assert [p.pk for p in document.proposals.undecided()] == [phone.pk]


def test_in_a_document_pages_without_areas_go_and_pages_done_before_stay_as_they_were() -> None:
    team = make_team()
    document, _ = asked(team, make_statement(team, pages=3))
    areas = searching.find(document, "what had happened")
    boxes.keep_only(team.redactor, document, {0: areas[0].boxes}, "OTH", whole=False)
    first = document.proposals.get(rule=boxes.REST)
    boxes.keep_only(team.redactor, document, {1: areas[1].boxes}, "OTH", whole=True)
    rest = {p.page: p for p in document.proposals.accepted().filter(rule=boxes.REST)}
    page = document.pages.get(index=2)
    assert rest[0].pk == first.pk
    assert rest[2].boxes == [[0.0, 0.0, page.width, page.height]]
    boxes.keep_only(team.redactor, document, {0: [[10, 10, 200, 40]]}, "OTH", whole=False)
    assert verdict_of(first) == "moved"
    assert document.proposals.accepted().filter(rule=boxes.REST, page=0).count() == 1


def test_only_the_kept_words_are_in_the_copy_and_the_leak_check_passes() -> None:
    team = make_team()
    document, release = asked(team)
    page, area = kept_line(document)
    boxes.keep_only(team.redactor, document, {page: area}, "OTH", whole=True)
    assert re.sub(r"\[\w+\]", " ", released_text(team, release)).split() == ["what", "had", "happened"]


def released_text(team: Team, release: Release) -> str:
    import io

    import pypdfium2

    import vault

    actions.ask_approval(team.redactor, release)
    actions.approve(team.approver, release)
    run_jobs()
    release.refresh_from_db()
    assert state_of(release) == "verified", release.leak_checks.values_list("findings", flat=True)
    blob = actions.output_of(release)
    assert blob is not None
    data = b"".join(vault.store().read(blob.key, blob.version_id))
    text: Any = pypdfium2.PdfDocument(io.BytesIO(data))[0].get_textpage().get_text_range()
    assert PHONE not in text
    return str(text)


def test_words_that_are_searched_are_kept_and_all_else_goes() -> None:
    team = make_team()
    document, _ = asked(team, make_statement(team, pages=2))
    client = browser(team.redactor)
    hits = searching.find(document, "what had happened")
    values = {"words": "what had happened", "category": "OTH", "which": "keep_document", "place": [hits[0].key]}
    answer = client.post(reverse("redaction:redact_found", args=[document.pk]), values, follow=True)
    assert "Everything else in the document is redacted" in answer.content.decode()
    assert {p.page for p in document.proposals.accepted().filter(rule=boxes.REST)} == {0, 1}
    none = client.post(reverse("redaction:redact_found", args=[document.pk]), values | {"place": []})
    assert "Choose what is kept" in none.content.decode()


def test_what_is_kept_must_be_said() -> None:
    team = make_team()
    document, _ = asked(team)
    nothing: list[dict[int, list[list[float]]]] = [{}, {0: []}, {7: [[10, 10, 20, 20]]}]
    for wanted in nothing:
        with pytest.raises(ValidationError, match="Choose what is kept"):
            boxes.keep_only(team.redactor, document, wanted, "OTH", whole=False)
    page = document.pages.get()
    with pytest.raises(ValidationError, match="Nothing is left to redact"):
        boxes.keep_only(team.redactor, document, {0: [[0, 0, page.width, page.height]]}, "OTH", whole=False)


def test_who_is_no_redactor_changes_no_box_and_nobody_does_while_it_is_approved() -> None:
    team = make_team()
    document, release = asked(team)
    phone = phone_of(team, document)
    with pytest.raises(Refused):
        boxes.move(team.approver, phone, shifted(phone, 1, 0))
    with pytest.raises(Refused):
        boxes.merge(team.approver, document, list(document.proposals.all()[:2]))
    with pytest.raises(Refused):
        boxes.keep_only(team.approver, document, {0: [[10, 10, 90, 30]]}, "OTH", whole=False)
    actions.accept_rest(team.redactor, document)
    actions.ask_approval(team.redactor, release)
    with pytest.raises(ValidationError, match="with the approver"):
        boxes.move(team.redactor, phone, shifted(phone, 1, 0))
    with pytest.raises(ValidationError, match="with the approver"):
        boxes.keep_only(team.redactor, document, {0: [[10, 10, 90, 30]]}, "OTH", whole=False)
