"""The API of the editor: pages under a ticket, boxes, groups, undo and redo, remarks, the disclosure test."""

from typing import Any

import pytest
from django.test import Client

from accounts.actions import create_api_token
from audit.models import Event
from evidence.opening import open_blob
from redaction import actions, remarks
from redaction.models import Document
from tests.redaction.arrange import LINES, Team, asked, make_statement, make_team
from tests.redaction.test_api import conform, post, signed_in
from tests.redaction.test_held import arranged

pytestmark = pytest.mark.django_db
BOX = [60, 200, 160, 220]


def opened(pages: int = 1) -> tuple[Team, Document, Client, str]:
    team = make_team()
    document, _ = asked(team, make_statement(team, pages=pages))
    return team, document, signed_in(team.redactor), f"/api/redactions/{document.pk}/"


def first_two(document: Document) -> list[Any]:
    return list(document.proposals.filter(page=0).exclude(start=None)[:2])


def test_a_document_says_how_far_it_is() -> None:
    _, document, client, url = opened(pages=2)
    told = client.get(url).json()
    assert told["state"] == "ready"
    assert told["source_sha256"] == document.source.sha256
    assert [(page["index"], page["open"]) for page in told["pages"]] == [
        (index, document.proposals.filter(page=index).count()) for index in (0, 1)
    ]
    actions.accept_rest(document.created_by, document, page=0)
    assert [page["open"] > 0 for page in client.get(url).json()["pages"]] == [False, True]


def test_the_words_and_the_picture_of_a_page_are_given_under_a_ticket_whose_event_came_first() -> None:
    team, _, client, url = opened()
    assert client.get(f"{url}tickets/none/pages/0/words/").status_code == 404
    before = Event.objects.filter(verb="blob.opened").count()
    answer = post(client, f"{url}open/", {"purpose": "Another detector"})
    assert answer.status_code == 201
    event = Event.objects.filter(verb="blob.opened").newest_first()[0]
    assert Event.objects.filter(verb="blob.opened").count() == before + 1
    assert "Another detector" in event.detail.facts["purpose"]
    page = f"{url}tickets/{answer.json()['ticket']}/pages/0/"
    told = client.get(f"{page}words/").json()
    conform(told, "page_words")
    assert LINES[0].split(":")[0] in told["text"]
    assert len(told["boxes"]) == len(told["text"])
    picture = client.get(f"{page}image/")
    assert (picture["Content-Type"], picture.content[:4]) == ("image/png", b"\x89PNG")
    assert "sandbox" in picture["Content-Security-Policy"]
    # It is one person's, and for one document
    assert signed_in(team.colleague).get(f"{page}words/").status_code == 404
    other, _ = asked(team)
    elsewhere = open_blob(team.redactor, other.source, "Review").id
    assert client.get(f"{url}tickets/{elsewhere}/pages/0/words/").status_code == 404
    assert client.get(f"{url}tickets/{answer.json()['ticket']}/pages/9/words/").status_code == 404


def test_the_places_of_the_words_are_those_that_proposals_take() -> None:
    _, document, client, url = opened()
    ticket = post(client, f"{url}open/", {"purpose": "Another detector"}).json()["ticket"]
    text = client.get(f"{url}tickets/{ticket}/pages/0/words/").json()["text"]
    start = text.index("happened")
    found = {"detector": "x", "proposals": [{"page": 0, "start": start, "end": start + 8, "code": "OTH"}]}
    assert post(client, f"{url}proposals/", found).json() == {"taken": 1}
    assert document.proposals.get(rule="x").start == start


def test_a_box_is_drawn_moved_merged_undone_and_redone() -> None:
    team, document, client, url = opened()
    drawn = {"page": 0, "box": BOX, "code": "TEL"}
    conform(drawn, "box_in")
    answer = post(client, f"{url}boxes/", drawn)
    assert answer.status_code == 201
    made = answer.json()
    conform(made, "proposal")
    assert (made["source"], made["verdict"], made["boxes"]) == ("hand", "accept", [BOX])
    moved = {"boxes": [[61, 201, 161, 221]], "seen": made["decision"]}
    conform(moved, "move_in")
    second = post(client, f"{url}proposals/{made['id']}/move/", moved).json()
    assert second["boxes"] == [[61, 201, 161, 221]]
    assert document.proposals.with_decision().get(pk=made["id"]).verdict == "moved"
    assert post(client, f"{url}undo/", {}).json()["decisions"] == 2
    assert document.proposals.with_decision().get(pk=made["id"]).verdict == "accept"
    assert post(client, f"{url}redo/", {}).json()["decisions"] == 2
    assert document.proposals.with_decision().get(pk=second["id"]).verdict == "accept"
    one, two = first_two(document)
    merging = {"proposals": [{"proposal": str(one.pk), "seen": 0}, {"proposal": str(two.pk), "seen": 0}]}
    conform(merging, "merge_in")
    merged = post(client, f"{url}merge/", merging).json()
    assert merged["rule"] == "merged"
    assert {document.proposals.with_decision().get(pk=p.pk).verdict for p in (one, two)} == {"moved"}
    assert set(document.decisions.values_list("by", flat=True)) == {team.redactor.pk}


def test_what_another_decided_meanwhile_is_not_overruled_unawares() -> None:
    team, document, client, url = opened()
    one, two = first_two(document)
    actions.decide(team.colleague, one, "accept")
    for address, data in (
        (f"proposals/{one.pk}/move/", {"boxes": one.boxes, "seen": 0}),
        ("merge/", {"proposals": [{"proposal": str(one.pk), "seen": 0}, {"proposal": str(two.pk)}]}),
    ):
        answer = post(client, f"{url}{address}", data)
        assert (answer.status_code, "decided this meanwhile" in answer.content.decode()) == (400, True)
    assert document.decisions.count() == 1


def test_what_is_sent_twice_is_done_once() -> None:
    _, document, client, url = opened()
    drawn = {"page": 0, "box": BOX, "code": "TEL", "act": "7b0cbf4e-5d0a-4a3b-9a53-2f7c7a1d9b10"}
    assert post(client, f"{url}boxes/", drawn).status_code == 201
    again = post(client, f"{url}boxes/", drawn)
    assert (again.status_code, "done already" in again.content.decode()) == (400, True)
    assert document.proposals.filter(source="hand").count() == 1


@pytest.mark.parametrize(
    ("address", "data", "says"),
    [
        ("boxes/", {"page": 0, "box": [1, 2, 3], "code": "TEL"}, "box"),
        ("boxes/", {"page": 9, "box": BOX, "code": "TEL"}, "no such page"),
        ("boxes/", {"page": 0, "box": BOX, "code": "XX"}, "category"),
        ("boxes/", {"page": 0, "box": [9000, 1, 9001, 9], "code": "TEL"}, "must be on the page"),
        ("keep-only/", {"areas": [{"page": 9, "boxes": [BOX]}], "code": "OTH"}, "Choose what is kept"),
        ("groups/", {"said": "0" * 64, "verdict": "perhaps"}, "Select redact or keep"),
        ("undo/", {}, "nothing here that could be undone"),
        ("redo/", {}, "undone nothing here"),
        ("remarks/", {"page": 9, "text": "Look"}, "no such place"),
        ("remarks/", {"page": 0, "text": "Look", "for_release": True}, "waits for your word"),
        ("disclosure-test/questions/", {}, "nothing to ask"),
    ],
)
def test_what_can_not_be_done_says_why(address: str, data: dict[str, Any], says: str) -> None:
    _, document, client, url = opened()
    answer = post(client, f"{url}{address}", data)
    assert (answer.status_code, says in answer.content.decode()) == (400, True), answer.content
    assert not document.decisions.exists()


def test_everything_but_an_area_is_redacted() -> None:
    _, document, client, url = opened()
    kept = {"areas": [{"page": 0, "boxes": [BOX]}], "code": "OTH"}
    conform(kept, "keep_only_in")
    answer = post(client, f"{url}keep-only/", kept).json()
    assert answer["decisions"] == document.decisions.filter(act=answer["act"]).count() > 0
    assert document.proposals.filter(rule="rest").count() == 1


def test_what_says_the_same_is_decided_at_once_and_as_elsewhere_in_the_case() -> None:
    team, document, client, url = opened(pages=2)
    listed = client.get(f"{url}groups/").json()
    group = next(row for row in listed if row["open"] == 2)
    done = post(client, f"{url}groups/", {"said": group["said"], "verdict": "accept"}).json()
    assert done["decisions"] == 2
    again = next(row for row in client.get(f"{url}groups/").json() if row["said"] == group["said"])
    assert (again["open"], again["redacted"]) == (0, 2)
    other, _ = asked(team)
    elsewhere = f"/api/redactions/{other.pk}/"
    assert post(client, f"{elsewhere}groups/", {"said": group["said"], "verdict": "before"}).json()["decisions"] == 1
    actions.accept_rest(team.redactor, document)
    assert post(client, f"{elsewhere}as-before/", {}).json()["decisions"] == other.proposals.count() - 1
    assert post(client, f"{elsewhere}as-before/", {}).json() == {"act": None, "decisions": 0}
    assert "Tanner" not in str(listed)


def test_a_remark_is_made_answered_and_settled_and_says_no_redacted_word() -> None:
    team, document, client, url = opened()
    release = document.releases.get()
    actions.accept_rest(team.redactor, document)
    actions.ask_approval(team.redactor, release)
    approver = signed_in(team.approver)
    said = {"page": 0, "box": BOX, "text": "This box is too narrow", "for_release": True}
    made = post(approver, f"{url}remarks/", said).json()
    assert (made["release"], made["by"]) == (str(release.pk), team.approver.name)
    assert remarks.unsettled(release) == 1
    spoken = post(approver, f"{url}remarks/", {"page": 0, "text": "Thistlewood is still there"})
    assert (spoken.status_code, "without the words" in spoken.content.decode()) == (400, True)
    answer = post(client, f"{url}remarks/{made['id']}/answers/", {"text": "Made wider", "settles": True})
    assert answer.status_code == 201
    assert remarks.unsettled(release) == 0
    listed = client.get(f"{url}remarks/").json()
    assert [(row["text"], row["answers"]) for row in listed] == [("This box is too narrow", None), ("Made wider", made["id"])]


def test_what_may_meet_the_disclosure_test_is_asked_and_answered() -> None:
    team, officer, document, _ = arranged()
    client, url = signed_in(team.redactor), f"/api/redactions/{document.pk}/disclosure-test/"
    told = client.get(url).json()
    assert (told["may_meet"], told["asked"]) == (True, False)
    assert {row["may"] for row in told["codes"]} == {None}
    assert post(client, f"{url}questions/", {"note": "The number on page 1"}).json()["asked"] is True
    assert post(client, f"{url}answers/", {"may": ["TEL"], "reason": "Not in issue"}).status_code == 403
    answered = post(signed_in(officer), f"{url}answers/", {"may": ["TEL"], "reason": "The number is not in issue"})
    assert answered.status_code == 201
    assert {row["code"]: row["may"] for row in answered.json()["codes"]}["TEL"] is True
    assert answered.json()["asked"] is False


def test_a_token_opens_pages_only_with_that_verb() -> None:
    team, document, _, url = opened()
    _, key = create_api_token(team.redactor, client="Editor", scopes=["redaction.read", "redaction.decide"], days=1)
    headers = {"Authorization": f"Token {key}"}
    client = Client()
    assert client.get(url, headers=headers).status_code == 200
    assert post(client, f"{url}open/", {"purpose": "To edit"}, **headers).status_code == 403
    ticket = open_blob(team.redactor, document.source, "Review").id
    assert client.get(f"{url}tickets/{ticket}/pages/0/words/", headers=headers).status_code == 403
    assert post(client, f"{url}boxes/", {"page": 0, "box": BOX, "code": "TEL"}, **headers).status_code == 201
    assert post(client, f"{url}remarks/", {"page": 0, "text": "Look"}, **headers).status_code == 403


def test_words_are_found_under_a_ticket_and_redacted_wherever_they_stand() -> None:
    _, document, client, url = opened(pages=2)
    ticket = post(client, f"{url}open/", {"purpose": "Another editor"}).json()["ticket"]
    wanted = {"words": "had HAPPENED"}
    conform(wanted, "search_in")
    assert post(client, f"{url}tickets/none/search/", wanted).status_code == 404
    search = f"{url}tickets/{ticket}/search/"
    places = post(client, search, wanted).json()
    assert [(place["page"], place["redacted"], place["proposal"]) for place in places] == [(0, False, None), (1, False, None)]
    for place in places:
        conform(place, "place")
    assert "happened" not in str(places)
    asked_for = wanted | {"code": "OTH", "places": [places[1]["place"]]}
    conform(asked_for, "redact_found_in")
    made = post(client, f"{url}redact-found/", asked_for).json()
    assert (made["decisions"], document.proposals.accepted().get(rule="search").page) == (1, 1)
    now = post(client, search, wanted).json()
    assert [(place["redacted"], place["proposal"] is None) for place in now] == [(False, True), (True, False)]
    everywhere = post(client, f"{url}redact-found/", wanted | {"code": "OTH"}).json()
    assert everywhere["decisions"] == 1
    done = post(client, f"{url}redact-found/", wanted | {"code": "OTH"})
    assert (done.status_code, "redacted already" in done.content.decode()) == (400, True)
    few = post(client, search, {"words": "a"})
    assert (few.status_code, "at least two letters" in few.content.decode()) == (400, True)


def test_everything_but_the_words_that_were_found_is_redacted() -> None:
    _, document, client, url = opened()
    ticket = post(client, f"{url}open/", {"purpose": "Another editor"}).json()["ticket"]
    place = post(client, f"{url}tickets/{ticket}/search/", {"words": "PC 2914"}).json()[0]
    wanted = {"words": "PC 2914", "code": "OTH", "places": [place["place"]], "keep": "page"}
    conform(wanted, "redact_found_in")
    answer = post(client, f"{url}redact-found/", wanted).json()
    assert answer["decisions"] == document.decisions.filter(act=answer["act"]).count() > 0
    assert document.proposals.filter(rule="rest").count() == 1
