"""Addresses of this room's pages that actions and notifications name."""

from django.urls import reverse

from redaction.models import Document, Release


def url_of(release: Release) -> str:
    """The release's page."""
    return reverse("redaction:release", args=[release.document_id, release.pk])


def editor_url(document: Document) -> str:
    """The document's editor."""
    return reverse("redaction:editor", args=[document.pk])
