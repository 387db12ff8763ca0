"""Pages of the reviews of large sets. Terms travel in the body of a POST only: an address is kept in logs and histories."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.policy import require
from accounts.ui.paging import paginate
from accounts.ui.request import posted, signed_in
from cases.progress import row_of
from cases.reads import looked
from cases.views import show_errors
from disclosure import sampling, sampling_facts
from disclosure.models import SetReview, SetStatement, TermCount
from disclosure.sampling_forms import BeginForm, DrawForm, HitsForm, StateForm, TermForm, WithdrawForm
from disclosure.views import case_or_404
from jobs.models import Job

PAGE = 50
NAMED = 100
"""How many exhibits are listed on the page of a set."""
DRAWS = 3
"""Of how many samples the numbers are shown, the newest."""


@login_required
@require_http_methods(["GET", "POST"])
def searches(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Which large sets are gone through, how much of each was examined; and begin another."""
    user = signed_in(request)
    case = case_or_404(user, case_id)
    form = BeginForm(request.POST or None)
    if request.method == "POST":
        require(user, "disclosure.decide", case)
        if form.is_valid():
            try:
                chosen = sampling.exhibits_named(case, form.cleaned_data["exhibits"])
                made = sampling.begin(user, case, title=form.cleaned_data["title"], exhibits=chosen)
            except ValidationError as error:
                show_errors(form, error)
            else:
                return redirect("disclosure:search", case_id=case.pk, review_id=made.pk)
    page = paginate(SetReview.objects.seen_by(user).filter(case=case), request, ["at", "id"], PAGE)
    statements, exhibits = sampling_facts.last_statements(page.items), sampling_facts.exhibits_of(page.items)
    context = {
        "case": case,
        "tab": "Disclosure",
        "page": page,
        "reviews": [(one, sampling_facts.named(exhibits[one.pk]), statements.get(one.pk)) for one in page.items],
        "form": form,
        "may_decide": user.has_perm("disclosure.decide", case),
    }
    return render(request, "disclosure/searches.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest, case_id: UUID, review_id: UUID) -> HttpResponse:
    """One set: its terms and hits, its samples, and what is said of it."""
    user = signed_in(request)
    case = case_or_404(user, case_id)
    review = get_object_or_404(SetReview.objects.seen_by(user).filter(case=case).select_related("case", "by"), pk=review_id)
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Refresh": "true"})  # the count has ended
    step = posted(request, "step") if request.method == "POST" else ""
    last = review.statements.select_related("by", "sample").first()
    forms = _forms(request, review, step, last)
    if request.method == "POST":
        require(user, "disclosure.decide", review)
        if step != "count" and step not in forms:
            raise Http404
        if step == "count" or forms[step].is_valid():
            try:
                messages.success(request, _done(user, review, step, forms.get(step)))
                return redirect("disclosure:search", case_id=case.pk, review_id=review.pk)
            except ValidationError as error:
                if step == "count":
                    for message in error.messages:
                        messages.error(request, message)
                    return redirect("disclosure:search", case_id=case.pk, review_id=review.pk)
                show_errors(forms[step], error)
    looked(user, "set.viewed", review, case)
    wrong = bool(step) and bool(forms[step].errors)
    members = review.members.select_related("exhibit")
    not_read = TermCount.objects.newest().filter(term__review=review, term__withdrawal=None, how=TermCount.How.NOT_READ)
    not_read = not_read.order_by("exhibit__created_at", "exhibit_id")
    context: dict[str, Any] = {
        "case": case,
        "tab": "Disclosure",
        "review": review,
        "members": members[:NAMED],
        "members_count": members.count(),
        "terms": sampling_facts.hits_of([review])[review.pk],
        "withdrawn": review.terms.exclude(withdrawal=None).select_related("withdrawal__by"),
        "not_read": not_read.values_list("exhibit__reference", "note").distinct()[:NAMED],
        "job": _job(review),
        "samples": [(sample, sample.numbers()) for sample in review.samples.select_related("by").order_by("-id")[:DRAWS]],
        "last": last,
        "statements": review.statements.select_related("by", "sample"),
        "forms": forms,
        "form": forms.get(step),
        "open": step,
        "may_decide": user.has_perm("disclosure.decide", case),
    }
    return render(request, "disclosure/search.html", context, status=422 if wrong else 200)


def _forms(request: HttpRequest, review: SetReview, step: str, last: SetStatement | None) -> dict[str, Any]:
    """The forms of the page; the one that was sent has its data. A further statement begins with what the last said."""

    def data(name: str) -> Any:
        return request.POST if name == step else None

    names = ("unit", "population", "examined", "method", "sample", "parameters", "found", "rest_why")
    said = {name: getattr(last, name) for name in names} if last else {}
    return {
        "term": TermForm(data("term"), prefix="term"),
        "withdraw": WithdrawForm(review, data("withdraw"), prefix="withdraw"),
        "hits": HitsForm(review, data("hits"), prefix="hits"),
        "draw": DrawForm(data("draw"), prefix="draw"),
        "state": StateForm(review, data("state"), prefix="state", initial=said),
    }


def _done(user: User, review: SetReview, step: str, form: Any) -> str:
    """Do one step; what to say when it is done."""
    if step == "count":
        sampling.ask_count(user, review)
        return "The terms are looked for in the stored files. You may leave this page."
    data = form.cleaned_data
    if step == "term":
        return f"{sampling.add_term(user, review, **data)} is added."
    if step == "withdraw":
        sampling.withdraw_term(user, data["term"], data["reason"])
        return f"{data['term']} is withdrawn."
    if step == "hits":
        sampling.enter_hits(user, **data)
        return "The hits are recorded as entered by hand."
    if step == "draw":
        sample = sampling.draw(user, review, **data)
        return f"{sample.size:,} of {sample.population:,} are drawn."
    return f"{sampling.state(user, review, **data)} is recorded. It stands in the DMD and the IMD."


def _job(review: SetReview) -> dict[str, object] | None:
    """The last count that was asked for, while it runs or if it failed."""
    job = Job.objects.filter(kind=sampling.COUNT, object_id=review.pk).order_by("-created_at").first()
    return row_of(job) if job is not None and job.state != Job.State.DONE else None
