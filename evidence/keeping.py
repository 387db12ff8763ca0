"""How long exhibits are kept: rules of retention, holds, and until when the store is told to lock a file.

The store's lock is renewed at each matching check for `VAULT_RENEWED_DAYS`, never past the day on which the case's
retention ends, and not at all once a disposal is asked for: what a store has locked, nobody here can unlock.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.policy import require
from audit.actions import record, recorded
from cases.models import Case, RetentionRule
from cases.notify import notify_team
from evidence.models import Blob, Disposal, Hold, Retention
from vault.protocol import Protection

LATEST_DAY = dt.date(2200, 1, 1)
# A lock is renewed when a tenth of its time is used up: not at each look
_FRESH = 0.9


def retentions(case: Case) -> list[Retention]:
    """The rules that keep this case's material, the longest first; of each rule what was last said."""
    latest: dict[int, Retention] = {}
    for retention in case.retentions.select_related("rule", "by").order_by("-at"):
        latest.setdefault(retention.rule_id, retention)
    return sorted(latest.values(), key=lambda retention: retention.until, reverse=True)


def longest(case: Case) -> Retention | None:
    """The rule that keeps this case's material longest, or None when none has been set."""
    return next(iter(retentions(case)), None)


def holds(case: Case) -> Iterable[Hold]:
    """The holds that stand on the case."""
    return case.holds.filter(lifted_at=None).select_related("placed_by")


@dataclass(frozen=True)
class Term:
    """What bounds the store's lock of a file: `end` of the case's retention (None: not known), and whether its disposal has
    been asked for, so that nothing is renewed.
    """

    end: dt.datetime | None
    disposal_asked: bool

    def lock_until(self, days: int, now: dt.datetime) -> dt.datetime | None:
        """Until when the store is told to keep it: `days` from `now`, but not past the end; None for no renewal."""
        if self.disposal_asked:
            return None
        until = now + dt.timedelta(days=days)
        return until if self.end is None else min(until, self.end)


def term_of(blob: Blob) -> Term:
    """What bounds the lock of these bytes."""
    return terms_of([blob])[blob.pk]


def terms_of(blobs: Collection[Blob]) -> dict[UUID, Term]:
    """What bounds the lock of each of these, by the blob's id: one question a case, and one for all."""
    cases = {blob.case_id: blob.exhibit.case for blob in blobs}
    ends = {case.pk: _end(longest(case)) for case in cases.values()}
    exhibits = {blob.exhibit.pk for blob in blobs}
    asked = set(Disposal.objects.under_way().filter(exhibit__in=exhibits).values_list("exhibit_id", flat=True))
    return {blob.pk: Term(ends[blob.case_id], blob.exhibit.pk in asked) for blob in blobs}


def _end(kept: Retention | None) -> dt.datetime | None:
    return None if kept is None else dt.datetime.combine(kept.until + dt.timedelta(days=1), dt.time(), dt.UTC)


def is_fresh(protection: Protection, wanted: dt.datetime | None, now: dt.datetime, *, locks: bool) -> bool:
    """Whether the store's lock needs no renewal to reach `wanted`."""
    if not protection.hold:
        return False
    if wanted is None or wanted <= now:
        return True
    if protection.retain_until is None or (locks and not protection.mode):
        return False
    return protection.retain_until - now >= (wanted - now) * _FRESH


def renewed_days() -> int:
    """For how many days a matching check renews the store's lock."""
    return int(str(settings.VAULT.get("RENEWED_DAYS") or 365))


@recorded
def set_retention(user: User, case: Case, *, rule: RetentionRule, until: dt.date, reason: str) -> Retention:
    """Say until when a rule keeps the case's material. An earlier word on the same rule stays in the history."""
    require(user, "evidence.set_retention", case)
    errors: dict[str, str] = {}
    if not rule.is_active:
        errors["rule"] = "Select a rule that is in force"
    if until > LATEST_DAY:
        errors["until"] = "The day must be before 2200"
    if until < case.created_at.date():
        errors["until"] = "The day must not be before the case was opened"
    if len(reason.strip()) < 10:
        errors["reason"] = "Enter from what the day follows, for example the date of conviction"
    if errors:
        raise ValidationError(errors)
    before = next((kept for kept in retentions(case) if kept.rule_id == rule.pk), None)
    retention = Retention.objects.create(case=case, rule=rule, until=until, reason=reason.strip(), by=user)
    _record(
        "retention.set",
        user,
        case,
        before={"until": None if before is None else before.until.isoformat()},
        after={"rule": rule.pk, "until": until.isoformat()},
        detail={"rule": rule.name, "reason": retention.reason},
    )
    return retention


@recorded
def place_hold(user: User, case: Case, reason: str) -> Hold:
    """Nothing of this case is disposed of from now on, until the hold is lifted."""
    require(user, "evidence.place_hold", case)
    if len(reason.strip()) < 10:
        raise ValidationError({"hold_reason": "Enter why nothing may be disposed of, for example the appeal's reference"})
    hold = Hold.objects.create(case=case, reason=reason.strip(), placed_by=user)
    _record("hold.placed", user, case, after={"hold": str(hold.pk)}, detail={"reason": hold.reason})
    notify_team(case, f"{case}: a hold is placed, nothing is disposed of", _url(case), without=user)
    return hold


@recorded
def lift_hold(user: User, hold: Hold, reason: str) -> Hold:
    """A supervisor lifts a hold that stands."""
    require(user, "evidence.lift_hold", hold.case)
    if len(reason.strip()) < 10:
        raise ValidationError({"reason": "Enter why the hold is no longer needed"})
    hold = Hold.objects.select_for_update(of=("self",)).select_related("case").get(pk=hold.pk)
    if hold.lifted_at is not None:
        raise ValidationError("This hold has been lifted already")
    hold.lifted_at, hold.lifted_by, hold.lifted_because = timezone.now(), user, reason.strip()
    hold.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
    _record("hold.lifted", user, hold.case, before={"hold": str(hold.pk)}, detail={"reason": hold.lifted_because})
    notify_team(hold.case, f"{hold.case}: a hold is lifted", _url(hold.case), without=user, important=True)
    return hold


def _url(case: Case) -> str:
    return reverse("evidence:retention", args=[case.pk])


def _record(verb: str, user: User, case: Case, **more: object) -> None:
    record(verb, actor=user.as_actor(), case_id=case.pk, object_type="case", object_id=case.pk, **more)  # type: ignore[arg-type]
