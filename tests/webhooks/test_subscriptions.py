"""Subscriptions in a shop, at the double: made, kept, made again, refused in words."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.authorisation import redirect_address
from shop_data.models import Errand
from shop_data.shopify.client import AdminClient, admin_client
from shop_data.shopify.errors import Unreachable
from shop_data.shopify.scopes import asked_for
from shop_data.shopify.version import API_VERSION
from tenants.models import AuditEntry, Tenant
from tenants.scope import tenant_scope
from tests.factories import ConnectionFactory
from webhooks import subscriptions
from webhooks.subscription_checks import subscribed
from webhooks.subscriptions import CONFIGURED, OFFERED, graphql_name, listed, repair, step
from webhooks.topics import TOPICS
from xenofy.fakeshop.world import World

pytestmark = pytest.mark.django_db
DOMAIN = "kaveri.myshopify.com"
FEW = ("app/uninstalled", "orders/create", "orders/updated", "returns/request")


@pytest.fixture
def admin(fakeshop: World, tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> AdminClient:
    """The client of a shop at the double, with all rights; a few topics make it fast."""
    monkeypatch.setattr(subscriptions, "OFFERED", FEW)
    fakeshop.shop(DOMAIN)
    connection = ConnectionFactory(tenant=tenant, domain=DOMAIN)
    connection.access_token = fakeshop.token(DOMAIN)
    connection.save(update_fields=["access_token_encrypted"])
    return admin_client(tenant.id)


def connect(world: World, tenant: Tenant, **grant: Any) -> None:
    """Give the connection another token of the double."""
    connection = tenant.connections.get()
    connection.access_token = world.token(DOMAIN, **grant)
    connection.save(update_fields=["access_token_encrypted"])


def look(admin: AdminClient) -> None:
    """Let the hourly look happen."""
    step(admin.tenant_id, now=timezone.now(), alive=lambda: None)


def lose(world: World, topic: str) -> None:
    """Let Shopify remove a subscription, as after failures."""
    gone = next(one for one in _held(world) if one.topic == topic)
    del world.hooks.subscriptions[gone.id]


def test_all_that_is_taken_and_no_more_can_be_subscribed_to(settings: Any) -> None:
    parts = (settings.BASE_DIR / "xenofy/fakeshop/admin/schema").glob("*.graphql")
    schema = "\n".join(part.read_text() for part in parts)
    known = schema.partition("enum WebhookSubscriptionTopic {")[2].partition("}")[0].split()

    assert {graphql_name(topic) for topic in OFFERED} <= set(known)
    assert set(OFFERED) | CONFIGURED == TOPICS


def topics(world: World) -> list[str]:
    return sorted(one.slashed for one in world.hooks.subscriptions.values())


def test_a_shop_is_subscribed_to_all_that_we_take_and_to_nothing_twice(
    fakeshop: World, admin: AdminClient
) -> None:
    first, second = repair(admin), repair(admin)

    assert (first.created, second.created, second.removed) == (FEW, (), ())
    assert second.kept == FEW
    assert topics(fakeshop) == list(FEW)
    assert {one.uri for one in listed(admin)} == {one.uri for one in _held(fakeshop)}


@pytest.mark.fault(7)
def test_what_shopify_removed_after_failures_is_subscribed_again(
    fakeshop: World, admin: AdminClient
) -> None:
    look(admin)
    with tenant_scope(admin.tenant_id):
        assert not AuditEntry.objects.exists()  # nothing was lost the first time
    lose(fakeshop, "ORDERS_UPDATED")

    look(admin)

    assert topics(fakeshop) == list(FEW)
    with tenant_scope(admin.tenant_id):
        entry = AuditEntry.objects.get()
        assert (entry.action, entry.subject) == ("shop.subscribed_again", "orders/updated")
        assert Errand.objects.get().name == "sweep"  # of what was missed


def test_what_was_never_subscribed_to_was_not_lost(
    fakeshop: World, tenant: Tenant, admin: AdminClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kill after the first topics, a right that is granted later, a topic of a newer release."""
    monkeypatch.setattr(subscriptions, "OFFERED", FEW[:2])
    repair(admin)  # and it was killed before it could write that down
    monkeypatch.setattr(subscriptions, "OFFERED", FEW)
    connect(fakeshop, tenant, without=("read_returns",))
    look(admin)
    connect(fakeshop, tenant)
    look(admin)

    assert topics(fakeshop) == list(FEW)
    with tenant_scope(admin.tenant_id):
        assert not AuditEntry.objects.exists()


def test_a_subscription_that_tells_a_part_alone_is_replaced(
    fakeshop: World, admin: AdminClient
) -> None:
    repair(admin)
    thin = next(one for one in _held(fakeshop) if one.topic == "ORDERS_CREATE")
    thin.include_fields = ("id",)

    done = repair(admin)

    assert (done.created, done.removed) == (("orders/create",), ("orders/create",))
    assert all(not one.include_fields for one in _held(fakeshop))


def test_addresses_of_another_host_are_left_alone(
    fakeshop: World, admin: AdminClient, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://before.example.com"
    repair(admin)
    settings.PUBLIC_URL = "https://now.example.com"

    done = repair(admin)

    assert (done.created, done.removed) == (FEW, ())
    assert len(_held(fakeshop)) == 2 * len(FEW)


def test_what_a_missing_right_keeps_from_us_is_said_in_words(
    fakeshop: World, tenant: Tenant, admin: AdminClient
) -> None:
    connect(fakeshop, tenant, without=("read_returns",))

    look(admin)

    with tenant_scope(tenant.id):
        found = subscribed()
    assert found.refused == {"read_returns": ["returns/request"]}
    assert found.topics == list(FEW[:-1])


def test_the_errand_comes_again_in_an_hour(tenant: Tenant, admin: AdminClient) -> None:
    now = timezone.now()

    assert step(tenant.id, now=now, alive=lambda: None) == now + timedelta(hours=1)


def test_a_shop_that_is_not_connected_is_left_alone(tenant: Tenant) -> None:
    assert step(tenant.id, now=timezone.now(), alive=lambda: None) is None


def test_where_shopify_cannot_deliver_nothing_is_subscribed_to(
    fakeshop: World, tenant: Tenant, admin: AdminClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscriptions, "why_unreachable", lambda: "Nothing answers.")

    with pytest.raises(Unreachable, match="Nothing answers"):
        step(tenant.id, now=timezone.now(), alive=lambda: None)

    assert _held(fakeshop) == []
    with tenant_scope(tenant.id):
        assert subscribed().unreachable == "Nothing answers."


def _held(world: World) -> list[Any]:
    return list(world.hooks.subscriptions.values())


def test_the_template_of_an_app_names_what_cannot_be_subscribed_to(settings: Any) -> None:
    template = tomllib.loads((settings.BASE_DIR / "docs/shopify.app.toml").read_text())

    named = [one["compliance_topics"] for one in template["webhooks"]["subscriptions"]]
    addresses = [urlsplit(one["uri"]).path for one in template["webhooks"]["subscriptions"]]
    assert {topic for topics in named for topic in topics} == CONFIGURED
    assert addresses == [reverse("webhooks:shopify", args=topics) for topics in named]
    assert template["webhooks"]["api_version"] == API_VERSION
    assert template["access_scopes"]["scopes"] == asked_for()
    paths = [urlsplit(address).path for address in template["auth"]["redirect_urls"]]
    assert paths == [urlsplit(redirect_address()).path]
