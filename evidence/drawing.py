"""A page of a released PDF as a picture, for the portal, whose pages run no parser of files."""

import tempfile
from pathlib import Path

from django.http import HttpResponse, HttpResponseBase

import vault
from evidence.reading import Facts
from sandbox import SandboxError
from sandbox import run as run_in_sandbox
from vault.http import Content, guard

PDF = "application/pdf"
PAGE_WIDTH = 1200


def page_picture(facts: Facts, page: int) -> HttpResponseBase:
    """Page `page` (from 0) as a PNG, drawn in the sandbox; 422 when it can't be. Raises the vault's errors."""
    with tempfile.TemporaryDirectory(prefix="page-") as folder:
        source, output = Path(folder) / "blob", Path(folder) / "out"
        output.mkdir()
        with source.open("wb") as file:
            for piece in vault.store().read(facts.key, facts.version_id):
                file.write(piece)
        try:
            asked = {"page": page, "width": PAGE_WIDTH}
            run_in_sandbox("evidence.facts:page_png", asked, files={"blob": source}, output=output)
            picture = (output / "page.png").read_bytes()
        except (SandboxError, OSError):
            return HttpResponse("This page can't be drawn.", status=422, content_type="text/plain")
    drawn = Content(vault.store(), "", "", len(picture), facts.sha256, f"{facts.file_name} page {page + 1}.png", "image/png")
    return guard(HttpResponse(picture), drawn, inline=True)
