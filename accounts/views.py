"""One's own account: who I am here, what I was told, which tokens I gave to other systems."""

from allauth.account.decorators import reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions
from accounts.forms import TokenForm
from accounts.ui.paging import paginate
from accounts.ui.request import signed_in


@login_required
@require_GET
def profile(request: HttpRequest) -> HttpResponse:
    """Who am I here, and what may I be appointed to?"""
    user = signed_in(request)
    roles = ", ".join(grant.get_role_display() for grant in user.grants.order_by("role"))
    security = reverse("mfa_index")
    rows = [
        {"key": "Name", "value": user.name},
        {"key": "Rank or title", "value": user.title},
        {"key": "Collar number", "value": user.collar_number},
        {"key": "Initials", "value": user.initials},
        {"key": "E-mail address", "value": user.email},
        {"key": "Organisation", "value": user.organisation},
        {"key": "Roles", "value": roles or "None"},
        {"key": "Password", "value": "Set", "href": reverse("account_change_password")},
        {"key": "Second factor", "value": "On" if is_mfa_enabled(user) else "Off", "href": security},
    ]
    return render(request, "accounts/profile.html", {"rows": rows})


@login_required
@require_GET
def notifications(request: HttpRequest) -> HttpResponse:
    """What have I been told?"""
    user = signed_in(request)
    page = paginate(user.notifications.all(), request, ("-created_at", "-id"))
    return render(request, "accounts/notifications.html", {"page": page})


@login_required
@require_POST
def read_notifications(request: HttpRequest) -> HttpResponse:
    """Mark everything that I was told as read."""
    user = signed_in(request)
    actions.mark_read(user)
    return redirect("accounts:notifications")


@login_required
@require_GET
def tokens(request: HttpRequest) -> HttpResponse:
    """Which systems act in my name, what may they do, and until when?"""
    user = signed_in(request)
    return render(request, "accounts/tokens.html", {"tokens": user.auth_token_set.all()})


@never_cache
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "POST"])
def new_token(request: HttpRequest) -> HttpResponse:
    """Make a token. Its text is on the page that answers, and nowhere else."""
    user = signed_in(request)
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            token, text = actions.create_api_token(user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return render(request, "accounts/token_made.html", {"token": token, "text": text})
    return render(request, "accounts/new_token.html", {"form": form})


@login_required
@require_POST
def withdraw_token(request: HttpRequest, digest: str) -> HttpResponse:
    """Make a token useless."""
    user = signed_in(request)
    token = get_object_or_404(user.auth_token_set, pk=digest)
    actions.withdraw_api_token(user, token)
    messages.success(request, f"The token of {token.client} no longer works.")
    return redirect("accounts:tokens")
