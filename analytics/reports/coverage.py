"""What is known of a shop at a moment: its days, its currencies, how far back, how fresh."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from analytics.models import SalesDay
from analytics.periods import Period
from analytics.querysets import KnownCurrency
from analytics.reports.live import LiveDays, live_days
from shop_data.models import StoreInfo
from shop_data.store import zone_of
from tenants.models import TenantState
from tenants.scope import current_tenant_id, found_once

APRIL, JANUARY = 4, 1
# Asked for every answer: building this query from a model takes three times as long.
_DATA_STATE = """
SELECT data_version, data_changed_at, history_since, known_since_at FROM tenants_tenantstate
WHERE tenant_id = %s
"""


class DataState(NamedTuple):
    """What changes with a tenant's data; see `TenantState`."""

    version: int
    changed_at: datetime | None
    history_since: date | None
    known_since_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The frame of every report of a shop.

    Parameters
    ----------
    currencies
        those with figures, the one to show first in front; the shop's own where there are none.
    first_day
        the first day with figures; None for a shop without any.
    known_since_at
        from when on every order is known; None for a shop of which nothing is known yet. What the
        ledger has of earlier days comes from single orders that changed since.
    history_since
        the first day that a running import will bring, newest days first; None when none runs.
    financial_month
        the month in which the shop's financial year begins.
    """

    now: datetime
    today: date
    store: StoreInfo | None
    zone: ZoneInfo
    currencies: tuple[str, ...]
    first_day: date | None
    known_since_at: datetime | None
    history_since: date | None
    financial_month: int
    live: LiveDays

    @property
    def zone_is_known(self) -> bool:
        """Tell whether the shop has told its time zone."""
        return self.store is not None and self.store.iana_timezone is not None

    @property
    def currency(self) -> str:
        """Return the currency to show first; empty where none is known yet."""
        return self.currencies[0] if self.currencies else ""

    @property
    def known_since(self) -> date | None:
        """Return the day from which on figures are known; of the day itself they may be a part."""
        since = self.known_since_at
        return since.astimezone(self.zone).date() if since else None

    def covers(self, day: date) -> bool:
        """Tell whether all that happened on `day` is known."""
        begins = datetime.combine(day, time.min, self.zone)
        return self.known_since_at is not None and begins >= self.known_since_at

    def known_part(self, period: Period) -> Period | None:
        """Return the days of a period of which figures are known; None where it has none."""
        since = self.known_since
        if since is None or period.last < since:
            return None
        return period if period.first >= since else Period(since, period.last)


def coverage(*, now: datetime) -> Coverage:
    """Return what is known of the current tenant's shop."""
    store = StoreInfo.objects.first()
    zone = zone_of(store)
    live = live_days()
    state = TenantState.objects.get()
    known = _with_live_days(SalesDay.objects.totals().currencies(), live)
    return Coverage(
        now=now,
        today=now.astimezone(zone).date(),
        store=store,
        zone=zone,
        currencies=_preferred(known, own=store.currency if store else None),
        first_day=min((currency.first for currency in known), default=None),
        known_since_at=state.known_since_at,
        history_since=state.history_since,
        financial_month=_financial_month(store),
        live=live,
    )


def data_version() -> int:
    """Return the number that rises whenever a figure of the tenant may have changed."""
    return data_state().version


def data_state() -> DataState:
    """Return how far the tenant's data is: one query of a request, however often it is asked."""
    return found_once(_data_state)


def _data_state() -> DataState:
    with connection.cursor() as cursor:
        cursor.execute(_DATA_STATE, [current_tenant_id()])
        return DataState(*cursor.fetchone())


def _with_live_days(known: list[KnownCurrency], live: LiveDays) -> list[KnownCurrency]:
    """Widen the stretches by the days whose rollups are still to come."""
    stretches = {currency.code: currency for currency in known}
    for day, code, *_ in live.sums:
        there = stretches.get(code, KnownCurrency(code, day, day))
        stretches[code] = KnownCurrency(code, min(there.first, day), max(there.last, day))
    return list(stretches.values())


def _preferred(known: list[KnownCurrency], *, own: str | None) -> tuple[str, ...]:
    """Return the shop's own currency, then that of the newest sales, then the others."""
    if not known:
        return (own,) if own else ()
    ranked = sorted(known, key=lambda currency: currency.code)
    ranked.sort(key=lambda currency: (currency.code == own, currency.last), reverse=True)
    return tuple(currency.code for currency in ranked)


def _financial_month(store: StoreInfo | None) -> int:
    """Return April for India, where the law says so, and January where nothing says otherwise."""
    return APRIL if store and "IN" in (store.country_code, (store.currency or "")[:2]) else JANUARY
