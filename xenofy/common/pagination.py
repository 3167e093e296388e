"""The neighbouring pages of a list, for machines."""

from __future__ import annotations

from urllib.parse import urlencode

from rest_framework.request import Request


def page_links(request: Request, *, page: int, limit: int, total: int) -> str:
    """Return the header Link (RFC 8288) of a page of a list of `total` rows."""
    last = max(1, -(-total // limit))
    pages = {"first": 1, "prev": page - 1, "next": page + 1, "last": last}
    return ", ".join(
        f'<{_address(request, number)}>; rel="{name}"'
        for name, number in pages.items()
        if 1 <= number <= last
    )


def _address(request: Request, page: int) -> str:
    query = urlencode({**request.query_params.dict(), "page": page})
    return request.build_absolute_uri(f"{request.path}?{query}")
