"""Proofs to take away, and what the log has signed: checkpoints, their anchors, and the way from one to a later one."""

from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.ui.forms import Form
from accounts.ui.paging import paginate
from accounts.ui.request import signed_in
from audit import conf, notes, proof_files
from audit.models import Checkpoint
from cases import log_actions, log_anchors, log_proofs
from cases.log_policy import Scope
from cases.log_views import case_scope

TYPES = {"json": "application/json", "txt": "text/plain; charset=utf-8"}
SIZE = 50


def _checkpoint(label: str) -> "forms.ModelChoiceField[Checkpoint]":
    # A number is typed: there may be a million to choose from
    return forms.ModelChoiceField(
        Checkpoint.objects.all(),
        to_field_name="size",
        label=label,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-10"}),
        error_messages={"invalid_choice": "Enter the number of events of a checkpoint in the list"},
    )


class ConsistencyForm(Form):
    """Which two checkpoints."""

    mark_optional = False
    first = _checkpoint("Earlier checkpoint (events)")
    second = _checkpoint("Later checkpoint (events)")

    def clean(self) -> dict[str, object]:
        """The earlier one comes first."""
        data: dict[str, object] = super().clean() or {}
        first, second = data.get("first"), data.get("second")
        if isinstance(first, Checkpoint) and isinstance(second, Checkpoint) and first.size > second.size:
            self.add_error("second", "The later checkpoint must have at least as many events as the earlier one")
        return data


@login_required
@never_cache
@require_GET
def case_proof_file(request: HttpRequest, case_id: UUID, event_id: UUID, extension: str) -> HttpResponse:
    """An event's proof to give to somebody."""
    return _proof_file(request, case_scope(signed_in(request), case_id), event_id, extension)


@login_required
@never_cache
@require_GET
def force_proof_file(request: HttpRequest, event_id: UUID, extension: str) -> HttpResponse:
    """The same for any event of the force."""
    return _proof_file(request, Scope(signed_in(request).organisation), event_id, extension)


def _proof_file(request: HttpRequest, scope: Scope, event_id: UUID, extension: str) -> HttpResponse:
    user = signed_in(request)
    scope.require(user, "cases.view_log")
    _check(extension)
    event = get_object_or_404(scope.events(), pk=event_id)
    try:
        proof, said = log_proofs.inclusion(event.pk)
    except log_proofs.NoProof as error:
        return render(request, "cases/log/no_proof.html", {"problem": str(error)}, status=409)
    log_actions.take_proof(user, scope, event)
    return _file(proof, said, f"proof-{proof.leaf_index}", extension)


def _check(extension: str) -> None:
    if extension not in TYPES:
        raise Http404


def _file(proof: proof_files.Inclusion | proof_files.Consistency, said: list[str], name: str, extension: str) -> HttpResponse:
    text = proof.to_json() if extension == "json" else proof_files.in_words(proof, said)
    disposition = {"Content-Disposition": f'attachment; filename="{name}.{extension}"'}
    return HttpResponse(text, content_type=TYPES[extension], headers=disposition)


@login_required
@never_cache
@require_GET
def checkpoints(request: HttpRequest) -> HttpResponse:
    """What has the log signed, is one checkpoint the beginning of a later one, and where else are they kept?"""
    user = signed_in(request)
    scope = Scope(user.organisation)
    form = ConsistencyForm(request.GET if "first" in request.GET or "second" in request.GET else None)
    log_actions.view_log(user, scope, {"checkpoints": "all"})
    asked = log_proofs.between(form.cleaned_data["first"], form.cleaned_data["second"]) if form.is_valid() else None
    signed: QuerySet[Checkpoint] = Checkpoint.objects.all()
    context = {
        "scope": scope,
        "form": form,
        "between": asked,
        "places": log_anchors.state(),
        "page": paginate(signed, request, ("-size",), SIZE),
        "verifier_key": notes.verifier_key(conf.origin(), conf.public_key()),
        "retired": [(notes.verifier_key(conf.origin(), key.value), key.until) for key in conf.public_keyring()[1:]],
    }
    return render(request, "audit/checkpoints.html", context)


@login_required
@never_cache
@require_GET
def consistency_file(request: HttpRequest, first: int, second: int, extension: str) -> HttpResponse:
    """The proof between two checkpoints, to give to somebody."""
    user = signed_in(request)
    scope = Scope(user.organisation)
    scope.require(user, "cases.audit_force")
    _check(extension)
    found = log_proofs.between(*(get_object_or_404(Checkpoint, pk=size) for size in (first, second)))
    if found.proof is None:
        return render(request, "cases/log/no_proof.html", {"problem": found.problem}, status=409)
    log_actions.take_consistency(user, scope, first, second)
    return _file(found.proof, found.said, f"consistency-{first}-{second}", extension)
