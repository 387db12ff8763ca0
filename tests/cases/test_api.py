"""The API of cases: the same verbs, the same rules."""

import pytest
from django.test import Client

from accounts.models import Role
from cases.models import Case
from tests.factories import any_offence, make_case, make_complainant, make_user

pytestmark = pytest.mark.django_db


def client_of(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def test_a_case_with_people_and_team() -> None:
    investigator = make_user(Role.INVESTIGATOR)
    redactor = make_user(Role.REDACTOR, organisation=investigator.organisation)
    client = client_of(investigator)
    made = client.post("/api/cases/", {"crime_number": "45/3/26", "offence_code": any_offence().cjs_code}, "application/json")
    assert made.status_code == 201, made.content
    url = f"/api/cases/{made.json()['id']}/"
    assert client.get(url).json()["crime_number"] == "45/3/26"
    person = client.post(
        f"{url}people/", {"kind": "complainant", "identity": {"names": ["Marianne Thistlewood"]}}, "application/json"
    )
    assert person.status_code == 201
    assert person.json()["label"] == "Complainant A"
    assert b"Thistlewood" not in person.content + client.get(f"{url}people/").content
    member = client.post(f"{url}team/", {"member": str(redactor.pk), "role": "redactor"}, "application/json")
    assert member.status_code == 201, member.content
    ended = client.post(f"{url}team/{member.json()['id']}/end/", {"reason": "Moved"}, "application/json")
    assert ended.json()["left_at"]
    assert client.get("/api/cases/").json()["results"][0]["id"] == made.json()["id"]


def test_whoever_is_not_on_the_case_finds_nothing() -> None:
    case = make_case()
    client = client_of(make_user(Role.INVESTIGATOR))
    for path in ("", "people/", "team/"):
        assert client.get(f"/api/cases/{case.pk}/{path}").status_code == 404
    assert client.get("/api/cases/").json()["results"] == []
    assert Client().get("/api/cases/").status_code in (401, 403)


def test_a_broken_rule_is_a_400_at_its_field() -> None:
    investigator = make_user(Role.INVESTIGATOR)
    case = make_case(investigator)
    answer = client_of(investigator).post(
        "/api/cases/", {"crime_number": case.crime_number, "offence_code": any_offence().cjs_code}, "application/json"
    )
    assert answer.status_code == 400
    assert list(answer.json()) == ["crime_number"]
    assert Case.objects.count() == 1


def test_who_may_not_is_told_so() -> None:
    investigator = make_user(Role.INVESTIGATOR)
    redactor = make_user(Role.REDACTOR, organisation=investigator.organisation)
    case = make_case(investigator, team={redactor: Role.REDACTOR})
    make_complainant(investigator, case)
    answer = client_of(redactor).post(
        f"/api/cases/{case.pk}/people/", {"kind": "witness", "label": "OSEI, Ruth"}, "application/json"
    )
    assert answer.status_code == 403
