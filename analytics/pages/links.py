"""Addresses of a page of figures. The query string is the whole state of the page."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import reverse

from analytics.enums import Lens, Preset
from analytics.forms import DEFAULT_COMPARISON, DEFAULT_GRAIN, DEFAULT_METRIC, DEFAULT_PRESET
from analytics.metrics import Metric
from analytics.periods import Period
from analytics.reports.overview import OverviewQuery


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
        self.defaults = {
            "period": DEFAULT_PRESET,
            "vs": DEFAULT_COMPARISON,
            "by": DEFAULT_GRAIN,
            "metric": DEFAULT_METRIC.key,
            "currency": default_currency,
            **{name: default for name, (_, default) in (more or {}).items()},
        }
        self.now = {
            **self._days(query),
            "vs": query.comparison,
            "by": query.grain,
            "metric": query.metric.key,
            "currency": query.currency,
            **{name: chosen for name, (chosen, _) in (more or {}).items()},
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
        names = [name for name in self.now if name not in ("period", "start", "end")]
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
    return f"{reverse('analytics:proof')}?{urlencode(query)}"
