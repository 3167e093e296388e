"""Every table of the rollups is what plain Python derives from ledger and orders."""

from __future__ import annotations

import random
from typing import Any

import pytest

from analytics import rollups
from analytics.rollup_sql import CUSTOMERS, ROLLUPS
from tenants.scope import tenant_scope
from tests.analytics.conftest import STORE, Books
from tests.analytics.rollup_lives import Lives
from tests.analytics.rollup_oracle import expected, stored


@pytest.mark.parametrize("seed", range(4))
def test_tables_follow_the_lives_of_orders(books: Books, seed: int) -> None:
    lives = Lives(random.Random(seed))
    for _ in range(12):
        books.tell(*(told for _ in range(8) for told in lives.step()))
        books.refresh()

        with tenant_scope(books.connection.tenant_id):
            assert_equal(stored(), expected())
            assert rollups.marked_days() == set()


def assert_equal(found: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Compare table by table, so that a failure names the rows that differ."""
    assert found.keys() == wanted.keys() == {rollup.table for rollup in (*ROLLUPS, CUSTOMERS)}
    for table, rows in wanted.items():
        assert found[table] == rows, table


def test_lives_touch_every_table(books: Books) -> None:
    lives = Lives(random.Random(1))
    books.tell(*(told for _ in range(100) for told in lives.step()))
    books.refresh()

    with tenant_scope(books.connection.tenant_id):
        for table, rows in stored().items():
            assert len(rows) > 3, table


def test_shop_that_moves_to_another_time_zone_gets_all_its_days_anew(books: Books) -> None:
    lives = Lives(random.Random(3))
    books.tell(*(told for _ in range(60) for told in lives.step()))
    books.refresh()
    tenant_id = books.connection.tenant_id
    with tenant_scope(tenant_id):
        before = stored()

    moved = {**STORE, "iana_timezone": "Pacific/Auckland", "updated_at": "2026-12-01T00:00:00Z"}
    books.tell(("shop/update", moved))
    with tenant_scope(tenant_id):
        assert rollups.marked_days()  # pages count them from the ledger or say so
    while books.refresh():
        pass

    with tenant_scope(tenant_id):
        assert_equal(stored(), expected())
        assert stored() != before
        assert rollups.marked_days() == set()
