"""What says the same, narrowed to a category or to whom it is about."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from redaction import actions, certainty, groups
from redaction.models import Document
from tests.redaction.arrange import Team, asked, make_statement, make_team
from tests.redaction.test_deciding import said
from tests.redaction.test_pages import browser

pytestmark = pytest.mark.django_db


def opened() -> tuple[Team, Document, Client, str]:
    team = make_team()
    document, _ = asked(team, make_statement(team, pages=2))
    return team, document, browser(team.redactor), reverse("redaction:groups", args=[document.pk])


def listed(page: str) -> set[str]:
    return set(re.findall(r'data-mark="([0-9a-f]+)"', page))


def test_each_says_its_category_and_whom_it_is_about() -> None:
    team, document, client, url = opened()
    person = team.case.people.get()
    found = groups.counted(document)
    names = groups.find_people(found)
    assert names == {str(person.pk): str(person)}
    phone = next(group for group in found if group.said == said(team))
    assert phone.codes == ["TEL"]
    page = client.get(url).content.decode()
    assert f"about {person}" in page
    assert "THISTLEWOOD, Marianne" not in page


def test_it_is_narrowed_to_a_category_and_stays_so_after_a_decision() -> None:
    team, document, client, url = opened()
    every = listed(client.get(url).content.decode())
    phones = {group.said for group in groups.counted(document) if "TEL" in group.codes}
    assert phones and phones < every
    page = client.get(url, {"code": "TEL"}).content.decode()
    assert listed(page) == phones
    assert f"To decide ({len(phones)})" in page
    answer = client.post(f"{url}decide/", {"said": said(team), "verdict": "accept", "show": "all", "code": "TEL"})
    assert answer["Location"].endswith("?show=all&code=TEL")
    assert listed(client.get(answer["Location"]).content.decode()) == phones
    while not phones <= {group.said for group in groups.counted(document) if not group.open}:
        actions.accept_rest(team.redactor, document)
    assert "To decide (0)" in client.get(url, {"code": "TEL"}).content.decode()


def test_it_is_narrowed_to_whom_it_is_about() -> None:
    team, document, client, url = opened()
    person = team.case.people.get()
    about = {group.said for group in groups.counted(document) if person.pk in group.people}
    assert about
    assert listed(client.get(url, {"person": str(person.pk)}).content.decode()) == about


def test_where_nothing_is_left_it_says_so_and_what_is_not_there_is_not_asked_for() -> None:
    team, document, client, url = opened()
    actions.accept_rest(team.redactor, document)
    assert "Nothing of that kind is here" in client.get(url, {"code": "TEL"}).content.decode()
    every = listed(client.get(url, {"show": "all"}).content.decode())
    assert listed(client.get(url, {"show": "all", "code": "ZZZ", "person": "nobody"}).content.decode()) == every


def test_each_says_how_sure_it_is_and_the_doubtful_ones_are_looked_at_apart() -> None:
    team, document, client, url = opened()
    found = {group.said: group.certainty for group in groups.counted(document)}
    assert found[said(team)] == "sure"
    assert set(found.values()) <= set(certainty.LEVELS)
    assert listed(client.get(url, {"sure": "sure"}).content.decode()) == {key for key, level in found.items() if level == "sure"}
    editor = client.get(reverse("redaction:editor", args=[document.pk])).content.decode()
    assert f"TEL, telephone number of {team.case.people.get()}: sure" in " ".join(editor.split())


@pytest.mark.parametrize(
    ("source", "rule", "level"),
    [
        ("pattern", "phone.uk", "sure"),
        ("person", "name.full", "sure"),
        ("person", "name.last", "likely"),
        ("field", "field.address", "sure"),
        ("model", "model.rampart", "likely"),
        ("model", "Other 2.1: heading", "likely"),
        ("pattern", "name.unknown", "doubtful"),
        ("pattern", "everywhere.misspelt", "doubtful"),
        ("hand", "", ""),
    ],
)
def test_certainty_goes_by_what_found_it(source: str, rule: str, level: str) -> None:
    assert certainty.of(source, rule) == level


def test_of_several_the_least_sure_counts() -> None:
    assert certainty.least(["sure", "doubtful", "likely", ""]) == "doubtful"
    assert certainty.least([]) == ""
