"""One's own account: details, notifications, tokens for other systems."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts import actions
from accounts.models import ApiToken, Notification, Role, User
from accounts.scopes import scopes_in_use
from audit.models import Event
from tests.accounts.test_sign_in import confirm
from tests.factories import PASSWORD, make_case, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return make_user(Role.INVESTIGATOR, collar_number="1234")


@pytest.fixture
def client(user: User) -> Client:
    """The person’s browser, signed in, the password just given again."""
    cache.clear()
    client = Client()
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    confirm(client)
    return client


def token_of(user: User, *scopes: str, days: int = 30) -> tuple[ApiToken, str]:
    return actions.create_api_token(user, client="Case system", scopes=scopes or scopes_in_use()[:1], days=days)


def ask(text: str, path: str = "/api/cases/") -> int:
    return Client().get(path, headers={"Authorization": f"Token {text}"}).status_code


@pytest.mark.parametrize("path", ["/account/", "/account/notifications/", "/account/tokens/", "/account/tokens/new/"])
def test_every_page_carries_the_marking_and_is_for_who_has_signed_in(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response.content.decode().count("OFFICIAL-SENSITIVE") == 2
    assert Client().get(path)["Location"].startswith("/account/")


def test_the_account_says_who_i_am_here(client: Client, user: User) -> None:
    page = client.get("/account/").content.decode()
    for text in (user.name, "1234", user.email, str(user.organisation), "Investigator"):
        assert text in page


def test_notifications_are_listed_and_marked_as_read(
    client: Client, user: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    Notification.objects.bulk_create(Notification(user=user, text=f"Notice {number:03}") for number in range(60))
    Notification.objects.create(user=make_user(), text="Somebody else’s")
    with django_assert_max_num_queries(8):
        page = client.get("/account/notifications/").content.decode()
    assert "Notice 0" in page
    assert "Somebody else" not in page
    assert 'rel="next"' in page
    client.post("/account/notifications/read/")
    assert not user.notifications.filter(read_at=None).exists()
    assert Notification.objects.filter(read_at=None).count() == 1


def test_a_token_is_shown_once_works_and_is_stored_hashed(client: Client, user: User) -> None:
    make_case(user)
    answers = {"client": "Case system", "scopes": ["cases.read"], "days": "30"}
    page = client.post("/account/tokens/new/", answers).content.decode()
    text = re.sub(r"<wbr>", "", page)
    found = re.search(r"[0-9a-f]{64}", text)
    assert found, page
    assert ask(found[0]) == 200
    assert found[0] not in client.get("/account/tokens/").content.decode().replace("<wbr>", "")
    token = ApiToken.objects.get()
    assert found[0] not in f"{token.digest}{token.token_key}"
    assert timedelta(days=29) < token.expiry - timezone.now() <= timedelta(days=30)
    event = Event.objects.get(verb="token.created")
    assert (event.actor_id, event.object_id, event.members()["after"]["scopes"]) == (user.pk, token.digest, ["cases.read"])
    assert found[0] not in event.body


def test_a_token_opens_only_what_it_was_made_for(user: User) -> None:
    make_case(user)
    other = next(scope for scope in scopes_in_use() if scope != "cases.read")
    assert ask(token_of(user, other)[1]) == 403
    assert ask(token_of(user, "cases.read")[1]) == 200
    assert ask("0" * 64) == 401


def test_a_withdrawn_an_expired_and_a_closed_accounts_token_open_nothing(client: Client, user: User) -> None:
    withdrawn, text = token_of(user, "cases.read")
    client.post(f"/account/tokens/{withdrawn.pk}/withdraw/")
    assert ask(text) == 401
    assert Event.objects.filter(verb="token.withdrawn", object_id=withdrawn.digest).count() == 1
    expired, text = token_of(user, "cases.read")
    ApiToken.objects.filter(pk=expired.pk).update(expiry=timezone.now() - timedelta(seconds=1))
    assert ask(text) == 401
    assert ApiToken.objects.filter(pk=expired.pk).exists(), "kept as a record"
    _, text = token_of(user, "cases.read")
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert ask(text) == 401


def test_another_persons_token_is_not_found(client: Client) -> None:
    token, text = token_of(make_user(Role.INVESTIGATOR), "cases.read")
    assert client.post(f"/account/tokens/{token.pk}/withdraw/").status_code == 404
    assert ask(text) == 200


@pytest.mark.parametrize(
    ("scopes", "days", "name"),
    [(["cases.read"], 91, "A"), (["cases.read"], 0, "A"), ([], 30, "A"), (["all.everything"], 30, "A"), (["cases.read"], 30, " ")],
)
def test_a_token_is_limited(user: User, scopes: list[str], days: int, name: str) -> None:
    with pytest.raises(ValidationError):
        actions.create_api_token(user, client=name, scopes=scopes, days=days)
    assert not ApiToken.objects.exists()


def test_making_a_token_asks_for_the_password_again_after_a_while(client: Client) -> None:
    assert client.get("/account/tokens/new/").status_code == 200
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()
    response = client.get("/account/tokens/new/")
    assert response.status_code == 302
    assert response["Location"].startswith("/account/reauthenticate/")
