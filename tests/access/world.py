"""One prepared case with everything that an address can name, and a person of each kind."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.test import Client
from reportlab.pdfgen.canvas import Canvas

from accounts import actions as account_actions
from accounts.models import Organisation, Role, User
from audit.models import Checkpoint, Event
from audit.sequencer import Sequencer
from bundles import actions as bundle_actions
from cases import actions as case_actions
from cases import log_actions
from cases.log_policy import Scope
from cases.models import Case, OffenceCode, RetentionRule
from disclosure import actions as disclosure_actions
from disclosure import fencing, managing, sampling
from evidence import actions as evidence_actions
from evidence import custody, stocktake, working
from evidence.keeping import place_hold
from evidence.models import Blob, Copy, Disposal, Exhibit
from evidence.opening import open_blob
from evidence.place_models import Location
from jobs.models import Job
from redaction import actions as redaction_actions
from redaction import remarks
from tests.access.walk import EVERYBODY
from tests.access.web_table import ACTS, CONFIGURED
from tests.disclosure.arrange import Team, make_block, make_item, submitted_each
from tests.factories import (
    any_offence,
    make_admin,
    make_batch,
    make_case,
    make_complainant,
    make_cps_area,
    make_exhibit,
    make_force,
    make_user,
    make_verified_exhibit,
    run_jobs,
)

ROLES = {
    "investigator": Role.INVESTIGATOR,
    "exhibits": Role.EXHIBITS,
    "disclosure": Role.DISCLOSURE,
    "deputy": Role.DEPUTY_DISCLOSURE,
    "supervisor": Role.SUPERVISOR,
    "redactor": Role.REDACTOR,
    "approver": Role.APPROVER,
    "forensics": Role.FORENSICS,
}


@dataclass
class World:
    """Who there is, and the value of each parameter and of each thing that a row names."""

    users: dict[str, User]
    values: dict[str, Any] = field(default_factory=dict)

    def client(self, column: str) -> Client:
        """A browser in which this person has signed in just now."""
        client = Client(raise_request_exception=False)
        if column in self.users:
            client.force_login(self.users[column])
            session = client.session
            # Ahead, so that it is still fresh at the end of a long walk
            fresh = {"at": time.time() + 3600, "reauthenticated": True}
            methods = [{"method": "password"} | fresh]
            if column == "admin":
                methods.append({"method": "mfa", "type": "totp"} | fresh)
            # As allauth keeps it
            session["account_authentication_methods"] = methods
            session["account_authentication_methods_user"] = str(self.users[column].pk)
            session.save()
        return client


def make_world() -> World:
    """The case, its team, the people outside, and one of everything."""
    force, area = make_force(), make_cps_area()
    users = _people(force, area)
    others: dict[User, Role | str] = {users[name]: role for name, role in ROLES.items() if name != "investigator"}
    case = make_case(users["investigator"], team=others | {users["left"]: Role.REDACTOR}, cps_area=area)
    case_actions.end_membership(users["investigator"], case.team.get(user=users["left"]), "Posted elsewhere")
    world = World(users)
    world.values |= {"case_id": case.pk, "membership_id": case.team.get(user=users["forensics"]).pk}
    world.values["person_id"] = make_complainant(users["investigator"], case).pk
    _bring_evidence(world, case)
    _bring_disclosure(world, case)
    _bring_redaction(world)
    _bring_bundle(world, case)
    _bring_log(world, case)
    _bring_answers(world)
    token, _ = account_actions.create_api_token(users["investigator"], client="Niche", scopes=["cases.read"], days=5)
    world.values["digest"] = token.pk
    return world


def _people(force: Organisation, area: Organisation) -> dict[str, User]:
    users = {name: make_user(role, organisation=force) for name, role in ROLES.items()}
    users["left"] = make_user(Role.REDACTOR, organisation=force)
    users["elsewhere"] = make_user(*ROLES.values(), organisation=force)
    other = make_case(users["elsewhere"])
    for role in ROLES.values():
        if role != Role.INVESTIGATOR:
            case_actions.add_team_member(users["elsewhere"], other, users["elsewhere"], role)
    users["admin"] = make_admin(organisation=force)
    Authenticator.objects.create(user=users["admin"], type=Authenticator.Type.TOTP, data={"secret": "x"})
    users["admin_unproved"] = make_admin(organisation=force)
    users["auditor"] = make_user(Role.AUDITOR, organisation=force)
    users["auditor_elsewhere"] = make_user(Role.AUDITOR)
    users["prosecutor"] = make_user(Role.PROSECUTOR, organisation=area)
    assert {"anonymous", *users} == set(EVERYBODY)
    return users


def a_pdf() -> bytes:
    """Two pages with a line of text on each."""
    out = io.BytesIO()
    canvas = Canvas(out)
    for number in (1, 2):
        canvas.drawString(72, 700, f"Page {number} of a statement by the night manager")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _bring_evidence(world: World, case: Case) -> None:
    investigator = world.users["investigator"]
    exhibit = make_verified_exhibit(investigator, case, data=a_pdf(), name="statement.pdf")
    blob = Blob.objects.get(copy__exhibit=exhibit, copy__kind=Copy.Kind.MASTER)
    waiting = make_exhibit(investigator, case)
    upload = evidence_actions.open_upload(investigator, waiting, size=10, name="later.bin")
    store = Location.objects.create(organisation=case.organisation, name="Property store")
    handed = make_exhibit(investigator, case)
    offer = custody.hand_over(investigator, handed, to=world.users["exhibits"], purpose="Booking in")
    batch = make_batch(investigator, case, initials="ZX")
    rule = RetentionRule.objects.get(name="MoPI group 3")
    disposal = Disposal.objects.create(exhibit=waiting, rule=rule, reason="The retention is over", asked_by=investigator)
    world.values |= {
        "disposal_id": disposal.pk,
        "hold_id": place_hold(world.users["supervisor"], case, "Appeal 2026/01234 is pending").pk,
        **{act: act for act in (*ACTS, "take-over")},
        "offer_id": offer.pk,
        "receiver": world.users["forensics"].pk,
        "location_id": store.pk,
        "stocktake_id": stocktake.start(world.users["exhibits"], store).pk,
        "exhibit_id": exhibit.pk,
        "waiting_exhibit": waiting.pk,
        "copy_id": working.begin(investigator, exhibit, made_with="Amped FIVE 34, brightness raised").pk,
        "batch_id": batch.pk,
        "blob_id": blob.pk,
        "upload_id": upload.pk,
        "ticket_id": open_blob(investigator, blob, "Review").id,
        "page": 0,
        "part": 1,
        "verification_job": Job.objects.get(kind="evidence.verify", object_id=blob.pk).pk,
    }


def _bring_disclosure(world: World, case: Case) -> None:
    users = world.users
    team = Team(case, users["investigator"], users["disclosure"], users["deputy"], users["supervisor"], users["redactor"])
    for kind, version in submitted_each(team, {"MG6C": 2, "MG6D": 2}).items():
        world.values |= {f"{kind}_schedule": version.schedule_id, f"{kind}_row": version.rows.all()[0].pk}
    managing.issue(users["disclosure"], case, "DMD")
    world.values["deputy_id"] = users["deputy"].pk
    world.values |= {"number": 1, "DMD": "DMD", "issues": "issues"}
    review = sampling.begin(users["disclosure"], case, title="Receipts", exhibits=[make_item(team).exhibit])
    world.values["review_id"] = review.pk
    closed = make_exhibit(users["investigator"], case), make_exhibit(users["investigator"], case)
    for exhibit, kind, name in zip(closed, ("privilege", "secret"), ("fence_id", "secret_fence"), strict=True):
        world.values[name] = fencing.fence(users["deputy"], exhibit, kind, "Its letterhead")[0].pk
    for outcome, name in (("mg6c", "block_id"), ("mg6d", "sensitive_block")):
        world.values[name] = make_block(team, 2, outcome).pk
    world.values["item_id"] = disclosure_actions.ensure_item(make_item(team).exhibit).pk


def _bring_redaction(world: World) -> None:
    exhibit = Exhibit.objects.get(pk=world.values["exhibit_id"])
    document, release = redaction_actions.start(world.users["redactor"], exhibit, audience="cps")
    run_jobs("redaction.propose")
    document.refresh_from_db()
    proposal = redaction_actions.draw(world.users["redactor"], document, 0, [70, 80, 200, 100], "TEL")
    world.values["remark_id"] = remarks.remark(world.users["redactor"], document, "Look at the margin", page=0).pk
    world.values |= {"document_id": document.pk, "release_id": release.pk, "proposal_id": proposal.pk, "index": 0}


def _bring_bundle(world: World, case: Case) -> None:
    officer = world.users["disclosure"]
    bundle = bundle_actions.ask(officer, case, "cps", "Charging")
    Sequencer.from_settings().drain()
    run_jobs("bundles.make")
    bundle.refresh_from_db()
    world.values |= {"bundle_id": bundle.pk, "bundle_ticket": bundle_actions.open_bundle(officer, bundle, "To hand it over").id}


def _bring_log(world: World, case: Case) -> None:
    scope = Scope(case.organisation, case)
    Sequencer.from_settings().drain()
    world.values |= {
        "event_id": Event.objects.for_case(case.pk)[0].pk,
        "extension": "json",
        "csv": "csv",
        "signed_at": Checkpoint.objects.latest("size").size,
        "log_job": log_actions.ask_verification(world.users["investigator"], scope).pk,
    }


def _bring_answers(world: World) -> None:
    """What requests send, good enough to be carried out, so that only access decides; and what configuration there is."""
    world.values |= {
        "admin_app": "accounts",
        "one": 1,
        "pk": 1,
        "key": "not-a-key",
        "uidb36": "abc",
        **{name: _any(name) for name in CONFIGURED},
        "offence": any_offence().cjs_code,
        "offence_id": any_offence().pk,
        "other_offence_id": OffenceCode.objects.filter(is_active=True).exclude(pk=any_offence().pk)[0].pk,
        "cps_area_id": world.users["prosecutor"].organisation.pk,
        "newcomer": make_user(Role.REDACTOR, organisation=world.users["investigator"].organisation).pk,
    }


def _any(name: str) -> Any:
    """The key of one row of a model, named as the admin site's addresses name it."""
    app, _, model = name.partition("_")
    return apps.get_model(app, model)._default_manager.values_list("pk", flat=True)[0]
