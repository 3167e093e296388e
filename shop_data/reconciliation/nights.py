"""When a shop is held against Shopify: first as soon as its past is here, then each night."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from shop_data.errands import ask
from shop_data.reconciliation.results import RECONCILIATION, last_done
from shop_data.store import shop_time_zone

NIGHT = time(3)  # in the shop's time zone


def schedule(*, now: datetime) -> None:
    """Let the current tenant's reconciliation be due: the first one soon, later ones at night."""
    ask(RECONCILIATION, at=next_night(now) if last_done() else now)


def next_night(now: datetime) -> datetime:
    """Return when the current tenant's next reconciliation is due."""
    local = now.astimezone(shop_time_zone())
    tonight = local.replace(hour=NIGHT.hour, minute=0, second=0, microsecond=0)
    return tonight if tonight > local else tonight + timedelta(days=1)
