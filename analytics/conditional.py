"""Answers that a client may keep, and ask whether they are still right without any figure read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from rest_framework.request import Request
from rest_framework.response import Response

from analytics.reports.coverage import data_version
from tenants.scope import current_tenant_id

CREDENTIALS = ("Authorization", "X-API-Key", "Cookie")


def conditional(
    request: Request,
    *,
    max_age: int,
    body: Callable[[], Mapping[str, object] | HttpResponseBase],
    moment: str = "",
) -> HttpResponseBase:
    """Answer 304 to a client that has this version of the data, else 200 with the body.

    `max_age` is in seconds; `moment` is what an answer depends on besides the data.
    """
    etag = _etag(request, moment)
    django_request = request._request  # noqa: SLF001 - DRF has no other name for it
    unchanged = get_conditional_response(django_request, etag=etag)
    response = unchanged if unchanged is not None else _response(body())
    response.headers["ETag"] = etag
    patch_cache_control(response, private=True, max_age=max_age)
    patch_vary_headers(response, CREDENTIALS)
    return response


def _response(body: Mapping[str, object] | HttpResponseBase) -> HttpResponseBase:
    return body if isinstance(body, HttpResponseBase) else Response(body)


def _etag(request: Request, moment: str) -> str:
    """Return what changes with the tenant's data, the query and the version of the software."""
    query = urlencode(sorted(request.query_params.items()))
    parts = (current_tenant_id(), data_version(), request.path, query, moment, settings.VERSION)
    text = "\n".join(map(str, parts))
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
