"""A prosecutor endorses rows in the portal, where the force lets them; and its database role gains that and nothing more."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import call_command
from pypdf import PdfReader
from pytest_django import Settings

from accounts.models import Role
from audit.models import Event
from demo.services import Services
from disclosure import prosecution
from disclosure.models import Endorsement, EndorsementCode
from disclosure.prosecution import Entry, Source
from portal.privileges import ENDORSING
from tests.attack.database import NOT_ALLOWED, Connection, done, refused
from tests.disclosure.arrange import certified
from tests.disclosure.test_pages import at, signed_in, text
from tests.factories import make_cps_area, make_user
from tests.portal.conftest import run_portal
from tests.portal.setting import Browser, Shared, make_shared, submit_schedule
from tests.portal.test_privileges import TABLE_PRIVILEGES, ask, expected, relations

HELPS = "It puts the accused elsewhere"


@pytest.fixture
def lets_them(transactional_db: None, settings: Settings) -> Iterator[None]:
    """The force lets prosecutors endorse: what `grant_roles` gives then."""
    settings.PORTAL_ENDORSEMENTS = True
    call_command("grant_roles", stdout=io.StringIO())
    yield
    settings.PORTAL_ENDORSEMENTS = False
    call_command("grant_roles", stdout=io.StringIO())


@pytest.fixture(scope="module")
def endorsing_url(django_db_setup: None, services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A portal of such a force."""
    folder: Path = tmp_path_factory.mktemp("endorsing")
    yield from run_portal(services, folder / "portal.log", TEST_MAIL=str(folder), PORTAL_ENDORSEMENTS="true")


@pytest.fixture
def prosecutor(lets_them: None, endorsing_url: str) -> Callable[[Shared], Browser]:
    """``prosecutor(shared)``: the prosecutor, signed in."""

    def sign_in(shared: Shared) -> Browser:
        cache.clear()
        browser = Browser(endorsing_url)
        browser.sign_in(shared.prosecutor)
        return browser

    return sign_in


def code(letters: str) -> str:
    return str(EndorsementCode.objects.get(code=letters).pk)


def test_a_prosecutor_endorses_rows_in_their_own_name(prosecutor: Callable[[Shared], Browser]) -> None:
    shared = make_shared()
    version = submit_schedule(shared)
    browser = prosecutor(shared)
    page, endorse = f"/schedules/{version.pk}/", f"/schedules/{version.pk}/endorse/"
    assert f'href="{endorse}?rows=2"' in browser.get(page).text
    form = browser.get(f"{endorse}?rows=2").text
    assert 'value="2"' in form
    assert "sensitive?" not in form
    wrong = browser.post(endorse, {"numbers": "2", "code": code("D"), "reason": ""})
    assert (wrong.status, "Row 2: D needs a reason" in wrong.text) == (422, True)
    assert "Row 7: there is no such row" in browser.post(endorse, {"numbers": "7", "code": code("CND")}).text
    assert not Endorsement.objects.exists()

    answer = browser.post(endorse, {"numbers": "1-2", "code": code("D"), "reason": HELPS, "item_viewed": "on"})
    assert answer.url.endswith(page)
    assert "2 rows endorsed" in answer.text
    assert f"{shared.prosecutor.name}, entered" in answer.text
    assert "locked once made" in browser.post(endorse, {"numbers": "1", "code": code("CND")}).text

    made = Endorsement.objects.order_by("row__position")
    assert [(said.row.position, said.decided_by, said.entered_by, said.source_document) for said in made] == [
        (1, shared.prosecutor.name, shared.prosecutor, ""),
        (2, shared.prosecutor.name, shared.prosecutor, ""),
    ]
    events = Event.objects.filter(verb="row.endorsed").order_by("seq")
    assert [event.members()["after"]["number"] for event in events] == [1, 2]
    assert {event.actor_id for event in events} == {shared.prosecutor.pk}
    assert HELPS not in "".join(event.body for event in events)
    officer = signed_in(shared.team.officer)
    assert f"{shared.prosecutor} in the portal" in text(officer.get(at("prosecutor", version)))
    prosecution.complete(shared.team.officer, version, Source("Sam ADEYEMI", "The portal"))
    assert browser.get(endorse).status == 404


def test_an_mg6d_asks_whether_it_is_sensitive_and_prints_the_answer(prosecutor: Callable[[Shared], Browser]) -> None:
    shared = make_shared()
    version = submit_schedule(shared, "MG6D")
    browser = prosecutor(shared)
    endorse = f"/schedules/{version.pk}/endorse/"
    assert "NOT FOR DISCLOSURE" in browser.get(endorse).text
    answers = {"agrees_sensitive": "no", "court_application": "yes"}
    page = browser.post(endorse, {"numbers": "1", "code": code("CND"), **answers}).text
    assert "agreed that it is sensitive: no; the court is asked: yes" in page
    said = Endorsement.objects.get()
    assert (said.agrees_sensitive, said.court_application) == (False, True)
    for made in (
        browser.get(f"/schedules/{version.pk}/form/pdf/").body,
        signed_in(shared.team.officer).get(at("pdf", version)).content,
    ):
        printed = " ".join(" ".join(leaf.extract_text() for leaf in PdfReader(io.BytesIO(made)).pages).split())
        assert "No Yes CND" in printed


def test_another_areas_prosecutor_finds_nothing(prosecutor: Callable[[Shared], Browser]) -> None:
    shared, elsewhere = make_shared(), make_shared()
    version = submit_schedule(shared)
    assert prosecutor(elsewhere).get(f"/schedules/{version.pk}/endorse/").status == 404


def test_where_the_force_does_not_let_them_there_is_no_way(browser: Browser, portal_connection: Connection) -> None:
    shared = make_shared()
    version = submit_schedule(shared)
    browser.sign_in(shared.prosecutor)
    assert "Endorse" not in browser.get(f"/schedules/{version.pk}/").text
    assert browser.get(f"/schedules/{version.pk}/endorse/").status == 404
    refused(portal_connection, NOT_ALLOWED, INSERT, *values(shared, version))


INSERT = (
    "INSERT INTO disclosure_endorsement"
    " (id, row_id, code_id, reason, item_viewed, decided_by, entered_by_id, source_document, at, agrees_sensitive)"
    " VALUES (%s, %s, %s, 'Why', false, %s, %s, %s, now(), %s)"
)


def values(shared: Shared, version: Any, number: int = 1, **changes: Any) -> list[Any]:
    """For `INSERT`: what the prosecutor may say, with these changes."""
    row = version.rows.get(position=number)
    said = {"row": row.pk, "by": shared.prosecutor.name, "user": shared.prosecutor.pk, "document": "", "agrees": None} | changes
    given = (uuid.uuid4(), said["row"], code("CND"), said["by"], said["user"], said["document"], said["agrees"])
    return [None if value is None else value if isinstance(value, bool) else str(value) for value in given]


def test_the_database_takes_nothing_but_the_prosecutors_own(lets_them: None, portal_connection: Connection) -> None:
    shared = make_shared()
    version = submit_schedule(shared)
    stranger = make_user(Role.PROSECUTOR, organisation=make_cps_area(), name="Jo ELSEWHERE")
    draft = certified(make_shared().team)
    broken = psycopg2.errors.IntegrityError
    own = "what they decided themselves"
    for changes, error, says in (
        ({"by": "A. Lawyer"}, broken, own),
        ({"document": "E-mail of 20/11/2026"}, broken, own),
        ({"user": stranger.pk, "by": stranger.name}, broken, own),
        ({"user": shared.team.officer.pk, "by": "A. Lawyer", "document": "E-mail"}, NOT_ALLOWED, "row-level security"),
        ({"agrees": True}, broken, "Only on an MG6D"),
        ({"row": draft.rows.get(position=1).pk}, broken, "Only a row with the prosecutor"),
    ):
        refused(portal_connection, error, INSERT, *values(shared, version, **changes), says=says)
    done(portal_connection, INSERT, *values(shared, version))
    refused(portal_connection, broken, INSERT, *values(shared, version), says="row_endorsed_once")
    for statement in (
        "SELECT * FROM disclosure_endorsement",
        "UPDATE disclosure_endorsement SET reason = ''",
        "DELETE FROM disclosure_endorsement",
        "SELECT * FROM disclosure_row",
        "INSERT INTO disclosure_versionstate (state) VALUES ('endorsed')",
    ):
        refused(portal_connection, NOT_ALLOWED, statement)


def test_the_role_gains_insert_on_endorsements_and_nothing_more(lets_them: None, superuser_connection: Connection) -> None:
    found: dict[str, set[str]] = {}
    for oid, schema, table in relations(superuser_connection):
        for privilege in TABLE_PRIVILEGES:
            if ask(superuser_connection, "SELECT has_table_privilege('evidence_portal', %s::oid, %s)", oid, privilege)[0][0]:
                found.setdefault(table if schema == "public" else f"{schema}.{table}", set()).add(privilege)
    assert found == expected() | {table: set(privileges) for table, privileges in ENDORSING.items()}
    assert ENDORSING == {"disclosure_endorsement": ["INSERT"]}


@pytest.mark.django_db
def test_an_officer_writes_down_of_an_mg6d_alone_whether_it_is_sensitive() -> None:
    from tests.disclosure.arrange import make_team, submitted_each

    team = make_team()
    versions = submitted_each(team, {"MG6C": 2, "MG6D": 2})
    source, entry = Source("A. Lawyer", "E-mail of 20/11/2026"), Entry("CND", agrees_sensitive=True, court_application=False)
    with pytest.raises(ValidationError, match="only on an MG6D"):
        prosecution.endorse(team.officer, versions["MG6C"], {1: entry}, source)
    (made,) = prosecution.endorse(team.officer, versions["MG6D"], {1: entry}, source)
    assert (made.agrees_sensitive, made.court_application) == (True, False)
    client = signed_in(team.officer)
    page = text(client.get(at("prosecutor", versions["MG6D"])))
    assert "Agreed that it is sensitive: yes" in page
    assert "Is it agreed that they are sensitive?" in page
    assert "Is it agreed that they are sensitive?" not in text(client.get(at("prosecutor", versions["MG6C"])))
    (told,) = client.get(at("export", versions["MG6D"])).json()["endorsements"]
    assert (told["agrees_sensitive"], told["court_application"]) == (True, False)
