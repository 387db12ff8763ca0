"""Block listing: many similar items as one row, refused for what must be listed by itself, and what becomes of it later."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable
from typing import Any

import docx
import jsonschema
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from audit.actions import Refused
from audit.models import Event
from disclosure import (
    actions,
    blocks,
    completeness,
    differences,
    duty,
    exchange,
    fencing,
    managing,
    manifests,
    presumption,
    printed,
    prosecution,
)
from disclosure.models import Block, Endorsement, Item, PresumptionCategory, PresumptionProposal, Row, ScheduleVersion
from evidence.models import Exhibit
from tests.disclosure.arrange import (
    BLOCK,
    RECEIPT,
    SECRET_BLOCK,
    SIGNED_FOR,
    Team,
    certified,
    certify_rest,
    checked,
    drafted,
    make_block,
    make_item,
    make_receipts,
    make_team,
    printed_rows,
    redecide,
)
from tests.disclosure.test_api import client_of, post
from tests.disclosure.test_managing import said_of
from tests.disclosure.test_pages import at, of_case, signed_in, text

pytestmark = pytest.mark.django_db
LAWYER = prosecution.Source("A. Lawyer", "E-mail of 20/11/2026")


def items_of(block: Block) -> list[Item]:
    return [place.item for place in block.places.standing().select_related("item__exhibit").order_by("item__exhibit__created_at")]


def references(items: list[Item]) -> list[str]:
    return [item.exhibit.reference for item in items]


def held(version: ScheduleVersion) -> list[manifests.Manifest]:
    rows = list(version.rows.order_by("position"))
    found = manifests.of_rows(version, rows)
    return [found[row.pk] for row in rows if row.pk in found]


def may_meet(team: Team, item: Item) -> None:
    actions.decide(team.officer, item, test="may_meet", reason="It puts the suspect elsewhere at 23:00")


def confirm(team: Team, item: Item) -> None:
    """Rebutted with a reason, it stays presumption material."""
    actions.decide(team.officer, item, test="does_not", reason="It says nothing of that night")
    presumption.answer(team.officer, item, PresumptionCategory.objects.get(code="2"), holds=True)


def close(team: Team, item: Item) -> None:
    fencing.fence(team.officer, item.exhibit, "privilege", "A solicitor's letterhead")


def propose(team: Team, item: Item) -> None:
    PresumptionProposal.objects.create(item=item, category=PresumptionCategory.objects.get(code="2"), because="log")


# ---- one row ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["MG6C", "MG6D"])
def test_a_block_has_one_row_and_one_number_and_its_items_are_accounted_for(kind: str) -> None:
    team = make_team()
    alone = make_item(team, kind.lower())
    block = make_block(team, 3, kind.lower())
    words = SECRET_BLOCK if kind == "MG6D" else BLOCK
    version = actions.draft_schedule(team.officer, team.case, kind)
    assert [(row.position, row.item_id, row.block_id) for row in version.rows.all()] == [(1, alone.pk, None), (2, None, block.pk)]
    row = version.rows.get(position=2)
    assert (row.description, row.location) == (words["title"], words["location"])
    assert row.sensitivity_reason == ("For the reasons in the policy file" if kind == "MG6D" else "")
    assert not completeness.unaccounted(team.case).exists()
    (manifest,) = held(version)
    assert manifest.facts == "Block of 3 items, seized or received 01/11/2026 to 03/11/2026"
    assert [one.reference for one in manifest.items] == references(items_of(block))
    actions.certify(team.officer, checked(team, version))
    number = block.numbers.get()
    assert (number.kind, number.number) == (kind, 2)
    # What comes later goes on behind it, and takes neither its number nor those of its items
    make_item(team, kind.lower())
    later = actions.new_version(team.officer, version.schedule)
    assert list(later.rows.values_list("position", "block")) == [(1, None), (2, block.pk), (3, None)]


def test_an_item_that_had_a_row_of_its_own_in_the_draft_loses_it_to_the_block() -> None:
    team = make_team()
    items = make_receipts(team, 2)
    version = drafted(team, rows=0)
    assert version.rows.count() == 2
    blocks.make(team.officer, team.case, [item.pk for item in items], **BLOCK)
    with pytest.raises(ValidationError, match="has since been put in a block: bring the draft up to date"):
        actions.send_to_qa(team.officer, version)
    actions.draft_schedule(team.officer, team.case, "MG6C")
    (row,) = version.rows.filter(withdrawn=False)
    assert (row.position, row.block_id) == (1, Block.objects.get().pk)


@pytest.mark.parametrize(
    ("arrange", "said"),
    [
        (may_meet, "may undermine or assist"),
        (confirm, "is presumption material"),
        (propose, "is proposed as presumption material, and nobody has answered"),
        (close, "is closed to the team"),
        (lambda team, item: redecide(team, item, "used"), "is not decided as unused and relevant"),
        (lambda team, item: redecide(team, item, "not_relevant"), "is not decided as unused and relevant"),
    ],
)
def test_what_is_to_be_listed_by_itself_stands_in_no_block(arrange: Callable[[Team, Item], Any], said: str) -> None:
    team = make_team()
    items = make_receipts(team, 3)
    arrange(team, items[1])
    with pytest.raises(ValidationError) as caught:
        blocks.make(team.officer, team.case, [item.pk for item in items], **BLOCK)
    assert caught.value.message_dict["items"][0].startswith(f"{items[1].label} {said}")
    assert not Block.objects.exists()
    assert set(blocks.choosable(team.case)) == {items[0], items[2]}


def test_a_proposal_that_a_person_declined_keeps_nothing_out() -> None:
    team = make_team()
    items = make_receipts(team, 2)
    propose(team, items[0])
    presumption.answer(team.officer, items[0], PresumptionCategory.objects.get(code="2"), holds=False)
    assert set(blocks.choosable(team.case)) == set(items)
    assert blocks.make(team.officer, team.case, [item.pk for item in items], **BLOCK).places.count() == 2


def test_one_item_mixed_sensitivity_another_case_a_block_or_a_number_already_are_refused() -> None:
    team, other = make_team(), make_team()
    first, second = make_receipts(team, 2)

    def refused(*items: Item, **words: str) -> str:
        with pytest.raises(ValidationError) as caught:
            blocks.make(team.officer, team.case, [item.pk for item in items], **(BLOCK | words))
        return " ".join(message for messages in caught.value.message_dict.values() for message in messages)

    assert "at least two items" in refused(first)
    assert "at least two items" in refused(first, first)
    assert "Select items of this case" in refused(first, make_receipts(other, 1)[0])
    assert "blocks of their own" in refused(first, make_receipts(team, 1, "mg6d")[0])
    half = make_item(team, description=RECEIPT)
    actions.decide(team.officer, half, use="unused", relevance="relevant")
    assert "is not decided yet" in refused(first, half)
    for name, said in (("title", "what the items are"), ("location", "where they are kept"), ("why", "why they are listed")):
        assert said in refused(first, second, **{name: " "})
    version = certified(team, rows=0)
    assert {row.item_id for row in version.rows.all()} == {first.pk, second.pk}
    assert f"{first.label} is listed by itself, as MG6C item 1" in refused(first, second)
    block = make_block(team, 2)
    assert "is in a block already" in refused(*items_of(block))


def test_only_the_officers_make_and_change_one() -> None:
    team = make_team()
    items = [item.pk for item in make_receipts(team, 3)]
    for person in (team.investigator, team.supervisor, team.redactor):
        with pytest.raises(Refused):
            blocks.make(person, team.case, items, **BLOCK)
    block = blocks.make(team.deputy, team.case, items, **BLOCK)
    with pytest.raises(Refused):
        blocks.take_out(team.supervisor, block, items[:1])
    with pytest.raises(Refused):
        blocks.dissolve(team.supervisor, block)
    with pytest.raises(Refused):
        blocks.change_words(team.supervisor, block, **BLOCK)


def test_each_step_is_an_event_whose_words_are_in_its_detail_only() -> None:
    team = make_team()
    block = make_block(team, 4)
    blocks.change_words(team.officer, block, **(BLOCK | {"why": "They are copies of one another but for a number"}))
    blocks.take_out(team.officer, block, [items_of(block)[0].pk])
    blocks.dissolve(team.officer, block)
    events = list(Event.objects.for_case(team.case.pk).filter(object_id=str(block.pk)).in_order())
    assert [event.verb for event in events] == ["block.made", "block.changed", "block.items_taken_out", "block.dissolved"]
    bodies = " ".join(str(event.body) for event in events)
    assert "receipt" not in bodies.lower()
    assert '"items":4' in str(events[0].body).replace(" ", "")


# ---- its words, and what leaves it -----------------------------------------------------------------------------------


def test_its_words_and_its_rows_are_the_same_wherever_they_are_written() -> None:
    team = make_team()
    block = make_block(team)
    version = actions.draft_schedule(team.officer, team.case, "MG6C")
    row = version.rows.get()
    title = BLOCK["title"].replace("parcel", "courier")
    blocks.change_words(team.deputy, block, title=title, location="Store 4", why="One says what all say")
    row.refresh_from_db()
    assert (row.description, row.location, row.edited_by) == (title, "Store 4", team.deputy)
    actions.write_row(team.officer, row, description=BLOCK["title"], location="Store 5")
    block.refresh_from_db()
    assert (block.title, block.location, block.why) == (BLOCK["title"], "Store 5", "One says what all say")
    # Whoever wrote them can't check them
    assert version.authors() == {team.officer.pk, team.deputy.pk}
    actions.send_to_qa(team.officer, version)
    with pytest.raises(ValidationError, match="with the supervisor: it can't change there"):
        blocks.change_words(team.officer, block, **BLOCK)
    with pytest.raises(ValidationError, match="it can't change there"):
        blocks.dissolve(team.officer, block)
    with pytest.raises(ValidationError, match="it can't change there"):
        blocks.take_out(team.officer, block, [items_of(block)[0].pk])


def test_the_lint_reads_its_description_with_its_quantity_and_dates_and_why_it_is_one() -> None:
    team = make_team()
    block = make_block(team, title="Receipts")
    version = actions.draft_schedule(team.officer, team.case, "MG6C")
    with pytest.raises(ValidationError, match=r"Row 1: .*too little"):
        actions.send_to_qa(team.officer, version)
    blocks.change_words(team.officer, block, **(BLOCK | {"why": "All went to 12 Alder Road, Wexcombe, WX1 4QT"}))
    with pytest.raises(ValidationError, match="in why it is a block"):
        actions.send_to_qa(team.officer, version)
    # Neither a day nor a number stands in the words: both come from the items
    blocks.change_words(team.officer, block, **BLOCK)
    assert actions.send_to_qa(team.officer, version).state == "in_qa"


def test_a_block_may_not_give_away_an_mg6d_block() -> None:
    team = make_team()
    make_block(team, 2, "mg6d")
    make_block(team, 2, title=SECRET_BLOCK["title"])
    version = actions.draft_schedule(team.officer, team.case, "MG6C")
    with pytest.raises(ValidationError, match="Row 1"):
        actions.send_to_qa(team.officer, version)


@pytest.mark.parametrize("arrange", [may_meet, confirm, close, propose, lambda team, item: redecide(team, item, "mg6d")])
def test_a_child_that_must_be_listed_by_itself_leaves_the_draft_first(arrange: Callable[[Team, Item], Any]) -> None:
    team = make_team()
    block = make_block(team, 4)
    version = actions.draft_schedule(team.officer, team.case, "MG6C")
    item = items_of(block)[1]
    arrange(team, item)
    item.refresh_from_db()
    with pytest.raises(ValidationError, match=f"Row 1: {item.label} .*so it can't stay in the block: bring the draft up to date"):
        actions.send_to_qa(team.officer, version)
    assert item in completeness.unaccounted(team.case)
    page = text(signed_in(team.officer).get(at("version", version)))
    assert "1 item must leave its block before this can be certified" in page
    assert item.label in page
    review = text(signed_in(team.officer).get(f"{of_case('review', team)}?show=all&item={item.pk}"))
    assert "It must leave it before a schedule is certified" in review
    actions.draft_schedule(team.officer, team.case, "MG6C")
    assert item not in items_of(block)
    assert block.places.standing().count() == 3
    listed = set(version.rows.filter(withdrawn=False).values_list("item", flat=True)) - {None}
    assert listed == ({item.pk} if item.schedule_kind == "MG6C" else set())
    assert "must leave" not in text(signed_in(team.officer).get(at("version", version)))
    assert Event.objects.for_case(team.case.pk).filter(verb="block.items_left").count() == 1


def test_what_changes_while_it_is_with_the_supervisor_stops_the_certificate() -> None:
    team = make_team()
    block = make_block(team)
    version = checked(team, actions.draft_schedule(team.officer, team.case, "MG6C"))
    may_meet(team, items_of(block)[0])
    with pytest.raises(ValidationError, match="can't stay in the block"):
        actions.certify(team.officer, version)
    actions.return_to_author(team.supervisor, version, "Bring it up to date")
    actions.draft_schedule(team.officer, team.case, "MG6C")
    actions.certify(team.officer, checked(team, version))
    assert [row.block_id is None for row in version.rows.order_by("position")] == [False, True]


def test_of_a_block_of_two_nothing_is_left_when_one_leaves() -> None:
    team = make_team()
    block = make_block(team, 2)
    version = actions.draft_schedule(team.officer, team.case, "MG6C")
    may_meet(team, items_of(block)[0])
    actions.draft_schedule(team.officer, team.case, "MG6C")
    assert not block.places.standing().exists()
    assert [row[2] for row in printed_rows(version) if row[0]] == [False, False]
    assert not version.rows.filter(withdrawn=False, block__isnull=False).exists()
    assert Event.objects.for_case(team.case.pk).filter(verb="block.dissolved").exists()


def test_after_certification_the_next_version_lists_by_itself_what_leaves() -> None:
    team = make_team()
    block = make_block(team, 3)
    first = certified(team, rows=0)
    item = items_of(block)[1]
    before = first.certificate.content
    may_meet(team, item)
    with pytest.raises(ValidationError, match="is certified: it can't change there"):
        blocks.take_out(team.officer, block, [item.pk])
    # Nothing else of the case is certified until it is listed
    (missing,) = completeness.missing(team.case)
    assert (missing.item, missing.why.startswith("in a block that")) == (item, True)
    second = actions.new_version(team.officer, first.schedule)
    assert [(row.position, row.item_id) for row in second.rows.order_by("position")] == [(1, None), (2, item.pk)]
    assert [len(one.items) for one in held(second)] == [2]
    # What was certified stays as it was
    assert [len(one.items) for one in held(first)] == [3]
    actions.certify(team.officer, checked(team, second))
    assert ScheduleVersion.objects.get(pk=first.pk).certificate.content == before
    report = checked(team, drafted(team, "MG6E", rows=0))
    actions.certify(team.officer, report)
    assert json.loads(report.certificate.content)["rows"][0]["item"] == 2
    (change, added) = differences.between(first, second)
    pieces = dict(change.fields)["The block and its items"]
    assert item.exhibit.reference in " ".join(piece.text for piece in pieces if piece.mark == "del")
    assert (change.number, change.what, added.what) == (1, "Changed", "Added")
    assert item.exhibit.reference in text(signed_in(team.officer).get(at("diff", second)))


def test_a_numbered_block_that_is_dissolved_leaves_a_withdrawn_row() -> None:
    team = make_team()
    block = make_block(team, 2)
    first = certified(team, rows=0)
    second = actions.new_version(team.officer, first.schedule)
    blocks.dissolve(team.officer, block)
    actions.draft_schedule(team.officer, team.case, "MG6C")
    assert [(number, withdrawn) for number, _, withdrawn in printed_rows(second)] == [(1, True), (2, False), (3, False)]
    for row in second.rows.filter(withdrawn=False):
        actions.write_row(
            team.officer, row, description=f"{BLOCK['title']}, of {row.position} March 2026, 1 page", location="Store"
        )
    actions.certify(team.officer, checked(team, second))
    assert json.loads(second.certificate.content)["rows"][0] == {"number": 1, "withdrawn": True}
    assert json.loads(first.certificate.content)["rows"][0]["block"]["quantity"] == 2


def test_items_are_taken_out_and_a_block_is_dissolved_while_it_is_a_draft() -> None:
    team = make_team()
    block = make_block(team, 3)
    first, second, third = items_of(block)
    version = actions.draft_schedule(team.officer, team.case, "MG6C")
    with pytest.raises(ValidationError, match="Select items of the block"):
        blocks.take_out(team.officer, block, [make_item(team).pk])
    with pytest.raises(ValidationError, match="dissolve it instead"):
        blocks.take_out(team.officer, block, [first.pk, second.pk])
    assert blocks.take_out(team.officer, block, [first.pk]) == 1
    actions.draft_schedule(team.officer, team.case, "MG6C")
    assert {row.item_id for row in version.rows.filter(withdrawn=False)} == {None, first.pk}
    # It may be put in another block, with what was left over
    assert blocks.dissolve(team.officer, block) == 2
    with pytest.raises(ValidationError, match="dissolved already"):
        blocks.dissolve(team.officer, block)
    again = blocks.make(team.officer, team.case, [first.pk, second.pk, third.pk], **BLOCK)
    actions.draft_schedule(team.officer, team.case, "MG6C")
    assert [row.block_id for row in version.rows.filter(withdrawn=False)] == [again.pk]


def test_a_later_schedule_takes_a_later_block_and_leaves_the_first_where_it_is() -> None:
    team = make_team()
    early = make_block(team, 2)
    version = certified(team, rows=0)
    certify_rest(team, version)
    actions.submit(team.officer, version)
    late = make_block(team, 2)
    later = actions.later_schedule(team.officer, team.case, "MG6C")
    assert [(row.position, row.block_id) for row in later.rows.all()] == [(2, late.pk)]
    may_meet(team, items_of(early)[0])
    actions.draft_schedule(team.officer, team.case, "MG6C")
    # The first block is the first schedule's to bring up to date
    assert early.places.standing().count() == 2
    assert items_of(early)[0] in completeness.unaccounted(team.case)


# ---- read again, endorsed, printed, given out ------------------------------------------------------------------------


def test_its_items_are_read_again_like_any_other_and_its_row_is_endorsed() -> None:
    team = make_team()
    block = make_block(team, 3)
    version = certified(team, rows=0)
    certify_rest(team, version)
    actions.submit(team.officer, version)
    prosecution.endorse(team.officer, version, {1: prosecution.Entry("CND")}, LAWYER)
    assert Endorsement.objects.get().row.block == block
    prosecution.complete(team.officer, version, LAWYER)
    duty.expect_statement(team.officer, team.case, "crown", timezone.localdate() - dt.timedelta(days=20))
    duty.receive(team.officer, team.case, timezone.localdate(), "He was at work all night")
    children = items_of(block)
    assert set(children) <= set(completeness.to_read_again(team.case))
    duty.read_again(team.officer, team.case, [children[2].pk], "may_meet", "It is of that night")
    duty.read_again(team.officer, team.case, [item.pk for item in children], "no_change", "They are of other days")
    second = actions.new_version(team.officer, version.schedule)
    assert second.rows.get(position=2).item == children[2]


@pytest.mark.parametrize("kind", ["MG6C", "MG6D"])
def test_paper_data_and_database_say_the_same(kind: str) -> None:
    team = make_team()
    block = make_block(team, 40, kind.lower())
    version = certified(team, kind, rows=1)
    row = version.rows.get(block__isnull=False)
    exhibits = [item.exhibit for item in items_of(block)]
    pages = PdfReader(io.BytesIO(printed.form(version))).pages
    document = docx.Document(io.BytesIO(printed.form(version, "docx")))
    cells = [cell.text for table in document.tables for line in table.rows for cell in line.cells]
    read = {
        "pdf": " ".join(" ".join(page.extract_text().split()) for page in pages),
        "docx": " ".join(" ".join([*(one.text for one in document.paragraphs), *cells]).split()),
    }
    for words in read.values():
        assert " ".join(row.description.split()) in words
        assert "Block of 40 items, seized or received 25/09/2026 to 03/11/2026" in words
        assert block.why in words
        appendix = words[words.index(f"items of the block listed as item {row.position}") :]
        for exhibit in exhibits:
            assert f"{exhibit.reference} Other {timezone.localtime(exhibit.seized_at):%d/%m/%Y}" in appendix
        # What nobody wrote for these readers is not there
        assert SIGNED_FOR not in words
    data = exchange.export(team.officer, version)
    jsonschema.Draft202012Validator(exchange.schema()).validate(data)
    assert data["schema_version"] == "1.1"
    (told,) = [one["block"] for one in data["certified"]["rows"] if "block" in one]
    assert (told["quantity"], told["why"], told["from"], told["to"]) == (40, block.why, "2026-09-25", "2026-11-03")
    assert [one["reference"] for one in told["items"]] == [exhibit.reference for exhibit in exhibits]
    assert SIGNED_FOR not in json.dumps(data)


def test_a_version_of_before_and_its_endorsements_are_taken_as_they_were() -> None:
    team = make_team()
    version = certified(team, rows=1)
    certify_rest(team, version)
    actions.submit(team.officer, version)
    data = exchange.export(team.officer, version)
    jsonschema.Draft202012Validator(exchange.schema()).validate(data | {"schema_version": "1.0"})
    file: dict[str, Any] = {"sha256": version.certificate.sha256, "decided_by": "A. Lawyer", "source_document": "E-mail"}
    file |= {"endorsements": [{"number": 1, "code": "CND"}]}
    assert exchange.import_endorsements(team.officer, version, file | {"schema_version": "1.0"})


def test_the_dmd_says_which_blocks_there_are_and_why_and_nothing_of_a_sensitive_one() -> None:
    team = make_team()
    make_block(team, 3)
    make_block(team, 2, "mg6d")
    facts = said_of(managing.issue(team.officer, team.case, "DMD"))["blocks"]
    told = f"{BLOCK['title']}. Block of 3 items, seized or received 01/11/2026 to 03/11/2026. Why: {BLOCK['why']}"
    assert facts == [["Not numbered yet", told]]
    certified(team, rows=0)
    assert said_of(managing.issue(team.officer, team.case, "DMD"))["blocks"] == [["MG6C item 1", told]]


# ---- pages and API ---------------------------------------------------------------------------------------------------


def test_ticked_items_are_listed_as_a_block_by_the_page() -> None:
    team = make_team()
    items = make_receipts(team, 3)
    client = signed_in(team.officer)
    page = text(client.get(of_case("new_block", team)))
    assert all(item.label in page for item in items)
    wrong = client.post(of_case("new_block", team), {"items": [str(items[0].pk)], **BLOCK})
    assert wrong.status_code == 422
    assert "Select at least two items" in text(wrong)
    empty = client.post(of_case("new_block", team), {"items": [str(item.pk) for item in items]})
    assert "Enter why they are listed as a block" in text(empty)
    assert text(empty).count(" checked") == 3
    made = client.post(of_case("new_block", team), {"items": [str(item.pk) for item in items[:2]], **BLOCK}, follow=True)
    assert "The block is made" in text(made)
    assert "Not yet: the MG6C lists it" in text(made)
    assert text(client.get(of_case("new_block", team))).count('name="items"') == 1
    page = text(client.get(of_case("blocks", team)))
    assert "deliveries to the hall of residence" in page
    assert "Block of 2 items" in page


def test_all_that_the_filter_finds_is_listed_however_many_pages_there_are() -> None:
    team = make_team()
    make_receipts(team, 3)
    make_item(team, "mg6c")
    make_receipts(team, 2, "mg6d")
    client = signed_in(team.officer)
    address = f"{of_case('new_block', team)}?words=parcel&sensitivity=not_sensitive&kind="
    client.post(address, {"step": "all", **BLOCK})
    assert Block.objects.get().places.count() == 3
    client.post(f"{of_case('new_block', team)}?sensitivity=sensitive", {"step": "all", **SECRET_BLOCK})
    assert Block.objects.filter(sensitivity="sensitive").get().places.count() == 2


def test_a_case_without_such_items_or_blocks_says_what_belongs_there() -> None:
    team = make_team()
    client = signed_in(team.officer)
    assert "No item for a block" in text(client.get(of_case("new_block", team)))
    assert "No block yet" in text(client.get(of_case("blocks", team)))


def test_the_blocks_page_changes_takes_out_and_dissolves() -> None:
    team = make_team()
    block = make_block(team, 4)
    client = signed_in(team.officer)
    address = reverse("disclosure:block", args=[team.case.pk, block.pk])
    page = client.post(address, {"step": "words", **(BLOCK | {"why": ""})})
    assert page.status_code == 422
    assert "The words of the block are saved" in text(client.post(address, {"step": "words", **BLOCK}, follow=True))
    first = items_of(block)[0]
    assert "1 item taken out" in text(client.post(address, {"step": "take_out", "items": [str(first.pk)]}, follow=True))
    assert "Select items of the block" in text(client.post(address, {"step": "take_out"}, follow=True))
    assert client.post(address, {"step": "explode"}).status_code == 404
    assert "The block is dissolved" in text(client.post(address, {"step": "dissolve"}, follow=True))
    assert "Dissolved: it holds no item any more" in text(client.get(address))


def test_a_certified_block_says_that_it_changes_no_more() -> None:
    team = make_team()
    block = make_block(team)
    version = certified(team, rows=0)
    page = text(signed_in(team.officer).get(reverse("disclosure:block", args=[team.case.pk, block.pk])))
    assert "the block can change in a draft only" in page
    assert "Dissolve the block" not in page
    assert f"{version}, item 1" in page


def test_pages_ask_no_more_for_a_thousand_items(django_assert_max_num_queries: Any) -> None:
    team = make_team()
    Exhibit.objects.bulk_create(
        Exhibit(
            case=team.case,
            reference=f"QU/{number}",
            kind=Exhibit.Kind.OTHER,
            description=RECEIPT,
            seized_at=timezone.now(),
            seized_where="Wexcombe",
            seized_by="PC 2914",
            location="Store",
            within_marking=True,
            created_by=team.investigator,
        )
        for number in range(1, 1001)
    )
    items = list(Item.objects.ensure_for(team.case).values_list("pk", flat=True))
    actions.decide_many(team.officer, team.case, items, {"use": "unused", "relevance": "relevant", "sensitivity": "not_sensitive"})
    block = blocks.make(team.officer, team.case, items, **BLOCK)
    with django_assert_max_num_queries(30):
        version = actions.draft_schedule(team.officer, team.case, "MG6C")
    client = signed_in(team.officer)
    for address, most in [
        (at("version", version), 34),
        (reverse("disclosure:block", args=[team.case.pk, block.pk]), 22),
        (of_case("blocks", team), 18),
        (of_case("new_block", team), 18),
        (of_case("overview", team), 32),
    ]:
        client.get(address)
        with django_assert_max_num_queries(most):
            page = client.get(address)
        assert page.status_code == 200
    shown = text(client.get(at("version", version)))
    assert "Block of 1,000 items" in shown
    assert shown.count("<li>QU/") == 1000
    assert not completeness.unaccounted(team.case).exists()
    actions.certify(team.officer, checked(team, version))
    assert json.loads(version.certificate.content)["rows"][0]["block"]["quantity"] == 1000


def test_the_overview_counts_a_blocks_items_and_sees_when_the_draft_is_behind() -> None:
    team = make_team()
    block = make_block(team, 3)
    client = signed_in(team.officer)
    actions.draft_schedule(team.officer, team.case, "MG6C")
    assert "no longer agrees" not in text(client.get(of_case("overview", team)))
    may_meet(team, items_of(block)[0])
    assert "no longer agrees" in text(client.get(of_case("overview", team)))
    actions.draft_schedule(team.officer, team.case, "MG6C")
    assert text(client.get(of_case("overview", team))).count("no longer agrees") == 0


def test_the_api_makes_reads_changes_and_dissolves_a_block() -> None:
    team = make_team()
    items = [str(item.pk) for item in make_receipts(team, 4)]
    client = client_of(team.officer)
    address = f"/api/cases/{team.case.pk}/blocks/"
    assert post(client, address, BLOCK | {"items": items[:1]}).status_code == 400
    made = post(client, address, BLOCK | {"items": items})
    assert made.status_code == 201
    body = made.json()
    assert body["holds"]["quantity"] == 4
    assert [one["item"] for one in body["holds"]["items"]] == items
    assert [one["id"] for one in client.get(address).json()["results"]] == [body["id"]]
    one = f"/api/blocks/{body['id']}/"
    assert client.patch(one, {"why": "All say the same"}, "application/json").json()["why"] == "All say the same"
    assert post(client, f"{one}take-out/", {"items": items[:1]}).json()["holds"]["quantity"] == 3
    assert client.get(one).json()["holds"]["quantity"] == 3
    version = actions.draft_schedule(team.officer, team.case, "MG6C")
    rows = client.get(f"/api/schedules/{version.schedule_id}/versions/1/").json()["rows"]
    assert {(row["block"], row["item"]) for row in rows} == {(body["id"], None), (None, items[0])}
    assert post(client, f"{one}dissolve/").json()["holds"] is None
    assert client_of(make_team().officer).get(one).status_code == 404


def test_who_sees_no_mg6d_sees_no_sensitive_block() -> None:
    team = make_team()
    block = make_block(team, 2, "mg6d")
    client = signed_in(team.investigator)
    assert client.get(reverse("disclosure:block", args=[team.case.pk, block.pk])).status_code == 404
    assert "No block yet" in text(client.get(of_case("blocks", team)))
    assert client_of(team.investigator).get(f"/api/blocks/{block.pk}/").status_code == 404
    item = items_of(block)[0]
    assert "a block of items" not in text(client.get(f"{of_case('review', team)}?show=all&item={item.pk}"))
    assert Row.objects.count() == 0
