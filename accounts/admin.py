"""What an admin configures in this room: organisations, people's accounts, and the roles they may hold."""

from typing import Any

from allauth.account.forms import ResetPasswordForm
from allauth.core.context import request_context
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts import actions
from accounts.admin_site import ConfigurationAdmin
from accounts.models import Organisation, Role, User
from accounts.ui.request import signed_in


@admin.register(Organisation)
class OrganisationAdmin(ConfigurationAdmin):
    """Forces, CPS areas and forensic providers. One that is closed is made inactive."""

    list_display = ("name", "kind", "code", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("name", "code")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("kind",) if obj else ("is_active",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Add by the room's action; a change is recorded as any configuration is."""
        if change:
            super().save_model(request, obj, form, change)
            return
        added = actions.add_organisation(signed_in(request), kind=obj.kind, name=obj.name, code=obj.code)
        obj.pk, obj._state.adding = added.pk, False


class UserForm(forms.ModelForm):
    """An account and the roles that its person may hold. No password, no second factor, no session, no team."""

    roles = forms.MultipleChoiceField(
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="What the person may be appointed to. It opens no case: an investigator or supervisor adds them to a team.",
    )

    class Meta:
        model = User
        fields = ("email", "organisation", "name", "title", "collar_number", "initials", "is_staff", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.instance._state.adding:
            self.fields["roles"].initial = list(self.instance.grants.values_list("role", flat=True))

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).strip().lower()
        if User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError("There is an account with this e-mail address already")
        return email


@admin.register(User)
class UserAdmin(ConfigurationAdmin):
    """People's accounts. Each change is an event, told to the person and to the supervisors of their organisation."""

    form = UserForm
    list_display = ("name", "title", "collar_number", "email", "organisation", "is_staff", "is_active")
    list_filter = ("is_active", "is_staff", "organisation", "grants__role")
    list_select_related = ("organisation",)
    search_fields = ("name", "email", "collar_number")
    ordering = ("name",)
    actions = ("start_password_reset",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        # To change the address and then start a reset would be a way into somebody's account
        return ("email", "organisation", "is_staff", "is_active") if obj.pk == request.user.pk else ("email", "organisation")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = [*UserForm.Meta.fields, "roles"]
        return fields if obj else [name for name in fields if name != "is_active"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Make or change the account by the room's actions."""
        admin_user = signed_in(request)
        data = form.cleaned_data
        if change:
            changes = {name: data[name] for name in actions.CHANGEABLE if name in form.changed_data}
            user = actions.change_user(admin_user, obj, **changes) if changes else obj
        else:
            user = actions.create_user(admin_user, **{name: data[name] for name in data if name not in ("roles", "is_active")})
            obj.pk = user.pk
            obj._state.adding = False
        if "roles" in form.changed_data:
            self._set_roles(request, admin_user, user, data["roles"])

    def _set_roles(self, request: HttpRequest, admin_user: User, user: User, roles: list[str]) -> None:
        try:
            actions.set_roles(admin_user, user, roles)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)

    @admin.action(description="Send a link for choosing a new password")
    def start_password_reset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """One link for each person; none for a closed account."""
        admin_user = signed_in(request)
        for user in queryset.select_related("organisation"):
            try:
                actions.start_password_reset(admin_user, user, lambda person: send_reset_mail(request, person))
            except ValidationError as error:
                self.message_user(request, " ".join(error.messages), messages.ERROR)
            else:
                self.message_user(request, f"{user} is sent a link for choosing a password.", messages.SUCCESS)


def send_reset_mail(request: HttpRequest, user: User) -> None:
    """Send the same mail that a person who has forgotten their password asks for."""
    form = ResetPasswordForm({"email": user.email})
    # The link is made from the request, which the package otherwise knows only until it is answered
    with request_context(request):
        if form.is_valid():
            form.save(request)
