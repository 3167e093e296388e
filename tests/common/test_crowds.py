"""Pages take no more threads than they may, and give back what they took."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from xenofy.common import crowds
from xenofy.common.crowds import CrowdMiddleware


@pytest.fixture(autouse=True)
def one_at_a_time(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WEB_THREADS = 3  # one answers, one waits, one is kept
    monkeypatch.setattr(crowds, "PATIENCE", 0.05)


def get(answer: Callable[[HttpRequest], HttpResponse], path: str = "/api/x") -> HttpResponse:
    return CrowdMiddleware(answer)(RequestFactory().get(path))


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("boom")


def test_whoever_waits_too_long_is_told_to_come_again() -> None:
    inside, over = threading.Event(), threading.Event()

    def slow(request: HttpRequest) -> HttpResponse:
        inside.set()
        over.wait(10)
        return HttpResponse()

    middleware = CrowdMiddleware(slow)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(middleware, RequestFactory().get("/api/x"))
        inside.wait(10)
        answer = middleware(RequestFactory().get("/api/x"))
        over.set()
        assert first.result().status_code == 200

    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (503, True)
    assert middleware(RequestFactory().get("/api/x")).status_code == 200


def test_a_failure_gives_its_place_back() -> None:
    middleware = CrowdMiddleware(fail)

    for _ in range(5):
        with pytest.raises(RuntimeError):
            middleware(RequestFactory().get("/api/x"))


@pytest.mark.django_db
@pytest.mark.parametrize("end", ["closed", "dropped"])
def test_a_stream_keeps_its_place_until_its_end(end: str) -> None:
    def lines() -> Iterator[bytes]:
        yield b"1\n"

    middleware = CrowdMiddleware(lambda request: StreamingHttpResponse(lines()))
    stream = middleware(RequestFactory().get("/api/x"))

    assert middleware(RequestFactory().get("/api/x")).status_code == 503
    assert middleware(RequestFactory().get("/health")).status_code == 200
    if end == "closed":
        stream.close()
    del stream
    assert middleware(RequestFactory().get("/api/x")).status_code == 200
