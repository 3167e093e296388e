"""The web server of production as a process: killed, cut off, besieged, and without a database."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress

import psycopg
import pytest
from django.db import connections

from tests.factories import SECRET
from tests.shops import Shop
from tests.webhooks.inboxes import events
from tests.webhooks.processes import other_session, wait_until, web
from webhooks.signatures import signature

PATH = "/api/webhooks/shopify/orders/create"
BODY = b'{"id": 1}'
ID = "11111111-2222-4333-8444-555555555555"
WAITING = """
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
        AND query LIKE '%%INSERT INTO webhooks_inboxevent%%'
"""
pytestmark = pytest.mark.django_db(transaction=True)


def headers(shop: Shop, body: bytes = BODY) -> dict[str, str]:
    return {
        "X-Shopify-Hmac-Sha256": signature(body, SECRET),
        "X-Shopify-Shop-Domain": shop.connection.domain,
        "X-Shopify-Webhook-Id": ID,
    }


def send(port: int, shop: Shop) -> tuple[int, str | None] | None:
    """Deliver; return status and Retry-After, None where the connection ends without an answer."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        try:
            connection.request("POST", PATH, BODY, headers(shop))
            answer = connection.getresponse()
        except (http.client.HTTPException, OSError):
            return None
        return answer.status, answer.headers["Retry-After"]


def raw_request(shop: Shop, body: bytes, *, length: int) -> bytes:
    """Return a request whose signature is that of `BODY`, whatever its body is."""
    lines = [f"POST {PATH} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {length}"]
    lines += [f"{name}: {value}" for name, value in headers(shop).items()]
    return "\r\n".join([*lines, "Connection: close"]).encode() + b"\r\n\r\n" + body


@pytest.fixture
def locked(shop: Shop) -> Iterator[psycopg.Connection[object]]:
    """Hold a lock for which every delivery waits, as a migration does; committing gives it up."""
    with other_session() as connection:
        connection.execute("LOCK TABLE webhooks_inboxevent IN ACCESS EXCLUSIVE MODE")
        yield connection


def waiting() -> list[int]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(WAITING)
        return [pid for (pid,) in cursor.fetchall()]


@pytest.mark.parametrize(
    ("failpoint", "left"),
    [
        pytest.param("after_insert:kill", 1, marks=pytest.mark.fault(27)),
        pytest.param("before_insert_commit:kill", 0, marks=pytest.mark.fault(28)),
    ],
)
def test_a_web_server_killed_beside_its_insert_promises_nothing(
    shop: Shop, failpoint: str, left: int
) -> None:
    with web(failpoint=failpoint) as port:
        assert send(port, shop) is None
    assert len(events(shop)) == left

    with web() as port:
        assert send(port, shop) == (200, None)

    assert [bytes(event.body) for event in events(shop)] == [BODY]


@pytest.mark.fault(34)
def test_a_delivery_whose_backend_is_killed_is_asked_for_again(
    shop: Shop, locked: psycopg.Connection[object]
) -> None:
    with web() as port, ThreadPoolExecutor(1) as sender:
        sent = sender.submit(send, port, shop)
        killed: set[int] = set()
        while not sent.done():
            for pid in set(waiting()) - killed:
                killed.add(pid)
                with connections["owner"].cursor() as cursor:
                    cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
            time.sleep(0.05)
        locked.commit()
        assert killed
        answer = sent.result()
        assert answer is not None and answer[0] == 503 and int(answer[1] or 0) > 0
        assert events(shop) == []

        assert send(port, shop) == (200, None)

    assert len(events(shop)) == 1


@pytest.mark.fault(38)
def test_a_delivery_waits_for_a_short_lock_and_is_stored(
    shop: Shop, locked: psycopg.Connection[object]
) -> None:
    with web() as port, ThreadPoolExecutor(1) as sender:
        sent = sender.submit(send, port, shop)
        wait_until(lambda: bool(waiting()))
        locked.commit()
        assert sent.result() == (200, None)

    assert len(events(shop)) == 1


def raw(port: int, request: bytes, *, ends: bool = False) -> bytes:
    """Send bytes, and no more where the sender `ends`; return all that is answered."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(request)
        if ends:
            connection.shutdown(socket.SHUT_WR)
        return read(connection)


def read(connection: socket.socket) -> bytes:
    answer = b""
    with suppress(OSError):
        while part := connection.recv(65_536):
            answer += part
    return answer


@pytest.mark.fault(11)
@pytest.mark.fault(16)
def test_only_a_body_as_long_as_it_says_is_stored(shop: Shop) -> None:
    size = len(BODY)
    chunked = raw_request(shop, b"%x\r\n%b\r\n0\r\n\r\n" % (size, BODY), length=size).replace(
        b"Content-Length: %d" % size, b"Transfer-Encoding: chunked"
    )
    with web() as port:
        for length in (size - 2, size):  # all that was announced, and less
            answer = raw(port, raw_request(shop, BODY[:-2], length=length), ends=True)
            assert not answer.startswith(b"HTTP/1.1 200")
        no_number = raw_request(shop, BODY, length=0).replace(b"Length: 0", b"Length: many")
        assert raw(port, no_number).startswith(b"HTTP/1.1 400")
        assert events(shop) == []

        for good in (raw_request(shop, BODY + b" and more", length=size), chunked):
            assert raw(port, good).startswith(b"HTTP/1.1 200")
        assert send(port, shop) == (200, None)

    assert [bytes(event.body) for event in events(shop)] == [BODY]


@pytest.mark.fault(11)
def test_senders_that_withhold_their_bodies_hold_up_nobody(shop: Shop) -> None:
    slow = raw_request(shop, BODY[:-2], length=len(BODY))
    page = slow.replace(PATH.encode(), b"/auth/login")
    with web(WEB_THREADS="2", BODY_TIMEOUT="3") as port, ExitStack() as opened:
        senders = [
            opened.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
            for _ in range(40)
        ]
        for number, sender in enumerate(senders):
            sender.sendall((slow, page)[number % 2])

        assert send(port, shop) == (200, None)
        answers = [read(sender) for sender in senders]

    assert {answer[:12] for answer in answers} == {b"HTTP/1.1 408"}
    assert len(events(shop)) == 1


@pytest.mark.fault(25)
def test_five_hundred_idle_connections_hold_up_nobody(shop: Shop) -> None:
    with web() as port, ExitStack() as opened:
        for number in range(500):
            connection = socket.create_connection(("127.0.0.1", port), timeout=20)
            opened.enter_context(connection)
            connection.sendall(raw_request(shop, b"", length=len(BODY))[: number % 100])
        assert send(port, shop) == (200, None)
