"""The redaction log and lineage of a copy: complete, as approved, and without a word of what is redacted."""

import io
import re

import pypdf
import pytest
from django.urls import reverse

from accounts.models import Notification
from audit.models import Event
from redaction import actions, printed
from tests.factories import run_jobs
from tests.redaction.arrange import asked, decided, make_team
from tests.redaction.test_deciding import queries, said
from tests.redaction.test_pages import browser

pytestmark = pytest.mark.django_db
PLANTED = ("Tanner", "900461", "07700", "THISTLEWOOD", "Marianne", "Okafor", "14/03/1997")


def test_the_log_and_lineage_of_a_released_copy_hold_no_redacted_word() -> None:
    team = make_team()
    document, release = asked(team)
    actions.accept_rest(team.redactor, document)
    phone = document.proposals.get(said=said(team))
    actions.decide(team.redactor, phone, "accept", reason="Mrs Okafor rang 07700 900461")
    first = document.proposals.exclude(pk=phone.pk)[0]
    actions.decide(team.redactor, first, "accept", reason="Asked for by the prosecutor")
    actions.draw(team.redactor, document, 0, [60, 60, 400, 160], "OTH")
    actions.ask_approval(team.redactor, release)
    actions.approve(team.approver, release)
    run_jobs()
    release.refresh_from_db()
    actions.release(team.approver, release)
    client = browser(team.supervisor)
    both = [document.pk, release.pk]
    page = client.get(reverse("redaction:redaction_log", args=both)).content.decode()
    answer = client.get(reverse("redaction:redaction_log_pdf", args=both))
    paper = "\n".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(answer.content)).pages)
    told = "".join(Event.objects.values_list("body", flat=True)) + "".join(Notification.objects.values_list("text", flat=True))
    for word in PLANTED:
        assert word not in page.split("<main")[1]
        assert word not in paper
        assert word.encode() not in answer.content
        assert word not in told
    flat = "".join(paper.split())
    blob = actions.output_of(release)
    assert blob is not None
    for sha256 in (document.source.sha256, release.decisions_sha256, blob.sha256):
        assert sha256 in flat
    for text in (
        "Withheldhere",
        "Askedforbytheprosecutor",
        "Leakcheck",
        "rules3",
        str(team.approver).replace(" ", ""),
        "Drawnbyhand",
    ):
        assert text in flat
    assert document.proposals.accepted().count() == len(printed.rows(release))
    assert Event.objects.filter(verb="redaction.log_printed", object_id=str(release.pk)).count() == 1
    assert str(Event.objects.get(verb="redaction.approved").pk) in page

    # What is decided afterwards is another copy's
    actions.decide(team.redactor, phone, "reject", reason="Contested")
    assert len(printed.rows(release)) == document.proposals.accepted().count() + 1


@pytest.mark.parametrize(("audience", "told"), [("cps", True), ("defence", False), ("court", False)])
def test_the_paper_that_goes_with_a_copy_tells_only_the_cps_the_hash_of_the_source(audience: str, told: bool) -> None:
    team = make_team()
    document, release = decided(team, audience)
    client, both = browser(team.redactor), [document.pk, release.pk]
    page = client.get(reverse("redaction:redaction_log", args=both)).content.decode()
    assert document.source.sha256 in "".join(re.sub(r"<[^>]+>", "", page).split())
    answer = client.get(reverse("redaction:redaction_log_pdf", args=both))
    paper = "".join("".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(answer.content)).pages).split())
    assert "Wherethecopycomesfrom" in paper
    assert (document.source.sha256 in paper) is told


def test_a_log_that_is_not_what_was_approved_is_refused() -> None:
    team = make_team()
    document, release = asked(team)
    actions.accept_rest(team.redactor, document)
    actions.ask_approval(team.redactor, release)
    actions.approve(team.approver, release)
    release.decisions_sha256 = "0" * 64
    release.save(update_fields=["decisions_sha256"])
    both = [document.pk, release.pk]
    for name in ("redaction_log", "redaction_log_pdf"):
        shown = browser(team.redactor).get(reverse(f"redaction:{name}", args=both), follow=True).content.decode()
        assert "have the log of the case checked" in shown


def test_a_log_before_approval_says_so_and_asks_no_more_for_more_items() -> None:
    team = make_team()
    document, release = asked(team)
    client = browser(team.redactor)
    page = reverse("redaction:redaction_log", args=[document.pk, release.pk])
    shown = client.get(page).content.decode()
    assert "Not approved yet" in shown
    assert "Nothing is redacted" in shown
    actions.decide(team.redactor, document.proposals.all()[0], "accept")
    few = queries(lambda: client.get(page))
    actions.accept_rest(team.redactor, document)
    assert queries(lambda: client.get(page)) <= few


def test_the_api_prints_the_log_too_and_the_print_is_an_event() -> None:
    team = make_team()
    _, release = asked(team)
    url = f"/api/redactions/{release.document_id}/releases/{release.pk}/log.pdf"
    answer = browser(team.redactor).get(url)
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert Event.objects.about("release", release.pk).filter(verb="redaction.log_printed").count() == 1
