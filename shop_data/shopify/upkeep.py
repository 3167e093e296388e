"""Keeping a connection alive: checked once a day, and its pair of tokens never left to end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from shop_data.errands import ask
from shop_data.imports.importing import begin
from shop_data.imports.sweeping import SWEEP
from shop_data.models import Import
from shop_data.reconciliation import nights
from shop_data.shopify import tokens
from shop_data.shopify.checking import check
from shop_data.shopify.client import admin_client
from shop_data.shopify.errors import NotConnected, ReauthRequired, Refused
from tenants.scope import tenant_scope

CONNECTION = "connection"  # the errand
SUBSCRIPTIONS = "subscriptions"  # the errand of `webhooks.subscriptions`
DAILY = timedelta(days=1)


def step(tenant_id: UUID, *, now: datetime, alive: Callable[[], None]) -> datetime | None:
    """Renew what was idle for a week, and ask the shop; return when to come again.

    None where only the merchant can help: what they do then asks for this errand anew. Raises
    `Unreachable`.
    """
    try:
        connection_id = admin_client(tenant_id).connection_id
        tokens.renew_idle(connection_id, now=now)
        check(connection_id, now=now)
        start_work(tenant_id, now=now)
    except (NotConnected, ReauthRequired, Refused):
        return None
    return now + DAILY


def start_work(tenant_id: UUID, *, now: datetime) -> None:
    """Have webhooks subscribed to after a check that went well, and a new shop imported.

    What is here is held against Shopify once its past is known, and then each night.
    """
    with tenant_scope(tenant_id):
        ask(SUBSCRIPTIONS, at=now)
        ask(SWEEP, at=now)
        nights.schedule(now=now)
        if not Import.objects.filter(kind=Import.Kind.PAST).exists():
            begin(now=now)
