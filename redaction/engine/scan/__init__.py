"""Words read from pixels: scanned pages, pictures within pages, photographs. Runs in the sandbox, with the file it reads."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from redaction.engine.shapes import Page

if TYPE_CHECKING:
    from redaction.engine.scan.lines import Pixels

_AT_ONCE = 2
Job = tuple[Page, "Pixels | None", float]


def available() -> bool:
    """Whether the models are installed."""
    from redaction.engine.detect import models  # with all of detection, which most files don't need here

    return models.located("lines") is not None


def pages(jobs: Iterable[Job], then: Callable[[Page, Page], Page] = lambda before, after: after) -> Iterator[Page]:
    """Each page with the words of its pixels (None: as it is; pixels a point), in order, two at a time.

    `then` has the last word, given the page before and after. The jobs are asked for in this thread.
    """
    waiting: list[Future[Page]] = []
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for job in jobs:
            waiting.append(pool.submit(_read, job, then))
            if len(waiting) > 2 * _AT_ONCE:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()


def _read(job: Job, then: Callable[[Page, Page], Page]) -> Page:
    page, pixels, scale = job
    if pixels is None:
        return page
    from redaction.engine.scan.words import with_words  # OpenCV and the models, which most files don't need

    return then(page, with_words(page, pixels, scale))
