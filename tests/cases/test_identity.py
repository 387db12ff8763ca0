"""Identities, sealed: keys that change, keys that are lost, members that nobody knows."""

import secrets
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import Role
from audit.models import Event
from cases import actions, identity
from cases.models import PersonIdentity
from tests.factories import make_case, make_complainant, make_user


def test_a_new_key_in_front_still_opens_what_the_old_one_sealed(settings: Any) -> None:
    old, new = secrets.token_bytes(32), secrets.token_bytes(32)
    settings.IDENTITY_KEYS = [old]
    sealed = identity.seal({"names": ["Marianne Thistlewood"]})
    settings.IDENTITY_KEYS = [new, old]
    assert identity.open(sealed) == {"names": ["Marianne Thistlewood"]}


def test_without_its_key_an_identity_stays_shut(settings: Any) -> None:
    sealed = identity.seal({"names": ["Marianne Thistlewood"]})
    settings.IDENTITY_KEYS = [secrets.token_bytes(32)]
    with pytest.raises(identity.IdentityError, match="IDENTITY_KEYS"):
        identity.open(sealed)


def test_one_identity_sealed_twice_does_not_look_the_same() -> None:
    assert identity.seal({"names": ["A"]}) != identity.seal({"names": ["A"]})


def test_empty_lines_go() -> None:
    assert identity.clean({"names": [" Ann ", ""], "nhs": " ", "other": []}) == {"names": ["Ann"]}


@pytest.mark.parametrize(
    "wrong", [{"shoe_size": "5"}, {"names": "Ann"}, {"names": [1]}, {"nhs": 9991234567}, {"date_of_birth": "14/03/1997"}]
)
def test_what_is_no_identity_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(identity.IdentityError, match=next(iter(wrong))):
        identity.clean(wrong)


@pytest.mark.django_db
def test_after_resealing_the_old_key_can_go(settings: Any) -> None:
    old, new = settings.IDENTITY_KEYS[0], secrets.token_bytes(32)
    investigator = make_user(Role.INVESTIGATOR)
    person = make_complainant(investigator, make_case(investigator))
    settings.IDENTITY_KEYS = [new, old]
    call_command("reseal_identities", verbosity=0)
    settings.IDENTITY_KEYS = [new]
    assert identity.open(PersonIdentity.objects.get().sealed)["names"] == ["Marianne Thistlewood"]
    assert actions.view_identity(investigator, person, reason="To check the keys")["names"]
    assert Event.objects.get(verb="identities.resealed").members()["after"] == {"identities": 1}
