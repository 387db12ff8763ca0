"""What tests begin with: organisations, people with roles, a case with its team, exhibits with verified bytes.

Cases and evidence are made by the same actions as the pages call; only organisations and users, which an admin
configures, are put straight into their tables.
"""

from __future__ import annotations

import functools
import itertools
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accounts.models import Organisation, Role, User
    from cases.models import Case, OffenceCode, Person
    from evidence.models import Batch, Exhibit

PASSWORD = "correct horse battery staple 42"
SEIZED_AT = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
_numbers = itertools.count(1)


def make_force(name: str = "") -> Organisation:
    """A police force; a new one for each call without a name."""
    from accounts.models import Organisation

    organisation, _ = Organisation.objects.get_or_create(
        name=name or f"Force {next(_numbers)}", defaults={"kind": Organisation.Kind.FORCE, "code": "45"}
    )
    return organisation


def make_cps_area(name: str = "") -> Organisation:
    """A CPS area; a new one for each call without a name."""
    from accounts.models import Organisation

    organisation, _ = Organisation.objects.get_or_create(
        name=name or f"CPS Area {next(_numbers)}", defaults={"kind": Organisation.Kind.CPS_AREA}
    )
    return organisation


def make_user(*roles: Role | str, organisation: Organisation | None = None, **fields: Any) -> User:
    """Somebody who holds ``roles``, with the password `PASSWORD`; in a force of their own unless one is given."""
    from accounts.models import RoleGrant, User

    number = next(_numbers)
    values = {"name": f"Pat EXAMPLE{number}", "title": "DC", "initials": _initials(number)} | fields
    email = values.pop("email", f"person{number}@example.org")
    user = User(email=email, password=_hashed(), organisation=organisation or make_force(), **values)
    user.save()
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role) for role in roles)
    return user


@functools.cache
def _hashed() -> str:
    """The hash of `PASSWORD`, made once: making one takes as long as many of the tests do."""
    from django.contrib.auth.hashers import make_password

    return make_password(PASSWORD)


def _initials(number: int) -> str:
    return chr(65 + number // 26 % 26) + chr(65 + number % 26)


def make_admin(**fields: Any) -> User:
    """Somebody who may configure, and nothing else."""
    return make_user(is_staff=True, is_superuser=True, **fields)


def any_offence() -> OffenceCode:
    """An active offence code; the migrations bring the published ones."""
    from cases.models import OffenceCode

    found = OffenceCode.objects.filter(cjs_code="SX03002").first()
    return found or OffenceCode.objects.create(cjs_code="SX03002", title="Rape of a female aged 16 or over", statute="s.1")


def make_case(
    investigator: User | None = None, *, team: dict[User, Role | str] | None = None, cps_area: Any = None, **fields: Any
) -> Case:
    """A case by `cases.actions.create_case`, its creator an investigator, with ``team`` added in their roles."""
    from accounts.models import Role
    from cases import actions

    creator = investigator or make_user(Role.INVESTIGATOR)
    values: dict[str, Any] = {"crime_number": f"45/{100000 + next(_numbers)}/26", "offence_code": any_offence()} | fields
    case = actions.create_case(creator, cps_area=cps_area, **values)
    for member, role in (team or {}).items():
        actions.add_team_member(creator, case, member, role)
    return case


def make_complainant(user: User, case: Case, *, identity: dict[str, Any] | None = None) -> Person:
    """Complainant A of the case, with an identity."""
    from cases import actions
    from cases.models import Person

    known = identity or {"names": ["Marianne Thistlewood"], "phones": ["07700 900461"], "date_of_birth": "1997-03-14"}
    return actions.add_person(user, case, kind=Person.Kind.COMPLAINANT, label="Complainant A", identity=known)


def make_exhibit(user: User, case: Case, *, data: bytes | None = None, name: str = "file.bin", **fields: Any) -> Exhibit:
    """The producer's next exhibit; with ``data``, its bytes are received (not verified: `verify` does that)."""
    from evidence import actions
    from evidence.models import Exhibit

    values: dict[str, Any] = {
        "reference": actions.next_reference(case, user.initials or "AB"),
        "kind": Exhibit.Kind.DOCUMENT,
        "description": "A document in plain words",
        "seized_at": SEIZED_AT,
        "seized_where": "Wexcombe",
        "seized_by": "PC 2914",
        "within_marking": True,
    } | fields
    exhibit: Exhibit = actions.add_exhibit(user, case, **values)
    if data is not None:
        actions.receive_bytes(user, exhibit, data, name)
    return exhibit


def make_batch(user: User, case: Case, **fields: Any) -> Batch:
    """A batch for many files, numbered under the user's initials unless ``initials`` or ``parent`` says otherwise."""
    from evidence import batches

    values: dict[str, Any] = {
        "initials": "" if "parent" in fields else user.initials,
        "description": "Photographs of the scene",
        "seized_at": SEIZED_AT,
        "seized_where": "Wexcombe",
        "seized_by": "PC 2914",
        "within_marking": True,
    } | fields
    return batches.open_batch(user, case, **values)


def run_jobs(kind: str = "") -> None:
    """Do every queued job that is due, in this process, as a worker would (and what those jobs ask for)."""
    from django.db.models import Q
    from django.utils import timezone

    from jobs import actions
    from jobs.models import Job

    while True:
        due = Q(not_before=None) | Q(not_before__lte=timezone.now())
        waiting = Job.objects.filter(due, state=Job.State.QUEUED).order_by("created_at")
        job = (waiting.filter(kind=kind) if kind else waiting).first()
        if job is None:
            return
        actions.run(job.id)


def make_verified_exhibit(user: User, case: Case, *, data: bytes, **fields: Any) -> Exhibit:
    """An exhibit whose bytes a worker has verified."""
    exhibit = make_exhibit(user, case, data=data, **fields)
    run_jobs("evidence.verify")
    exhibit.refresh_from_db()
    return exhibit
