"""HTTP answers in the one form of the contract: errors everywhere."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from json import JSONDecodeError
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from xenofy.common.errors import XenofyError
from xenofy.common.moments import iso
from xenofy.common.request_ids import request_id

MACHINE_PATHS = ("api", "auth")  # the first part of the path
RETRY_AFTER = "5"  # seconds; a database that restarts is back within them
UNREACHABLE = (OperationalError, InterfaceError)

CODES = {
    400: "BAD_REQUEST",
    401: "NOT_AUTHENTICATED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    406: "NOT_ACCEPTABLE",
    408: "TIMEOUT",
    409: "CONFLICT",
    410: "GONE",
    413: "TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    422: "UNPROCESSABLE",
    429: "TOO_MANY_REQUESTS",
    500: "INTERNAL_ERROR",
    503: "UNAVAILABLE",
}
MESSAGES = {
    400: "The request could not be understood.",
    401: "Sign in or send a valid token.",
    403: "You may not do this.",
    404: "There is nothing here.",
    405: "This address does not take that method.",
    406: "This address answers in JSON.",
    408: "The body did not come in time.",
    409: "It exists already.",
    410: "It is gone.",
    413: "The body is too large.",
    415: "Send the body as application/json.",
    422: "It can be read, but not carried out.",
    429: "Too many requests. Try again later.",
    500: "Something went wrong on our side. It has been logged.",
    503: "The database does not answer. Try again in a few seconds.",
}


def error_body(
    code: str, message: str, *, fields: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the contract's error body: {error, code, timestamp} and, where given, {fields}."""
    body = {"error": message, "code": code, "timestamp": iso(timezone.now())}
    if request_id():
        body["requestId"] = request_id()
    return {**body, "fields": fields} if fields else body


def error_response(status_code: int, *, message: str | None = None) -> JsonResponse:
    """Answer with the contract's error body outside of REST framework."""
    text = message or MESSAGES[status_code]
    response = JsonResponse(error_body(CODES[status_code], text), status=status_code)
    if status_code == 503:
        response["Retry-After"] = RETRY_AFTER
    return response


def api_exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Write any error of a REST view in the contract's form; None for an unexpected one."""
    if isinstance(error, XenofyError):
        body = error_body(error.code, error.message, fields=error.fields)
        return Response(body, status=error.status, headers=error.headers)
    response = exception_handler(error, context)
    if response is None:
        return None
    response.data = _rest_framework_body(error, response.status_code)
    return response


def _rest_framework_body(error: Exception, status_code: int) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError) and isinstance(error.detail, dict):
        fields = {
            name: [str(text) for text in _as_list(texts)] for name, texts in error.detail.items()
        }
        return error_body("VALIDATION_ERROR", "Some fields are not right.", fields=fields)
    detail = getattr(error, "detail", None)
    text = MESSAGES.get(status_code) or str(detail)
    if isinstance(error, exceptions.ParseError):
        text = _where_json_ends(error)
    if isinstance(error, exceptions.AuthenticationFailed):
        text = str(detail)
    return error_body(CODES.get(status_code, "ERROR"), text)


def _where_json_ends(error: exceptions.ParseError) -> str:
    """Say where a body stops being JSON; other faults of a body say so themselves."""
    cause = error.__context__
    if isinstance(cause, JSONDecodeError):
        return f"The body is not JSON from line {cause.lineno}, column {cause.colno} on."
    return str(error.detail)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what cannot be understood with 400, and what is too much to read with 413."""
    is_too_large = isinstance(exception, RequestDataTooBig)
    return _answer(request, 413 if is_too_large and is_for_machines(request) else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without its token: the page had been open too long, or it is forged."""
    if is_for_machines(request):
        return error_response(403)
    return render(request, "errors/403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer what nobody expected with 500, and a database that does not answer with 503.

    Django calls this while the exception is being handled, whichever layer raised it.
    """
    return _answer(request, 503 if isinstance(sys.exc_info()[1], UNREACHABLE) else 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Answer 503 where the database keeps too many requests waiting to take one more."""
    return _answer(request, 503)


def is_for_machines(request: HttpRequest) -> bool:
    """Tell whether a request is answered in JSON, whatever goes wrong."""
    return request.path.split("/")[1] in MACHINE_PATHS


def _answer(request: HttpRequest, status_code: int) -> HttpResponse:
    if is_for_machines(request):
        return error_response(status_code)
    response = render(request, f"errors/{status_code}.html", status=status_code)
    if status_code == 503:
        response["Retry-After"] = RETRY_AFTER
    return response
