"""An approver's pages: those read whole, and what a copy leaves out more or less than the first audience's."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.ui.request import signed_in
from redaction import differences, sampling
from redaction.release_views import frame, release_or_404
from redaction.views import say, to_editor


@login_required
@require_POST
def confirm(request: HttpRequest, document_id: UUID, release_id: UUID, index: int) -> HttpResponse:
    """Confirm that a page was read whole; then the next one, or the approval."""
    found = release_or_404(request, document_id, release_id)
    try:
        sampling.confirm(signed_in(request), found, index)
    except ValidationError as error:
        say(request, error)
        return redirect("redaction:release", document_id=document_id, release_id=release_id)
    left = [entry.index for entry in sampling.entries(found) if entry.read is None]
    if left:
        count = f"{len(left)} page{'' if len(left) == 1 else 's'} left to read whole"
        messages.success(request, f"Page {index + 1} is read. {count}: this is page {left[0] + 1}.")
        return to_editor(found.document, left[0])
    messages.success(request, f"Page {index + 1} is read, and with it all that were drawn.")
    return redirect("redaction:approve", document_id=document_id, release_id=release_id)


@login_required
@require_GET
def difference(request: HttpRequest, document_id: UUID, release_id: UUID) -> HttpResponse:
    """What this copy leaves out more or less than the first, and where its audience's policy says otherwise."""
    found = release_or_404(request, document_id, release_id)
    try:
        compared = differences.between(found)
    except ValidationError as error:
        say(request, error)
        return redirect("redaction:release", document_id=document_id, release_id=release_id)
    against = differences.against_policy(found)
    audience = found.get_audience_display()
    named = compared.first.get_audience_display() if compared else ""
    lists = [
        (f"Redacted here, not in the copy for the {named}", compared.more if compared else []),
        (f"Redacted in the copy for the {named}, not here", compared.less if compared else []),
        ("Under another code", compared.recoded if compared else []),
        (f"Kept, though the policy for the {audience} redacts it", against["kept"]),
        (f"Redacted, though the policy for the {audience} keeps it", against["redacted"]),
    ]
    context = frame(found) | {
        "difference": compared,
        "lists": [(title, lines[: differences.MOST], len(lines) > differences.MOST) for title, lines in lists if lines],
    }
    return render(request, "redaction/difference.html", context)
