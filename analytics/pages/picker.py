"""The period picker: where one can go from the days that are shown (components/period.html)."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.enums import Comparison, Lens, Preset
from analytics.forms import DEFAULT_COMPARISON
from analytics.pages.links import Links
from analytics.pages.words import compared_with, range_of
from analytics.periods import Period
from analytics.reports.coverage import JANUARY, Coverage
from analytics.reports.overview import OverviewQuery

LENSES = {Lens.EVENT: "Returns on their day", Lens.ORDER: "On the order’s day"}
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
    kept_days: list[tuple[str, str]]
    lenses: list[Choice]


def period_picker(query: OverviewQuery, links: Links, *, coverage: Coverage) -> Picker:
    """Return the picker of a query."""
    later = query.period.later(today=coverage.today)
    earlier = _earlier(query, coverage)
    versus, detail = _versus(query, coverage)
    label, days = _days(query, coverage)
    return Picker(
        label=label,
        days=days,
        earlier=links.to_days(earlier) if earlier else "",
        later=links.to_days(later) if later else "",
        presets=_presets(query, links, coverage),
        versus=versus,
        versus_detail=detail,
        comparisons=_comparisons(query, links),
        toggle=links.to_comparison(_toggled(query)),
        kept=links.kept("period", "start", "end"),
        kept_days=links.kept("vs", "vs_start", "vs_end"),
        lenses=[
            Choice(label=label, href=links.to(lens=lens), current=lens is query.lens)
            for lens, label in LENSES.items()
        ],
    )


def _days(query: OverviewQuery, coverage: Coverage) -> tuple[str, str]:
    """Name the days, and write them beside their name; phones show the name alone."""
    days = range_of(query.period, today=coverage.today)
    if query.preset is not Preset.CUSTOM:
        return query.preset.label, days
    if query.period.last == coverage.today and len(query.period) > 1:
        return f"{len(query.period)} days to today", days
    return days, ""


def _earlier(query: OverviewQuery, coverage: Coverage) -> Period | None:
    """Return the neighbour before; nothing was before all time, nor before the first known day."""
    if query.preset is Preset.ALL:
        return None
    return coverage.known_part(query.period.earlier())


def _versus(query: OverviewQuery, coverage: Coverage) -> tuple[str, str]:
    if query.earlier and query.compared:
        return range_of(query.compared, today=coverage.today), ""
    return compared_with(_comparison(query), query.period)


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
            href=links.to_comparison(comparison),
            current=comparison is _comparison(query) and not query.compared,
        )
        for comparison in offered
    ]


def _toggled(query: OverviewQuery) -> Comparison:
    none = query.comparison is Comparison.NONE and not query.compared
    return DEFAULT_COMPARISON if none else Comparison.NONE
