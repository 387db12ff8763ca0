"""What this room adds to the pages around it: the case's tab, a figure on its overview, and work to do."""

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Count, Q
from django.urls import reverse

from accounts.models import Role, User
from accounts.ui import nav
from cases import work
from cases.models import Case
from evidence.models import Blob, Copy, Disposal, Exhibit, Upload
from evidence.policy import KEEPERS

_MINE = (*KEEPERS, Role.SUPERVISOR)


def _tab_visible(user: User, case: Case) -> bool:
    return user.has_perm("evidence.view_exhibit", case)


def card(user: User, case: Case) -> work.Card | None:
    """How many exhibits the case has, and whether one is quarantined."""
    if not user.has_perm("evidence.view_exhibit", case):
        return None
    counts = case.exhibits.aggregate(all=Count("pk"), quarantined=Count("pk", filter=Q(state=Exhibit.State.QUARANTINED)))
    text = "exhibits" + (f", {counts['quarantined']} quarantined" if counts["quarantined"] else "")
    return work.Card(20, counts["all"], text, reverse("evidence:exhibits", args=[case.pk]), bool(counts["quarantined"]))


def to_do(user: User) -> Iterable[work.WorkItem]:
    """Uploads of this person that wait to be finished, and quarantined files in their cases."""
    uploads = Upload.objects.visible_to(user).filter(state=Upload.State.OPEN, started_by=user)
    for upload in uploads.select_related("blob__copy__exhibit__case")[:20]:
        yield _item(upload.exhibit, f"Finish the upload of {upload.exhibit}", "Upload unfinished", "blue")
    quarantined = Blob.objects.visible_to(user).filter(
        state=Blob.State.QUARANTINED,
        copy__kind=Copy.Kind.MASTER,
        copy__exhibit__case__team__user=user,
        copy__exhibit__case__team__role__in=_MINE,
        copy__exhibit__case__team__left_at=None,
    )
    for blob in quarantined.select_related("copy__exhibit__case").distinct()[:20]:
        yield _item(blob.exhibit, f"Find out why {blob.exhibit} is quarantined", "Quarantined", "red", urgency=0)


def to_approve(user: User) -> Iterable[work.WorkItem]:
    """Disposals that wait for a supervisor who did not ask for them."""
    waiting = Disposal.objects.visible_to(user).filter(
        state=Disposal.State.ASKED,
        exhibit__case__team__user=user,
        exhibit__case__team__role=Role.SUPERVISOR,
        exhibit__case__team__left_at=None,
    )
    for disposal in waiting.exclude(asked_by=user).select_related("exhibit__case").distinct()[:20]:
        item = _item(disposal.exhibit, f"Decide on the disposal of {disposal.exhibit}", "Disposal", "yellow")
        yield replace(item, href=reverse("evidence:disposal", args=[disposal.pk]))


def _item(exhibit: Exhibit, title: str, tag: str, colour: str, urgency: int = 1) -> work.WorkItem:
    return work.WorkItem(
        case_id=exhibit.case_id,
        case=str(exhibit.case),
        title=title,
        href=reverse("evidence:exhibit", args=[exhibit.pk]),
        urgency=urgency,
        tag=tag,
        colour=colour,
    )


nav.register("Stores", "evidence:locations", order=30, visible=lambda user: bool(user.holds(Role.EXHIBITS)), also=("/stocktakes/",))
nav.register_case_tab("Exhibits", "evidence:exhibits", order=20, visible=_tab_visible)
work.register(to_do)
work.register(to_approve)
work.register_card(card)
