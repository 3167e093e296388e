"""How requests leave for Shopify: over TLS, to hosts that are checked, following no redirect."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import httpx
from django.conf import settings

from shop_data.shopify.errors import Refused, Unreachable
from shop_data.shopify.hosts import refuse_private, stand_in

TIMEOUT = httpx.Timeout(30, connect=5)  # seconds; for a download, between two pieces
PIECE = 1 << 16  # bytes of a download that come together
_GONE = frozenset({400, 403, 404, 410})
MOST_BYTES = 32 * 1024 * 1024  # of one answer; bulk results come in pieces


class ShopTransport(httpx.HTTPTransport):
    """Sends a request to the public host that it names, or to the double of Shopify."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        double = stand_in()
        if double is None:
            refuse_private(request.url.host)
        else:  # the header `Host` stays what it was
            request.url = request.url.copy_with(
                scheme=double.scheme, host=double.host, port=double.port
            )
            request.extensions.pop("sni_hostname", None)
        return super().handle_request(request)


@cache
def client() -> httpx.Client:
    """Return the process's connections to Shopify; threads share them."""
    return httpx.Client(
        transport=ShopTransport(),
        timeout=TIMEOUT,
        follow_redirects=False,
        trust_env=False,
        headers={"User-Agent": f"Xenofy/{settings.VERSION}"},
    )


class Answer(NamedTuple):
    """What came for a request; `body` is None where it is no JSON."""

    status: int
    headers: httpx.Headers
    body: Any


def post(url: httpx.URL, *, seconds: float | None = None, **what: Any) -> Answer:
    """Send and return the whole answer, whatever its status; raise `Unreachable` for none."""
    timeout = TIMEOUT if seconds is None else httpx.Timeout(seconds, connect=5)
    try:
        with client().stream("POST", url, timeout=timeout, **what) as answer:
            return Answer(answer.status_code, answer.headers, _json(_read(answer)))
    except httpx.HTTPError as error:
        raise Unreachable(f"Shopify did not answer ({type(error).__name__}).") from error


@contextmanager
def download(url: httpx.URL, *, begin: int = 0) -> Iterator[Iterator[bytes]]:
    """Open an answer that is read in pieces, from byte `begin` on.

    Raises `Unreachable` when it breaks off, and where the rest alone is not to be had; `Refused`
    where it is not there any more: addresses of files end after a week.
    """
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={begin}-"} if begin else {})
    wanted = httpx.codes.PARTIAL_CONTENT if begin else httpx.codes.OK
    try:
        with client().stream("GET", url, headers=headers) as answer:
            if answer.status_code in _GONE:
                raise Refused(f"Shopify’s file is there no more (status {answer.status_code}).")
            if answer.status_code != wanted:
                raise Unreachable(f"Shopify’s file was not there (status {answer.status_code}).")
            yield _pieces(answer)
    except httpx.HTTPError as error:
        raise Unreachable(f"Shopify’s file broke off ({type(error).__name__}).") from error


def _pieces(answer: httpx.Response) -> Iterator[bytes]:
    """Yield what comes; httpx itself tells an answer that is shorter than it said."""
    try:
        yield from answer.iter_bytes(PIECE)
    except httpx.HTTPError as error:
        raise Unreachable(f"Shopify’s file broke off ({type(error).__name__}).") from error


def _read(answer: httpx.Response) -> bytes:
    """Read an answer into memory, unless it is larger than any can be."""
    pieces, size = [], 0
    for piece in answer.iter_bytes():
        pieces.append(piece)
        size += len(piece)
        if size > MOST_BYTES:
            raise Unreachable("Shopify’s answer was larger than any can be.")
    return b"".join(pieces)


def _json(body: bytes) -> Any:
    """Return what a body says, its decimals exact; None for HTML and the like."""
    try:
        return json.loads(body, parse_float=Decimal)
    except ValueError:
        return None
