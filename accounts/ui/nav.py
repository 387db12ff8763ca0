"""Navigation. Each room names its own entries in `AppConfig.ready`; the frame shows those that a person may use.

An entry whose URL does not exist in this process (the portal has few of them) is left out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Entry:
    """One link of the primary navigation. `visible` is asked with the signed-in user."""

    order: int
    text: str
    url_name: str
    visible: Callable[[Any], bool]
    also: tuple[str, ...] = ()
    count: Callable[[Any], int] | None = None


@dataclass(frozen=True)
class Tab:
    """One link of a case's navigation. `visible` is asked with the signed-in user and the case."""

    order: int
    text: str
    url_name: str
    visible: Callable[[Any, Any], bool]


@dataclass(frozen=True)
class Link:
    """A link as a template shows it."""

    text: str
    href: str
    active: bool
    count: int | Callable[[], int] = 0


_entries: dict[str, Entry] = {}
_tabs: dict[str, Tab] = {}


def register(
    text: str,
    url_name: str,
    *,
    order: int,
    visible: Callable[[Any], bool] = lambda user: True,
    also: tuple[str, ...] = (),
    count: Callable[[Any], int] | None = None,
) -> None:
    """Add a link to the primary navigation.

    Args:
        text: what the link says; a second registration of the same text replaces the first.
        url_name: name of a URL without arguments.
        order: place from the left; leave gaps (10, 20, …).
        visible: whether a signed-in user sees it.
        also: further path prefixes under which the link counts as the current one.
        count: how many things wait behind it for a signed-in user; asked only when a page shows the link.
    """
    _entries[text] = Entry(order, text, url_name, visible, also, count)


def register_case_tab(
    text: str, url_name: str, *, order: int, visible: Callable[[Any, Any], bool] = lambda user, case: True
) -> None:
    """Add a link to the navigation of a case. The URL takes one argument, `case_id`."""
    _tabs[text] = Tab(order, text, url_name, visible)


def primary(user: Any, path: str) -> list[Link]:
    """Links for this user, in order; `path` is the path of the page being shown. One link at most is the current one."""
    entries = sorted(_entries.values(), key=lambda entry: entry.order)
    shown = [(entry, _href(entry.url_name)) for entry in entries]
    shown = [(entry, href) for entry, href in shown if href and entry.visible(user)]
    fits = {entry.text: _fit(entry, href, path) for entry, href in shown}
    best = max(fits.values(), default=(0, False))
    return [
        Link(entry.text, href, best > (0, False) and fits[entry.text] == best, partial(entry.count, user) if entry.count else 0)
        for entry, href in shown
    ]


def _fit(entry: Entry, href: str, path: str) -> tuple[int, bool]:
    """How much of the path the entry covers, and whether by its own address: that goes before another's `also`."""
    if path == href or (href != "/" and path.startswith(href)):
        return len(href), True
    return max((len(prefix) for prefix in entry.also if path.startswith(prefix)), default=0), False


def case_tabs(user: Any, case: Any, path: str, current: str = "") -> list[Link]:
    """Links of one case for this user. `current` names the tab of a page whose path is not under the tab's own."""
    tabs = sorted(_tabs.values(), key=lambda tab: tab.order)
    shown = [(tab, _href(tab.url_name, case_id=case.pk)) for tab in tabs]
    shown = [(tab, href) for tab, href in shown if href and tab.visible(user, case)]
    # The overview's path begins every other path: the longest one that fits is the current one
    matches = [href for _, href in shown if path.startswith(href)]
    nearest = max(matches, key=len, default="")
    return [Link(tab.text, href, tab.text == current if current else href == nearest) for tab, href in shown]


def _href(url_name: str, **kwargs: Any) -> str:
    try:
        return reverse(url_name, kwargs=kwargs)
    except NoReverseMatch:
        return ""
