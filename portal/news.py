"""What a prosecutor hasn't seen yet: whatever was shared, submitted or released since they last opened the case."""

import datetime as dt
from typing import Any

from django.db.models import Case, Count, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.http import HttpRequest

from accounts.models import User
from portal.models import Document, Look, ReleasedCopy, Schedule, SharedCase

_KEPT = "looked"
_LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def shared_with(user: User) -> QuerySet[Any]:
    """The cases shared with a person's area, each with `schedules`, `copies` (counts), `changed_at`, `looked_at` (None if never)
    and `new` (how many schedules, copies, DMDs and IMDs came since). `has_news` is 1 where there is any, or the case
    was never opened.
    """
    schedules = Schedule.objects.visible_to(user).filter(case=OuterRef("pk"))
    copies = ReleasedCopy.objects.visible_to(user).filter(case=OuterRef("pk"))
    documents = Document.objects.visible_to(user).filter(case=OuterRef("pk"))
    looks = Look.objects.visible_to(user).filter(case=OuterRef("pk"), user_id=user.pk)
    since = Coalesce(OuterRef("looked_at"), Value(_LONG_AGO))
    shared = SharedCase.objects.visible_to(user).annotate(
        looked_at=Subquery(looks.order_by("-at").values("at")[:1]),
        changed_at=Greatest(
            Coalesce("shared_at", Value(_LONG_AGO)),
            Coalesce(Subquery(schedules.order_by("-submitted_at").values("submitted_at")[:1]), Value(_LONG_AGO)),
            Coalesce(Subquery(copies.order_by("-released_at").values("released_at")[:1]), Value(_LONG_AGO)),
            Coalesce(Subquery(documents.order_by("-issued_at").values("issued_at")[:1]), Value(_LONG_AGO)),
        ),
        schedules_count=_count(schedules),
        copies_count=_count(copies),
        new=_count(schedules.filter(submitted_at__gt=since))
        + _count(copies.filter(released_at__gt=since))
        + _count(documents.filter(issued_at__gt=since)),
    )
    return shared.annotate(has_news=Case(When(Q(looked_at=None) | Q(new__gt=0), then=1), default=0))


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("case").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def last_look(request: HttpRequest, user: User, case: SharedCase) -> dt.datetime:
    """When this person had opened the case before this session; kept in it, so that what is new stays so while they read."""
    kept = request.session.setdefault(_KEPT, {})
    if str(case.pk) not in kept:
        found = Look.objects.visible_to(user).filter(user_id=user.pk, case=case).aggregate(at=Max("at"))["at"]
        kept[str(case.pk)] = (found or _LONG_AGO).isoformat()
        request.session.modified = True
    return dt.datetime.fromisoformat(kept[str(case.pk)])


def seen_before(since: dt.datetime) -> bool:
    """Whether the person had opened the case before this session."""
    return since > _LONG_AGO
