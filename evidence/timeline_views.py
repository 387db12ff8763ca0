"""The page of an exhibit's whole timeline."""

import datetime as dt
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.views.decorators.http import require_GET

from accounts.ui.forms import Form
from accounts.ui.request import signed_in
from cases.reads import looked
from evidence import timeline
from evidence.models import Exhibit

SIZE = 50


class KindForm(Form):
    """Which of it is shown."""

    mark_optional = False
    kind = forms.ChoiceField(choices=[("", "Everything"), *timeline.KINDS], required=False, label="Show")


@login_required
@require_GET
def all_of_it(request: HttpRequest, exhibit_id: UUID) -> HttpResponse:
    """What happened to an exhibit, newest first, in parts."""
    user = signed_in(request)
    exhibit = get_object_or_404(Exhibit.objects.visible_to(user).select_related("case"), pk=exhibit_id)
    looked(user, "exhibit.viewed", exhibit, exhibit.case)
    form = KindForm(request.GET)
    kind = form.cleaned_data["kind"] if form.is_valid() else ""
    part = timeline.read(user, exhibit, kind=kind, before=_moment(request.GET.get("before", "")), size=SIZE)
    query = request.GET.copy()
    if part.before:
        query["before"] = part.before.isoformat()
    context = {
        "case": exhibit.case,
        "tab": "Exhibits",
        "exhibit": exhibit,
        "entries": part.entries,
        "filter_form": form,
        "next_url": f"?{query.urlencode()}" if part.before else "",
        "later": "before" in request.GET,
    }
    return render(request, "evidence/timeline.html", context)


def _moment(text: str) -> dt.datetime | None:
    """The moment of an address; None for a text that is none (the timeline then begins at its newest)."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and is_aware(moment) else None
