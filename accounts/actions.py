"""What is done to accounts: an admin's verbs, and the few that are a person's own.

An admin makes accounts, closes them, and says which roles a person may hold. Never passwords, second factors, sessions or teams:
of these an admin can only start a password reset, which the person completes. Whatever an admin does to an account is told to that
person and to the supervisors of their organisation.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import ApiToken, Notification, Organisation, Role, RoleGrant, User
from accounts.policy import require
from accounts.scopes import scopes_in_use
from audit.actions import Actor, record, recorded

LONGEST_TOKEN_DAYS = 90
OPERATOR = Actor(None, "Whoever runs the service")
CHANGEABLE = ("name", "title", "collar_number", "initials", "is_staff", "is_active")


@recorded
def add_organisation(admin: User, *, kind: str, name: str, code: str = "") -> Organisation:
    """Add a force, a CPS area or a forensic provider."""
    require(admin, "accounts.configure")
    organisation = Organisation(kind=kind, name=name.strip(), code=code.strip())
    organisation.full_clean()
    organisation.save()
    record(
        "organisation.added",
        actor=admin.as_actor(),
        organisation_id=organisation.pk,
        object_type="organisation",
        object_id=organisation.pk,
        after={"kind": kind, "code": organisation.code},
        detail={"name": organisation.name},
    )
    return organisation


@recorded
def create_user(
    admin: User,
    *,
    email: str,
    name: str,
    organisation: Organisation,
    title: str = "",
    collar_number: str = "",
    initials: str = "",
    is_staff: bool = False,
) -> User:
    """Make an account without a password. `start_password_reset` lets the person choose one."""
    require(admin, "accounts.configure")
    user = _new_user(
        email=email.strip().lower(),
        name=name.strip(),
        organisation=organisation,
        title=title.strip(),
        collar_number=collar_number.strip(),
        initials=initials.strip().upper(),
        is_staff=is_staff,
    )
    _record("user.created", admin, user, after=_state(user), detail=_text(user))
    _tell_supervisors(user, f"{admin} made an account for {user}")
    return user


@recorded
def create_admin(*, email: str, name: str, organisation: str, kind: str, code: str = "") -> User:
    """Make an administrator's account, and its organisation if there is none of that name: for whoever installs the service.

    No person is asked for leave, because at first there is none: the right to run `manage.py create_admin` is what it takes.
    """
    home = Organisation.objects.filter(name=organisation.strip()).first()
    if home is None:
        home = Organisation(name=organisation.strip(), kind=kind, code=code)
        home.full_clean()
        home.save()
    user = _new_user(email=email.strip().lower(), name=name.strip(), organisation=home, is_staff=True)
    _record("user.created", OPERATOR, user, after=_state(user), detail=_text(user))
    _tell_supervisors(user, f"Whoever runs the service made an administrator’s account for {user}", important=True)
    return user


def _new_user(**fields: Any) -> User:
    user = User(**fields)
    user.set_unusable_password()
    user.full_clean()
    user.save()
    # Verified: whoever can read the mail of this address is who the reset link makes able to sign in
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@recorded
def change_user(admin: User, user: User, **changes: Any) -> User:
    """Change what an account says (`CHANGEABLE`). An e-mail address and an organisation stay: make a new account instead."""
    require(admin, "accounts.configure")
    unknown = changes.keys() - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"change_user() changes no {', '.join(sorted(unknown))}")
    if user.pk == admin.pk and ("is_staff" in changes or "is_active" in changes):
        raise ValidationError("Ask another administrator to change your own access")
    user = User.objects.select_for_update().get(pk=user.pk)
    before, text_before = _state(user), _text(user)
    for field, value in changes.items():
        setattr(user, field, value.strip() if isinstance(value, str) else value)
    user.full_clean(exclude=["password"])
    user.save(update_fields=[*changes])
    detail = {"before": text_before, "after": _text(user)}
    _record("user.changed", admin, user, before=before, after=_state(user), detail=detail)
    _tell(user, f"{admin} changed your account")
    _tell_supervisors(user, f"{admin} changed the account of {user}")
    return user


@recorded
def set_roles(admin: User, user: User, roles: Iterable[str]) -> None:
    """Say which roles a person may be appointed to. It opens no case, and takes nobody off a team."""
    require(admin, "accounts.configure")
    wanted = set(roles)
    if wanted - set(Role.values):
        raise ValidationError({"roles": "Select roles from the list"})
    User.objects.select_for_update().get(pk=user.pk)  # two admins at once, one after the other
    held = set(user.grants.values_list("role", flat=True))
    if wanted == held:
        return
    if user.pk == admin.pk:
        raise ValidationError({"roles": "Ask another administrator to change your own roles"})
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role) for role in sorted(wanted - held))
    user.grants.filter(role__in=held - wanted).delete()
    user.__dict__.pop("_roles", None)
    _record("roles.changed", admin, user, before={"roles": sorted(held)}, after={"roles": sorted(wanted)})
    names = ", ".join(Role(role).label for role in sorted(wanted)) or "none"
    _tell(user, f"{admin} changed the roles you may hold: now {names}")
    _tell_supervisors(user, f"{admin} changed the roles of {user}: now {names}")


@recorded
def start_password_reset(admin: User, user: User, send_mail: Callable[[User], None]) -> None:
    """Have a link sent to the person by which they choose a new password. `send_mail` runs once this is committed."""
    require(admin, "accounts.configure")
    user = User.objects.select_related("organisation").get(pk=user.pk)
    if not user.is_active:
        raise ValidationError(f"The account of {user} is closed")
    _record("password.reset_started", admin, user)
    _tell(user, f"{admin} started a reset of your password. If you didn’t ask for it, tell your supervisor", important=True)
    _tell_supervisors(user, f"{admin} started a password reset for {user}", important=True)
    transaction.on_commit(lambda: send_mail(user))


@recorded
def create_api_token(user: User, *, client: str, scopes: Sequence[str], days: int) -> tuple[ApiToken, str]:
    """Make a token for another system, limited to verbs and to at most 90 days. Returns it and its text, which isn't kept."""
    if not user.is_active:
        raise ValidationError("This account is closed")
    if not client.strip():
        raise ValidationError({"client": "Enter the name of the system that will hold the token"})
    unknown = set(scopes) - set(scopes_in_use())
    if not scopes or unknown:
        raise ValidationError({"scopes": "Select at least one thing that the token may do"})
    if not 1 <= days <= LONGEST_TOKEN_DAYS:
        raise ValidationError({"days": f"Enter a number of days from 1 to {LONGEST_TOKEN_DAYS}"})
    token, text = ApiToken.objects.create(user=user, expiry=timedelta(days=days), client=client.strip(), scopes=sorted(set(scopes)))
    after = {"scopes": token.scopes, "expires": token.expiry}
    _record(
        "token.created", user, user, object_type="apitoken", object_id=token.digest, after=after, detail={"client": token.client}
    )
    return token, text


@recorded
def withdraw_api_token(user: User, token: ApiToken) -> ApiToken:
    """Make one of one's own tokens useless from now on. Doing it again changes nothing."""
    token = ApiToken.objects.select_for_update().get(pk=token.pk, user=user)
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        _record("token.withdrawn", user, user, object_type="apitoken", object_id=token.digest, detail={"client": token.client})
    return token


def mark_read(user: User, ids: Iterable[UUID] | None = None) -> int:
    """Mark one's notifications as read, all or these; return how many. No event: it changes nothing but a mark of one's own."""
    unread = user.notifications.filter(read_at=None)
    if ids is not None:
        unread = unread.filter(id__in=list(ids))
    return unread.update(read_at=timezone.now())


def _record(verb: str, by: User | Actor, user: User, *, object_type: str = "user", object_id: Any = None, **fields: Any) -> None:
    record(
        verb,
        actor=by if isinstance(by, Actor) else by.as_actor(),
        organisation_id=user.organisation_id,
        object_type=object_type,
        object_id=object_id or user.pk,
        **fields,
    )


def _state(user: User) -> dict[str, Any]:
    return {"active": user.is_active, "admin": user.is_staff, "organisation": user.organisation_id}


def _text(user: User) -> dict[str, Any]:
    return {name: getattr(user, name) for name in ("email", "name", "title", "collar_number", "initials")}


def _tell(user: User, text: str, *, important: bool = False) -> None:
    Notification.objects.create(user=user, text=text[:300], important=important)


def _tell_supervisors(user: User, text: str, *, important: bool = False) -> None:
    supervisors = User.objects.filter(organisation=user.organisation_id, is_active=True, grants__role=Role.SUPERVISOR).exclude(
        pk=user.pk
    )
    Notification.objects.bulk_create(
        Notification(user=supervisor, text=text[:300], important=important) for supervisor in supervisors
    )
