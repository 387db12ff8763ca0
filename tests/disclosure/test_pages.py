"""The pages of disclosure, as its people meet them."""

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import User
from audit.models import Event
from cases import work
from disclosure import actions, summary
from disclosure.models import Item, Row, ScheduleVersion
from tests.disclosure.arrange import (
    WORDS,
    Team,
    certified,
    certify_rest,
    checked,
    drafted,
    make_item,
    make_team,
    redecide,
    submitted,
)
from tests.factories import PASSWORD, make_admin

pytestmark = pytest.mark.django_db


def signed_in(user: User, *, just_now: bool = False) -> Client:
    """A signed-in browser; `just_now` has given the password within minutes."""
    client = Client()
    client.force_login(user)
    if just_now:
        answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        assert answer.status_code == 302
    return client


def at(name: str, version: ScheduleVersion) -> str:
    return reverse(f"disclosure:{name}", kwargs={"schedule_id": version.schedule_id, "number": version.number})


def of_case(name: str, team: Team) -> str:
    return reverse(f"disclosure:{name}", kwargs={"case_id": team.case.pk})


def text(response: Any) -> str:
    return str(response.content.decode())


def test_the_overview_says_what_is_in_limbo_and_offers_the_drafts() -> None:
    team = make_team()
    for outcome in ("", "mg6c", "mg6d"):
        make_item(team, outcome)
    page = text(signed_in(team.officer).get(of_case("overview", team)))
    assert "<strong>1</strong><a" in page.replace("\n", "").replace("  ", "")
    assert "Draft MG6C" in page
    assert "Draft MG6D" in page
    assert page.count("OFFICIAL-SENSITIVE") == 2


def test_an_investigator_sees_no_mg6d() -> None:
    team = make_team()
    version = submitted(team, "MG6D")
    client = signed_in(team.investigator)
    assert "MG6D" not in text(client.get(of_case("overview", team)))
    for name in ("version", "receipt", "pdf"):
        assert client.get(at(name, version)).status_code == 404
    assert client.get(reverse("disclosure:schedule", kwargs={"schedule_id": version.schedule_id})).status_code == 404
    assert client.get(f"{of_case('review', team)}?show=mg6d").status_code == 404
    item = Item.objects.filter(case=team.case).first()
    assert item
    page = text(client.get(f"{of_case('review', team)}?show=all&item={item.pk}"))
    assert "For the reasons in the policy file" not in page


def test_nothing_of_an_mg6d_is_on_the_mg6c() -> None:
    team = make_team()
    secret = make_item(team, "mg6c", description="Note of 14 March 2026 by DC 2208, 3 pages, about the lock of the side door")
    first = checked(team, drafted(team, rows=1))
    actions.certify(team.officer, first)
    redecide(team, secret, "mg6d")
    second = actions.new_version(team.officer, first.schedule)
    page = text(signed_in(team.officer).get(at("version", second)))
    assert "about the lock" not in page
    assert "Withdrawn" in page


def test_one_choice_decides_and_leads_on_to_the_next_item() -> None:
    team = make_team()
    items = [make_item(team) for _ in range(3)]
    client = signed_in(team.officer)
    review = of_case("review", team)
    response = client.post(f"{review}?show=limbo&item={items[0].pk}", {"outcome": "mg6c"})
    assert response.status_code == 302
    assert f"item={items[1].pk}" in response["Location"]
    assert f"{items[0].exhibit} is decided" in text(client.get(response["Location"]))
    items[0].refresh_from_db()
    assert items[0].schedule_kind == "MG6C"
    response = client.post(f"{review}?show=limbo&item={items[1].pk}", {"outcome": "not_relevant"})
    assert "Enter the reason" in text(response)
    answers = {"outcome": "not_relevant", "irrelevant_reason": "A bus ticket of the officer's own"}
    client.post(f"{review}?show=limbo&item={items[1].pk}", answers)
    client.post(f"{review}?show=limbo&item={items[2].pk}", {"outcome": "mg6d", "sensitive_reason": "Names a source"})
    counts = Item.objects.ensure_for(team.case).counts()
    assert (counts["in_limbo"], counts["mg6c"], counts["mg6d"], counts["not_relevant"]) == (0, 1, 1, 1)
    assert "Everything is decided" in text(client.get(review))


def test_who_may_not_decide_reads_only() -> None:
    team = make_team()
    item = make_item(team)
    client = signed_in(team.supervisor)
    page = text(client.get(of_case("review", team)))
    assert "Save and go on" not in page
    assert client.post(f"{of_case('review', team)}?item={item.pk}", {"outcome": "used"}).status_code == 403
    assert Event.objects.filter(verb="disclosure.decide.refused", actor_id=team.supervisor.pk).count() == 1


def test_whoever_takes_no_part_finds_nothing() -> None:
    team = make_team()
    version = certified(team)
    row = Row.objects.filter(version=version).first()
    assert row
    addresses = [of_case("overview", team), of_case("review", team)]
    addresses += [at(name, version) for name in ("version", "receipt", "pdf")]
    posts = [of_case("draft", team), reverse("disclosure:new_version", kwargs={"schedule_id": version.schedule_id})]
    posts += [at(name, version) for name in ("send", "check", "return")]
    posts.append(reverse("disclosure:row", kwargs={"schedule_id": version.schedule_id, "row_id": row.pk}))
    for outsider in (team.redactor, make_admin(), make_team().officer):
        client = signed_in(outsider, just_now=True)
        for address in [*addresses, at("certify", version), at("submit", version)]:
            assert client.get(address).status_code == 404, address
        for address in posts:
            assert client.post(address).status_code == 404, address


def test_a_row_is_changed_in_place() -> None:
    team = make_team()
    version = drafted(team)
    row = Row.objects.filter(version=version).first()
    assert row
    client = signed_in(team.deputy)
    page = text(client.get(f"{at('version', version)}?row={row.pk}"))
    assert "Save row" in page
    address = reverse("disclosure:row", kwargs={"schedule_id": version.schedule_id, "row_id": row.pk})
    words = {"description": "A letter of 2 pages by the manager", "location": "Store 9", "seen": row.edited_at.isoformat()}
    assert client.post(address, words).status_code == 302
    row.refresh_from_db()
    assert (row.description, row.location, row.edited_by) == (words["description"], "Store 9", team.deputy)
    again = client.post(address, words | {"description": "Other words for the same letter"})
    assert again.status_code == 422
    assert "meanwhile" in text(again)
    assert "Other words for the same letter" in text(again)


def test_what_is_to_mend_is_said_at_its_row() -> None:
    team = make_team()
    make_item(team, "mg6c", description="MG11", location="")
    version = actions.draft_schedule(team.officer, team.case, "MG6C")
    client = signed_in(team.officer)
    page = text(client.get(at("version", version)))
    assert "2 things to mend or give a reason for" in page
    assert "A form number alone is not a description" in page
    page = text(client.post(at("send", version), follow=True))
    assert "Row 1: a form number alone" in page
    assert "Draft" in page


def test_a_long_schedule_is_shown_by_pages_and_its_faults_are_found_from_the_first() -> None:
    team = make_team()
    for number in range(205):
        words = "MG11" if number == 150 else f"Statement {number} of the manager about the door, 02/11/2026, 2 pages"
        make_item(team, "mg6c", description=words, location="Store 4")
    version = actions.draft_schedule(team.officer, team.case, "MG6C")
    fault = version.rows.get(description="MG11")
    client = signed_in(team.officer)
    first = text(client.get(at("version", version)))
    assert "Rows 1 to 100 of 205" in first
    assert "Statement 99 of" in first and "Statement 100 of" not in first
    assert f"?at={fault.pk}#row-{fault.pk}" in first
    there = text(client.get(f"{at('version', version)}?at={fault.pk}"))
    assert "Rows 101 to 200 of 205" in there
    assert "A form number alone is not a description" in there
    assert "Rows 201 to 205 of 205" in text(client.get(f"{at('version', version)}?page=3"))
    # One that is asked for by a form comes with its page, and saving leads back to it
    assert "Save row" in text(client.get(f"{at('version', version)}?row={fault.pk}"))
    address = reverse("disclosure:row", kwargs={"schedule_id": version.schedule_id, "row_id": fault.pk})
    said = {"description": "Letter of 2 pages by the manager", "location": "Store 9", "seen": fault.edited_at.isoformat()}
    assert client.post(address, said)["Location"] == f"{at('version', version)}?at={fault.pk}#row-{fault.pk}"


def test_of_very_many_reasons_the_first_are_said() -> None:
    team = make_team()
    for _ in range(25):
        make_item(team, "mg6c", description="MG11", location="Store 4")
    version = actions.draft_schedule(team.officer, team.case, "MG6C")
    page = text(signed_in(team.officer).post(at("send", version), follow=True))
    assert page.count("Row 1: ") == 1
    assert "more." in page and "Row 25: a form" not in page


def test_the_way_by_pages() -> None:
    team = make_team()
    version = drafted(team)
    officer, supervisor = signed_in(team.officer, just_now=True), signed_in(team.supervisor)
    assert "with the supervisor" in text(officer.post(at("send", version), follow=True))
    page = text(supervisor.post(at("return", version), {"reason": ""}, follow=True))
    assert "Enter what must be changed" in page
    assert "is checked" in text(supervisor.post(at("check", version), follow=True))
    page = text(officer.get(at("certify", version)))
    assert str(team.officer) in page
    assert str(team.supervisor) in page
    assert "To the best of my knowledge and belief" in page
    assert "Confirm that you make the statement" in text(officer.post(at("certify", version), {"unexamined": ""}))
    receipt = officer.post(at("certify", version), {"unexamined": "", "believe": "on"}, follow=True)
    certified_event = Event.objects.about("scheduleversion", version.pk).with_verb("schedule.certified").get()
    assert f"/log/proof/{certified_event.pk}/" in text(receipt)
    certify_rest(team, version)
    assert "case is not shared" in text(officer.get(at("submit", version)))
    receipt = officer.post(at("submit", version), follow=True)
    submitted_event = Event.objects.about("scheduleversion", version.pk).with_verb("schedule.submitted").get()
    assert str(submitted_event.pk) in text(receipt)
    assert "Begin a new version" in text(officer.get(at("version", version)))


@pytest.mark.parametrize("name", ["certify", "submit"])
def test_what_binds_asks_for_the_password_again(name: str) -> None:
    team = make_team()
    version = checked(team, drafted(team)) if name == "certify" else certified(team)
    client = signed_in(team.officer)
    for response in (client.get(at(name, version)), client.post(at(name, version), {"believe": "on"})):
        assert response.status_code == 302
        assert response["Location"].startswith("/account/reauthenticate/")
    assert ScheduleVersion.objects.with_state().get(pk=version.pk).state == version.state


def test_a_supervisor_who_wrote_is_told_before_trying() -> None:
    from accounts.models import Role
    from cases import actions as case_actions
    from tests.factories import make_user

    team = make_team()
    both = make_user(Role.SUPERVISOR, Role.DEPUTY_DISCLOSURE, organisation=team.case.organisation)
    for role in (Role.SUPERVISOR, Role.DEPUTY_DISCLOSURE):
        case_actions.add_team_member(team.investigator, team.case, both, role)
    make_item(team, "mg6c")
    version = actions.draft_schedule(both, team.case, "MG6C")
    actions.send_to_qa(team.officer, version)
    client = signed_in(both)
    page = text(client.get(at("version", version)))
    assert "another supervisor must check it" in page
    assert "I have checked it" not in page
    assert client.post(at("check", version)).status_code == 403
    titles = [item.title for item in work.items_for(both)]
    assert f"Check {version}" not in titles
    assert f"Check {version}" in [item.title for item in work.items_for(team.supervisor)]


def test_the_printed_form_is_what_was_certified_and_no_more() -> None:
    team = make_team()
    version = certified(team)
    response = signed_in(team.investigator).get(at("pdf", version))
    assert response["Content-Type"] == "application/pdf"
    printed = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)
    printed = " ".join(printed.split())
    assert WORDS[:40] in printed
    assert str(team.officer.name) in printed
    assert "OFFICIAL-SENSITIVE" in printed
    exhibit = Item.objects.filter(case=team.case).select_related("exhibit").first()
    assert exhibit
    assert exhibit.exhibit.reference not in printed
    assert Event.objects.about("scheduleversion", version.pk).with_verb("schedule.printed").count() == 1


def test_my_work_names_each_persons_next_step() -> None:
    team = make_team()
    make_item(team)
    assert [item.title for item in work.items_for(team.officer)] == ["Decide about 1 item for disclosure"]
    version = drafted(team)
    assert f"Finish {version}" in [item.title for item in work.items_for(team.deputy)]
    checked(team, version)
    assert f"Certify {version}" in [item.title for item in work.items_for(team.officer)]
    assert f"Certify {version}" not in [item.title for item in work.items_for(team.deputy)]
    assert not [item for item in work.items_for(make_team().officer) if item.case_id == team.case.pk]
    cards = [card.text for card in work.cards_for(team.officer, team.case)]
    assert "item to decide for disclosure" in cards
    assert "MG6C: checked by the supervisor" in cards
    assert not [card for card in work.cards_for(team.redactor, team.case) if "disclosure" in card.text or "MG6" in card.text]


def test_an_exhibits_page_leads_to_its_decision() -> None:
    from disclosure import hooks

    team = make_team()
    item = make_item(team)
    (link,) = hooks.links(team.officer, item.exhibit)
    assert f"item={item.pk}" in link.href
    assert signed_in(team.officer).get(link.href).status_code == 200
    assert hooks.links(team.redactor, item.exhibit) == []


# ---- however long the list -------------------------------------------------------------------------------------------


def fill(team: Team, number: int) -> None:
    """Many items of one kind, quickly: the pages are measured here, not the actions."""
    from evidence.models import Exhibit
    from tests.factories import SEIZED_AT

    Exhibit.objects.bulk_create(
        Exhibit(
            case=team.case,
            reference=f"ZZ/{count}",
            kind="document",
            description=WORDS,
            seized_at=SEIZED_AT,
            seized_where="Wexcombe",
            seized_by="PC 2914",
            location="Store",
            within_marking=True,
            created_by=team.investigator,
        )
        for count in range(1, number + 1)
    )
    Item.objects.ensure_for(team.case)


def test_pages_ask_no_more_of_the_database_for_a_hundred_items(django_assert_max_num_queries: Any) -> None:
    team = make_team()
    fill(team, 100)
    client = signed_in(team.officer)
    for address, most in [(of_case("review", team), 20), (of_case("overview", team), 32)]:
        client.get(address)
        with django_assert_max_num_queries(most):
            page = client.get(address)
        assert page.status_code == 200
    assert text(client.get(of_case("review", team))).count("app-review__entry") == 100
    for item in Item.objects.filter(case=team.case)[:60]:
        actions.decide(team.officer, item, use="unused", relevance="relevant", sensitivity="not_sensitive")
    version = actions.draft_schedule(team.officer, team.case, "MG6C")
    with django_assert_max_num_queries(32):
        page = client.get(at("version", version))
    assert text(page).count("Change<span") == 60
    with django_assert_max_num_queries(5):
        summary.review_work(team.deputy)
        summary.schedule_work(team.deputy)
    with django_assert_max_num_queries(30):
        actions.draft_schedule(team.officer, team.case, "MG6C")


def test_the_queue_goes_on_behind_a_hundred() -> None:
    team = make_team()
    fill(team, 130)
    client = signed_in(team.officer)
    first = client.get(of_case("review", team))
    assert "Further items" in text(first)
    second = client.get(first.context["more_url"])
    assert text(second).count("app-review__entry") == 30
