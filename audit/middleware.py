"""Gives every request an id, which its events carry, and records the refusals that no action recorded."""

import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)

_FROM_PROXY = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestIdMiddleware:
    """Takes the id that a proxy gave in `X-Request-ID`, or makes one; sends it back, and keeps it for `audit.actions.record`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        value = given if _FROM_PROXY.fullmatch(given) else str(uuid.uuid4())
        token = request_id.set(value)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-ID"] = value
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Record a refusal that a page met before any action began; the response stays Django's own."""
        # Not at the top: Django loads middleware classes before the models are ready
        from audit.actions import Refused, record_refusal

        if isinstance(exception, Refused) and not exception.recorded:
            record_refusal(exception)
