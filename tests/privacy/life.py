"""A customer of whom every topic tells, with texts that stand nowhere else."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils import timezone

from analytics import rollups
from shop_data.models import PrivacyRequest
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder
from tests.shops import Body, Delivered, Shop
from xenofy import privacy

DOMAIN = "kaveri.myshopify.com"
ID, MERGED, ORDER, GUEST_ORDER = 7700112233445, 7700112233001, 8800112233445, 8800112233446
EMAIL = "Quillon.Zephyrine@canary.example"
PERSON = {
    "id": ID, "email": EMAIL, "phone": "+49 1573 0099887", "first_name": "Quillon",
    "last_name": "Zephyrine", "note": "CANARYNOTE", "tags": "CANARYTAG", "state": "enabled",
    "default_address": {"city": "Vogelhausen", "country_code": "DE", "address1": "Canarygasse 77"},
}  # fmt: skip
PLACE = {
    "name": "Quillon Zephyrine", "company": "CANARYWORKS", "address1": "Canarygasse 77",
    "city": "Vogelhausen", "province": "Bayern", "province_code": "BY", "country": "Germany",
    "country_code": "DE", "zip": "98787-X", "phone": "+49 1573 0099887",
}  # fmt: skip
CANARIES = (
    *(str(ID), str(MERGED), "quillon", "zephyrine", "canary", "vogelhausen", "98787-x"),
    *("0099887", "anagram-of-nobody"),
)
MERGE = {
    "admin_graphql_api_customer_kept_id": f"gid://shopify/Customer/{ID}",
    "admin_graphql_api_customer_deleted_id": f"gid://shopify/Customer/{MERGED}",
    "status": "completed",
}
T = "2026-03-0{}T10:00:00+00:00"


def order(*, number: int = ORDER, day: int = 2, guest: bool = False) -> OrderBuilder:
    """Return an order of the person, with a line from the catalogue and one written by hand."""
    built = OrderBuilder(id=number, at=T.format(day), customer=None if guest else dict(PERSON))
    built.line("10.00", 2)
    built.line("5.00", product_id=None)
    built.ship("4.00")
    return built


def body_of(built: OrderBuilder) -> Body:
    """Return the order's body, with the person in every field that people write into."""
    body = built.body()
    body.update(
        email=EMAIL, contact_email=EMAIL, phone=PERSON["phone"], note="CANARYNOTE",
        tags="CANARYTAG", token="anagram-of-nobody", checkout_token="anagram-of-nobody",
        browser_ip="canary-ip", landing_site="/?name=Zephyrine", referring_site="canary.example",
        note_attributes=[{"name": "For", "value": "Quillon"}], shipping_address=dict(PLACE),
        billing_address=dict(PLACE), client_details={"browser_ip": "canary-ip"},
        something_new={"nested": ["Zephyrine"]},
    )  # fmt: skip
    body["line_items"][1]["title"] = "Alteration for Zephyrine"
    body["line_items"][0]["properties"] = [{"name": "Engraving", "value": "Quillon"}]
    return body


def stories() -> Iterator[Delivered]:
    """Yield what Shopify delivers about the person, and about somebody else."""
    other = OrderBuilder(id=9001, at=T.format(1))
    other.line("7.00")
    yield "orders/create", other.body()
    yield "customers/create", {**PERSON, "updated_at": T.format(1)}
    yield "customers/create", {**PERSON, "id": MERGED, "updated_at": T.format(1)}
    built = order()
    yield "orders/create", body_of(built)
    merged = order(number=ORDER + 5, day=3)
    merged.customer = {**PERSON, "id": MERGED}
    yield "orders/create", body_of(merged)
    yield "customers/merge", MERGE
    yield "orders/create", body_of(order(number=GUEST_ORDER, day=4, guest=True))
    refund = built.refund(T.format(5), units={built.lines[0].id: 1})
    refund["note"] = "CANARYNOTE"
    yield "refunds/create", copy.deepcopy(refund)
    body = body_of(built)
    body["refunds"][0]["note"] = "CANARYNOTE"
    yield "orders/updated", body
    yield from _parts()
    yield "orders/create", b'{"id": "no number", "email": "' + EMAIL.encode() + b'"}'  # type: ignore[misc]
    yield "themes/publish", {"id": 5, "by": EMAIL}


def _parts() -> Iterator[Delivered]:
    common = {"order_id": ORDER, "created_at": T.format(5), "updated_at": T.format(5)}
    parcel = {**common, "id": 31, "status": "success", "tracking_numbers": ["CANARYPARCEL"],
              "destination": PLACE, "line_items": [{"id": 1, "quantity": 1}]}  # fmt: skip
    yield "fulfillments/create", {**parcel, "email": EMAIL}
    yield "fulfillment_events/create", {
        **common, "id": 32, "fulfillment_id": 31, "status": "delivered", "city": "Vogelhausen",
        "happened_at": T.format(6)}  # fmt: skip
    yield "returns/request", {
        "id": 33, "order_id": ORDER, "status": "requested", "return_line_items": [
            {"id": 34, "quantity": 1, "return_reason": "unwanted",
             "return_reason_note": "CANARYNOTE"}]}  # fmt: skip
    yield "order_transactions/create", {
        **common, "id": 35, "kind": "sale", "status": "success", "amount": "29.00",
        "currency": "USD", "receipt": {"payer": EMAIL}}  # fmt: skip
    yield "disputes/create", {"id": 36, "order_id": ORDER, "type": "chargeback",
                              "status": "lost", "amount": "9.00", "currency": "USD"}  # fmt: skip
    for number, customer in ((37, PERSON), (38, None)):
        yield "checkouts/create", {
            "id": number, "token": "anagram-of-nobody", "email": EMAIL, "phone": None,
            "customer": customer, "currency": "USD", "total_price": "5.00",
            "abandoned_checkout_url": "https://x/anagram-of-nobody", "created_at": T.format(3),
            "updated_at": T.format(3), "line_items": [
                {"title": "Gift for Zephyrine", "quantity": 1, "line_price": "5.00"}]}  # fmt: skip
    yield "customer.tags_added", {"customerId": f"gid://shopify/Customer/{ID}",
                                  "tags": ["CANARYTAG"]}  # fmt: skip
    yield "customers/purchasing_summary", {"customer_id": ID, "number_of_orders": 2}


def told(shop: Shop) -> None:
    """Let Shopify deliver all stories, and have them processed and summed."""
    for topic, body in stories():
        shop.deliver(topic, body)
    shop.drain()
    sum_up(shop)


def request_of(topic: str, orders: str, *, customer: dict[str, Any] | None = None) -> Delivered:
    """Return a request about the person as Shopify makes it."""
    names = {name: PERSON[name] for name in ("id", "email", "phone")}
    body = {"shop_id": 1, "shop_domain": DOMAIN, "customer": customer or names, orders: [ORDER]}
    return topic, {**body, "data_request": {"id": 9999}} if "data" in topic else body


DATA = request_of("customers/data_request", "orders_requested")
REDACT = request_of("customers/redact", "orders_to_redact")


def carry_out(shop: Shop) -> int:
    """Carry out what was asked; return how many steps that took."""
    steps = 0
    while privacy.carry_out(tenant_of(shop), now=timezone.now()):
        steps += 1
    sum_up(shop)
    return steps


def sum_up(shop: Shop) -> None:
    while rollups.refresh(tenant_of(shop), now=timezone.now()):
        pass


def tenant_of(shop: Shop) -> UUID:
    return shop.connection.tenant_id


def requests(shop: Shop) -> list[PrivacyRequest]:
    with tenant_scope(tenant_of(shop)):
        return list(PrivacyRequest.objects.order_by("id"))
