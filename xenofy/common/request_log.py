"""One line for each request in the log: what was asked for by its pattern, never by its words."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)


class RequestLogMiddleware:
    """Say method, pattern of the address, status, milliseconds and tenant of each request.

    Paths hold ids and tokens of links, queries what people search for: neither is written.
    Deliveries of Shopify do not come through here; the inbox has a row of each.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = self.get_response(request)
        if logger.isEnabledFor(logging.INFO):
            milliseconds = round((time.perf_counter() - begun) * 1000, 1)
            logger.info("Answered.", extra=_of(request, response) | {"ms": milliseconds})
        return response


def _of(request: HttpRequest, response: HttpResponse) -> dict[str, Any]:
    credential = getattr(request, "credential", None)
    tenant = {"tenant": credential.tenant_id} if credential and credential.tenant_id else {}
    return tenant | {
        "event": "request.answered",
        "method": request.method if request.method in _METHODS else "other",
        "route": request.resolver_match.route if request.resolver_match else "none",
        "status": response.status_code,
    }


_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
