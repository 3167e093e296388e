"""Reading the raw body of a request, and never more of it than is allowed."""

from __future__ import annotations

from django.http import HttpRequest

_MEGABYTE = 1024 * 1024


class TooLarge(Exception):
    """The body is larger than we take; the message says how large it may be."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"The body of a webhook may have {limit // _MEGABYTE} MB.")


def raw_body(request: HttpRequest, *, limit: int) -> bytes:
    """Return the body byte for byte; raise `TooLarge` without reading what lies beyond the limit.

    A body in chunks has no length. Django would read it as empty, so it is read here, from the
    server's stream, which ends where the chunks end.
    """
    length = request.META.get("CONTENT_LENGTH") or ""
    if length.isdecimal():
        if int(length) > limit:
            raise TooLarge(limit)
        return request.body
    if length or not request.META.get("wsgi.input_terminated"):
        return b""
    body: bytes = request.META["wsgi.input"].read(limit + 1)
    if len(body) > limit:
        raise TooLarge(limit)
    request._body = body  # noqa: SLF001  # where Django keeps it for whoever reads it again
    request.META["CONTENT_LENGTH"] = str(len(body))
    return body
