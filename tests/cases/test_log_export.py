"""The log taken away, and what one person looked at: each an event, and nothing in it that the page doesn't show."""

import csv
import io
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from audit.models import Event
from cases import actions, log_export
from cases.models import Case, Person
from tests.factories import make_case, make_user

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def investigator() -> User:
    return make_user(Role.INVESTIGATOR)


@pytest.fixture
def auditor(investigator: User) -> User:
    return make_user(Role.AUDITOR, organisation=investigator.organisation)


@pytest.fixture
def case(investigator: User) -> Case:
    made = make_case(investigator)
    actions.add_person(investigator, made, kind=Person.Kind.WITNESS, label="GRAY, Ada")
    return made


def taken(client: Client, case: Case, extension: str, **query: str) -> Any:
    return client.get(reverse("cases:log_export", args=[case.pk, extension]), query)


def test_the_log_is_taken_as_csv_narrowed_as_the_page_was(investigator: User, case: Case) -> None:
    client = signed_in(investigator)
    page = client.get(reverse("cases:log", args=[case.pk]), {"verb": "person.added"}).content.decode()
    assert f"{reverse('cases:log_export', args=[case.pk, 'csv'])}?verb=person.added" in page
    answer = taken(client, case, "csv", verb="person.added")
    assert answer["Content-Type"].startswith("text/csv")
    text = answer.getvalue().decode()
    header, *rows = csv.reader(io.StringIO(text))
    assert header == log_export.HEADER
    assert [row[3] for row in rows] == ["Person added"]
    assert "GRAY" not in text
    whole = list(csv.reader(io.StringIO(taken(client, case, "csv").getvalue().decode())))[1:]
    assert len(whole) >= 4
    assert whole[-1][3] == "Log exported", "the taking itself is in it"
    event = Event.objects.for_case(case.pk).filter(verb="log.exported").first()
    assert event is not None
    assert event.after == {"form": "csv", "events": 1}
    assert event.detail.facts == {"filters": {"verb": "person.added"}}


def test_it_is_taken_as_pdf(investigator: User, case: Case) -> None:
    answer = taken(signed_in(investigator), case, "pdf")
    assert answer["Content-Type"] == "application/pdf"
    pages = pypdfium2.PdfDocument(answer.content)
    text = "".join(page.get_textpage().get_text_bounded() for page in pages)
    assert "Person added" in text
    assert "OFFICIAL-SENSITIVE" in text
    assert "GRAY" not in text


def test_what_can_not_be_taken_is_said(investigator: User, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(investigator)
    monkeypatch.setattr(log_export, "MOST_PRINTED", 1)
    answer = taken(client, case, "pdf")
    assert (answer.status_code, "too many to print" in answer.content.decode()) == (409, True)
    answer = taken(client, case, "csv", start_day="31", start_month="2", start_year="2026")
    assert (answer.status_code, "mend it" in answer.content.decode()) == (409, True)
    assert taken(client, case, "exe").status_code == 404
    assert not Event.objects.filter(verb="log.exported").exists()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1"])
def test_no_cell_is_taken_for_a_formula(text: str) -> None:
    assert log_export.safe(text) == f"'{text}"
    assert log_export.safe("1=1") == "1=1"


def test_an_auditor_sees_what_one_person_looked_at(investigator: User, auditor: User, case: Case) -> None:
    signed_in(investigator).get(reverse("cases:log", args=[case.pk]))
    client = signed_in(auditor)
    people = client.get(reverse("cases:audit_people"), {"words": investigator.name}).content.decode()
    address = f"{reverse('cases:audit_events')}?person={investigator.pk}&amp;kind=reading"
    assert address in people
    page = client.get(address.replace("&amp;", "&")).content.decode()
    rows = page[page.index("<tbody") : page.index("</tbody>")]
    assert "Log viewed" in rows
    assert "Case created" not in rows
    assert str(make_user(Role.AUDITOR)) not in client.get(reverse("cases:audit_people")).content.decode()
    answer = client.get(reverse("cases:audit_export", args=["csv"]), {"person": str(investigator.pk), "kind": "reading"})
    assert "Log viewed" in answer.getvalue().decode()
    assert "Nobody fits" in client.get(reverse("cases:audit_people"), {"words": "Nemo"}).content.decode()


def test_the_list_of_people_asks_as_often_for_many_as_for_few(auditor: User, django_assert_max_num_queries: Any) -> None:
    client = signed_in(auditor)
    with django_assert_max_num_queries(30) as few:
        client.get(reverse("cases:audit_people"))
    count = len(few)
    for _ in range(10):
        make_user(Role.INVESTIGATOR, organisation=auditor.organisation)
    with django_assert_max_num_queries(count):
        client.get(reverse("cases:audit_people"))
