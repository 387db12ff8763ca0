"""The thing itself: seals, hand-overs and places, and what of it the database refuses."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg2
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from audit.actions import Refused
from audit.models import Event
from cases import actions as case_actions
from cases import work
from evidence import custody
from evidence.models import CustodyEvent
from evidence.place_models import Location
from tests.evidence.conftest import Chain, World
from tests.factories import make_case, make_exhibit, make_user


def said(call: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
    """What a person is told when an act is not possible."""
    with pytest.raises(ValidationError) as caught:
        call(*args, **kwargs)
    return " ".join(caught.value.messages)


def offered(chain: Chain, **more: Any) -> CustodyEvent:
    """The phone, handed over to the exhibits officer."""
    return custody.hand_over(chain.world.investigator, chain.phone, to=chain.world.exhibits, purpose="Booking in", **more)


# ---- seals -----------------------------------------------------------------------------------------------------------


def test_a_seal_is_opened_for_a_reason_and_renewed_old_to_new(chain: Chain) -> None:
    officer = chain.world.investigator
    custody.seal(officer, chain.phone, number="a1")
    assert chain.now.seal == "A1"
    custody.open_seal(officer, chain.phone, purpose="Examination")
    assert (chain.now.seal, chain.now.last_seal) == ("", "A1")
    again = custody.seal(officer, chain.phone, number="B2", purpose="Examined")
    assert (again.kind, again.seal_before, again.seal_after) == ("resealed", "A1", "B2")
    verbs = list(Event.objects.filter(object_id=str(chain.phone.pk)).order_by("at").values_list("verb", flat=True))
    assert verbs[-3:] == ["exhibit.sealed", "exhibit.seal_opened", "exhibit.resealed"]


def test_the_log_keeps_reasons_out_of_the_body(chain: Chain) -> None:
    custody.seal(chain.world.investigator, chain.phone, number="A1")
    event = custody.open_seal(chain.world.investigator, chain.phone, purpose="Marianne asked for it")
    body = Event.objects.get(verb="exhibit.seal_opened").body
    assert str(event.pk) in body
    assert "Marianne" not in body


def test_seals_that_cannot_be(chain: Chain) -> None:
    officer = chain.world.investigator
    assert "not sealed" in said(custody.open_seal, officer, chain.phone, purpose="x")
    assert "Enter the seal number" in said(custody.seal, officer, chain.phone, number=" ")
    custody.seal(officer, chain.phone, number="A1")
    assert "used once" in said(custody.seal, officer, chain.phone, number="a1", purpose="x")
    assert "why seal A1 is replaced" in said(custody.seal, officer, chain.phone, number="B2")
    assert "why the seal is opened" in said(custody.open_seal, officer, chain.phone, purpose=" ")


def test_what_is_recorded_later_keeps_the_order(chain: Chain) -> None:
    officer, hour_ago = chain.world.investigator, timezone.now() - timedelta(hours=1)
    event = custody.seal(officer, chain.phone, number="A1", at=hour_ago)
    assert event.at == hour_ago < event.recorded_at
    assert "can’t be added" in said(custody.open_seal, officer, chain.phone, purpose="x", at=hour_ago - timedelta(minutes=1))
    assert "in the past" in said(custody.open_seal, officer, chain.phone, purpose="x", at=timezone.now() + timedelta(minutes=1))


# ---- from hand to hand -----------------------------------------------------------------------------------------------


def test_it_stays_with_the_giver_until_the_receiver_accepts(chain: Chain) -> None:
    giver, receiver = chain.world.investigator, chain.world.exhibits
    custody.seal(giver, chain.phone, number="A1")
    offer = offered(chain, place="Property office")
    assert chain.now.holder == giver
    assert "waits for" in said(custody.open_seal, giver, chain.phone, purpose="x")
    assert any("Accept or decline AB/1" in item.title for item in work.items_for(receiver))
    assert receiver.notifications.filter(text__contains="AB/1", important=True).exists()
    wrong = said(custody.accept, receiver, offer, seal="A7")
    assert "not the seal in its record" in wrong
    assert "A1" not in wrong
    assert "Enter the number" in said(custody.accept, receiver, offer)
    custody.accept(receiver, offer, seal="a1", condition="Bag intact")
    assert (chain.now.holder, chain.now.place, chain.now.seal) == (receiver, "Property office", "A1")
    assert "Ask them to hand it over" in said(custody.open_seal, giver, chain.phone, purpose="x")
    assert giver.notifications.filter(text__contains="accepted").exists()


def test_it_can_be_declined_with_a_reason_and_withdrawn(chain: Chain) -> None:
    giver, receiver = chain.world.investigator, chain.world.exhibits
    offer = offered(chain)
    assert "why you decline" in said(custody.decline, receiver, offer, reason="")
    custody.decline(receiver, offer, reason="The bag is torn")
    assert (chain.now.offer, chain.now.holder) == (None, giver)
    assert "answered already" in said(custody.accept, receiver, offer)
    second = offered(chain)
    custody.withdraw(giver, second)
    assert "answered already" in said(custody.accept, receiver, second)


def test_only_the_receiver_answers(chain: Chain) -> None:
    offer = offered(chain)
    for act in (custody.accept, custody.withdraw):
        with pytest.raises(Refused):
            act(chain.world.supervisor, offer)
    with pytest.raises(Refused):
        custody.accept(chain.world.investigator, offer)
    with pytest.raises(Refused):
        custody.withdraw(chain.world.exhibits, offer)


def test_it_is_handed_only_to_who_keeps_exhibits_on_the_case(chain: Chain) -> None:
    giver = chain.world.investigator
    for other in (chain.world.stranger, chain.world.disclosure):
        assert "keeps no exhibits" in said(custody.hand_over, giver, chain.phone, to=other, purpose="x")
    assert "has it already" in said(custody.hand_over, giver, chain.phone, to=giver, purpose="x")
    yesterday = timezone.localdate() - timedelta(days=1)
    assert "today or later" in said(offered, chain, due_back=yesterday)


@pytest.mark.parametrize(
    "act",
    [
        lambda user, c: custody.seal(user, c.phone, number="A1"),
        lambda user, c: custody.open_seal(user, c.phone, purpose="x"),
        lambda user, c: custody.hand_over(user, c.phone, to=c.world.exhibits, purpose="x"),
        lambda user, c: custody.move(user, c.phone, location=c.shelf),
        lambda user, c: custody.take_out(user, c.phone, purpose="x"),
        lambda user, c: custody.send_out(user, c.phone, to="x", place="x", purpose="x"),
        lambda user, c: custody.give_back(user, c.phone, to="x", purpose="x"),
    ],
)
def test_others_on_the_case_and_off_it_may_not(chain: Chain, act: Callable[[User, Chain], Any]) -> None:
    for user in (chain.world.redactor, chain.world.supervisor, chain.world.stranger):
        with pytest.raises(Refused):
            act(user, chain)
    assert chain.phone.custody.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_wins(world: World) -> None:
    phone = make_exhibit(world.investigator, world.case)
    offer = custody.hand_over(world.investigator, phone, to=world.exhibits, purpose="Booking in")
    outcomes: list[str] = []
    together = threading.Barrier(4)

    def answer(number: int) -> None:
        try:
            mine = CustodyEvent.objects.select_related("exhibit").get(pk=offer.pk)
            user = User.objects.get(pk=world.exhibits.pk)
            together.wait()
            if number % 2:
                custody.accept(user, mine)
            else:
                custody.decline(user, mine, reason="Not mine")
            outcomes.append("won")
        except ValidationError as error:
            outcomes.append(error.messages[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["This hand-over has been answered already"] * 3 + ["won"]
    assert CustodyEvent.objects.filter(answers=offer).count() == 1


# ---- places ----------------------------------------------------------------------------------------------------------


def test_it_is_put_in_a_place_taken_out_and_is_overdue_when_its_day_is_over(chain: Chain) -> None:
    officer = chain.world.exhibits
    custody.move(chain.world.investigator, chain.phone, location=chain.shelf)
    assert (chain.now.holder, chain.now.where) == (None, "Property store › Shelf C4")
    assert "there already" in said(custody.move, officer, chain.phone, location=chain.shelf)
    today = timezone.localdate()
    out = custody.take_out(officer, chain.phone, purpose="Court", due_back=today)
    assert (chain.now.holder, chain.now.is_late) == (officer, False)
    assert "have it already" in said(custody.take_out, officer, chain.phone, purpose="x")
    assert not [item for item in work.items_for(officer) if item.tag == "Overdue"]
    with tomorrow(out.due_back):
        mine, others = ([i.title for i in work.items_for(u) if i.tag == "Overdue"] for u in (officer, chain.world.investigator))
        assert mine == ["Bring AB/1 back"]
        assert others == [f"Get AB/1 back from {officer}"]
        assert not [item for item in work.items_for(chain.world.supervisor) if item.tag == "Overdue"]
        custody.move(officer, chain.phone, location=chain.store)
        assert not [item for item in work.items_for(officer) if item.tag == "Overdue"]


def tomorrow(day: Any) -> Any:
    """The day after, for whoever asks which day it is."""
    from unittest import mock

    return mock.patch("django.utils.timezone.localdate", return_value=day + timedelta(days=1))


def test_it_comes_back_from_outside_and_goes_to_its_owner_for_good(chain: Chain) -> None:
    officer = chain.world.investigator
    custody.send_out(officer, chain.phone, to="Dr Grey", place="Laboratory", purpose="DNA")
    assert chain.now.where == "With Dr Grey, Laboratory"
    custody.take_out(officer, chain.phone, purpose="Back from the laboratory")
    custody.give_back(officer, chain.phone, to="the owner", purpose="No longer needed")
    assert chain.now.is_returned
    assert "nothing more" in said(custody.move, officer, chain.phone, location=chain.shelf)


def test_a_location_of_another_force_or_out_of_use_is_refused(chain: Chain) -> None:
    other = Location.objects.create(organisation=make_user().organisation, name="Elsewhere")
    chain.shelf.is_active = False
    for place in (other, chain.shelf):
        assert "in use" in said(custody.move, chain.world.investigator, chain.phone, location=place)


def test_a_location_is_not_in_itself(chain: Chain) -> None:
    chain.store.parent = chain.shelf
    assert "in itself" in said(chain.store.full_clean)
    chain.store.parent = Location.objects.create(organisation=make_user().organisation, name="Elsewhere")
    assert "another organisation" in said(chain.store.full_clean)


# ---- what the database refuses ---------------------------------------------------------------------------------------


ROW = (
    'INSERT INTO evidence_custodyevent (id, exhibit_id, kind, at, by, user_id, to_user_id, answers_id, "to", from_place, to_place,'
    " condition, seal_before, seal_after, sha256, purpose, recorded_at)"
    " VALUES (gen_random_uuid(), %(exhibit)s, %(kind)s, now(), 'x', %(user)s, %(to_user)s, %(answers)s, '', '', '', '',"
    " %(seal_before)s, %(seal_after)s, '', %(purpose)s, now())"
)


def row_refused(connection: Any, **values: Any) -> str:
    """What the database says of a row of custody that can't be."""
    empty = {"user": None, "to_user": None, "answers": None, "seal_before": "", "seal_after": "", "purpose": ""}
    with pytest.raises(psycopg2.Error) as caught, connection, connection.cursor() as cursor:
        cursor.execute(ROW, {name: str(value) if value is not None else None for name, value in (empty | values).items()})
    return str(caught.value)


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_custody_that_cannot_be(world: World, app_connection: Any) -> None:
    phone, other = make_exhibit(world.investigator, world.case), make_exhibit(world.investigator, world.case)
    offer = custody.hand_over(world.investigator, phone, to=world.exhibits, purpose="x")
    giver, receiver = world.investigator.pk, world.exhibits.pk
    wrong = "answered by the person it was offered to"
    assert wrong in row_refused(app_connection, exhibit=phone.pk, kind="accepted", user=giver, answers=offer.pk)
    assert wrong in row_refused(app_connection, exhibit=phone.pk, kind="accepted", user=receiver)
    assert wrong in row_refused(app_connection, exhibit=other.pk, kind="accepted", user=receiver, answers=offer.pk)
    assert wrong in row_refused(app_connection, exhibit=phone.pk, kind="withdrawn", user=receiver, answers=offer.pk)
    assert "Only a hand-over" in row_refused(app_connection, exhibit=phone.pk, kind="opened", user=giver, answers=offer.pk)
    custody.accept(world.exhibits, offer)
    again = row_refused(app_connection, exhibit=phone.pk, kind="declined", user=receiver, answers=offer.pk, purpose="x")
    assert "answers_id" in again
    assert "custody_says_why" in row_refused(app_connection, exhibit=phone.pk, kind="opened", user=giver, seal_before="A")
    assert "resealed_old_to_new" in row_refused(app_connection, exhibit=phone.pk, kind="resealed", user=giver, seal_after="A")
    assert "moved_to_a_location" in row_refused(app_connection, exhibit=phone.pk, kind="moved", user=giver)


# ---- pages -----------------------------------------------------------------------------------------------------------


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_page_offers_what_can_be_done_now(chain: Chain) -> None:
    path = f"/exhibits/{chain.phone.pk}/"
    holder, other = signed_in(chain.world.investigator), signed_in(chain.world.exhibits)
    shown = holder.get(path).content.decode()
    assert f"{path}custody/seal/" in shown
    assert "open-seal" not in shown
    assert "take-out" not in shown
    assert "custody/" not in other.get(path).content.decode()
    assert "custody/" not in signed_in(chain.world.redactor).get(path).content.decode()
    answer = holder.post(f"{path}custody/seal/", {"number": "A1234567"}, follow=True).content.decode()
    assert "sealed under seal A1234567" in answer
    assert "open-seal" in answer


def test_a_hand_over_is_answered_from_the_page(chain: Chain) -> None:
    path = f"/exhibits/{chain.phone.pk}/"
    giver, receiver = signed_in(chain.world.investigator), signed_in(chain.world.exhibits)
    form = giver.get(f"{path}custody/hand-over/").content.decode()
    assert str(chain.world.exhibits.pk) in form
    assert str(chain.world.disclosure.pk) not in form
    data = {"to": str(chain.world.exhibits.pk), "purpose": "Booking in"}
    assert "was asked to accept" in giver.post(f"{path}custody/hand-over/", data, follow=True).content.decode()
    offer = CustodyEvent.objects.get(kind="offered")
    assert f"/handovers/{offer.pk}/accept/" in receiver.get(path).content.decode()
    empty = receiver.post(f"/handovers/{offer.pk}/decline/", {})
    assert "Enter why you decline it" in empty.content.decode()
    assert giver.get(f"/handovers/{offer.pk}/accept/").status_code == 403
    receiver.post(f"/handovers/{offer.pk}/accept/", {"seal": ""})
    assert chain.now.holder == chain.world.exhibits
    assert "answered already" in giver.post(f"/handovers/{offer.pk}/withdraw/", follow=True).content.decode()


def test_an_act_that_is_not_possible_says_so_on_its_form(chain: Chain) -> None:
    offered(chain)
    path = f"/exhibits/{chain.phone.pk}/custody/"
    answer = signed_in(chain.world.investigator).post(f"{path}move/", {"location": str(chain.shelf.pk)})
    assert "Withdraw the hand-over first" in answer.content.decode()
    assert signed_in(chain.world.investigator).get(f"{path}juggle/").status_code == 404


def test_without_locations_the_form_says_who_adds_them(world: World) -> None:
    phone = make_exhibit(world.investigator, world.case)
    shown = signed_in(world.investigator).get(f"/exhibits/{phone.pk}/custody/move/").content.decode()
    assert "ask an administrator" in shown


def test_work_costs_the_same_however_much_there_is(world: World, django_assert_max_num_queries: Any) -> None:
    from evidence import custody_work

    second = make_user(Role.EXHIBITS, organisation=world.case.organisation)
    for _ in range(3):
        case = make_case(world.investigator, team={second: Role.EXHIBITS})
        for _ in range(3):
            custody.hand_over(world.investigator, make_exhibit(world.investigator, case), to=second, purpose="x")
    with django_assert_max_num_queries(3):
        assert len(list(custody_work.to_answer(second))) == 9
        assert not list(custody_work.to_bring_back(second))
        assert not list(custody_work.to_clear_up(second))


def test_who_left_the_case_answers_nothing(chain: Chain) -> None:
    offer = offered(chain)
    membership = chain.world.case.team.get(user=chain.world.exhibits)
    case_actions.end_membership(chain.world.investigator, membership, "Posted elsewhere")
    user = User.objects.get(pk=chain.world.exhibits.pk)
    with pytest.raises(Refused):
        custody.accept(user, offer)
    assert signed_in(user).get(f"/handovers/{offer.pk}/accept/").status_code == 404
    custody.withdraw(chain.world.investigator, offer)
