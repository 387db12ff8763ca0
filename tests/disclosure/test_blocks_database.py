"""What the database refuses of blocks to the application's own role, by SQL that passes the actions by."""

from __future__ import annotations

import hashlib
import json
import threading
import uuid
from collections.abc import Callable
from typing import Any

import psycopg2
import pytest
from django.core.exceptions import ValidationError
from django.db import connection as django_connection
from psycopg2.extensions import connection as Connection

from disclosure import actions, blocks
from disclosure.models import Block, BlockItem, Item, Row
from tests.disclosure.arrange import BLOCK, Team, certified, checked, make_block, make_receipts, make_team, redecide
from tests.disclosure.test_blocks import close, confirm, items_of, may_meet, propose
from tests.disclosure.test_database import NOT_ALLOWED, REFUSED, refused, refused_state, run

pytestmark = pytest.mark.django_db(transaction=True)

INSERT = (
    "INSERT INTO disclosure_block (id, case_id, sensitivity, title, location, why, by_id, at)"
    " VALUES (%s, %s, %s, 't', 'l', 'w', %s, now())"
)
PLACE = "INSERT INTO disclosure_blockitem (block_id, item_id, by_id, at) VALUES (%s, %s, %s, now())"
LEAVE = "UPDATE disclosure_blockitem SET left_at = now(), left_by_id = %s WHERE "


def make(connection: Connection, team: Team, items: list[Item], sensitivity: str = "not_sensitive") -> None:
    """A block by SQL, in one transaction."""
    key = str(uuid.uuid4())
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(INSERT, [key, str(team.case.pk), sensitivity, str(team.officer.pk)])
            for item in items:
                cursor.execute(PLACE, [key, str(item.pk), str(team.officer.pk)])
    finally:
        connection.rollback()


def refused_block(connection: Connection, team: Team, items: list[Item], sensitivity: str = "not_sensitive") -> str:
    with pytest.raises(psycopg2.IntegrityError) as caught:
        make(connection, team, items, sensitivity)
    assert not Block.objects.filter(places__item__in=items).exists()
    return str(caught.value)


@pytest.mark.parametrize(
    "arrange",
    [
        may_meet,
        confirm,
        propose,
        close,
        lambda team, item: redecide(team, item, "used"),
        lambda team, item: redecide(team, item, "not_relevant"),
        lambda team, item: redecide(team, item, "mg6d"),
    ],
)
def test_an_item_that_is_listed_by_itself_comes_into_no_block(
    app_connection: Connection, arrange: Callable[[Team, Item], Any]
) -> None:
    team = make_team()
    items = make_receipts(team, 2)
    arrange(team, items[1])
    assert "is to be listed by itself" in refused_block(app_connection, team, items)


def test_one_item_another_case_a_number_and_another_block_are_refused(app_connection: Connection) -> None:
    team, other = make_team(), make_team()
    items = make_receipts(team, 2)
    assert "at least two items" in refused_block(app_connection, team, items[:1])
    assert "at least two items" in refused_block(app_connection, team, [])
    assert "listed by itself" in refused_block(app_connection, team, [items[0], *make_receipts(other, 1)])
    assert "listed by itself" in refused_block(app_connection, team, items, "sensitive")
    with pytest.raises(psycopg2.IntegrityError, match="block_sensitivity"):
        make(app_connection, team, items, "")
    certified(team, rows=0)
    assert "a number of its own" in refused_block(app_connection, team, items)
    block = make_block(team, 2)
    with pytest.raises(psycopg2.errors.UniqueViolation, match="item_in_one_block"):
        make(app_connection, team, items_of(block))
    more = make_receipts(team, 2)
    make(app_connection, team, more)
    assert Block.objects.filter(places__item=more[0]).exists()


def test_nothing_of_a_block_is_deleted_and_only_its_words_and_its_leavers_change(
    app_connection: Connection, owner_connection: Connection
) -> None:
    team = make_team()
    block = make_block(team, 3)
    other = make_receipts(team, 1)[0]
    for table in ("disclosure_block", "disclosure_blockitem"):
        for what in ("DELETE FROM {0}", "TRUNCATE {0} CASCADE"):
            refused(app_connection, NOT_ALLOWED, what.format(table))
            refused(owner_connection, psycopg2.Error, what.format(table))
    for change in ("sensitivity = 'sensitive'", "at = now()", "case_id = gen_random_uuid()"):
        assert "Only the words" in refused(app_connection, REFUSED, f"UPDATE disclosure_block SET {change}")
    refused(app_connection, psycopg2.errors.CheckViolation, "UPDATE disclosure_block SET why = ' '")
    for change in (f"item_id = '{other.pk}'", "at = now()", "left_by_id = NULL"):
        assert "nothing else changes" in refused(app_connection, REFUSED, f"UPDATE disclosure_blockitem SET {change}")
    first = block.places.order_by("id")[0]
    run(app_connection, f"{LEAVE} id = %s", team.officer.pk, first.pk)
    # Whoever has left neither comes back nor leaves again
    for again in ("left_at = NULL, left_by_id = NULL", "left_at = now()"):
        assert "leaves a block once" in refused(
            app_connection, REFUSED, f"UPDATE disclosure_blockitem SET {again} WHERE id = {first.pk}"
        )
    assert "at least two items" in refused(
        app_connection, REFUSED, f"{LEAVE} id = %s", team.officer.pk, block.places.standing()[0].pk
    )
    run(app_connection, f"{LEAVE} block_id = %s AND left_at IS NULL", team.officer.pk, block.pk)
    assert not BlockItem.objects.standing().exists()


def test_a_block_changes_in_a_draft_only(app_connection: Connection) -> None:
    team = make_team()
    block = make_block(team, 3)
    version = actions.draft_schedule(team.officer, team.case, "MG6C")
    late = make_receipts(team, 1)[0]
    assert "chosen as it is made" in refused(app_connection, REFUSED, PLACE, block.pk, late.pk, team.officer.pk)
    redecide(team, late, "used")
    place = block.places.all()[0]
    actions.send_to_qa(team.officer, version)
    for _ in range(2):
        assert "in a draft only" in refused(app_connection, REFUSED, "UPDATE disclosure_block SET why = 'another'")
        assert "in a draft only" in refused(app_connection, REFUSED, f"{LEAVE} id = %s", team.officer.pk, place.pk)
        if version.state == "in_qa":
            actions.check(team.supervisor, version)
    actions.certify(team.officer, version)
    assert "in a draft only" in refused(app_connection, REFUSED, "UPDATE disclosure_block SET title = 'another'")
    assert "in a draft only" in refused(app_connection, REFUSED, f"{LEAVE} id = %s", team.officer.pk, place.pk)
    actions.new_version(team.officer, version.schedule)
    run(app_connection, f"{LEAVE} id = %s", team.officer.pk, place.pk)


def test_a_row_is_of_an_item_or_of_a_block_of_its_kind_and_its_case(app_connection: Connection) -> None:
    team, other = make_team(), make_team()
    block, secret, foreign = make_block(team, 2), make_block(team, 2, "mg6d"), make_block(other, 2)
    version = actions.draft_schedule(team.officer, team.case, "MG6C")
    insert = (
        "INSERT INTO disclosure_row (id, version_id, item_id, block_id, position, description, location, sensitivity_reason,"
        " withdrawn, edited_by_id, edited_at) VALUES (gen_random_uuid(), %s, %s, %s, 9, 'd', 'l', '', false, %s, now())"
    )
    for wrong in (secret, foreign):
        message = refused(app_connection, REFUSED, insert, version.pk, None, wrong.pk, team.officer.pk)
        assert "does not belong" in message
    refused(app_connection, psycopg2.errors.UniqueViolation, insert, version.pk, None, block.pk, team.officer.pk)
    refused(app_connection, psycopg2.errors.CheckViolation, insert, version.pk, items_of(block)[0].pk, block.pk, team.officer.pk)
    refused(app_connection, psycopg2.IntegrityError, insert, version.pk, None, None, team.officer.pk)
    message = refused(app_connection, REFUSED, "UPDATE disclosure_row SET block_id = %s WHERE block_id = %s", secret.pk, block.pk)
    assert "stays with its version and item" in message


@pytest.mark.parametrize("arrange", [may_meet, confirm, close, propose])
def test_no_version_goes_on_with_a_block_that_holds_what_is_listed_by_itself(
    app_connection: Connection, arrange: Callable[[Team, Item], Any]
) -> None:
    team = make_team()
    block = make_block(team, 3)
    version = actions.draft_schedule(team.officer, team.case, "MG6C")
    arrange(team, items_of(block)[0])
    assert "does not belong" in refused_state(app_connection, version, "in_qa", team.officer)


def test_an_item_of_a_block_has_no_row_of_its_own_and_a_certificate_says_what_the_block_holds(app_connection: Connection) -> None:
    team = make_team()
    items = make_receipts(team, 3)
    version = actions.draft_schedule(team.officer, team.case, "MG6C")
    block = blocks.make(team.officer, team.case, [item.pk for item in items[:2]], **BLOCK)
    assert "does not belong" in refused_state(app_connection, version, "in_qa", team.officer)
    actions.draft_schedule(team.officer, team.case, "MG6C")
    actions.certify(team.officer, checked(team, version))
    rows = json.loads(version.certificate.content)["rows"]
    assert [row.get("block", {}).get("quantity") for row in rows] == [None, 2]
    assert list(version.certified_rows.values_list("said", flat=True)) == rows
    assert block.numbers.get().number == 2


def test_an_item_whose_block_no_newest_version_lists_stops_every_certificate(app_connection: Connection) -> None:
    team = make_team()
    make_block(team, 2, "mg6d")
    version = checked(team, actions.draft_schedule(team.officer, team.case, "MG6C"))
    with pytest.raises(ValidationError, match="in a block that no newest version lists"):
        actions.certify(team.officer, version)
    content = json.dumps({"form": "MG6C", "rows": []})
    with pytest.raises(REFUSED, match="not accounted for"), app_connection, app_connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO disclosure_certificate (version_id, statement, content, sha256, by_id, at)"
            " VALUES (%s, 'x', %s, %s, %s, now())",
            [str(version.id), content, hashlib.sha256(content.encode()).hexdigest(), str(team.officer.id)],
        )
        cursor.execute(
            "INSERT INTO disclosure_versionstate (version_id, state, by_id, reason, at) VALUES (%s, 'certified', %s, '', now())",
            [str(version.id), str(team.officer.id)],
        )
    app_connection.rollback()
    actions.draft_schedule(team.officer, team.case, "MG6D")
    assert actions.certify(team.officer, version)


def test_a_decision_and_a_block_made_at_once_meet_each_other(app_connection: Connection) -> None:
    team = make_team()
    items = make_receipts(team, 2)
    failed: list[Exception] = []

    def block_them() -> None:
        try:
            blocks.make(team.officer, team.case, [item.pk for item in items], **BLOCK)
        except Exception as error:
            failed.append(error)
        finally:
            django_connection.close()

    with app_connection, app_connection.cursor() as cursor:
        # A decision that is not committed yet holds its item
        cursor.execute(
            "INSERT INTO disclosure_decision (item_id, field, value, reason, by_id, at)"
            " VALUES (%s, 'test', 'may_meet', 'It puts him elsewhere', %s, now())",
            [str(items[0].pk), str(team.officer.pk)],
        )
        thread = threading.Thread(target=block_them)
        thread.start()
        thread.join(timeout=1.5)
        assert thread.is_alive()
    thread.join(timeout=20)
    assert len(failed) == 1
    assert "may undermine or assist" in str(failed[0])
    assert not Block.objects.exists()
    assert not Row.objects.exists()
