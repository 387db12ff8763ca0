"""Filters of the log's pages."""

import datetime as dt

from django import template

register = template.Library()


@register.filter
def utc(moment: dt.datetime | None) -> str:
    """A moment to the second in UTC, as the log itself has it."""
    return f"{moment.astimezone(dt.UTC):%d/%m/%Y %H:%M:%S}" if moment else ""


@register.filter(name="hex")
def in_hex(value: bytes | memoryview) -> str:
    """Bytes as hex digits."""
    return bytes(value).hex()
