"""What one document of a case has found is proposed in the next."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Event
from redaction import actions, elsewhere
from redaction.models import Document
from tests.factories import make_verified_exhibit
from tests.redaction.arrange import Team, asked, make_team
from tests.redaction.files import statement

pytestmark = pytest.mark.django_db

FIRST = ("Name: Zbyska Quorndon", "Account number: 73310482", "The van was taken.")
LATER = ("i saw zbyska by the gate, and the slip said", "7331 0482 on it. quorndon left.")


def read(team: Team, *lines: str) -> Document:
    with TemporaryDirectory() as folder:
        data = statement(Path(folder) / "a.pdf", lines).read_bytes()
    return asked(team, make_verified_exhibit(team.investigator, team.case, data=data))[0]


def proposed(document: Document) -> set[tuple[str, str]]:
    return set(document.proposals.filter(rule__startswith="everywhere").values_list("category_id", "rule"))


def test_a_name_and_a_number_found_in_one_document_are_proposed_in_the_next() -> None:
    team = make_team()
    read(team, *FIRST)
    later = read(team, *LATER)
    assert ("FIN", "everywhere.case") in proposed(later)
    assert sum(code == "TPN" for code in later.proposals.values_list("category_id", flat=True)) == 2


def test_another_case_knows_nothing_of_it() -> None:
    read(make_team(), *FIRST)
    assert proposed(read(make_team(), *LATER)) == set()


def test_what_somebody_kept_is_not_pressed_again() -> None:
    team = make_team()
    first = read(team, *FIRST)
    for proposal in first.proposals.all():
        actions.decide(team.redactor, proposal, "reject", reason="evidence")
    assert ("FIN", "everywhere.case") not in proposed(read(team, *LATER))


def test_it_asks_once_however_many_documents_there_are() -> None:
    team = make_team()
    document = read(team, *FIRST)
    read(team, *LATER)
    with CaptureQueriesContext(
        connection,
    ) as asked_for:
        elsewhere.terms_for(document)
    assert len(asked_for) == 1


def test_no_event_holds_the_words() -> None:
    team = make_team()
    read(team, *FIRST)
    read(team, *LATER)
    for body in Event.objects.filter(case_id=team.case.pk).values_list("body", flat=True):
        assert "zbyska" not in body.lower() and "73310482" not in body
