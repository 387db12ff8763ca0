"""Pages of what is done with an exhibit as a thing: one form for each act, and the answers to a hand-over."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.ui.request import signed_in
from cases.views import refuse_unless, show_errors
from evidence import custody, custody_forms, standing
from evidence.models import CustodyEvent, Exhibit
from evidence.place_models import Location
from evidence.standing import Standing


@dataclass(frozen=True)
class Act:
    """One thing that can be done: its form, the action that it calls, and when it is offered."""

    title: str
    button: str
    form: type[custody_forms.CustodyForm]
    call: Callable[..., CustodyEvent]
    offered: Callable[[Standing], bool] = lambda now: True
    text: str = ""
    permission: str = "evidence.keep"


TAKE_OVER = "take-over"
ACTS: dict[str, Act] = {
    "seal": Act("Seal", "Record the seal", custody_forms.SealForm, custody.seal),
    "open-seal": Act(
        "Open the seal", "Record the opening", custody_forms.OpenSealForm, custody.open_seal, lambda now: bool(now.seal)
    ),
    "hand-over": Act(
        "Hand over",
        "Hand over",
        custody_forms.HandOverForm,
        custody.hand_over,
        text="It stays where it is until the other person accepts it.",
    ),
    "move": Act("Put in a place", "Record the place", custody_forms.MoveForm, custody.move),
    "take-out": Act("Take out", "Take out", custody_forms.TakeOutForm, custody.take_out, lambda now: now.holder is None),
    "send-out": Act(
        "Send out",
        "Send out",
        custody_forms.SendOutForm,
        custody.send_out,
        text="To somebody who has no account here, for example a laboratory or a court. To a colleague, hand it over.",
    ),
    "return": Act(
        "Return to the owner",
        "Return",
        custody_forms.GiveBackForm,
        custody.give_back,
        text="This releases the thing from custody for good. Its records and files stay.",
    ),
    TAKE_OVER: Act(
        "Take over",
        "Take over",
        custody_forms.TakeOverForm,
        custody.take_over,
        lambda now: now.holder is not None or now.offer is not None,
        text=(
            "For an exhibit whose holder has left, or can’t hand it over. You have it from now on: put it in a place, or hand it"
            " over to somebody who keeps exhibits on the case. Whoever had it is told."
        ),
        permission="evidence.take_over",
    ),
}


@dataclass(frozen=True)
class Offered:
    """An act as the exhibit's page offers it."""

    text: str
    href: str


def continuity(user: User, exhibit: Exhibit) -> dict[str, Any]:
    """What the exhibit's page shows of it: how it stands, what waits, and what this person can do now."""
    now = standing.of(exhibit)
    keeps = user.has_perm("evidence.keep", exhibit)
    in_hand = keeps and not now.is_returned and now.offer is None and now.holder in (None, user)
    oversees = (
        not now.is_returned and (now.holder != user or now.offer is not None) and user.has_perm("evidence.take_over", exhibit)
    )
    return {
        "standing": now,
        "acts": [
            Offered(
                "Re-seal" if name == "seal" and now.last_seal else act.title, reverse("evidence:custody", args=[exhibit.pk, name])
            )
            for name, act in ACTS.items()
            if (oversees if name == TAKE_OVER else in_hand) and act.offered(now)
        ],
        "may_answer": now.offer is not None and user.has_perm("evidence.answer_offer", now.offer),
        "may_withdraw": now.offer is not None and user.has_perm("evidence.withdraw_offer", now.offer),
    }


@login_required
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, exhibit_id: UUID, act: str) -> HttpResponse:
    """Do one thing with an exhibit."""
    user = signed_in(request)
    exhibit = get_object_or_404(Exhibit.objects.visible_to(user).select_related("case"), pk=exhibit_id)
    chosen = ACTS.get(act)
    if chosen is None:
        raise Http404
    if request.method == "GET":
        refuse_unless(user, chosen.permission, exhibit)
    form = chosen.form(user, exhibit, standing.of(exhibit), _sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            event = chosen.call(user, exhibit, **form.cleaned_data)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, _done(exhibit, event))
            return redirect("evidence:exhibit", exhibit_id=exhibit.pk)
    no_places = (
        act == "move"
        and not Location.objects.filter(organisation__in=(exhibit.case.organisation_id, user.organisation_id)).exists()
    )
    text = "No location has been set up yet: ask an administrator to add the force’s locations." if no_places else chosen.text
    if act == TAKE_OVER:
        text = f"Its record says: {standing.of(exhibit).where or 'not recorded'}. {text}"
    return _page(request, exhibit, form, heading=f"{chosen.title}: {exhibit}", button=chosen.button, text=text)


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _done(exhibit: Exhibit, event: CustodyEvent) -> str:
    if event.kind == CustodyEvent.Kind.OFFERED:
        return f"{event.to} was asked to accept {exhibit}. Until then it stays where it is."
    seal = f" under seal {event.seal_after}" if event.seal_after else ""
    return f"{exhibit}: {event.get_kind_display().lower()}{seal}. It is recorded."


def _page(request: HttpRequest, exhibit: Exhibit, form: Any, **words: str) -> HttpResponse:
    context = {"case": exhibit.case, "tab": "Exhibits", "exhibit": exhibit, "form": form, **words}
    return render(request, "evidence/custody_form.html", context)


# ---- answers to a hand-over ------------------------------------------------------------------------------------------


def _offer(user: User, offer_id: UUID) -> CustodyEvent:
    offers = CustodyEvent.objects.visible_to(user).filter(kind=CustodyEvent.Kind.OFFERED)
    return get_object_or_404(offers.select_related("exhibit__case", "user", "to_user"), pk=offer_id)


@login_required
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Take over an exhibit that was handed over to me."""
    return _answered(request, offer_id, ANSWERS["accept"])


@login_required
@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Don't take it, and say why."""
    return _answered(request, offer_id, ANSWERS["decline"])


ANSWERS = {
    "accept": Act(
        "Accept",
        "Accept",
        custody_forms.AcceptForm,
        custody.accept,
        text="You have it from now on. Look at the seal before you accept.",
    ),
    "decline": Act("Decline", "Decline", custody_forms.DeclineForm, custody.decline, text="It stays where it was."),
}


def _answered(request: HttpRequest, offer_id: UUID, answer: Act) -> HttpResponse:
    user = signed_in(request)
    offer = _offer(user, offer_id)
    exhibit = offer.exhibit
    if request.method == "GET":
        refuse_unless(user, "evidence.answer_offer", offer)
    form = answer.form(user, exhibit, standing.of(exhibit), _sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            event = answer.call(user, offer, **form.cleaned_data)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, _done(exhibit, event))
            return redirect("evidence:exhibit", exhibit_id=exhibit.pk)
    text = f"{offer.by} hands it over to you. What for: {offer.purpose}. {answer.text}"
    return _page(request, exhibit, form, heading=f"{answer.title} {exhibit}", button=answer.button, text=text)


@login_required
@require_POST
def withdraw(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Take one's own offer back."""
    user = signed_in(request)
    offer = _offer(user, offer_id)
    try:
        custody.withdraw(user, offer)
        messages.success(request, f"The hand-over is withdrawn. {offer.exhibit} stays where it is.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("evidence:exhibit", exhibit_id=offer.exhibit_id)
