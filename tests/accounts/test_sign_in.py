"""Signing in and out: what is asked, what is recorded, what is slowed down."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Role, User
from audit.models import Event
from tests.factories import PASSWORD, make_admin, make_cps_area, make_user

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _no_limits_left_over() -> None:
    cache.clear()


def sign_in(client: Client, user: User, password: str = PASSWORD) -> int:
    """Answer the form; return the answer's status."""
    return client.post("/account/login/", {"login": user.email, "password": password}).status_code


def confirm(client: Client) -> None:
    """Give the password again, as the pages ask for that change how one signs in."""
    assert client.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302


def code(secret: str = SECRET) -> str:
    """What an authenticator app shows now."""
    counters = list(yield_hotp_counters_from_time())
    return str(format_hotp_value(hotp_value(secret, counters[len(counters) // 2])))


def verbs() -> list[str]:
    return list(Event.objects.in_order().values_list("verb", flat=True))


def test_a_person_signs_in_and_out_and_both_are_recorded() -> None:
    user, client = make_user(Role.INVESTIGATOR), Client()
    assert sign_in(client, user) == 302
    assert client.get("/account/").status_code == 200
    client.post("/account/logout/")
    assert client.get("/account/").status_code == 302
    opened, closed = Event.objects.with_detail().in_order()
    assert (opened.verb, opened.actor_id, opened.after) == ("session.opened", user.pk, {"methods": ["password"]})
    assert opened.organisation_id == user.organisation_id
    assert opened.detail.actor == f"{user} ({user.organisation})"
    assert (closed.verb, closed.actor_id) == ("session.closed", user.pk)


def test_a_wrong_password_is_recorded_without_what_was_typed() -> None:
    user = make_user()
    assert sign_in(Client(), user, "hunter2hunter2") == 200
    event = Event.objects.with_detail().get()
    assert (event.verb, event.object_id, event.actor_id) == ("session.not_opened", str(user.pk), None)
    assert "hunter2" not in event.body + event.detail.detail
    assert user.email not in event.body


def test_an_address_that_nobody_has_is_recorded_as_such() -> None:
    Client().post("/account/login/", {"login": "secret-password-in-the-wrong-field@example.org", "password": "x"})
    event = Event.objects.with_detail().get()
    assert (event.after, event.object_id) == ({"known": False}, "")
    assert "wrong-field" not in event.body + event.detail.detail


def test_guessing_is_stopped_even_with_the_right_password() -> None:
    user, client = make_user(), Client()
    for _ in range(5):
        sign_in(client, user, "wrong password")
    assert sign_in(client, user) == 200
    page = client.post("/account/login/", {"login": user.email, "password": PASSWORD}).content.decode()
    assert "Too many failed" in page
    assert "session.opened" not in verbs()


def test_a_closed_account_can_not_sign_in_and_its_session_ends() -> None:
    user, client = make_user(), Client()
    sign_in(client, user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/account/").status_code == 302
    assert sign_in(Client(), user) != 200 or "session.opened" not in verbs()[1:]
    assert verbs().count("session.opened") == 1


def test_nobody_signs_up() -> None:
    page = Client().post("/account/signup/", {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD})
    assert not User.objects.filter(email="new@example.org").exists()
    assert page.status_code == 200


def test_a_session_ends_half_an_hour_after_the_last_request(settings: Settings) -> None:
    user, client = make_user(), Client()
    sign_in(client, user)
    expiry = client.session.get_expiry_date() - timezone.now()
    assert timedelta(minutes=29) < expiry <= timedelta(minutes=30)
    cookie = client.get("/account/").cookies["sessionid" if "sessionid" in client.cookies else settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert not cookie["max-age"], "it ends with the browser too"


def test_a_prosecutor_is_sent_to_the_portal_and_no_session_is_opened() -> None:
    prosecutor = make_user(Role.PROSECUTOR, organisation=make_cps_area())
    client = Client()
    assert sign_in(client, prosecutor) == 403
    assert client.get("/account/").status_code == 302
    assert verbs() == ["accounts.sign_in.refused"]


def test_a_second_factor_is_asked_for_and_recorded() -> None:
    user, client = make_user(), Client()
    TOTP.activate(user, SECRET)
    response = client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert urlsplit(response["Location"]).path == "/account/2fa/authenticate/"
    assert client.get("/account/").status_code == 302, "the password alone opens nothing"
    client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert client.get("/account/").status_code == 302
    client.post("/account/2fa/authenticate/", {"code": code()})
    assert client.get("/account/").status_code == 200
    assert verbs() == ["second_factor.refused", "session.opened"]
    assert Event.objects.get(verb="session.opened").after == {"methods": ["password", "totp"]}


@pytest.mark.django_db(transaction=True)
def test_setting_up_and_removing_a_second_factor_are_recorded() -> None:
    user, client = make_user(), Client()
    sign_in(client, user)
    confirm(client)
    assert client.get("/account/2fa/totp/activate/").status_code == 200
    secret = client.session[SECRET_SESSION_KEY]
    answer = client.post("/account/2fa/totp/activate/", {"code": code(secret)})
    assert answer.status_code == 302, answer.content.decode()
    client.post("/account/2fa/totp/deactivate/")
    added = Event.objects.filter(verb="second_factor.added")
    assert {event.members()["after"]["kind"] for event in added} == {"totp", "recovery_codes"}
    assert Event.objects.filter(verb="second_factor.removed").exists()
    assert all(secret not in event.body + event.detail.detail for event in Event.objects.with_detail())


def test_a_forgotten_password_is_reset_by_mail_and_recorded() -> None:
    user, client = make_user(), Client()
    client.post("/account/password/reset/", {"email": user.email})
    [message] = mail.outbox
    assert message.to == [user.email]
    assert message.subject.startswith("OFFICIAL-SENSITIVE: ")
    set_password_by(link_in(str(message.body)), "a better horse and battery")
    assert verbs() == ["password.reset"]
    assert sign_in(Client(), user, "a better horse and battery") == 302


def test_a_forgotten_password_says_nothing_of_who_has_an_account() -> None:
    answers = []
    for email in (make_user().email, "nobody@example.org"):
        response = Client().post("/account/password/reset/", {"email": email}, follow=True)
        answers.append(re.sub(r"csrf\S+|nonce\S+|\"X-CSRFToken\"\S+ \S+", "", response.content.decode()))
    assert answers[0] == answers[1]


def test_changing_ones_password_is_recorded_and_ends_the_other_sessions() -> None:
    user, here, elsewhere = make_user(), Client(), Client()
    sign_in(here, user)
    sign_in(elsewhere, user)
    new = "a better horse and battery"
    here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert "password.changed" in verbs()
    assert elsewhere.get("/account/").status_code == 302


def link_in(body: str) -> str:
    """The path of the link in a mail."""
    found = re.search(r"https?://\S+", body)
    assert found
    return urlsplit(found[0]).path


def set_password_by(path: str, password: str) -> None:
    """Follow a reset link and choose a password."""
    client = Client()
    form = client.get(path, follow=True)
    answer = client.post(form.request["PATH_INFO"], {"password1": password, "password2": password})
    assert answer.status_code == 302, answer.content.decode()


# ---- the administration ----------------------------------------------------------------------------------------------


def test_the_administration_asks_for_a_second_factor_of_this_session() -> None:
    admin, client = make_admin(), Client()
    first = client.get("/admin/")
    assert urlsplit(client.get(first["Location"])["Location"]).path == "/account/login/"
    sign_in(client, admin)
    to_set_up = client.get("/admin/", follow=True)
    assert to_set_up.request["PATH_INFO"] == "/account/2fa/"
    assert "Set up a second factor" in to_set_up.content.decode()
    TOTP.activate(admin, SECRET)
    to_show = client.get("/admin/", follow=True)
    assert to_show.request["PATH_INFO"] == "/account/2fa/reauthenticate/"
    client.post("/account/2fa/reauthenticate/", {"code": code()})
    assert client.get("/admin/").status_code == 200


def test_an_admin_who_signed_in_with_a_second_factor_is_in() -> None:
    admin, client = make_admin(), Client()
    TOTP.activate(admin, SECRET)
    client.post("/account/login/?next=/admin/", {"login": admin.email, "password": PASSWORD})
    client.post("/account/2fa/authenticate/", {"code": code()})
    page = client.get("/admin/")
    assert page.status_code == 200
    assert "OFFICIAL-SENSITIVE" in page.content.decode()


def test_the_administration_is_not_found_by_anybody_else() -> None:
    user, client = make_user(Role.SUPERVISOR), Client()
    TOTP.activate(user, SECRET)
    sign_in(client, user)
    client.post("/account/2fa/authenticate/", {"code": code()})
    for path in ("/admin/", "/admin/accounts/user/", "/admin/login/"):
        assert client.get(path, follow=True).status_code == 404
