"""Who may sign in at the portal."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.adapters import AccountAdapter
from accounts.models import User
from portal.models import prosecutes
from portal.sessions import SessionStore


class PortalAccountAdapter(AccountAdapter):
    """Prosecutors of an active CPS area; anybody else is told so, and the log too."""

    permission = "portal.sign_in"

    def belongs_here(self, user: User) -> bool:
        return prosecutes(user)

    def show_the_way(self, request: HttpRequest) -> HttpResponse:
        return refuse(request)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """In; and sweep away sessions that have ended: no other process may touch that table."""
        SessionStore.clear_expired()
        return super().post_login(request, user, **kwargs)

    def set_password(self, user: User, password: str) -> None:
        """Write the password and nothing else: the portal's role may write no other column of an account."""
        user.set_password(password)
        user.save(update_fields=["password"])


def refuse(request: HttpRequest) -> HttpResponse:
    """The page for somebody who is known and has no business in the portal."""
    return render(request, "portal/not_for_you.html", status=403)
