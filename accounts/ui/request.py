"""Who asks, and what they sent."""

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest

from accounts.models import User


def signed_in(request: HttpRequest) -> User:
    """The person behind a request that `login_required` has let through."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


LONGEST_TEXT = 8000


def posted(request: HttpRequest, name: str) -> str:
    """A text that no form class reads; empty if it isn't there. BadRequest for what no page of ours lets a person send.

    Neither the database nor the log can hold NUL.
    """
    text = request.POST.get(name, "")
    if "\0" in text or len(text) > LONGEST_TEXT:
        raise BadRequest
    return text
