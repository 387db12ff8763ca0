"""Every address of the portal × every kind of person, over HTTP, from the process with the portal's own database role."""

from __future__ import annotations

import json
import re
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress

from accounts.models import Organisation, Role, User
from audit.models import Event
from disclosure import managing
from tests.access.portal_table import PORTAL_EVERYBODY, PORTAL_TABLE
from tests.access.reads import PORTAL_RECORDED, PORTAL_UNRECORDED
from tests.access.walk import HIDDEN, IN, REFUSED, SIGN_IN, STEP_UP, Row, addresses, path_of
from tests.factories import make_admin, make_cps_area, make_user
from tests.portal.setting import Answer, Browser, Shared, make_bundle, make_shared, release_copy, submit_next, submit_schedule

URLCONF = "config.portal_urls"


def test_every_address_is_in_the_table_and_every_row_has_an_address() -> None:
    known, stated = set(addresses(URLCONF)), {row.name for row in PORTAL_TABLE}
    assert known - stated == set(), "addresses that the table lacks"
    assert stated - known == set(), "rows without an address"
    names = [str(row) for row in PORTAL_TABLE]
    assert [name for name in names if names.count(name) > 1] == []


def test_everybody_gets_what_the_table_says(browse: Callable[[], Browser]) -> None:
    made = make_shared()
    values = _values(made)
    browsers = {column: browse() for column in PORTAL_EVERYBODY}
    for column, user in _people(made).items():
        browsers[column].sign_in(user)
    values["ticket_id"] = _ticket(browsers["prosecutor"], values)
    wrong = []
    for row in PORTAL_TABLE:
        path = path_of(row, values, URLCONF)
        for column in PORTAL_EVERYBODY:
            got = answer_of(ask(browsers[column], row, path))
            if got != row.answers[column]:
                wrong.append(f"{row} as {column}: {row.answers[column]} is stated, {got} was answered")
    assert not wrong, "\n".join(["", *wrong])


def test_every_look_is_an_event_as_is_stated(browser: Browser) -> None:
    made = make_shared()
    values = _values(made)
    browser.sign_in(made.prosecutor)
    values["ticket_id"] = _ticket(browser, values)
    looks = {
        row.name for row in PORTAL_TABLE if row.method == "GET" and row.name.startswith("portal") and IN in row.answers.values()
    }
    assert looks - PORTAL_RECORDED.keys() - PORTAL_UNRECORDED.keys() == set()
    wrong = []
    for row in PORTAL_TABLE:
        if row.name not in looks or row.method != "GET":
            continue
        before = set(Event.objects.values_list("pk", flat=True))
        ask(browser, row, path_of(row, values, URLCONF))
        found = list(Event.objects.exclude(pk__in=before).values_list("verb", flat=True))
        stated = [PORTAL_RECORDED[row.name]] if row.name in PORTAL_RECORDED else []
        if found != stated:
            wrong.append(f"{row}: {stated} is stated, {found} was recorded")
    assert not wrong, "\n".join(["", *wrong])


def _people(made: Shared) -> dict[str, User]:
    force: Organisation = made.case.organisation
    people = {
        "investigator": made.team.investigator,
        "auditor": make_user(Role.AUDITOR, organisation=force),
        "admin": make_admin(organisation=force),
        "clerk": make_user(organisation=made.area),
        "prosecutor": made.prosecutor,
        "prosecutor_elsewhere": make_user(Role.PROSECUTOR, organisation=make_cps_area()),
    }
    for user in people.values():
        EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    return people


def _values(made: Shared) -> dict[str, Any]:
    version = submit_schedule(made)
    return {
        "case_id": made.case.pk,
        "schedule_id": version.pk,
        "later_schedule_id": submit_next(made, version).pk,
        "document_id": managing.issue(made.team.officer, made.case, "DMD").pk,
        "copy_id": release_copy(made).release.pk,
        "bundle_id": make_bundle(made).pk,
        "page": 0,
        "pk": 1,
        "kind": "pdf",
        "digest": "0" * 16,
        "key": "not-a-key",
        "uidb36": "abc",
    }


def _ticket(browser: Browser, values: dict[str, Any]) -> str:
    row = next(row for row in PORTAL_TABLE if row.name == "portal:open")
    shown = ask(browser, row, path_of(row, values, URLCONF))
    found = re.search(r"/view/([^/]+)/", shown.url)
    assert found, shown.url
    return found[1]


def ask(browser: Browser, row: Row, path: str) -> Answer:
    """Send a row's request, with the CSRF token of the person's cookie."""
    url = urllib.parse.urljoin(browser.base, path)
    headers = {"Referer": url}
    data = None
    if row.method == "POST":
        headers["X-CSRFToken"] = _csrf_token(browser)
        headers["Content-Type"] = "application/json" if path.startswith("/api/") else "application/x-www-form-urlencoded"
        data = (json.dumps(row.data) if path.startswith("/api/") else urllib.parse.urlencode(row.data)).encode()
    return browser._send(urllib.request.Request(url, data, headers, method=row.method))


def _csrf_token(browser: Browser) -> str:
    browser.get("/account/login/")
    handlers = browser._opener.handlers  # type: ignore[attr-defined]
    jars = [handler.cookiejar for handler in handlers if isinstance(handler, urllib.request.HTTPCookieProcessor)]
    return next((cookie.value or "" for jar in jars for cookie in jar if "csrf" in cookie.name), "")


def answer_of(answer: Answer) -> str:
    """What an answer says about access; redirects have been followed."""
    path = urllib.parse.urlparse(answer.url).path
    if answer.status == 401 or path == "/account/login/":
        return SIGN_IN
    if path in ("/account/reauthenticate/", "/account/2fa/reauthenticate/"):
        return STEP_UP
    if answer.status < 300 or answer.status in (400, 409, 416, 422):
        return IN
    return {403: REFUSED, 404: HIDDEN}.get(answer.status, str(answer.status))
