"""What people do to a case, and what the log and the database say of it."""

import json
from typing import Any

import psycopg2
import pytest
from django.core.exceptions import ValidationError

from accounts.models import Role
from audit.actions import SYSTEM, Refused
from audit.models import Event
from cases import actions, identity
from cases.models import Case, OffenceCode, Person, PersonIdentity
from cases.policy import roles_on
from tests.factories import any_offence, make_case, make_complainant, make_cps_area, make_force, make_user

pytestmark = pytest.mark.django_db


def verbs(case: Case) -> list[str]:
    return list(Event.objects.for_case(case.pk).in_order().values_list("verb", flat=True))


def everything_logged(case: Case) -> str:
    return "\n".join(event.body for event in Event.objects.for_case(case.pk))


def test_whoever_opens_a_case_joins_its_team() -> None:
    investigator = make_user(Role.INVESTIGATOR)
    case = make_case(investigator, crime_number="45/123456/26", operation="Larch")
    assert roles_on(investigator, case.pk) == {Role.INVESTIGATOR}
    assert Case.objects.visible_to(investigator).get() == case
    assert verbs(case) == ["case.created"]
    assert "45/123456/26" not in everything_logged(case)


def test_somebody_without_the_role_opens_no_case_and_the_refusal_is_kept() -> None:
    redactor = make_user(Role.REDACTOR)
    with pytest.raises(Refused):
        actions.create_case(redactor, crime_number="45/1/26", offence_code=any_offence())
    assert not Case.objects.exists()
    assert Event.objects.filter(verb="cases.add_case.refused", actor_id=redactor.pk).exists()


def test_a_crime_number_is_used_once_in_a_force() -> None:
    investigator = make_user(Role.INVESTIGATOR)
    make_case(investigator, crime_number="45/1/26")
    with pytest.raises(ValidationError) as caught:
        make_case(investigator, crime_number="45/1/26")
    assert caught.value.message_dict == {"crime_number": ["There is a case with this crime number already"]}
    make_case(make_user(Role.INVESTIGATOR), crime_number="45/1/26")


def test_a_urn_of_the_wrong_form_is_refused_at_its_field() -> None:
    with pytest.raises(ValidationError) as caught:
        make_case(urn="12345")
    assert list(caught.value.message_dict) == ["urn"]
    assert make_case(urn="45ab1234526").urn == "45AB1234526"


def test_a_state_moves_only_along_its_way_and_for_a_reason() -> None:
    investigator = make_user(Role.INVESTIGATOR)
    case = make_case(investigator)
    with pytest.raises(ValidationError):
        actions.change_case(investigator, case, urn="", operation="", state=Case.State.TRIAL, reason="Because")
    with pytest.raises(ValidationError):
        actions.change_case(investigator, case, urn="", operation="", state=Case.State.SUBMITTED)
    changed = actions.change_case(investigator, case, urn="", operation="Larch", state=Case.State.SUBMITTED, reason="File sent")
    assert changed.state == Case.State.SUBMITTED
    event = Event.objects.for_case(case.pk).get(verb="case.changed")
    assert event.members()["before"]["state"] == "investigating"
    assert event.members()["after"]["state"] == "submitted"
    assert "Larch" not in event.body


def test_a_complainant_has_a_pseudonym_and_the_log_has_no_name() -> None:
    investigator = make_user(Role.INVESTIGATOR)
    case = make_case(investigator)
    assert actions.next_complainant(case) == "Complainant A"
    person = make_complainant(investigator, case, identity={"names": ["Marianne Thistlewood"]})
    assert actions.next_complainant(case) == "Complainant B"
    stored = bytes(PersonIdentity.objects.get(person=person).sealed)
    assert b"Thistlewood" not in stored
    assert identity.open(stored) == {"names": ["Marianne Thistlewood"]}
    details = [event.detail.detail for event in Event.objects.for_case(case.pk).with_detail()]
    assert "Thistlewood" not in everything_logged(case) + "".join(details)


@pytest.mark.parametrize("label", ["Marianne Thistlewood", "Complainant Marianne", "complainant A"])
def test_a_complainants_name_is_no_label(label: str) -> None:
    investigator = make_user(Role.INVESTIGATOR)
    case = make_case(investigator)
    with pytest.raises(ValidationError):
        actions.add_person(investigator, case, kind=Person.Kind.COMPLAINANT, label=label)
    assert not case.people.exists()


def test_a_suspects_name_is_in_the_detail_only() -> None:
    investigator = make_user(Role.INVESTIGATOR)
    case = make_case(investigator)
    actions.add_person(investigator, case, kind=Person.Kind.SUSPECT, label="HARGREAVE, Colin")
    event = Event.objects.for_case(case.pk).with_detail().get(verb="person.added")
    assert "HARGREAVE" not in event.body
    assert "HARGREAVE" in event.detail.detail


def test_an_identity_opens_for_a_reason_that_is_kept() -> None:
    investigator = make_user(Role.INVESTIGATOR)
    case = make_case(investigator)
    person = make_complainant(investigator, case)
    with pytest.raises(ValidationError):
        actions.view_identity(investigator, person, reason=" ")
    seen = actions.view_identity(investigator, person, reason="To arrange the ABE interview")
    assert seen["names"] == ["Marianne Thistlewood"]
    event = Event.objects.for_case(case.pk).with_detail().get(verb="identity.viewed")
    assert json.loads(event.detail.detail)["detail"]["reason"] == "To arrange the ABE interview"


@pytest.mark.parametrize("role", [Role.REDACTOR, Role.DISCLOSURE, Role.APPROVER, Role.EXHIBITS])
def test_other_roles_open_no_identity(role: str) -> None:
    investigator = make_user(Role.INVESTIGATOR)
    member = make_user(role, organisation=investigator.organisation)
    case = make_case(investigator, team={member: role})
    person = make_complainant(investigator, case)
    with pytest.raises(Refused):
        actions.view_identity(member, person, reason="I should like to know")
    assert Event.objects.filter(verb="cases.view_identity.refused", actor_id=member.pk, case_id=case.pk).exists()


def test_detection_reads_all_identities_in_one_event() -> None:
    investigator = make_user(Role.INVESTIGATOR)
    case = make_case(investigator)
    make_complainant(investigator, case)
    actions.add_person(investigator, case, kind=Person.Kind.WITNESS, label="OSEI, Ruth")
    found = actions.identities_for_detection(SYSTEM, case, purpose="redaction of AB/1")
    assert {person["label"]: person.get("names") for person in found} == {
        "Complainant A": ["Marianne Thistlewood"],
        "OSEI, Ruth": None,
    }
    event = Event.objects.for_case(case.pk).get(verb="identities.read")
    assert event.members()["after"] == {"people": 2, "identities": 1}


def test_the_team_takes_only_the_force_and_only_who_is_appointed() -> None:
    investigator = make_user(Role.INVESTIGATOR)
    case = make_case(investigator)
    elsewhere = make_user(Role.DISCLOSURE, organisation=make_force("Another force"))
    with pytest.raises(ValidationError):
        actions.add_team_member(investigator, case, elsewhere, Role.DISCLOSURE)
    unappointed = make_user(Role.REDACTOR, organisation=investigator.organisation)
    with pytest.raises(ValidationError):
        actions.add_team_member(investigator, case, unappointed, Role.DISCLOSURE)
    with pytest.raises(ValidationError):
        actions.add_team_member(investigator, case, unappointed, Role.PROSECUTOR)
    actions.add_team_member(investigator, case, unappointed, Role.REDACTOR)
    assert unappointed.notifications.count() == 1
    with pytest.raises(ValidationError):
        actions.add_team_member(investigator, case, unappointed, Role.REDACTOR)


def test_who_leaves_sees_the_case_no_more_and_stays_in_its_history() -> None:
    investigator = make_user(Role.INVESTIGATOR)
    redactor = make_user(Role.REDACTOR, organisation=investigator.organisation)
    case = make_case(investigator, team={redactor: Role.REDACTOR})
    membership = case.team.get(user=redactor)
    actions.end_membership(investigator, membership, "Moved to another unit")
    assert not Case.objects.visible_to(redactor).exists()
    assert case.team.filter(user=redactor).exclude(left_at=None).exists()
    assert verbs(case)[-1] == "team.left"


def test_the_last_who_can_add_others_stays() -> None:
    investigator = make_user(Role.INVESTIGATOR)
    case = make_case(investigator)
    with pytest.raises(ValidationError, match="Add another"):
        actions.end_membership(investigator, case.team.get(), "Leave")


def test_a_case_is_shared_with_a_cps_area_once() -> None:
    investigator = make_user(Role.INVESTIGATOR)
    case = make_case(investigator)
    area = make_cps_area()
    assert actions.share_with_cps(investigator, case, area).cps_area == area
    with pytest.raises(ValidationError):
        actions.share_with_cps(investigator, case, area)
    with pytest.raises(ValidationError):
        actions.share_with_cps(investigator, case, make_force())


def test_the_offences_come_with_their_published_codes() -> None:
    assert OffenceCode.objects.get(cjs_code="SX03002").title.startswith("Rape of a female")
    assert OffenceCode.objects.filter(cjs_code="").count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases_case SET crime_number = '45/9/26'",
        "DELETE FROM cases_case",
        "UPDATE cases_person SET kind = 'witness'",
        "DELETE FROM cases_person",
        "UPDATE cases_teammember SET role = 'supervisor'",
        "UPDATE cases_teammember SET added_at = now()",
        "DELETE FROM cases_teammember",
        "TRUNCATE cases_teammember",
    ],
)
def test_the_database_refuses_to_rewrite_what_was(app_connection: Any, statement: str) -> None:
    investigator = make_user(Role.INVESTIGATOR)
    make_complainant(investigator, make_case(investigator))
    with app_connection.cursor() as cursor, pytest.raises(psycopg2.Error):
        cursor.execute(statement)
