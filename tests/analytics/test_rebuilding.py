"""A rebuild ends in what plain Python derives, from nothing, from the same and from anything."""

from __future__ import annotations

import random

import pytest
from django.utils import timezone

from analytics import rollups
from analytics.models import CohortDay, CustomerTotal, SalesDay, VariantDay
from analytics.rebuilding import IN_TURN
from analytics.rollup_sql import COARSER, CUSTOMERS, ROLLUPS
from shop_data.models import RollupMark
from tenants.models import Tenant, TenantState
from tenants.scope import tenant_scope
from tests.analytics.conftest import Books, an_order
from tests.analytics.rollup_lives import Lives
from tests.analytics.rollup_oracle import expected, stored

pytestmark = pytest.mark.django_db(transaction=True)  # a rebuild has connections of its own


def rebuild(tenant: Tenant) -> list[tuple[str, int, int]]:
    """Rebuild the rollups of a tenant; return what was said of the progress."""
    said: list[tuple[str, int, int]] = []
    rollups.rebuild(tenant.id, now=timezone.now(), progress=lambda *step: said.append(step))
    return said


def live(books: Books, seed: int) -> None:
    lives = Lives(random.Random(seed))
    books.tell(*(told for _ in range(60) for told in lives.step()))


@pytest.mark.parametrize("seed", range(3))
def test_rebuild_fills_tables_that_are_empty(books: Books, tenant: Tenant, seed: int) -> None:
    live(books, seed)

    rebuild(tenant)

    with tenant_scope(tenant.id):
        assert stored() == expected()


@pytest.mark.parametrize("seed", range(3))
def test_rebuild_mends_whatever_stands_there(books: Books, tenant: Tenant, seed: int) -> None:
    live(books, seed)
    books.refresh()
    with tenant_scope(tenant.id):
        SalesDay.objects.filter(dimension="hour").update(gross_sales=7)
        VariantDay.objects.filter(part="addition").delete()
        CohortDay.objects.update(active_week=5)
        CustomerTotal.objects.update(orders=99)

    rebuild(tenant)

    with tenant_scope(tenant.id):
        assert stored() == expected()


def test_rebuild_takes_the_marks_and_raises_the_version(books: Books, tenant: Tenant) -> None:
    books.tell(("orders/create", an_order(1, "2026-11-04T12:00:00").body()))
    with tenant_scope(tenant.id):
        before = TenantState.objects.get().data_version

    rebuild(tenant)

    with tenant_scope(tenant.id):
        assert not RollupMark.objects.exists()
        assert TenantState.objects.get().data_version > before


def test_rebuild_counts_its_steps_up_to_the_last(books: Books, tenant: Tenant) -> None:
    books.take(an_order(1, "2026-11-04T12:00:00", customer=7))

    said = rebuild(tenant)

    assert [done for _, done, _ in said] == list(range(1, len(said) + 1))
    assert {total for _, _, total in said} == {len(said)}
    assert len(said) >= len(IN_TURN) == len({*ROLLUPS, *COARSER, CUSTOMERS})


def test_rebuild_of_a_shop_without_orders_is_nothing(tenant: Tenant) -> None:
    with tenant_scope(tenant.id):
        TenantState.objects.get_or_create()

    assert rollups.rebuild(tenant.id, now=timezone.now(), progress=lambda *_: None) == 0


def test_rebuild_that_dies_leaves_its_days_to_the_worker(
    books: Books, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(books, 1)

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(rollups, "rebuild_tables", die)
    with pytest.raises(KeyboardInterrupt):
        rebuild(tenant)

    while books.refresh():
        pass
    with tenant_scope(tenant.id):
        assert stored() == expected()
