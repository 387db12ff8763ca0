"""The whole job on a bundle in the editor, against drawing every box; and how a long document scrolls.

A script does in Chromium what a person does, and every wait for the product is measured. The person's own time is added by the
keystroke-level model (Card, Moran and Newell, 1980: a key 0.28 s, pointing 1.1 s, from keys to mouse or back 0.4 s, making up
one's mind 1.35 s) and 250 words a minute for reading: whoever redacts reads every page whole, whichever way the boxes come.
What is to be redacted is known, since the bundle is made here; whoever draws sees it all, draws it at the first attempt, and has a
screen on which the whole page is seen.

`python -m tests.bench editing`: 40 pages unless BENCH_BUNDLE_PAGES says otherwise. With 40 it takes a quarter of an hour, most
of it for the hundreds of boxes that are drawn; each part says when it is done.
"""

from __future__ import annotations

import io
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reportlab.pdfgen import canvas

from demo.services import die_with_parent
from tests.bench.upload import wait_for

ROOT = Path(__file__).parent.parent.parent
Line = tuple[str, str, str, str, str]
PAGES = int(os.environ.get("BENCH_BUNDLE_PAGES") or 40)
LONG, BOXES = 500, 5000
ADDRESS = "http://localhost:8018"
KEY, POINT, HAND, MIND, WORDS_A_MINUTE = 0.28, 1.1, 0.4, 1.35, 250


@dataclass
class Person:
    """What somebody spends, in seconds: `own` by the model, `waited` for the product as it was measured."""

    own: float = 0.0
    waited: float = 0.0
    reading: float = 0.0
    acts: int = 0

    @property
    def total(self) -> float:
        """All of it."""
        return self.own + self.waited + self.reading

    def keys(self, count: int) -> None:
        """So many keys are pressed."""
        self.own += count * KEY

    def point(self) -> None:
        """The mouse goes to a place and its button is pressed."""
        self.own += POINT

    def hand(self) -> None:
        """From the keys to the mouse, or back."""
        self.own += HAND

    def decide(self) -> None:
        """Something is made up one's mind about."""
        self.own += MIND
        self.acts += 1

    def read(self, words: int) -> None:
        """So many words are read."""
        self.reading += words * 60 / WORDS_A_MINUTE

    @contextmanager
    def wait(self) -> Iterator[None]:
        """The product is waited for."""
        begin = time.perf_counter()
        yield
        self.waited += time.perf_counter() - begin


@dataclass
class Bundle:
    """A bundle with its truth: what is to be redacted (page, words, box), and the words of each page."""

    data: bytes = b""
    truth: list[tuple[int, str, list[float], str]] = field(default_factory=list)
    words: list[int] = field(default_factory=list)


_NAMES = ("Grace O'Dowd", "Declan Firth", "Priya Venkatesan", "Tomasz Zielinski", "Adaeze Okonkwo", "Mr Hollis", "Sian Prosser")
_STREETS = ("14 Larkspur Close, Guildford GU2 7XH", "3 Mill Lane, Woking GU21 4AB", "88 Cedar Road, Farnham GU9 8QQ")
_PLAIN = (
    "I left the building shortly after nine and walked along the river towards the station",
    "It was dark by then and the lamps on the towpath were not lit that evening",
    "I remember the colour of the door and that somebody had left a bicycle against the wall",
    "We spoke for perhaps ten minutes about the work that had to be done on the boat",
    "There was music from the other room and I could not hear all that was said",
    "Later I wrote down what I could remember in the order in which it had happened",
)
_LINES = 36


def make_bundle(pages: int) -> Bundle:
    """Statements and messages as a case has them: names and numbers that come again and again, about nine to a page."""
    chance, bundle, paper_file = random.Random(2041), Bundle(), io.BytesIO()
    paper = canvas.Canvas(paper_file, pagesize=(595, 842), invariant=1)
    for page in range(pages):
        paper.setFont("Helvetica", 10)
        count = 0
        for number in range(_LINES):
            before, secret, after, code = _line(chance)
            y = 800 - 20 * number
            paper.drawString(50, y, before + secret + after)
            count += len((before + secret + after).split())
            if secret:
                left = 50 + paper.stringWidth(before, "Helvetica", 10)
                right = left + paper.stringWidth(secret, "Helvetica", 10)
                bundle.truth.append((page, secret, [left - 1, 842 - y - 9, right + 1, 842 - y + 3], code))
        bundle.words.append(count)
        paper.showPage()
    paper.save()
    bundle.data = paper_file.getvalue()
    return bundle


def _line(chance: random.Random) -> tuple[str, str, str, str]:
    kind = chance.random()
    if kind < 0.14:
        return "I then saw ", chance.choice(_NAMES), " by the gate and we went in together after that", "TPN"
    if kind < 0.20:
        return "The number that I rang was ", f"07700 9004{chance.randrange(60, 72)}", " and nobody picked up", "TEL"
    if kind < 0.25:
        return "They have lived at ", chance.choice(_STREETS), " for some years", "ADDR"
    return chance.choice(_PLAIN), "", "", ""


# ---- the two ways ----------------------------------------------------------------------------------------------------


def by_hand(page: Any, document: Any, bundle: Bundle) -> Person:
    """Every box drawn with the mouse, its category chosen, on every page."""
    person = Person()
    for index, words in enumerate(bundle.words):
        _open(page, document, index, person)
        person.read(words)
        for there, _, box, code in bundle.truth:
            if there == index:
                _draw(page, person, box, code)
    return person


def by_editor(page: Any, document: Any, bundle: Bundle) -> Person:
    """What is proposed is decided by what it says; then every page is read, and what was missed is drawn."""
    person = Person()
    secrets = {_flat(secret) for _, secret, _, _ in bundle.truth}
    done: set[str] = set()
    with person.wait():
        page.goto(f"{ADDRESS}/redactions/{document.pk}/groups/")
    while page.locator("[data-mark]").count():
        page.locator("[data-mark][data-current]").wait_for()
        said = page.locator("[data-mark]").first.locator("mark").inner_text()
        group = page.locator("[data-mark]").first.get_attribute("data-mark")
        if group in done:
            # It would be decided again and again
            why = " ".join(page.locator(".govuk-notification-banner__heading").all_inner_texts())
            raise SystemExit(f"editing: “{said}” is still to be decided: {why}")
        done.add(group)
        person.read(len(said.split()) + 6)  # with a little of what stands about it
        person.decide()
        wanted = any(_flat(said) in secret or secret in _flat(said) for secret in secrets)
        reason = "" if wanted else "Not personal data"
        person.keys(2 + len(reason) if reason else 1)
        with person.wait(), page.expect_navigation():
            if reason:
                page.locator('[data-mark] input[name="reason"]').first.focus()
                page.keyboard.type(reason)
                page.keyboard.press("Enter")
            else:
                page.keyboard.press("a")
    missed = _missed(document, bundle)
    for index, words in enumerate(bundle.words):
        _open(page, document, index, person)
        person.read(words)
        for box, code in missed.get(index, []):
            _draw(page, person, box, code)
    return person


def _flat(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _open(page: Any, document: Any, index: int, person: Person) -> None:
    person.keys(1)
    with person.wait():
        page.goto(f"{ADDRESS}/redactions/{document.pk}/?page={index + 1}")


def _draw(page: Any, person: Person, box: list[float], code: str) -> None:
    person.decide()
    person.hand()
    person.point()
    person.point()
    person.hand()
    person.keys(len(code) + 2)
    corners = _corners(page, box)
    if page.evaluate("([x, y]) => Boolean(document.elementFromPoint(x, y)?.closest('[data-box]'))", corners[0]):
        # On a box that is there a drag moves it, unless drawing is asked for
        person.keys(1)
        page.keyboard.press("d")
        corners = _corners(page, box)
    with person.wait():
        there = page.locator("[data-mark]").count()
        _drag(page, corners)
        page.keyboard.type(code)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.locator("[data-mark]").nth(there).wait_for(state="attached")


def _corners(page: Any, box: list[float]) -> list[list[float]]:
    """Where a place of the page is on the screen."""
    found: list[list[float]] = page.locator("[data-page]").evaluate(
        "(svg, box) => { const m = svg.getScreenCTM(); return [0, 1].map(n => {"
        " const p = new DOMPoint(box[2 * n], box[2 * n + 1]).matrixTransform(m); return [p.x, p.y] }) }",
        box,
    )
    return found


def _drag(page: Any, corners: list[list[float]]) -> None:
    (x0, y0), (x1, y1) = corners
    page.mouse.move(x0, y0)
    page.mouse.down()
    page.mouse.move(x1, y1, steps=3)
    page.mouse.up()


def _missed(document: Any, bundle: Bundle) -> dict[int, list[tuple[list[float], str]]]:
    """What is to be redacted and is not, as things stand, by page."""
    boxes: dict[int, list[list[float]]] = {}
    for proposal in document.proposals.accepted():
        boxes.setdefault(proposal.page, []).extend(proposal.boxes)
    missed: dict[int, list[tuple[list[float], str]]] = {}
    for page, _, box, code in bundle.truth:
        covered = sum(
            max(0.0, min(box[2], right) - max(box[0], left))
            for left, top, right, bottom in boxes.get(page, [])
            if top < (box[1] + box[3]) / 2 < bottom
        )
        if covered < 0.9 * (box[2] - box[0] - 2):
            missed.setdefault(page, []).append((box, code))
    return missed


# ---- the lines -------------------------------------------------------------------------------------------------------


def lines(folder: Path, environment: Mapping[str, str], pages: int = PAGES) -> Iterator[Line]:
    """The table's lines. `environment` is that of a web process on a migrated database."""
    from playwright.sync_api import sync_playwright

    from tests.optional import chromium_path, missing

    why = missing("chromium") or missing("static")
    if why:
        print(f"editing: not measured, {why}")
        return
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    bundle = make_bundle(pages)
    yield _pace_line(bundle)
    with site(folder, environment), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        document = _read(bundle)
        editor = _measured(browser, document, bundle, by_editor)
        hand = _measured(browser, _bare(document, bundle), bundle, by_hand)
        yield from _job_lines(pages, bundle, editor, hand)
        yield from _scroll_lines(browser)
        browser.close()


def _pace_line(bundle: Bundle) -> Line:
    pace = f"a key {KEY} s, pointing {POINT} s, keys to mouse {HAND} s, making up one’s mind {MIND} s"
    count = f"{sum(bundle.words):,} words"
    return "redaction: a person’s pace", count, pace, "the keystroke-level model (1980)", f"{WORDS_A_MINUTE} words a minute"


def _job_lines(pages: int, bundle: Bundle, editor: Person, hand: Person) -> Iterator[Line]:
    count = f"{pages} pages, {len(bundle.truth)} places"

    def said(person: Person, seconds: float) -> str:
        return f"{seconds:.0f} s ({seconds / 60:.1f} min), {person.acts} decisions"

    whole = (editor.total, hand.total)
    acts = (editor.total - editor.reading, hand.total - hand.reading)
    yield (
        "redaction: the whole job in the editor, reading every page",
        count,
        said(editor, whole[0]),
        f"{said(hand, whole[1])} (every box drawn)",
        f"{whole[0] / whole[1]:.2f}×",
    )
    yield (
        "redaction: the same without the reading",
        count,
        f"{acts[0]:.0f} s, {editor.waited:.0f} of them waiting",
        f"{acts[1]:.0f} s, {hand.waited:.0f} of them waiting (every box drawn)",
        f"{acts[0] / acts[1]:.2f}×",
    )


def _scroll_lines(browser: Any) -> Iterator[Line]:
    from tests.redaction.arrange import asked, make_team
    from tests.redaction.scrolling import fill_pages, scrolled

    team = make_team()
    document, _ = asked(team)
    fill_pages(document, pages=LONG, boxes=BOXES)
    page = _signed_in(browser, team.redactor)
    page.goto(f"{ADDRESS}/redactions/{document.pk}/through/")
    page.locator("[data-sheet] svg image").first.wait_for()
    seen = scrolled(page)
    page.context.close()
    yield (
        "redaction: scrolling from first page to last",
        f"{LONG} pages, {BOXES:,} boxes",
        f"{seen.median:.0f} ms a frame, {seen.late_share:.1%} over 50 ms, longest task {seen.longest_task:.0f} ms",
        f"16.7 ms a frame (60 a second); at most {seen.sheets_at_most} pages held",
        f"{seen.median / 16.7:.1f}×",
    )


def _read(bundle: Bundle) -> Any:
    """The bundle as the worker has read it, with what it proposes."""
    from redaction.models import Document
    from tests.factories import make_verified_exhibit
    from tests.redaction.arrange import asked, make_team

    team = make_team()
    begin = time.perf_counter()
    document, _ = asked(team, make_verified_exhibit(team.investigator, team.case, data=bundle.data))
    if document.state != Document.State.READY:
        raise SystemExit(f"editing: the bundle is {document.get_state_display().lower()}: {document.message}")
    _tell(f"{document.proposals.count()} proposals are read", time.perf_counter() - begin)
    return document


def _bare(read: Any, bundle: Bundle) -> Any:
    """The same pages in a document of another case, in which nothing is proposed: for whoever draws everything."""
    from jobs.models import Job
    from redaction import actions
    from redaction.models import Document
    from tests.factories import make_verified_exhibit
    from tests.redaction.arrange import make_team

    team = make_team()
    exhibit = make_verified_exhibit(team.investigator, team.case, data=bundle.data)
    document, _ = actions.start(team.redactor, exhibit, audience="cps")
    Job.objects.filter(object_id=document.pk).update(state=Job.State.CANCELLED)
    for page in read.pages.all():
        page.pk, page.document = None, document
        page.save(force_insert=True)
    document.state = Document.State.READY
    document.save(update_fields=["state"])
    return document


def _measured(browser: Any, document: Any, bundle: Bundle, way: Any) -> Person:
    """The job done one way, by whoever asked for the copy."""
    begin = time.perf_counter()
    page = _signed_in(browser, document.created_by)
    person: Person = way(page, document, bundle)
    if left := _missed(document, bundle):
        raise SystemExit(f"{sum(map(len, left.values()))} places are left uncovered by {way.__name__}")
    page.context.close()
    _tell(f"{way.__name__} is done, {person.total:.0f} s of a person’s time", time.perf_counter() - begin)
    return person


def _tell(what: str, seconds: float) -> None:
    print(f"editing: {what} (the script took {seconds:.0f} s)", flush=True)


@contextmanager
def site(folder: Path, environment: Mapping[str, str]) -> Iterator[None]:
    """The site as it runs in production, with its static files collected."""
    from django.core.management import call_command

    call_command("grant_roles", stdout=io.StringIO())
    web = {**environment, "PUBLIC_URL": ADDRESS, "BIND": ADDRESS.removeprefix("http://")}
    subprocess.run([sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"], cwd=ROOT, env=web, check=True)
    given = [sys.executable, "-m", "gunicorn", "--config=config/gunicorn.py", "config.wsgi"]
    with (folder / "editing.log").open("wb") as log:
        process = subprocess.Popen(
            given,
            cwd=ROOT,
            env=web,
            stdout=log,
            stderr=log,
            # A bench that is killed leaves no site behind it; a preexec_fn is safe here because we start no threads
            preexec_fn=lambda: die_with_parent(signal.SIGTERM),  # noqa: PLW1509
        )
        try:
            wait_for(f"{ADDRESS}/healthz", process)
            yield
        finally:
            process.terminate()
            try:
                process.wait(60)  # twice what it gives its workers to end
            except subprocess.TimeoutExpired:
                process.kill()


def _signed_in(browser: Any, user: Any) -> Any:
    from tests.factories import PASSWORD

    page = browser.new_context(base_url=ADDRESS, viewport={"width": 1280, "height": 1800}).new_page()
    page.goto("/account/login/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("/")
    return page
