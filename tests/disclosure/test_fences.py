"""What may be privileged or above the marking: closed at once, looked at by counsel from outside, opened again or never."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification, Role
from audit.actions import Refused
from audit.models import Event
from cases import actions as case_actions
from cases import log_closed, work
from disclosure import actions, completeness, fencing
from disclosure.models import Fence, FenceStep, Item
from evidence.models import Exhibit
from evidence.opening import open_blob
from tests.disclosure.arrange import Team, account_for_rest, checked, drafted, make_item, make_team, redecide
from tests.disclosure.test_api import client_of, post
from tests.disclosure.test_pages import of_case, signed_in, text
from tests.factories import make_exhibit, make_user, make_verified_exhibit

pytestmark = pytest.mark.django_db

WHY = "The letterhead is a solicitor's"
BECAUSE = "Advice between a client and their solicitor"


def today() -> dt.date:
    return timezone.localdate()


def fenced(team: Team, kind: str = "privilege", item: Item | None = None) -> Fence:
    found = item or make_item(team)
    return fencing.fence(team.deputy, found.exhibit, kind, WHY, item=found)[0]


def instructed(team: Team, item: Item | None = None) -> Fence:
    fence = fenced(team, item=item)
    fencing.instruct(team.officer, fence, person="Rhona Vance KC", body="Carden Row Chambers", on=today())
    return fence


def determined(team: Team, outcome: str, item: Item | None = None) -> Fence:
    fence = instructed(team, item)
    fencing.determine(team.officer, fence, outcome, on=today(), reason=BECAUSE)
    return fence


def refused_by_database(change: Any) -> str:
    with pytest.raises((IntegrityError, InternalError)) as caught, transaction.atomic():
        change()
    return str(caught.value)


# ---- closing ---------------------------------------------------------------------------------------------------------


def test_whoever_meets_it_closes_it_and_from_then_on_nobody_opens_it() -> None:
    team = make_team()
    exhibit = make_verified_exhibit(team.investigator, team.case, data=b"Dear client")
    blob = exhibit.copies.get().blobs.get()
    (fence,) = fencing.fence(team.redactor, exhibit, "privilege", WHY)
    assert (fence.standing, fence.is_open, fence.is_lifted) == ("Independent counsel to be instructed", True, False)
    blob.refresh_from_db()
    for user in (team.investigator, team.officer, team.deputy, team.supervisor, team.redactor):
        with pytest.raises(Refused, match="It may be legally privileged"):
            open_blob(user, type(blob).objects.get(pk=blob.pk), "Disclosure review")
    assert Event.objects.filter(verb="evidence.open.refused", actor_id=team.supervisor.pk).exists()
    event = Event.objects.get(verb="exhibit.fenced")
    assert (event.object_id, event.after) == (str(fence.pk), {"exhibit": str(exhibit.pk)})
    assert event.detail.facts == {"kind": "privilege", "reason": WHY}
    assert "solicitor" not in event.body
    for told in (team.officer, team.deputy, team.supervisor):
        assert Notification.objects.filter(user=told, text__contains=f"{exhibit} may be legally privileged").exists()
    assert not Notification.objects.filter(user=team.investigator, text__contains="privileged").exists()


def test_what_was_made_from_it_is_closed_with_it_and_goes_its_own_way() -> None:
    team = make_team()
    phone = make_exhibit(team.investigator, team.case, reference="PH/1")
    extract = make_exhibit(team.investigator, team.case, reference="PH/1/A", parent=phone)
    page = make_exhibit(team.investigator, team.case, reference="PH/1/A/1", parent=extract)
    made = fencing.fence(team.officer, phone, "privilege", WHY)
    assert [str(fence.exhibit) for fence in made] == ["PH/1", "PH/1/A", "PH/1/A/1"]
    assert made[2].reason == f"Made from PH/1. {WHY}"
    fencing.instruct(team.officer, made[2], person="Rhona Vance KC", body="Carden Row Chambers", on=today())
    fencing.determine(team.officer, made[2], "not_privileged", on=today(), reason="A shopping list")
    states = dict(Exhibit.objects.filter(case=team.case).values_list("reference", "fence"))
    assert states == {"PH/1": "privilege", "PH/1/A": "privilege", "PH/1/A/1": ""}
    # Counsel's own copy comes later and is open
    copy = make_exhibit(team.investigator, team.case, reference="PH/1-CD/1", parent=phone)
    assert copy.fence == ""
    page.refresh_from_db()
    with pytest.raises(ValidationError, match="is fenced for this already"):
        fencing.fence(team.officer, Exhibit.objects.get(pk=phone.pk), "privilege", WHY)


@pytest.mark.parametrize(
    ("kind", "reason", "words"),
    [("privilege", "  ", "without saying what it says"), ("secrets", WHY, "Select what it may be")],
)
def test_a_fence_says_what_and_why(kind: str, reason: str, words: str) -> None:
    team = make_team()
    with pytest.raises(ValidationError, match=words):
        fencing.fence(team.officer, make_item(team).exhibit, kind, reason)


def test_who_is_not_on_the_case_closes_nothing() -> None:
    team = make_team()
    item = make_item(team)
    stranger = make_user(Role.DISCLOSURE, organisation=team.case.organisation)
    with pytest.raises(Refused):
        fencing.fence(stranger, item.exhibit, "privilege", WHY)
    client = signed_in(stranger)
    fence = fenced(team, item=item)
    for address in (
        reverse("disclosure:raise_fence", args=[item.exhibit_id]),
        reverse("disclosure:fence", args=[fence.pk]),
        of_case("fenced", team),
    ):
        assert client.get(address).status_code == 404


# ---- the route -------------------------------------------------------------------------------------------------------


def test_counsel_from_outside_determines_and_only_not_privileged_opens_it() -> None:
    team = make_team()
    fence = fenced(team)
    with pytest.raises(ValidationError, match="this can't be done to it now"):
        fencing.determine(team.officer, fence, "privileged", on=today(), reason=BECAUSE)
    fencing.instruct(team.supervisor, fence, person="Rhona Vance KC", body="Carden Row Chambers", on=today())
    # Other counsel takes over: the last one determines
    fencing.instruct(team.officer, fence, person="Idris Cole", body="Quay Chambers", on=today())
    with pytest.raises(ValidationError, match="Enter counsel's reason"):
        fencing.determine(team.officer, fence, "privileged", on=today(), reason=" ")
    fencing.determine(team.officer, fence, "in_part", on=today(), reason=BECAUSE)
    exhibit = Exhibit.objects.get(pk=fence.exhibit_id)
    assert exhibit.fence == "privileged"
    fencing.instruct(team.officer, fence, person="Idris Cole", body="Quay Chambers", on=today())
    assert Exhibit.objects.get(pk=exhibit.pk).fence == "privilege"
    step = fencing.determine(team.officer, fence, "not_privileged", on=today(), reason="Waived by the client")
    assert (step.person, step.body) == ("Idris Cole", "Quay Chambers")
    assert Exhibit.objects.get(pk=exhibit.pk).fence == ""
    assert fence.steps.count() == 5
    told = Event.objects.filter(verb="fence.determined").newest_first().first()
    assert told is not None
    assert (told.before, told.after) == ({"step": "instructed"}, {"step": "not_privileged", "lifted": True})
    assert told.detail.facts["person"] == "Idris Cole"
    assert "Idris" not in told.body
    # Raised anew, for another reason: another fence, with a route of its own
    fencing.fence(team.officer, Exhibit.objects.get(pk=exhibit.pk), "privilege", "A second letter lies in it")
    assert Exhibit.objects.get(pk=exhibit.pk).fence == "privilege"


def test_counsel_is_nobody_of_the_team_now_or_before() -> None:
    team = make_team()
    fence = fenced(team)
    with pytest.raises(ValidationError, match="is or was on the team"):
        fencing.instruct(team.officer, fence, person=f" {team.supervisor.name.upper()} ", body="Carden Row", on=today())
    case_actions.end_membership(team.investigator, team.case.team.get(user=team.redactor), "Posted elsewhere")
    with pytest.raises(ValidationError, match="is or was on the team"):
        fencing.instruct(team.officer, fence, person=team.redactor.name, body="Carden Row", on=today())
    said = refused_by_database(
        lambda: FenceStep.objects.create(
            fence=fence, kind="instructed", person=team.redactor.name, body="Carden Row", on=today(), by=team.officer
        )
    )
    assert "Independent counsel is nobody of the team" in said
    with pytest.raises(ValidationError, match="Enter counsel's chambers"):
        fencing.instruct(team.officer, fence, person="Rhona Vance KC", body="", on=today())


def test_days_follow_each_other() -> None:
    team = make_team()
    fence = fenced(team)
    early, late = today() - dt.timedelta(days=1), today() + dt.timedelta(days=1)
    for on, words in ((early, "on or after"), (late, "today or in the past")):
        with pytest.raises(ValidationError, match=words):
            fencing.instruct(team.officer, fence, person="Rhona Vance KC", body="Carden Row", on=on)
    fencing.instruct(team.officer, fence, person="Rhona Vance KC", body="Carden Row", on=today())
    said = refused_by_database(
        lambda: FenceStep.objects.create(
            fence=fence, kind="privileged", person="Rhona Vance KC", on=early, reason=BECAUSE, by=team.officer
        )
    )
    assert "not dated before" in said


def test_the_investigator_and_the_redactor_record_nothing_of_the_route() -> None:
    team = make_team()
    fence = fenced(team)
    for user in (team.investigator, team.redactor):
        with pytest.raises(Refused):
            fencing.instruct(user, fence, person="Rhona Vance KC", body="Carden Row", on=today())
    fencing.instruct(team.deputy, fence, person="Rhona Vance KC", body="Carden Row", on=today())
    with pytest.raises(Refused):
        fencing.determine(team.investigator, fence, "not_privileged", on=today(), reason=BECAUSE)


# ---- above the marking -----------------------------------------------------------------------------------------------


def test_what_is_above_the_marking_is_closed_and_only_the_supervisor_is_told() -> None:
    team = make_team()
    fence = fenced(team, "secret")
    assert Exhibit.objects.get(pk=fence.exhibit_id).fence == "secret"
    told = Notification.objects.filter(text__contains="was flagged and needs you", important=True)
    assert [notification.user for notification in told] == [team.supervisor]
    assert [item.title for item in work.items_for(team.supervisor) if "closed" in item.title]
    assert not [item.title for item in work.items_for(team.deputy) if "closed" in item.title]
    # Why is for those who see an MG6D, in lists and in the log
    assert list(Fence.objects.visible_to(team.officer)) == [fence]
    assert list(Fence.objects.visible_to(team.investigator)) == []
    events = list(Event.objects.filter(verb="exhibit.fenced"))
    assert log_closed.closed_to(team.investigator, events) == {event.pk for event in events}
    assert log_closed.closed_to(team.supervisor, events) == set()
    page = text(signed_in(team.investigator).get(reverse("evidence:exhibit", args=[fence.exhibit_id])))
    assert "Its content is closed to the whole team. Ask the supervisor." in page
    assert "may be above" not in page.lower()
    assert "SECRET" not in page
    with pytest.raises(Refused):
        fencing.hand_over(team.officer, fence, person="DI Marsh", body="Dedicated source unit", on=today())


def test_handed_over_it_is_on_no_schedule_and_nothing_more_is_decided() -> None:
    team = make_team()
    item = make_item(team, "mg6c")
    version = drafted(team, rows=1)
    assert version.rows.filter(withdrawn=False).count() == 2
    fence = fenced(team, "secret", item)
    for wrong in ({"person": "", "body": "Dedicated source unit"}, {"person": "DI Marsh", "body": " "}):
        with pytest.raises(ValidationError):
            fencing.hand_over(team.supervisor, fence, on=today(), **wrong)
    fencing.hand_over(team.supervisor, fence, person="DI Marsh", body="Dedicated source unit", on=today())
    item = Item.objects.select_related("exhibit").get(pk=item.pk)
    assert (item.exhibit.fence, item.use, item.schedule_kind, item.is_in_limbo) == ("moved", "apart", "", False)
    assert item not in completeness.unaccounted(team.case)
    actions.draft_schedule(team.officer, team.case, "MG6C")
    assert version.rows.get(item=item).withdrawn
    with pytest.raises(ValidationError, match="kept elsewhere"):
        actions.decide(team.officer, item, use="used")
    # No other step follows, for anybody
    with pytest.raises(ValidationError, match="this can't be done"):
        fencing.clear(team.supervisor, fence, on=today(), reason="A mistake")
    # What the prosecutor and the defence are told counts it nowhere
    from disclosure import managing_content

    assert managing_content._open_items(team.case).filter(pk=item.pk).count() == 0


def test_nobody_clears_what_they_flagged() -> None:
    team = make_team()
    item = make_item(team)
    (fence,) = fencing.fence(team.supervisor, item.exhibit, "secret", "Marked SECRET on its first sheet")
    with pytest.raises(Refused, match="another supervisor"):
        fencing.clear(team.supervisor, fence, on=today(), reason="It was a stamp of 1974")
    said = refused_by_database(
        lambda: FenceStep.objects.create(fence=fence, kind="cleared", on=today(), reason="A stamp", by=team.supervisor)
    )
    assert "Nobody clears what they fenced" in said
    other = make_user(Role.SUPERVISOR, organisation=team.case.organisation)
    case_actions.add_team_member(team.investigator, team.case, other, Role.SUPERVISOR)
    with pytest.raises(ValidationError, match="how you know"):
        fencing.clear(other, fence, on=today(), reason="")
    fencing.clear(other, fence, on=today(), reason="It was declassified in 1974")
    assert Exhibit.objects.get(pk=item.exhibit_id).fence == ""


def test_two_fences_close_it_until_both_are_lifted() -> None:
    team = make_team()
    item = make_item(team)
    first = instructed(team, item)
    other = fencing.fence(team.officer, Exhibit.objects.get(pk=item.exhibit_id), "secret", "A stamp")[0]
    fencing.determine(team.officer, first, "not_privileged", on=today(), reason=BECAUSE)
    assert Exhibit.objects.get(pk=item.exhibit_id).fence == "secret"
    fencing.clear(team.supervisor, other, on=today(), reason="A stamp of a play")
    assert Exhibit.objects.get(pk=item.exhibit_id).fence == ""


# ---- review and schedules --------------------------------------------------------------------------------------------


def test_review_stops_until_it_is_determined() -> None:
    team = make_team()
    item, rest = make_item(team), make_item(team)
    fence = instructed(team, item)
    item = Item.objects.get(pk=item.pk)
    for answers in ({"use": "used"}, {"use": "unused", "relevance": "clearly_not_relevant"}):
        with pytest.raises(ValidationError, match="is fenced: nothing is decided"):
            actions.decide(team.officer, item, **answers, reason="It can have no impact")
    with pytest.raises(ValidationError, match="is fenced"):
        actions.decide_many(team.officer, team.case, [item.pk, rest.pk], {"use": "used"})
    rest.refresh_from_db()
    assert rest.use == ""
    fencing.determine(team.officer, fence, "not_privileged", on=today(), reason=BECAUSE)
    redecide(team, item, "mg6c")
    assert item.schedule_kind == "MG6C"


def test_what_is_privileged_is_scheduled_or_declared_unread_and_nothing_else() -> None:
    team = make_team()
    item = make_item(team)
    determined(team, "privileged", item)
    for answers in ({"use": "used"}, {"use": "unused", "relevance": "clearly_not_relevant"}):
        with pytest.raises(ValidationError, match="nobody on the team has read it"):
            actions.decide(team.officer, Item.objects.get(pk=item.pk), **answers, reason="It can have no impact")
    redecide(team, item, "unexamined")
    assert item.relevance == "unexamined"
    redecide(team, item, "mg6d")
    assert item.schedule_kind == "MG6D"
    with pytest.raises(ValidationError, match="nobody on the team has read it"):
        actions.decide(team.officer, item, test="may_meet", reason="It helps")
    said = refused_by_database(
        lambda: item.decisions.create(field="relevance", value="clearly_not_relevant", reason="x", by=team.officer)
    )
    assert "Nobody has read what is privileged" in said


def test_an_undetermined_item_is_not_accounted_for_and_nothing_is_certified() -> None:
    team = make_team()
    version = drafted(team)
    item = version.rows.all()[0].item
    checked(team, version)
    account_for_rest(team)
    fence = instructed(team, item)
    (missing,) = completeness.missing(team.case)
    assert missing.item == item
    assert missing.why == "fenced: whether it is privileged is not determined yet"
    with pytest.raises(ValidationError, match="whether it is privileged is not determined yet"):
        actions.certify(team.officer, version)
    overview = text(signed_in(team.officer).get(of_case("overview", team)))
    assert "whether it is privileged is not determined yet" in overview
    assert "closed to the team" in overview
    fencing.determine(team.officer, fence, "privileged", on=today(), reason=BECAUSE)
    actions.certify(team.officer, version)


def test_evidence_that_turns_out_privileged_must_be_decided_again() -> None:
    team = make_team()
    item = make_item(team, "used")
    determined(team, "in_part", item)
    (missing,) = completeness.missing(team.case)
    assert "found to be privileged since it was decided" in missing.why
    redecide(team, item, "unexamined")
    assert completeness.missing(team.case) == []


# ---- the database ----------------------------------------------------------------------------------------------------


def test_the_database_keeps_every_fence_and_step_and_their_order() -> None:
    team = make_team()
    fence = instructed(team)
    exhibit = Exhibit.objects.filter(pk=fence.exhibit_id)
    for change in (
        lambda: Fence.objects.update(reason="Another"),
        lambda: Fence.objects.all().delete(),
        lambda: FenceStep.objects.update(person="Another"),
        lambda: FenceStep.objects.all().delete(),
        lambda: exhibit.update(fence=""),
        lambda: exhibit.update(fence="moved"),
        lambda: Fence.objects.create(exhibit=fence.exhibit, item=fence.item, kind="privilege", reason="Again", by=team.officer),
        lambda: Fence.objects.create(exhibit=fence.exhibit, item=make_item(team), kind="secret", reason="Other", by=team.officer),
        lambda: Fence.objects.create(exhibit=fence.exhibit, item=fence.item, kind="secret", reason=" ", by=team.officer),
        lambda: fence.item.decisions.create(field="use", value="used", by=team.officer),
        lambda: make_item(team).decisions.create(field="use", value="apart", by=team.officer),
    ):
        assert refused_by_database(change)
    step = {"fence": fence, "on": today(), "by": team.officer}
    for values in (
        {"kind": "moved", "person": "DI Marsh", "body": "A unit"},
        {"kind": "cleared", "reason": "No"},
        {"kind": "privileged", "person": "Somebody Else", "reason": BECAUSE},
        {"kind": "privileged", "person": "Rhona Vance KC", "reason": ""},
        {"kind": "instructed", "person": "", "body": "Carden Row"},
    ):
        assert refused_by_database(lambda values=values: FenceStep.objects.create(**step, **values))
    assert exhibit.get().fence == "privilege"
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        Exhibit.objects.create(
            case=team.case, reference="QQ/9", kind="other", description="x", fence="moved", seized_at=timezone.now(),
            created_by=team.officer,
        )  # fmt: skip


# ---- pages -----------------------------------------------------------------------------------------------------------


def test_from_the_workbench_to_the_determination_by_pages() -> None:
    team = make_team()
    item, second = make_item(team), make_item(team)
    officer = signed_in(team.officer)
    review = of_case("review", team)
    page = text(officer.get(review))
    assert "Close it to the team" in page
    raise_url = reverse("disclosure:raise_fence", args=[item.exhibit_id])
    sent = {"item": item.pk, "next": f"{review}?show=limbo", "kind": "privilege"}
    empty = officer.post(raise_url, sent)
    assert empty.status_code == 422
    assert "Enter from what you think so" in text(empty)
    assert f'name="item" value="{item.pk}"' in text(empty)
    answer = officer.post(raise_url, sent | {"reason": WHY}, follow=True)
    assert answer.redirect_chain == [(f"{review}?show=limbo", 302)]
    after = text(answer)
    assert "is closed to the whole team" in after
    assert f'<h2 class="govuk-heading-m">{second.exhibit.reference}</h2>' in after
    stopped = text(officer.get(f"{review}?show=fenced"))
    assert "Review has stopped" in stopped
    assert "data-decision" not in stopped
    fence = Fence.objects.get()
    queue = text(officer.get(of_case("fenced", team)))
    for words in (item.exhibit.reference, "It may be legally privileged", "Independent counsel to be instructed"):
        assert words in queue
    url = reverse("disclosure:fence", args=[fence.pk])
    day = {f"instruct-on_{part}": value for part, value in zip(("day", "month", "year"), parts(today()), strict=True)}
    wrong = officer.post(url, {"step": "instruct", "instruct-person": team.supervisor.name, "instruct-body": "Carden Row"} | day)
    assert wrong.status_code == 422
    assert "counsel must be independent of it" in text(wrong)
    good = {"step": "instruct", "instruct-person": "Rhona Vance KC", "instruct-body": "Carden Row Chambers"} | day
    assert "Independent counsel instructed" in text(officer.post(url, good, follow=True))
    day = {name.replace("instruct", "determine"): value for name, value in day.items()}
    outcome = {"step": "determine", "determine-outcome": "privileged", "determine-reason": BECAUSE} | day
    done = text(officer.post(url, outcome, follow=True))
    assert "It stays closed" in done
    assert "Rhona Vance KC, Carden Row Chambers" in done
    # An old tab: the step is no longer next
    late = text(officer.post(url, outcome, follow=True))
    assert "This fence stands at" in late
    assert "Privileged" in text(officer.get(of_case("fenced", team)))


def parts(day: dt.date) -> tuple[str, str, str]:
    return str(day.day), str(day.month), str(day.year)


def test_an_address_from_elsewhere_is_not_followed() -> None:
    team = make_team()
    item = make_item(team)
    url = reverse("disclosure:raise_fence", args=[item.exhibit_id])
    sent = {"kind": "privilege", "reason": WHY, "next": "https://elsewhere.example/"}
    answer = signed_in(team.investigator).post(url, sent)
    assert answer.headers["Location"] == reverse("evidence:exhibit", args=[item.exhibit_id])


def test_the_exhibits_page_says_so_and_shows_nothing_of_the_file() -> None:
    team = make_team()
    exhibit = make_verified_exhibit(team.investigator, team.case, data=b"Dear client")
    url = reverse("evidence:exhibit", args=[exhibit.pk])
    client = signed_in(team.investigator)
    before = text(client.get(url))
    assert "View the file" in before
    assert "Close it to the team" in before
    fencing.fence(team.officer, exhibit, "privilege", WHY)
    page = text(client.get(url))
    assert "This exhibit is fenced. It may be legally privileged." in page
    assert "View the file" not in page
    assert "Close it to the team" not in page
    assert "Exhibit fenced" in page


def test_an_empty_queue_says_what_belongs_there() -> None:
    team = make_team()
    assert "Nothing is closed" in text(signed_in(team.investigator).get(of_case("fenced", team)))
    fenced(team, "secret")
    page = text(signed_in(team.investigator).get(of_case("fenced", team)))
    assert "1 other exhibit is closed for a reason that the supervisor knows" in page


def test_a_queue_of_many_asks_no_more_questions() -> None:
    team = make_team()
    client = signed_in(team.officer)
    counts = []
    for more in (1, 6):
        for _ in range(more):
            fenced(team)
        with CaptureQueriesContext(connection) as asked:
            client.get(of_case("fenced", team))
            client.get(f"{of_case('review', team)}?show=fenced")
        counts.append(len(asked))
    assert counts[0] == counts[1]


# ---- the API ---------------------------------------------------------------------------------------------------------


def test_the_same_through_the_api() -> None:
    team = make_team()
    item = make_item(team)
    officer = client_of(team.officer)
    made = post(officer, f"/api/exhibits/{item.exhibit_id}/fences/", {"kind": "privilege", "reason": WHY, "item": str(item.pk)})
    assert made.status_code == 201
    (fence,) = made.json()
    assert fence["standing"] == "Independent counsel to be instructed"
    steps = f"/api/fences/{fence['id']}/steps/"
    early = post(officer, steps, {"kind": "privileged", "on": str(today()), "reason": BECAUSE})
    assert early.status_code == 400
    counsel = {"kind": "instructed", "on": str(today()), "person": "Rhona Vance KC", "body": "Carden Row Chambers"}
    assert post(officer, steps, counsel).status_code == 201
    assert post(officer, f"/api/items/{item.pk}/decisions/", {"use": "used"}).status_code == 400
    done = post(officer, steps, {"kind": "not_privileged", "on": str(today()), "reason": BECAUSE}).json()
    assert (done["lifted"], [step["kind"] for step in done["steps"]]) == (True, ["instructed", "not_privileged"])
    fenced(team, "secret")
    listed = officer.get(f"/api/cases/{team.case.pk}/fences/").json()["results"]
    assert [entry["kind"] for entry in listed] == ["privilege", "secret"]
    seen = client_of(team.investigator).get(f"/api/cases/{team.case.pk}/fences/").json()["results"]
    assert [entry["kind"] for entry in seen] == ["privilege"]
    assert post(client_of(team.investigator), steps, counsel).status_code == 403
    assert client_of(team.redactor).get(f"/api/cases/{team.case.pk}/fences/").status_code == 404
    exhibits = client_of(team.redactor).get(f"/api/cases/{team.case.pk}/exhibits/").json()["results"]
    assert sorted(entry["fenced"] for entry in exhibits) == [False, True]
