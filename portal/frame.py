"""What every page of the portal gets beside the frame."""

from django.conf import settings
from django.http import HttpRequest


def police(request: HttpRequest) -> dict[str, str]:
    """Where police officers and staff sign in."""
    return {"police_url": settings.PUBLIC_URL}
