"""The OpenAPI description and the page that shows it, without a line of inline script or style.

Both are for anybody who has signed in, or holds a token of whatever scope (`SERVE_PERMISSIONS`).
"""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView


@extend_schema(exclude=True)
class SchemaView(SpectacularAPIView):
    """The description itself, in YAML or JSON."""


@extend_schema(exclude=True)
class DocsView(LoginRequiredMixin, SpectacularSwaggerSplitView):
    """The page. Whoever hasn't signed in is sent to do so."""

    template_name = "api_docs.html"
    url_name = "schema"


class ScopedTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the description tells of tokens; defining it registers it."""

    target_class = "accounts.api.ScopedTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """The `Authorization` header, since "Token" is no scheme of OpenAPI's own."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token ` and a token made under “Your account”: for some verbs only, and for 90 days at most.",
        }
