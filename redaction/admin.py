"""What an admin configures here: categories and what is done with them by default."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from accounts.admin_site import ConfigurationAdmin
from redaction.models import Category, Policy


@admin.register(Category)
class CategoryAdmin(ConfigurationAdmin):
    """Codes are printed in boxes: one in use is switched off, never deleted or renamed."""

    list_display = ("code", "name", "log_type", "is_active")
    list_filter = ("is_active",)
    search_fields = ("code", "name")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A code doesn't change once it exists."""
        return ("code",) if obj else ()


class PolicyForm(forms.ModelForm):
    """A default, and why it is what it is: the reason is kept in the log."""

    reason = forms.CharField(
        label="Reason",
        max_length=300,
        help_text="Who decided it and why; kept in the log",
    )

    class Meta:
        model = Policy
        fields = ("category", "audience", "rule", "note")


@admin.register(Policy)
class PolicyAdmin(ConfigurationAdmin):
    """The default for a category and an audience; who changes it says why."""

    form = PolicyForm

    list_display = ("category", "audience", "rule", "note")
    list_filter = ("audience", "rule")
