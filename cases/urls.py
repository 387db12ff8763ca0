"""Pages of this room."""

from django.urls import include, path

from cases import people_views, progress, team_views, views

app_name = "cases"

urlpatterns = [
    path("", views.home, name="home"),
    path("cases/", views.case_list, name="list"),
    path("cases/new/", views.new_case, name="new"),
    path("cases/<uuid:case_id>/", views.overview, name="case"),
    path("cases/<uuid:case_id>/change/", views.change, name="change"),
    path("cases/<uuid:case_id>/offences/new/", views.add_offence, name="add_offence"),
    path("cases/<uuid:case_id>/share/", views.share, name="share"),
    path("cases/<uuid:case_id>/people/", people_views.people, name="people"),
    path("cases/<uuid:case_id>/people/new/", people_views.new_person, name="new_person"),
    path("cases/<uuid:case_id>/people/<uuid:person_id>/identity/", people_views.identity, name="identity"),
    path("cases/<uuid:case_id>/people/<uuid:person_id>/identity/record/", people_views.record_identity, name="record_identity"),
    path("cases/<uuid:case_id>/team/", team_views.team, name="team"),
    path("cases/<uuid:case_id>/team/new/", team_views.new_member, name="new_member"),
    path("cases/<uuid:case_id>/team/<uuid:membership_id>/end/", team_views.end_membership, name="end_membership"),
    path("", include("cases.log_urls")),
    path("progress/<uuid:job_id>/", progress.progress, name="progress"),
]
