"""The page of the continuing duty."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.policy import require
from accounts.ui.request import posted, signed_in
from cases.models import Case
from disclosure import completeness, duty, forms
from disclosure.models import CourtApplication
from disclosure.views import PAGE, case_or_404, picked

_FORMS: dict[str, Any] = {
    "expect": forms.ExpectForm,
    "extend": forms.ExtendForm,
    "receive": forms.ReceiveForm,
    "again": forms.ReadAgainForm,
    "application": forms.ApplicationForm,
}


@login_required
@require_http_methods(["GET", "POST"])
def continuing(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """When is the defence statement due, what must be read again because of it, and what has the court been asked?"""
    user = signed_in(request)
    case = case_or_404(user, case_id)
    step = posted(request, "step") if request.method == "POST" else ""
    asked = {name: form(request.POST if name == step else None, prefix=name) for name, form in _FORMS.items()}
    if request.method == "POST":
        require(user, "disclosure.transcribe", case)
        if step not in asked:
            raise Http404
        form = asked[step]
        if form.is_valid():
            try:
                done = _take(user, case, step, form, picked(request))
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                messages.success(request, done)
                return redirect("disclosure:duty", case_id=case.pk)
    waiting = completeness.to_read_again(case)
    statement = completeness.statement_of(case)
    wanted = ("expect",) if statement is None else ("receive", "extend")
    context = {
        "case": case,
        "tab": "Disclosure",
        "statement": statement,
        "history": case.defence_statements.select_related("by").order_by("-at"),
        "waiting": waiting.select_related("exhibit").order_by("created_at", "id")[:PAGE],
        "waiting_count": waiting.count(),
        "owed": completeness.report_owed(case) if user.has_perm("disclosure.view_sensitive", case) else "",
        "applications": CourtApplication.objects.visible_to(user).filter(case=case).select_related("by"),
        "forms": asked,
        # Its errors are told on top of the page
        "form": asked.get(step),
        "statement_forms": [(name, *_TITLES[name], asked[name]) for name in wanted],
        "may_write": user.has_perm("disclosure.transcribe", case),
    }
    wrong = any(form.errors for form in asked.values())
    return render(request, "disclosure/duty.html", context, status=422 if wrong else 200)


_TITLES = {
    "expect": ("The prosecutor has complied with section 3", "Work out when it is due"),
    "receive": ("The defence statement is here", "Record it and re-open the items"),
    "extend": ("The court has given more time", "Record the new day"),
}


def _take(user: User, case: Case, step: str, form: Any, items: list[UUID]) -> str:
    """Do one step; what to say when it is done."""
    data = form.cleaned_data
    if step == "expect":
        made = duty.expect_statement(user, case, data["court"], data["complied_on"])
        return f"The defence statement is due on {made.due_on:%d/%m/%Y}."
    if step == "extend":
        duty.extend(user, case, data["due_on"])
        return f"The defence statement is due on {data['due_on']:%d/%m/%Y}."
    if step == "receive":
        duty.receive(user, case, data["received_on"], data["issues"])
        return "The defence statement is recorded. Every scheduled and clearly not relevant item is to be read again."
    if step == "again":
        count = duty.read_again(user, case, items, data["outcome"], data["reason"])
        return f"{count} item{'' if count == 1 else 's'} read again."
    duty.record_application(user, case, **data)
    return "The application is recorded."
