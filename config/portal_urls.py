"""Every address of the CPS portal."""

from django.urls import include, path

from accounts import views as account_views
from config.api_docs import DocsView, SchemaView
from config.health import healthz

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"

# One's own account, without what the portal's database role has no table for
account = (
    [
        path("", account_views.profile, name="profile"),
        path("tokens/", account_views.tokens, name="tokens"),
        path("tokens/new/", account_views.new_token, name="new_token"),
        path("tokens/<slug:digest>/withdraw/", account_views.withdraw_token, name="withdraw_token"),
    ],
    "accounts",
)

urlpatterns = [
    path("", include("portal.urls")),
    path("api/", include("portal.api")),
    path("account/", include(account)),
    path("account/", include("allauth.urls")),
    path("api/schema/", SchemaView.as_view(), name="schema"),
    path("api/docs/", DocsView.as_view(), name="api-docs"),
    path("healthz", healthz, name="healthz"),
]
