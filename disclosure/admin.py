"""What an admin configures here: what a prosecutor may say of a row. Nothing evidential."""

from django.contrib import admin

from accounts.admin_site import ConfigurationAdmin
from disclosure.models import EndorsementCode


@admin.register(EndorsementCode)
class EndorsementCodeAdmin(ConfigurationAdmin):
    """Codes. One that is no longer used is made inactive: endorsements keep it."""

    list_display = ("code", "meaning", "needs_reason", "is_active")
    list_filter = ("is_active",)
