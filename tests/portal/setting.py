"""What the portal's tests begin with: a case shared with a CPS area, a submitted schedule in it, a released copy."""

from __future__ import annotations

import html
import http.cookiejar
import io
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from reportlab.pdfgen import canvas

from accounts.models import Organisation, Role, User
from audit.sequencer import Sequencer
from bundles import actions as bundle_actions
from bundles.models import Bundle
from cases import actions as case_actions
from cases.models import Case
from disclosure import actions as disclosure_actions
from disclosure.models import ScheduleVersion
from evidence.models import Blob, Exhibit
from redaction import actions as redaction_actions
from redaction import sampling
from redaction.models import Audience, Release
from tests.disclosure.arrange import PLACE, WORDS, Team, checked, make_item, make_team, submitted
from tests.factories import PASSWORD, make_complainant, make_cps_area, make_user, make_verified_exhibit, run_jobs


@dataclass
class Shared:
    """A case shared with an area whose prosecutor is waiting."""

    team: Team
    area: Organisation
    prosecutor: User
    complainant: Any

    @property
    def case(self) -> Case:
        return self.team.case


def make_shared(*, share: bool = True) -> Shared:
    """A case with a complainant, shared with a CPS area that has a prosecutor."""
    team = make_team()
    area = make_cps_area()
    complainant = make_complainant(team.investigator, team.case)
    if share:
        case_actions.share_with_cps(team.investigator, team.case, area)
        team.case.refresh_from_db()
    prosecutor = make_user(Role.PROSECUTOR, organisation=area, title="Senior Crown Prosecutor", name="Sam ADEYEMI")
    # as `accounts.actions.create_user` makes it
    EmailAddress.objects.create(user=prosecutor, email=prosecutor.email, verified=True, primary=True)
    return Shared(team, area, prosecutor, complainant)


def submit_schedule(shared: Shared, kind: str = "MG6C") -> ScheduleVersion:
    """A submitted schedule of two rows."""
    return submitted(shared.team, kind)


def submit_next(shared: Shared, version: ScheduleVersion) -> ScheduleVersion:
    """The next version of a schedule, with a row more, submitted too."""
    make_item(shared.team, "mg6c")
    later = disclosure_actions.new_version(shared.team.officer, version.schedule)
    disclosure_actions.certify(shared.team.officer, checked(shared.team, later))
    disclosure_actions.submit(shared.team.officer, later)
    return later


SECRET = "07700 900461"
KEPT = "The door was locked at ten past eleven."


def statement() -> bytes:
    """A page of PDF with a telephone number on it."""
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=(595, 842))
    page.drawString(72, 760, "Statement of the night manager")
    page.drawString(72, 730, f"Call me on {SECRET} in the evening.")
    page.drawString(72, 700, KEPT)
    page.save()
    return out.getvalue()


@dataclass
class Redacted:
    """An exhibit with its release to an audience, and who let it go."""

    exhibit: Exhibit
    release: Release
    approver: User

    @property
    def blob(self) -> Blob:
        return Blob.objects.get(copy__release=self.release)


def burn_in(shared: Shared, audience: str = Audience.CPS) -> Redacted:
    """A redacted copy of a statement that has passed its leak check and is not released yet."""
    team = shared.team
    exhibit = make_verified_exhibit(team.investigator, shared.case, data=statement(), description=WORDS, location=PLACE)
    approver = make_user(Role.APPROVER, organisation=shared.case.organisation)
    case_actions.add_team_member(team.investigator, shared.case, approver, Role.APPROVER)
    document, release = redaction_actions.start(team.redactor, exhibit, audience=audience)
    run_jobs()
    document.refresh_from_db()
    redaction_actions.accept_rest(team.redactor, document)
    redaction_actions.ask_approval(team.redactor, release)
    for entry in sampling.entries(release):
        sampling.confirm(approver, release, entry.index)
    redaction_actions.approve(approver, release)
    run_jobs()
    release.refresh_from_db()
    return Redacted(exhibit, release, approver)


def release_copy(shared: Shared, audience: str = Audience.CPS) -> Redacted:
    """A released copy."""
    made = burn_in(shared, audience)
    redaction_actions.release(made.approver, made.release)
    return made


def make_bundle(shared: Shared, audience: str = Audience.CPS) -> Bundle:
    """A bundle of what was released and submitted, made by the worker."""
    bundle = bundle_actions.ask(shared.team.officer, shared.case, audience, "Charging request")
    Sequencer.from_settings().drain()
    run_jobs("bundles.make")
    bundle.refresh_from_db()
    return bundle


@dataclass
class Answer:
    """What came back, whatever its status."""

    status: int
    headers: dict[str, str]
    body: bytes
    url: str

    @property
    def text(self) -> str:
        return html.unescape(self.body.decode("utf-8", "replace"))

    def json(self) -> Any:
        return json.loads(self.body)


class Browser:
    """Cookies, redirects, and forms with their CSRF token, against a server over HTTP."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def get(self, path: str, **headers: str) -> Answer:
        return self._send(urllib.request.Request(urllib.parse.urljoin(self.base, path), headers=headers))

    def post(self, path: str, fields: dict[str, str], *, page: str = "") -> Answer:
        """Send a form that stands on `page` (by default the path itself)."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(page or path).body.decode())
        assert token, f"no form on {page or path}"
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1]} | fields).encode()
        headers = {"Referer": urllib.parse.urljoin(self.base, page or path)}
        return self._send(urllib.request.Request(urllib.parse.urljoin(self.base, path), data=data, headers=headers))

    def send(self, method: str, path: str, data: Any = None, **headers: str) -> Answer:
        """One request with a JSON body, as a program sends it."""
        body = None if data is None else json.dumps(data).encode()
        headers |= {"Content-Type": "application/json"} if body else {}
        return self._send(urllib.request.Request(urllib.parse.urljoin(self.base, path), body, headers, method=method))

    def sign_in(self, user: User) -> Answer:
        return self.post("/account/login/", {"login": user.email, "password": PASSWORD})

    def _send(self, request: urllib.request.Request) -> Answer:
        try:
            with self._opener.open(request, timeout=60) as response:
                return Answer(response.status, dict(response.headers), response.read(), response.url)
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, dict(error.headers), error.read(), error.url or "")
