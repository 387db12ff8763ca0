"""The demonstration case: made, and taken the whole way to the CPS, by the same actions that the pages call.

Work in the background (checking files, finding words, burning in) is done by the running worker; this waits for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import bundles.actions
import cases.actions
import disclosure.actions
import evidence.actions
import redaction.actions
import redaction.sampling
from accounts.models import Role, User
from bundles import conf as bundle_keys
from bundles.management.commands.make_bundle import write
from bundles.models import Bundle
from cases.models import Case, OffenceCode
from cases.models import Person as CasePerson
from demo.exhibits import EXHIBITS, DemoExhibit
from demo.files import DemoFile, make_files
from demo.people import COMPLAINANT, CRIME_NUMBER, SUSPECT, THIRD_PARTY, URN, WITNESS, Person
from demo.phone import run_custody
from demo.staff import make_staff
from demo.upload import upload
from disclosure.models import Item, Schedule, ScheduleVersion
from evidence.models import Blob, Exhibit
from jobs.models import Job
from redaction.models import Audience, Document, Proposal, ProposalDecision, Release, ReleaseState

_WAIT_SECONDS = 180
Say = Callable[[str], None]


class DemoFailed(Exception):
    """A step of the chain did not end as it must; the message says which and why."""


@dataclass
class Chain:
    """What became of the main job, as plain data."""

    case_id: str = ""
    crime_number: str = ""
    exhibits: list[dict[str, Any]] = field(default_factory=list)
    schedule: dict[str, Any] = field(default_factory=dict)
    release: dict[str, Any] = field(default_factory=dict)
    bundle: dict[str, Any] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def make_demo_case(folder: Path, say: Say) -> Chain:
    """Make everything, with the files in ``folder``; each step is told to ``say``."""
    staff, passwords = make_staff()
    chain = Chain(crime_number=CRIME_NUMBER, passwords=passwords)
    say("Opening the case: people and team")
    case, complainant = open_case(staff)
    chain.case_id = str(case.id)
    say("Making the exhibits' files and uploading them through the vault")
    made = add_exhibits(staff[Role.INVESTIGATOR], case, complainant, make_files(folder))
    say("The telephone goes to the forensics unit and back; what is read out of it is a sub-exhibit")
    phone = next(exhibit for exhibit, plan in made if plan.kind == Exhibit.Kind.PHONE)
    made.append(run_custody(staff, phone, folder))
    say("The worker hashes what the vault holds")
    for exhibit, _ in made:
        chain.exhibits.append(wait_until_verified(exhibit))
    say("Disclosure: decisions, schedule MG6C, check, certificate, submission")
    chain.schedule = run_disclosure(staff, case, made)
    say("Redaction of the statement for the CPS: the worker proposes, people decide, the worker burns in and checks")
    chain.release = run_redaction(staff, made[0][0])
    say("A bundle of both for the CPS, signed by the worker")
    chain.bundle = make_bundle(staff[Role.DISCLOSURE], case, folder.parent)
    return chain


# ---- case, people, team ----------------------------------------------------------------------------------------------


def open_case(staff: dict[Role, User]) -> tuple[Case, CasePerson]:
    """The case with its people and its team, shared with the CPS area; and its complainant."""
    investigator = staff[Role.INVESTIGATOR]
    case = cases.actions.create_case(
        investigator,
        crime_number=CRIME_NUMBER,
        urn=URN,
        operation="Operation Kestrel",
        offence_code=OffenceCode.objects.get(cjs_code="SX03002"),
    )
    people = [
        (CasePerson.Kind.COMPLAINANT, cases.actions.next_complainant(case), COMPLAINANT),
        (CasePerson.Kind.SUSPECT, f"{SUSPECT.surname.upper()}, {SUSPECT.forenames}", SUSPECT),
        (CasePerson.Kind.WITNESS, f"{WITNESS.surname.upper()}, {WITNESS.forenames}", WITNESS),
        (CasePerson.Kind.THIRD_PARTY, "Neighbour of Complainant A", THIRD_PARTY),
    ]
    made = [
        cases.actions.add_person(investigator, case, kind=kind, label=label, identity=identity_of(person))
        for kind, label, person in people
    ]
    for role, member in staff.items():
        if role not in (Role.INVESTIGATOR, Role.AUDITOR, Role.PROSECUTOR):
            cases.actions.add_team_member(investigator, case, member, role)
    cases.actions.share_with_cps(investigator, case, staff[Role.PROSECUTOR].organisation)
    return case, made[0]


def identity_of(person: Person) -> dict[str, Any]:
    """What the case records of who somebody is (`cases.identity`)."""
    known: dict[str, Any] = {
        "names": [person.name],
        "addresses": [person.address],
        "phones": [person.telephone],
        "emails": [person.email],
        "date_of_birth": person.born.isoformat(),
    }
    if person.nhs_number:
        known["nhs"] = person.nhs_number.replace(" ", "")
    if person.handle:
        known["aliases"] = [person.handle]
    return known


# ---- exhibits --------------------------------------------------------------------------------------------------------


def add_exhibits(user: User, case: Case, complainant: CasePerson, files: dict[str, DemoFile]) -> list[tuple[Exhibit, DemoExhibit]]:
    """Every exhibit in order, with its file uploaded."""
    made = []
    for plan in EXHIBITS:
        exhibit = evidence.actions.add_exhibit(
            user,
            case,
            reference=evidence.actions.next_reference(case, user.initials),
            kind=plan.kind,
            description=plan.description,
            seized_at=plan.seized_at,
            seized_where=plan.seized_where,
            seized_by=str(user),
            within_marking=True,
            seal_number=plan.seal_number,
            location=plan.location,
            subject=complainant if plan.kind == Exhibit.Kind.STATEMENT else None,
        )
        if plan.file:
            upload(user, exhibit, files[plan.file].path)
        made.append((exhibit, plan))
    return made


def wait_until_verified(exhibit: Exhibit) -> dict[str, Any]:
    """Reference, size and SHA-256 of an exhibit's master, once the worker has verified it; without one, only its name."""
    blob = Blob.objects.filter(copy__exhibit=exhibit, copy__kind="master").first()
    if blob is None:
        return {"reference": exhibit.reference, "description": exhibit.description}

    def verified() -> bool:
        blob.refresh_from_db()
        if blob.state == Blob.State.QUARANTINED:
            raise DemoFailed(f"{exhibit.reference} was quarantined")
        return blob.state == Blob.State.VERIFIED

    _wait(verified, f"{exhibit.reference} to be verified", blob.id)
    return {
        "reference": exhibit.reference,
        "description": exhibit.description,
        "size": blob.size,
        "sha256": blob.sha256,
        "media_type": blob.media_type,
    }


# ---- disclosure ------------------------------------------------------------------------------------------------------


def run_disclosure(staff: dict[Role, User], case: Case, exhibits: list[tuple[Exhibit, DemoExhibit]]) -> dict[str, Any]:
    """Decide; draft, write, check and certify the MG6C, a nil MG6D and a nil MG6E; submit the set. Facts of the MG6C."""
    officer = staff[Role.DISCLOSURE]
    words: dict[Any, DemoExhibit] = {}
    for exhibit, plan in exhibits:
        item = disclosure.actions.ensure_item(exhibit)
        words[item.id] = plan
        unused = plan.use == Item.Use.UNUSED
        disclosure.actions.decide(
            officer,
            item,
            use=plan.use,
            relevance=Item.Relevance.RELEVANT,
            sensitivity=Item.Sensitivity.NOT_SENSITIVE if unused else None,
        )
    versions = []
    for kind in (Schedule.Kind.MG6C, Schedule.Kind.MG6D, Schedule.Kind.MG6E):
        version = disclosure.actions.draft_schedule(officer, case, kind)
        for row in version.rows.select_related("item"):
            plan = words[row.item_id]
            disclosure.actions.write_row(officer, row, description=plan.schedule_description, location=plan.location)
        disclosure.actions.send_to_qa(officer, _version(version))
        disclosure.actions.check(staff[Role.SUPERVISOR], _version(version))
        disclosure.actions.certify(officer, _version(version))
        versions.append(version)
    for version in versions:
        disclosure.actions.submit(officer, _version(version))
    version = _version(versions[0])
    certificate = version.certificate
    return {
        "schedule_id": str(version.schedule_id),
        "kind": version.schedule.kind,
        "version": version.number,
        "rows": version.rows.count(),
        "state": version.state,
        "sha256": certificate.sha256,
        "certified_by": str(certificate.by),
    }


def _version(version: ScheduleVersion) -> ScheduleVersion:
    """The version with its state as it is now."""
    return ScheduleVersion.objects.select_related("schedule__case").with_state().get(pk=version.pk)


# ---- redaction -------------------------------------------------------------------------------------------------------


def run_redaction(staff: dict[Role, User], exhibit: Exhibit) -> dict[str, Any]:
    """Redact the statement for the CPS from the proposals to the release; facts of the released copy."""
    redactor, approver = staff[Role.REDACTOR], staff[Role.APPROVER]
    document, release = redaction.actions.start(redactor, exhibit, audience=Audience.CPS, purpose="Charging request to the CPS")
    _wait(lambda: _document_is_read(document), "the words to be proposed", document.id)
    counts = decide_proposals(redactor, document)
    redaction.actions.ask_approval(redactor, release)
    for page in redaction.sampling.entries(release):
        redaction.sampling.confirm(approver, release, page.index)
    redaction.actions.approve(approver, release)
    _wait(lambda: _is_burnt_in(release), "the copy to be burnt in and checked", release.id)
    release = Release.objects.get(pk=release.pk)  # the worker has given it its copy
    redaction.actions.release(approver, release)
    blob = Blob.objects.get(copy=release.output)
    check = release.leak_checks.latest("at")
    return {
        "release_id": str(release.id),
        "copy_id": str(release.output_id),
        "exhibit": exhibit.reference,
        "audience": release.get_audience_display(),
        "state": release.states.latest("id").state,
        "leak_check_passed": check.passed,
        "redacted": counts["accept"],
        "kept": counts["reject"],
        "size": blob.size,
        "sha256": blob.sha256,
    }


def decide_proposals(redactor: User, document: Document) -> dict[str, int]:
    """Redact what is proposed, except the suspect's own details and the name of a witness, which is evidence."""
    counts = {"accept": 0, "reject": 0}
    for proposal in Proposal.objects.filter(document=document).select_related("person", "category"):
        reason = _reason_to_keep(proposal)
        verdict = ProposalDecision.Verdict.REJECT if reason else ProposalDecision.Verdict.ACCEPT
        redaction.actions.decide(redactor, proposal, verdict, reason=reason)
        counts[verdict] += 1
    return counts


def _reason_to_keep(proposal: Proposal) -> str:
    if proposal.person is None:
        return ""
    if proposal.person.kind == CasePerson.Kind.SUSPECT:
        return "The suspect's own details, which are evidence"
    if proposal.person.kind == CasePerson.Kind.WITNESS and proposal.category_id == "TPN":
        return "Name of a witness whose evidence is served"
    return ""


# ---- bundle ----------------------------------------------------------------------------------------------------------


def make_bundle(officer: User, case: Case, folder: Path) -> dict[str, Any]:
    """A bundle of what the CPS was given, with the public keys beside it; facts of it."""
    bundle = bundles.actions.ask(officer, case, Audience.CPS, "Charging request to the CPS")

    def made() -> bool:
        bundle.refresh_from_db()
        return bundle.state == Bundle.State.MADE

    _wait(made, "the bundle to be made", bundle.id)
    ticket = bundles.actions.open_bundle(officer, bundle, "To hand it to the CPS")
    path, keys = folder / ticket.facts.file_name, folder / "keys.txt"
    write(bundle.key, bundle.version_id, bundle.sha256, path)
    keys.write_text(bundle_keys.key_file())
    return {
        "path": str(path),
        "keys": str(keys),
        "audience": bundle.get_audience_display(),
        "files": [entry["path"] for entry in bundle.files],
        "events": bundle.events,
        "sha256": bundle.sha256,
    }


def _document_is_read(document: Document) -> bool:
    document.refresh_from_db()
    if document.state == Document.State.REFUSED:
        raise DemoFailed(f"the statement can't be redacted: {document.message}")
    return document.state == Document.State.READY


def _is_burnt_in(release: Release) -> bool:
    state = release.states.latest("id")
    if state.state in (ReleaseState.State.LEAKED, ReleaseState.State.FAILED):
        raise DemoFailed(f"{state.get_state_display()}: {state.reason}")
    return state.state == ReleaseState.State.VERIFIED


def _wait(done: Callable[[], bool], what: str, object_id: Any) -> None:
    """Until the worker has done it; a job that failed for good ends the wait with its message."""
    deadline = time.monotonic() + _WAIT_SECONDS
    while not done():
        failed = Job.objects.filter(object_id=object_id, state=Job.State.FAILED).first()
        if failed is not None:
            raise DemoFailed(f"waiting for {what}: {failed.message}")
        if time.monotonic() > deadline:
            jobs = [str(job) for job in Job.objects.filter(object_id=object_id)]
            raise DemoFailed(f"waited {_WAIT_SECONDS} s for {what}; its jobs: {jobs}")
        time.sleep(0.3)
