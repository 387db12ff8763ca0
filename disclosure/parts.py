"""Parts of an exhibit that are items of their own: pages, messages or a clip, named by a locator.

What holds a part (the whole, or a wider part) and the part itself are decided each for itself, and must agree: what is given out as
the one may not contain what is withheld as the other.
"""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.policy import require
from audit.actions import recorded
from disclosure import steps
from disclosure.locators import CLIP, MESSAGES, PAGES, Span, clock, span_of
from disclosure.models import Item
from evidence.models import Blob, Exhibit

RECORDINGS = (Exhibit.Kind.VIDEO, Exhibit.Kind.ABE, Exhibit.Kind.AUDIO)


@recorded
def make_part(user: User, exhibit: Exhibit, span: Span) -> Item:
    """Make a part of an exhibit an item of its own, to be decided and scheduled like any other."""
    require(user, "disclosure.decide", exhibit)
    # Two people who make the same part at once: the second is told
    exhibit = Exhibit.objects.select_for_update(of=("self",)).select_related("case").get(pk=exhibit.pk)
    if exhibit.fence:
        raise ValidationError(f"{exhibit} is fenced: nothing is made of it until that is lifted")
    _fits(exhibit, span)
    for other in exhibit.items.filter(locator__isnull=False):
        known = span_of(other.locator or {})
        if known == span:
            raise ValidationError({"start": f"{other.label} is an item already"})
        if known.crosses(span):
            raise ValidationError({"start": f"It crosses {other.part}, which is an item: choose all of it, a part of it, or none"})
    item = Item.objects.create(case_id=exhibit.case_id, exhibit=exhibit, locator=span.locator)
    after = {"exhibit": exhibit.pk, "part": item.part}
    steps.record_on("item.part_made", user, exhibit.case, item, after=after)
    return item


def _fits(exhibit: Exhibit, span: Span) -> None:
    """Refuse a place that the exhibit can't have, as far as its file is known."""
    blob = Blob.objects.master_of(exhibit)
    facts = blob.facts if blob is not None else {}
    heard = blob is not None and blob.media_type.startswith(("audio/", "video/"))
    recording = heard or exhibit.kind in RECORDINGS
    if recording != (span.unit == CLIP):
        words = "a recording: give a clip by its times" if recording else "no recording: give pages or messages"
        raise ValidationError({"unit": f"{exhibit} is {words}"})
    pages, seconds = facts.get("pages"), facts.get("seconds")
    if span.unit == PAGES and pages and span.end > pages:
        raise ValidationError({"end": f"{exhibit} has {pages} page{'' if pages == 1 else 's'}: page {span.end} is beyond its end"})
    if span.unit == CLIP and seconds and span.start >= seconds * 1000:
        raise ValidationError({"start": f"{exhibit} is {clock(int(seconds * 1000))} long: the clip begins beyond its end"})
    # A player rounds up: a second more is still its end
    if span.unit == CLIP and seconds and span.end > seconds * 1000 + 1000:
        raise ValidationError({"end": f"{exhibit} is {clock(int(seconds * 1000))} long: the clip ends beyond its end"})


def units_of(exhibit: Exhibit) -> list[str]:
    """What a part of it can be, the likeliest first."""
    if exhibit.kind in RECORDINGS:
        return [CLIP]
    return [MESSAGES, PAGES] if exhibit.kind in (Exhibit.Kind.MESSAGES, Exhibit.Kind.PHONE) else [PAGES, MESSAGES]


# ---- what holds a part, and the part ---------------------------------------------------------------------------------


def require_consistent(exhibits: Collection[UUID]) -> None:
    """Refuse what was just decided in these exhibits where a part and what holds it contradict each other. One question."""
    divided = Item.objects.filter(exhibit__in=exhibits, locator__isnull=False).values("exhibit_id")
    by_exhibit: dict[UUID, list[Item]] = {}
    for item in Item.objects.filter(exhibit__in=divided).select_related("exhibit"):
        by_exhibit.setdefault(item.exhibit_id, []).append(item)
    found = [problem for items in by_exhibit.values() for problem in _contradictions(items)]
    if found:
        raise ValidationError(found)


def _contradictions(items: list[Item]) -> Iterable[str]:
    for whole in items:
        for part in items:
            if part.locator and part.pk != whole.pk and _holds(whole, part) and (problem := contradiction(whole, part)):
                yield problem


def _holds(whole: Item, part: Item) -> bool:
    return whole.locator is None or span_of(whole.locator).holds(span_of(part.locator or {}))


def contradiction(whole: Item, part: Item) -> str:
    """Why these decisions about a part and what holds it can't both stand; empty where they can.

    The same rules stand in the database (`part_triggers`).
    """
    if whole.use == Item.Use.USED and part.use == Item.Use.UNUSED:
        return f"{whole.label} is used as evidence: {part.part}, a part of it, can't be unused. Use its other parts instead of it"
    if whole.schedule_kind == "MG6C" and part.schedule_kind == "MG6D":
        return (
            f"{part.label} is sensitive: what holds it, {whole.label}, can't be listed as not sensitive. Decide that {whole.label} "
            "is sensitive too, and list what may be seen as parts of it"
        )
    cnr = whole.use == Item.Use.UNUSED and whole.relevance == Item.Relevance.NOT_RELEVANT
    if cnr and (part.use == Item.Use.USED or (part.use == Item.Use.UNUSED and part.relevance == Item.Relevance.RELEVANT)):
        return f"{part.label} is relevant: what holds it, {whole.label}, can't be clearly not relevant"
    if whole.test == Item.Test.DOES_NOT and part.test == Item.Test.MAY_MEET:
        return f"{part.label} may undermine or assist: what holds it, {whole.label}, does so too"
    return ""
