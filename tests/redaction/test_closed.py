"""Redaction of an exhibit that is fenced half way: nothing of it is read, decided, burnt in or let go until it is open again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from audit.actions import Refused
from disclosure import fencing
from disclosure.models import Fence
from evidence.models import Copy, Exhibit
from jobs.models import Job
from redaction import actions, elsewhere
from redaction.models import Document, ProposalDecision, Release, ReleaseState
from tests.factories import run_jobs
from tests.redaction.arrange import Team, approved, asked, decided, make_statement, make_team, state_of, verified

pytestmark = pytest.mark.django_db


def close(team: Team, exhibit: Exhibit) -> Fence:
    return fencing.fence(team.investigator, exhibit, "privilege", "A solicitor's letterhead")[0]


def lift(team: Team, fence: Fence) -> None:
    today: dt.date = timezone.localdate()
    fencing.instruct(team.supervisor, fence, person="Rhona Vance KC", body="Carden Row Chambers", on=today)
    fencing.determine(team.supervisor, fence, "not_privileged", on=today, reason="A shopping list")


def anew(release: Release) -> Release:
    return Release.objects.get(pk=release.pk)


def test_no_step_is_taken_and_what_waits_goes_on_once_it_is_open_again() -> None:
    team = make_team()
    document, release = decided(team)
    fence = close(team, document.exhibit)
    document = Document.objects.get(pk=document.pk)
    for act in (
        lambda: actions.start(team.redactor, document.exhibit, audience="court"),
        lambda: actions.ask_approval(team.redactor, anew(release)),
        lambda: actions.draw(team.redactor, document, 0, [1, 1, 30, 30], "FAC"),
        lambda: actions.accept_rest(team.redactor, document),
    ):
        with pytest.raises(Refused):
            act()
    lift(team, fence)
    assert actions.ask_approval(team.redactor, anew(release)).state == "for_approval"


def test_a_copy_is_neither_approved_nor_released_but_can_be_recalled() -> None:
    team = make_team()
    document, release = verified(team)
    close(team, document.exhibit)
    with pytest.raises(Refused, match="This exhibit is fenced"):
        actions.release(team.approver, anew(release))
    other = make_team()
    document, release = verified(other)
    actions.release(other.approver, release)
    close(other, document.exhibit)
    assert actions.recall(other.supervisor, anew(release), "It may be privileged").state == "recalled"


def test_a_worker_that_comes_to_it_later_reads_nothing() -> None:
    team = make_team()
    document, release = approved(team)
    fence = close(team, document.exhibit)
    run_jobs("redaction.burn_in")
    assert state_of(anew(release)) == ReleaseState.State.FAILED
    assert "fenced" in Job.objects.get(kind="redaction.burn_in").message
    assert not Copy.objects.filter(exhibit=document.exhibit, kind=Copy.Kind.REDACTED).exists()
    lift(team, fence)
    assert actions.ask_approval(team.redactor, anew(release)).state == "for_approval"


def test_a_file_fenced_before_it_is_read_is_asked_for_again_later() -> None:
    team = make_team()
    exhibit = make_statement(team)
    document, _ = actions.start(team.redactor, exhibit, audience="cps")
    fence = close(team, exhibit)
    run_jobs("redaction.propose")
    document.refresh_from_db()
    assert (document.state, document.proposals.count()) == (Document.State.REFUSED, 0)
    assert "fenced" in document.message
    lift(team, fence)
    actions.start(team.redactor, Exhibit.objects.get(pk=exhibit.pk), audience="defence")
    run_jobs("redaction.propose")
    document.refresh_from_db()
    assert document.state == Document.State.READY


def test_nothing_found_in_it_is_proposed_elsewhere() -> None:
    team = make_team()
    first, _ = asked(team)
    actions.accept_rest(team.redactor, first)
    second, _ = asked(team, make_statement(team))
    assert any(elsewhere.terms_for(second).__dict__.values())
    close(team, first.exhibit)
    assert not any(elsewhere.terms_for(second).__dict__.values())


def test_the_database_refuses_each_step_too() -> None:
    team = make_team()
    document, release = decided(team)
    proposal = document.proposals.all()[0]
    close(team, document.exhibit)
    master = document.source.copy
    copy: dict[str, Any] = {"exhibit": document.exhibit, "parent": master, "made_by": team.redactor}
    for change in (
        lambda: ReleaseState.objects.create(release=release, state="for_approval", by=team.redactor),
        lambda: ProposalDecision.objects.create(
            proposal=proposal, document=document, verdict="accept", category_id="OTH", by=team.redactor
        ),
        lambda: document.proposals.create(page=0, boxes=[[1, 1, 9, 9]], category_id="FAC", source="hand", by=team.redactor),
        lambda: Copy.objects.create(kind=Copy.Kind.REDACTED, **copy),
        lambda: Copy.objects.create(kind=Copy.Kind.VIEWING, **copy),
        lambda: Copy.objects.create(kind=Copy.Kind.WORKING, **copy),
    ):
        with pytest.raises((IntegrityError, InternalError), match="fenced"), transaction.atomic():
            change()


def test_a_case_decides_all_but_the_fenced_one() -> None:
    from redaction import deciding

    team = make_team()
    first, _ = asked(team)
    second, _ = asked(team, make_statement(team))
    said = second.proposals.exclude(said="").values_list("said", flat=True)[0]
    close(team, first.exhibit)
    done = deciding.decide_group(team.redactor, team.case, said, "accept")
    assert {decision.document_id for decision in done.decisions} == {second.pk}
    with pytest.raises(ValidationError):
        deciding.undo(team.redactor, first)
