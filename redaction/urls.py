"""Pages of this room."""

from django.urls import path

from redaction import (
    asking_views,
    box_views,
    group_views,
    held_views,
    log_views,
    queue_views,
    reading_views,
    release_views,
    remark_views,
    sample_views,
    search_views,
    through_views,
    views,
)

app_name = "redaction"

_DOCUMENT = "redactions/<uuid:document_id>/"
_CASE = "cases/<uuid:case_id>/redaction/"
_RELEASE = f"{_DOCUMENT}releases/<uuid:release_id>/"

urlpatterns = [
    path("redactions/", queue_views.mine, name="mine"),
    path("redactions/figures/", views.figures_of_force, name="figures"),
    path(_CASE, views.case_list, name="list"),
    path(f"{_CASE}ask/", asking_views.ask, name="ask_many"),
    path(f"{_CASE}reading/", asking_views.reading, name="case_reading"),
    path(f"{_CASE}reading/stop/", asking_views.stop, name="stop_reading"),
    path(f"{_CASE}groups/", group_views.show, name="case_groups"),
    path(f"{_CASE}groups/decide/", group_views.decide, name="case_decide_group"),
    path(f"{_CASE}turn-back/", group_views.turn_back, name="case_turn_back"),
    path("exhibits/<uuid:exhibit_id>/redaction/", views.ask, name="ask"),
    path(_DOCUMENT, views.editor, name="editor"),
    path(f"{_DOCUMENT}reading/", reading_views.progress, name="reading"),
    path(f"{_DOCUMENT}pages/<int:index>/", views.image, name="image"),
    path(f"{_DOCUMENT}proposals/<uuid:proposal_id>/", views.decide, name="decide"),
    path(f"{_DOCUMENT}proposals/<uuid:proposal_id>/move/", box_views.move, name="move"),
    path(f"{_DOCUMENT}merge/", box_views.merge, name="merge"),
    path(f"{_DOCUMENT}keep-only/", box_views.keep_only, name="keep_only"),
    path(f"{_DOCUMENT}remarks/", remark_views.add, name="remark"),
    path(f"{_DOCUMENT}remarks/<uuid:remark_id>/", remark_views.answer, name="answer_remark"),
    path(f"{_DOCUMENT}through/", through_views.through, name="through"),
    path(f"{_DOCUMENT}sheets/<int:index>/", through_views.sheet, name="sheet"),
    path(f"{_DOCUMENT}news/", remark_views.news, name="news"),
    path(f"{_DOCUMENT}groups/", group_views.show, name="groups"),
    path(f"{_DOCUMENT}groups/decide/", group_views.decide, name="decide_group"),
    path(f"{_DOCUMENT}groups/as-before/", group_views.as_before, name="as_before"),
    path(f"{_DOCUMENT}turn-back/", group_views.turn_back, name="turn_back"),
    path(f"{_DOCUMENT}search/", search_views.search, name="search"),
    path(f"{_DOCUMENT}search/redact/", search_views.redact, name="redact_found"),
    path(f"{_DOCUMENT}disclosure-test/", held_views.show, name="disclosure_test"),
    path(f"{_DOCUMENT}disclosure-test/ask/", held_views.ask, name="ask_test"),
    path(f"{_DOCUMENT}disclosure-test/answer/", held_views.answer, name="answer_test"),
    path(f"{_DOCUMENT}accept/", views.accept_rest, name="accept_rest"),
    path(f"{_DOCUMENT}draw/", views.draw, name="draw"),
    path(_RELEASE, release_views.show, name="release"),
    path(f"{_RELEASE}log/", log_views.show, name="redaction_log"),
    path(f"{_RELEASE}log.pdf", log_views.pdf, name="redaction_log_pdf"),
    path(f"{_RELEASE}take/", queue_views.take, name="take"),
    path(f"{_RELEASE}assign/", queue_views.assign, name="assign"),
    path(f"{_RELEASE}due/", queue_views.due, name="due"),
    path(f"{_RELEASE}ask-approval/", views.ask_approval, name="ask_approval"),
    path(f"{_RELEASE}difference/", sample_views.difference, name="difference"),
    path(f"{_RELEASE}sample/<int:index>/", sample_views.confirm, name="confirm_read"),
    path(f"{_RELEASE}approve/", release_views.approve, name="approve"),
    path(f"{_RELEASE}send-back/", release_views.send_back, name="send_back"),
    path(f"{_RELEASE}release/", release_views.release, name="let_go"),
    path(f"{_RELEASE}receipt/", release_views.receipt, name="receipt"),
    path(f"{_RELEASE}withdraw/", release_views.withdraw, name="withdraw"),
    path(f"{_RELEASE}recall/", release_views.recall, name="recall"),
]
