"""The log's pages: read in order, narrowed, proved and verified by its readers, and by nobody else."""

import base64
import hashlib
import json
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import Notification, Role, User
from audit.actions import Refused
from audit.models import Event
from audit.sequencer import Sequencer
from cases import actions, log_actions, log_verification
from cases.log_policy import Scope, logs_visible_to
from cases.models import Case, Person
from jobs.models import Job
from tests.factories import make_admin, make_case, make_complainant, make_cps_area, make_exhibit, make_force, make_user, run_jobs

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def investigator() -> User:
    return make_user(Role.INVESTIGATOR)


@pytest.fixture
def redactor(investigator: User) -> User:
    return make_user(Role.REDACTOR, organisation=investigator.organisation)


@pytest.fixture
def auditor(investigator: User) -> User:
    return make_user(Role.AUDITOR, organisation=investigator.organisation)


@pytest.fixture
def case(investigator: User, redactor: User) -> Case:
    made = make_case(investigator, operation="Larch", team={redactor: Role.REDACTOR})
    actions.add_person(investigator, made, kind=Person.Kind.WITNESS, label="GRAY, Ada")
    return made


def at(name: str, case: Case, **more: Any) -> str:
    return reverse(f"cases:{name}", kwargs={"case_id": case.pk, **more})


def verbs(case: Case) -> list[str]:
    return list(Event.objects.for_case(case.pk).values_list("verb", flat=True))


def table(page: str) -> str:
    """The rows of the log, without the filter beside them."""
    return page[page.index("<tbody") : page.index("</tbody>")]


# ---- who -------------------------------------------------------------------------------------------------------------


def test_the_team_reads_the_log_in_order(investigator: User, case: Case) -> None:
    page = table(signed_in(investigator).get(at("log", case), {"order": "oldest"}).content.decode())
    places = [page.index(words) for words in ("Case created", "Person added", "Log viewed")]
    assert places == sorted(places)
    assert str(investigator) in page
    newest = table(signed_in(investigator).get(at("log", case)).content.decode())
    assert newest.index("Person added") < newest.index("Case created")


def test_an_auditor_of_the_force_sees_the_log_and_nothing_else(auditor: User, case: Case) -> None:
    client = signed_in(auditor)
    page = client.get(at("log", case))
    assert page.status_code == 200
    assert "Case created" in page.content.decode()
    for name in ("case", "people", "team", "change"):
        assert client.get(at(name, case)).status_code == 404
        assert at(name, case) + '"' not in page.content.decode()


@pytest.mark.parametrize("name", ["log", "log_verify"])
def test_nobody_else_finds_the_log(case: Case, name: str) -> None:
    others = [
        make_user(Role.INVESTIGATOR, organisation=case.organisation),
        make_user(Role.AUDITOR, organisation=make_force()),
        make_user(Role.PROSECUTOR, organisation=make_cps_area()),
        make_admin(organisation=case.organisation),
    ]
    for other in others:
        assert signed_in(other).get(at(name, case)).status_code == 404
        assert signed_in(other).post(at(name, case)).status_code == 404
    assert Client().get(at(name, case)).status_code == 302


def test_who_has_left_the_team_no_longer_finds_it(investigator: User, redactor: User, case: Case) -> None:
    assert case in logs_visible_to(redactor)
    actions.end_membership(investigator, case.team.get(user=redactor), "Posted elsewhere")
    assert case not in logs_visible_to(redactor)


def test_an_event_of_another_case_is_not_found_under_this_one(investigator: User, case: Case) -> None:
    other = make_case()
    event = Event.objects.for_case(other.pk)[0]
    assert signed_in(investigator).get(at("log_proof", case, event_id=event.pk)).status_code == 404


def test_the_force_pages_are_for_auditors(investigator: User, auditor: User, case: Case) -> None:
    for name in ("audit", "audit_events", "audit_verify"):
        assert signed_in(auditor).get(reverse(f"cases:{name}")).status_code == 200
        assert signed_in(investigator).get(reverse(f"cases:{name}")).status_code == 403
    assert Event.objects.filter(verb="cases.audit_force.refused", actor_id=investigator.pk).exists()


def test_an_auditor_sees_the_force_s_cases_and_no_other(auditor: User, case: Case) -> None:
    other = make_case(operation="Elsewhere")
    page = signed_in(auditor).get(reverse("cases:audit")).content.decode()
    assert case.crime_number in page
    assert other.crime_number not in page
    events = signed_in(auditor).get(reverse("cases:audit_events")).content.decode()
    assert case.crime_number in events
    assert other.crime_number not in events
    elsewhere = Event.objects.for_case(other.pk)[0]
    assert signed_in(auditor).get(reverse("cases:audit_proof", args=[elsewhere.pk])).status_code == 404


# ---- reading is an event ---------------------------------------------------------------------------------------------


def test_reading_is_an_event_with_what_was_looked_for(investigator: User, case: Case) -> None:
    signed_in(investigator).get(at("log", case), {"verb": "person.added"})
    event = Event.objects.for_case(case.pk).get(verb="log.viewed")
    assert event.actor_id == investigator.pk
    assert event.detail.facts == {"filters": {"verb": "person.added"}}


def test_details_are_closed_until_opened_for_a_reason(investigator: User, case: Case) -> None:
    client = signed_in(investigator)
    assert "GRAY" not in client.get(at("log", case)).content.decode()
    refused = client.post(at("log", case), {"reason": ""}).content.decode()
    assert "Enter why" in refused or "Answer" in refused
    assert "GRAY" not in refused
    opened = client.post(at("log", case), {"reason": "Complaint 12 about access"}).content.decode()
    assert "GRAY, Ada" in opened
    event = Event.objects.for_case(case.pk).get(verb="log.details_opened")
    assert event.detail.facts == {"reason": "Complaint 12 about access"}
    assert "Complaint" not in event.body
    assert "GRAY, Ada" not in client.get(at("log", case)).content.decode()


def test_who_may_not_open_details_is_refused_and_it_is_recorded(redactor: User, case: Case) -> None:
    client = signed_in(redactor)
    assert "Open the details" not in client.get(at("log", case)).content.decode()
    answer = client.post(at("log", case), {"reason": "Curious about it"})
    assert answer.status_code == 403
    assert "GRAY" not in answer.content.decode()
    assert "cases.open_log_details.refused" in verbs(case)
    with pytest.raises(Refused):
        log_actions.open_details(redactor, Scope(case.organisation, case), [], reason="Curious about it")


def test_the_reason_must_say_something(investigator: User, case: Case) -> None:
    with pytest.raises(ValidationError):
        log_actions.open_details(investigator, Scope(case.organisation, case), [], reason=" x ")


def test_one_event_is_opened_by_itself(auditor: User, case: Case) -> None:
    event = Event.objects.for_case(case.pk).get(verb="person.added")
    client = signed_in(auditor)
    assert "GRAY" not in client.get(at("log_proof", case, event_id=event.pk)).content.decode()
    page = client.post(at("log_proof", case, event_id=event.pk), {"reason": "Complaint 12"}).content.decode()
    assert "GRAY, Ada" in page
    assert {"proof.viewed", "log.details_opened"} <= set(verbs(case))


def test_it_names_exhibits_and_colleagues_and_nobody_else(investigator: User, redactor: User, auditor: User, case: Case) -> None:
    make_complainant(investigator, case)
    exhibit = make_exhibit(investigator, case)
    page = table(signed_in(auditor).get(at("log", case)).content.decode())
    assert f"Exhibit {exhibit.reference}" in page
    assert "Person Complainant A" in page
    assert "Person Witness" in page
    assert f"user: {redactor}" in page
    assert "GRAY" not in page
    assert "Thistlewood" not in page


# ---- narrowing and paging --------------------------------------------------------------------------------------------


def test_it_is_narrowed_by_person_act_object_and_period(investigator: User, redactor: User, case: Case) -> None:
    client = signed_in(investigator)
    signed_in(redactor).get(at("log", case))

    def rows(**query: str) -> str:
        page = client.get(at("log", case), query).content.decode()
        return table(page) if "<tbody" in page else ""

    assert "Case created" not in rows(person=str(redactor.pk))
    assert "Log viewed" in rows(person=str(redactor.pk))
    assert "Case created" in rows(verb="case.created")
    assert "Person added" not in rows(verb="case.created")
    person = case.people.get()
    assert "Person added" in rows(object_type="person", object_id=str(person.pk))
    assert "Case created" not in rows(object_type="person")
    assert rows(end_day="1", end_month="1", end_year="2020") == ""
    assert "Case created" in rows(start_day="1", start_month="1", start_year="2020")


def test_a_period_that_is_none_is_said_at_its_field(investigator: User, case: Case) -> None:
    query = {"start_day": "31", "start_month": "2", "start_year": "2026"}
    page = signed_in(investigator).get(at("log", case), query).content.decode()
    assert "From must be a real date" in page
    assert "<tbody" not in page


def test_refusals_are_found_together(investigator: User, redactor: User, case: Case) -> None:
    with pytest.raises(Refused):
        actions.add_person(redactor, case, kind=Person.Kind.WITNESS, label="Nobody")
    page = table(signed_in(investigator).get(at("log", case), {"verb": ".refused"}).content.decode())
    assert "Refused: cases add person" in page
    assert "Case created" not in page


def test_what_a_person_did_across_the_force(auditor: User, investigator: User, redactor: User, case: Case) -> None:
    make_case(investigator)
    page = signed_in(auditor).get(reverse("cases:audit_events"), {"person": investigator.email}).content.decode()
    assert table(page).count("<strong>Case created") == 2
    assert "Case created" not in table(
        signed_in(auditor).get(reverse("cases:audit_events"), {"person": auditor.name}).content.decode()
    )


def test_pages_follow_one_another_without_gap_or_repeat(investigator: User, case: Case) -> None:
    for number in range(60):
        actions.add_person(investigator, case, kind=Person.Kind.WITNESS, label=f"Witness {number}")
    client = signed_in(investigator)
    seen: list[str] = []
    address = at("log", case) + "?verb=person.added"
    while address:
        page = client.get(address).content.decode()
        seen += re.findall(r"/log/proof/([0-9a-f-]{36})/", table(page))
        following = re.search(r'href="(\?[^"]*after=[^"]*)" rel="next"', page)
        address = at("log", case) + following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == 61


def test_a_page_asks_the_database_as_often_for_fifty_events_as_for_five(
    investigator: User, case: Case, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(investigator)
    with django_assert_max_num_queries(40) as few:
        client.get(at("log", case))
    for number in range(45):
        actions.add_person(investigator, case, kind=Person.Kind.WITNESS, label=f"Witness {number}")
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(at("log", case))


@pytest.mark.parametrize("cursor", ["x", "WyJhIiwiYiIsImMiXQ", "eyJhIjoxfQ"])
def test_an_address_that_nobody_gave_out_begins_at_the_beginning(investigator: User, case: Case, cursor: str) -> None:
    page = signed_in(investigator).get(at("log", case), {"after": cursor})
    assert "Case created" in table(page.content.decode())


# ---- proofs ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_an_event_is_not_proved_until_it_is_signed_for(investigator: User, case: Case) -> None:
    event = Event.objects.for_case(case.pk).get(verb="person.added")
    page = signed_in(investigator).get(at("log_proof", case, event_id=event.pk)).content.decode()
    assert "Not proved yet" in page
    assert "two seconds" in page


@pytest.mark.django_db(transaction=True)
def test_the_proof_on_the_page_is_checked_with_nothing_but_the_page(investigator: User, case: Case) -> None:
    event = Event.objects.for_case(case.pk).get(verb="person.added")
    Sequencer.from_settings().drain()
    answer = signed_in(investigator).get(at("log_proof", case, event_id=event.pk))
    page = answer.content.decode()
    assert "Proved</strong>" in page
    proof = answer.context["proof"]
    node = hashlib.sha256(b"\x00" + event.body.encode()).digest()
    assert node.hex() == proof.leaf_hash
    for step in proof.steps:
        sibling = bytes.fromhex(step.sibling)
        left, right = (sibling, node) if step.side == "left" else (node, sibling)
        node = hashlib.sha256(b"\x01" + left + right).digest()
        assert node.hex() == step.result
        assert step.sibling in page.replace("<wbr>", "")
    assert base64.b64encode(node).decode() == proof.note.split("\n")[2]
    assert proof.note.split("\n")[2] in page
    assert json.loads(event.body)["verb"] == "person.added"


@pytest.mark.django_db(transaction=True)
def test_a_changed_event_has_no_proof(investigator: User, case: Case, superuser_connection: Any) -> None:
    event = Event.objects.for_case(case.pk).get(verb="person.added")
    Sequencer.from_settings().drain()
    _change(superuser_connection, event)
    page = signed_in(investigator).get(at("log_proof", case, event_id=event.pk)).content.decode()
    assert "Does not hold" in page
    assert "it has been changed" in page
    assert "Proved</strong>" not in page


def _change(connection: Any, event: Event) -> None:
    with connection, connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE audit_event SET body = replace(body, 'witness', 'suspect') WHERE id = %s", [str(event.pk)])


# ---- verifying -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_one_click_verifies_and_the_result_is_in_the_log(investigator: User, case: Case) -> None:
    Sequencer.from_settings().drain()
    client = signed_in(investigator)
    waiting = client.post(at("log_verify", case), follow=True).content.decode()
    job = Job.objects.get(kind=log_actions.VERIFY)
    assert reverse("cases:audit_progress", args=[job.pk]) in waiting
    assert "Verify now" not in waiting
    run_jobs(log_actions.VERIFY)
    answer = client.get(reverse("cases:audit_progress", args=[job.pk]))
    assert answer["HX-Trigger"] == "job-done"
    page = client.get(at("log_verify", case)).content.decode()
    assert "The log holds" in page
    assert "Verify now" in page
    assert {"log.verification_asked", "log.verified"} <= set(verbs(case))
    event = Event.objects.for_case(case.pk).get(verb="log.verified")
    assert event.members()["after"]["outcome"] == "holds"
    assert event.members()["after"]["events"] == Event.objects.for_case(case.pk).exclude(pk=event.pk).count()


@pytest.mark.django_db(transaction=True)
def test_a_changed_event_is_named_and_told(investigator: User, auditor: User, case: Case, superuser_connection: Any) -> None:
    Sequencer.from_settings().drain()
    event = Event.objects.for_case(case.pk).get(verb="person.added")
    _change(superuser_connection, event)
    client = signed_in(auditor)
    client.post(at("log_verify", case))
    run_jobs(log_actions.VERIFY)
    page = client.get(at("log_verify", case)).content.decode()
    assert "The log does not hold" in page
    assert str(event.pk) in page
    assert at("log_proof", case, event_id=event.pk) in page
    told = set(Notification.objects.filter(important=True, text__contains="does not hold").values_list("user", flat=True))
    assert told == {investigator.pk, auditor.pk}


@pytest.mark.django_db(transaction=True)
def test_an_auditor_verifies_the_whole_log(auditor: User, case: Case) -> None:
    other = make_case()
    Sequencer.from_settings().drain()
    client = signed_in(auditor)
    client.post(reverse("cases:audit_verify"))
    run_jobs(log_actions.VERIFY)
    assert "The log holds" in client.get(reverse("cases:audit_verify")).content.decode()
    result = log_verification.latest(Scope(auditor.organisation))[0]
    assert result.facts["events"] > Event.objects.for_case(other.pk).count()
    assert result.event.case_id is None


@pytest.mark.django_db(transaction=True)
def test_a_verification_s_progress_is_for_those_who_may_read_that_log(investigator: User, auditor: User, case: Case) -> None:
    signed_in(auditor).post(reverse("cases:audit_verify"))
    signed_in(investigator).post(at("log_verify", case))
    whole = Job.objects.get(kind=log_actions.VERIFY, case_id=None)
    own = Job.objects.get(kind=log_actions.VERIFY, case_id=case.pk)
    stranger = make_user(Role.AUDITOR)
    for job, user, status in [
        (whole, auditor, 200),
        (own, auditor, 200),
        (own, investigator, 200),
        (whole, investigator, 404),
        (whole, stranger, 404),
        (own, stranger, 404),
    ]:
        assert signed_in(user).get(reverse("cases:audit_progress", args=[job.pk])).status_code == status


@pytest.mark.django_db(transaction=True)
def test_a_second_click_finds_the_verification_under_way(investigator: User, case: Case) -> None:
    client = signed_in(investigator)
    client.post(at("log_verify", case))
    client.post(at("log_verify", case))
    assert Job.objects.filter(kind=log_actions.VERIFY).count() == 1
