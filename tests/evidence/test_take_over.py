"""What becomes of an exhibit whose holder has left: a supervisor takes it over, and everybody can see that."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from audit.actions import Refused
from audit.models import Event
from cases import actions as case_actions
from cases import work
from evidence import custody, printed, timeline
from evidence.models import CustodyEvent
from tests.evidence.conftest import Chain, World
from tests.evidence.test_custody import offered, row_refused, said, signed_in
from tests.factories import make_exhibit


def leaves(chain: Chain, user: User) -> None:
    """The person is taken off the case, who may be its only investigator."""
    for membership in chain.world.case.team.filter(user=user, left_at=None):
        case_actions.end_membership(chain.world.supervisor, membership, "Posted elsewhere")


def fresh(user: User) -> User:
    """The person as their next request sees them."""
    return User.objects.get(pk=user.pk)


def left_behind(user: User) -> list[str]:
    return [item.title for item in work.items_for(fresh(user)) if item.tag == "Left behind"]


def test_a_supervisor_is_told_and_takes_it_over_and_hands_it_on(chain: Chain) -> None:
    holder, supervisor, keeper = chain.world.investigator, chain.world.supervisor, chain.world.exhibits
    custody.seal(holder, chain.phone, number="A1")
    assert left_behind(supervisor) == []
    leaves(chain, holder)
    assert left_behind(supervisor) == [f"Take AB/1 over: {holder} has it and is no longer on the case"]
    assert left_behind(keeper) == []
    assert "Ask them to hand it over" in said(custody.move, keeper, chain.phone, location=chain.shelf)
    event = custody.take_over(supervisor, chain.phone, reason="PC posted elsewhere", seal="a1", place="Property office")
    assert (event.kind, event.to_user, event.from_place) == ("taken_over", supervisor, str(holder))
    assert (chain.now.holder, chain.now.place, chain.now.seal) == (supervisor, "Property office", "A1")
    assert left_behind(supervisor) == []
    assert holder.notifications.filter(text__contains="taken it over", important=True).exists()
    offer = custody.hand_over(supervisor, chain.phone, to=keeper, purpose="To the store")
    custody.accept(keeper, offer, seal="A1")
    assert chain.now.holder == keeper
    with pytest.raises(Refused):
        custody.move(fresh(supervisor), chain.phone, location=chain.shelf)


def test_an_account_that_was_closed_leaves_it_behind_too(chain: Chain) -> None:
    User.objects.filter(pk=chain.world.investigator.pk).update(is_active=False)
    assert len(left_behind(chain.world.supervisor)) == 1
    custody.take_over(chain.world.supervisor, chain.phone, reason="Retired")
    custody.move(chain.world.supervisor, chain.phone, location=chain.shelf)
    assert chain.now.where == "Property store › Shelf C4"


def test_it_stands_in_the_timeline_the_statement_and_the_log(chain: Chain) -> None:
    custody.seal(chain.world.investigator, chain.phone, number="A1")
    event = custody.take_over(chain.world.supervisor, chain.phone, reason="On long leave", seal="A1", condition="Bag intact")
    [entry] = [
        row for row in timeline.read(chain.world.supervisor, chain.phone).entries if row.title == "Taken over by a supervisor"
    ]
    for words in (f"From {chain.world.investigator}", "Seal A1 seen by the supervisor", "Why: On long leave", "Bag intact"):
        assert words in entry.text
    last = printed.continuity_data(chain.world.supervisor, chain.phone)["entries"][-1]
    assert (last["what"], last["from"]) == ("Taken over by a supervisor", str(chain.world.investigator))
    assert (last["to"], "Why: On long leave" in last["note"]) == (str(chain.world.supervisor), True)
    recorded = Event.objects.get(verb="exhibit.taken_over")
    assert (recorded.after or {})["custody"] == str(event.pk)
    assert (recorded.before or {})["holder"] == str(chain.world.investigator.pk)
    assert "leave" not in recorded.body
    assert recorded.detail.facts["purpose"] == "On long leave"


def test_a_hand_over_that_waits_ends_by_it(chain: Chain) -> None:
    offer = offered(chain)
    leaves(chain, chain.world.exhibits)
    custody.take_over(chain.world.supervisor, chain.phone, reason="The receiver has left")
    assert (chain.now.offer, chain.now.holder) == (None, chain.world.supervisor)
    assert "answered already" in said(custody.withdraw, chain.world.investigator, offer)


def test_from_a_place_while_a_hand_over_waits(chain: Chain) -> None:
    custody.move(chain.world.investigator, chain.phone, location=chain.shelf)
    assert "can take it out" in said(custody.take_over, chain.world.supervisor, chain.phone, reason="x")
    offered(chain)
    leaves(chain, chain.world.investigator)
    event = custody.take_over(chain.world.supervisor, chain.phone, reason="Both have left")
    assert event.from_place == "Property store › Shelf C4"


def test_another_seal_than_the_recorded_one_is_taken_only_with_words(chain: Chain) -> None:
    custody.seal(chain.world.investigator, chain.phone, number="A1")
    wrong = said(custody.take_over, chain.world.supervisor, chain.phone, reason="x", seal="B9")
    assert "not the seal in its record" in wrong
    assert "A1" not in wrong
    event = custody.take_over(chain.world.supervisor, chain.phone, reason="x", condition="Bag torn open, no seal on it")
    assert (event.seal_before, event.seal_after, chain.now.seal, chain.now.last_seal) == ("A1", "", "", "A1")
    assert "found not sealed" in timeline.read(chain.world.supervisor, chain.phone).entries[0].text


def test_it_needs_a_reason_and_is_for_supervisors_of_the_case(chain: Chain) -> None:
    assert "why you take it over" in said(custody.take_over, chain.world.supervisor, chain.phone, reason=" ")
    for user in (chain.world.investigator, chain.world.exhibits, chain.world.redactor, chain.world.stranger):
        with pytest.raises(Refused):
            custody.take_over(user, chain.phone, reason="x")
    custody.take_over(chain.world.supervisor, chain.phone, reason="On leave")
    assert "have it already" in said(custody.take_over, chain.world.supervisor, chain.phone, reason="x")
    custody.give_back(chain.world.supervisor, chain.phone, to="the owner", purpose="No longer needed")
    assert "nothing more" in said(custody.take_over, chain.world.supervisor, chain.phone, reason="x")


def test_the_page_offers_it_to_the_supervisor_alone(chain: Chain) -> None:
    path = f"/exhibits/{chain.phone.pk}/"
    link = f"{path}custody/take-over/"
    supervisor = signed_in(chain.world.supervisor)
    assert link in supervisor.get(path).content.decode()
    assert link not in signed_in(chain.world.exhibits).get(path).content.decode()
    assert "Enter why you take it over" in supervisor.post(link, {}).content.decode()
    shown = supervisor.post(link, {"reason": "On leave"}, follow=True).content.decode()
    assert "taken over by a supervisor" in shown
    assert link not in shown
    assert f"{path}custody/hand-over/" in shown


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_one_that_names_another_or_ends_another_exhibits_offer(world: World, app_connection: Any) -> None:
    phone, other = make_exhibit(world.investigator, world.case), make_exhibit(world.investigator, world.case)
    offer = custody.hand_over(world.investigator, other, to=world.exhibits, purpose="x")
    who = {"user": world.supervisor.pk, "to_user": world.supervisor.pk}
    of_phone = {"exhibit": phone.pk, "kind": "taken_over", "purpose": "x"}
    assert "of the same exhibit" in row_refused(app_connection, **of_phone, **who, answers=offer.pk)
    somebody_else = who | {"to_user": world.exhibits.pk}
    assert "taken_over_by_oneself" in row_refused(app_connection, **of_phone, **somebody_else)
    assert "custody_says_why" in row_refused(app_connection, **of_phone | {"purpose": ""}, **who)
    assert CustodyEvent.objects.filter(kind="taken_over").count() == 0


def test_a_supervisor_withdraws_what_they_offered(chain: Chain) -> None:
    custody.take_over(chain.world.supervisor, chain.phone, reason="On leave")
    offer = custody.hand_over(chain.world.supervisor, chain.phone, to=chain.world.exhibits, purpose="x")
    with pytest.raises(ValidationError):
        custody.move(chain.world.supervisor, chain.phone, location=chain.shelf)
    custody.withdraw(chain.world.supervisor, offer)
    assert chain.now.holder == chain.world.supervisor
