"""How long a client may keep an answer, address by address, and for whom it is."""

from __future__ import annotations

import pytest
from django.test import Client

from tenants.rights import Right
from tests.isolation.twins import Twin

pytestmark = pytest.mark.django_db(databases=["default", "worker"])
MINUTE, HOUR = 60, 3600
AGES = {
    "dashboard": 5 * MINUTE,
    "customers/stats": 15 * MINUTE,
    "customers/top-spenders": 15 * MINUTE,
    "customers/detailed": 0,
    "orders/stats": 10 * MINUTE,
    "orders/detailed": 5 * MINUTE,
    "orders/filtered": MINUTE,
    "orders/filtered?startDate=2026-01-01&endDate=2026-01-31": HOUR,  # over
    "products/stats": 20 * MINUTE,
    "products/detailed": 5 * MINUTE,
    "analytics/insights": MINUTE,
    "analytics/abandoned-carts": HOUR,
    "analytics/events": 0,
    "analytics/inventory": HOUR,
    "analytics/fulfillment": 30 * MINUTE,
    "analytics/customer-segments": HOUR,
    "reports/sales": MINUTE,
}  # seconds; none is longer than the contract lets a client see


@pytest.mark.parametrize(("path", "age"), AGES.items())
def test_answer_is_its_readers_own_and_can_be_asked_for_again(
    first: Twin, path: str, age: int
) -> None:
    api, address = Client(headers={"X-API-Key": first.every_key}), f"/api/data/{path}"
    answer = api.get(address)

    again = api.get(address, headers={"If-None-Match": answer["ETag"]})

    assert answer["Cache-Control"] == f"private, max-age={age}"
    assert {"Authorization", "X-API-Key", "Cookie"} <= set(answer["Vary"].split(", "))
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])


@pytest.mark.parametrize("path", ["customers/detailed", "orders/detailed", "analytics/events"])
def test_who_may_not_see_people_has_another_answer(first: Twin, path: str) -> None:
    seeing, other = first.every_key, first.but_one[Right.READ_CUSTOMERS]

    tags = {
        Client(headers={"X-API-Key": key}).get(f"/api/data/{path}")["ETag"]
        for key in (seeing, other)
    }

    assert len(tags) == 2
