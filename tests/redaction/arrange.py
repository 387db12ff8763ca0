"""A case whose statement is ready to be redacted, and releases brought as far as a test wants, by the actions that pages call."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from accounts.models import Role, User
from cases.models import Case
from evidence.models import Exhibit
from redaction import actions, sampling
from redaction.models import Document, Release
from tests.factories import make_case, make_complainant, make_force, make_user, make_verified_exhibit, run_jobs
from tests.redaction.files import photograph, statement

LINES = (
    "Statement of: Marianne THISTLEWOOD   Date of birth: 14/03/1997",
    "I live at 14 Tanner Street, Bristol BS1 4DJ. My number is 07700 900461.",
    "I told my neighbour Mrs Okafor what had happened. PC 2914 took exhibit AB/7.",
)


@dataclass
class Team:
    """A case and who is on it."""

    case: Case
    investigator: User
    redactor: User
    colleague: User
    approver: User
    supervisor: User


def make_team() -> Team:
    """An investigator, two redactors, an approver and a supervisor; Complainant A is known."""
    force = make_force()
    investigator = make_user(Role.INVESTIGATOR, organisation=force)
    redactor, colleague = (make_user(Role.REDACTOR, Role.APPROVER, organisation=force) for _ in range(2))
    approver, supervisor = make_user(Role.APPROVER, organisation=force), make_user(Role.SUPERVISOR, organisation=force)
    roles: dict[User, Role | str] = {
        redactor: Role.REDACTOR,
        colleague: Role.REDACTOR,
        approver: Role.APPROVER,
        supervisor: Role.SUPERVISOR,
    }
    case = make_case(investigator, team=roles)
    make_complainant(investigator, case)
    return Team(case, investigator, redactor, colleague, approver, supervisor)


def make_statement(team: Team, pages: int = 1) -> Exhibit:
    """A verified text PDF."""
    with TemporaryDirectory() as folder:
        data = statement(Path(folder) / "a.pdf", LINES, pages).read_bytes()
    return make_verified_exhibit(team.investigator, team.case, data=data)


def make_photograph(team: Team) -> Exhibit:
    """A verified photograph with metadata."""
    with TemporaryDirectory() as folder:
        data = photograph(Path(folder) / "a.jpg").read_bytes()
    return make_verified_exhibit(team.investigator, team.case, data=data)


def asked(team: Team, exhibit: Exhibit | None = None, audience: str = "cps") -> tuple[Document, Release]:
    """Asked for by the redactor, read by a worker."""
    document, release = actions.start(team.redactor, exhibit or make_statement(team), audience=audience)
    run_jobs()
    document.refresh_from_db()
    return document, release


def decided(team: Team, audience: str = "cps") -> tuple[Document, Release]:
    """Everything proposed is accepted by the redactor."""
    document, release = asked(team, audience=audience)
    actions.accept_rest(team.redactor, document)
    return document, release


def approved(team: Team) -> tuple[Document, Release]:
    """With the worker, not yet burnt in."""
    document, release = decided(team)
    actions.ask_approval(team.redactor, release)
    actions.approve(team.approver, release)
    return document, release


def read_sample(approver: User, release: Release) -> None:
    """Every page drawn for the approver is read whole."""
    for entry in sampling.entries(release):
        sampling.confirm(approver, release, entry.index)


def verified(team: Team) -> tuple[Document, Release]:
    """Burnt in and checked for leaks."""
    document, release = approved(team)
    run_jobs()
    release.refresh_from_db()
    return document, release


def state_of(release: Release) -> str:
    """The state that holds."""
    return release.current().state
