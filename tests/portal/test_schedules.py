"""A schedule in the portal: its rows found and paged, all of it checked when asked, a copy of it to keep."""

from __future__ import annotations

import hashlib
import html
import io
import re
from typing import Any

import docx
import pytest
from django.test import Client
from psycopg2.extensions import connection as Connection
from pypdf import PdfReader

from audit.models import Event
from disclosure import actions, prosecution
from disclosure.models import CertifiedRow
from tests.disclosure.arrange import FULLER, checked, make_item, words
from tests.portal.setting import Browser, Shared, make_shared, submit_next, submit_schedule

LAWYER = prosecution.Source("Sam ADEYEMI", "E-mail of 20/11/2026")


def last_verb(shared: Shared) -> str:
    verb = Event.objects.by_actor(shared.prosecutor.pk).in_order().values_list("verb", flat=True).last()
    return str(verb)


def tamper(connection: Connection, statement: str, *values: Any) -> None:
    """What only who owns the machine could do: the triggers stand aside."""
    with connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, [str(value) for value in values])
        assert cursor.rowcount
        cursor.execute("SET session_replication_role = origin")


def test_rows_are_found_by_their_words(browser: Browser) -> None:
    shared = make_shared()
    version = submit_schedule(shared)
    browser.sign_in(shared.prosecutor)
    page = browser.get(f"/schedules/{version.pk}/?words=13+march").text
    assert words(2) in page
    assert words(1) not in page
    second = version.rows.get(position=2)
    assert second.item is not None
    assert words(2) in browser.get(f"/schedules/{version.pk}/?words={second.item.exhibit.reference.lower()}").text
    page = browser.get(f"/schedules/{version.pk}/?words=zeppelin").text
    assert "No row says that" in page
    assert "Nil: there is nothing to list" not in page


def test_the_whole_is_checked_when_asked_and_the_page_says_what_is_checked_when(browser: Browser) -> None:
    shared = make_shared()
    version = submit_schedule(shared)
    browser.sign_in(shared.prosecutor)
    page = browser.get(f"/schedules/{version.pk}/").text
    assert "not as this page is shown" in page
    assert version.certificate.sha256 in page.replace("<wbr>", "")
    found = browser.get(f"/schedules/{version.pk}/check/")
    assert "It is what was certified" in found.text
    assert "What is kept is not" not in found.text
    assert last_verb(shared) == "certificate.verified"
    assert "Certificate verified" in browser.get(f"/schedules/{version.pk}/").text


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE disclosure_certificate SET content = replace(content, 'March', 'April') WHERE version_id = %s", "Another hash"),
        (
            'UPDATE disclosure_certifiedrow SET said = said || \'{"description": "Other words"}\' WHERE version_id = %s',
            "Not those of the certified text",
        ),
        ("DELETE FROM disclosure_certifiedrow WHERE number = 2 AND version_id = %s", "Not those of the certified text"),
        (
            "UPDATE disclosure_certificate SET content = replace(content, 'March', 'April'),"
            " sha256 = encode(sha256(convert_to(replace(content, 'March', 'April'), 'UTF8')), 'hex') WHERE version_id = %s",
            "Not this hash",
        ),
    ],
)
def test_what_was_changed_past_the_triggers_is_told_and_no_copy_is_made_of_it(
    browser: Browser, superuser_connection: Connection, statement: str, said: str
) -> None:
    shared = make_shared()
    version = submit_schedule(shared)
    tamper(superuser_connection, statement, version.pk)
    browser.sign_in(shared.prosecutor)
    assert browser.get(f"/schedules/{version.pk}/").status == 200
    page = browser.get(f"/schedules/{version.pk}/check/").text
    assert said in page
    assert "Don’t rely on it: tell the force" in page
    for kind in ("pdf", "docx", "json"):
        refused = browser.get(f"/schedules/{version.pk}/form/{kind}/")
        assert refused.status == 409
        assert "No copy is made of it" in refused.text
    assert not Event.objects.by_actor(shared.prosecutor.pk).filter(verb="schedule.printed").exists()


def test_a_copy_is_printed_in_the_words_that_were_certified(browser: Browser) -> None:
    shared = make_shared()
    version = submit_schedule(shared)
    prosecution.endorse(shared.team.officer, version, {1: prosecution.Entry("D", "It helps the defence")}, LAWYER)
    browser.sign_in(shared.prosecutor)
    paper = browser.get(f"/schedules/{version.pk}/form/pdf/")
    assert paper.headers["Content-Disposition"] == 'attachment; filename="MG6C-v1.pdf"'
    printed = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.body)).pages).split())
    document = docx.Document(io.BytesIO(browser.get(f"/schedules/{version.pk}/form/docx/").body))
    written = " ".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    for row in version.rows.all():
        assert row.description in printed
        assert row.description in written
    assert "It helps the defence" in printed
    assert version.certificate.sha256 in printed.replace(" ", "")
    assert last_verb(shared) == "schedule.printed"
    data = browser.get(f"/schedules/{version.pk}/form/json/").body
    assert hashlib.sha256(data).hexdigest() == version.certificate.sha256
    assert browser.get(f"/schedules/{version.pk}/form/odt/").status == 404


def test_a_report_says_where_its_items_stand_and_carries_its_marking(browser: Browser) -> None:
    shared = make_shared()
    team = shared.team
    version = submit_schedule(shared)
    item = version.rows.get(position=2).item
    assert item is not None
    actions.decide(team.officer, item, test="may_meet", reason="It puts the suspect elsewhere at 23:00")
    report = checked(team, actions.draft_schedule(team.officer, team.case, "MG6E"))
    actions.certify(team.officer, report)
    actions.submit(team.officer, report)
    browser.sign_in(shared.prosecutor)
    page = browser.get(f"/schedules/{report.pk}/").text
    assert "MG6C item 2" in page
    assert "It puts the suspect elsewhere at 23:00" in page
    assert page.count("OFFICIAL-SENSITIVE – NOT FOR DISCLOSURE") == 2


def in_process(client: Client, settings: Any, shared: Shared) -> Client:
    settings.ROOT_URLCONF = "config.portal_urls"
    client.force_login(shared.prosecutor)
    return client


def test_changes_are_shown_by_pages(transactional_db: None, client: Client, settings: Any, monkeypatch: Any) -> None:
    shared = make_shared()
    team = shared.team
    first = submit_schedule(shared)
    prosecution.return_version(team.officer, first, "Say more", LAWYER)
    second = actions.new_version(team.officer, first.schedule)
    for row in second.rows.select_related("version__schedule__case"):
        actions.write_row(team.officer, row, description=f"{FULLER}, sheet {row.position} of them", location=row.location)
    make_item(team, "mg6c")
    third = actions.draft_schedule(team.officer, team.case, "MG6C")
    actions.certify(team.officer, checked(team, third))
    actions.submit(team.officer, third)
    monkeypatch.setattr("portal.schedule_views.ROWS_AT_ONCE", 2)
    asked = in_process(client, settings, shared)
    page = asked.get(f"/schedules/{third.pk}/changes/").content.decode()
    assert page.count("<ins>") >= 2
    assert "Added" not in page
    following = f"/schedules/{third.pk}/changes/" + html.unescape(re.search(r'href="(\?after=[^"]+)"', page)[1])  # type: ignore[index]
    assert "Added" in asked.get(following).content.decode()


def test_a_schedule_too_long_to_set_is_given_as_its_text(
    transactional_db: None, client: Client, settings: Any, monkeypatch: Any
) -> None:
    shared = make_shared()
    version = submit_schedule(shared)
    monkeypatch.setattr("portal.schedule_views.MOST_PRINTED", 1)
    asked = in_process(client, settings, shared)
    answer = asked.get(f"/schedules/{version.pk}/form/pdf/")
    assert answer.status_code == 409
    assert "more than the 1 that are set into one file" in answer.content.decode()
    assert asked.get(f"/schedules/{version.pk}/form/json/").status_code == 200


def test_rows_of_every_version_are_kept_as_certified(browser: Browser) -> None:
    """A number withdrawn later says nothing in the later version, and what it said in the earlier one."""
    shared = make_shared()
    first = submit_schedule(shared)
    later = submit_next(shared, first)
    browser.sign_in(shared.prosecutor)
    assert words(3) in browser.get(f"/schedules/{later.pk}/").text
    assert words(3) not in browser.get(f"/schedules/{first.pk}/").text
    kept = CertifiedRow.objects.filter(version=later).values_list("number", "said__description")
    assert list(kept) == [(row.position, row.description) for row in later.rows.all()]
