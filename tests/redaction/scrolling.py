"""How smoothly a long document scrolls: the times between frames while a person's wheel turns, as Chromium has them."""

from dataclasses import dataclass
from typing import Any

from redaction.models import Document, Page, Proposal

_WATCH = """() => {
  const seen = { frames: [], tasks: [], sheets: 0, on: true }
  window.seen = seen
  let last = performance.now()
  const frame = now => {
    seen.frames.push(now - last)
    last = now
    seen.sheets = Math.max(seen.sheets, document.querySelectorAll('[data-sheet] svg image').length)
    if (seen.on) requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
  new PerformanceObserver(list => seen.tasks.push(...list.getEntries().map(e => e.duration))).observe({ entryTypes: ['longtask'] })
}"""


@dataclass(frozen=True)
class Scrolled:
    """What was measured; times in milliseconds."""

    frames: int
    median: float
    worst: float
    late_share: float
    """Of the frames, those that took more than 50 ms."""
    long_tasks: int
    longest_task: float
    sheets_at_most: int


def fill_pages(document: Document, *, pages: int, boxes: int) -> None:
    """A document of so many pages like its first, with so many boxes."""
    there = document.pages.get()
    Page.objects.bulk_create(
        Page(
            document=document,
            index=n,
            width=there.width,
            height=there.height,
            image_key=there.image_key,
            image_version=there.image_version,
        )
        for n in range(1, pages)
    )
    category = document.proposals.all()[0].category
    Proposal.objects.bulk_create(
        Proposal(
            document=document,
            page=n % pages,
            boxes=[[60 + 40 * (n // pages % 8), 90 + 60 * (n // pages), 140 + 40 * (n // pages % 8), 104 + 60 * (n // pages)]],
            category=category,
            source="pattern",
        )
        for n in range(boxes)
    )


def scrolled(page: Any, step: int = 1500, pause: int = 16) -> Scrolled:
    """Turn the wheel from the first page to the last, a few pages a second, and say what came of it."""
    page.mouse.move(600, 500)
    page.evaluate(_WATCH)
    while page.evaluate("scrollY + innerHeight < document.documentElement.scrollHeight - 2"):
        page.mouse.wheel(0, step)
        page.wait_for_timeout(pause)
    page.locator("[data-sheet]").last.locator("svg image").wait_for()
    seen = page.evaluate("() => { window.seen.on = false; return window.seen }")
    frames = sorted(seen["frames"])
    return Scrolled(
        frames=len(frames),
        median=frames[len(frames) // 2],
        worst=frames[-1],
        late_share=sum(frame > 50 for frame in frames) / len(frames),
        long_tasks=len(seen["tasks"]),
        longest_task=max(seen["tasks"], default=0.0),
        sheets_at_most=seen["sheets"],
    )
