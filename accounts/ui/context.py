"""The context that every template gets."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from accounts.ui import nav

SERVICE_NAME = "Digital evidence (RASSO)"
MARKING = "OFFICIAL-SENSITIVE"


def frame(request: HttpRequest) -> dict[str, Any]:
    """Service name, marking, navigation for this user, unread notifications, and the session's length in seconds."""
    # the portal has a name of its own
    name = getattr(settings, "SERVICE_NAME", SERVICE_NAME)
    context: dict[str, Any] = {"service_name": name, "marking": MARKING}
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return context
    context["nav"] = nav.primary(user, request.path)
    context["session_seconds"] = settings.SESSION_COOKIE_AGE
    try:
        context["notifications_url"] = reverse("accounts:notifications")
    except NoReverseMatch:
        # The portal has no such page, and its database role no such table
        return context
    # A name that no view takes for its own: what a view calls the same would stand in the header.
    # A function, so that only a page that shows the frame asks the database
    context["unread_notifications"] = user.notifications.filter(read_at=None).count
    return context
