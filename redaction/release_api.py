"""API of the copies: the queue, asking, whose turn it is, each step from approval to recall, the log with its lineage.

No answer holds a word of a document: reasons are given as people wrote them, those of the log as its page shows them.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import NotFound
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import KeysetPagination
from accounts.models import User
from accounts.ui.request import signed_in
from cases.models import Case
from cases.views import refuse_unless
from disclosure.api import bound
from evidence.api import checked
from evidence.fencing import require_unfenced
from evidence.models import Exhibit
from redaction import actions, asking, differences, figures, printed, queue, sampling, summary, turns, withdrawing
from redaction.log_views import as_pdf
from redaction.models import Release
from redaction.release_serializers import (
    AskedSerializer,
    NewReleaseSerializer,
    NewReleasesSerializer,
    QueuedReleaseSerializer,
    RedactionDifferenceSerializer,
    RedactionFiguresSerializer,
    RedactionLogSerializer,
    ReleaseDueSerializer,
    ReleaseReasonSerializer,
    ReleaseSerializer,
    ReleaseTurnSerializer,
    TurnCandidateSerializer,
)


def shown(release: Release) -> dict[str, Any]:
    """A copy as it stands now."""
    chosen = Release.objects.filter(pk=release.pk).with_state().select_related("document__exhibit", "asked_by")
    return dict(ReleaseSerializer(queue.rows([queue.with_turn(chosen).get()])[0]).data)


class _Entries(ListAPIView):
    """Copies, a page at a time, each with what is left of it."""

    scope = "redaction.read"
    serializer_class = QueuedReleaseSerializer

    def paginate_queryset(self, queryset: Any) -> Any:
        """The page's entries, whose counts take two questions however many they are."""
        page = super().paginate_queryset(queryset)
        return None if page is None else queue.rows(page)


class _ByDay(KeysetPagination):
    ordering = ("due", "id")


class _NewestFirst(KeysetPagination):
    ordering = ("-asked_at", "-id")


class Queue(_Entries):
    """The copies under way in your cases: what waits for you, unless you ask for others."""

    pagination_class = _ByDay

    @extend_schema(
        parameters=[OpenApiParameter("show", enum=list(queue.SHOWN), description="mine if left out")],
        operation_id="redaction_queue",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The nearest day first."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        """Those asked for."""
        if getattr(self, "swagger_fake_view", False):
            return Release.objects.none()
        shown = self.request.query_params.get("show", "mine")
        if shown not in queue.SHOWN:
            raise serializers.ValidationError({"show": f"One of {', '.join(queue.SHOWN)}"})
        user = signed_in(self.request)
        found = queue.narrowed(queue.under_way(user), user, shown)
        return found.select_related("document__exhibit", "asked_by")


class CaseReleases(_Entries):
    """The copies of a case, released and recalled ones too."""

    scopes = {"GET": "redaction.read", "POST": "redaction.ask"}
    pagination_class = _NewestFirst

    def get_queryset(self) -> Any:
        """Newest first."""
        if getattr(self, "swagger_fake_view", False):
            return Release.objects.none()
        return queue.with_turn(summary.releases(signed_in(self.request), self.case()))

    def case(self) -> Case:
        """The case, for somebody who sees its redactions."""
        user = signed_in(self.request)
        case = get_object_or_404(Case.objects.visible_to(user), pk=self.kwargs["case_id"])
        if not user.has_perm("redaction.view", case):
            raise NotFound
        return case

    @extend_schema(request=NewReleasesSerializer, responses={201: AskedSerializer}, operation_id="redaction_ask_many")
    def post(self, request: Request, case_id: UUID) -> Response:
        """Ask for a copy of each of these exhibits. One of which none can be asked for is left out, and named."""
        user, case = signed_in(request), self.case()
        refuse_unless(user, "redaction.ask", case)
        wanted = checked(NewReleasesSerializer, request)
        chosen = list(case.exhibits.filter(pk__in=wanted.pop("exhibits")))
        asked = asking.start_many(user, case, chosen, **wanted)
        return Response(AskedSerializer(asked).data, status=status.HTTP_201_CREATED)


class ExhibitReleases(APIView):
    """Asking for a redacted copy."""

    scope = "redaction.ask"

    @extend_schema(request=NewReleaseSerializer, responses={201: ReleaseSerializer}, operation_id="redaction_ask")
    def post(self, request: Request, exhibit_id: UUID) -> Response:
        """The first time a worker reads the file and proposes; look at the document's proposals as it goes on."""
        user = signed_in(request)
        exhibit = get_object_or_404(Exhibit.objects.visible_to(user).select_related("case"), pk=exhibit_id)
        _, made = actions.start(user, exhibit, **checked(NewReleaseSerializer, request))
        return Response(shown(made), status=status.HTTP_201_CREATED)


class _Release(APIView):
    """One copy, of a document that you see."""

    scope = "redaction.read"

    def release(self) -> Release:
        """The copy. 404 for those who don't see its document."""
        found = Release.objects.visible_to(signed_in(self.request)).with_state()
        chosen = found.select_related("document__case", "document__exhibit", "document__source", "asked_by")
        return get_object_or_404(chosen, pk=self.kwargs["release_id"], document=self.kwargs["document_id"])

    def take(self, act: Callable[[User, Release], object]) -> Response:
        """Take a step; the answer is the copy as it stands after it."""
        found = self.release()
        act(signed_in(self.request), found)
        return Response(shown(found))


class ReleaseDetail(_Release):
    """One copy."""

    @extend_schema(responses=ReleaseSerializer, operation_id="redaction_release")
    def get(self, request: Request, document_id: UUID, release_id: UUID) -> Response:
        """Where it stands, and how it came there."""
        return Response(shown(self.release()))


class Assignment(_Release):
    """Whose turn it is."""

    scopes = {"GET": "redaction.read", "POST": "redaction.assign"}

    @extend_schema(responses=TurnCandidateSerializer(many=True), operation_id="redaction_candidates")
    def get(self, request: Request, document_id: UUID, release_id: UUID) -> Response:
        """Who can be given what is to be done now; nobody while there is nothing for a person to do."""
        found = self.release()
        refuse_unless(signed_in(request), "redaction.take", found)
        task = turns.turn_of(found).task
        return Response(TurnCandidateSerializer(queue.candidates(found, task) if task else [], many=True).data)

    @extend_schema(request=ReleaseTurnSerializer, responses=ReleaseSerializer, operation_id="redaction_assign")
    def post(self, request: Request, document_id: UUID, release_id: UUID) -> Response:
        """Take it, give it back, or hand it over with a note."""
        wanted = checked(ReleaseTurnSerializer, request)
        to = User.objects.filter(pk=wanted["to"]).first() if wanted["to"] else None
        if wanted["to"] and to is None:
            raise serializers.ValidationError({"to": "There is no such person"})
        return self.take(lambda user, found: turns.assign(user, found, to, wanted["note"]))


class Due(_Release):
    """By when it is wanted."""

    scope = "redaction.assign"

    @extend_schema(request=ReleaseDueSerializer, responses=ReleaseSerializer, operation_id="redaction_due")
    def post(self, request: Request, document_id: UUID, release_id: UUID) -> Response:
        """Change the day, and say why; whoever has it is told."""
        wanted = checked(ReleaseDueSerializer, request)
        return self.take(lambda user, found: turns.change_due(user, found, wanted["due"], wanted["reason"]))


class AskApproval(_Release):
    """From the redactors to the approvers."""

    scope = "redaction.decide"

    @extend_schema(request=None, responses=ReleaseSerializer, operation_id="redaction_ask_approval")
    def post(self, request: Request, document_id: UUID, release_id: UUID) -> Response:
        """Once all is decided. Pages are drawn that the approver must read whole (`sample`)."""
        return self.take(actions.ask_approval)


class ReadWhole(_Release):
    """A page of the sample."""

    scope = "redaction.approve"

    @extend_schema(request=None, responses=ReleaseSerializer, operation_id="redaction_read_whole")
    def post(self, request: Request, document_id: UUID, release_id: UUID, index: int) -> Response:
        """Say that you have read it whole."""
        return self.take(lambda user, found: sampling.confirm(user, found, index))


class Approve(_Release):
    """The approver's word."""

    scope = "redaction.approve"

    @extend_schema(request=None, responses=ReleaseSerializer, operation_id="redaction_approve")
    def post(self, request: Request, document_id: UUID, release_id: UUID) -> Response:
        """As it stands; nobody who drew or decided may. A session must have been signed in anew."""
        found = self.release()
        refuse_unless(signed_in(request), "redaction.approve", found)
        bound(request)
        return self.take(actions.approve)


class SendBack(_Release):
    """Back to the redactors."""

    scope = "redaction.approve"

    @extend_schema(request=ReleaseReasonSerializer, responses=ReleaseSerializer, operation_id="redaction_send_back")
    def post(self, request: Request, document_id: UUID, release_id: UUID) -> Response:
        """Say what must be changed; remarks at their places come with it."""
        reason = checked(ReleaseReasonSerializer, request)["reason"]
        return self.take(lambda user, found: actions.send_back(user, found, reason))


class LetGo(_Release):
    """To its audience."""

    scope = "redaction.release"

    @extend_schema(request=None, responses=ReleaseSerializer, operation_id="redaction_let_go")
    def post(self, request: Request, document_id: UUID, release_id: UUID) -> Response:
        """Once its leak check has passed; nobody who drew or decided may. A session must have been signed in anew."""
        found = self.release()
        refuse_unless(signed_in(request), "redaction.release", found)
        bound(request)
        return self.take(actions.release)


class Recall(_Release):
    """Back from its audience."""

    scope = "redaction.recall"

    @extend_schema(request=ReleaseReasonSerializer, responses=ReleaseSerializer, operation_id="redaction_recall")
    def post(self, request: Request, document_id: UUID, release_id: UUID) -> Response:
        """Say why; those who opened it are told."""
        reason = checked(ReleaseReasonSerializer, request)["reason"]
        return self.take(lambda user, found: actions.recall(user, found, reason))


class Withdraw(_Release):
    """Given up."""

    scope = "redaction.ask"

    @extend_schema(request=ReleaseReasonSerializer, responses=ReleaseSerializer, operation_id="redaction_withdraw")
    def post(self, request: Request, document_id: UUID, release_id: UUID) -> Response:
        """Say why it is not wanted any more; while redactors have it."""
        reason = checked(ReleaseReasonSerializer, request)["reason"]
        return self.take(lambda user, found: withdrawing.withdraw(user, found, reason))


class Log(_Release):
    """The redaction log."""

    @extend_schema(responses=RedactionLogSerializer, operation_id="redaction_log")
    def get(self, request: Request, document_id: UUID, release_id: UUID) -> Response:
        """What the copy leaves out, item by item, and its lineage; once it is approved, what was approved."""
        found = self.release()
        require_unfenced(signed_in(request), "redaction.view", found)
        log = {"rows": printed.rows(found), "lineage": printed.lineage(found, actions.output_of(found))}
        return Response(RedactionLogSerializer(log).data)


class LogPdf(_Release):
    """The redaction log to print."""

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY}, operation_id="redaction_log_pdf")
    def get(self, request: Request, document_id: UUID, release_id: UUID) -> HttpResponse:
        """As it goes with the copy; the print is an event."""
        found = self.release()
        return as_pdf(found, printed.print_log(signed_in(request), found, actions.output_of(found)))


class Difference(_Release):
    """What changes with the audience."""

    @extend_schema(responses=RedactionDifferenceSerializer, operation_id="redaction_difference")
    def get(self, request: Request, document_id: UUID, release_id: UUID) -> Response:
        """Against the copy that was approved first, and against the policy of this one's audience."""
        found = self.release()
        compared, against = differences.between(found), differences.against_policy(found)
        none: list[differences.Line] = []
        told = {name: getattr(compared, name) if compared else none for name in ("more", "less", "recoded")}
        return Response(RedactionDifferenceSerializer({"first": compared.first.pk if compared else None, **told, **against}).data)


class ForceFigures(APIView):
    """Your force's figures."""

    scope = "redaction.figures"

    @extend_schema(responses=RedactionFiguresSerializer, operation_id="redaction_figures")
    def get(self, request: Request) -> Response:
        """Counts and times, no documents and no names."""
        user = signed_in(request)
        refuse_unless(user, "redaction.figures")
        return Response(RedactionFiguresSerializer(figures.of(user.organisation)).data)


_RELEASE = "redactions/<uuid:document_id>/releases/<uuid:release_id>/"

urlpatterns: list[Any] = [
    path("redactions/", Queue.as_view(), name="api-redaction-queue"),
    path("redactions/figures/", ForceFigures.as_view(), name="api-redaction-figures"),
    path("cases/<uuid:case_id>/redactions/", CaseReleases.as_view(), name="api-case-redactions"),
    path("exhibits/<uuid:exhibit_id>/redactions/", ExhibitReleases.as_view(), name="api-exhibit-redactions"),
    path(_RELEASE, ReleaseDetail.as_view(), name="api-redaction-release"),
    path(f"{_RELEASE}assignment/", Assignment.as_view(), name="api-redaction-assignment"),
    path(f"{_RELEASE}due/", Due.as_view(), name="api-redaction-due"),
    path(f"{_RELEASE}ask-approval/", AskApproval.as_view(), name="api-redaction-ask-approval"),
    path(f"{_RELEASE}sample/<int:index>/", ReadWhole.as_view(), name="api-redaction-sample"),
    path(f"{_RELEASE}approve/", Approve.as_view(), name="api-redaction-approve"),
    path(f"{_RELEASE}send-back/", SendBack.as_view(), name="api-redaction-send-back"),
    path(f"{_RELEASE}release/", LetGo.as_view(), name="api-redaction-let-go"),
    path(f"{_RELEASE}recall/", Recall.as_view(), name="api-redaction-recall"),
    path(f"{_RELEASE}withdraw/", Withdraw.as_view(), name="api-redaction-withdraw"),
    path(f"{_RELEASE}log/", Log.as_view(), name="api-redaction-log"),
    path(f"{_RELEASE}log.pdf", LogPdf.as_view(), name="api-redaction-log-pdf"),
    path(f"{_RELEASE}difference/", Difference.as_view(), name="api-redaction-difference"),
]
