"""Pages of exhibits: the list, a new one, one exhibit with its file's state."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.ui.paging import paginate
from accounts.ui.request import signed_in
from cases.models import Case
from cases.reads import looked
from cases.views import refuse_unless, show_errors, visible_case
from evidence import actions, door, fencing, hooks, scanning, timeline, viewing
from evidence.custody_views import continuity
from evidence.forms import ABOVE, ExhibitForm, FilterForm, PurposeForm
from evidence.marks import marks_of
from evidence.models import Blob, Copy, Disposal, Exhibit, Upload
from evidence.printed_views import papers
from jobs.models import Job

PAGE = 50
NEWEST = 12


def _exhibit(request: HttpRequest, exhibit_id: UUID) -> Exhibit:
    exhibits = Exhibit.objects.visible_to(signed_in(request)).select_related("case", "parent", "subject", "created_by")
    return get_object_or_404(exhibits, pk=exhibit_id)


@login_required
@require_GET
def exhibits(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What a case holds, and whether it is verified."""
    case = visible_case(signed_in(request), case_id)
    looked(signed_in(request), "exhibits.listed", case, case)
    filter_form = FilterForm(request.GET)
    asked = filter_form.cleaned_data if filter_form.is_valid() else {}
    wanted = {name: value for name, value in asked.items() if value}
    found = case.exhibits.filter(**wanted)
    masters = Copy.objects.filter(kind=Copy.Kind.MASTER).prefetch_related("blobs")
    page = paginate(found.prefetch_related(Prefetch("copies", masters, "masters")), request, ("created_at", "id"), PAGE)
    context = {
        "case": case,
        "exhibits": [(row, _shown_blob(row)) for row in page.items],
        "count": found.count() if page.next_url or page.previous_url else len(page.items),
        "filter_form": filter_form,
        "filtered": bool(wanted),
        "page": page,
        "may_add": signed_in(request).has_perm("evidence.add_exhibit", case),
        "may_label": signed_in(request).has_perm("evidence.print_label", case),
    }
    return render(request, "evidence/exhibits.html", context)


def _shown_blob(exhibit: Any) -> Blob | None:
    blobs = [blob for master in exhibit.masters for blob in master.blobs.all() if blob.state not in Blob.ASIDE]
    return blobs[-1] if blobs else None


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Book an exhibit in; its file comes next, on its own page."""
    user = signed_in(request)
    case = visible_case(user, case_id)
    if request.method == "GET":
        refuse_unless(user, "evidence.add_exhibit", case)
    form = ExhibitForm(user, case, _parent(request, case), request.POST or None)
    if above_the_marking(request, form):
        return not_here(request, case)
    if request.method == "POST" and form.is_valid():
        form.cleaned_data.pop("marking")
        try:
            added = actions.add_exhibit(user, case, within_marking=True, **form.cleaned_data)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, f"{added} is booked in. Now send its file, if it has one.")
            return redirect("evidence:exhibit", exhibit_id=added.pk)
    return render(request, "evidence/new.html", {"case": case, "form": form, "tab": "Exhibits"})


def above_the_marking(request: HttpRequest, form: Any) -> bool:
    """Whether the person says that it may be above the marking: then nothing else that they entered is looked at."""
    return request.method == "POST" and form.data.get("marking") == ABOVE


def not_here(request: HttpRequest, case: Case) -> HttpResponse:
    """Not booked in: where it goes instead."""
    door.refuse(signed_in(request), case)
    return render(request, "evidence/not_here.html", {"case": case, "route": door.route(), "tab": "Exhibits"})


def _parent(request: HttpRequest, case: Case) -> Exhibit | None:
    """The exhibit whose page the person came from to add what was made from it."""
    try:
        return case.exhibits.filter(pk=UUID(request.GET.get("parent", ""))).first()
    except ValueError:
        return None


@login_required
@require_GET
def exhibit(request: HttpRequest, exhibit_id: UUID) -> HttpResponse:
    """One exhibit: facts, file, copies, and everything that happened to it."""
    user, found = signed_in(request), _exhibit(request, exhibit_id)
    # Read once, and used by all that the page is made of
    copies = Copy.objects.select_related("made_by", "parent")
    prefetch_related_objects([found], Prefetch("copies", copies), "copies__blobs", "disposals")
    looked(user, "exhibit.viewed", found, found.case)
    file = _state(user, found, _master(found))
    context = {
        **file,
        **continuity(user, found),
        "case": found.case,
        "tab": "Exhibits",
        "facts": _facts(found),
        "children": list(found.children.order_by("created_at")),
        "may_add": user.has_perm("evidence.add_exhibit", found.case),
        "copies": [(copy, blob) for copy in found.copies.all() for blob in _blobs(copy)],
        "timeline": timeline.read(user, found, size=NEWEST),
        "purpose_form": PurposeForm(),
        "may_open": user.has_perm("evidence.open", found),
        "may_check": user.has_perm("evidence.verify", found),
        "may_end_quarantine": user.has_perm("evidence.end_quarantine", found),
        "papers": papers(user, found, file["blob"]),
        "disposal": next((one for one in found.disposals.all() if one.state != Disposal.State.REFUSED), None),
        "may_dispose": user.has_perm("evidence.ask_disposal", found),
        "links": [link for provider in hooks.exhibit_links for link in provider(user, found)],
    }
    return render(request, "evidence/exhibit.html", context)


@login_required
@require_GET
def state(request: HttpRequest, exhibit_id: UUID) -> HttpResponse:
    """Where its file stands now: what the exhibit's page asks for while a worker checks it."""
    found = _exhibit(request, exhibit_id)
    context = _state(signed_in(request), found, Blob.objects.master_of(found))
    response = render(request, "evidence/file_state.html", context)
    if not context["busy"]:
        # The rest of the page (hash, timeline, what can be opened) has changed with it
        response.headers["HX-Refresh"] = "true"
    return response


def _master(exhibit: Exhibit) -> Blob | None:
    """As `Blob.objects.master_of`, from what has been read."""
    masters = [copy for copy in exhibit.copies.all() if copy.kind == Copy.Kind.MASTER]
    blobs = [blob for copy in masters for blob in copy.blobs.all() if blob.state not in Blob.ASIDE]
    return max(blobs, key=lambda blob: blob.created_at, default=None)


def _state(user: User, exhibit: Exhibit, blob: Blob | None) -> dict[str, Any]:
    job = Job.objects.filter(object_id=blob.pk, kind=actions.VERIFY).order_by("-created_at").first() if blob else None
    busy = job is not None and job.is_active
    return {
        "exhibit": exhibit,
        "blob": blob,
        "marks": marks_of(blob) if blob and not exhibit.fence else [],
        "fence": fencing.words(exhibit.fence),
        "viewing": viewing.standing(blob) if blob and blob.state == Blob.State.VERIFIED else "",
        "malware": scanning.standing(blob) if blob and blob.state == Blob.State.VERIFIED else "",
        "job": job,
        "busy": busy,
        "upload": actions.open_upload_of(exhibit) if blob and blob.state == Blob.State.RECEIVING else None,
        "may_upload": user.has_perm("evidence.upload", exhibit),
        "last_check": blob.verifications.first() if blob else None,
    }


def _blobs(copy: Copy) -> list[Blob | None]:
    """What a copy consists or consisted of; a working copy whose file is yet to be sent stands by itself."""
    kept: list[Blob | None] = [blob for blob in copy.blobs.all() if blob.state != Blob.State.ABANDONED]
    return kept or ([None] if copy.kind == Copy.Kind.WORKING else [])


def _facts(exhibit: Exhibit) -> list[dict[str, Any]]:
    return [
        {"key": "Type", "value": exhibit.get_kind_display()},
        {"key": "Description", "value": exhibit.description},
        {"key": "Concerns", "value": exhibit.subject and exhibit.subject.label},
        {"key": "Seized or received", "value": exhibit.seized_at, "moment": True},
        {"key": "Where", "value": exhibit.seized_where},
        {"key": "By", "value": exhibit.seized_by},
        {"key": "Marking", "value": "Not above OFFICIAL-SENSITIVE, says who booked it in" if exhibit.within_marking else ""},
        {"key": "Booked in by", "value": str(exhibit.created_by)},
    ]


@login_required
@require_POST
def stop_upload(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Give an unfinished upload up, so that another file can be sent."""
    user = signed_in(request)
    upload = get_object_or_404(Upload.objects.visible_to(user).select_related("blob__copy__exhibit__case"), pk=upload_id)
    try:
        actions.abort_upload(user, upload)
        messages.success(request, "The upload was stopped. Nothing of that file is kept.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("evidence:exhibit", exhibit_id=upload.exhibit.pk)


@login_required
@require_POST
def check(request: HttpRequest, blob_id: UUID) -> HttpResponse:
    """Have stored bytes checked again, now."""
    user = signed_in(request)
    blob = get_object_or_404(Blob.objects.visible_to(user).select_related("copy__exhibit__case"), pk=blob_id)
    try:
        actions.verify_now(user, blob)
        messages.success(request, "The check was asked for.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(reverse("evidence:exhibit", args=[blob.exhibit.pk]))
