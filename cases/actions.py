"""What people do to a case: open it, change it, name people, make up its team, share it, look at an identity.

Every function checks who may, changes state and appends the event, in one transaction. A rule that is broken raises
`ValidationError`, keyed by field; a person who may not raises `audit.actions.Refused`.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation, Role, User
from accounts.policy import require
from audit.actions import Actor, Entry, record, record_many, recorded
from cases import identity as identities
from cases.models import Case, CaseOffence, OffenceCode, Person, PersonIdentity, TeamMember
from cases.notify import notify, notify_team
from cases.policy import forget_roles

# Who can add others: a case never loses the last of them
MANAGERS = (Role.INVESTIGATOR, Role.SUPERVISOR)


@recorded
def create_case(
    user: User,
    *,
    crime_number: str,
    offence_code: OffenceCode,
    urn: str = "",
    operation: str = "",
    cps_area: Organisation | None = None,
    committed_from: dt.date | None = None,
    committed_to: dt.date | None = None,
) -> Case:
    """Open a case in the user's own force; they join its team in the role they hold (investigator, else supervisor)."""
    require(user, "cases.add_case")
    _check_cps_area(cps_area)
    case = Case(
        organisation=user.organisation,
        cps_area=cps_area,
        crime_number=crime_number.strip(),
        urn=urn.strip().upper(),
        operation=operation.strip(),
        created_by=user,
    )
    _check(case, crime_number="There is a case with this crime number already")
    case.save()
    CaseOffence.objects.create(case=case, code=offence_code, committed_from=committed_from, committed_to=committed_to)
    role = Role.INVESTIGATOR if user.holds(Role.INVESTIGATOR) else Role.SUPERVISOR
    TeamMember.objects.create(case=case, user=user, role=role, added_by=user)
    forget_roles(user)
    _record(
        "case.created",
        user,
        case,
        after={"state": case.state, "offence": offence_code.cjs_code, "role": role, "cps_area": _id(cps_area)},
        detail={"crime_number": case.crime_number, "urn": case.urn, "operation": case.operation},
    )
    return case


@recorded
def change_case(user: User, case: Case, *, urn: str, operation: str, state: str, reason: str = "") -> Case:
    """Change the URN, the operation's name and the state. The crime number stays. A state moves for a reason."""
    require(user, "cases.change_case", case)
    case = Case.objects.select_for_update().get(pk=case.pk)
    if state not in states_from(case.state):
        raise ValidationError({"state": f"A case can't go from “{case.get_state_display()}” to this state"})
    before = {"state": case.state, "urn": case.urn}
    detail = {"operation_before": case.operation, "operation": operation.strip(), "reason": reason.strip()}
    if state != case.state and not reason.strip():
        raise ValidationError({"reason": "Enter the reason for the change of state"})
    case.urn, case.operation, case.state = urn.strip().upper(), operation.strip(), state
    _check(case)
    case.save(update_fields=["urn", "operation", "state"])
    _record("case.changed", user, case, before=before, after={"state": case.state, "urn": case.urn}, detail=detail)
    return case


@recorded
def add_offence(user: User, case: Case, code: OffenceCode) -> CaseOffence:
    """Add an offence under investigation."""
    require(user, "cases.change_case", case)
    offence = CaseOffence(case=case, code=code)
    _check(offence, code="The case has this offence already")
    offence.save()
    _record("case.offence_added", user, case, after={"offence": code.cjs_code}, detail={"offence": str(code)})
    return offence


@recorded
def add_person(user: User, case: Case, *, kind: str, label: str, identity: dict[str, Any] | None = None) -> Person:
    """Name a person as the team may see them. Who they are is sealed apart; the log holds neither name nor identity.

    Sexual Offences (Amendment) Act 1992 s.1: a complainant is known by a pseudonym everywhere (`next_complainant`).
    """
    require(user, "cases.add_person", case)
    person = Person(case=case, kind=kind, label=label.strip())
    if kind == Person.Kind.COMPLAINANT and not person.label.startswith("Complainant "):
        raise ValidationError({"label": "Enter a pseudonym, for example Complainant A. Keep the name for the identity."})
    _check(person, label="There is a person of this name in the case already")
    person.save()
    # A complainant's pseudonym identifies nobody; another person's label may be their name
    public = {"label": person.label} if kind == Person.Kind.COMPLAINANT else {}
    _record("person.added", user, person, after={"kind": kind} | public, detail={"label": person.label})
    if identity:
        _seal_identity(user, person, identity)
    return person


@recorded
def record_identity(user: User, person: Person, identity: dict[str, Any]) -> None:
    """Write down who a person is, in place of what was written before."""
    require(user, "cases.view_identity", person)
    _seal_identity(user, person, identity)


@recorded
def view_identity(user: User, person: Person, *, reason: str) -> identities.Identity:
    """Open who a person is, for a reason that the log keeps. Empty if nothing has been recorded."""
    require(user, "cases.view_identity", person)
    if len(reason.strip()) < 5:
        raise ValidationError({"reason": "Enter why you need to see the identity"})
    _record("identity.viewed", user, person, detail={"label": person.label, "reason": reason.strip()})
    sealed = PersonIdentity.objects.filter(person=person).first()
    return identities.open(sealed.sealed) if sealed else identities.Identity()


@recorded
def identities_for_list(user: User, case: Case, people: Sequence[Person], *, reason: str) -> dict[UUID, identities.Identity]:
    """Open who several people of a case are, for a list of them: the log keeps a look at each, with the reason.

    Returns an identity for each person of whom one is recorded.
    """
    require(user, "cases.view_identity", case)
    if len(reason.strip()) < 5:
        raise ValidationError({"reason": "Enter why you need to see the identities"})
    known = PersonIdentity.objects.filter(person__case=case, person__in=people).select_related("person")
    record_many(
        [
            Entry(
                verb="identity.viewed",
                actor=user.as_actor(),
                case_id=case.pk,
                organisation_id=case.organisation_id,
                object_type="person",
                object_id=identity.person_id,
                detail={"label": identity.person.label, "reason": reason.strip()},
            )
            for identity in known
        ]
    )
    return {identity.person_id: identities.open(identity.sealed) for identity in known}


@recorded
def identities_for_detection(actor: User | Actor, case: Case, *, purpose: str) -> list[dict[str, Any]]:
    """Open every identity of a case, for a program to look for them: one event. Nothing of it may be shown or logged.

    Returns a dict for each person with `person_id`, `kind`, `label`, and what `cases.identity.Identity` has.
    """
    if isinstance(actor, User):
        require(actor, "cases.view_case", case)
        actor = actor.as_actor()
    people = list(case.people.select_related("identity"))
    known = [person for person in people if hasattr(person, "identity")]
    record(
        "identities.read",
        actor=actor,
        case_id=case.pk,
        organisation_id=case.organisation_id,
        object_type="case",
        object_id=case.pk,
        after={"people": len(people), "identities": len(known)},
        detail={"purpose": purpose},
    )
    return [
        {"person_id": str(person.pk), "kind": person.kind, "label": person.label}
        | (identities.open(person.identity.sealed) if hasattr(person, "identity") else {})
        for person in people
    ]


@recorded
def add_team_member(user: User, case: Case, member: User, role: str) -> TeamMember:
    """Put a person on the team: of the case's force or a forensic provider, and appointed to that role by an admin."""
    require(user, "cases.manage_team", case)
    if role not in TeamMember.CASE_ROLES:
        raise ValidationError({"role": "Select a role of a case's team"})
    if not candidates(case).filter(pk=member.pk).exists():
        raise ValidationError({"member": f"{member} is not in this force, or their account is closed"})
    if not member.holds(role):
        raise ValidationError({"role": f"{member} has not been appointed as {Role(role).label.lower()}: ask an administrator"})
    membership = TeamMember(case=case, user=member, role=role, added_by=user)
    _check(membership, role=f"{member} is on the team in this role already")
    membership.save()
    forget_roles(member)
    _record("team.joined", user, membership, after={"role": role, "user": member.pk}, detail={"member": str(member)})
    if member != user:
        text = f"You have joined {case} as {Role(role).label.lower()}"
        notify([member], text, reverse("cases:case", kwargs={"case_id": case.pk}))
    return membership


@recorded
def end_membership(user: User, membership: TeamMember, reason: str) -> TeamMember:
    """Take a person off the team from now on. What they did stays theirs; the row stays."""
    membership = TeamMember.objects.select_for_update(of=("self",)).select_related("case", "user").get(pk=membership.pk)
    require(user, "cases.manage_team", membership)
    if membership.left_at is not None:
        raise ValidationError("This membership has ended already")
    if not reason.strip():
        raise ValidationError({"reason": "Enter why they leave the team"})
    # The case's row is the lock: two people can't take each other off at once
    Case.objects.select_for_update().get(pk=membership.case_id)
    managers = TeamMember.objects.filter(case=membership.case_id, left_at=None, role__in=MANAGERS)
    if membership.role in MANAGERS and not managers.exclude(pk=membership.pk).exists():
        raise ValidationError("Add another investigator or supervisor first: without one, nobody could add people to the team")
    membership.left_at = timezone.now()
    membership.save(update_fields=["left_at"])
    forget_roles(membership.user)
    forget_roles(user)
    _record(
        "team.left",
        user,
        membership,
        before={"role": membership.role, "user": membership.user_id},
        detail={"member": str(membership.user), "reason": reason.strip()},
    )
    return membership


@recorded
def share_with_cps(user: User, case: Case, cps_area: Organisation) -> Case:
    """Open the case to prosecutors of a CPS area. They see what has been submitted or released, and nothing else."""
    require(user, "cases.share_with_cps", case)
    _check_cps_area(cps_area)
    case = Case.objects.select_for_update().get(pk=case.pk)
    before = case.cps_area_id
    if before == cps_area.pk:
        raise ValidationError({"cps_area": f"The case is shared with {cps_area} already"})
    case.cps_area = cps_area
    case.save(update_fields=["cps_area"])
    _record(
        "case.shared",
        user,
        case,
        before={"cps_area": before},
        after={"cps_area": cps_area.pk},
        detail={"cps_area": cps_area.name},
    )
    notify_team(case, f"{case} is shared with {cps_area}", reverse("cases:case", kwargs={"case_id": case.pk}), without=user)
    return case


def next_complainant(case: Case) -> str:
    """The next free pseudonym: Complainant A, B, ... Z, AA, AB, ..."""
    taken = set(case.people.filter(kind=Person.Kind.COMPLAINANT).values_list("label", flat=True))
    letters = [chr(code) for code in range(ord("A"), ord("Z") + 1)]
    pairs = [first + second for first in letters for second in letters]
    return next(f"Complainant {name}" for name in letters + pairs if f"Complainant {name}" not in taken)


def candidates(case: Case) -> Any:
    """Users who may be put on this case's team: active, of its force or of a forensic provider."""
    return User.objects.filter(is_active=True, organisation__is_active=True).filter(
        Q(organisation=case.organisation_id) | Q(organisation__kind=Organisation.Kind.FORENSIC)
    )


def _seal_identity(user: User, person: Person, identity: dict[str, Any]) -> None:
    try:
        known = identities.clean(identity)
    except identities.IdentityError as error:
        raise ValidationError({"identity": str(error)}) from error
    PersonIdentity.objects.update_or_create(person=person, defaults={"sealed": identities.seal(dict(known))})
    # Which parts are known, never what they say
    _record("identity.recorded", user, person, after={"parts": sorted(known)}, detail={"label": person.label})


def _check(instance: Any, **duplicate: str) -> None:
    """Validate a row; a broken uniqueness is said at the field named in `duplicate`, in its words."""
    instance.clean_fields()
    try:
        instance.validate_constraints()
    except ValidationError as error:
        codes = {inner.code for inner in error.error_list} if not hasattr(error, "error_dict") else set()
        codes |= {inner.code for inner in getattr(error, "error_dict", {}).get("__all__", [])}
        if duplicate and codes & {"unique", "unique_together", None}:
            raise ValidationError(dict(duplicate)) from error
        raise


def _check_cps_area(cps_area: Organisation | None) -> None:
    if cps_area is not None and (cps_area.kind != Organisation.Kind.CPS_AREA or not cps_area.is_active):
        raise ValidationError({"cps_area": "Select a CPS area"})


def _record(verb: str, user: User, instance: Any, **fields: Any) -> None:
    case = instance if isinstance(instance, Case) else instance.case
    record(
        verb,
        actor=user.as_actor(),
        case_id=case.pk,
        organisation_id=case.organisation_id,
        object_type=type(instance)._meta.model_name or "",
        object_id=instance.pk,
        **fields,
    )


def _id(instance: Organisation | None) -> str | None:
    return str(instance.pk) if instance else None


def states_from(state: str) -> Iterable[str]:
    """The states that the police may put a case into from here; CPS decisions are entered as what the CPS told."""
    return (state, *_NEXT.get(state, ()))


_NEXT: dict[str, tuple[str, ...]] = {
    Case.State.REPORTED: (Case.State.INVESTIGATING, Case.State.NFA),
    Case.State.INVESTIGATING: (Case.State.EARLY_ADVICE, Case.State.SUBMITTED, Case.State.NFA),
    Case.State.EARLY_ADVICE: (Case.State.INVESTIGATING, Case.State.SUBMITTED, Case.State.NFA),
    Case.State.SUBMITTED: (Case.State.ACTION_PLAN, Case.State.CHARGED, Case.State.NFA),
    Case.State.ACTION_PLAN: (Case.State.SUBMITTED, Case.State.NFA),
    Case.State.CHARGED: (Case.State.POST_CHARGE,),
    Case.State.POST_CHARGE: (Case.State.TRIAL, Case.State.CONCLUDED),
    Case.State.TRIAL: (Case.State.CONCLUDED,),
    Case.State.NFA: (Case.State.INVESTIGATING,),
    Case.State.CONCLUDED: (Case.State.INVESTIGATING,),
}
