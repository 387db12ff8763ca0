"""A case with its team, on a folder vault of the test's own (or on real S3 where a test asks for both)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Role, User
from cases.models import Case
from evidence import standing
from evidence.models import Exhibit
from evidence.place_models import Location
from tests import factories
from tests.optional import requires
from tests.vault.conftest import bucket_settings


@dataclass(frozen=True)
class World:
    """One case, and people in every relation to it."""

    case: Case
    investigator: User
    exhibits: User
    disclosure: User
    supervisor: User
    redactor: User
    stranger: User


@pytest.fixture(autouse=True)
def folder_vault(settings: Any, tmp_path: Path) -> Path:
    """The vault in a folder that ends with the test."""
    settings.VAULT = settings.VAULT | {"BACKEND": "folder", "FOLDER": str(tmp_path / "vault"), "PUBLIC_URL": "http://testserver"}
    return tmp_path / "vault"


@pytest.fixture(params=["folder", pytest.param("s3", marks=requires("s3"))])
def any_vault(request: pytest.FixtureRequest, settings: Any, folder_vault: Path) -> Iterator[str]:
    """Each store in turn."""
    if request.param == "s3":
        settings.VAULT = settings.VAULT | bucket_settings()
    yield request.param


@pytest.fixture
def world(db: None) -> World:
    """Made by the same actions as the pages call."""
    force = factories.make_force()
    people = {
        name: factories.make_user(role, organisation=force)
        for name, role in {
            "investigator": Role.INVESTIGATOR,
            "exhibits": Role.EXHIBITS,
            "disclosure": Role.DISCLOSURE,
            "supervisor": Role.SUPERVISOR,
            "redactor": Role.REDACTOR,
            "stranger": Role.INVESTIGATOR,
        }.items()
    }
    team: dict[User, Role | str] = {
        people["exhibits"]: Role.EXHIBITS,
        people["disclosure"]: Role.DISCLOSURE,
        people["supervisor"]: Role.SUPERVISOR,
        people["redactor"]: Role.REDACTOR,
    }
    return World(case=factories.make_case(people["investigator"], team=team), **people)


@dataclass
class Chain:
    """A phone in its case, and a store with a shelf."""

    world: World
    phone: Exhibit
    store: Location
    shelf: Location

    @property
    def now(self) -> standing.Standing:
        return standing.of(self.phone)


@pytest.fixture
def chain(world: World) -> Chain:
    """The investigator has seized a phone and has it."""
    phone = factories.make_exhibit(world.investigator, world.case, reference="AB/1", kind=Exhibit.Kind.PHONE)
    store = Location.objects.create(organisation=world.case.organisation, name="Property store")
    shelf = Location.objects.create(organisation=world.case.organisation, name="Shelf C4", parent=store)
    return Chain(world, phone, store, shelf)
