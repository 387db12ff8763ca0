"""What is answered when something is wrong: a page with its marking, or JSON below `/api/`."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults


def _for_program(request: HttpRequest) -> bool:
    return request.path.startswith("/api/") and "text/html" not in request.headers.get("Accept", "")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    if _for_program(request):
        return JsonResponse({"detail": "The request can't be understood."}, status=400)
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    if _for_program(request):
        return JsonResponse({"detail": "You may not do that."}, status=403)
    return defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: also for what exists and isn't this person's to see."""
    if _for_program(request):
        return JsonResponse({"detail": "Not found."}, status=404)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """500. The template needs neither database nor session."""
    if _for_program(request):
        return JsonResponse({"detail": "Something went wrong. Nothing more is known to the outside."}, status=500)
    return defaults.server_error(request)
