"""How much of a body is read, and what of it is not signed."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse

from tests.factories import SECRET
from tests.shops import Shop
from tests.webhooks.inboxes import events
from webhooks.signatures import signature

URL = "/api/webhooks/shopify/orders/create"
BODY = b'{ "id":1,\n "note":"a\\/b \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\xa7\xa3" }'
LIMIT = settings.DATA_UPLOAD_MAX_MEMORY_SIZE


# ── size ──────────────────────────────────────────────────────────────────────────────────────


class Stream(io.BytesIO):
    """A body that counts what is read of it."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        found = super().read(size)
        self.taken += len(found)
        return found


def call(shop: Shop, stream: Stream, signed: bytes = BODY, **environ: Any) -> HttpResponse:
    """Send what the server would hand over, with the signature of `signed`."""
    return shop.client.request(
        **{
            "REQUEST_METHOD": "POST",
            "PATH_INFO": URL,
            "HTTP_X_SHOPIFY_HMAC_SHA256": signature(signed, SECRET),
            "HTTP_X_SHOPIFY_SHOP_DOMAIN": shop.connection.domain,
            "wsgi.input": stream,
            **environ,
        }
    )


@pytest.mark.fault(16)
def test_a_body_that_is_too_large_is_refused_before_it_is_read(shop: Shop) -> None:
    stream = Stream(BODY)

    response = call(shop, stream, CONTENT_LENGTH=str(LIMIT + 1))

    assert (response.status_code, response.json()["code"]) == (413, "TOO_LARGE")
    assert stream.taken == 0


@pytest.mark.fault(16)
def test_five_megabytes_are_taken(shop: Shop) -> None:
    body = b'{"id": 1, "note": "' + b"a" * 5_000_000 + b'"}'

    assert shop.post("products/update", body).status_code == 200
    assert [bytes(event.body) for event in events(shop)] == [body]


@pytest.mark.fault(16)
def test_compressed_bytes_are_not_unpacked(shop: Shop) -> None:
    body = b"\x1f\x8b\x08\x00 whatever these are"

    assert shop.post("orders/create", body, Content_Encoding="gzip").status_code == 200
    assert [bytes(event.body) for event in events(shop)] == [body]


# ── what is not signed ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("topic", "header"),
    [
        pytest.param("orders/create%00", {}, id="NUL in the address"),
        pytest.param("orders/%F0%9F%A7%A3", {}, id="emoji in the address"),
        pytest.param("orders/%ff%fe", {}, id="bytes in the address that are no text"),
        pytest.param("x" * 6000, {}, id="long address"),
        pytest.param("orders/create", {"X_Shopify_Webhook_Id": "w" * 6000}, id="long id"),
        pytest.param("orders/create", {"X_Shopify_Webhook_Id": "a\0b"}, id="NUL in the id"),
        pytest.param("orders/create", {"X_Shopify_Event_Id": "e" * 6000}, id="long event id"),
        pytest.param("orders/create", {"X_Shopify_Triggered_At": "soon"}, id="no moment"),
        pytest.param("orders/create", {"X_Shopify_Triggered_At": "0000-01-01"}, id="year 0"),
        pytest.param("customer.tags_added", {}, id="topic with a dot"),
    ],
)
def test_odd_headers_and_addresses_are_stored_all_the_same(
    shop: Shop, topic: str, header: dict[str, str]
) -> None:
    assert shop.post(topic, BODY, **header).status_code == 200
    assert [bytes(event.body) for event in events(shop)] == [BODY]
