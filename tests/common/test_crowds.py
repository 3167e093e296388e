"""Pages take no more threads than they may, and give back what they took."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from xenofy.common import crowds
from xenofy.common.crowds import CrowdMiddleware, Line


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


@pytest.mark.parametrize(("moving", "third"), [(10.0, 200), (-1.0, 503)])
def test_a_place_is_waited_for_while_the_line_moves(
    monkeypatch: pytest.MonkeyPatch, moving: float, third: int
) -> None:
    monkeypatch.setattr(crowds, "PATIENCE", 10)
    monkeypatch.setattr(crowds, "MOVING", moving)
    over, taken = threading.Event(), threading.Semaphore(0)

    def slow(request: HttpRequest) -> HttpResponse:
        over.wait(10)
        return HttpResponse()

    middleware = CrowdMiddleware(slow)
    acquire = middleware._turns.acquire
    monkeypatch.setattr(
        middleware._turns, "acquire", lambda **how: taken.release() or acquire(**how)
    )
    with ThreadPoolExecutor(3) as pool:
        answers = [pool.submit(middleware, RequestFactory().get("/api/x")) for _ in range(2)]
        taken.acquire(timeout=10), taken.acquire(timeout=10)  # both have a place
        answers.append(pool.submit(middleware, RequestFactory().get("/api/x")))
        if third == 503:
            assert answers[2].result(10).status_code == 503
        over.set()

    assert [each.result().status_code for each in answers] == [200, 200, third]


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


def test_nobody_passes_those_who_wait() -> None:
    line = Line(1)
    line.acquire(timeout=0)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(line.acquire, timeout=10)
        while not line._waiting:
            time.sleep(0.001)
        line.release()

        assert not line.acquire(timeout=0)
        assert waiting.result(10)


def test_a_place_that_was_waited_for_in_vain_goes_to_another() -> None:
    line = Line(1)
    line.acquire(timeout=0)
    assert not line.acquire(timeout=0.01)

    line.release()

    assert line.acquire(timeout=0)


def test_a_crowd_that_comes_after_a_rest_is_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody was answered lately, as nobody asked: that is no line that stands."""
    monkeypatch.setattr(crowds, "PATIENCE", 10)
    monkeypatch.setattr(crowds, "MOVING", 5)
    middleware = CrowdMiddleware(lambda _: time.sleep(0.02) or HttpResponse())
    middleware._left_at -= 60
    ask = lambda: middleware(RequestFactory().get("/api/x")).status_code  # noqa: E731
    with ThreadPoolExecutor(3) as pool:
        assert [each.result() for each in [pool.submit(ask) for _ in range(6)]] == [200] * 6
