"""Released copies in the portal: what is there, what is not, and how they are read. Making one is slow, so each test asks much."""

from __future__ import annotations

import hashlib
import io
import re
from pathlib import Path
from typing import Any

from django.utils import timezone
from pypdf import PdfReader

from audit.models import Event
from cases import actions as case_actions
from disclosure import actions as disclosure_actions
from disclosure import fencing
from evidence import actions as evidence_actions
from evidence.models import Blob, Exhibit
from redaction import actions as redaction_actions
from redaction.models import Audience
from tests.disclosure.arrange import redecide
from tests.evidence.test_verification import flip
from tests.factories import make_user, run_jobs
from tests.portal.setting import SECRET, Browser, burn_in, make_shared, release_copy, submit_schedule

FOR = {"purpose": "Charging decision", "how": "download"}


def test_a_released_copy_is_shown_with_its_proof_opened_for_a_purpose_and_downloaded(browser: Browser) -> None:
    shared = make_shared()
    made = release_copy(shared)
    redecide(shared.team, disclosure_actions.ensure_item(made.exhibit), "mg6c")
    version = submit_schedule(shared)
    blob, path = made.blob, f"/copies/{made.release.pk}/"
    browser.sign_in(shared.prosecutor)
    assert made.exhibit.reference in browser.get(f"/cases/{shared.case.pk}/").text
    assert path in browser.get(f"/schedules/{version.pk}/").text

    page = browser.get(path)
    plain = page.text.replace("<wbr>", "")
    assert blob.sha256 in plain
    assert made.exhibit.copies.get(kind="master").blobs.get().sha256 in plain
    assert str(made.approver) in page.text
    assert "Redaction released" in page.text

    refused = browser.post(f"{path}open/", FOR | {"purpose": "  "}, page=path)
    assert "Enter what you open it for" in refused.text
    assert not Event.objects.filter(verb="blob.opened", actor_id=shared.prosecutor.pk).exists()

    file = browser.post(f"{path}open/", FOR, page=path)
    assert hashlib.sha256(file.body).hexdigest() == blob.sha256
    text = PdfReader(io.BytesIO(file.body)).pages[0].extract_text()
    assert SECRET not in text
    assert "locked" in text
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert made.exhibit.reference.replace("/", "-") in file.headers["Content-Disposition"]
    assert file.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["ETag"] == f'"{blob.sha256}"'

    event = Event.objects.with_detail().get(verb="blob.opened", actor_id=shared.prosecutor.pk)
    assert (event.case_id, event.object_id) == (shared.case.pk, str(made.release.pk))
    assert event.detail.facts["purpose"] == "Charging decision"
    assert "File opened" in browser.get(f"/cases/{shared.case.pk}/log/").text

    view = browser.post(f"{path}open/", FOR | {"how": "view"}, page=path)
    pages = re.findall(r'src="(/copies/[^"]+\.png)"', view.text)
    assert len(pages) == 1
    picture = browser.get(pages[0])
    assert picture.headers["Content-Type"] == "image/png"
    assert picture.body.startswith(b"\x89PNG")
    assert browser.get(pages[0].replace("/0.png", "/1.png")).status == 404


def test_a_ticket_is_its_persons_reads_ranges_and_ends_with_the_recall(browser: Browser) -> None:
    shared, other = make_shared(), make_shared()
    made = release_copy(shared)
    path = f"/copies/{made.release.pk}/"
    browser.sign_in(shared.prosecutor)
    ticket = browser.post(f"{path}open/", FOR, page=path).url
    part = browser.get(ticket, Range="bytes=0-4")
    assert (part.status, part.body) == (206, b"%PDF-")
    assert browser.get(ticket, Range="bytes=999999999-").status == 416

    colleague, stranger = Browser(browser.base), Browser(browser.base)
    colleague.sign_in(make_user("prosecutor", organisation=shared.area))
    stranger.sign_in(other.prosecutor)
    assert colleague.get(path).status == 200
    assert colleague.get(ticket).status == stranger.get(ticket).status == stranger.get(path).status == 404

    redaction_actions.recall(made.approver, made.release, "A name was missed")
    assert browser.get(ticket).status == browser.get(path).status == 404
    log = browser.get(f"/cases/{shared.case.pk}/log/").text
    assert "Redaction recalled" in log
    assert "A name was missed" not in log


def test_a_ticket_ends_when_the_case_goes_to_another_area(browser: Browser) -> None:
    shared, other = make_shared(), make_shared()
    made = release_copy(shared)
    path = f"/copies/{made.release.pk}/"
    browser.sign_in(shared.prosecutor)
    ticket = browser.post(f"{path}open/", FOR, page=path).url
    case_actions.share_with_cps(shared.team.investigator, shared.case, other.area)
    assert browser.get(ticket).status == browser.get(path).status == 404


def test_what_is_not_released_or_for_another_audience_is_not_there(browser: Browser) -> None:
    shared = make_shared()
    waiting = burn_in(shared)
    for_defence = release_copy(shared, Audience.DEFENCE)
    browser.sign_in(shared.prosecutor)
    assert "No copy has been released to the CPS" in browser.get(f"/cases/{shared.case.pk}/").text
    assert browser.get(f"/copies/{waiting.release.pk}/").status == 404
    assert browser.get(f"/copies/{for_defence.release.pk}/").status == 404
    assert "Redaction" not in browser.get(f"/cases/{shared.case.pk}/log/").text


def test_a_quarantined_copy_says_so_and_does_not_open(browser: Browser, settings: Any) -> None:
    shared = make_shared()
    made = release_copy(shared)
    flip(Path(settings.VAULT["FOLDER"]), made.blob)
    evidence_actions.verify_now(shared.team.investigator, made.blob)
    run_jobs("evidence.verify")
    assert made.blob.state == Blob.State.QUARANTINED

    browser.sign_in(shared.prosecutor)
    page = browser.get(f"/copies/{made.release.pk}/")
    assert "Quarantined" in page.text
    assert "What do you open it for?" not in page.text


def test_what_is_fenced_after_its_release_is_gone_until_the_fence_is_lifted(browser: Browser) -> None:
    shared = make_shared()
    made = release_copy(shared)
    path, case = f"/copies/{made.release.pk}/", f"/cases/{shared.case.pk}/"
    browser.sign_in(shared.prosecutor)
    ticket = browser.post(f"{path}open/", FOR, page=path).url
    assert browser.get(ticket, Range="bytes=0-4").status == 206
    exhibit = Exhibit.objects.get(pk=made.exhibit.pk)
    (fence,) = fencing.fence(shared.team.officer, exhibit, "privilege", "A solicitor's letterhead")
    assert browser.get(ticket).status == browser.get(path).status == 404
    assert path not in browser.get(case).text
    today = timezone.localdate()
    fencing.instruct(shared.team.officer, fence, person="Rhona Vance KC", body="Carden Row Chambers", on=today)
    assert "Rhona Vance" not in browser.get(f"{case}log/").text
    fencing.determine(shared.team.officer, fence, "not_privileged", on=today, reason="A shopping list")
    assert browser.get(path).status == 200
    assert browser.get(ticket, Range="bytes=0-4").status == 206
