"""Addresses of a page of figures. The query string is the whole state of the page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from urllib.parse import quote_plus

from django.urls import reverse

from analytics.enums import Comparison, Lens, Preset
from analytics.forms import (
    DEFAULT_COMPARISON,
    DEFAULT_GRAIN,
    DEFAULT_LENS,
    DEFAULT_METRIC,
    DEFAULT_PRESET,
)
from analytics.metric import Metric
from analytics.metrics import (
    AVERAGE_ORDER_VALUE,
    CHECKOUT_ABANDONMENT,
    CHECKOUT_COMPLETED,
    CUSTOMERS,
    LATER_ORDERS,
    NEW_CUSTOMERS,
    ORDERS,
    RETURNED_VALUE,
    RETURNING_CUSTOMERS,
    RETURNING_ORDERS,
    RETURNS,
    UNITS_PER_ORDER,
)
from analytics.periods import Period
from analytics.reports.overview import OverviewQuery

_path = cache(reverse)
_quoted = lru_cache(4096)(quote_plus)


def _query(chosen: Mapping[str, str | int]) -> str:
    """Return a query string; as `urlencode`, but a page has a hundred of nearly the same."""
    return "&".join(f"{name}={_quoted(str(value))}" for name, value in chosen.items())


class Links:
    """Leads to the page as it is but for one choice; what is as without a query stays out."""

    def __init__(
        self,
        query: OverviewQuery,
        *,
        default_currency: str,
        more: Mapping[str, tuple[str, str]] | None = None,
    ) -> None:
        """Take the choices of a page; `more` has those of its own, each with its default."""
        own = {name: default for name, (_, default) in (more or {}).items()}
        self.filters = {name: default for name, default in own.items() if name != "metric"}
        self.defaults = {
            "period": DEFAULT_PRESET,
            "vs": DEFAULT_COMPARISON,
            "by": DEFAULT_GRAIN,
            "metric": DEFAULT_METRIC.key,
            "currency": default_currency,
            "lens": DEFAULT_LENS,
            **own,
        }
        self.now = {
            **self._days(query),
            **_compared(query),
            "by": query.grain,
            "metric": query.metric.key,
            "currency": query.currency,
            "lens": query.lens,
            **{name: chosen for name, (chosen, _) in (more or {}).items()},
        }

    def to(self, **changes: str) -> str:
        """Return the address with some choices changed."""
        return self._address({**self.now, **changes})

    def only(self, **chosen: str) -> str:
        """Return the address with these filters of the page alone."""
        return self.to(**{**self.filters, **chosen})

    def to_comparison(self, comparison: Comparison) -> str:
        """Return the address of another comparison."""
        return self._address({**self.now, "vs": comparison, "vs_start": "", "vs_end": ""})

    def to_preset(self, preset: Preset) -> str:
        """Return the address of another period."""
        return self._address({**self.now, "period": preset, "start": "", "end": ""})

    def to_days(self, period: Period) -> str:
        """Return the address of chosen days."""
        days = {"start": period.first.isoformat(), "end": period.last.isoformat()}
        return self._address({**self.now, "period": "", **days})

    def kept(self, *without: str) -> list[tuple[str, str]]:
        """Return what a form for some choices has to carry along: all the others."""
        kept = [(name, value) for name, value in self.now.items() if name not in without]
        return [(name, value) for name, value in kept if self._differs(name, value)]

    def _days(self, query: OverviewQuery) -> dict[str, str]:
        if query.preset is not Preset.CUSTOM:
            return {"period": query.preset, "start": "", "end": ""}
        period = query.period
        return {"period": "", "start": period.first.isoformat(), "end": period.last.isoformat()}

    def _differs(self, name: str, value: str) -> bool:
        return bool(value) and value != self.defaults.get(name)

    def _address(self, state: dict[str, str]) -> str:
        kept = {name: str(value) for name, value in state.items() if self._differs(name, value)}
        return f"?{_query(kept)}"


def _compared(query: OverviewQuery) -> dict[str, str]:
    if query.compared is None:
        return {"vs": query.comparison, "vs_start": "", "vs_end": ""}
    first, last = query.compared.first.isoformat(), query.compared.last.isoformat()
    return {"vs": "", "vs_start": first, "vs_end": last}


def proof_href(
    metric: Metric,
    days: Period,
    *,
    currency: str,
    lens: Lens = Lens.EVENT,
    split: str = "",
    key: str = "",
) -> str:
    """Return the address of the ledger rows behind a figure; of a row of a split with its key."""
    query = {
        "metric": metric.key,
        "startDate": days.first.isoformat(),
        "endDate": days.last.isoformat(),
        "currency": currency,
        "lens": lens.value,
        **({"report": split, "key": key} if split else {}),
    }
    return f"{_path('analytics:proof')}?{_query(query)}"


def orders_href(days: Period, *, currency: str, **more: str | int) -> str:
    """Return the address of the orders that count in these days and are like `more` says."""
    query = {
        "start": days.first.isoformat(),
        "end": days.last.isoformat(),
        "counted": "1",
        "currency": currency,
        **more,
    }
    return f"{_path('analytics:orders')}?{_query(query)}"


OF_ORDERS: dict[Metric, dict[str, str]] = {
    ORDERS: {},
    AVERAGE_ORDER_VALUE: {},
    UNITS_PER_ORDER: {},
    CUSTOMERS: {},
    RETURNING_CUSTOMERS: {},
    NEW_CUSTOMERS: {"report": "new-returning", "key": "new"},
    LATER_ORDERS: {"report": "new-returning", "key": "returning"},
    RETURNING_ORDERS: {"report": "new-returning", "key": "returning"},
}


def rows_href(
    metric: Metric,
    days: Period,
    *,
    currency: str,
    lens: Lens = Lens.EVENT,
    split: str = "",
    key: str = "",
    hour: int | None = None,
) -> str:
    """Return where the rows behind a figure stand: in the ledger, or as orders or carts."""
    if hour is not None:
        split, key = "hours", f"{hour:02}"
    if metric is RETURNED_VALUE:
        metric = RETURNS
    if metric.lines:
        return proof_href(metric, days, currency=currency, lens=lens, split=split, key=key)
    if metric in (CHECKOUT_COMPLETED, CHECKOUT_ABANDONMENT):
        chosen = {"start": days.first.isoformat(), "end": days.last.isoformat()}
        query = _query({**chosen, "currency": currency, "of": "counted"})
        return f"{_path('analytics:carts')}?{query}#rows"
    more: dict[str, str | int] = {**OF_ORDERS[metric]}
    if hour is not None:
        more |= {"hour": hour}
    elif split:
        more |= {"report": split, "key": key}
    return orders_href(days, currency=currency, **more)
