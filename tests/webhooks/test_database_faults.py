"""A database that ends in the middle of a delivery, or whose disk is full."""

from __future__ import annotations

import http.client
import json
import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from tests.accounts.clients import SIGN_UP
from tests.webhooks.private_servers import PrivateServer, private_server
from tests.webhooks.processes import wait_until, web
from webhooks.signatures import signature
from xenofy.common import crowds

MEGABYTE = 2**20
STORED = "SELECT body FROM webhooks_inboxevent ORDER BY id"
WAITING = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


@dataclass
class Site:
    """The web server of production on a database of its own, with one merchant."""

    port: int
    token: str = ""

    def call(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, Any]:
        """Return the status with Retry-After, or with what was answered to a success."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            connection.request(method, path, body, given)
            answer = connection.getresponse()
            content = answer.read()
        if answer.status >= 300:
            return answer.status, int(answer.headers["Retry-After"] or 0)
        return answer.status, json.loads(content or b"null")

    def register(self) -> None:
        body = json.dumps(SIGN_UP).encode()
        status, told = self.call("POST", "/auth/register", body, Content_Type="application/json")
        assert status == 201
        self.token = told["token"]

    def read(self) -> tuple[int, Any]:
        path = "/api/data/dashboard"
        return self.call("GET", path, Authorization=f"Bearer {self.token}")

    def deliver(self, body: bytes = b"{}") -> tuple[int, Any]:
        return self.call(
            "POST", "/api/webhooks/shopify/orders/create", body,
            X_Shopify_Hmac_Sha256=signature(body, SIGN_UP["apiSecret"]),
            X_Shopify_Shop_Domain=SIGN_UP["domain"],
            X_Shopify_Webhook_Id=str(uuid4()),
        )  # fmt: skip


@pytest.fixture(scope="module")
def private(django_db_setup: None) -> Iterator[PrivateServer]:
    with private_server() as server:
        yield server


@pytest.fixture(scope="module")
def site(private: PrivateServer) -> Iterator[Site]:
    with web(**private.environment()) as port:
        site = Site(port)
        site.register()
        assert site.deliver() == (200, None)
        yield site


SLOW = "BEGIN; LOCK TABLE analytics_salesday IN ACCESS EXCLUSIVE MODE"


@pytest.mark.fault(36)
def test_pages_that_wait_for_the_database_leave_room_for_deliveries(
    private: PrivateServer, site: Site
) -> None:
    """Many more pages than the web server has threads, none of which gets its rows."""

    def read() -> int:
        return site.read()[0]

    with ThreadPoolExecutor(40) as people, private.session() as other:
        other.execute(SLOW)
        readers = [people.submit(read) for _ in range(40)]
        wait_until(lambda: sum(reader.done() for reader in readers) == 32)
        assert site.deliver() == (200, None)
        assert site.call("GET", "/health")[0] == 200
        assert site.call("GET", "/health/ready")[0] == 200
        other.execute("COMMIT")
        answers = [reader.result() for reader in readers]

    assert Counter(answers) == {503: 32, 200: 8}
    assert crowds.PATIENCE < 2
    assert site.read()[0] == 200


def stored(private: PrivateServer) -> list[bytes]:
    with private.session() as session:
        return [bytes(body) for (body,) in session.execute(STORED)]


def is_waiting(private: PrivateServer) -> bool:
    with private.session() as session:
        return session.execute(WAITING).fetchone() is not None


@pytest.mark.fault(33)
def test_a_database_that_restarts_costs_no_delivery(private: PrivateServer, site: Site) -> None:
    kept = stored(private)

    with ThreadPoolExecutor(1) as sender:
        other = private.session()
        other.execute("BEGIN; LOCK TABLE webhooks_inboxevent IN ACCESS EXCLUSIVE MODE")
        under_way = sender.submit(site.deliver, b'{"id": 1}')
        wait_until(lambda: is_waiting(private))
        private.crash()
        other.close()
        status, retry_after = under_way.result()
    assert status == 503 and retry_after > 0
    status, retry_after = site.deliver(b'{"id": 2}')
    assert status == 503 and retry_after > 0
    assert site.call("GET", "/health")[0] == 200

    private.start()

    assert site.deliver(b'{"id": 3}') == (200, None)
    assert stored(private) == [*kept, b'{"id": 3}']
    assert site.read()[0] == 200


@pytest.mark.fault(35)
def test_a_full_disk_refuses_deliveries_and_nothing_else(
    private: PrivateServer, site: Site
) -> None:
    if not private.is_small:
        pytest.skip("only root may mount a small disk, and nobody may become root here")
    accepted = stored(private)
    private.fill(but=MEGABYTE)

    while (answer := site.deliver(body := os.urandom(100_000)))[0] == 200:
        accepted.append(body)

    assert answer[0] == 503 and answer[1] > 0
    assert stored(private) == accepted
    assert site.read()[0] == 200
    assert site.call("GET", "/health")[0] == 200

    private.make_room()
    assert site.deliver(body) == (200, None)
    assert stored(private) == [*accepted, body]
