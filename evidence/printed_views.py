"""Pages and papers: labels to choose and print, the continuity statement, the integrity certificate."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import Truncator
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from accounts.ui.forms import CheckboxSelectMultiple, Form, RadioSelect
from accounts.ui.request import signed_in
from cases.models import Case
from cases.views import refuse_unless, show_errors, visible_case
from evidence import printed
from evidence.hooks import Link
from evidence.models import Blob, Exhibit


class _ExhibitsField(forms.ModelMultipleChoiceField):
    """Exhibits by reference and what they are."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.reference} {Truncator(obj.description).chars(60)}"


class LabelForm(Form):
    """Which labels, on which paper."""

    layout = forms.ChoiceField(
        label="Paper",
        choices=[(printed.A6, "A6, one label a page"), (printed.SHEET, "A4 sheet of 8 labels (99.1 × 67.7 mm)")],
        widget=RadioSelect(hints={printed.A6: "With lines for signatures"}),
        initial=printed.A6,
    )
    skip = forms.IntegerField(
        label="Labels already used on the first sheet",
        min_value=0,
        max_value=printed.ON_A_SHEET - 1,
        initial=0,
        required=False,
        help_text="Counted from the top left, row by row",
    )
    exhibits = _ExhibitsField(
        Exhibit.objects.none(),
        label="Exhibits",
        widget=CheckboxSelectMultiple,
        error_messages={"required": "Select at least one exhibit"},
    )

    def __init__(self, case: Case, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["exhibits"]
        field.queryset = case.exhibits.select_related("case").order_by("created_at")


@login_required
@require_http_methods(["GET", "POST"])
def labels(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Choose exhibits, get their labels."""
    user = signed_in(request)
    case = visible_case(user, case_id)
    if request.method == "GET":
        refuse_unless(user, "evidence.print_label", case)
    form = LabelForm(case, request.POST if request.method == "POST" else None, initial={"exhibits": request.GET.getlist("exhibit")})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data

        def link(exhibit: Exhibit) -> str:
            return request.build_absolute_uri(reverse("evidence:exhibit", args=[exhibit.pk]))

        try:
            made = printed.labels(user, list(chosen["exhibits"]), layout=chosen["layout"], skip=chosen["skip"] or 0, link=link)
        except ValidationError as error:
            show_errors(form, error)
        else:
            return _pdf(made, "labels")
    return render(request, "evidence/labels.html", {"case": case, "form": form, "tab": "Exhibits"})


@login_required
@require_GET
def continuity(request: HttpRequest, exhibit_id: UUID) -> HttpResponse:
    """The continuity statement."""
    return _print(request, exhibit_id, printed.continuity, "continuity statement")


@login_required
@require_GET
def integrity(request: HttpRequest, exhibit_id: UUID) -> HttpResponse:
    """The integrity certificate of the exhibit's file."""

    return _print(request, exhibit_id, _certify, "integrity certificate")


def _certify(user: User, exhibit: Exhibit) -> bytes:
    blob = printed.master_of(exhibit)
    if blob is None:
        raise ValidationError(f"{exhibit} has no file: there is nothing to certify")
    return printed.integrity(user, blob)


def _print(request: HttpRequest, exhibit_id: UUID, make: Callable[[User, Exhibit], bytes], name: str) -> HttpResponse:
    user = signed_in(request)
    found = get_object_or_404(Exhibit.objects.visible_to(user).select_related("case", "parent"), pk=exhibit_id)
    try:
        return _pdf(make(user, found), f"{found.reference} {name}")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("evidence:exhibit", exhibit_id=found.pk)


def _pdf(made: bytes, name: str) -> HttpResponse:
    file_name = f"{name.replace('/', '-').replace(' ', '-')}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"'}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


def papers(user: User, exhibit: Exhibit, master: Blob | None) -> list[Link]:
    """What can be printed of an exhibit and its master's file, for its page."""
    found = []
    if user.has_perm("evidence.print", exhibit):
        found.append(Link("Continuity statement (PDF)", reverse("evidence:continuity", args=[exhibit.pk])))
        if master is not None and master.state in printed.CERTIFIABLE:
            found.append(Link("Integrity certificate (PDF)", reverse("evidence:integrity", args=[exhibit.pk])))
    if user.has_perm("evidence.print_label", exhibit):
        found.append(Link("Label with QR code", f"{reverse('evidence:labels', args=[exhibit.case_id])}?exhibit={exhibit.pk}"))
    return found
