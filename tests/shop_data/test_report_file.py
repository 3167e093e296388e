"""A report of Shopify's as a CSV file is held against the days of the shop."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.utils import timezone

from shop_data.models import Reconciliation, SalesDifference
from shop_data.reconciliation import results
from shop_data.reconciliation.report_file import ReportRefused, compare_report
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder
from tests.factories import ConnectionFactory
from tests.shops import Shop

pytestmark = pytest.mark.django_db

HEAD = "Day,Orders,Gross sales,Net sales,Total sales\n"
FIRST, SECOND = "2026-03-01", "2026-03-02"


@pytest.fixture
def shop(tenant: Tenant) -> Shop:
    """A shop with an order of 100.00 on the first day."""
    found = Shop(ConnectionFactory(tenant=tenant))
    found.process(("shop/update", {"id": 1, "currency": "EUR", "iana_timezone": "UTC"}))
    order = OrderBuilder(id=1, at=f"{FIRST}T12:00:00Z", currency="EUR")
    order.line("100.00")
    found.process(("orders/create", order.body()))
    return found


def compare(shop: Shop, text: str) -> Reconciliation:
    with tenant_scope(shop.connection.tenant_id):
        return compare_report(io.BytesIO(text.encode()), now=timezone.now())


def test_what_agrees_is_said_of_its_days_only(shop: Shop) -> None:
    compare(shop, f"{HEAD}{FIRST},1,100.00,100.00,100.00\n{SECOND},0,0,0,0.00\n,1,100,100,100\n")

    with tenant_scope(shop.connection.tenant_id):
        found = results.checked(date(2026, 3, 1), date(2026, 3, 5), "EUR")
        assert results.checked(date(2026, 2, 28), date(2026, 3, 1), "EUR") is None
        assert results.last_done() is None  # Shopify itself was not asked
    assert found and (found.until, list(found.differing)) == (date(2026, 3, 2), [])


def test_what_differs_is_open_and_its_orders_are_read_again(shop: Shop) -> None:
    compare(shop, f"{HEAD}{FIRST},1,100.00,90.00,90.00\n")

    with tenant_scope(shop.connection.tenant_id):
        rows = SalesDifference.objects.order_by("metric")
        assert [(row.metric, row.ours, row.theirs) for row in rows] == [
            ("netSales", 10000, 9000), ("totalSales", 10000, 9000)]  # fmt: skip
        assert results.suspected_orders() == [1]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Product,Net sales\nScarf,1.00\n", "needs a column Day"),
        (f"{HEAD}{FIRST},1,1,1,1\n2026-03-03,1,1,1,1\n", "none left out"),
        (f"{HEAD}3 March,1,1,1,1\n", "Line 2 has no day"),
        (f"{HEAD}{FIRST},1,1,,1\n", "Line 2 has no amount under Net sales"),
        (f"{HEAD}{FIRST},1,1,1,1", "it is cut"),
    ],
)
def test_what_is_no_report_is_refused_as_a_whole(shop: Shop, text: str, why: str) -> None:
    with pytest.raises(ReportRefused, match=why):
        compare(shop, text)

    with tenant_scope(shop.connection.tenant_id):
        assert not Reconciliation.objects.exists()
