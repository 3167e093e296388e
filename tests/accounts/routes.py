"""The REST views of the installation, read from its addresses."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, URLResolver


def rest_views(resolver: URLResolver) -> set[Any]:
    """Return every class of a REST view that an address leads to."""
    found: set[Any] = set()
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            found |= rest_views(each)
        elif isinstance(each, URLPattern):
            view = getattr(each.callback, "cls", None)
            found |= {view} if view is not None else set()
    return found
