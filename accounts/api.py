"""What every API view shares: tokens with scopes, paging, errors in one shape. The REST framework's settings name
this module, so it can't import `rest_framework.views` when it is loaded.

A view names the verb it needs in `scope` (or `scopes` by method), e.g. "uploads.write". A session needs none: its user's roles
decide.
"""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from knox.auth import TokenAuthentication
from rest_framework import exceptions, status
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import JSONParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import ApiToken, User
from audit.actions import Refused, record_refusal

if TYPE_CHECKING:
    from rest_framework.views import APIView


class ScopedTokenAuthentication(TokenAuthentication):
    """`Authorization: Token ...`: hashed in the database, expiring, revocable."""

    model = ApiToken

    def _cleanup_token(self, auth_token: ApiToken) -> bool:
        """Whether it has expired. The package would delete it; here it stays as a record, and no role could."""
        return not auth_token.expiry or auth_token.expiry <= timezone.now()

    def validate_user(self, auth_token: ApiToken) -> tuple[User, ApiToken]:
        if auth_token.revoked_at is not None:
            raise exceptions.AuthenticationFailed("This token has been withdrawn.")
        user, token = super().validate_user(auth_token)
        return user, token


class ScopedPermission(BasePermission):
    """Signed in, and a token only for the verbs it was given."""

    message = "This token may not be used for that."

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not (request.user and request.user.is_authenticated and request.user.is_active):
            return False
        if not isinstance(request.auth, ApiToken):
            return True
        scopes: dict[str, str] = getattr(view, "scopes", {})
        needed = scopes.get(request.method or "", getattr(view, "scope", ""))
        return needed in request.auth.scopes


class BoundedJSONParser(JSONParser):
    """JSON, but nested so deeply that Python can't read it is the sender's mistake and not ours."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except (RecursionError, LookupError) as error:
            # LookupError: a charset that nobody knows
            raise exceptions.ParseError("The JSON can't be read.") from error


class KeysetPagination(CursorPagination):
    """Newest first, by keyset: the hundredth page costs what the first does."""

    ordering = ("-created_at", "-id")
    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Rules broken in an action come back as 400 with the field's message; refusals as 403."""
    from rest_framework.views import exception_handler as drf_handler  # it reads the settings that name this module

    if isinstance(error, ValidationError):
        body = error.message_dict if hasattr(error, "error_dict") else {"detail": error.messages}
        return Response(body, status=status.HTTP_400_BAD_REQUEST)
    if isinstance(error, Refused) and not error.recorded:
        record_refusal(error)
    if isinstance(error, PermissionDenied):
        return Response({"detail": "You may not do that in this case."}, status=status.HTTP_403_FORBIDDEN)
    return drf_handler(error, context)
