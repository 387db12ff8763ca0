"""Presumption material: proposed, answered by a person, rebutted with a reason; and the copies that the prosecutor is owed."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.actions import Refused
from audit.models import Event
from disclosure import actions, managing_content, presumed, presumption, summary
from disclosure.models import Decision, Item, Presumption, PresumptionCategory, PresumptionProposal, SuppliedCopy
from tests.disclosure.arrange import Team, account_for_rest, certified, checked, drafted, make_item, make_team, redecide
from tests.disclosure.test_pages import at, of_case, signed_in, text
from tests.factories import make_exhibit

pytestmark = pytest.mark.django_db

LOG = "Incident log of 14 March 2026 by the control room: who rang and when officers went to the hotel, 4 pages"
OTHER_LOG = LOG.replace("14 March", "15 March")


def category(code: str) -> PresumptionCategory:
    return PresumptionCategory.objects.get(code=code)


def proposed(item: Item) -> list[tuple[str, str]]:
    found = PresumptionProposal.objects.filter(item=item).order_by("category__position")
    return list(found.values_list("category__code", "because"))


def confirm(team: Team, item: Item, code: str = "2") -> Presumption:
    made = presumption.answer(team.officer, item, category(code), holds=True)
    item.refresh_from_db()
    return made


def logged(team: Team, outcome: str = "mg6c", **exhibit: object) -> Item:
    return make_item(team, outcome, **({"description": LOG} | exhibit))


# ---- proposed --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "description", "expected"),
    [
        ("document", LOG, [("2", "Incident log")]),
        ("document", "The incident  logs of two nights", [("2", "incident  log")]),
        ("audio", "A recording", [("1", "")]),
        ("audio", "The 999 call at 23:14", [("1", "999 call")]),
        ("video", "The hotel's door, 4 minutes", [("3e", "")]),
        ("abe", "Recorded account", [("5", ""), ("6", "")]),
        ("document", "House-to-house questions, 12 doors", [("3d", "House-to-house")]),
        ("document", "Print of PNC: a caution of 2019", [("7", "PNC")]),
        ("document", "First description of a man in a red coat", [("C1", "First description")]),
        # Words stand for themselves: no part of a longer one, no letter that means something else
        ("document", "The decadent catalogue (CADENCE) of 3 pages", []),
        ("document", "Houseztozhouse", []),
    ],
)
def test_an_item_is_proposed_by_its_type_and_the_words_of_its_description(
    kind: str, description: str, expected: list[tuple[str, str]]
) -> None:
    assert proposed(make_item(make_team(), kind=kind, description=description)) == expected


def test_every_category_of_the_reference_is_there() -> None:
    codes = PresumptionCategory.objects.filter(presumed=True).values_list("code", flat=True)
    assert list(codes) == ["1", "2", "3", "3a", "3b", "3c", "3d", "3e", "4", "5", "6", "7"]


def test_a_proposal_decides_nothing() -> None:
    team = make_team()
    item = logged(team)
    assert (item.test, list(presumed.categories_of(item))) == ("", [])
    redecide(team, item, "not_relevant")
    actions.decide(team.officer, item, relevance="relevant", test="does_not")
    assert presumed.waiting(team.case).count() == 1
    account_for_rest(team)  # as evidence, which waits for nothing
    assert presumed.waiting(team.case).count() == 0


def test_new_words_of_a_category_find_items_that_were_there_before() -> None:
    team = make_team()
    item = make_item(team, description="Ledger of the night porter, 3 pages")
    found = category("2")
    found.words += "\nnight porter's ledger\nledger of the (night) porter"
    with pytest.raises(IntegrityError), transaction.atomic():
        PresumptionCategory.objects.filter(pk=found.pk).update(presumed=False)
    found.words += "\nledger of"
    found.full_clean()
    found.save()
    assert presumption.look_again(team.officer, team.case) == 1
    assert presumption.look_again(team.officer, team.case) == 0
    assert proposed(item) == [("2", "Ledger of")]
    found.words = "- ledger"
    with pytest.raises(ValidationError, match="begin and end"):
        found.full_clean()


def test_many_exhibits_at_once_are_proposed_too() -> None:
    team = make_team()
    for _ in range(3):
        make_exhibit(team.investigator, team.case, description=LOG)
    Item.objects.ensure_for(team.case)
    assert presumed.waiting(team.case).count() == 3


# ---- answered --------------------------------------------------------------------------------------------------------


def test_what_is_confirmed_is_thought_to_meet_the_test_by_whom_and_when() -> None:
    team = make_team()
    item = logged(team)
    made = confirm(team, item)
    assert (made.by, made.holds) == (team.officer, True)
    assert item.test == "may_meet"
    view = Decision.objects.get(item=item, field="test")
    assert (view.by, view.reason) == (team.officer, "Presumed to meet the disclosure test: Incident log")
    event = Event.objects.get(verb="item.presumption_confirmed")
    assert (event.actor_id, event.after) == (team.officer.pk, {"category": "2", "holds": True})
    assert "Incident" not in event.body
    report = actions.draft_schedule(team.officer, team.case, "MG6E")
    assert [row.item_id for row in report.rows.all()] == [item.pk]
    with pytest.raises(ValidationError, match="confirmed as 2: Incident log already"):
        confirm(team, item)


def test_to_rebut_the_presumption_needs_a_reason_that_is_kept() -> None:
    team = make_team()
    item = logged(team)
    confirm(team, item)
    for blank in ("", "  "):
        with pytest.raises(ValidationError, match=r"presumption material .* enter why"):
            actions.decide(team.deputy, item, test="does_not", reason=blank)
    actions.decide(team.deputy, item, test="does_not", reason="It is of another night")
    item.refresh_from_db()
    assert item.test == "does_not"
    last = item.decisions.filter(field="test").order_by("-id")[0]
    assert (last.by, last.reason) == (team.deputy, "It is of another night")


def test_a_reason_given_before_it_was_confirmed_rebuts_it() -> None:
    team = make_team()
    item, other = logged(team), logged(team)
    actions.decide(team.officer, item, test="does_not", reason="It is of another night")
    actions.decide(team.officer, other, test="does_not")
    for one in (item, other):
        confirm(team, one)
    assert (item.test, other.test) == ("does_not", "may_meet")


@pytest.mark.parametrize("outcome", ["not_relevant", "unexamined"])
def test_it_is_neither_left_out_nor_unread(outcome: str) -> None:
    team = make_team()
    item, waiting = logged(team), logged(team, outcome)
    confirm(team, item)
    with pytest.raises(ValidationError, match="examined and scheduled"):
        redecide(team, item, outcome)
    answers = {"use": "unused", "relevance": "clearly_not_relevant", "sensitivity": None}
    with pytest.raises(ValidationError, match=item.exhibit.reference):
        actions.decide_many(team.officer, team.case, [item.pk, waiting.pk], answers, "Nothing in it")
    with pytest.raises(ValidationError, match="Decide that first"):
        confirm(team, waiting)
    redecide(team, waiting, "mg6c")
    confirm(team, waiting)


def test_a_confirmation_is_taken_back_with_a_reason_only() -> None:
    team = make_team()
    item = logged(team)
    confirm(team, item)
    with pytest.raises(ValidationError, match="Enter why"):
        presumption.answer(team.deputy, item, category("2"), holds=False)
    presumption.answer(team.deputy, item, category("2"), holds=False, reason="A shop's log, not an incident's")
    assert not presumed.presumed(Item.objects.filter(case=team.case)).exists()
    redecide(team, item, "not_relevant")
    assert [answer.holds for answer in item.presumptions.all()] == [True, False]


def test_a_category_that_only_sends_a_copy_along_is_not_presumed() -> None:
    team = make_team()
    item = make_item(team, "mg6c", description="First description of a man in a red coat, 1 page, 14 March 2026")
    confirm(team, item, "C1")
    assert item.test == ""
    assert list(presumed.owed(Item.objects.filter(case=team.case))) == [item]
    actions.decide(team.officer, item, test="does_not")


def test_who_answers() -> None:
    team = make_team()
    item = logged(team)
    for user in (team.investigator, team.supervisor, team.redactor):
        with pytest.raises(Refused):
            presumption.answer(user, item, category("2"), holds=True)
        with pytest.raises(Refused):
            presumption.look_again(user, team.case)


def test_the_database_refuses_the_same() -> None:
    team = make_team()
    item = logged(team)
    confirm(team, item)
    answer = Presumption.objects.get()
    for change in (lambda: Presumption.objects.update(holds=False), answer.delete):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            change()
    with pytest.raises(IntegrityError, match="taken back with a reason"), transaction.atomic():
        Presumption.objects.create(item=item, category=category("2"), holds=False, by=team.officer)
    with pytest.raises(IntegrityError, match="rebutted with a reason"), transaction.atomic():
        Decision.objects.create(item=item, field="test", value="does_not", by=team.officer)
        at_commit()
    with pytest.raises(IntegrityError, match="examined and scheduled"), transaction.atomic():
        Decision.objects.create(item=item, field="relevance", value="clearly_not_relevant", reason="Nothing", by=team.officer)
        at_commit()
    fresh = logged(team, "unexamined")
    with pytest.raises(IntegrityError, match="examined and scheduled"), transaction.atomic():
        Presumption.objects.create(item=fresh, category=category("2"), holds=True, by=team.officer)
        at_commit()
    SuppliedCopy.objects.create(item=item, to="A. Prosecutor", on=timezone.localdate(), by=team.officer)
    for wrong in ({"to": "A. Prosecutor", "on": timezone.localdate()}, {"taken_back": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SuppliedCopy.objects.create(item=item, by=team.officer, **wrong)


def at_commit() -> None:
    """What waits for the commit is checked now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# ---- copies ----------------------------------------------------------------------------------------------------------


def owed(team: Team) -> list[Item]:
    return list(presumed.owed(Item.objects.filter(case=team.case)).order_by("created_at"))


def supply(team: Team, *items: Item, on: dt.date | None = None, to: str = "A. Prosecutor") -> int:
    day = on or timezone.localdate()
    return presumption.supply(team.deputy, team.case, [item.pk for item in items], to=to, on=day, how="Case file")


def test_copies_are_owed_until_they_are_supplied() -> None:
    team = make_team()
    first, helps, spent, rebutted = logged(team), make_item(team, "mg6c"), logged(team, "used"), logged(team)
    for item in (first, spent, rebutted):
        confirm(team, item)
    actions.decide(team.officer, helps, test="may_meet", reason="He was elsewhere")
    actions.decide(team.officer, rebutted, test="does_not", reason="Of another night")
    # What is served as evidence is not owed; what is rebutted is
    assert owed(team) == [first, helps, rebutted]
    assert supply(team, first, rebutted, spent) == 2
    assert owed(team) == [helps]
    made = SuppliedCopy.objects.get(item=first)
    assert (made.to, made.on, made.by) == ("A. Prosecutor", timezone.localdate(), team.deputy)
    event = Event.objects.filter(verb="item.copy_supplied").first()
    assert event
    assert "Prosecutor" not in event.body
    presumption.take_back(team.officer, first, "It was another log")
    assert owed(team) == [first, helps]
    supply(team, first)
    assert SuppliedCopy.objects.filter(item=first).count() == 3


def test_what_is_not_said_of_a_copy_is_asked_for() -> None:
    team = make_team()
    item = logged(team)
    confirm(team, item)
    with pytest.raises(ValidationError, match="Enter the prosecutor"):
        supply(team, item, to=" ")
    with pytest.raises(ValidationError, match="still to come"):
        supply(team, item, on=timezone.localdate() + dt.timedelta(days=1))
    with pytest.raises(ValidationError, match="still owed"):
        supply(team, make_item(team, "mg6c"))
    with pytest.raises(ValidationError, match="Enter why"):
        presumption.take_back(team.officer, item, " ")
    with pytest.raises(ValidationError, match="No copy"):
        presumption.take_back(team.officer, item, "Wrong")
    with pytest.raises(Refused):
        presumption.supply(team.investigator, team.case, [item.pk], to="A. Prosecutor", on=timezone.localdate())


def test_a_submission_tells_what_is_still_owed_and_it_stays_on_the_list() -> None:
    team = make_team()
    item = logged(team)
    confirm(team, item)
    waiting = logged(team, description=OTHER_LOG)
    version = certified(team)
    for kind in ("MG6D", "MG6E"):
        certified(team, kind, rows=0)
    client = signed_in(team.officer, just_now=True)
    page = text(client.get(at("submit", version)))
    assert "still owed: 1" in page
    assert f"{item.exhibit.reference}: Incident log; May undermine or assist" in page
    assert f"{waiting.exhibit.reference}:" not in page
    assert "1 proposal of presumption material waits for an answer" in page
    assert summary.copies_work(team.officer) == []
    client.post(at("submit", version))
    assert version.states.filter(state="submitted").exists()
    work = summary.copies_work(team.officer)
    assert [entry.title for entry in work] == ["Supply 1 copy that the prosecutor is owed"]
    assert "1 owed" in text(client.get(of_case("overview", team)))


def test_certifying_tells_what_nobody_has_answered() -> None:
    team = make_team()
    logged(team)
    version = checked(team, drafted(team))
    page = text(signed_in(team.officer, just_now=True).get(at("certify", version)))
    assert "1 proposal of presumption material waits for an answer" in page


def test_copies_of_what_is_sensitive_are_for_those_who_see_an_mg6d() -> None:
    team = make_team()
    secret = make_item(team, "mg6d")
    actions.decide(team.officer, secret, test="may_meet", reason="He was elsewhere")
    for user, seen in ((team.officer, True), (team.investigator, False)):
        client = signed_in(user)
        assert (secret.exhibit.reference in text(client.get(of_case("copies", team)))) is seen
        assert ("1 owed" in text(client.get(of_case("overview", team)))) is seen
        assert bool(client.get(f"/api/cases/{team.case.pk}/copies/").json()["owed"]) is seen


# ---- pages -----------------------------------------------------------------------------------------------------------


def test_the_review_asks_why_and_keeps_it() -> None:
    team = make_team()
    item = logged(team)
    confirm(team, item)
    client = signed_in(team.officer)
    url = f"{of_case('review', team)}?show=all&item={item.pk}"
    page = text(client.get(url))
    assert "Or why this presumption material does not" in page
    assert "Presumption material: enter why" in text(client.post(url, {"outcome": "mg6c"}))
    left_out = client.post(url, {"outcome": "not_relevant", "irrelevant_reason": "Nothing", "may_meet": "on", "test_reason": "x"})
    assert "examined and scheduled" in text(left_out)
    assert client.post(url, {"outcome": "mg6c", "rebut_reason": "Of another night"}).status_code == 302
    item.refresh_from_db()
    assert item.test == "does_not"
    assert "Of another night" in text(client.get(url))


def test_an_answer_in_the_review_leads_back_to_the_review() -> None:
    team = make_team()
    item = logged(team, "")
    client = signed_in(team.officer)
    here = f"{of_case('review', team)}?show=limbo&item={item.pk}"
    page = text(client.get(here))
    assert "Proposed by the words “Incident log”" in page
    url = f"{of_case('presumption', team)}{item.pk}/"
    answer = client.post(url, {"category": "2", "holds": "yes", "next": here})
    assert answer["Location"] == here
    for holds, elsewhere in (("yes", "https://example.org/"), ("no", "//example.org/")):
        other = client.post(url, {"category": "3", "holds": holds, "reason": "None", "next": elsewhere})
        assert other["Location"] == url
    refused = client.post(url, {"category": "2", "holds": "no"})
    assert refused.status_code == 422
    assert "Enter why" in text(refused)
    assert client.post(url, {"category": "99", "holds": "yes"}).status_code == 422


def test_many_are_answered_at_once() -> None:
    team = make_team()
    items = [logged(team) for _ in range(3)]
    client = signed_in(team.officer)
    page = of_case("presumption", team)
    keys = list(presumed.waiting(team.case).values_list("pk", flat=True))
    assert client.post(page, {"step": "confirm"}).status_code == 422
    assert client.post(page, {"step": "confirm", "proposals": keys[:2]}).status_code == 302
    assert client.post(page, {"step": "decline", "proposals": keys}).status_code == 302
    assert [len(presumed.categories_of(item)) for item in items] == [1, 1, 0]
    assert items[0].exhibit.reference in text(client.get(f"{page}?show=confirmed"))
    assert items[2].exhibit.reference in text(client.get(f"{page}?show=declined"))
    assert "Nothing to answer" in text(client.get(page))
    assert client.get(f"{page}?show=other").status_code == 404
    assert client.post(page, {"step": "other"}).status_code == 404


def test_the_copies_page_records_and_takes_back() -> None:
    team = make_team()
    item = logged(team)
    confirm(team, item)
    client = signed_in(team.officer)
    page = of_case("copies", team)
    today = timezone.localdate()
    day = {"on_day": today.day, "on_month": today.month, "on_year": today.year}
    assert client.post(page, {"step": "supply", "items": item.pk, "to": "A. Prosecutor"}).status_code == 422
    assert "still owed" in text(client.post(page, {"step": "supply", "to": "A. Prosecutor", **day}))
    assert client.post(page, {"step": "supply", "items": item.pk, "to": "A. Prosecutor", **day}).status_code == 302
    assert "A. Prosecutor" in text(client.get(page))
    assert client.post(page, {"step": "take_back", "items": item.pk, "reason": ""}).status_code == 422
    assert client.post(page, {"step": "take_back", "items": item.pk, "reason": "Another log"}).status_code == 302
    assert owed(team) == [item]


def test_the_api_answers_and_supplies() -> None:
    team = make_team()
    item = logged(team)
    client = signed_in(team.officer)
    url = f"/api/items/{item.pk}/presumption/"
    assert [(one["category"], one["holds"], one["because"]) for one in client.get(url).json()] == [("2", None, "Incident log")]
    made = client.post(url, {"category": "2", "holds": True}, content_type="application/json")
    assert (made.status_code, made.json()[0]["holds"], made.json()[0]["by"]) == (201, True, str(team.officer))
    refused = client.post(url, {"category": "2", "holds": False}, content_type="application/json")
    assert (refused.status_code, list(refused.json())) == (400, ["reason"])
    copies = f"/api/cases/{team.case.pk}/copies/"
    assert [one["item"] for one in client.get(copies).json()["owed"]] == [str(item.pk)]
    body = {"items": [str(item.pk)], "to": "A. Prosecutor", "on": timezone.localdate().isoformat()}
    answer = client.post(copies, body, content_type="application/json")
    assert (answer.status_code, answer.json()["owed"], len(answer.json()["supplied"])) == (201, [], 1)


def test_the_dmd_tells_it_without_being_told() -> None:
    team = make_team()
    item, rebutted, secret = logged(team), logged(team), logged(team, "mg6d")
    for one in (item, rebutted, secret):
        confirm(team, one)
    actions.decide(team.officer, rebutted, test="does_not", reason="Of another night")
    section = next(one for one in managing_content.filled(team.case, "DMD") if one.section.key == "presumption")
    assert section.facts == [
        [item.exhibit.reference, "Incident log"],
        [rebutted.exhibit.reference, "Incident log. Thought not to meet the test: Of another night"],
    ]


def test_the_lists_ask_no_more_questions_of_a_large_case() -> None:
    team = make_team()
    client = signed_in(team.officer)
    asked: dict[str, list[int]] = {}
    for more in (2, 8):
        for _ in range(more):
            confirm(team, logged(team))
            supply(team, *owed(team)[:1])
            confirm(team, logged(team))
            logged(team)
        for page in ("presumption", "copies", "overview"):
            with CaptureQueriesContext(connection) as queries:
                client.get(of_case(page, team))
            asked.setdefault(page, []).append(len(queries))
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{of_case('presumption', team)}?show=confirmed")
        asked.setdefault("confirmed", []).append(len(queries))
    assert all(first == second for first, second in asked.values()), asked
