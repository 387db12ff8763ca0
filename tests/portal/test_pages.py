"""What a prosecutor meets in the portal, over HTTP, from a process with the portal's own database role."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import Organisation, Role
from audit.models import Event
from cases import actions as case_actions
from disclosure import managing, prosecution
from portal.models import PortalSession
from tests.factories import PASSWORD, make_case, make_cps_area, make_user
from tests.portal.setting import Browser, make_shared, submit_next, submit_schedule


def test_a_prosecutor_walks_from_sign_in_to_the_schedule(browser: Browser) -> None:
    shared = make_shared()
    version = submit_schedule(shared)
    certificate = version.certificate

    home = browser.sign_in(shared.prosecutor)
    assert home.status == 200
    assert shared.case.crime_number in home.text
    assert "New case" in home.text

    case = browser.get(f"/cases/{shared.case.pk}/")
    assert case.status == 200
    assert "Complainant A" in case.text
    assert "Marianne" not in case.text
    assert "MG6C version 1" in case.text

    page = browser.get(f"/schedules/{version.pk}/")
    assert page.status == 200
    for row in version.rows.all():
        assert row.description in page.text
    assert certificate.sha256 in re.sub("<wbr>", "", page.text)
    assert "It is what was certified" in browser.get(f"/schedules/{version.pk}/check/").text
    assert "Schedule submitted" in page.text

    log = browser.get(f"/cases/{shared.case.pk}/log/")
    assert str(shared.team.officer) in log.text
    assert "Schedule consulted" in log.text


def test_many_cases_are_paged_with_what_is_new_first_and_can_be_searched(browser: Browser) -> None:
    shared = make_shared()
    for number in range(55):
        case = make_case(shared.team.investigator)
        case_actions.share_with_cps(shared.team.investigator, case, shared.area)
        if number == 54:
            last = case
    browser.sign_in(shared.prosecutor)
    browser.get(f"/cases/{last.pk}/")
    home = browser.get("/")
    assert home.text.count('<th scope="row"') == 50
    assert last.crime_number not in home.text
    second = browser.get("/" + html.unescape(re.search(r'href="(\?after=[^"]+)"', home.text)[1]))  # type: ignore[index]
    assert second.text.count('<th scope="row"') == 6
    assert last.crime_number in second.text
    found = browser.get(f"/?words={last.crime_number.lower()}")
    assert found.text.count('<th scope="row"') == 1
    assert "No case here has that" in browser.get("/?words=nothing-like-it").text


def test_every_look_is_an_event_by_the_person(browser: Browser) -> None:
    shared = make_shared()
    version = submit_schedule(shared)
    browser.sign_in(shared.prosecutor)
    browser.get(f"/cases/{shared.case.pk}/")
    browser.get(f"/schedules/{version.pk}/")
    browser.get(f"/cases/{shared.case.pk}/log/")

    verbs = Event.objects.by_actor(shared.prosecutor.pk).in_order().values_list("verb", flat=True)
    assert list(verbs) == ["session.opened", "case.consulted", "schedule.consulted", "log.consulted"]


def test_a_draft_or_a_checked_or_a_certified_version_is_not_there(browser: Browser) -> None:
    from tests.disclosure.arrange import certified, checked, drafted

    for state in (drafted, lambda team: checked(team, drafted(team)), certified):
        shared = make_shared()
        version = state(shared.team)
        browser = Browser(browser.base)
        browser.sign_in(shared.prosecutor)
        assert browser.get(f"/schedules/{version.pk}/").status == 404
        case = browser.get(f"/cases/{shared.case.pk}/")
        assert "No schedule has been submitted" in case.text


def test_what_a_prosecutor_said_and_what_changed_since_stand_beside_the_rows(browser: Browser) -> None:
    shared = make_shared()
    version = submit_schedule(shared)
    browser.sign_in(shared.prosecutor)
    assert "Endorsement" not in browser.get(f"/schedules/{version.pk}/").text
    assert browser.get(f"/schedules/{version.pk}/changes/").status == 404
    source = prosecution.Source("Sam ADEYEMI", "E-mail of 20/11/2026")
    prosecution.endorse(shared.team.officer, version, {1: prosecution.Entry("D", "It helps the defence", item_viewed=True)}, source)
    page = browser.get(f"/schedules/{version.pk}/").text
    assert "It helps the defence" in page
    assert "Sam ADEYEMI, entered" in page
    assert "viewed the item" in page
    assert "Not yet" in page
    prosecution.return_version(shared.team.officer, version, "A row is missing", source)
    later = submit_next(shared, version)
    assert "What changed since the version before" in browser.get(f"/schedules/{later.pk}/").text
    changes = browser.get(f"/schedules/{later.pk}/changes/")
    assert "What changed in MG6C version 2 since version 1" in changes.text
    assert changes.text.count('<th scope="row"') == 1
    assert "Added" in changes.text


def test_management_documents_are_there_as_issued_with_what_changed_and_what_is_new(browser: Browser) -> None:
    shared = make_shared()
    officer = shared.team.officer
    managing.write(officer, shared.case, "DMD", "issues", {"text": "Consent"})
    first = managing.issue(officer, shared.case, "DMD")
    managing.write(officer, shared.case, "DMD", "issues", {"text": "Reasonable belief"})
    browser.sign_in(shared.prosecutor)
    case = browser.get(f"/cases/{shared.case.pk}/").text
    assert "Disclosure Management Document, version 1" in case
    page = browser.get(f"/documents/{first.pk}/").text
    assert "Consent" in page
    assert "Reasonable belief" not in page
    assert first.sha256 in page.replace("<wbr>", "")
    second = managing.issue(officer, shared.case, "DMD")
    assert "1 new" in browser.get("/").text
    assert "Changed since" in (later := browser.get(f"/documents/{second.pk}/").text)
    assert "Issues in the case." in later
    assert "There is a later version" in browser.get(f"/documents/{first.pk}/").text
    verbs = Event.objects.by_actor(shared.prosecutor.pk).in_order().values_list("verb", flat=True)
    assert list(verbs)[-1] == "document.consulted"


def test_a_sensitive_schedule_carries_its_marking(browser: Browser) -> None:
    shared = make_shared()
    version = submit_schedule(shared, "MG6D")
    browser.sign_in(shared.prosecutor)
    page = browser.get(f"/schedules/{version.pk}/")
    assert page.text.count("OFFICIAL-SENSITIVE – NOT FOR DISCLOSURE") == 2
    assert "Schedule sent to QA" in page.text


def test_another_areas_case_is_not_found(browser: Browser) -> None:
    shared, others = make_shared(), make_shared()
    version = submit_schedule(others)
    browser.sign_in(shared.prosecutor)
    assert others.case.crime_number not in browser.get("/").text
    for path in (f"/cases/{others.case.pk}/", f"/cases/{others.case.pk}/log/", f"/schedules/{version.pk}/"):
        assert browser.get(path).status == 404, path


def test_a_case_that_is_not_shared_is_not_found(browser: Browser) -> None:
    shared = make_shared(share=False)
    browser.sign_in(shared.prosecutor)
    assert browser.get(f"/cases/{shared.case.pk}/").status == 404
    assert "No case is shared with your area" in browser.get("/").text


def test_what_came_since_the_last_look_is_new(browser: Browser, browse: Callable[[], Browser]) -> None:
    shared = make_shared()
    browser.sign_in(shared.prosecutor)
    browser.get(f"/cases/{shared.case.pk}/")
    assert "Nothing" in browser.get("/").text

    submit_schedule(shared)
    later = browse()
    assert "1 new" in later.sign_in(shared.prosecutor).text
    assert ">New<" in re.sub(r"\s", "", later.get(f"/cases/{shared.case.pk}/").text)
    # it stays marked while this session lasts
    assert ">New<" in re.sub(r"\s", "", later.get(f"/cases/{shared.case.pk}/").text)
    assert "1 new" not in later.get("/").text


def test_without_signing_in_there_is_only_the_sign_in_page(browser: Browser) -> None:
    shared = make_shared()
    for path in ("/", f"/cases/{shared.case.pk}/", f"/cases/{shared.case.pk}/log/"):
        answer = browser.get(path)
        assert "/account/login/" in answer.url
        assert "This portal is for prosecutors of a CPS area" in answer.text


def test_police_do_not_get_in(browser: Browser) -> None:
    """Their accounts don't exist here: row security keeps them from the portal's role."""
    shared = make_shared()
    answer = browser.sign_in(shared.team.investigator)
    assert "/account/login/" in answer.url
    assert 'sign in at <a class="govuk-link" href="http://localhost:8000">' in answer.text
    assert "/account/login/" in browser.get("/").url


def test_cps_staff_who_are_no_prosecutors_are_told_so(browser: Browser) -> None:
    somebody = make_user(organisation=make_cps_area())
    answer = browser.sign_in(somebody)
    assert answer.status == 403
    assert "This portal is for prosecutors" in answer.text
    assert "/account/login/" in browser.get("/").url
    assert Event.objects.filter(verb="portal.sign_in.refused", actor_id=somebody.pk).count() == 1


def test_an_area_that_is_closed_ends_it_at_the_next_page(browser: Browser) -> None:
    shared = make_shared()
    browser.sign_in(shared.prosecutor)
    assert browser.get("/").status == 200
    Organisation.objects.filter(pk=shared.area.pk).update(is_active=False)
    assert browser.get("/").status == 403
    assert browser.get(f"/cases/{shared.case.pk}/").status == 403


def test_a_role_that_is_taken_away_ends_it_too(browser: Browser) -> None:
    shared = make_shared()
    browser.sign_in(shared.prosecutor)
    shared.prosecutor.grants.filter(role=Role.PROSECUTOR).delete()
    assert browser.get("/").status == 403


def test_nothing_can_be_sent_but_forms(browser: Browser) -> None:
    shared = make_shared()
    browser.sign_in(shared.prosecutor)
    assert browser.send("POST", f"/cases/{shared.case.pk}/", {}).status == 403  # no CSRF token
    assert browser.send("DELETE", f"/cases/{shared.case.pk}/").status == 403


def test_changing_the_password_works_with_what_the_role_may(browser: Browser) -> None:
    shared = make_shared()
    browser.sign_in(shared.prosecutor)
    fields = {"oldpassword": PASSWORD, "password1": "another long phrase 77", "password2": "another long phrase 77"}
    assert browser.post("/account/password/change/", fields).status == 200
    shared.prosecutor.refresh_from_db()
    assert shared.prosecutor.check_password("another long phrase 77")


def test_a_forgotten_password_is_replaced_through_the_mail(browser: Browser, mail_folder: Path) -> None:
    shared = make_shared()
    browser.post("/account/password/reset/", {"email": shared.prosecutor.email})
    mails = [mail.read_text() for mail in mail_folder.iterdir()]
    link = next(re.search(r"http://\S+/key/\S+", mail) for mail in mails if f"To: {shared.prosecutor.email}" in mail)
    assert link
    page = browser.get(link[0])
    fields = {"password1": "another long phrase 77", "password2": "another long phrase 77"}
    assert browser.post(page.url, fields).status == 200
    shared.prosecutor.refresh_from_db()
    assert shared.prosecutor.check_password("another long phrase 77")


def test_events_show_their_leaf_once_they_are_in_the_tree(browser: Browser) -> None:
    shared = make_shared()
    version = submit_schedule(shared)
    browser.sign_in(shared.prosecutor)
    assert "Not yet in the tree" in browser.get(f"/schedules/{version.pk}/").text
    call_command("sequence_log", "--once")
    page = browser.get(f"/schedules/{version.pk}/").text.replace("<wbr>", "")
    leaf = Event.objects.with_detail().get(verb="schedule.submitted").leaf
    assert f"Leaf {leaf.leaf_index}" in page
    assert bytes(leaf.leaf_hash).hex() in page
    assert "Not yet in the tree" not in page


@pytest.mark.parametrize(("path", "queries"), [("/", 16), ("/cases/{}/log/", 20)])
def test_lists_ask_the_database_as_often_for_many_as_for_few(
    transactional_db: None, client: Client, settings: Any, path: str, queries: int, django_assert_max_num_queries: Any
) -> None:
    shared = make_shared()
    submit_schedule(shared)
    for _ in range(3):
        case = make_case(shared.team.investigator)
        case_actions.share_with_cps(shared.team.investigator, case, shared.area)
    settings.ROOT_URLCONF = "config.portal_urls"
    client.force_login(shared.prosecutor)
    client.get(path.format(shared.case.pk))
    with django_assert_max_num_queries(queries):
        answer = client.get(path.format(shared.case.pk))
    assert answer.status_code == 200


def test_a_long_schedule_is_shown_by_pages(transactional_db: None, client: Client, settings: Any, monkeypatch: Any) -> None:
    shared = make_shared()
    version = submit_schedule(shared)
    monkeypatch.setattr("portal.schedule_views.ROWS_AT_ONCE", 1)
    settings.ROOT_URLCONF = "config.portal_urls"
    client.force_login(shared.prosecutor)
    first, second = version.rows.order_by("position")
    page = client.get(f"/schedules/{version.pk}/").content.decode()
    assert first.description in page
    assert second.description not in page
    following = client.get(f"/schedules/{version.pk}/" + html.unescape(re.search(r'href="(\?after=[^"]+)"', page)[1]))  # type: ignore[index]
    assert second.description in following.content.decode()
    assert first.description not in following.content.decode()


def test_the_access_log_has_paths_without_what_was_asked_for(browser: Browser, portal_log: Path) -> None:
    browser.get("/healthz?secret=1234", Referer=f"{browser.base}/account/login/?next=/secret/")
    line = next(line for line in reversed(portal_log.read_text().splitlines()) if "/healthz" in line)
    assert "GET /healthz 200" in line
    assert "secret" not in line


def test_a_second_factor_is_set_up_and_asked_for(browser: Browser, browse: Callable[[], Browser]) -> None:
    shared = make_shared()
    browser.sign_in(shared.prosecutor)
    page = browser.post(browser.get("/account/2fa/totp/activate/").url, {"password": PASSWORD})
    secret = re.search(r"\b[A-Z2-7]{32}\b", page.text)
    assert secret

    def code() -> str:
        return str(totp.format_hotp_value(totp.hotp_value(secret[0], next(totp.yield_hotp_counters_from_time()))))

    # showing the form again would make another secret: its token is another form's
    browser.post("/account/2fa/totp/activate/", {"code": code()}, page="/account/logout/")
    assert Authenticator.objects.filter(user=shared.prosecutor, type="totp").exists()

    later = browse()
    asked = later.sign_in(shared.prosecutor)
    assert "/account/2fa/authenticate/" in asked.url
    assert "/account/login/" in later.get("/").url or "/2fa/" in later.get("/").url
    assert "Cases shared with" in later.post("/account/2fa/authenticate/", {"code": code()}).text


def test_ended_sessions_are_swept_away_by_the_next_sign_in(browser: Browser) -> None:
    shared = make_shared()
    PortalSession.objects.create(session_key="a" * 32, session_data="", expire_date=timezone.now() - timedelta(minutes=1))
    browser.sign_in(shared.prosecutor)
    assert not PortalSession.objects.filter(session_key="a" * 32).exists()


def test_the_portals_own_words_where_nothing_is(browser: Browser) -> None:
    answer = browser.get("/nothing/here/")
    assert answer.status == 404
    assert "not shared with your CPS area" in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "wasm" not in policy
    assert "connect-src 'self';" in f"{policy};"
    assert answer.headers["Permissions-Policy"]


def test_signing_out(browser: Browser) -> None:
    shared = make_shared()
    browser.sign_in(shared.prosecutor)
    browser.post("/account/logout/", {})
    assert "/account/login/" in browser.get("/").url
    assert Event.objects.filter(verb="session.closed", actor_id=shared.prosecutor.pk).exists()
