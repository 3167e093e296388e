"""The period picker: where one can go from the days that are shown (components/period.html)."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.enums import Comparison, Preset
from analytics.forms import DEFAULT_COMPARISON
from analytics.pages.links import Links
from analytics.pages.words import compared_with, range_of
from analytics.reports.coverage import JANUARY, Coverage
from analytics.reports.overview import OverviewQuery

KEYS = {
    Preset.TODAY: "d",
    Preset.DAYS_7: "w",
    Preset.DAYS_30: "t",
    Preset.DAYS_90: "n",
    Preset.MONTH: "m",
    Preset.LAST_MONTH: "p",
    Preset.QUARTER: "q",
    Preset.YEAR: "y",
    Preset.FINANCIAL_YEAR: "f",
    Preset.ALL: "a",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A link of which one is chosen."""

    label: str
    href: str
    current: bool
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picker:
    """The inputs of components/period.html."""

    label: str
    days: str
    earlier: str
    later: str
    presets: list[Choice]
    versus: str
    versus_detail: str
    comparisons: list[Choice]
    toggle: str
    kept: list[tuple[str, str]]


def period_picker(query: OverviewQuery, links: Links, *, coverage: Coverage) -> Picker:
    """Return the picker of a query."""
    later = query.period.later(today=coverage.today)
    versus, detail = compared_with(_comparison(query), query.period)
    return Picker(
        label=query.preset.label,
        days=range_of(query.period, today=coverage.today),
        earlier="" if query.preset is Preset.ALL else links.to_days(query.period.earlier()),
        later=links.to_days(later) if later else "",
        presets=_presets(query, links, coverage),
        versus=versus,
        versus_detail=detail,
        comparisons=_comparisons(query, links),
        toggle=links.to(vs=_toggled(query)),
        kept=links.kept(),
    )


def _comparison(query: OverviewQuery) -> Comparison:
    """Return the comparison that is made: nothing was before all time."""
    return query.comparison if query.earlier else Comparison.NONE


def _presets(query: OverviewQuery, links: Links, coverage: Coverage) -> list[Choice]:
    hidden = {Preset.CUSTOM}
    if coverage.financial_month == JANUARY:  # then it is the year to date
        hidden.add(Preset.FINANCIAL_YEAR)
    return [
        Choice(
            label=preset.label,
            href=links.to_preset(preset),
            current=preset is query.preset,
            key=KEYS.get(preset, ""),
        )
        for preset in Preset
        if preset not in hidden
    ]


def _comparisons(query: OverviewQuery, links: Links) -> list[Choice]:
    offered = [Comparison.NONE] if query.preset is Preset.ALL else list(Comparison)
    return [
        Choice(
            label=comparison.label,
            href=links.to(vs=comparison),
            current=comparison is _comparison(query),
        )
        for comparison in offered
    ]


def _toggled(query: OverviewQuery) -> Comparison:
    return DEFAULT_COMPARISON if query.comparison is Comparison.NONE else Comparison.NONE
