"""The police and CPS staff of the demonstration: one for each role, made as an admin makes them, each with a random password."""

from __future__ import annotations

import secrets

from allauth.account.forms import ResetPasswordKeyForm
from django.core.exceptions import ValidationError

from accounts import actions
from accounts.models import Organisation, Role, User
from demo.posts import ADMIN_EMAIL, CPS_AREA, FORCE, FORCE_CODE, POSTS
from evidence.places import add_location


def new_password() -> str:
    """Four groups of letters and digits without those that look alike (about 95 bits)."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


def make_staff() -> tuple[dict[Role, User], dict[str, str]]:
    """The force, the CPS area, an admin and everybody in `POSTS`: users by role, passwords by e-mail address."""
    admin = actions.create_admin(
        email=ADMIN_EMAIL, name="Robin ADMIN", organisation=FORCE, kind=Organisation.Kind.FORCE, code=FORCE_CODE
    )
    area = actions.add_organisation(admin, kind=Organisation.Kind.CPS_AREA, name=CPS_AREA)
    make_locations(admin)
    passwords = {ADMIN_EMAIL: choose_password(admin)}
    people: dict[Role, User] = {}
    for post in POSTS:
        role = Role(post.role)
        people[role] = actions.create_user(
            admin,
            email=post.email,
            name=post.name,
            title=post.title,
            collar_number=post.collar_number,
            initials=post.initials,
            organisation=area if role == Role.PROSECUTOR else admin.organisation,
        )
        actions.set_roles(admin, people[role], [role])
        passwords[post.email] = choose_password(people[role])
    return people, passwords


def make_locations(admin: User) -> None:
    """Where the force keeps exhibits."""
    station = add_location(admin, organisation=admin.organisation, name="Wexcombe Police Station")
    store = add_location(admin, organisation=admin.organisation, name="Property store", parent=station)
    for shelf in ("Shelf C3", "Shelf C4"):
        add_location(admin, organisation=admin.organisation, name=shelf, parent=store)
    add_location(admin, organisation=admin.organisation, name="Digital Forensics Unit")


def choose_password(user: User) -> str:
    """What the person does at the link they are sent: the same form, with a random password."""
    password = new_password()
    form = ResetPasswordKeyForm({"password1": password, "password2": password}, user=user, temp_key="")
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    form.save()
    return password
