"""The history goes through the inbox, newest month first, once, and picks up where it was cut."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from analytics.rollups import refresh
from shop_data.models import Order, Sale, StoreInfo
from tenants.models import Tenant, TenantModel, TenantState
from tenants.scope import tenant_scope
from tests.demo.conftest import END
from webhooks.inbox import store
from webhooks.models import InboxEvent
from webhooks.processing import drain
from xenofy.demo import filling
from xenofy.demo.filling import fill
from xenofy.demo.history import History
from xenofy.demo.tenant import DemoShop, ensure_demo_tenant
from xenofy.verification.tenant import verify_tenant

pytestmark = pytest.mark.django_db

Fill = Callable[[], list[str]]


@pytest.fixture
def shop() -> DemoShop:
    return ensure_demo_tenant()


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> History:
    """Return a history of few orders, with all products and little of the stock."""
    history = History(seed=5, orders=70, end=END)
    opening = list(islice(history.opening(), 160))
    monkeypatch.setattr(history, "opening", lambda: iter(opening))
    return history


@pytest.fixture
def run(shop: DemoShop, little: History, monkeypatch: pytest.MonkeyPatch) -> Fill:
    """Return a run of `fill` beside a worker that takes a batch at each look."""
    monkeypatch.setattr(filling.time, "sleep", lambda _: drain(shop.tenant_id, now=timezone.now()))

    def once() -> list[str]:
        said: list[str] = []
        fill(shop.tenant_id, little, clock=timezone.now, say=said.append)
        return said

    return once


def test_every_order_of_the_history_is_counted(run: Fill, shop: DemoShop, little: History) -> None:
    run()

    with tenant_scope(shop.tenant_id):
        assert Order.objects.count() == len(little.visits)
        assert StoreInfo.objects.get().iana_timezone == "Asia/Kolkata"
        assert Sale.objects.exists()


def test_every_delivery_is_processed(run: Fill, shop: DemoShop) -> None:
    run()

    with tenant_scope(shop.tenant_id):
        left = InboxEvent.objects.exclude(
            status__in=[InboxEvent.Status.DONE, InboxEvent.Status.SUPERSEDED]
        )
        assert list(left.values_list("topic", "status", "last_error")) == []


def test_the_newest_month_comes_first(run: Fill, little: History) -> None:
    said = run()

    assert said[0].startswith("November 2026 stored")
    assert said[0].endswith(f"{len(little.months()) - 1} months to go")
    assert said[-2].startswith("November 2024 stored")
    assert f"{len(little.visits)} orders since November 2024" in said[-1]


def test_the_state_tells_how_far_back_the_history_will_go(
    run: Fill, shop: DemoShop, little: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def watching(deliveries: Any, *, now: Any) -> None:
        seen.append(TenantState.objects.get().history_since)
        store(deliveries, now=now)

    monkeypatch.setattr(filling, "store", watching)
    run()

    assert set(seen) == {little.first}
    with tenant_scope(shop.tenant_id):
        assert TenantState.objects.get().history_since is None


def test_a_second_run_stores_nothing(run: Fill, shop: DemoShop) -> None:
    run()
    with tenant_scope(shop.tenant_id):
        before = InboxEvent.objects.count()

    assert run() == []

    with tenant_scope(shop.tenant_id):
        assert InboxEvent.objects.count() == before


def test_a_run_that_was_cut_off_is_picked_up(
    run: Fill, shop: DemoShop, little: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = [9]  # the transactions that get through

    def breaking(deliveries: Any, *, now: Any) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        store(deliveries, now=now)

    monkeypatch.setattr(filling, "store", breaking)
    with pytest.raises(KeyboardInterrupt):
        run()
    while drain(shop.tenant_id, now=timezone.now()):
        pass
    stored: list[int] = []
    monkeypatch.setattr(filling, "store", lambda given, *, now: _store(given, now, stored))
    run()

    with tenant_scope(shop.tenant_id):
        assert Order.objects.count() == len(little.visits)
        assert TenantState.objects.get().history_since is None
        assert sum(stored) < InboxEvent.objects.count()


def test_figures_of_a_history_that_comes_backwards_are_those_of_its_rows(
    shop: DemoShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older order that comes later makes a newer one, and its returns, those of a regular."""
    history = History(seed=6, orders=350, end=END)
    opening = list(islice(history.opening(), 4))
    monkeypatch.setattr(history, "opening", lambda: iter(opening))
    monkeypatch.setattr(filling, "AHEAD", 1)
    monkeypatch.setattr(filling.time, "sleep", lambda _: _work(shop))

    fill(shop.tenant_id, history, clock=timezone.now, say=lambda _: None)

    found = verify_tenant(shop.tenant_id, limit=20, progress=lambda *_: None)
    assert found.differences.first == []


def test_no_other_tenant_gets_anything(run: Fill, other_tenant: Tenant) -> None:
    run()

    with tenant_scope(other_tenant.id):
        for model in apps.get_models():
            if issubclass(model, TenantModel) and model is not TenantState:
                assert not model.objects.exists(), model.__name__


def test_silence_of_the_worker_is_explained(
    shop: DemoShop, little: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    looks = []

    def sleep(_: float) -> None:
        looks.append(1)
        if len(looks) > 3:
            while drain(shop.tenant_id, now=timezone.now()):
                pass

    monkeypatch.setattr(filling, "PATIENCE", 0.0)
    monkeypatch.setattr(filling.time, "sleep", sleep)
    fill(shop.tenant_id, little, clock=timezone.now, say=said.append)

    assert any("wait for the worker" in text for text in said)


def _work(shop: DemoShop) -> None:
    """Take a batch and bring the figures up to date, as the worker does."""
    drain(shop.tenant_id, now=timezone.now())
    refresh(shop.tenant_id, now=timezone.now())


def _store(given: Any, now: Any, counts: list[int]) -> None:
    deliveries = list(given)
    counts.append(len(deliveries))
    store(deliveries, now=now)
