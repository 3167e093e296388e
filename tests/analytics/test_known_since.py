"""Since when a shop is known, and what a page says of the days before."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib import import_module

import pytest
from django.db import connections
from django.test import Client

from analytics.reports.coverage import Coverage, coverage
from tenants.models import Tenant, TenantState
from tenants.scope import tenant_scope
from tests.analytics.conftest import Books, an_order
from tests.analytics.pages import seen

NOON = "T12:00:00"


@pytest.fixture
def begun(books: Books) -> Books:
    """A shop of which no order was delivered yet, and whose past nobody imports."""
    books.begin()
    return books


def known(tenant: Tenant, now: datetime) -> Coverage:
    with tenant_scope(tenant.id):
        return coverage(now=now)


def test_shop_is_known_since_the_first_order_whose_creation_was_delivered(
    begun: Books, tenant: Tenant, now: datetime
) -> None:
    begun.take(an_order(1, f"2026-11-04{NOON}"), an_order(2, f"2026-11-06{NOON}"))

    found = known(tenant, now)

    assert found.known_since_at == datetime(2026, 11, 4, 6, 30, tzinfo=UTC)
    assert found.known_since == date(2026, 11, 4)


def test_first_day_is_known_in_part_only(begun: Books, tenant: Tenant, now: datetime) -> None:
    begun.take(an_order(1, f"2026-11-04{NOON}"))

    found = known(tenant, now)

    assert not found.covers(date(2026, 11, 4))
    assert found.covers(date(2026, 11, 5))


def test_old_order_that_changes_tells_nothing_of_its_days(
    begun: Books, tenant: Tenant, now: datetime
) -> None:
    begun.take(an_order(1, f"2026-10-02{NOON}"), topic="orders/updated")

    found = known(tenant, now)

    assert found.first_day == date(2026, 10, 2)
    assert found.known_since == date(2026, 11, 23)


def test_other_deliveries_tell_nothing_of_orders(
    begun: Books, tenant: Tenant, now: datetime
) -> None:
    begun.tell(("customers/create", {"id": 1, "updated_at": "2026-11-01T00:00:00Z"}))

    assert known(tenant, now).known_since is None


def test_unreadable_order_tells_nothing(begun: Books, tenant: Tenant, now: datetime) -> None:
    begun.deliver("orders/create", b"{")
    begun.drain()

    assert known(tenant, now).known_since is None


def test_page_leaves_the_days_before_out(page: Client, begun: Books, now: datetime) -> None:
    begun.take(an_order(1, f"2026-10-30{NOON}", "700"), topic="orders/updated")
    with_it = an_order(2, f"2026-11-20{NOON}", "100")
    begun.take(with_it)

    found = seen(page)

    assert found.headline == "₹100.00"
    assert "20 – 22 Nov" in found.html
    assert found.notes == ["Known since 20 Nov. Days before have no figures here."]
    assert found.aside == "— nothing to compare with before 20 Nov"


def test_page_of_the_first_day_shows_today(page: Client, begun: Books, now: datetime) -> None:
    begun.take(an_order(1, "2026-11-23T11:00:00", "100"))

    assert seen(page).headline == "₹100.00"


def test_days_of_which_nothing_is_known_get_a_sentence(
    page: Client, begun: Books, now: datetime
) -> None:
    begun.take(an_order(1, f"2026-11-20{NOON}"))

    found = seen(page, "?start=2026-10-01&end=2026-10-31")

    assert found.status == 400
    assert "This shop is known since 20 Nov. Days before have no figures." in found.html


def test_what_a_later_import_knows_counts(begun: Books, tenant: Tenant, now: datetime) -> None:
    with tenant_scope(tenant.id):
        TenantState.objects.update(known_since_at=datetime(2025, 1, 1, tzinfo=UTC))
    begun.take(an_order(1, f"2026-11-20{NOON}"))

    assert known(tenant, now).known_since == date(2025, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_an_older_installation_goes_on_to_show_its_history(
    begun: Books, tenant: Tenant, now: datetime
) -> None:
    begun.take(an_order(1, f"2026-10-02{NOON}"), topic="orders/updated")
    begun.begin()
    migration = import_module("webhooks.migrations.0005_known_since")
    with connections["owner"].cursor() as cursor:
        cursor.execute(migration.SINCE_THE_FIRST_ORDER)

    assert known(tenant, now).known_since == date(2026, 10, 2)
