"""Nothing above OFFICIAL-SENSITIVE comes in: by page, many at once, API or command; what is refused leaves nothing but that."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, transaction

from accounts.models import Notification
from audit.actions import Refused
from audit.models import Event
from evidence import batches, door
from evidence.models import Batch, Exhibit, Upload
from tests.evidence.conftest import World
from tests.evidence.test_batches import FORM as BATCH_FORM
from tests.evidence.test_exhibits import add
from tests.evidence.test_pages import FORM, signed_in
from tests.evidence.test_upload_api import NEW
from tests.factories import SEIZED_AT, make_batch, make_exhibit

pytestmark = pytest.mark.django_db

SECRET_WORDS = "Debrief of the informant called Heron"


def api(world: World, path: str, data: Any) -> Any:
    return signed_in(world.investigator).post(f"/api/{path}", data, "application/json")


def nothing_came_in(world: World) -> None:
    assert not Exhibit.objects.filter(case=world.case).exists()
    assert not Batch.objects.filter(case=world.case).exists()
    event = Event.objects.get(verb="exhibit.refused_at_the_door")
    assert (event.actor_id, event.object_id, event.after) == (world.investigator.pk, str(world.case.pk), None)
    assert SECRET_WORDS not in event.body + (event.detail.detail or "")
    told = Notification.objects.filter(text__contains="did not bring it in", important=True)
    assert [notification.user for notification in told] == [world.supervisor]
    assert SECRET_WORDS not in told[0].text


@pytest.mark.parametrize("many", [False, True])
def test_a_page_asks_each_time_and_says_where_it_goes_instead(world: World, many: bool) -> None:
    url = f"/cases/{world.case.pk}/exhibits/{'upload' if many else 'new'}/"
    form = (BATCH_FORM if many else FORM) | {"description": SECRET_WORDS}
    client = signed_in(world.investigator)
    page = client.get(url).content.decode()
    assert "Is any of it above OFFICIAL-SENSITIVE?" in page
    assert 'value="within" checked' not in page.replace("\n", " ")
    unanswered = client.post(url, {key: value for key, value in form.items() if key != "marking"})
    assert "Select whether any of it is above OFFICIAL-SENSITIVE" in unanswered.content.decode()
    # Whatever else was left out: there is nothing to fill in for what does not come in
    answer = client.post(url, {"marking": "above", "description": SECRET_WORDS})
    shown = answer.content.decode()
    assert "It was not booked in" in shown
    assert "your force’s unit for sensitive material" in shown
    assert "OFFICIAL-SENSITIVE" in shown
    assert SECRET_WORDS not in shown
    nothing_came_in(world)


def test_a_force_names_its_own_unit(world: World, settings: Any) -> None:
    settings.SECURE_HANDLING = "the Wexcombe source unit on 01632 960001"
    answer = signed_in(world.investigator).post(f"/cases/{world.case.pk}/exhibits/new/", {"marking": "above"})
    assert "the Wexcombe source unit on 01632 960001" in answer.content.decode()


@pytest.mark.parametrize("many", [False, True])
def test_the_api_takes_nothing_without_the_statement(world: World, many: bool) -> None:
    path = f"cases/{world.case.pk}/{'batches' if many else 'exhibits'}/"
    shared = {key: value for key, value in NEW.items() if not many or key not in ("reference", "kind")}
    body = shared | ({"initials": "AB"} if many else {}) | {"description": SECRET_WORDS}
    silent = api(world, path, {key: value for key, value in body.items() if key != "within_marking"})
    assert silent.status_code == 400
    assert "within_marking" in str(silent.json())
    above = api(world, path, body | {"within_marking": False})
    assert above.status_code == 400
    assert "Do not book it in, send it or describe it here" in str(above.json())
    nothing_came_in(world)
    assert api(world, path, body | {"within_marking": True}).status_code == 201


def test_who_sends_a_file_may_say_no_too(world: World) -> None:
    exhibit = make_exhibit(world.investigator, world.case)
    batch = make_batch(world.investigator, world.case)
    for path in (f"exhibits/{exhibit.pk}/uploads/", f"batches/{batch.pk}/files/"):
        answer = api(world, path, {"size": 10, "name": "a.bin", "within_marking": False})
        assert (answer.status_code, "Do not book it in" in str(answer.json())) == (400, True)
    assert not Upload.objects.exists()
    assert Exhibit.objects.count() == 1
    assert Event.objects.filter(verb="exhibit.refused_at_the_door").count() == 2
    assert api(world, f"exhibits/{exhibit.pk}/uploads/", {"size": 10, "name": "a.bin", "within_marking": True}).status_code == 201
    opened = Event.objects.get(verb="upload.opened")
    assert (opened.after or {})["within_marking"] is True


def test_the_actions_and_the_database_refuse_it_too(world: World) -> None:
    with pytest.raises(ValidationError, match="Say that nothing of it is above"):
        add(world, within_marking=False)
    with pytest.raises(ValidationError, match="Say that nothing of it is above"):
        make_batch(world.investigator, world.case, within_marking=False)
    exhibit = add(world)
    assert (Event.objects.get(verb="exhibit.added").after or {})["within_marking"] is True
    values = {"case": world.case, "description": "x", "seized_at": SEIZED_AT, "created_by": world.investigator}
    for change in (
        lambda: Exhibit.objects.create(reference="AB/9", kind="other", **values),
        lambda: Batch.objects.create(initials="AB", **values),
        lambda: Exhibit.objects.filter(pk=exhibit.pk).update(within_marking=False),
    ):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            change()


def test_files_of_a_batch_carry_its_statement(world: World) -> None:
    batch = make_batch(world.investigator, world.case)
    upload = batches.add_file(world.investigator, batch, size=5, name="a.jpg")
    assert upload.exhibit.within_marking
    page = signed_in(world.investigator).get(f"/exhibits/{upload.exhibit.pk}/").content.decode()
    assert "Not above OFFICIAL-SENSITIVE, says who booked it in" in page
    assert "Send nothing that is" in signed_in(world.investigator).get(f"/batches/{batch.pk}/").content.decode()


def test_who_may_not_book_in_refuses_nothing(world: World) -> None:
    with pytest.raises(Refused):
        door.refuse(world.redactor, world.case)
    answer = signed_in(world.redactor).post(f"/cases/{world.case.pk}/exhibits/new/", {"marking": "above"})
    assert answer.status_code == 403


def test_the_command_sends_nothing_without_the_word(tmp_path: Path) -> None:
    root = Path(__file__).parent.parent.parent / "evidence-upload"
    file = tmp_path / "a.bin"
    file.write_bytes(b"x")
    given = [sys.executable, "-m", "evidence_upload", "--exhibit", "3f2b8c1e-0000-4000-8000-000000000000", str(file)]
    ended = subprocess.run(given, env={"PYTHONPATH": str(root), "PATH": ""}, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "--within-marking" in ended.stderr
    assert "do not send it" in ended.stderr
