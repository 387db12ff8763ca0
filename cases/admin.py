"""What an admin configures in this room: offences and rules of retention. Cases, people and teams are not here."""

from django.contrib import admin

from accounts.admin_site import ConfigurationAdmin
from cases.models import OffenceCode, RetentionRule


@admin.register(OffenceCode)
class OffenceCodeAdmin(ConfigurationAdmin):
    """Offences. One that is no longer charged is made inactive: old cases keep it."""

    list_display = ("cjs_code", "title", "statute", "is_active")
    list_filter = ("is_active",)
    search_fields = ("cjs_code", "title", "statute")


@admin.register(RetentionRule)
class RetentionRuleAdmin(ConfigurationAdmin):
    """How long material is kept."""

    list_display = ("name", "applies_to", "trigger", "period", "review_every_years", "is_active")
    list_filter = ("is_active",)
