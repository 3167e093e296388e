"""shop/redact: nothing of the shop is left, nobody gets in, and it may come again as a new one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Membership, User
from accounts.registration import Shop as NewShop
from accounts.registration import open_tenant
from shop_data.models import PrivacyRequest
from tenants import audit
from tenants.audit import Action
from tenants.erasure import erased_tenants
from tenants.models import Connection, ShopifyApp, Tenant
from tenants.scope import tenant_scope
from tests.factories import SECRET, ConnectionFactory
from tests.privacy.life import DATA, DOMAIN, REDACT, carry_out, requests, stories, tenant_of
from tests.shops import Shop
from xenofy import privacy
from xenofy.common.moments import iso

pytestmark = pytest.mark.django_db
REQUEST = {"shop_id": 1, "shop_domain": DOMAIN}
LAST_MONTH, WEEK_AGO = timedelta(days=30), timedelta(days=7)


def ago(span: timedelta) -> str:
    return iso(timezone.now() - span)


@pytest.fixture
def gone(shop: Shop) -> Shop:
    """A shop whose app was uninstalled a week ago, of which every table may know something."""
    for topic, body in stories():
        shop.deliver(topic, body, X_Shopify_Triggered_At=ago(LAST_MONTH))
    shop.drain()
    shop.deliver(*DATA, X_Shopify_Triggered_At=ago(LAST_MONTH))
    shop.deliver(*REDACT, X_Shopify_Triggered_At=ago(LAST_MONTH))
    shop.deliver("app/uninstalled", {"id": 1, "myshopify_domain": DOMAIN},
                 X_Shopify_Triggered_At=ago(WEEK_AGO))  # fmt: skip
    shop.drain()
    Connection.objects.update(updated_at=timezone.now() - LAST_MONTH)
    return shop


def rows_of(tenant_id: UUID) -> dict[str, int]:
    """Return table -> rows of the tenant, of every table that has such a column."""
    with tenant_scope(tenant_id), connection.connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns"
            " WHERE column_name = 'tenant_id' AND table_schema = current_schema()"
        )
        counts = {}
        for (table,) in list(cursor.fetchall()):
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE tenant_id = %s', [tenant_id])
            counts[table] = cursor.fetchone()[0]
    return {table: count for table, count in counts.items() if count}


def ask(shop: Shop, *, span: timedelta = timedelta(days=5)) -> None:
    shop.deliver("shop/redact", REQUEST, X_Shopify_Triggered_At=ago(span))
    shop.drain()


def erase(shop: Shop) -> int:
    """Carry everything out; return how many steps that took."""
    carry_out(shop)
    later, steps = timezone.now() + timedelta(minutes=3), 0
    while privacy.carry_out(tenant_of(shop), now=later):
        steps += 1
    return steps


@pytest.mark.threat(15)
@pytest.mark.fault(44)
def test_no_row_of_the_shop_is_left_anywhere(gone: Shop, owner: User, other_owner: User) -> None:
    with tenant_scope(tenant_of(gone)):
        audit.note(Action.KEY_MADE, actor_id=owner.id, actor=owner.email, now=timezone.now())
    assert len(rows_of(tenant_of(gone))) > 30
    ask(gone)

    erase(gone)

    assert rows_of(tenant_of(gone)) == {}
    tenant = Tenant.objects.get(id=tenant_of(gone))
    assert (tenant.name, tenant.erased_at is not None) == ("Erased shop", True)
    assert not ShopifyApp.objects.exists()
    assert list(Membership.objects.values_list("user", flat=True)) == [other_owner.id]
    assert erased_tenants() == {tenant.id}


@pytest.mark.fault(44)
def test_nothing_is_accepted_from_the_first_step_on(gone: Shop) -> None:
    ask(gone)
    while not erased_tenants():
        privacy.carry_out(tenant_of(gone), now=timezone.now())

    assert gone.post("orders/create", b"{}").status_code == 401


@pytest.mark.fault(44)
def test_what_was_under_way_at_the_beginning_is_erased_too(gone: Shop) -> None:
    ask(gone)
    carry_out(gone)

    (request,) = requests(gone)
    assert request.status == "waiting"
    assert rows_of(tenant_of(gone)).keys() == {
        "shop_data_privacyrequest", "tenants_tenantstate"}  # fmt: skip
    assert erase(gone) == 1


@pytest.mark.parametrize("sign", ["delivery", "connection"])
def test_a_shop_that_is_there_again_is_left_alone(gone: Shop, sign: str) -> None:
    if sign == "delivery":
        gone.deliver("orders/create", {"id": 77}, X_Shopify_Triggered_At=ago(timedelta(hours=1)))
    else:
        Connection.objects.update(updated_at=timezone.now())

    ask(gone)
    carry_out(gone)

    request = requests(gone)[-1]
    assert request.status == "refused" and "installed again" in request.reason
    assert rows_of(tenant_of(gone))["shop_data_order"] == 4
    assert not erased_tenants()


def test_a_secret_that_serves_another_shop_stays(gone: Shop) -> None:
    other = ConnectionFactory(app=gone.connection.app, domain="bluebird.myshopify.com")
    ask(gone)

    erase(gone)

    assert list(Connection.objects.all()) == [other]
    assert Shop(other).post("orders/create", b"{}").status_code == 200


def test_the_shop_may_come_again_as_a_new_one(gone: Shop, owner: User) -> None:
    ask(gone)
    erase(gone)

    tenant = open_tenant(
        owner, shop=NewShop(name="K", domain=DOMAIN, client_secret=SECRET), now=timezone.now()
    )

    again = Shop(Connection.objects.get(tenant=tenant))
    again.process(next(stories()))
    assert len(again.sales()) == 1
    assert rows_of(tenant_of(gone)) == {}


def test_a_worker_that_fails_before_each_commit_goes_on(
    gone: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    passages: list[str] = []

    def failpoint(name: str) -> None:
        passages.append(name)
        if name == "before_privacy_commit" and passages.count(name) % 2:
            raise RuntimeError(name)

    monkeypatch.setattr(privacy, "failpoint", failpoint)
    ask(gone)
    later = timezone.now() + timedelta(minutes=3)
    last: Any = None
    while last != 0:
        try:
            last = privacy.carry_out(tenant_of(gone), now=later)
        except RuntimeError:
            last = None

    with tenant_scope(tenant_of(gone)):
        assert not PrivacyRequest.objects.filter(kind="data").exists()
    later += timedelta(minutes=3)
    for _ in range(2):
        try:
            privacy.carry_out(tenant_of(gone), now=later)
        except RuntimeError:
            continue
    assert rows_of(tenant_of(gone)) == {}
