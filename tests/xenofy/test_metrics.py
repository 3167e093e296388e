"""Figures about the installation: who may read them, and what they say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from analytics.models import SelfCheck
from shop_data.models import ApiBudget, RollupMark
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.factories import ConnectionFactory
from tests.invariants.rows import make
from webhooks.models import InboxEvent

pytestmark = pytest.mark.django_db(transaction=True)


def read(**how: Any) -> Any:
    return Client().get("/metrics", **how)


def figures() -> dict[str, float]:
    return {
        sample.name: sample.value
        for family in text_string_to_metric_families(read().text)
        for sample in family.samples
    }


@pytest.fixture
def two_shops(tenant: Tenant, other_tenant: Tenant) -> tuple[Tenant, Tenant]:
    """Return two shops of which each has two deliveries, one of them in quarantine."""
    now = timezone.now()
    for each in (tenant, other_tenant):
        with tenant_scope(each.id):
            ConnectionFactory(tenant=each, state="reauth_required")
            make(ApiBudget, answered_version="2025-01")
            make(InboxEvent, status="pending", received_at=now - timedelta(minutes=5))
            make(InboxEvent, status="quarantined", last_error="quillon@canary.example")
            make(RollupMark)
            make(SelfCheck, at=now, differing_rows=3)
            make(SelfCheck, at=now - timedelta(days=3), differing_rows=100)
    return tenant, other_tenant


def test_figures_add_up_what_all_shops_have(two_shops: tuple[Tenant, Tenant]) -> None:
    found = figures()

    assert 299 <= found.pop("xenofy_inbox_oldest_seconds") < 360
    assert {name: value for name, value in found.items() if value} == {
        "xenofy_info": 1,
        "xenofy_inbox_pending": 2,
        "xenofy_inbox_quarantined": 2,
        "xenofy_marks_waiting": 2,
        "xenofy_rollup_rows_differing": 6,
        "xenofy_rollup_checks": 2,
        "xenofy_connections_refused": 2,
        "xenofy_api_versions_differing": 2,
    }


def test_nothing_waits_in_an_empty_installation() -> None:
    assert {name for name, value in figures().items() if value} == {"xenofy_info"}


def test_no_shop_and_nobody_is_named(two_shops: tuple[Tenant, Tenant]) -> None:
    text = read().text.lower()

    for shop in two_shops:
        assert str(shop.id) not in text and shop.name.lower() not in text
    assert "canary" not in text


@pytest.mark.parametrize(
    "how",
    [
        {"REMOTE_ADDR": "203.0.113.9"},
        {"REMOTE_ADDR": "10.0.0.7"},
        {"REMOTE_ADDR": ""},
        {"headers": {"X-Forwarded-For": "127.0.0.1"}},  # what a proxy on this machine passes on
        {"headers": {"Forwarded": "for=127.0.0.1"}},
    ],
)
def test_without_a_token_this_machine_alone_reads(how: dict[str, Any]) -> None:
    assert read().status_code == 200
    assert read(**how).status_code == 404


def test_behind_a_proxy_nobody_reads_without_a_token(settings: LazySettings) -> None:
    settings.BEHIND_PROXY = True

    assert read().status_code == 404


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", "Bearer s3crét", "Basic s3cret"])
def test_where_there_is_a_token_it_has_to_be_sent(settings: LazySettings, given: str) -> None:
    settings.METRICS_TOKEN = "s3cret"

    assert read(headers={"Authorization": given}).status_code == 404
    far = read(headers={"Authorization": "Bearer s3cret"}, REMOTE_ADDR="203.0.113.9")
    assert far.status_code == 200
    assert far["Content-Type"].startswith("text/plain; version=0.0.4")
