"""Pages are there to be decided while the rest is still being read; an attempt that follows another makes no doubles."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg2
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from jobs import actions as jobs
from jobs.actions import LeaseLost
from jobs.models import Job
from redaction import actions, deciding
from redaction.engine import boxed, detect
from redaction.engine.shapes import Page, Span
from redaction.engine.shapes import Proposal as Found
from redaction.models import Document, Proposal
from tests.factories import make_verified_exhibit, run_jobs
from tests.redaction.arrange import LINES, Team, asked, make_statement, make_team
from tests.redaction.files import statement
from tests.redaction.test_pages import browser

pytestmark = pytest.mark.django_db

EARLY = ("i saw zbyska by the gate, and the slip said", "nothing else. quorndon left.")
LATE = ("Name: Zbyska Quorndon", "My number is 07700 900461.")


class Ended(Exception):
    """Stands for a worker that was killed."""


def text_page(index: int, text: str) -> Page:
    return Page(index, 595, 842, text, (None,) * len(text))


def spans(found: list[Found]) -> set[tuple[int, int, int]]:
    return {(p.page, p.span.start, p.span.end) for p in found}


def ask(team: Team, pages: int) -> Document:
    document, _ = actions.start(team.redactor, make_statement(team, pages=pages), audience="cps")
    return document


def stop_after(monkeypatch: pytest.MonkeyPatch, pages: int) -> Any:
    """A worker that is ended once it has written so many pages."""
    context = monkeypatch.context()
    patched = context.__enter__()
    honest = boxed.read

    def read(*args: Any, listener: Any, **more: Any) -> Any:
        class Few:
            written = 0

            def page(self, page: Any, proposals: Any) -> None:
                if self.written == pages:
                    raise Ended
                listener.page(page, proposals)
                self.written += 1

            def told(self) -> Any:
                return listener.told()

        return honest(*args, listener=Few(), **more)

    patched.setattr(boxed, "read", read)
    return context


def begun(team: Team, monkeypatch: pytest.MonkeyPatch, pages: int = 4, read: int = 2) -> Document:
    """A document of which only the first pages are read."""
    document = ask(team, pages)
    context = stop_after(monkeypatch, read)
    job = Job.objects.get(object_id=document.pk)
    with pytest.raises(Ended):
        jobs.run(job.pk)
    context.__exit__(None, None, None)
    Job.objects.filter(pk=job.pk).update(not_before=None)
    document.refresh_from_db()
    assert document.state == Document.State.READING
    return document


# ---- the engine ------------------------------------------------------------------------------------------------------


def test_all_that_is_told_page_by_page_and_in_the_end_covers_what_is_found_at_once() -> None:
    pages = [text_page(0, "\n".join(EARLY)), text_page(1, "\n".join(LATE)), text_page(2, "I rang Zbyska at Zbyska's.")]
    reading = detect.Reading()
    told = [proposal for page in pages for proposal in reading.take(page)]
    by_page = {index: [(p.span.start, p.span.end) for p in told if p.page == index] for index in range(3)}
    rest = reading.rest(by_page)
    at_once = detect.proposals(pages)
    assert spans(told) & spans(rest) == set()

    def letters(found: list[Found]) -> set[tuple[int, int]]:
        return {(p.page, n) for p in found for n in range(p.span.start, p.span.end) if pages[p.page].text[n].isalnum()}

    assert letters([*told, *rest]) == letters(at_once)
    # The name of the second page is found on the first only now, and on the third at once
    assert {p.page for p in rest} == {0}
    assert {p.page for p in told} >= {1, 2}


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ([], ["Mrs Okafor"]),
        ([(0, 10)], []),
        ([(4, 10)], ["Mrs"]),
        ([(0, 3)], ["Okafor"]),
        ([(2, 6)], ["Mr", "afor"]),
        ([(11, 20)], ["Mrs Okafor"]),
        ([(0, 4), (3, 8)], ["or"]),
    ],
)
def test_what_is_left_of_a_span(told: list[tuple[int, int]], left: list[str]) -> None:
    text = "Mrs Okafor, who lives there"
    found = detect.beyond(Span(0, 10, "TPN", "pattern", "name.titled"), told, text)
    assert [text[span.start : span.end] for span in found] == left


def test_each_page_comes_with_its_files_before_the_next_is_read(tmp_path: Path) -> None:
    source = statement(tmp_path / "a.pdf", LINES, 5)
    seen: list[tuple[int, bool, int]] = []

    class Listener:
        def page(self, page: dict[str, Any], proposals: list[dict[str, Any]]) -> None:
            there = (tmp_path / f"page-{page['index']}.png").is_file()
            seen.append((page["index"], there, len(proposals)))

        def told(self) -> dict[int, list[tuple[int, int]]]:
            return {}

    found = boxed.read(source, tmp_path, listener=Listener())
    assert [index for index, _, _ in seen] == [0, 1, 2, 3, 4]
    assert all(there and count for _, there, count in seen)
    assert len(found["pages"]) == 5


# ---- the worker ------------------------------------------------------------------------------------------------------


def test_pages_are_there_before_the_file_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    team = make_team()
    whole, _ = asked(team, make_statement(team, pages=4))
    document = begun(team, monkeypatch)
    assert list(document.pages.values_list("index", flat=True)) == [0, 1]
    first = document.proposals.filter(page=0)
    assert set(first.values_list("start", "end")) == set(whole.proposals.filter(page=0).values_list("start", "end"))


def test_an_attempt_after_one_that_was_ended_makes_no_doubles(monkeypatch: pytest.MonkeyPatch) -> None:
    team = make_team()
    whole, _ = asked(team, make_statement(team, pages=4))
    document = begun(team, monkeypatch)
    kept = set(document.proposals.values_list("pk", flat=True))
    pictures = dict(document.pages.values_list("index", "image_key"))
    run_jobs()
    document.refresh_from_db()
    assert document.state == Document.State.READY
    assert kept <= set(document.proposals.values_list("pk", flat=True))
    assert dict(document.pages.filter(index__in=pictures).values_list("index", "image_key")) == pictures
    places = [(p.page, p.start, p.end) for p in document.proposals.all()]
    assert len(places) == len(set(places))
    assert sorted(places) == sorted((p.page, p.start, p.end) for p in whole.proposals.all())


def test_what_a_later_page_finds_is_proposed_on_the_first_in_the_end() -> None:
    team = make_team()
    with TemporaryDirectory() as folder:
        first, second = (
            statement(Path(folder) / f"{number}.pdf", lines).read_bytes() for number, lines in enumerate((EARLY, LATE))
        )
        data = joined(first, second)
    document, _ = asked(team, make_verified_exhibit(team.investigator, team.case, data=data))
    assert document.proposals.filter(page=0, rule__startswith="everywhere").exists()
    places = [(p.page, p.start, p.end) for p in document.proposals.all()]
    assert len(places) == len(set(places))


def joined(*files: bytes) -> bytes:
    import io

    import pypdf

    writer = pypdf.PdfWriter()
    for data in files:
        writer.append(io.BytesIO(data))
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def test_a_place_that_a_person_redacted_meanwhile_is_not_proposed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    team = make_team()
    document = begun(team, monkeypatch)
    proposal = document.proposals.filter(page=0, category="TEL")[0]
    actions.decide(team.redactor, proposal, "accept")
    run_jobs()
    assert document.proposals.filter(page=0, start=proposal.start).count() == 1
    assert proposal.decisions.count() == 1


def test_an_attempt_that_lost_its_lease_writes_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    team = make_team()
    document = ask(team, 2)
    job = Job.objects.get(object_id=document.pk)
    claimed = jobs.claim(job.pk)
    assert claimed is not None
    lease = jobs.Lease(claimed)
    Job.objects.filter(pk=job.pk).update(attempt=claimed.attempt + 1)
    with pytest.raises(LeaseLost), lease.step():
        raise AssertionError("not reached")
    assert not document.pages.exists()


def test_a_file_that_breaks_off_is_refused_and_may_be_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from sandbox import Crashed

    team = make_team()
    document = begun(team, monkeypatch)
    honest = boxed.read

    def crash(*args: Any, **more: Any) -> Any:
        raise Crashed("The process was ended by SIGSEGV.")

    with monkeypatch.context() as patched:
        patched.setattr(boxed, "read", crash)
        run_jobs()
    document.refresh_from_db()
    assert document.state == Document.State.REFUSED
    proposal = document.proposals.all()[0]
    with pytest.raises(ValidationError, match="can’t be redacted here"):
        actions.decide(team.redactor, proposal, "accept")
    assert "SIGSEGV" in browser(team.redactor).get(reverse("redaction:editor", args=[document.pk])).content.decode()
    assert boxed.read is honest
    actions.start(team.redactor, document.exhibit, audience="court")
    run_jobs()
    document.refresh_from_db()
    assert document.state == Document.State.READY
    places = [(p.page, p.start, p.end) for p in document.proposals.all()]
    assert len(places) == len(set(places))


# ---- people meanwhile ------------------------------------------------------------------------------------------------


def test_people_decide_while_the_rest_is_read_and_the_approver_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    team = make_team()
    document = begun(team, monkeypatch)
    release = document.releases.get()
    actions.accept_rest(team.redactor, document)
    assert not document.proposals.undecided().exists()
    with pytest.raises(ValidationError, match="still being read"):
        actions.ask_approval(team.redactor, release)
    run_jobs()
    assert document.proposals.undecided().exists()
    with pytest.raises(ValidationError, match="still undecided"):
        actions.ask_approval(team.redactor, release)


def test_the_editor_shows_what_is_read_and_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    team = make_team()
    document = begun(team, monkeypatch)
    client = browser(team.redactor)
    shown = client.get(reverse("redaction:editor", args=[document.pk])).content.decode()
    assert "The file is still being read" in shown
    assert "2 of 4 pages read" in " ".join(shown.split())
    assert "Send for approval" not in shown
    assert shown.count("app-redaction__page-link") == 2
    count = document.proposals.filter(page=0).count()
    address = reverse("redaction:reading", args=[document.pk])
    part = client.get(address, {"page": "0", "shown": str(count)}, headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 2s"' in part
    assert part.count("app-redaction__page-link") == 2
    run_jobs()
    part = client.get(address, {"page": "0", "shown": str(count - 1)}, headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in part
    assert "All 4 pages are read" in part
    assert "1 of them came to this page meanwhile" in part
    assert part.count("app-redaction__page-link") == 4
    assert 'id="page-link-4"' in part
    assert client.get(reverse("redaction:editor", args=[document.pk]), {"page": "4"}).status_code == 200


def test_the_page_that_waits_opens_with_the_first_page(monkeypatch: pytest.MonkeyPatch) -> None:
    team = make_team()
    document = ask(team, 1)
    client = browser(team.redactor)
    address = reverse("redaction:reading", args=[document.pk])
    assert address in client.get(reverse("redaction:editor", args=[document.pk])).content.decode()
    assert client.get(address).status_code == 204
    run_jobs()
    assert client.get(address)["HX-Refresh"] == "true"


def test_lists_that_speak_of_all_pages_say_that_not_all_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    team = make_team()
    document = begun(team, monkeypatch)
    client = browser(team.redactor)
    for name in ("search", "groups"):
        assert "still being read" in client.get(reverse(f"redaction:{name}", args=[document.pk])).content.decode()
    # What is decided for a whole case leaves it out until all of it is there
    assert deciding.decide_group(team.redactor, team.case, document.proposals.all()[0].said, "accept").decisions == []


def test_no_proposal_holds_words_while_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    team = make_team()
    document = begun(team, monkeypatch)
    for values in Proposal.objects.filter(document=document).values():
        assert "Thistlewood" not in str(values) and "900461" not in str(values)


@pytest.mark.django_db(transaction=True)
def test_the_database_keeps_what_is_not_read_from_the_approver(monkeypatch: pytest.MonkeyPatch, app_connection: Any) -> None:
    team = make_team()
    document = begun(team, monkeypatch)
    actions.accept_rest(team.redactor, document)
    state = "INSERT INTO redaction_releasestate (release_id, state, by_id, reason, at) VALUES (%s, 'for_approval', %s, '', now())"
    with pytest.raises(psycopg2.Error, match="still being read"), app_connection.cursor() as cursor:
        cursor.execute(state, [str(document.releases.get().pk), str(team.redactor.pk)])
    app_connection.rollback()
