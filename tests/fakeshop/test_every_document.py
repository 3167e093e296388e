"""Every document that is known to be right is answered in full, over all that a shop can hold."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.fakeshop.conftest import DOMAIN, Outside
from tests.fakeshop.test_bulk import QUERIES, Bulk
from xenofy.fakeshop.seeds.telling import tell
from xenofy.fakeshop.world import World

OURS = Path(__file__).parents[2] / "shop_data/shopify/documents"
BULK = [path for folder in (QUERIES, OURS) for path in sorted(folder.glob("bulk_*.graphql"))]
TYPES = {
    "bulk_orders": {"Order", "LineItem", "ShippingLine", "DiscountCodeApplication"},
    "bulk_orders_ledger": {"RefundAgreement", "ReturnAgreement", "ShippingLineSale", "DutySale"},
    "bulk_returns": {"Return", "ReturnLineItem", "ExchangeLineItem", "Refund"},
    "bulk_products": {"Product", "ProductVariant"},
}


@pytest.fixture(scope="module")
def world() -> World:
    """A world whose shop has a past with everything in it."""
    found = World(datetime(2026, 7, 1, 12, tzinfo=UTC))
    tell(found, found.shop(DOMAIN, taxes_included=True), orders=400, seed=1)
    return found


@pytest.fixture(scope="module")
def outside(world: World) -> Outside:
    return Outside(world)


@pytest.mark.parametrize("path", BULK, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_a_bulk_document_is_answered_in_full(world: World, outside: Outside, path: Path) -> None:
    bulk = Bulk(world, outside)
    text = re.sub(r'query: "[^"]*"', 'query: ""', path.read_text())

    done = bulk.ended(text)
    _, lines = bulk.download(done["url"])

    kinds = {json.loads(line).get("__typename") for line in lines}
    assert (done["status"], done["objectCount"]) == ("COMPLETED", str(len(lines)))
    assert TYPES.get(path.stem, set()) <= kinds


@pytest.mark.parametrize("name", ["page_orders_updated", "shop"], ids=lambda name: name)
def test_a_page_is_answered_without_an_error(world: World, outside: Outside, name: str) -> None:
    text = re.sub(r'query: "[^"]*"', 'query: ""', (QUERIES / f"{name}.graphql").read_text())

    answer: Any = outside.graphql(world.token(DOMAIN), text, q="")

    assert "errors" not in answer


def test_every_refund_is_answered_by_id(world: World, outside: Outside) -> None:
    text = (QUERIES / "page_refunds.graphql").read_text()
    refunds = [one for order in world.shop(DOMAIN).orders() for one in order.refunds][:9]

    answer: Any = outside.graphql(
        world.token(DOMAIN), text, ids=[f"gid://shopify/Refund/{one.id}" for one in refunds]
    )

    assert "errors" not in answer
    assert len(answer["data"]["nodes"]) == len(refunds)
