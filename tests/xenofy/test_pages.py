"""Django in threads: what it is told of a request, and how its answer is sent."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.asgi import Request, ask
from xenofy import pages
from xenofy.common import asgi
from xenofy.pages import Pages, environ


def pages_of(*parts: bytes, closed: list[bool] | None = None) -> Pages:
    """Return what answers every request with these parts."""

    class Answer:
        def __iter__(self) -> Iterator[bytes]:
            return iter(parts)

        def close(self) -> None:
            if closed is not None:
                closed.append(True)

    def application(request: Any, start: Any) -> Any:
        start("200 OK", [("Content-Type", "text/plain")])
        return Answer()

    return Pages(application, threads=1)


def sent(*parts: bytes) -> list[tuple[bytes, bool]]:
    """Return what is sent of a body: bytes, and whether more follow."""
    request = Request("/x")
    ask(pages_of(*parts), request)
    head, *bodies = request.sent
    assert head == {
        "type": "http.response.start",
        "status": 200,
        "headers": [(b"content-type", b"text/plain")],
    }
    return [(message["body"], message["more_body"]) for message in bodies]


def test_a_short_answer_is_sent_at_once() -> None:
    assert sent(b"a", b"b", b"c") == [(b"abc", False)]
    assert sent() == [(b"", False)]


def test_a_long_answer_is_sent_while_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_BLOCK", 2)

    assert sent(b"a", b"b", b"cde", b"f") == [(b"ab", True), (b"cde", True), (b"f", False)]


def test_an_answer_whose_reader_has_left_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_BLOCK", 1)
    closed: list[bool] = []
    request = Request("/x")

    async def refuse(message: Any) -> None:
        if message.get("body"):
            raise OSError("The reader has left.")

    request.send = refuse  # type: ignore[method-assign]
    with pytest.raises(OSError, match="left"):
        ask(pages_of(b"a", b"b", b"c", closed=closed), request)

    assert closed == [True]


def test_a_request_is_told_as_wsgi_knows_it() -> None:
    request = Request("/a%20b/%C3%BC?q=%20", headers={
        "Content-Type": "text/plain", "X-Forwarded-For": "192.0.2.1", "X-Forwarded_For": "forged",
    })  # fmt: skip
    scope = request.scope()
    scope["headers"] += [
        (b"x-forwarded-for", b"192.0.2.2"),
        (b"cookie", b"a=1"),
        (b"cookie", b"b=2"),
    ]

    found = environ(scope, b"abc")

    assert found["wsgi.input"].read() == b"abc"
    told = {name: value for name, value in found.items() if not name.startswith("wsgi.")}
    assert told == {
        "REQUEST_METHOD": "POST", "SCRIPT_NAME": "",
        "PATH_INFO": "/a b/Ã¼", "QUERY_STRING": "q=%20",
        "SERVER_PROTOCOL": "HTTP/1.1", "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80",
        "REMOTE_ADDR": "192.0.2.7", "CONTENT_TYPE": "text/plain", "CONTENT_LENGTH": "3",
        "HTTP_HOST": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.1,192.0.2.2",
        "HTTP_COOKIE": "a=1; b=2",
    }  # fmt: skip


def test_one_large_body_too_many_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asgi, "_LARGE", 3)
    monkeypatch.setattr(asgi, "_LARGE_AT_ONCE", 1)
    large, small = {"Content-Length": "4"}, {"Content-Length": "2"}
    requests = [Request("/x", [b"1234"], headers=large) for _ in range(2)]
    requests.append(Request("/x", [b"12"], headers=small))

    async def at_once() -> None:
        over = asyncio.Event()

        async def held(request: Request) -> None:
            async with asgi.Body(request.scope(), request.receive) as body:
                assert body == b"1234"
                await over.wait()

        first = asyncio.ensure_future(held(requests[0]))
        await asyncio.sleep(0)
        for request in requests[1:]:
            await pages_of(b"ok")(request.scope(), request.receive, request.send)
        over.set()
        await first

    asyncio.run(at_once())
    ask(pages_of(b"ok"), late := Request("/x", [b"1234"], headers=large))

    assert [request.status for request in (*requests[1:], late)] == [503, 200, 200]
    assert asgi.Body._large_ones == 0


def test_people_are_told_on_a_page_that_their_form_was_too_large(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 3
    large = {"Content-Length": "4"}

    ask(pages_of(b"ok"), person := Request("/settings/csv/", [b"1234"], headers=large))
    ask(pages_of(b"ok"), machine := Request("/api/v1/data", [b"1234"], headers=large))

    assert (person.status, machine.status) == (413, 413)
    assert b"This form was not taken" in person.content
    assert b"The body is too large. Nothing was changed." in person.content
    assert machine.json()["code"] == "TOO_LARGE"


def test_all_steps_of_an_answer_are_taken_by_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_BLOCK", 1)
    threads: list[int] = []

    def application(request: Any, start: Any) -> Any:
        threads.append(threading.get_ident())
        start("200 OK", [])
        return closing(steps())

    def steps() -> Iterator[bytes]:
        for _ in range(3):
            threads.append(threading.get_ident())
            yield b"a"

    class closing:  # noqa: N801
        def __init__(self, steps: Iterator[bytes]) -> None:
            self.steps = steps

        def __iter__(self) -> Iterator[bytes]:
            return self.steps

        def close(self) -> None:
            threads.append(threading.get_ident())

    ask(Pages(application, threads=4), Request("/x"))

    assert len(threads) == 5
    assert set(threads) == {threads[0]} != {threading.get_ident()}
