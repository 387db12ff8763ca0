"""The whole upload as another system does it: by HTTP and a token, on both stores."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.test import Client

from accounts import actions as accounts
from accounts.models import User
from evidence.models import Blob
from tests.evidence.conftest import World
from tests.factories import make_exhibit, run_jobs
from tests.vault.conftest import browser_put
from vault.errors import Unavailable
from vault.folder import FolderStore
from vault.protocol import USUAL_PART, SignedPut

BODY = hashlib.shake_128(b"api").digest(USUAL_PART + 5)
ALL = ("exhibits.read", "exhibits.write", "uploads.write")


class System:
    """Another system with a token."""

    def __init__(self, user: User, *scopes: str) -> None:
        token = accounts.create_api_token(user, client="Force systems", scopes=list(scopes), days=7)
        self.client = Client(headers={"Authorization": f"Token {token[1]}"})

    def post(self, path: str, data: dict[str, Any] | None = None) -> Any:
        return self.client.post(f"/api/{path}", data or {}, content_type="application/json")

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/{path}")


def digests(number: int, piece: bytes) -> dict[str, Any]:
    return {
        "number": number,
        "length": len(piece),
        "md5": hashlib.md5(piece).hexdigest(),
        "sha256": hashlib.sha256(piece).hexdigest(),
    }


NEW = {
    "reference": "AB/1",
    "kind": "messages",
    "description": "Chat export",
    "seized_at": "2026-11-03T09:30:00Z",
    "seized_where": "Wexcombe",
    "within_marking": True,
    "seized_by": "PC 2914",
}


def test_a_system_books_an_exhibit_in_and_sends_its_file(world: World, any_vault: str) -> None:
    system = System(world.investigator, *ALL)
    made = system.post(f"cases/{world.case.pk}/exhibits/", NEW)
    assert made.status_code == 201, made.content
    exhibit = made.json()["id"]
    opened = system.post(f"exhibits/{exhibit}/uploads/", {"size": len(BODY), "name": "chat.txt"})
    assert opened.status_code == 201
    upload, size = opened.json()["id"], opened.json()["part_size"]
    for number in (1, 2):
        piece = BODY[(number - 1) * size : number * size]
        signed = system.post(f"uploads/{upload}/parts/", digests(number, piece)).json()
        assert browser_put(SignedPut(signed["url"], signed["headers"], signed["expires_at"]), piece).status == 200
        assert system.post(f"uploads/{upload}/parts/{number}/stored/").status_code == 200
        seen = system.get(f"uploads/{upload}/").json()
        assert [part["number"] for part in seen["parts"]] == list(range(1, number + 1))
        assert seen["parts"][-1]["sha256"] == hashlib.sha256(piece).hexdigest()
    assert [row["id"] for row in system.get(f"exhibits/{exhibit}/uploads/").json()] == [upload]
    done = system.post(f"uploads/{upload}/complete/", {"sha256": hashlib.sha256(BODY).hexdigest()})
    assert done.json()["state"] == "received"
    run_jobs("evidence.verify")
    (copy,) = system.get(f"exhibits/{exhibit}/").json()["copies"]
    assert copy["blobs"][0]["state"] == Blob.State.VERIFIED
    assert copy["blobs"][0]["sha256"] == hashlib.sha256(BODY).hexdigest()
    assert "chat.txt" not in str(system.get(f"exhibits/{exhibit}/").json())
    assert system.get(f"exhibits/{exhibit}/uploads/").json() == []
    assert [row["reference"] for row in system.get(f"cases/{world.case.pk}/exhibits/").json()["results"]] == ["AB/1"]


def test_a_rule_that_is_broken_names_its_field(world: World) -> None:
    system = System(world.investigator, *ALL)
    system.post(f"cases/{world.case.pk}/exhibits/", NEW)
    again = system.post(f"cases/{world.case.pk}/exhibits/", NEW)
    assert again.status_code == 400
    assert "already used" in again.json()["reference"][0]
    exhibit = make_exhibit(world.investigator, world.case)
    empty = system.post(f"exhibits/{exhibit.pk}/uploads/", {"size": 0, "name": "x"})
    assert (empty.status_code, empty.json()) == (400, {"size": ["The file is empty"]})


def test_a_part_that_cannot_be_right_is_a_400(world: World) -> None:
    system = System(world.investigator, *ALL)
    exhibit = make_exhibit(world.investigator, world.case)
    upload = system.post(f"exhibits/{exhibit.pk}/uploads/", {"size": 5, "name": "x"}).json()["id"]
    answer = system.post(f"uploads/{upload}/parts/", digests(2, b"bytes"))
    assert answer.status_code == 400
    assert answer.json() == {"detail": "There is no part 2; the upload has 1.", "code": "part_rejected"}
    early = system.post(f"uploads/{upload}/complete/", {"sha256": "0" * 64})
    assert early.status_code == 400


def test_a_store_that_is_down_is_a_503(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_args: Any) -> None:
        raise Unavailable("The store can't be reached; try again later.")

    monkeypatch.setattr(FolderStore, "open_upload", down)
    exhibit = make_exhibit(world.investigator, world.case)
    answer = System(world.investigator, *ALL).post(f"exhibits/{exhibit.pk}/uploads/", {"size": 5, "name": "x"})
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


def test_a_part_is_sent_to_the_host_its_sender_came_by(world: World) -> None:
    system = System(world.investigator, *ALL)
    upload = system.post(
        f"exhibits/{make_exhibit(world.investigator, world.case).pk}/uploads/", {"size": 5, "name": "a.bin"}
    ).json()
    asked = system.client.post(
        f"/api/uploads/{upload['id']}/parts/", digests(1, b"12345"), content_type="application/json", headers={"host": "127.0.0.1"}
    )
    assert asked.json()["url"].startswith("http://127.0.0.1/vault/parts/")


def test_another_file_is_refused_by_its_part_even_before_any_part_arrived(world: World) -> None:
    system = System(world.investigator, *ALL)
    upload = system.post(
        f"exhibits/{make_exhibit(world.investigator, world.case).pk}/uploads/", {"size": 5, "name": "a.bin"}
    ).json()
    path = f"uploads/{upload['id']}/parts/"
    assert system.post(path, digests(1, b"12345")).status_code == 200
    other = system.post(path, digests(1, b"54321"))
    assert other.status_code == 400
    assert "differs in part 1" in other.json()["number"][0]
    assert system.post(path, digests(1, b"12345")).status_code == 200


def test_an_upload_can_be_stopped(world: World) -> None:
    system = System(world.investigator, *ALL)
    exhibit = make_exhibit(world.investigator, world.case)
    upload = system.post(f"exhibits/{exhibit.pk}/uploads/", {"size": 5, "name": "x"}).json()["id"]
    assert system.post(f"uploads/{upload}/abort/").status_code == 204
    assert system.post(f"uploads/{upload}/parts/", digests(1, b"bytes")).status_code == 400


def test_whoever_is_not_on_the_case_finds_nothing(world: World) -> None:
    exhibit = make_exhibit(world.investigator, world.case)
    upload = System(world.investigator, *ALL).post(f"exhibits/{exhibit.pk}/uploads/", {"size": 5, "name": "x"}).json()["id"]
    system = System(world.stranger, *ALL)
    for answer in (
        system.get(f"cases/{world.case.pk}/exhibits/"),
        system.post(f"cases/{world.case.pk}/exhibits/", NEW),
        system.get(f"exhibits/{exhibit.pk}/"),
        system.get(f"exhibits/{exhibit.pk}/uploads/"),
        system.post(f"exhibits/{exhibit.pk}/uploads/", {"size": 5, "name": "x"}),
        system.get(f"uploads/{upload}/"),
        system.post(f"uploads/{upload}/parts/", digests(1, b"bytes")),
        system.post(f"uploads/{upload}/parts/1/stored/"),
        system.post(f"uploads/{upload}/complete/", {"sha256": "0" * 64}),
        system.post(f"uploads/{upload}/abort/"),
    ):
        assert answer.status_code == 404


def test_on_the_case_in_another_role_is_a_refusal(world: World) -> None:
    exhibit = make_exhibit(world.investigator, world.case)
    system = System(world.redactor, *ALL)
    assert system.get(f"exhibits/{exhibit.pk}/").status_code == 200
    assert system.post(f"exhibits/{exhibit.pk}/uploads/", {"size": 5, "name": "x"}).status_code == 403


def test_a_token_does_only_what_it_was_made_for(world: World) -> None:
    exhibit = make_exhibit(world.investigator, world.case)
    reader = System(world.investigator, "exhibits.read")
    assert reader.get(f"exhibits/{exhibit.pk}/").status_code == 200
    assert reader.post(f"cases/{world.case.pk}/exhibits/", NEW).status_code == 403
    assert reader.post(f"exhibits/{exhibit.pk}/uploads/", {"size": 5, "name": "x"}).status_code == 403


def test_a_system_sends_many_files_and_signs_several_parts_at_once(world: World, any_vault: str) -> None:
    system = System(world.investigator, *ALL)
    values = {key: NEW[key] for key in ("description", "seized_at", "seized_where", "seized_by", "within_marking")} | {
        "initials": "AB"
    }
    batch = system.post(f"cases/{world.case.pk}/batches/", values).json()["id"]
    sha256 = hashlib.sha256(BODY).hexdigest()
    file = {"size": len(BODY), "name": "scene/1.bin", "last_modified": 5, "sha256": sha256}
    upload = system.post(f"batches/{batch}/files/", file).json()
    assert (upload["reference"], upload["state"], upload["sha256"]) == ("AB/1", "open", sha256)
    pieces = {1: BODY[: upload["part_size"]], 2: BODY[upload["part_size"] :]}
    parts = [digests(number, piece) for number, piece in pieces.items()]
    signed = system.post(f"uploads/{upload['id']}/parts/many/", {"parts": parts}).json()
    assert browser_put(SignedPut(signed[0]["url"], signed[0]["headers"], signed[0]["expires_at"]), pieces[1]).status == 200
    # Nobody said that it arrived: the store did
    again = system.post(f"batches/{batch}/files/", file).json()
    assert [part["number"] for part in again["parts"]] == [1]
    assert browser_put(SignedPut(signed[1]["url"], signed[1]["headers"], signed[1]["expires_at"]), pieces[2]).status == 200
    assert system.post(f"uploads/{upload['id']}/complete/", {"sha256": sha256}).status_code == 200
    done = system.post(f"batches/{batch}/files/", file).json()
    assert (done["id"], done["state"], done["sha256"]) == (upload["id"], "complete", sha256)
    assert {key: system.get(f"batches/{batch}/").json()[key] for key in ("files", "complete")} == {"files": 1, "complete": 1}


def test_several_parts_are_signed_together_or_not_at_all(world: World) -> None:
    system = System(world.investigator, *ALL)
    upload = system.post(
        f"exhibits/{make_exhibit(world.investigator, world.case).pk}/uploads/", {"size": 5, "name": "a.bin"}
    ).json()
    path = f"uploads/{upload['id']}/parts/many/"
    wrong = system.post(path, {"parts": [digests(1, b"12345"), digests(2, b"12345")]})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "part_rejected")
    assert system.post(path, {"parts": []}).status_code == 400
    assert system.post(path, {"parts": [digests(1, b"54321")]}).status_code == 200


def test_a_file_that_is_not_the_one_stated_is_not_accepted(world: World) -> None:
    system = System(world.investigator, *ALL)
    exhibit = make_exhibit(world.investigator, world.case)
    stated = hashlib.sha256(b"stated").hexdigest()
    path = f"exhibits/{exhibit.pk}/uploads/"
    upload = system.post(path, {"size": 5, "name": "a.bin", "sha256": stated}).json()
    other = system.post(path, {"size": 5, "name": "a.bin", "sha256": "0" * 64})
    assert (other.status_code, "another SHA-256" in str(other.json())) == (400, True)
    signed = system.post(f"uploads/{upload['id']}/parts/", digests(1, b"bytes")).json()
    browser_put(SignedPut(signed["url"], signed["headers"], signed["expires_at"]), b"bytes")
    refused = system.post(f"uploads/{upload['id']}/complete/", {"sha256": hashlib.sha256(b"bytes").hexdigest()})
    assert (refused.status_code, "not accepted" in str(refused.json())) == (400, True)
    assert system.get(f"uploads/{upload['id']}/").json()["state"] == "open"
    nonsense = system.post(path, {"size": 5, "name": "a.bin", "sha256": "SHA"})
    assert nonsense.status_code == 400
