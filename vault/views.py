"""Where the folder store's signed addresses lead. On S3 the store itself answers, and this view refuses."""

from __future__ import annotations

import base64
from typing import BinaryIO, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from vault import store
from vault.config import current
from vault.errors import (
    PartRejected,
    SignatureRefused,
    Unavailable,
    UploadGone,
    VaultError,
)
from vault.folder import FolderStore
from vault.signing import PartTicket

_STATUS: dict[type[VaultError], int] = {SignatureRefused: 403, UploadGone: 404, PartRejected: 400, Unavailable: 503}


@csrf_exempt  # The signature is the authority: no cookie is read here, so there is none that another site could borrow.
@require_http_methods(["PUT"])
def part(request: HttpRequest, upload_id: str, number: int) -> HttpResponse:
    """Take one part of an upload. 200 with its ETag once it is safely on disk, else a JSON body with `error` and
    `message`.
    """
    folder = store()
    try:
        if not isinstance(folder, FolderStore):
            raise UploadGone("This vault takes parts elsewhere.")
        ticket = PartTicket.read(upload_id, number, request.GET.dict(), current().signing_key)
        _check_headers(request, ticket)
        # The request is a stream: Django buffers it only if `body` is asked for.
        etag = folder.receive_part(ticket, cast(BinaryIO, request))
    except VaultError as error:
        status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 400)
        return JsonResponse({"error": error.code, "message": str(error)}, status=status)
    return HttpResponse(headers={"ETag": f'"{etag}"'})


def _check_headers(request: HttpRequest, ticket: PartTicket) -> None:
    """The same headers that S3 would have signed: a proxy that rewrote the body must not go unseen."""
    if request.headers.get("Content-Length") != str(ticket.length):
        raise PartRejected(f"Part {ticket.number} has {ticket.length} bytes; send that Content-Length.")
    if ticket.md5 and request.headers.get("Content-MD5") != base64.b64encode(bytes.fromhex(ticket.md5)).decode():
        raise PartRejected("Send the Content-MD5 header that came with this address.")
