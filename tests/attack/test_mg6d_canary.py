"""A word of an MG6D or MG6E stands nowhere that its audience does not reach: pages, exports, forms, notifications, the log."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import Notification
from cases.models import Case
from disclosure import actions, blocks
from disclosure.models import Block
from disclosure.models import Row as ScheduleRow
from tests.access.walk import path_of
from tests.access.web_table import TABLE
from tests.access.world import World, make_world
from tests.disclosure.arrange import SECRET_BLOCK, Team, account_for_rest, checked, drafted, redecide

pytestmark = pytest.mark.django_db
# In the MG6D row's words, its reason, the decision's reason, and the MG6E's; in the words of a block, where it is, why it is one
CANARIES = (
    "quillzanzibar",
    "tarnmockingbird",
    "fjordhoneysuckle",
    "wombatchandelier",
    "larkspurtrombone",
    "cobaltwheelbarrow",
    "gannetmarzipan",
)
URLCONF = "config.urls"


@pytest.fixture
def world() -> World:
    made = make_world()
    case = Case.objects.get(pk=made.values["case_id"])
    people = ("investigator", "disclosure", "deputy", "supervisor", "redactor")
    team = Team(case, *(made.users[name] for name in people))
    first = ScheduleRow.objects.get(pk=made.values["MG6D_row"])
    assert first.item is not None
    redecide(team, first.item, "mg6d")
    actions.decide(team.officer, first.item, sensitivity="sensitive", reason=f"A {CANARIES[2]} lives there")
    actions.decide(team.officer, first.item, test="may_meet", reason=f"The {CANARIES[3]} saw him elsewhere")
    block = Block.objects.get(pk=made.values["sensitive_block"])
    blocks.change_words(
        team.officer,
        block,
        title=f"{SECRET_BLOCK['title']}, and the {CANARIES[4]}",
        location=f"The {CANARIES[5]} store",
        why=f"Each sketches one and the same {CANARIES[6]}",
    )
    version = drafted(team, "MG6D", rows=0)
    row = ScheduleRow.objects.select_related("version__schedule__case").get(version=version, item=first.item)
    listed = version.rows.get(block__isnull=False)
    assert str(listed.block_id) == str(made.values["sensitive_block"])
    words = {"description": f"Plan of 02/03/2026, 5 pages, by a constable, sketching the {CANARIES[0]}", "location": ""}
    actions.write_row(team.officer, row, **words, sensitivity_reason=f"It would harm the {CANARIES[1]} badly")
    account_for_rest(team)
    actions.certify(team.officer, checked(team, version))
    report = drafted(team, "MG6E", rows=0)
    actions.certify(team.officer, checked(team, report))
    actions.submit(team.officer, version)
    made.values |= {"MG6E_schedule": report.schedule_id, "MG6D_item": first.item_id}
    return made


def bodies(client: Client, world: World) -> Iterator[tuple[str, str]]:
    """What this person is shown at every address that can be looked at, of the MG6C's and of the MG6D's case rows."""
    for row in TABLE:
        if row.method != "GET":
            continue
        path = path_of(row, world.values, URLCONF)
        yield path, text_of(client.get(path))
    case = world.values["case_id"]
    review = reverse("disclosure:review", kwargs={"case_id": case})
    for query in ("show=all", f"show=all&item={world.values['MG6D_item']}", "show=mg6c", "show=used", "show=unaccounted"):
        yield query, text_of(client.get(f"{review}?{query}"))
    yield "log", text_of(client.get(reverse("cases:log", kwargs={"case_id": case})))
    for kind in ("MG6D", "MG6E"):
        schedule = world.values[f"{kind}_schedule"]
        for name in ("version", "pdf", "docx", "export", "diff", "prosecutor", "receipt"):
            for number in (1, 2):
                path = reverse(f"disclosure:{name}", kwargs={"schedule_id": schedule, "number": number})
                yield path, text_of(client.get(path))


def text_of(response: object) -> str:
    """The words of a page, a file or a form."""
    streaming = getattr(response, "streaming", False)
    data = b"".join(response.streaming_content) if streaming else response.content  # type: ignore[attr-defined]
    if data.startswith(b"%PDF"):
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            data = b" ".join(packed.read(name) for name in packed.namelist())
    return str(data.decode(errors="replace"))


def test_the_canaries_sing_to_their_audience(world: World) -> None:
    heard = " ".join(body for _, body in bodies(world.client("supervisor"), world))
    for canary in CANARIES:
        assert canary in heard


def test_nobody_else_hears_them(world: World) -> None:
    for column in ("investigator", "exhibits", "redactor", "elsewhere", "auditor", "admin", "anonymous"):
        client = world.client(column)
        for path, body in bodies(client, world):
            assert not [canary for canary in CANARIES if canary in body], f"{column} at {path}"


def test_no_notification_and_no_event_body_has_them(world: World) -> None:
    from audit.models import Event

    told = " ".join(Notification.objects.values_list("text", flat=True))
    kept = " ".join(map(str, Event.objects.values_list("body", flat=True)))
    for canary in CANARIES:
        assert canary not in told
        assert canary not in kept
