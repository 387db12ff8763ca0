"""What an admin can do to accounts, and what an admin can't."""

import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib import admin as django_admin
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts import actions
from accounts.admin_site import OURS
from accounts.models import Organisation, Role, User
from audit.actions import Refused
from audit.models import Event
from cases.models import Case
from tests.accounts.test_sign_in import SECRET, code, link_in, set_password_by
from tests.factories import PASSWORD, make_admin, make_case, make_force, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    return make_admin()


@pytest.fixture
def client(admin: User) -> Client:
    """The admin's browser, in the administration."""
    cache.clear()
    TOTP.activate(admin, SECRET)
    client = Client()
    client.post("/account/login/", {"login": admin.email, "password": PASSWORD})
    client.post("/account/2fa/authenticate/", {"code": code()})
    return client


def details(organisation: Organisation, **more: object) -> dict[str, object]:
    return {
        "email": "Ann.Example@Example.org",
        "organisation": organisation.pk,
        "name": "Ann EXAMPLE",
        "title": "DC",
        "collar_number": "1234",
        "initials": "ae",
        "roles": [Role.INVESTIGATOR, Role.DISCLOSURE],
        **more,
    }


def last_event(verb: str) -> Event:
    event: Event = Event.objects.with_detail().filter(verb=verb).latest("at")
    return event


def test_an_account_is_made_and_its_person_chooses_the_password(
    client: Client, admin: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    force = make_force()
    supervisor = make_user(Role.SUPERVISOR, organisation=force)
    response = client.post("/admin/accounts/user/add/", details(force))
    assert response.status_code == 302, response.content.decode()
    user = User.objects.get(email="ann.example@example.org")
    assert (user.initials, user.has_usable_password(), user.is_staff) == ("AE", False, False)
    assert set(user.grants.values_list("role", flat=True)) == {"investigator", "disclosure"}
    event = last_event("user.created")
    assert (event.actor_id, event.object_id, event.organisation_id) == (admin.pk, str(user.pk), force.pk)
    assert "Ann" not in event.body
    assert event.detail.facts["name"] == "Ann EXAMPLE"
    assert last_event("roles.changed").after == {"roles": ["disclosure", "investigator"]}
    assert f"{admin} made an account for {user}" in supervisor.notifications.values_list("text", flat=True)

    with django_capture_on_commit_callbacks(execute=True):
        client.post("/admin/accounts/user/", {"action": "start_password_reset", "_selected_action": [str(user.pk)]})
    [message] = mail.outbox
    assert message.to == [user.email]
    set_password_by(link_in(str(message.body)), "a better horse and battery")
    theirs = Client()
    theirs.post("/account/login/", {"login": user.email, "password": "a better horse and battery"})
    assert theirs.get("/account/").status_code == 200


def test_a_reset_is_recorded_and_told_to_the_person_and_their_supervisor(client: Client, admin: User) -> None:
    user = make_user(Role.INVESTIGATOR)
    supervisor = make_user(Role.SUPERVISOR, organisation=user.organisation)
    elsewhere = make_user(Role.SUPERVISOR)
    client.post("/admin/accounts/user/", {"action": "start_password_reset", "_selected_action": [str(user.pk)]})
    assert last_event("password.reset_started").actor_id == admin.pk
    assert user.notifications.get().important
    assert supervisor.notifications.filter(important=True).count() == 1
    assert not elsewhere.notifications.exists()
    assert User.objects.get(pk=user.pk).check_password(PASSWORD), "the old one works until the person has chosen"


def test_the_form_offers_no_way_into_an_account(client: Client) -> None:
    user = make_user(Role.INVESTIGATOR)
    page = client.get(f"/admin/accounts/user/{user.pk}/change/").content.decode()
    names = set(re.findall(r'name="([a-z_]+)"', page)) - {"csrfmiddlewaretoken", "viewport", "robots"}
    assert names == {"name", "title", "collar_number", "initials", "is_staff", "is_active", "roles"} | {
        name for name in names if name.startswith("_")
    }
    changed = {"email": "mine@example.org", "password": "x", "is_superuser": "on", "name": "Other", "is_active": "on"}
    client.post(f"/admin/accounts/user/{user.pk}/change/", changed)
    after = User.objects.get(pk=user.pk)
    assert (after.email, after.name, after.is_superuser) == (user.email, "Other", False)
    assert after.check_password(PASSWORD)
    assert client.get(f"/admin/accounts/user/{user.pk}/password/", follow=True).request["PATH_INFO"] == "/admin/"
    assert client.get(f"/admin/accounts/user/{user.pk}/delete/").status_code == 403


def test_only_configuration_is_in_the_administration() -> None:
    registered = {model._meta.label for model in django_admin.site._registry}
    assert {model.split(".")[0] for model in registered} <= OURS
    evidential = ("Case", "Person", "Team", "Exhibit", "Copy", "Blob", "Row", "Decision", "Document", "Release", "Token", "Event")
    assert not [label for label in registered if label.split(".")[1].startswith(evidential)]


def test_being_an_admin_opens_no_case(client: Client, admin: User) -> None:
    case = make_case()
    assert not Case.objects.visible_to(admin).exists()
    assert client.get(f"/cases/{case.pk}/").status_code == 404
    assert not admin.has_perm("cases.view_case", case)
    assert not admin.has_perm("cases.add_case")
    assert not admin.has_perm("cases.view_identity", case)


def test_an_admin_can_not_give_themselves_roles_or_change_their_own_access(client: Client, admin: User) -> None:
    with pytest.raises(ValidationError, match="another administrator"):
        actions.set_roles(admin, admin, [Role.INVESTIGATOR])
    with pytest.raises(ValidationError, match="another administrator"):
        actions.change_user(admin, admin, is_active=False)
    response = client.post(f"/admin/accounts/user/{admin.pk}/change/", {"name": admin.name, "roles": ["investigator"]}, follow=True)
    assert "Ask another administrator" in response.content.decode()
    assert not admin.grants.exists()


def test_nobody_else_can_do_an_admins_acts(admin: User) -> None:
    user, other = make_user(Role.SUPERVISOR), make_user()
    for attempt in (
        lambda: actions.create_user(user, email="x@example.org", name="X", organisation=user.organisation),
        lambda: actions.change_user(user, other, name="X"),
        lambda: actions.set_roles(user, other, [Role.AUDITOR]),
        lambda: actions.start_password_reset(user, other, lambda person: None),
    ):
        with pytest.raises(Refused):
            attempt()
    assert Event.objects.filter(verb="accounts.configure.refused", actor_id=user.pk).count() == 4


def test_closing_an_account_is_recorded_and_told(client: Client, admin: User) -> None:
    user = make_user(Role.INVESTIGATOR)
    supervisor = make_user(Role.SUPERVISOR, organisation=user.organisation)
    actions.change_user(admin, user, is_active=False)
    event = last_event("user.changed")
    assert (event.members()["before"]["active"], event.members()["after"]["active"]) == (True, False)
    assert supervisor.notifications.get().text == f"{admin} changed the account of {user}"
    with pytest.raises(ValidationError, match="closed"):
        actions.start_password_reset(admin, user, lambda person: None)


def test_configuration_of_other_rooms_is_recorded_too(client: Client, admin: User) -> None:
    values = {"cjs_code": "ZZ00001", "title": "An offence", "statute": "An Act s.1", "is_active": "on"}
    assert client.post("/admin/cases/offencecode/add/", values).status_code == 302
    event = last_event("configuration.added")
    assert (event.actor_id, event.object_type) == (admin.pk, "offencecode")
    assert event.detail.facts["title"] == "An offence"


def test_an_organisation_is_added_and_closed_but_never_deleted(client: Client) -> None:
    values = {"name": "Anyshire Police", "kind": "force", "code": "99", "is_active": "on"}
    assert client.post("/admin/accounts/organisation/add/", values).status_code == 302
    made = Organisation.objects.get(name="Anyshire Police")
    client.post(f"/admin/accounts/organisation/{made.pk}/change/", {"name": made.name, "code": "99"})
    assert not Organisation.objects.get(pk=made.pk).is_active
    assert client.post(f"/admin/accounts/organisation/{made.pk}/delete/", {"post": "yes"}).status_code == 403
