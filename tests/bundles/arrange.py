"""A case with a released copy and a submitted schedule, and its bundle, by the actions that pages call."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import vault
from accounts.models import Role, User
from audit.sequencer import Sequencer
from bundles import actions, conf
from bundles.models import Bundle
from cases.actions import add_team_member
from cases.models import Case
from redaction import actions as redaction_actions
from redaction.models import Release
from tests.disclosure import arrange as disclosure
from tests.factories import make_complainant, make_user, run_jobs
from tests.redaction import arrange as redaction

NAME = "Thistlewood"


@dataclass
class World:
    """A case, who is on it, and what was released and submitted."""

    case: Case
    officer: User
    supervisor: User
    investigator: User
    redaction: redaction.Team
    release: Any


def make_world(audience: str = "cps") -> World:
    """Everything a bundle needs: a copy released to `audience`, an MG6C and an MG6D submitted, the log signed."""
    team = disclosure.make_team()
    force = team.case.organisation
    redactor, approver = (make_user(Role.REDACTOR, Role.APPROVER, organisation=force) for _ in range(2))
    add_team_member(team.investigator, team.case, redactor, Role.REDACTOR)
    add_team_member(team.investigator, team.case, approver, Role.APPROVER)
    make_complainant(team.investigator, team.case)
    redacts = redaction.Team(team.case, team.investigator, redactor, redactor, approver, team.supervisor)
    released = release(redacts, audience)
    disclosure.submitted_each(team, {"MG6C": 2, "MG6D": 2})
    return World(team.case, team.officer, team.supervisor, team.investigator, redacts, released)


def make_light_world() -> World:
    """The same with an MG6C only, for what has nothing to do with copies."""
    team = disclosure.make_team()
    disclosure.submitted(team, "MG6C")
    redacts = redaction.Team(team.case, team.investigator, team.redactor, team.redactor, team.redactor, team.supervisor)
    return World(team.case, team.officer, team.supervisor, team.investigator, redacts, None)


def release(team: redaction.Team, audience: str = "cps") -> Release:
    """A statement redacted for an audience, and released."""
    _, made = redaction.decided(team, audience)
    redaction_actions.ask_approval(team.redactor, made)
    redaction_actions.approve(team.approver, made)
    run_jobs()
    made.refresh_from_db()
    redaction_actions.release(team.approver, made)
    return made


def make_bundle(world: World, audience: str = "cps") -> Bundle:
    """A bundle asked for by the disclosure officer and made by a worker, after the log was signed."""
    bundle = actions.ask(world.officer, world.case, audience, "Initial disclosure")
    Sequencer.from_settings().drain()
    run_jobs("bundles.make")
    bundle.refresh_from_db()
    return bundle


def unpack(bundle: Bundle, folder: Path) -> Path:
    """The bundle's own folder, unpacked by Python's zipfile; beside it the zip and `keys.txt`, as the police published it."""
    (folder / "bundle.zip").write_bytes(b"".join(vault.store().read(bundle.key, bundle.version_id)))
    (folder / "keys.txt").write_text(conf.key_file())
    with zipfile.ZipFile(folder / "bundle.zip") as file:
        file.extractall(folder)
    return folder / bundle.name
