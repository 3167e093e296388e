"""An import is asked for, joined, cancelled, and says what it may not see and why it waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from shop_data.errands import Due, claim, fail
from shop_data.imports import bulk, importing
from shop_data.imports.planning import plan
from shop_data.imports.progress import progress
from shop_data.imports.spans import Span
from shop_data.models import (
    Errand,
    Import,
    ImportPiece,
    Location,
    Order,
)
from shop_data.shopify.client import AdminClient, admin_client
from shop_data.upserts.store import note_people
from tenants.models import Connection, TenantState
from tenants.scope import tenant_scope
from tests.shop_data.imports.bulk_shop import SCOPES, BulkShop
from tests.shop_data.imports.runs import NOW, last, run, some_orders
from tests.shopify_answers import Shopify

pytestmark = pytest.mark.django_db


def test_an_import_joins_the_one_that_runs(connected: Connection) -> None:
    with tenant_scope(connected.tenant_id):
        first, second = (importing.begin(now=NOW) for _ in range(2))

        assert first.id == second.id
        assert Errand.objects.count() == 1
    errand = Due(connected.tenant_id, importing.IMPORT)
    assert claim(errand, now=NOW)
    assert not claim(errand, now=NOW)


def test_an_import_that_is_asked_for_ends_a_sweep(connected: Connection, shopify: Shopify) -> None:
    shopify.answers = [shop := BulkShop(some_orders())]
    with tenant_scope(connected.tenant_id):
        swept = importing.begin_changes(Span(NOW - timedelta(minutes=20), NOW), now=NOW)
    importing.step(connected.tenant_id, now=NOW, alive=lambda: None)  # its operation begins

    done = run(connected.tenant_id)

    assert (done.kind, done.state, done.orders) == ("past", "done", 3)
    assert shop.cancelled == ["gid://shopify/BulkOperation/1"]
    with tenant_scope(connected.tenant_id):
        assert Import.objects.get(id=swept.id).state == "cancelled"
        assert Order.objects.count() == 3


def test_cancelling_an_import_leaves_a_sweep_alone(connected: Connection) -> None:
    with tenant_scope(connected.tenant_id):
        swept = importing.begin_changes(Span(NOW - timedelta(minutes=20), NOW), now=NOW)

        assert not importing.cancel(now=NOW)
        assert Import.objects.get(id=swept.id).state == "running"


def test_what_was_cancelled_while_it_was_planned_is_not_waited_for(
    connected: Connection, shopify: Shopify
) -> None:
    shop = BulkShop(some_orders())
    shopify.answers = [shop]
    with tenant_scope(connected.tenant_id):
        running = importing.begin(now=NOW)
        importing.cancel(now=NOW)

    plan(admin_client(connected.tenant_id), running, now=NOW)

    with tenant_scope(connected.tenant_id):
        assert TenantState.objects.get().history_since is None
        assert not ImportPiece.objects.exists()


def test_without_orders_all_else_is_brought_and_said(
    connected: Connection, shopify: Shopify
) -> None:
    fewer = [scope for scope in SCOPES if scope not in {"read_orders", "read_all_orders"}]
    shopify.answers = [shop := BulkShop(some_orders(), scopes=fewer)]
    chennai = {"id": "gid://shopify/Location/41", "name": "Chennai", "isActive": True}
    chennai |= {"updatedAt": "2026-06-01T10:00:00Z", "address": {"city": "Chennai"}}
    shop.others["locations"] = [{"__typename": "Location", **chennai}]

    done = run(connected.tenant_id)

    assert (done.state, done.orders) == ("done", None)
    assert "Without the scopes read_orders there are no orders and all figures" in done.trouble
    with tenant_scope(connected.tenant_id):
        assert Location.objects.get().name == "Chennai"
        assert progress(now=NOW).share is None


def test_why_an_import_waits_is_said(connected: Connection) -> None:
    with tenant_scope(connected.tenant_id):
        importing.begin(now=NOW)
    errand = Due(connected.tenant_id, importing.IMPORT)
    claim(errand, now=NOW)
    fail(errand, "Shopify does not answer.", now=NOW)

    with tenant_scope(connected.tenant_id):
        assert progress(now=NOW).trouble == "Shopify does not answer."
        importing.cancel(now=NOW)
        assert progress(now=NOW).trouble == ""


def test_what_may_not_be_seen_is_said_and_the_rest_is_brought(
    connected: Connection, shopify: Shopify
) -> None:
    fewer = [scope for scope in SCOPES if scope not in {"read_customers", "read_all_orders"}]
    shopify.answers = [shop := BulkShop(some_orders(), scopes=fewer)]

    done = run(connected.tenant_id)

    assert done.state == "done"
    assert "Without the scopes read_customers there are no names of customers." in done.trouble
    assert "last 60 days" in done.trouble
    assert done.since_at == datetime(2026, 4, 16, 12, tzinfo=UTC)
    assert shop.searches[-1].startswith("created_at:>='2026-04-16T12:00:00Z'")


def test_cancelling_keeps_what_came_and_tells_shopify(
    connected: Connection, shopify: Shopify
) -> None:
    shop = BulkShop(some_orders())
    shop.change = lambda query, state: state.update(status="RUNNING")
    shopify.answers = [shop]
    run(connected.tenant_id, steps=4)

    with tenant_scope(connected.tenant_id):
        importing.cancel(now=NOW)
    importing.step(connected.tenant_id, now=NOW, alive=lambda: None)

    assert last(connected.tenant_id).state == "cancelled"
    assert shop.cancelled == ["gid://shopify/BulkOperation/1"]
    with tenant_scope(connected.tenant_id):
        assert TenantState.objects.get().history_since is None
        assert not ImportPiece.objects.exclude(operation="").exists()


@pytest.mark.fault(43)
@pytest.mark.parametrize("goes_on", [True, False])
@pytest.mark.parametrize("are_withheld", [True, False])
def test_who_is_killed_while_an_operation_starts_finds_it_again(
    connected: Connection,
    shopify: Shopify,
    monkeypatch: pytest.MonkeyPatch,
    *,
    goes_on: bool,
    are_withheld: bool,
) -> None:
    with tenant_scope(connected.tenant_id):
        note_people(withheld_at=NOW if are_withheld else None)
    shopify.answers = [shop := BulkShop(some_orders())]
    shop.change = lambda query, state: state.update(status="RUNNING")
    start = bulk.start

    def start_and_die(client: AdminClient, query: str) -> str:
        start(client, query)
        raise SystemExit

    monkeypatch.setattr(bulk, "start", start_and_die)
    with pytest.raises(SystemExit):
        run(connected.tenant_id)
    monkeypatch.setattr(bulk, "start", start)
    shop.change = lambda query, state: None
    if not goes_on:
        with tenant_scope(connected.tenant_id):
            importing.cancel(now=NOW)
    importing.step(connected.tenant_id, now=NOW, alive=lambda: None)

    (only,) = shop.states
    with tenant_scope(connected.tenant_id):
        kept = ImportPiece.objects.exclude(operation="").values_list("operation", flat=True)
        assert (list(kept), shop.cancelled) == (([only], []) if goes_on else ([], [only]))
