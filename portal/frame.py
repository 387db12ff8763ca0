"""What the frame of every page of the portal shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.models import User
from portal.models import Offence, Person, SharedCase


def police(request: HttpRequest) -> dict[str, str]:
    """Where police officers and staff sign in."""
    return {"police_url": settings.PUBLIC_URL}


def of_case(user: User, shared: SharedCase) -> dict[str, Any]:
    """What the case's bar shows."""
    return {
        "case": shared,
        "offences": list(Offence.objects.visible_to(user).filter(case=shared)),
        "people": list(Person.objects.visible_to(user).filter(case=shared)),
    }
