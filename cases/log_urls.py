"""Addresses of the log's pages, within those of this room."""

from django.urls import path

from cases import log_export_views, log_proof_views, log_views

urlpatterns = [
    path("cases/<uuid:case_id>/log/", log_views.case_log, name="log"),
    path("cases/<uuid:case_id>/log/verify/", log_views.case_verify, name="log_verify"),
    path("cases/<uuid:case_id>/log/proof/<uuid:event_id>/", log_views.case_proof, name="log_proof"),
    path(
        "cases/<uuid:case_id>/log/proof/<uuid:event_id>/file.<slug:extension>",
        log_proof_views.case_proof_file,
        name="log_proof_file",
    ),
    path("cases/<uuid:case_id>/log/export.<slug:extension>", log_export_views.case_export, name="log_export"),
    path("audit/events/export.<slug:extension>", log_export_views.force_export, name="audit_export"),
    path("audit/people/", log_export_views.people, name="audit_people"),
    path("audit/", log_views.audit_start, name="audit"),
    path("audit/events/", log_views.force_log, name="audit_events"),
    path("audit/verify/", log_views.force_verify, name="audit_verify"),
    path("audit/proof/<uuid:event_id>/", log_views.force_proof, name="audit_proof"),
    path("audit/proof/<uuid:event_id>/file.<slug:extension>", log_proof_views.force_proof_file, name="audit_proof_file"),
    path("audit/checkpoints/", log_proof_views.checkpoints, name="audit_checkpoints"),
    path("audit/checkpoints/<int:first>-<int:second>.<slug:extension>", log_proof_views.consistency_file, name="audit_consistency"),
    path("audit/progress/<uuid:job_id>/", log_views.verification_progress, name="audit_progress"),
]
