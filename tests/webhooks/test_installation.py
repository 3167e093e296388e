"""Uninstalled and installed again: the later of the two holds, in whatever order they are told."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations

import pytest

from shop_data.models import AppInstallation
from tenants.scope import tenant_scope
from tests.shops import Delivered, Shop
from tests.webhooks.inboxes import customer
from webhooks.installation import lives_since, uninstalled_at

pytestmark = pytest.mark.django_db
GONE: Delivered = ("app/uninstalled", {"id": 1, "myshopify_domain": "kaveri.myshopify.com"})
SCOPES: Delivered = ("app/scopes_update", {"previous": [], "current": ["read_orders"]})
OF_GONE: Delivered = (
    "customers/data_request", {"shop_domain": "kaveri.myshopify.com", "customer": {"id": 5}}
)  # fmt: skip


def at(hour: int) -> datetime:
    return datetime(2026, 3, 2, hour, tzinfo=UTC)


def tell(shop: Shop, what: Delivered, hour: int) -> None:
    shop.deliver(*what, X_Shopify_Triggered_At=at(hour).isoformat())
    shop.drain()


def gone_since(shop: Shop) -> datetime | None:
    with tenant_scope(shop.connection.tenant_id):
        return uninstalled_at()


@pytest.mark.fault(44)
@pytest.mark.parametrize("life", [SCOPES, ("customers/create", customer())], ids=str)
@pytest.mark.parametrize("late", [True, False])
def test_an_installation_after_it_outlives_an_uninstallation(
    shop: Shop, life: Delivered, late: bool
) -> None:
    told = [(GONE, 10), (life, 11)]

    for what, hour in reversed(told) if late else told:
        tell(shop, what, hour)

    assert gone_since(shop) is None


@pytest.mark.fault(44)
@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_the_last_uninstallation_holds_in_any_order(shop: Shop, order: tuple[int, ...]) -> None:
    told = [(GONE, 8), (("customers/create", customer()), 9), (GONE, 10)]

    for place in order:
        tell(shop, *told[place])

    assert gone_since(shop) == at(10)


def test_what_is_told_of_gone_shops_and_what_came_late_is_no_sign_of_life(shop: Shop) -> None:
    tell(shop, GONE, 10)
    tell(shop, OF_GONE, 11)
    tell(shop, ("customers/create", customer()), 9)
    shop.process(("customers/create", customer(2)))  # nobody says when that was

    assert gone_since(shop) == at(10)


def test_a_newer_installation_is_known_by_what_it_triggered(shop: Shop) -> None:
    tell(shop, ("customers/create", customer()), 11)

    with tenant_scope(shop.connection.tenant_id):
        assert (lives_since(at(10)), lives_since(at(11))) == (True, False)


def test_scopes_of_the_newest_word_count(shop: Shop) -> None:
    tell(shop, SCOPES, 12)
    tell(shop, ("app/scopes_update", {"previous": [], "current": []}), 11)

    with tenant_scope(shop.connection.tenant_id):
        assert AppInstallation.objects.get().scopes == ["read_orders"]
