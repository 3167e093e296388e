"""Every address of the installation, read from its URL configuration."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ALIAS = "api/v1/"  # leads to the same views as api/; held by a test
ADMIN = f"{settings.ADMIN_PATH}/"
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


def routes() -> dict[str, Any]:
    """Return the view of every address, by its pattern, as it is written in the configuration."""
    return dict(_walk(get_resolver(), ""))


def address(route: str, values: Mapping[str, Any]) -> str:
    """Return a path of a route, its parameters filled in."""
    return "/" + _PARAMETER.sub(lambda found: str(values[found[1]]), route)


def parameters(route: str) -> list[str]:
    """Return the names of what a path of the route has to be filled with."""
    return _PARAMETER.findall(route)


def _walk(resolver: URLResolver, before: str) -> Iterator[tuple[str, Any]]:
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _walk(each, route)
        elif isinstance(each, URLPattern):
            yield route, each.callback
