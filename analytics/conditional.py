"""Answers that a client may keep, and ask whether they are still right without any figure read.

This process keeps the newest of them too: whoever may see the same and asks for the same while the
data is as it was gets the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from rest_framework.request import Request
from rest_framework.response import Response

from analytics.kept import Kept
from analytics.reports.coverage import data_version
from tenants.credentials import Credential
from tenants.scope import current_tenant_id

CREDENTIALS = ("Authorization", "X-API-Key", "Cookie")
MOST_KEPT = 128
LONGEST_KEPT = 256 * 1024  # bytes

_kept: Kept[HttpResponse] = Kept(MOST_KEPT)


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
    response = unchanged or _copy(_kept.found(etag)) or _keeping(etag, _response(body()))
    response.headers["ETag"] = etag
    patch_cache_control(response, private=True, max_age=max_age)
    patch_vary_headers(response, CREDENTIALS)
    return response


def _response(body: Mapping[str, object] | HttpResponseBase) -> HttpResponseBase:
    return body if isinstance(body, HttpResponseBase) else Response(body)


def _keeping(etag: str, response: HttpResponseBase) -> HttpResponseBase:
    """Keep an answer once it is written, unless it is a file or an error."""
    if isinstance(response, Response) and response.status_code == 200:
        response.add_post_render_callback(lambda written: _keep(etag, written))
    return response


def _keep(etag: str, written: HttpResponse) -> None:
    if len(written.content) <= LONGEST_KEPT:
        _kept.put(etag, HttpResponse(written.content, headers=written.headers))


def _copy(kept: HttpResponse | None) -> HttpResponse | None:
    """Return an answer of its own for each request: middlewares write headers into it."""
    return kept and HttpResponse(kept.content, headers=kept.headers)


def forget() -> None:
    """Forget all answers, as a test does that changes rows behind the version's back."""
    _kept.clear()


def _etag(request: Request, moment: str) -> str:
    """Return what changes with the tenant's data, the query, the version of the software, and
    with what may be seen: nobody gets the answer to somebody who may see more."""
    query = urlencode(sorted(request.query_params.items()))
    credential = cast("Credential", request.auth)
    rights = (credential.role, sorted(credential.scopes))
    asked = (request.build_absolute_uri(request.path), query, moment)
    parts = (current_tenant_id(), data_version(), *asked, rights, settings.VERSION)
    text = "\n".join(map(str, parts))
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
