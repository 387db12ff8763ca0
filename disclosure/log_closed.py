"""What the log keeps back of sensitive material, from all who don't see an MG6D: its words, and the reasons of decisions."""

from collections.abc import Collection, Iterable
from uuid import UUID

from accounts.models import User
from cases import log_closed
from cases.policy import roles_on
from disclosure.models import RESTRICTED, Block, CourtApplication, Decision, Fence, Item, Row, ScheduleVersion, SetReview
from disclosure.policy import SENSITIVE_VIEWERS


def _unseen(user: User, sensitive: Iterable[tuple[UUID, UUID]]) -> set[UUID]:
    """Of pairs of an id and its case, the ids in cases where this person sees nothing sensitive."""
    return {key for key, case_id in sensitive if roles_on(user, case_id).isdisjoint(SENSITIVE_VIEWERS)}


def _items(user: User, ids: Collection[UUID]) -> set[UUID]:
    # Once is enough: the reason for taking it back speaks of the same thing
    decided = Decision.objects.filter(item__in=ids, value__in=[Item.Sensitivity.SENSITIVE, Item.Test.MAY_MEET])
    return _unseen(user, decided.values_list("item_id", "item__case_id"))


def _rows(user: User, ids: Collection[UUID]) -> set[UUID]:
    rows = Row.objects.filter(pk__in=ids, version__schedule__kind__in=RESTRICTED)
    return _unseen(user, rows.values_list("pk", "version__schedule__case_id"))


def _versions(user: User, ids: Collection[UUID]) -> set[UUID]:
    versions = ScheduleVersion.objects.filter(pk__in=ids, schedule__kind__in=RESTRICTED)
    return _unseen(user, versions.values_list("pk", "schedule__case_id"))


log_closed.register("item", _items)
log_closed.register("row", _rows)
log_closed.register("scheduleversion", _versions)


def _applications(user: User, ids: Collection[UUID]) -> set[UUID]:
    applications = CourtApplication.objects.filter(pk__in=ids, kind=CourtApplication.Kind.PII)
    return _unseen(user, applications.values_list("pk", "case_id"))


log_closed.register("courtapplication", _applications)


def _reviews(user: User, ids: Collection[UUID]) -> set[UUID]:
    closed = SetReview.objects.filter(pk__in=ids).exclude(pk__in=SetReview.objects.open_ones().values("pk"))
    return _unseen(user, closed.values_list("pk", "case_id"))


log_closed.register("setreview", _reviews)


def _blocks(user: User, ids: Collection[UUID]) -> set[UUID]:
    sensitive = Block.objects.filter(pk__in=ids, sensitivity=Item.Sensitivity.SENSITIVE)
    return _unseen(user, sensitive.values_list("pk", "case_id"))


log_closed.register("block", _blocks)


def _fences(user: User, ids: Collection[UUID]) -> set[UUID]:
    # Of both kinds: that one is closed and another is not would tell them apart
    return _unseen(user, Fence.objects.filter(pk__in=ids).values_list("pk", "exhibit__case_id"))


log_closed.register("fence", _fences)
