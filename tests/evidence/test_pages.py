"""Pages of exhibits: what each person sees, and how many questions it costs the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from audit.models import Event
from cases import work
from evidence import actions, hooks
from evidence.models import Copy, Exhibit, Upload
from jobs.models import Job
from tests.evidence.conftest import World
from tests.evidence.hostile import pdf, photograph, zip_with_link
from tests.evidence.test_verification import flip, master
from tests.factories import make_case, make_exhibit, make_verified_exhibit, run_jobs

FORM = {
    "reference": "AB/1",
    "kind": "phone",
    "description": "Black mobile phone",
    "seized_at_day": "3",
    "seized_at_month": "11",
    "seized_at_year": "2026",
    "seized_at_time": "09:30",
    "seized_where": "Wexcombe",
    "seized_by": "PC 2914",
    "seal_number": "A1234567",
    "location": "",
    "marking": "within",
}


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: Any, path: str, status: int = 200) -> str:
    answer = signed_in(user).get(path)
    assert answer.status_code == status
    return answer.content.decode()


def test_an_empty_list_says_what_belongs_here(world: World) -> None:
    shown = page(world.investigator, f"/cases/{world.case.pk}/exhibits/")
    assert "No exhibits yet" in shown
    assert "Add an exhibit" in shown
    assert "Add an exhibit" not in page(world.redactor, f"/cases/{world.case.pk}/exhibits/")


def test_the_list_shows_what_is_verified(world: World) -> None:
    make_verified_exhibit(world.investigator, world.case, data=b"a", reference="AB/1")
    make_exhibit(world.investigator, world.case, reference="AB/2")
    shown = page(world.disclosure, f"/cases/{world.case.pk}/exhibits/")
    assert shown.index("AB/1") < shown.index("AB/2")
    assert "Verified" in shown
    assert "No file" in shown
    assert "2 exhibits" in shown


def test_the_list_can_be_filtered(world: World) -> None:
    make_exhibit(world.investigator, world.case, reference="AB/1", kind=Exhibit.Kind.PHONE)
    make_exhibit(world.investigator, world.case, reference="AB/2", kind=Exhibit.Kind.VIDEO)
    shown = page(world.disclosure, f"/cases/{world.case.pk}/exhibits/?kind=video")
    assert "AB/2" in shown
    assert "AB/1" not in shown
    assert "No exhibit fits" in page(world.disclosure, f"/cases/{world.case.pk}/exhibits/?state=returned")


def test_a_long_list_has_pages(world: World) -> None:
    for number in range(1, 53):
        make_exhibit(world.investigator, world.case, reference=f"AB/{number}")
    client = signed_in(world.investigator)
    first = client.get(f"/cases/{world.case.pk}/exhibits/")
    assert "AB/50<" in first.content.decode()
    assert "AB/51<" not in first.content.decode()
    second = client.get(f"/cases/{world.case.pk}/exhibits/" + first.context["page"].next_url)
    assert "AB/51<" in second.content.decode()
    assert "AB/50<" not in second.content.decode()


def test_the_list_costs_the_same_however_long(world: World, django_assert_max_num_queries: Any) -> None:
    client = signed_in(world.investigator)
    for number in range(1, 31):
        make_exhibit(world.investigator, world.case, reference=f"AB/{number}", data=b"x")
    with django_assert_max_num_queries(18):
        client.get(f"/cases/{world.case.pk}/exhibits/")


def test_an_exhibits_page_costs_little(world: World, django_assert_max_num_queries: Any) -> None:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=b"x")
    for number in range(10):
        actions.add_copy(world.redactor, exhibit, Copy.Kind.REDACTED, master(exhibit).copy, bytes([number]), "engine")
    run_jobs()
    client = signed_in(world.investigator)
    # Three of them, the savepoint among them, record the look
    with django_assert_max_num_queries(30):
        client.get(f"/exhibits/{exhibit.pk}/")


def test_booking_in_offers_the_next_reference(world: World) -> None:
    initials = world.investigator.initials
    assert f'value="{initials}/1"' in page(world.investigator, f"/cases/{world.case.pk}/exhibits/new/")
    make_exhibit(world.investigator, world.case)
    assert f'value="{initials}/2"' in page(world.investigator, f"/cases/{world.case.pk}/exhibits/new/")


def form_data(client: Client, path: str) -> dict[str, str]:
    """The form's own names for its fields, filled with FORM."""
    form = client.get(path).context["form"]
    names = [
        part["attrs"].get("name", part["name"])
        for part in form["seized_at"].field.widget.get_context("seized_at", None, {})["widget"]["subwidgets"]
    ]
    moment = dict(zip(names, ("3", "11", "2026", "09:30"), strict=True))
    return {name: value for name, value in FORM.items() if not name.startswith("seized_at_")} | moment


def test_booking_in_leads_to_the_exhibit(world: World) -> None:
    client, path = signed_in(world.investigator), f"/cases/{world.case.pk}/exhibits/new/"
    answer = client.post(path, form_data(client, path))
    exhibit = Exhibit.objects.get()
    assert answer.headers["Location"] == f"/exhibits/{exhibit.pk}/"
    assert exhibit.reference == "AB/1"
    assert f"{exhibit.seized_at:%Y-%m-%d %H:%M}" == "2026-11-03 09:30"


def test_a_used_reference_is_said_at_its_field(world: World) -> None:
    client, path = signed_in(world.investigator), f"/cases/{world.case.pk}/exhibits/new/"
    data = form_data(client, path)
    client.post(path, data)
    again = client.post(path, data)
    assert again.status_code == 200
    assert "already used" in str(again.context["form"].errors["reference"])
    assert "There is a problem" in again.content.decode()


def test_the_form_is_for_those_who_may_add(world: World) -> None:
    page(world.redactor, f"/cases/{world.case.pk}/exhibits/new/", 403)
    page(world.stranger, f"/cases/{world.case.pk}/exhibits/new/", 404)


def test_an_exhibit_without_a_file_offers_the_upload(world: World) -> None:
    exhibit = make_exhibit(world.investigator, world.case)
    assert 'data-module="app-upload"' in page(world.investigator, f"/exhibits/{exhibit.pk}/")
    shown = page(world.redactor, f"/exhibits/{exhibit.pk}/")
    assert 'data-module="app-upload"' not in shown
    assert "No file has been sent" in shown


def test_an_unfinished_upload_is_offered_again_and_can_be_stopped(world: World) -> None:
    exhibit = make_exhibit(world.investigator, world.case)
    upload = actions.open_upload(world.investigator, exhibit, size=5_000_000, name="M Thistlewood.pdf")
    shown = page(world.investigator, f"/exhibits/{exhibit.pk}/")
    assert "Choose the same file" in shown
    assert "Thistlewood" not in shown
    assert any("Finish the upload" in item.title for item in work.items_for(world.investigator))
    answer = signed_in(world.investigator).post(f"/uploads/{upload.pk}/stop/")
    assert answer.headers["Location"] == f"/exhibits/{exhibit.pk}/"
    upload.refresh_from_db()
    assert upload.state == Upload.State.ABORTED
    assert signed_in(world.stranger).post(f"/uploads/{upload.pk}/stop/").status_code == 404


def test_progress_is_asked_for_until_the_check_is_done(world: World) -> None:
    exhibit = make_exhibit(world.investigator, world.case, data=b"x" * 4000)
    Job.objects.filter(object_id=master(exhibit).pk).update(done=1000, total=4000)
    client = signed_in(world.investigator)
    running = client.get(f"/exhibits/{exhibit.pk}/state/")
    assert f'hx-get="/exhibits/{exhibit.pk}/state/"' in running.content.decode()
    assert 'value="25"' in running.content.decode()
    run_jobs()
    done = client.get(f"/exhibits/{exhibit.pk}/state/")
    assert "hx-get" not in done.content.decode()
    assert done.headers["HX-Refresh"] == "true"


def test_a_verified_file_shows_its_hash_and_can_be_opened(world: World) -> None:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=b"x", name="M Thistlewood.txt")
    shown = page(world.redactor, f"/exhibits/{exhibit.pk}/")
    assert master(exhibit).sha256[:8] in shown
    assert "View the file" in shown
    assert "Matches" in shown
    assert "Thistlewood" not in shown
    assert "app-upload" not in shown


def test_a_quarantine_is_shown_plainly(world: World, folder_vault: Path) -> None:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=b"x" * 5000)
    flip(folder_vault, master(exhibit))
    signed_in(world.supervisor).post(f"/blobs/{master(exhibit).pk}/check/")
    run_jobs()
    shown = page(world.supervisor, f"/exhibits/{exhibit.pk}/")
    assert "This exhibit is quarantined" in shown
    assert "View the file" not in shown
    assert any("quarantined" in item.title for item in work.items_for(world.supervisor))
    card = next(card for card in work.cards_for(world.supervisor, world.case) if "exhibits" in card.text)
    assert card.late


def test_links_of_other_rooms_are_shown(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "exhibit_links", [lambda user, exhibit: [hooks.Link("Ask for a redaction", "/somewhere/")]])
    exhibit = make_exhibit(world.investigator, world.case)
    assert '<a class="govuk-link" href="/somewhere/">Ask for a redaction</a>' in page(world.redactor, f"/exhibits/{exhibit.pk}/")


def test_whoever_is_not_on_the_case_finds_nothing(world: World) -> None:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=b"x")
    make_case(world.stranger)
    for path in (f"/cases/{world.case.pk}/exhibits/", f"/exhibits/{exhibit.pk}/", f"/exhibits/{exhibit.pk}/state/"):
        page(world.stranger, path, 404)
        assert Client().get(path).status_code == 302
    assert signed_in(world.stranger).post(f"/blobs/{master(exhibit).pk}/check/").status_code == 404
    assert not Event.objects.filter(actor_id=world.stranger.pk, case_id=world.case.pk).exists()


def test_a_locked_pdf_says_what_to_do_and_is_not_offered_for_redaction(world: World) -> None:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=pdf(password="secret"))
    shown = page(world.redactor, f"/exhibits/{exhibit.pk}/")
    assert "Protected by a password" in shown
    assert "Ask its owner or the forensic unit for the password" in shown
    assert "Ask for a redacted copy" not in shown
    asked = signed_in(world.redactor).post(f"/exhibits/{exhibit.pk}/redaction/", {"audience": "cps", "purpose": "Disclosure"})
    assert "Protected by a password" in asked.content.decode()


def test_redaction_is_offered_once_the_file_is_verified(world: World) -> None:
    exhibit = make_exhibit(world.investigator, world.case, data=pdf())
    assert "Ask for a redacted copy" not in page(world.redactor, f"/exhibits/{exhibit.pk}/")
    run_jobs("evidence.verify")
    assert "Ask for a redacted copy" in page(world.redactor, f"/exhibits/{exhibit.pk}/")


def test_what_a_photograph_says_is_shown_to_the_team(world: World) -> None:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=photograph(), name="holiday.pdf")
    shown = page(world.disclosure, f"/exhibits/{exhibit.pk}/")
    assert "Location data present" in shown
    assert "51.454500, -2.587900" in shown
    assert "Its name and its content differ" in shown
    assert "51.45" not in page(world.disclosure, f"/cases/{world.case.pk}/exhibits/")
    assert not Event.objects.filter(body__contains="51.45").exists()


def test_what_an_archive_lists_is_shown(world: World) -> None:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=zip_with_link())
    shown = page(world.disclosure, f"/exhibits/{exhibit.pk}/")
    assert "Holds links or paths that lead outside it" in shown
    assert "photo.jpg" in shown
    assert "/etc/shadow" not in shown


def test_what_was_made_from_an_exhibit_is_added_from_its_page_and_listed_there(world: World) -> None:
    phone = make_exhibit(world.investigator, world.case)
    client = signed_in(world.investigator)
    assert f"exhibits/new/?parent={phone.pk}" in client.get(f"/exhibits/{phone.pk}/").content.decode()
    path = f"/cases/{world.case.pk}/exhibits/new/?parent={phone.pk}"
    form = client.get(path).context["form"]
    assert form["reference"].value() == f"{phone.reference}/A"
    data = form_data(client, path) | {"parent": str(phone.pk), "reference": form["reference"].value()}
    client.post(path, data)
    part = Exhibit.objects.get(parent=phone)
    assert f"/exhibits/{part.pk}/" in page(world.redactor, f"/exhibits/{phone.pk}/")
    assert f"/exhibits/{phone.pk}/" in page(world.redactor, f"/exhibits/{part.pk}/")
    for wrong in ("nothing", str(make_exhibit(world.stranger, make_case(world.stranger)).pk)):
        assert client.get(f"/cases/{world.case.pk}/exhibits/new/?parent={wrong}").context["form"]["parent"].value() is None
