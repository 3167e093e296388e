"""What is known of an order, from bodies that are whole, cut, early, late or about an edit."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from shop_data.changes import Version, digest_of
from shop_data.known_orders import KnownOrder
from shop_data.models import Order, OrderDocument
from shop_data.payloads.edits import edit_record
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder
from tests.shops import Shop


def version(hour: int) -> Version:
    at = datetime(2026, 3, 2, hour, tzinfo=UTC)
    return Version(at, at, UUID(int=hour))


def learn(*bodies: tuple[int, dict[str, Any]]) -> KnownOrder:
    """Return what is known after bodies that came with the version of an hour."""
    known = KnownOrder(1)
    for hour, body in bodies:
        known.learn_order(body, json.dumps(body).encode(), version(hour))
    return known


CUT = [
    (1, {"id": 1, "note": "first", "tags": "a", "line_items": [{"id": 5, "quantity": 1}]}),
    (2, {"id": 1, "note": None, "email": "m@example.com"}),
    (3, {"id": 1, "tags": "b", "line_items": []}),
    (4, {"id": 1, "name": "#1"}),
]


@pytest.mark.parametrize("bodies", list(itertools.permutations(CUT)))
def test_each_field_is_that_of_the_newest_body_that_has_it(
    bodies: tuple[tuple[int, dict[str, Any]], ...],
) -> None:
    assert learn(*bodies).body() == {
        "id": 1, "note": None, "tags": "b", "email": "m@example.com", "name": "#1",
        "line_items": []}  # fmt: skip


def test_packing_forgets_nothing() -> None:
    known = learn(*CUT)
    refund = {"id": 9, "order_id": 1, "created_at": "2026-03-02T10:00:00Z"}
    known.learn_refund(refund, json.dumps(refund).encode(), version(1).at)
    edit = OrderBuilder(1).edit("2026-03-02T11:00:00Z", remove={5: 1})
    known.learn_edit(edit_record(edit, version(1).at))

    again = KnownOrder.unpack(1, known.version, known.packed_body(), known.packed_facts())

    assert vars(again.facts) == vars(known.facts)
    assert again.body() == known.body()
    assert again.packed_facts() == known.packed_facts()


def test_a_body_is_the_newest_or_it_changes_nothing() -> None:
    known = learn((2, CUT[0][1]))

    assert known.learn_order({"id": 1, "note": "old"}, b"{}", version(1)) is False
    assert known.learn_order(CUT[0][1], b"{}", version(3)) is True


def test_the_mirror_keeps_what_a_cut_body_does_not_say(shop: Shop) -> None:
    order = OrderBuilder()
    order.line("100.00")
    whole = order.body() | {"note": "call"}
    cut = {"id": order.id, "updated_at": "2026-03-04T10:00:00Z", "email": "new@example.com"}

    shop.process(("orders/create", whole), ("orders/updated", cut))

    with tenant_scope(shop.connection.tenant_id):
        mirrored = Order.objects.get()
        assert (mirrored.email, mirrored.note, mirrored.name) == (
            "new@example.com",
            "call",
            "#1001",
        )
        assert mirrored.items.count() == 1
    assert len(shop.sales()) == 1


def test_an_edit_wants_a_fresh_read_until_the_order_catches_up(shop: Shop) -> None:
    order = OrderBuilder()
    line = order.line("100.00", 2)
    shop.process(("orders/create", order.body()))
    edit = order.edit("2026-03-03T10:00:00Z", remove={line.id: 1})

    wanted = []
    for delivery in (("orders/edited", edit), ("orders/updated", order.body())):
        shop.process(delivery)
        with tenant_scope(shop.connection.tenant_id):
            wanted.append(OrderDocument.objects.get().needs_fresh_read)

    assert wanted == [True, False]


A, B, LATER = (json.dumps({"id": 1, "note": note}).encode() for note in "abc")


@pytest.mark.fault(3)
@pytest.mark.parametrize("told", list(itertools.permutations([A, B, A])))
@pytest.mark.parametrize("later_at", [0, 3, None])
def test_two_bodies_of_one_moment_want_a_fresh_read_until_a_later_one_comes(
    told: tuple[bytes, ...], later_at: int | None
) -> None:
    known = KnownOrder(1)
    bodies = [(raw, version(1)._replace(digest=digest_of(raw))) for raw in told]
    if later_at is not None:
        bodies.insert(later_at, (LATER, version(2)))

    for raw, its in bodies:
        known.learn_order(json.loads(raw), raw, its)

    assert known.needs_fresh_read() is (later_at is None)


def test_the_same_body_told_twice_wants_no_fresh_read() -> None:
    assert not learn((1, {"id": 1}), (1, {"id": 1})).needs_fresh_read()
