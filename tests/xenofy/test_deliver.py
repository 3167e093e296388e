"""`manage.py deliver` sends as Shopify would and says plainly what became of it."""

from __future__ import annotations

import io
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tenants.models import Connection
from tenants.scope import tenant_scope
from tests.factories import SECRET, ConnectionFactory
from webhooks.models import InboxEvent
from webhooks.signatures import is_signed

ODD = b'{"id": 1,\r\n  "name": "\\/ \xe6\x97\xa5", "total": 1.10 }\n'


@dataclass
class Receiver:
    """A server that keeps what it got and answers as it is told."""

    url: str
    status: int = 200
    answer: bytes = b""
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            found.requests.append((self.path, headers, body))
            self.send_response(found.status)
            self.end_headers()
            self.wfile.write(found.answer)

        def log_message(self, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    found = Receiver(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def shop(db: None) -> Connection:
    return ConnectionFactory(domain="kaveri.myshopify.com")


@pytest.fixture
def body(tmp_path: Path) -> str:
    path = tmp_path / "order.json"
    path.write_bytes(ODD)
    return str(path)


def _deliver(*arguments: str) -> str:
    out = io.StringIO()
    call_command("deliver", *arguments, "--topic", "orders/create", stdout=out)
    return out.getvalue()


def test_bytes_and_headers_are_shopifys(shop: Connection, receiver: Receiver, body: str) -> None:
    _deliver(body, "--url", receiver.url)

    path, headers, received = receiver.requests[0]
    assert path == "/api/webhooks/shopify/orders/create"
    assert received == ODD
    assert is_signed(ODD, headers["x-shopify-hmac-sha256"], [SECRET])
    assert headers["x-shopify-topic"] == "orders/create"
    assert headers["x-shopify-shop-domain"] == "kaveri.myshopify.com"
    for name in ("api-version", "webhook-id", "event-id", "triggered-at"):
        assert headers[f"x-shopify-{name}"]


def test_the_answer_is_one_plain_line(shop: Connection, receiver: Receiver, body: str) -> None:
    line = _deliver(body, "--url", receiver.url)

    assert line == (
        f"Accepted by {receiver.url} with 200: orders/create for kaveri.myshopify.com,"
        f" {len(ODD)} bytes.\n"
    )


def test_a_refusal_ends_in_its_sentence(shop: Connection, receiver: Receiver, body: str) -> None:
    receiver.status = 401
    receiver.answer = b'{"error": "The signature is missing or wrong."}'

    with pytest.raises(CommandError, match=r"with 401\. The signature is missing or wrong\."):
        _deliver(body, "--url", receiver.url, "--secret", "another")


def test_nobody_there_ends_in_a_sentence(shop: Connection, body: str) -> None:
    with pytest.raises(CommandError, match=r"Nobody answers at http://127\.0\.0\.1:9"):
        _deliver(body, "--url", "http://127.0.0.1:9")


def test_of_several_shops_one_must_be_named(
    shop: Connection, receiver: Receiver, body: str
) -> None:
    ConnectionFactory(domain="bluebird.myshopify.com")

    with pytest.raises(CommandError, match=r"bluebird\.myshopify\.com, kaveri\.myshopify\.com"):
        _deliver(body, "--url", receiver.url)
    _deliver(body, "--url", receiver.url, "--shop", "Bluebird.myshopify.com")

    assert receiver.requests[0][1]["x-shopify-shop-domain"] == "bluebird.myshopify.com"


@pytest.mark.django_db
def test_without_any_shop_the_sentence_says_so(body: str) -> None:
    with pytest.raises(CommandError, match="No shop is connected"):
        _deliver(body)


def test_an_unknown_shop_is_named(shop: Connection, body: str) -> None:
    with pytest.raises(CommandError, match=r"No shop other\.myshopify\.com"):
        _deliver(body, "--shop", "other.myshopify.com")


def test_a_shop_that_is_not_here_needs_only_a_secret(
    db: None, receiver: Receiver, body: str
) -> None:
    _deliver(body, "--url", receiver.url, "--shop", "x.myshopify.com", "--secret", "s")

    assert is_signed(ODD, receiver.requests[0][1]["x-shopify-hmac-sha256"], ["s"])


def test_standard_input_is_read_as_bytes(
    shop: Connection, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ODD)))

    _deliver("-", "--url", receiver.url)

    assert receiver.requests[0][2] == ODD


def test_a_file_that_is_not_there_is_named(shop: Connection) -> None:
    with pytest.raises(CommandError, match=r"/no/file\.json cannot be read"):
        _deliver("/no/file.json")


def test_an_empty_file_is_not_sent(shop: Connection, tmp_path: Path) -> None:
    (tmp_path / "empty.json").touch()

    with pytest.raises(CommandError, match="is empty"):
        _deliver(str(tmp_path / "empty.json"))


def test_a_running_xenofy_takes_it(live_server: Any, body: str) -> None:
    shop = ConnectionFactory(domain="kaveri.myshopify.com")

    _deliver(body, "--url", live_server.url)

    with tenant_scope(shop.tenant_id):
        assert bytes(InboxEvent.objects.get().body) == ODD
