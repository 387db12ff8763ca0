"""The page on which redactors ask what may be redacted for the defence, and the disclosure officer answers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.ui.request import posted, signed_in
from cases.views import show_errors
from redaction import held
from redaction.forms import TestAnswerForm
from redaction.models import Document
from redaction.views import document_or_404, say


def _page(request: HttpRequest, user: User, document: Document, form: TestAnswerForm) -> HttpResponse:
    decided = [held.decision_of(item) for item in held.items(document)]
    context: dict[str, Any] = {
        "case": document.case,
        "tab": "Redaction",
        "document": document,
        "exhibit": document.exhibit,
        "decisions": decided,
        # Why it may meet the test is the disclosure officers' to read
        "reads_reasons": user.has_perm("disclosure.view", document),
        "lines": held.lines(document),
        "count": len(held.find([document.pk])),
        "question": held.open_question(document),
        "may_ask": bool(decided) and user.has_perm("redaction.decide", document),
        "may_answer": bool(decided) and user.has_perm("redaction.answer", document),
        "form": form,
    }
    return render(request, "redaction/held.html", context, status=422 if form.errors else 200)


def _form(document: Document, data: Any = None) -> TestAnswerForm:
    lines = held.lines(document)
    return TestAnswerForm(data, lines=lines, initial={"may": [line.category.pk for line in lines if line.may]})


@login_required
@require_GET
def show(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """What may be redacted for the defence, by whose word."""
    document = document_or_404(request, document_id)
    return _page(request, signed_in(request), document, _form(document))


@login_required
@require_POST
def ask(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Ask the disclosure officer."""
    document = document_or_404(request, document_id)
    try:
        held.ask(signed_in(request), document, posted(request, "note"))
    except ValidationError as error:
        say(request, error)
    else:
        messages.success(request, "The disclosure officer is asked. You are told when they answer.")
    return redirect("redaction:disclosure_test", document_id=document.pk)


@login_required
@require_POST
def answer(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Say what may be redacted, as the disclosure officer."""
    user = signed_in(request)
    document = document_or_404(request, document_id)
    form = _form(document, request.POST)
    if form.is_valid():
        try:
            held.answer(user, document, form.cleaned_data["may"], form.cleaned_data["reason"])
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, "Your answer is recorded, and the redactors are told.")
            return redirect("redaction:disclosure_test", document_id=document.pk)
    return _page(request, user, document, form)
