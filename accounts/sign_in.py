"""Signing in and out as events, told by allauth's adapter and, where that has no method, by its signals."""

from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
from django.http import HttpRequest

from accounts.models import User
from audit.actions import SYSTEM, record, recorded


@recorded
def signed_in(user: User, methods: list[str]) -> None:
    """A person is in, after every step that their account asks for."""
    _record("session.opened", user, after={"methods": methods})


@recorded
def signed_out(user: User) -> None:
    """A person has left. A session that ends by itself leaves no event."""
    _record("session.closed", user)


@recorded
def sign_in_failed(email: str) -> None:
    """Somebody got a password or an address wrong. What they typed is kept only as the account it names, if it names one."""
    user = User.objects.filter(email__iexact=email.strip()).first()
    record(
        "session.not_opened",
        actor=SYSTEM,
        organisation_id=user.organisation_id if user else None,
        object_type="user",
        object_id=user.pk if user else None,
        after={"known": user is not None},
    )


@recorded
def second_factor_failed(user: User) -> None:
    """The password was right, and the code or key wasn't."""
    _record("second_factor.refused", user)


def connect() -> None:
    """Listen to what the sign-in package says about passwords and second factors; it has no other way to tell."""
    account_signals.password_changed.connect(_changed("password.changed"), weak=False, dispatch_uid="password.changed")
    account_signals.password_set.connect(_changed("password.changed"), weak=False, dispatch_uid="password.set")
    account_signals.password_reset.connect(_changed("password.reset"), weak=False, dispatch_uid="password.reset")
    mfa_signals.authenticator_added.connect(_changed("second_factor.added"), weak=False, dispatch_uid="mfa.added")
    mfa_signals.authenticator_removed.connect(_changed("second_factor.removed"), weak=False, dispatch_uid="mfa.removed")
    mfa_signals.authenticator_reset.connect(_changed("second_factor.reset"), weak=False, dispatch_uid="mfa.reset")
    mfa_signals.authentication_failed.connect(_failed, weak=False, dispatch_uid="mfa.failed")


def _changed(verb: str) -> Any:
    @recorded
    def receive(*, user: User, **more: Any) -> None:
        authenticator = more.get("authenticator")
        _record(verb, user, after={"kind": str(authenticator.type)} if authenticator else None)

    return receive


def _failed(*, user: User, **more: Any) -> None:
    second_factor_failed(user)


def methods_of(request: HttpRequest, user: User) -> list[str]:
    """By which means this session was opened, e.g. ["password", "totp"]."""
    from allauth.account.authentication import get_authentication_records

    records = get_authentication_records(request, user)
    return [str(entry.get("type") or entry["method"]) for entry in records]


def has_second_factor(request: HttpRequest, user: User) -> bool:
    """Whether this session was opened, or confirmed since, with a second factor."""
    from allauth.account.authentication import get_authentication_records

    return any(entry["method"] == "mfa" for entry in get_authentication_records(request, user))


def _record(verb: str, user: User, **fields: Any) -> None:
    record(
        verb,
        actor=user.as_actor(),
        organisation_id=user.organisation_id,
        object_type="user",
        object_id=user.pk,
        **fields,
    )
