"""Pages of this room."""

from django.urls import path

from disclosure import (
    block_views,
    duty_views,
    fence_views,
    list_views,
    managing_views,
    many_views,
    presumption_views,
    prosecutor_views,
    sampling_views,
    schedule_views,
    views,
)

app_name = "disclosure"
_MANAGING = "cases/<uuid:case_id>/disclosure/documents/<str:kind>/"

_VERSION = "schedules/<uuid:schedule_id>/versions/<int:number>/"

urlpatterns = [
    path("cases/<uuid:case_id>/disclosure/", views.overview, name="overview"),
    path("cases/<uuid:case_id>/disclosure/review/", views.review, name="review"),
    path("cases/<uuid:case_id>/disclosure/draft/", views.draft, name="draft"),
    path("schedules/<uuid:schedule_id>/", schedule_views.schedule, name="schedule"),
    path("schedules/<uuid:schedule_id>/new-version/", schedule_views.new_version, name="new_version"),
    path("schedules/<uuid:schedule_id>/rows/<uuid:row_id>/", schedule_views.row, name="row"),
    path("schedules/<uuid:schedule_id>/rows/<uuid:row_id>/writing/", schedule_views.writing, name="writing"),
    path("schedules/<uuid:schedule_id>/rows/<uuid:row_id>/explain/", schedule_views.explain, name="explain"),
    path("disclosure/rules/", schedule_views.rules, name="rules"),
    path(_VERSION, schedule_views.version, name="version"),
    path(f"{_VERSION}send/", schedule_views.send, name="send"),
    path(f"{_VERSION}check/", schedule_views.check, name="check"),
    path(f"{_VERSION}return/", schedule_views.send_back, name="return"),
    path(f"{_VERSION}certify/", schedule_views.certify, name="certify"),
    path(f"{_VERSION}submit/", schedule_views.submit, name="submit"),
    path(f"{_VERSION}receipt/", schedule_views.receipt, name="receipt"),
    path(f"{_VERSION}pdf/", schedule_views.form, {"kind": "pdf"}, name="pdf"),
    path(f"{_VERSION}docx/", schedule_views.form, {"kind": "docx"}, name="docx"),
    path(f"{_VERSION}data/", prosecutor_views.export, name="export"),
    path(f"{_VERSION}diff/", prosecutor_views.diff, name="diff"),
    path(f"{_VERSION}prosecutor/", prosecutor_views.prosecutor, name="prosecutor"),
    path(f"{_VERSION}endorsements/", prosecutor_views.import_file, name="import"),
    path("disclosure/schema/schedule-1.json", prosecutor_views.schema, name="schema"),
    path("cases/<uuid:case_id>/disclosure/duty/", duty_views.continuing, name="duty"),
    path("cases/<uuid:case_id>/disclosure/many/", many_views.many, name="many"),
    path("cases/<uuid:case_id>/disclosure/blocks/", block_views.blocks_of, name="blocks"),
    path("cases/<uuid:case_id>/disclosure/blocks/new/", block_views.new, name="new_block"),
    path("cases/<uuid:case_id>/disclosure/blocks/<uuid:block_id>/", block_views.block, name="block"),
    path("cases/<uuid:case_id>/disclosure/presumption/", presumption_views.material, name="presumption"),
    path("cases/<uuid:case_id>/disclosure/presumption/<uuid:item_id>/", presumption_views.item, name="presumption_item"),
    path("cases/<uuid:case_id>/disclosure/copies/", presumption_views.copies, name="copies"),
    path("cases/<uuid:case_id>/disclosure/searches/", sampling_views.searches, name="searches"),
    path("cases/<uuid:case_id>/disclosure/searches/<uuid:review_id>/", sampling_views.search, name="search"),
    path("cases/<uuid:case_id>/disclosure/later/", views.later, name="later"),
    path(_MANAGING, managing_views.document, name="managing"),
    path(f"{_MANAGING}issue/", managing_views.issue, name="managing_issue"),
    path(f"{_MANAGING}sections/<slug:key>/", managing_views.section, name="managing_section"),
    path(f"{_MANAGING}versions/<int:number>/", managing_views.version, name="managing_version"),
    path(f"{_MANAGING}versions/<int:number>/pdf/", managing_views.form, {"to": "pdf"}, name="managing_pdf"),
    path(f"{_MANAGING}versions/<int:number>/docx/", managing_views.form, {"to": "docx"}, name="managing_docx"),
    path("cases/<uuid:case_id>/disclosure/fenced/", fence_views.fenced, name="fenced"),
    path("exhibits/<uuid:exhibit_id>/fence/", fence_views.raise_fence, name="raise_fence"),
    path("fences/<uuid:fence_id>/", fence_views.fence, name="fence"),
    path("cases/<uuid:case_id>/disclosure/lists/", list_views.lists, name="lists"),
    path("cases/<uuid:case_id>/disclosure/lists/witnesses/", list_views.witnesses, name="witness_list"),
    path("cases/<uuid:case_id>/disclosure/lists/exhibits.pdf", list_views.exhibits, {"kind": "pdf"}, name="exhibit_list"),
    path("cases/<uuid:case_id>/disclosure/lists/exhibits.docx", list_views.exhibits, {"kind": "docx"}, name="exhibit_list_word"),
]
