"""The pages of a case, as its people meet them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from audit.models import Event
from cases import actions, work
from cases.models import Case, Person
from jobs.models import Job
from tests.factories import any_offence, make_admin, make_case, make_complainant, make_cps_area, make_user

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def investigator() -> User:
    return make_user(Role.INVESTIGATOR)


@pytest.fixture
def case(investigator: User) -> Case:
    return make_case(investigator, operation="Larch")


def at(name: str, case: Case, **more: Any) -> str:
    return reverse(f"cases:{name}", kwargs={"case_id": case.pk, **more})


def test_every_page_carries_the_marking_twice(investigator: User, case: Case) -> None:
    client = signed_in(investigator)
    pages = ["/", "/cases/", "/cases/new/"]
    pages += [at(name, case) for name in ("case", "change", "add_offence", "share", "people", "new_person", "team", "new_member")]
    for page in pages:
        response = client.get(page)
        assert response.status_code == 200, page
        assert response.content.decode().count("OFFICIAL-SENSITIVE") == 2, page


@pytest.mark.parametrize("name", ["case", "change", "add_offence", "share", "people", "new_person", "team", "new_member"])
def test_a_case_is_not_found_by_whoever_is_not_on_it(case: Case, name: str) -> None:
    for outsider in (make_user(Role.INVESTIGATOR), make_admin(), make_user(Role.AUDITOR, organisation=case.organisation)):
        assert signed_in(outsider).get(at(name, case)).status_code == 404
    assert Client().get(at(name, case)).status_code == 302


def test_a_case_is_opened(investigator: User) -> None:
    client = signed_in(investigator)
    answers = {"crime_number": "45/7/26", "offence_code": any_offence().pk, "operation": "Larch"}
    answers |= {"committed_from_day": "1", "committed_from_month": "mar", "committed_from_year": "2026"}
    response = client.post("/cases/new/", answers, follow=True)
    assert "Larch has been opened" in response.content.decode()
    assert "Add the complainant under a pseudonym" in response.content.decode()
    assert str(Case.objects.get().offences.get().committed_from) == "2026-03-01"


def test_what_is_missing_is_said_on_top_and_at_the_field(investigator: User) -> None:
    page = signed_in(investigator).post("/cases/new/", {"urn": "x"}).content.decode()
    assert "<title>Error: Open a case" in page
    assert page.count("Enter the crime number") == 2
    assert 'href="#id_crime_number"' in page
    assert 'aria-describedby="id_crime_number_helptext id_crime_number_error"' in page


def test_a_rule_of_the_action_is_said_at_its_field(investigator: User, case: Case) -> None:
    answers = {"crime_number": case.crime_number, "offence_code": any_offence().pk}
    page = signed_in(investigator).post("/cases/new/", answers).content.decode()
    assert page.count("There is a case with this crime number already") == 2


def test_who_may_not_open_a_case_is_refused_and_it_is_recorded() -> None:
    redactor = make_user(Role.REDACTOR)
    client = signed_in(redactor)
    assert client.get("/cases/new/").status_code == 403
    assert "Open a case" not in client.get("/cases/").content.decode()
    assert Event.objects.filter(verb="cases.add_case.refused", actor_id=redactor.pk).exists()


def test_the_list_is_filtered_by_its_address(investigator: User, case: Case) -> None:
    make_case(investigator, operation="Rowan")
    page = signed_in(investigator).get("/cases/?words=larch").content.decode()
    assert "Larch" in page
    assert "Rowan" not in page
    assert "1 case" in page


def test_the_list_has_pages(investigator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cases.views.SIZE", 2)
    for number in range(5):
        make_case(investigator, operation=f"Tree {number}")
    client = signed_in(investigator)
    seen, url = [], "/cases/"
    for _ in range(3):
        response = client.get(url)
        seen += [row.case.operation for row in response.context["rows"]]
        url = "/cases/" + response.context["page"].next_url
    assert seen == [f"Tree {number}" for number in (4, 3, 2, 1, 0)]
    assert response.context["page"].next_url == ""
    back = client.get("/cases/" + response.context["page"].previous_url)
    assert [row.case.operation for row in back.context["rows"]] == ["Tree 2", "Tree 1"]


def test_a_broken_cursor_shows_the_first_page(investigator: User, case: Case) -> None:
    assert "Larch" in signed_in(investigator).get("/cases/?after=nonsense").content.decode()


@pytest.mark.parametrize("path", ["/", "/cases/"])
def test_the_number_of_queries_does_not_grow_with_the_cases(
    investigator: User, path: str, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        made = make_case(investigator, operation=f"Tree {number}")
        make_complainant(investigator, made)
    client = signed_in(investigator)
    client.get(path)
    with django_assert_max_num_queries(30):
        client.get(path)


def test_my_work_says_what_the_case_lacks(investigator: User, case: Case) -> None:
    page = signed_in(investigator).get("/").content.decode()
    for text in ("Add the complainant under a pseudonym", "Add a disclosure officer and a supervisor to the team", "Larch"):
        assert text in page
    make_complainant(investigator, case)
    assert "Add the complainant" not in signed_in(investigator).get("/").content.decode()


def test_work_of_other_rooms_is_shown(investigator: User, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    item = work.WorkItem(case_id=case.pk, case=str(case), title="Verify AB/1", href="/exhibits/", tag="New", colour="blue")
    monkeypatch.setattr(work, "_work", [lambda user: [item]])
    monkeypatch.setattr(work, "_cards", [lambda user, case: work.Card(order=1, figure=6, text="exhibits", href="/x/")])
    client = signed_in(investigator)
    assert "Verify AB/1" in client.get("/").content.decode()
    overview = client.get(at("case", case)).content.decode()
    assert "Verify AB/1" in overview
    assert "<strong>6</strong>" in overview


def test_a_complainant_is_added_under_the_next_pseudonym(investigator: User, case: Case) -> None:
    client = signed_in(investigator)
    answers = {"kind": "complainant", "names": "Marianne Thistlewood\nMari Thistlewood", "phones": "07700 900461"}
    page = client.post(at("new_person", case), answers, follow=True).content.decode()
    assert "Complainant A has been added" in page
    assert "Thistlewood" not in page
    person = Person.objects.get(case=case)
    opened = actions.view_identity(investigator, person, reason="To test it")
    assert opened == {"names": ["Marianne Thistlewood", "Mari Thistlewood"], "phones": ["07700 900461"]}


def test_an_identity_is_shown_after_a_reason_and_never_by_its_address(investigator: User, case: Case) -> None:
    person = make_complainant(investigator, case)
    client = signed_in(investigator)
    url = at("identity", case, person_id=person.pk)
    assert "Thistlewood" not in client.get(url).content.decode()
    assert "Enter the reason" in client.post(url, {"reason": ""}).content.decode()
    response = client.post(url, {"reason": "To arrange the interview"})
    assert "Thistlewood" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert Event.objects.filter(verb="identity.viewed", object_id=str(person.pk)).count() == 1


def test_a_redactor_opens_no_identity(investigator: User) -> None:
    redactor = make_user(Role.REDACTOR, organisation=investigator.organisation)
    case = make_case(investigator, team={redactor: Role.REDACTOR})
    person = make_complainant(investigator, case)
    client = signed_in(redactor)
    url = at("identity", case, person_id=person.pk)
    assert client.get(url).status_code == 403
    assert client.post(url, {"reason": "To look at it"}).status_code == 403
    assert url not in client.get(at("people", case)).content.decode()


def test_somebody_joins_and_leaves_the_team(investigator: User, case: Case) -> None:
    redactor = make_user(Role.REDACTOR, organisation=investigator.organisation)
    client = signed_in(investigator)
    page = client.post(at("new_member", case), {"member": redactor.pk, "role": "redactor"}, follow=True).content.decode()
    assert "has joined the team" in page
    assert signed_in(redactor).get(at("case", case)).status_code == 200
    membership = case.team.get(user=redactor)
    url = at("end_membership", case, membership_id=membership.pk)
    assert "has left the team" in client.post(url, {"reason": "Moved"}, follow=True).content.decode()
    assert signed_in(redactor).get(at("case", case)).status_code == 404


def test_a_case_is_shared(investigator: User, case: Case) -> None:
    area = make_cps_area("CPS South East")
    page = signed_in(investigator).post(at("share", case), {"cps_area": area.pk}, follow=True).content.decode()
    assert "The case is shared with CPS South East" in page


def test_the_state_is_changed_for_a_reason(investigator: User, case: Case) -> None:
    client = signed_in(investigator)
    answers = {"operation": "Larch", "urn": "45AB1234526", "state": "submitted"}
    assert "Enter the reason" in client.post(at("change", case), answers).content.decode()
    client.post(at("change", case), answers | {"reason": "File sent"})
    case.refresh_from_db()
    assert (case.state, case.urn) == ("submitted", "45AB1234526")


def test_progress_asks_again_until_the_job_is_done(investigator: User, case: Case) -> None:
    job = Job.objects.create(kind="test.work", object_id=case.pk, case_id=case.pk, queue="quick", state="running", done=1, total=4)
    client = signed_in(investigator)
    url = reverse("cases:progress", kwargs={"job_id": job.pk})
    page = client.get(url)
    assert f'hx-get="{url}"' in page.content.decode()
    Job.objects.filter(pk=job.pk).update(state="done", done=4)
    page = client.get(url)
    assert "hx-get" not in page.content.decode()
    assert page["HX-Trigger"] == "job-done"
    assert signed_in(make_user(Role.INVESTIGATOR)).get(url).status_code == 404


def test_progress_says_what_failed(investigator: User, case: Case) -> None:
    job = Job.objects.create(
        kind="test.work", object_id=case.pk, case_id=case.pk, queue="quick", state="failed", message="The store is full."
    )
    page = signed_in(investigator).get(reverse("cases:progress", kwargs={"job_id": job.pk})).content.decode()
    assert "The store is full." in page
    assert "Nothing that was stored has been lost" in page
