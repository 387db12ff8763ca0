"""The way from asking to release, as its people and a court see it."""

import io

import pypdf
import pytest
from django.core.exceptions import ValidationError

import vault
from accounts.models import Notification
from audit.actions import Refused
from audit.models import Event
from cases import actions as case_actions
from redaction import actions
from redaction.engine import boxed
from redaction.models import Document, LeakCheck, Proposal, Release
from sandbox import Crashed
from tests.factories import make_exhibit, make_verified_exhibit, run_jobs
from tests.redaction.arrange import (
    approved,
    asked,
    decided,
    make_photograph,
    make_statement,
    make_team,
    read_sample,
    state_of,
    verified,
)

pytestmark = pytest.mark.django_db


def output_text(release: Release) -> str:
    blob = actions.output_of(release)
    assert blob is not None
    data = b"".join(vault.store().read(blob.key, blob.version_id))
    return " ".join("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages).split())


def test_the_whole_way_of_a_statement() -> None:
    team = make_team()
    document, release = verified(team)
    assert state_of(release) == "verified"
    actions.release(team.approver, release)
    assert state_of(release) == "released"
    text = output_text(release)
    for gone in ("Marianne", "THISTLEWOOD", "Tanner", "900461", "1997", "Okafor"):
        assert gone not in text
    for kept in ("I told my neighbour", "PC 2914 took exhibit AB/7", "[TPN]", "[TEL]"):
        assert kept in text
    blob = actions.output_of(release)
    assert blob is not None
    assert blob.copy.kind == "redacted"
    assert blob.copy.parent == document.source.copy
    assert blob.state == "verified"
    check = release.leak_checks.get()
    assert check.passed
    assert check.checked["redactions"] == document.proposals.count()
    verbs = list(
        Event.objects.filter(case_id=team.case.pk, verb__startswith="redaction.").order_by("at").values_list("verb", flat=True)
    )
    assert verbs == [
        "redaction.asked", "redaction.proposed", "redaction.decided", "redaction.sent_for_approval", "redaction.approved",
        "redaction.burnt_in", "redaction.leak_check_passed", "redaction.released",
    ]  # fmt: skip


def test_the_cases_own_people_are_proposed_and_named() -> None:
    team = make_team()
    document, _ = asked(team)
    complainant = team.case.people.get()
    found = document.proposals.filter(person=complainant)
    assert {(p.category_id, p.source) for p in found} == {("TPN", "person"), ("TEL", "person"), ("DOB", "person")}
    assert Event.objects.filter(case_id=team.case.pk, verb="identities.read").count() == 1


def test_no_event_body_holds_a_redacted_word() -> None:
    team = make_team()
    verified(team)
    for body in Event.objects.filter(case_id=team.case.pk).values_list("body", flat=True):
        assert "Thistlewood" not in body and "900461" not in body


def test_a_photograph_with_a_box_drawn_by_hand() -> None:
    team = make_team()
    document, release = asked(team, make_photograph(team))
    assert document.proposals.count() == 0
    actions.draw(team.redactor, document, 0, [40, 60, 120, 150], "FAC")
    actions.ask_approval(team.redactor, release)
    read_sample(team.approver, release)
    actions.approve(team.approver, release)
    run_jobs()
    assert state_of(release) == "verified"


def test_a_second_audience_uses_the_same_decisions_with_an_approval_of_its_own() -> None:
    team = make_team()
    document, release = verified(team)
    actions.release(team.approver, release)
    again, other = actions.start(team.redactor, document.exhibit, audience="defence")
    assert again == document
    actions.ask_approval(team.redactor, other)
    actions.approve(team.approver, other)
    run_jobs()
    assert state_of(other) == "verified"


def test_a_copy_for_the_same_audience_is_prepared_once() -> None:
    team = make_team()
    exhibit = make_statement(team)
    actions.start(team.redactor, exhibit, audience="cps")
    with pytest.raises(ValidationError, match="already being prepared"):
        actions.start(team.colleague, exhibit, audience="cps")


def test_an_unverified_exhibit_is_not_redacted() -> None:
    team = make_team()
    exhibit = make_exhibit(team.investigator, team.case)
    with pytest.raises(ValidationError, match="verified"):
        actions.start(team.redactor, exhibit, audience="cps")


def test_a_file_that_can_not_be_redacted_says_why_and_can_be_asked_for_again() -> None:
    team = make_team()
    exhibit = make_verified_exhibit(team.investigator, team.case, data=b"\x00\x01 no format of the engine's")
    document, _ = asked(team, exhibit)
    assert document.state == Document.State.REFUSED
    assert "only PDFs, pictures" in document.message
    actions.start(team.redactor, exhibit, audience="defence")
    document.refresh_from_db()
    assert document.state == Document.State.READING


def test_undecided_proposals_keep_it_from_the_approver() -> None:
    team = make_team()
    document, release = asked(team)
    with pytest.raises(ValidationError, match="still undecided"):
        actions.ask_approval(team.redactor, release)
    actions.accept_rest(team.redactor, document, page=0)
    actions.ask_approval(team.redactor, release)


def test_the_latest_decision_holds() -> None:
    team = make_team()
    document, release = decided(team)
    phone = document.proposals.get(category="TEL")
    actions.decide(team.redactor, phone, "reject", reason="The number is in issue")
    actions.ask_approval(team.redactor, release)
    actions.approve(team.approver, release)
    run_jobs()
    assert state_of(release) == "verified"
    assert "07700 900461" in output_text(release)
    assert phone.decisions.count() == 2


def test_keeping_what_policy_redacts_needs_a_reason() -> None:
    team = make_team()
    document, _ = asked(team, audience="defence")
    phone = document.proposals.get(category="TEL")
    with pytest.raises(ValidationError, match="Enter why it stays"):
        actions.decide(team.redactor, phone, "reject")
    actions.decide(team.redactor, phone, "reject", reason="The number is in issue")


def test_a_category_can_be_changed() -> None:
    team = make_team()
    document, release = decided(team)
    phone = document.proposals.get(category="TEL")
    actions.decide(team.redactor, phone, "accept", category="OTH")
    actions.ask_approval(team.redactor, release)
    actions.approve(team.approver, release)
    run_jobs()
    assert "[OTH]" in output_text(release)


@pytest.mark.parametrize("box", [[-50, -50, -10, -10], [5, 5, 5.2, 100], [0, 0, 10], [9000, 9000, 9100, 9100]])
def test_a_box_must_be_on_the_page(box: list[float]) -> None:
    team = make_team()
    document, _ = asked(team)
    with pytest.raises(ValidationError):
        actions.draw(team.redactor, document, 0, box, "FAC")


def test_who_decided_may_not_approve_though_they_hold_the_role() -> None:
    team = make_team()
    case_actions.add_team_member(team.investigator, team.case, team.colleague, "approver")
    document, release = asked(team)
    actions.accept_rest(team.redactor, document)
    first = document.proposals.first()
    assert first is not None
    actions.decide(team.colleague, first, "accept")
    actions.ask_approval(team.redactor, release)
    with pytest.raises(Refused, match="somebody else"):
        actions.approve(team.colleague, release)
    assert state_of(release) == "for_approval"


def test_who_approved_may_not_decide_afterwards() -> None:
    team = make_team()
    case_actions.add_team_member(team.investigator, team.case, team.colleague, "approver")
    document, release = decided(team)
    actions.ask_approval(team.redactor, release)
    actions.approve(team.colleague, release)
    run_jobs()
    actions.release(team.colleague, release)
    with pytest.raises(Refused, match="somebody else"):
        actions.draw(team.colleague, document, 0, [1, 1, 50, 50], "FAC")


def test_nothing_is_decided_while_the_approver_has_it() -> None:
    team = make_team()
    document, release = decided(team)
    actions.ask_approval(team.redactor, release)
    with pytest.raises(ValidationError, match="sent back"):
        actions.draw(team.redactor, document, 0, [1, 1, 50, 50], "FAC")
    actions.send_back(team.approver, release, "The neighbour's house number is missing")
    actions.draw(team.redactor, document, 0, [1, 1, 50, 50], "FAC")
    assert Notification.objects.filter(user=team.redactor, text__contains="come back").exists()


@pytest.mark.parametrize("who", ["investigator", "approver", "supervisor"])
def test_only_redactors_decide(who: str) -> None:
    team = make_team()
    document, _ = asked(team)
    first = document.proposals.first()
    assert first is not None
    with pytest.raises(Refused):
        actions.decide(getattr(team, who), first, "accept")


def test_a_leak_blocks_the_release_and_a_new_burn_in_mends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A burn-in that leaves one redaction out is caught by the check of what was stored."""
    team = make_team()
    _, release = approved(team)
    honest = boxed.burn_in
    with monkeypatch.context() as patched:
        patched.setattr(boxed, "burn_in", lambda source, out, redactions, **more: honest(source, out, redactions[1:], **more))
        run_jobs()
    assert state_of(release) == "leaked"
    assert {finding["kind"] for finding in release.leak_checks.get().findings} >= {"text", "box"}
    with pytest.raises(ValidationError):
        actions.release(team.approver, release)
    actions.ask_approval(team.redactor, release)
    actions.approve(team.approver, release)
    run_jobs()
    assert state_of(release) == "verified"
    assert LeakCheck.objects.filter(release=release).count() == 2


def test_a_crash_while_burning_in_is_a_state_and_not_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    team = make_team()
    _, release = approved(team)

    def crash(*_: object, **__: object) -> None:
        raise Crashed("The process was ended by SIGSEGV.")

    with monkeypatch.context() as patched:
        patched.setattr(boxed, "burn_in", crash)
        run_jobs()
    assert state_of(release) == "failed"
    assert "SIGSEGV" in release.current().reason
    actions.ask_approval(team.redactor, release)


def test_decisions_changed_behind_the_approval_are_not_burnt_in(monkeypatch: pytest.MonkeyPatch) -> None:
    team = make_team()
    _, release = approved(team)
    release.decisions_sha256 = "0" * 64
    release.save()
    run_jobs()
    assert state_of(release) == "failed"


def test_a_recall_needs_a_reason_and_ends_the_release() -> None:
    team = make_team()
    document, release = verified(team)
    actions.release(team.approver, release)
    with pytest.raises(ValidationError):
        actions.recall(team.supervisor, release, " ")
    actions.recall(team.supervisor, release, "The house number can be read")
    assert state_of(release) == "recalled"
    with pytest.raises(ValidationError):
        actions.release(team.approver, release)
    actions.start(team.redactor, document.exhibit, audience="cps")


def test_a_proposal_holds_no_words() -> None:
    team = make_team()
    document, _ = asked(team)
    for values in Proposal.objects.filter(document=document).values():
        assert "Thistlewood" not in str(values) and "900461" not in str(values)
