"""The first administrator, made by whoever installs the service."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from audit.models import Event
from tests.accounts.test_sign_in import link_in, set_password_by

pytestmark = pytest.mark.django_db
ARGUMENTS = ("root@example.org", "--name", "Robin ADMIN", "--organisation", "Anyshire Police", "--code", "99")


def test_it_prints_a_link_by_which_the_admin_chooses_a_password_and_signs_in() -> None:
    out = io.StringIO()
    call_command("create_admin", *ARGUMENTS, stdout=out)
    set_password_by(link_in(out.getvalue()), "a better horse and battery")
    client = Client()
    client.post("/account/login/", {"login": "root@example.org", "password": "a better horse and battery"})
    assert client.get("/admin/", follow=True).request["PATH_INFO"] == "/account/2fa/"
    user = User.objects.get(email="root@example.org")
    assert (str(user.organisation), user.is_staff, user.is_superuser) == ("Anyshire Police", True, False)
    event = Event.objects.with_detail().get(verb="user.created")
    assert (event.actor_id, event.detail.actor) == (None, "Whoever runs the service")


def test_it_does_not_make_an_account_twice() -> None:
    call_command("create_admin", *ARGUMENTS, stdout=io.StringIO())
    with pytest.raises(CommandError, match="already"):
        call_command("create_admin", *ARGUMENTS, stdout=io.StringIO())
    assert User.objects.count() == 1
