"""What a token may be limited to: read from the API itself, so that the list can't lack a verb or have one too many."""

import functools
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

URLCONFS = ("config.urls", "config.portal_urls")


@functools.cache
def scopes_in_use(urlconfs: tuple[str, ...] = URLCONFS) -> tuple[str, ...]:
    """Every scope that a view of these APIs asks for, sorted."""
    return tuple(sorted({scope for urlconf in urlconfs for scope in _scopes(get_resolver(urlconf))}))


def _scopes(resolver: URLResolver) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _scopes(entry)
        elif isinstance(entry, URLPattern):
            view = getattr(entry.callback, "cls", None) or getattr(entry.callback, "view_class", None)
            yield from filter(None, [getattr(view, "scope", ""), *getattr(view, "scopes", {}).values()])
