"""The pages of the portal (`config.portal_urls`)."""

from django.urls import path

from portal import schedule_views, views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("cases/<uuid:case_id>/", views.case, name="case"),
    path("cases/<uuid:case_id>/log/", views.case_log, name="log"),
    path("schedules/<uuid:schedule_id>/", schedule_views.schedule, name="schedule"),
    path("schedules/<uuid:schedule_id>/changes/", schedule_views.changes, name="changes"),
    path("schedules/<uuid:schedule_id>/endorse/", schedule_views.endorse, name="endorse"),
    path("schedules/<uuid:schedule_id>/check/", schedule_views.check, name="check"),
    path("schedules/<uuid:schedule_id>/form/<str:kind>/", schedule_views.form, name="form"),
    path("documents/<uuid:document_id>/", views.document, name="document"),
    path("copies/<uuid:copy_id>/", views.copy, name="copy"),
    path("copies/<uuid:copy_id>/open/", views.open_copy, name="open"),
    path("copies/<uuid:copy_id>/view/<str:ticket_id>/", views.view, name="view"),
    path("copies/<uuid:copy_id>/view/<str:ticket_id>/<int:page>.png", views.page, name="page"),
    path("copies/<uuid:copy_id>/content/<str:ticket_id>/", views.content, name="content"),
    path("bundles/<uuid:bundle_id>/", views.bundle, name="bundle"),
    path("bundles/<uuid:bundle_id>/open/", views.open_bundle, name="open_bundle"),
    path("bundles/<uuid:bundle_id>/content/<str:ticket_id>/", views.bundle_content, name="bundle_content"),
]
