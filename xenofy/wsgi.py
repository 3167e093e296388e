"""WSGI entry point of the web process.

A delivery of Shopify goes straight to its view. What Django puts around views (sessions, cookies,
CSRF, compression) is of no use to it and costs as much as storing it does.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.handlers.exception import response_for_exception
from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse

from xenofy.common.http import error_response
from xenofy.common.request_ids import RequestIdMiddleware

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xenofy.settings")
everything_else = get_wsgi_application()

from webhooks.views import shopify  # noqa: E402  # models are not ready before

_DELIVERY = re.compile(r"/api(?:/v1)?/webhooks/shopify/(.+)", re.DOTALL)


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer a request."""
    if not _DELIVERY.fullmatch(environ["PATH_INFO"]):
        return everything_else(_with_length(environ), start_response)
    response = RequestIdMiddleware(_answer)(WSGIRequest(environ))
    response["Content-Length"] = len(response.content)
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return [response.content]


def _with_length(environ: WSGIEnvironment) -> WSGIEnvironment:
    """Give a body in chunks its length, without which Django would read nothing.

    Of one that is too large only so much is read that Django refuses it.
    """
    has_length = bool(environ.get("CONTENT_LENGTH"))
    if has_length or not (environ.get("HTTP_TRANSFER_ENCODING") and _ends_by_itself(environ)):
        return environ
    body = environ["wsgi.input"].read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    return {**environ, "wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}


def _ends_by_itself(environ: WSGIEnvironment) -> bool:
    return bool(environ.get("wsgi.input_terminated"))


def _answer(request: HttpRequest) -> HttpResponse:
    """Return the view's answer. After an exception it is logged as behind Django's handler, and
    said that the delivery is not stored, whatever the fault is: it shall come again."""
    topic: Any = _DELIVERY.fullmatch(request.path_info)
    try:
        return _with_a_live_connection(request, topic[1])
    except Exception as error:  # noqa: BLE001  # it is logged there
        answer = response_for_exception(request, error)
    if answer.status_code != 500:
        return answer
    return error_response(503, message="The delivery is not stored. Send it again.")


def _with_a_live_connection(request: HttpRequest, topic: str) -> HttpResponse:
    """Run the view, once more if the connection kept from before turns out to be dead.

    Django would ask the database before each request instead. A delivery may be stored again.
    """
    if connection.close_at is not None and time.monotonic() >= connection.close_at:
        connection.close()
    kept = connection.connection is not None
    try:
        return shopify(request, topic)
    except (OperationalError, InterfaceError):
        connection.close()
        if not kept:
            raise
        return shopify(request, topic)
