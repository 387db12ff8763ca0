"""What an admin configures in this room: the locations of each organisation."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin_site import ConfigurationAdmin
from accounts.ui.request import signed_in
from evidence.place_models import Location
from evidence.places import add_location


@admin.register(Location)
class LocationAdmin(ConfigurationAdmin):
    """Where exhibits are kept. A location that is given up is made inactive: what was there keeps its name as it was."""

    list_display = ("__str__", "organisation", "is_active")
    list_filter = ("organisation", "is_active")
    list_select_related = ("parent__parent__parent", "organisation")
    search_fields = ("name",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("organisation",) if obj else ("is_active",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Add by the room's action; a change is recorded as any configuration is."""
        if change:
            super().save_model(request, obj, form, change)
            return
        added = add_location(signed_in(request), organisation=obj.organisation, name=obj.name, parent=obj.parent)
        obj.pk, obj._state.adding = added.pk, False
