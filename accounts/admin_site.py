"""The admin site: configuration only, entered through the ordinary sign-in with a second factor of this session.

It opens no evidence: only what a room registers as a `ConfigurationAdmin` is in it, whatever the packages bring along.
"""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.db.models.base import ModelBase
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User
from accounts.sign_in import has_second_factor
from audit.actions import record

OURS = frozenset({"accounts", "cases", "evidence", "disclosure", "redaction", "portal"})


class AdminSite(admin.AdminSite):
    """For admins who have shown a second factor. Others are sent to set one up or to show it; who is no admin finds nothing."""

    site_title = "Digital evidence (RASSO): configuration"
    site_header = "OFFICIAL-SENSITIVE – Digital evidence (RASSO): configuration"
    index_title = "Configuration"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether this session may configure."""
        user = request.user
        return isinstance(user, User) and user.has_perm("accounts.configure") and has_second_factor(request, user)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The way in is the ordinary sign-in."""
        user = request.user
        wanted = request.GET.get("next") or reverse("admin:index")
        if not user.is_authenticated:
            return redirect_to_login(wanted, reverse("account_login"))
        if not isinstance(user, User) or not user.has_perm("accounts.configure"):
            raise Http404
        if has_second_factor(request, user):
            return redirect("admin:index")
        if not is_mfa_enabled(user):
            messages.warning(request, "Set up a second factor to use the administration.")
            return redirect("mfa_index")
        return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': wanted})}")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The way out is the ordinary one."""
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """As for anybody else."""
        return redirect("account_change_password")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take what our rooms register; leave out the packages' own (sessions, second factors, tokens, groups)."""
        models: Any = [model_or_iterable] if isinstance(model_or_iterable, ModelBase) else model_or_iterable
        for model in models:
            if model._meta.app_label not in OURS:
                continue
            if admin_class is None or not issubclass(admin_class, ConfigurationAdmin):
                raise ImproperlyConfigured(f"Register {model._meta.label} with a ConfigurationAdmin")
            super().register(model, admin_class, **options)


class ConfigurationAdmin(admin.ModelAdmin):
    """What an admin may configure: add and change, each an event; never delete, because old records point here."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.configure")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("accounts.configure")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("accounts.configure")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("accounts.configure")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and record which fields were changed to what. Django holds the transaction around it."""
        super().save_model(request, obj, form, change)
        user = request.user
        if isinstance(user, User) and (form.changed_data or not change):
            record(
                "configuration.changed" if change else "configuration.added",
                actor=user.as_actor(),
                organisation_id=user.organisation_id,
                object_type=obj._meta.model_name,
                object_id=obj.pk,
                after={"fields": sorted(form.changed_data)},
                detail={name: str(form.cleaned_data.get(name, "")) for name in sorted(form.changed_data)},
            )
