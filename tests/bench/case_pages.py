"""Pages of one case by how much it holds: the review list, a certified schedule, and the portal's page of it.

The rows are written past the triggers, as a superuser may: what is measured is reading them. Each line compares with the same
page of the smallest case, since a page shows a hundred rows whatever the case holds. Sizes by BENCH_ITEMS.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg2

from demo.services import SUPERUSER, Services

Line = tuple[str, str, str, str, str]
SIZES = tuple(int(size) for size in os.environ.get("BENCH_ITEMS", "100,10000,100000").split(","))
TURNS = 5


def lines(services: Services) -> Iterator[Line]:
    """Time and questions of each page at each size."""
    found = {size: _measured(services, size) for size in SIZES}
    least = found[SIZES[0]]
    for page in least:
        for size in SIZES:
            seconds, queries = found[size][page]
            first = least[page][0]
            against = f"{first * 1000:.3g} ms at {SIZES[0]:,}"
            yield (page, f"{size:,} items", f"{seconds * 1000:.3g} ms, {queries} queries", against, f"{seconds / first:.2f}×")


def _measured(services: Services, size: int) -> dict[str, tuple[float, int]]:
    from django.test import Client

    from tests.disclosure.arrange import make_team
    from tests.factories import make_cps_area, make_user

    team = make_team()
    area = make_cps_area()
    lawyer = make_user("prosecutor", organisation=area)
    listed = make_team()
    _fill(services, team, size, scheduled=False)
    version = _fill(services, listed, size, scheduled=True, area=area)
    officer, other, reader = Client(), Client(), Client()
    officer.force_login(team.officer)
    other.force_login(listed.officer)
    reader.force_login(lawyer)
    return {
        "disclosure: review list": _page(officer, f"/cases/{team.case.pk}/disclosure/review/"),
        "disclosure: certified schedule": _page(other, f"/schedules/{version['schedule']}/versions/1/"),
        "portal: schedule": _page(reader, f"/schedules/{version['id']}/", urls="config.portal_urls"),
    }


def _page(client: Any, address: str, urls: str = "config.urls") -> tuple[float, int]:
    """The best of a few turns, and how many questions it asks."""
    from django.conf import settings
    from django.db import connection
    from django.test.utils import CaptureQueriesContext, override_settings

    # Static files are not collected here
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(ROOT_URLCONF=urls, ALLOWED_HOSTS=["*"], STORAGES={**settings.STORAGES, **plain}):
        assert client.get(address).status_code == 200, address
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        # Counted now: the next request forgets them
        queries = len(asked)
        taken = []
        for _ in range(TURNS):
            begin = time.perf_counter()
            client.get(address)
            taken.append(time.perf_counter() - begin)
    return min(taken), queries


def _fill(services: Services, team: Any, size: int, *, scheduled: bool, area: Any = None) -> dict[str, str]:
    """A case with so many items: all waiting, or all on a certified and submitted MG6C."""
    ids = {"schedule": str(uuid.uuid4()), "id": str(uuid.uuid4())}
    case, officer = str(team.case.pk), str(team.officer.pk)
    words = "Statement of 12 March 2026 by the night manager about the doors of the hotel, 2 pages"
    decided = ("unused", "relevant", "not_sensitive") if scheduled else ("", "", "")
    connection = psycopg2.connect(services.postgres.url(SUPERUSER))
    with connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(_EXHIBITS, [case, words, officer, size])
        cursor.execute(
            "INSERT INTO disclosure_item (id, case_id, exhibit_id, use, relevance, sensitivity, test, created_at)"
            " SELECT gen_random_uuid(), case_id, id, %s, %s, %s, '', created_at FROM evidence_exhibit WHERE case_id = %s",
            [*decided, case],
        )
        if scheduled:
            _schedule(cursor, ids, case, officer, words, size)
            cursor.execute("UPDATE cases_case SET cps_area_id = %s WHERE id = %s", [str(area.pk), case])
    connection.set_isolation_level(0)
    with connection.cursor() as cursor:
        cursor.execute(
            "VACUUM ANALYZE evidence_exhibit, disclosure_item, disclosure_row, disclosure_certificate, disclosure_certifiedrow"
        )
    connection.close()
    return ids


def _schedule(cursor: Any, ids: dict[str, str], case: str, officer: str, words: str, size: int) -> None:
    rows = [{"number": n, "withdrawn": False, "description": words, "location": "Store 3"} for n in range(1, size + 1)]
    content = json.dumps({"form": "MG6C", "rows": rows, "unexamined": "", "certified_by": "DC 1", "certified_as": "Officer"})
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    at = datetime.now(UTC)
    cursor.execute("INSERT INTO disclosure_schedule (id, case_id, kind, ordinal, created_at) VALUES (%s, %s, 'MG6C', 1, %s)", [
        ids["schedule"], case, at,
    ])  # fmt: skip
    cursor.execute(
        "INSERT INTO disclosure_scheduleversion (id, schedule_id, number, created_by_id, created_at) VALUES (%s, %s, 1, %s, %s)",
        [ids["id"], ids["schedule"], officer, at],
    )
    for state in ("draft", "in_qa", "checked", "certified", "submitted"):
        cursor.execute(
            "INSERT INTO disclosure_versionstate (version_id, state, by_id, reason, at) VALUES (%s, %s, %s, '', %s)",
            [ids["id"], state, officer, at],
        )
    cursor.execute(_ROWS, [ids["id"], words, officer, case])
    certificate = [ids["id"], content, sha256, officer, at]
    cursor.execute(
        "INSERT INTO disclosure_certificate (version_id, statement, content, sha256, by_id, at)"
        " VALUES (%s, 'I do', %s, %s, %s, %s)",
        certificate,
    )
    cursor.execute(
        "INSERT INTO disclosure_certifiedrow (version_id, number, said)"
        " SELECT version_id, (r ->> 'number')::integer, r"
        " FROM disclosure_certificate CROSS JOIN LATERAL jsonb_array_elements(content::jsonb -> 'rows') r WHERE version_id = %s",
        [ids["id"]],
    )


_EXHIBITS = """
    INSERT INTO evidence_exhibit (id, case_id, reference, kind, description, seized_at, seized_where, seized_by, seal_number,
                                  location, state, created_by_id, within_marking, created_at)
    SELECT gen_random_uuid(), %s, 'AB/1/' || n, 'document', %s, now(), 'Wexcombe', 'PC 1', '', 'Store 3', 'booked_in', %s,
           true, now() + n * interval '1 millisecond'
      FROM generate_series(1, %s) n
"""
_ROWS = """
    INSERT INTO disclosure_row (id, version_id, item_id, position, description, location, sensitivity_reason, withdrawn,
                                edited_by_id, edited_at)
    SELECT gen_random_uuid(), %s, id, row_number() OVER (ORDER BY created_at), %s, 'Store 3', '', false, %s, now()
      FROM disclosure_item WHERE case_id = %s
"""
