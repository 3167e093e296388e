"""Addresses of a page of figures. The query string is the whole state of the page."""

from __future__ import annotations

from urllib.parse import urlencode

from analytics.enums import Preset
from analytics.forms import DEFAULT_COMPARISON, DEFAULT_GRAIN, DEFAULT_METRIC, DEFAULT_PRESET
from analytics.periods import Period
from analytics.reports.overview import OverviewQuery


class Links:
    """Leads to the page as it is but for one choice; what is as without a query stays out."""

    def __init__(self, query: OverviewQuery, *, default_currency: str) -> None:
        self.defaults = {
            "period": DEFAULT_PRESET,
            "vs": DEFAULT_COMPARISON,
            "by": DEFAULT_GRAIN,
            "metric": DEFAULT_METRIC.key,
            "currency": default_currency,
        }
        self.now = {
            **self._days(query),
            "vs": query.comparison,
            "by": query.grain,
            "metric": query.metric.key,
            "currency": query.currency,
        }

    def to(self, **changes: str) -> str:
        """Return the address with some choices changed."""
        return self._address({**self.now, **changes})

    def to_preset(self, preset: Preset) -> str:
        """Return the address of another period."""
        return self._address({**self.now, "period": preset, "start": "", "end": ""})

    def to_days(self, period: Period) -> str:
        """Return the address of chosen days."""
        days = {"start": period.first.isoformat(), "end": period.last.isoformat()}
        return self._address({**self.now, "period": "", **days})

    def kept(self) -> list[tuple[str, str]]:
        """Return what a form for other days has to carry along."""
        names = ("vs", "by", "metric", "currency")
        return [(name, self.now[name]) for name in names if self._differs(name, self.now[name])]

    def _days(self, query: OverviewQuery) -> dict[str, str]:
        if query.preset is not Preset.CUSTOM:
            return {"period": query.preset, "start": "", "end": ""}
        period = query.period
        return {"period": "", "start": period.first.isoformat(), "end": period.last.isoformat()}

    def _differs(self, name: str, value: str) -> bool:
        return bool(value) and value != self.defaults.get(name)

    def _address(self, state: dict[str, str]) -> str:
        kept = {name: str(value) for name, value in state.items() if self._differs(name, value)}
        return f"?{urlencode(kept)}"
