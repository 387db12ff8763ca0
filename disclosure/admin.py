"""What an admin configures here: what a prosecutor may say of a row, what is presumed to meet the test. Nothing evidential."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from accounts.admin_site import ConfigurationAdmin
from disclosure.models import EndorsementCode, PresumptionCategory
from evidence.models import Exhibit


@admin.register(EndorsementCode)
class EndorsementCodeAdmin(ConfigurationAdmin):
    """Codes. One that is no longer used is made inactive: endorsements keep it."""

    list_display = ("code", "meaning", "needs_reason", "is_active")
    list_filter = ("is_active",)


class PresumptionCategoryForm(forms.ModelForm):
    """Types are ticked."""

    kinds = forms.MultipleChoiceField(
        label="Types of exhibit", choices=Exhibit.Kind.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = PresumptionCategory
        fields = ("code", "title", "presumed", "kinds", "words", "position", "is_active")


@admin.register(PresumptionCategory)
class PresumptionCategoryAdmin(ConfigurationAdmin):
    """Answers point to a category: it keeps its code and whether it is presumed. New words count for items that come later."""

    form = PresumptionCategoryForm
    list_display = ("code", "title", "presumed", "is_active")
    list_filter = ("presumed", "is_active")
    search_fields = ("code", "title", "words")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What answers rely on doesn't change once it exists."""
        return ("code", "presumed") if obj else ()
