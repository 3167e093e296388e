"""`manage.py rebuild`: figures are summed anew, of one tenant or of all."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from analytics.models import SalesDay
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder
from tests.factories import ConnectionFactory
from tests.shops import Shop

pytestmark = pytest.mark.django_db(transaction=True)


def rebuild(**options: str) -> str:
    out = StringIO()
    call_command("rebuild", stdout=out, stderr=out, **options)
    return out.getvalue()


def sold(tenant: Tenant, domain: str) -> None:
    shop = Shop(ConnectionFactory(tenant=tenant, domain=domain))
    order = OrderBuilder(id=1, at="2026-11-04T12:00:00Z", currency="INR")
    order.line("100")
    shop.deliver("orders/create", order.body())
    shop.drain()


def sums(tenant: Tenant) -> list[int]:
    with tenant_scope(tenant.id):
        return list(SalesDay.objects.totals().values_list("gross_sales", flat=True))


def test_rebuild_fills_the_figures_of_every_tenant(tenant: Tenant, other_tenant: Tenant) -> None:
    sold(tenant, "kaveri.myshopify.com")
    sold(other_tenant, "bluebird.myshopify.com")

    said = rebuild()

    assert sums(tenant) == sums(other_tenant) == [10_000]
    assert said.count("1 days in ") == 2


def test_rebuild_of_one_tenant_leaves_others(tenant: Tenant, other_tenant: Tenant) -> None:
    sold(tenant, "kaveri.myshopify.com")
    sold(other_tenant, "bluebird.myshopify.com")

    rebuild(tenant="kaveri.myshopify.com")

    assert sums(tenant) == [10_000]
    assert sums(other_tenant) == []


def test_rebuild_of_an_unknown_tenant_says_so() -> None:
    with pytest.raises(CommandError, match="No tenant"):
        rebuild(tenant="nobody.myshopify.com")
