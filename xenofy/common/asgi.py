"""Requests and answers as the web server hands them over.

Bodies are read here before a thread is asked for: a sender that takes its time, or never sends what
it announced, holds a little memory for a while, and no thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpResponse

Scope = Mapping[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Coroutine[Any, Any, None]]

_LARGE = 2**20  # bytes; an ordinary delivery has some thousand
_LARGE_AT_ONCE = 8  # so many large bodies fit into the memory of one process


class Unread(Exception):
    """A body is not taken; the status says why, and a message where it alone does not."""

    def __init__(self, status: int, message: str | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.message = message


class Gone(Exception):
    """The sender has left and waits for no answer."""


class Body:
    """`async with Body(scope, receive) as body` reads it and keeps it for the block.

    It has the bytes as they were sent. `Unread` is raised for a body that is larger than allowed,
    before it is read where its length is announced; that is not there within BODY_TIMEOUT; or
    that is one large body too many. `Gone` when the sender leaves before its end.
    """

    _large_ones = 0

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._length = _announced(scope)
        self._receive = receive
        self._is_large = False

    async def __aenter__(self) -> bytes:
        try:
            async with asyncio.timeout(settings.BODY_TIMEOUT):
                return await self._read()
        except TimeoutError:
            self._let_go()
            raise Unread(408) from None
        except BaseException:
            self._let_go()
            raise

    async def __aexit__(self, *_: object) -> None:
        self._let_go()

    async def _read(self) -> bytes:
        self._make_room(self._length or 0)
        parts: list[bytes] = []
        size, goes_on = 0, self._length != 0
        while goes_on:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise Gone
            parts.append(message["body"])
            size += len(parts[-1])
            self._make_room(size)
            goes_on = size != self._length and message["more_body"]
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _make_room(self, size: int) -> None:
        if size > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise Unread(413)
        if size <= _LARGE or self._is_large:
            return
        if Body._large_ones == _LARGE_AT_ONCE:
            raise Unread(503, "There are too many large bodies at the moment. Try again.")
        Body._large_ones += 1
        self._is_large = True

    def _let_go(self) -> None:
        Body._large_ones -= self._is_large
        self._is_large = False


def _announced(scope: Scope) -> int | None:
    """Return the length of the body, None where only its end will tell."""
    is_chunked = False
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value)  # the server lets no two through
        is_chunked = is_chunked or name == b"transfer-encoding"
    return None if is_chunked else 0


async def send_response(send: Send, response: HttpResponse) -> None:
    """Answer with what a view has made."""
    headers = [(b"content-length", str(len(response.content)).encode())]
    headers += [(name.lower().encode(), value.encode()) for name, value in response.items()]
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": response.content, "more_body": False})
