"""Every address of the web application. Each room brings its pages (`urls.py`) and its API (`api.py`)."""

from django.contrib import admin
from django.urls import include, path

from config.api_docs import DocsView, SchemaView
from config.health import healthz

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"

urlpatterns = [
    path("", include("cases.urls")),
    path("", include("evidence.urls")),
    path("", include("disclosure.urls")),
    path("", include("redaction.urls")),
    path("", include("bundles.urls")),
    path("account/", include("accounts.urls")),
    path("account/", include("allauth.urls")),
    path("vault/", include("vault.urls")),
    path("admin/", admin.site.urls),
    path("api/", include("cases.api")),
    path("api/", include("cases.log_api")),
    path("api/", include("evidence.api")),
    path("api/", include("evidence.batch_api")),
    path("api/", include("evidence.custody_api")),
    path("api/", include("evidence.working_api")),
    path("api/", include("disclosure.api")),
    path("api/", include("disclosure.presumption_api")),
    path("api/", include("disclosure.sampling_api")),
    path("api/", include("disclosure.fence_api")),
    path("api/", include("disclosure.block_api")),
    path("api/", include("redaction.api")),
    path("api/", include("redaction.box_api")),
    path("api/", include("redaction.remark_api")),
    path("api/", include("redaction.release_api")),
    path("api/", include("bundles.api")),
    path("api/schema/", SchemaView.as_view(), name="schema"),
    path("api/docs/", DocsView.as_view(), name="api-docs"),
    path("healthz", healthz, name="healthz"),
]
