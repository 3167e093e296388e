"""The neighbouring pages of a list, for machines."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from rest_framework.request import Request

from xenofy.common.list_pages import Cursor

PLACES = ("page", "cursor")  # what says which page


def page_links(
    request: Request, *, page: int, limit: int, total: int, end: Cursor | None = None
) -> str:
    """Return the header Link (RFC 8288) of a page of a list of `total` rows.

    Where the page says how it ended, the next one begins there, which costs nothing however far
    it lies behind.
    """
    last = max(1, -(-total // limit))
    pages = {"first": 1, "prev": page - 1, "next": page + 1, "last": last}
    links: dict[str, dict[str, object]] = {
        name: {"page": number} for name, number in pages.items() if 1 <= number <= last
    }
    if end is not None:
        links["next"] = {"cursor": end}
    return ", ".join(f'<{_address(request, place)}>; rel="{name}"' for name, place in links.items())


def _address(request: Request, place: Mapping[str, object]) -> str:
    asked = {name: value for name, value in request.query_params.items() if name not in PLACES}
    return request.build_absolute_uri(f"{request.path}?{urlencode({**asked, **place})}")
