"""Django in threads, behind a web server that has none: a thread works on whole requests only."""

from __future__ import annotations

import asyncio
import sys
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from django.http import HttpResponse
from django.template.loader import render_to_string

from xenofy.common.asgi import Body, Gone, Message, Receive, Scope, Send, Unread, send_response
from xenofy.common.http import MACHINE_PATHS, MESSAGES, error_response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

_BLOCK = 65_536  # bytes that are sent at once
_READER_PATIENCE = 60  # seconds for a client to take a block


class Pages:
    """An ASGI application that answers with a WSGI application, in so many threads."""

    def __init__(self, application: WSGIApplication, *, threads: int) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, "pages")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()

        async def sent(message: Message) -> None:
            await send(message)  # which is no coroutine of Python's own

        def send_from_thread(message: Message) -> None:
            asyncio.run_coroutine_threadsafe(sent(message), loop).result(_READER_PATIENCE)

        try:
            async with Body(scope, receive) as body:
                request = environ(scope, body)
                rest = await loop.run_in_executor(
                    self._threads, self._run, request, send_from_thread
                )
            for message in rest:
                await send(message)
        except Unread as error:
            await send_response(send, _unread(scope["path"], error))
        except Gone:
            return

    def _run(self, request: WSGIEnvironment, send: Callable[[Message], None]) -> list[Message]:
        """Answer in this thread; return the messages that are still to be sent.

        Of an answer in one block these are all: sending from here means changing threads twice.
        """
        waiting: list[Message] = []
        with closing(_messages(self._application, request)) as messages:
            for message in messages:
                waiting.append(message)
                while waiting and message.get("more_body"):
                    send(waiting.pop(0))
        return waiting


def _unread(path: str, error: Unread) -> HttpResponse:
    """Say why a body was not taken: to people on a page."""
    answer = error_response(error.status, message=error.message)
    if path.removeprefix("/").split("/")[0] in MACHINE_PATHS:
        return answer
    said = {"status": error.status, "message": error.message or MESSAGES[error.status]}
    page = HttpResponse(render_to_string("errors/body.html", said), status=error.status)
    if "Retry-After" in answer:
        page["Retry-After"] = answer["Retry-After"]
    return page


def environ(scope: Scope, body: bytes) -> WSGIEnvironment:
    """Return the request as WSGI knows it (PEP 3333)."""
    server, client = scope["server"] or ("", 0), scope["client"] or ("", 0)
    return {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": client[0],
        **_headers(scope),
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def _headers(scope: Scope) -> dict[str, str]:
    """Return the headers by WSGI's names.

    One with an underscore would take the place of that with a hyphen, which a proxy sets.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for name, value in scope["headers"]:
        if b"_" not in name:
            found[name.decode("latin-1").upper().replace("-", "_")].append(value.decode("latin-1"))
    joined = {
        name: ("; " if name == "COOKIE" else ",").join(values) for name, values in found.items()
    }
    content_type = joined.pop("CONTENT_TYPE", "")
    return {"CONTENT_TYPE": content_type} | {
        f"HTTP_{name}": value for name, value in joined.items()
    }


def _messages(
    application: WSGIApplication, request: WSGIEnvironment
) -> Generator[Message, None, None]:
    """Yield the messages of an answer: its head, then its body, of which the last part says so.

    Of one that fails on its way no part is the last: the server then breaks the connection off.
    """
    head: Message = {"type": "http.response.start"}

    def start(status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:
        head["status"] = int(status.partition(" ")[0])
        head["headers"] = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
        ]

    answer: Any = application(request, start)
    with closing(answer):
        yield head
        blocks = _blocks(answer)
        block = next(blocks, b"")
        try:
            for following in blocks:
                yield {"type": "http.response.body", "body": block, "more_body": True}
                block = following
        except Exception:
            yield {"type": "http.response.body", "body": block, "more_body": True}
            raise
        yield {"type": "http.response.body", "body": block, "more_body": False}


def _blocks(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Join parts to blocks that are worth sending; what came before a failure is sent too."""
    waiting: list[bytes] = []
    size = 0
    try:
        for part in parts:
            waiting.append(part)
            size += len(part)
            if size >= _BLOCK:
                yield b"".join(waiting)
                waiting, size = [], 0
    except Exception:
        yield b"".join(waiting)
        raise
    if waiting:
        yield b"".join(waiting)
