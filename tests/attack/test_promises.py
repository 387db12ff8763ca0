"""Promises that a person with a lawful session might break by taking steps in another order, or by reading elsewhere."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Role, User
from audit.models import Event
from cases import log_actions
from cases.log_policy import Scope, logs_visible_to
from cases.models import Case
from disclosure import actions as disclosure
from redaction import actions as redaction
from tests.disclosure.arrange import drafted, make_item
from tests.disclosure.arrange import make_team as make_disclosure_team
from tests.factories import make_exhibit, make_user
from tests.redaction.arrange import make_team, state_of, verified

pytestmark = pytest.mark.django_db


def opened(user: User, case: Case) -> str:
    """Everything that a person gets by opening the details of a case's whole log."""
    events = list(Event.objects.for_case(case.pk))
    details = log_actions.open_details(user, Scope(case.organisation, case), events, reason="Checking the log")
    return "\n".join(detail.detail for detail in details.values())


def test_the_log_does_not_tell_what_makes_material_sensitive() -> None:
    team = make_disclosure_team()
    item = make_item(team, "mg6d", description="Not secret")
    disclosure.decide(team.officer, item, sensitivity="sensitive", reason="Names the informant Heron")
    version = drafted(team, "MG6D", rows=0)
    row = version.rows.select_related("version__schedule__case").get()
    disclosure.write_row(team.officer, row, description="The source Heron’s contact sheet", location="", sensitivity_reason="Heron")
    auditor = make_user(Role.AUDITOR, organisation=team.case.organisation)
    for reader in (team.investigator, auditor):
        assert "Heron" not in opened(reader, team.case)
        assert "only for those whose role lets them see it" in opened(reader, team.case)
    assert "Heron" in opened(team.officer, team.case)


def test_a_copy_does_not_go_out_without_what_was_redacted_since_it_was_approved() -> None:
    team = make_team()
    document, release = verified(team)
    redaction.draw(team.colleague, document, 0, [100, 100, 200, 140], "TPN")
    with pytest.raises(ValidationError, match="Decisions have changed"):
        redaction.release(team.approver, release)
    assert state_of(release) == "verified"
    redaction.send_back(team.approver, release, "One more box")
    redaction.ask_approval(team.colleague, release)


def test_the_log_does_not_tell_a_files_original_name_to_who_sees_no_identity() -> None:
    team = make_disclosure_team()
    make_exhibit(team.investigator, team.case, data=b"words", name="MG11 Thistlewood.pdf")
    auditor = make_user(Role.AUDITOR, organisation=team.case.organisation)
    for reader in (team.officer, auditor):
        assert "Thistlewood" not in opened(reader, team.case)
    assert "Thistlewood" in opened(team.investigator, team.case)


def test_a_closed_force_opens_no_case_and_reads_no_log() -> None:
    team = make_disclosure_team()
    force = team.case.organisation
    auditor = make_user(Role.AUDITOR, organisation=force)
    assert auditor.has_perm("cases.view_log", team.case)
    force.is_active = False
    force.save()
    investigator, auditor = (User.objects.get(pk=user.pk) for user in (team.investigator, auditor))
    assert not investigator.has_perm("cases.add_case")
    assert not auditor.has_perm("cases.audit_force")
    assert not auditor.has_perm("cases.view_log", team.case)
    assert not logs_visible_to(auditor).exists()
