"""How signing in differs from the package's ways."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import sign_in
from accounts.models import Organisation, User
from audit.actions import Refused, record_refusal


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an admin: nobody signs up. Whoever belongs in another process is shown the way there."""

    permission = "accounts.sign_in"

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """After the right password, before any session: the answer to somebody who has no business here, or None."""
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        if response is not None or self.belongs_here(user):
            return response
        clear_login(request)
        record_refusal(Refused(self.permission, actor=user.as_actor(), organisation_id=user.organisation_id))
        return self.show_the_way(request)

    def belongs_here(self, user: User) -> bool:
        """CPS staff use the portal, unless they administer."""
        return user.is_staff or user.organisation.kind != Organisation.Kind.CPS_AREA

    def show_the_way(self, request: HttpRequest) -> HttpResponse:
        """The page that says where else to go."""
        return render(request, "account/use_the_portal.html", {"portal_url": settings.PORTAL_URL}, status=403)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """In, after every step that the account asks for: an event."""
        sign_in.signed_in(user, sign_in.methods_of(request, user))
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def logout(self, request: HttpRequest) -> None:
        """Out: an event."""
        if isinstance(request.user, User):
            sign_in.signed_out(request.user)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong password, or an address that nobody has: an event."""
        sign_in.sign_in_failed(str(credentials.get("email") or credentials.get("username") or ""))
