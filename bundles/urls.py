"""Pages of this room."""

from django.urls import path

from bundles import views

app_name = "bundles"

urlpatterns = [
    path("cases/<uuid:case_id>/bundles/", views.case_list, name="list"),
    path("cases/<uuid:case_id>/bundles/new/", views.new, name="new"),
    path("bundles/<uuid:bundle_id>/", views.show, name="bundle"),
    path("bundles/<uuid:bundle_id>/open/", views.open_bundle, name="open"),
    path("bundles/<uuid:bundle_id>/check/", views.check, name="check"),
    path("bundles/content/<str:ticket_id>/", views.content, name="content"),
    path("keys/", views.keys, name="keys"),
    path("keys/keys.txt", views.key_file, name="key_file"),
]
