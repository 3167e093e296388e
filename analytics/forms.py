"""From the query string of a page to the value object of its report."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django import forms

from analytics.enums import Comparison, Grain, Lens, Preset
from analytics.metrics import METRICS, NET_SALES, STATEMENT
from analytics.periods import CHARTED, Period, chosen_period, preset_period
from analytics.reports.coverage import Coverage
from analytics.reports.overview import WIDE, OverviewQuery
from analytics.reports.query import SalesQuery
from analytics.reports.splits import SPLITS
from xenofy.common import formats

EARLIEST = date(1990, 1, 1)  # no shop's books begin before it, and no list of days is endless
DEFAULT_PRESET = Preset.DAYS_30
DEFAULT_COMPARISON = Comparison.PREVIOUS
DEFAULT_GRAIN = Grain.DAY
DEFAULT_METRIC = NET_SALES
DEFAULT_LENS = Lens.EVENT
DEFAULT_SPLIT = "channels"
DAYS = {  # what a page calls the parameters that are days
    "start": "First day",
    "end": "Last day",
    "vs_start": "First day to compare with",
    "vs_end": "Last day to compare with",
}
OF_DAYS = [key for key, metric in METRICS.items() if metric.of_days]


class WordField(forms.ChoiceField):
    """One of a few words; an error names them all."""

    def __init__(self, words: list[str], *, default: str) -> None:
        choices = [(word, word) for word in words]
        wrong = f"“%(value)s” is none of {', '.join(words) or 'the shop’s currencies'}."
        super().__init__(choices=choices, required=False, error_messages={"invalid_choice": wrong})
        self.default = default

    def clean(self, value: Any) -> Any:
        return super().clean(value) or self.default


class _Day(forms.DateField):
    """A day as 2026-11-04."""

    def __init__(self, *, label: str) -> None:
        super().__init__(
            label=label,
            required=False,
            input_formats=["%Y-%m-%d"],
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            error_messages={"invalid": "A day is written like 2026-11-04."},
        )


class DaysForm(forms.Form):
    """The first and the last day of a chosen period, and of the days it is compared with."""

    start = _Day(label=DAYS["start"])
    end = _Day(label=DAYS["end"])
    vs_start = _Day(label="First day")
    vs_end = _Day(label="Last day")


class OverviewForm(DaysForm):
    """The query string of the Overview; everything may be left out, nothing may be wrong."""

    only_known: ClassVar[bool] = True  # whether days without any figure are refused

    period = WordField(Preset.values, default="")
    vs = WordField(Comparison.values, default="")
    by = WordField([*CHARTED, *WIDE], default=DEFAULT_GRAIN)
    metric = WordField(OF_DAYS, default=DEFAULT_METRIC.key)
    lens = WordField(Lens.values, default=DEFAULT_LENS)

    def __init__(self, data: Any, *, coverage: Coverage) -> None:
        super().__init__(data)
        self.coverage = coverage
        self.fields["currency"] = WordField(list(coverage.currencies), default=coverage.currency)

    def clean(self) -> dict[str, Any]:
        """Refuse days that do not make a period, and two answers to one question."""
        self._check("period", "start", "end", custom=Preset.CUSTOM)
        self._check("vs", "vs_start", "vs_end")
        if self.only_known and not self.errors:
            self._check_known()
        return self.cleaned_data

    def query(self) -> OverviewQuery:
        """Return what is asked for; the form must be valid."""
        return OverviewQuery(**self._asked())

    def _asked(self) -> dict[str, Any]:
        given = self.cleaned_data
        compared = given["vs_start"] and chosen_period(given["vs_start"], given["vs_end"])
        preset, wanted = self._wanted()
        return {
            "preset": preset,
            "period": (self.only_known and self.coverage.known_part(wanted)) or wanted,
            "comparison": Comparison(given["vs"] or DEFAULT_COMPARISON),
            "grain": Grain(given["by"]),
            "metric": METRICS[given["metric"]],
            "currency": given["currency"],
            "lens": Lens(given["lens"]),
            "compared": compared or None,
        }

    def _wanted(self) -> tuple[Preset, Period]:
        """Return the days that are asked for; a shop of today shows today by itself."""
        given = self.cleaned_data
        if given["start"]:
            return Preset.CUSTOM, chosen_period(given["start"], given["end"])
        if given["period"]:
            preset = Preset(given["period"])
            return preset, self._preset_period(preset)
        days = self._preset_period(DEFAULT_PRESET)
        if self.coverage.known_part(days):
            return DEFAULT_PRESET, days
        return Preset.TODAY, self._preset_period(Preset.TODAY)

    def problems(self) -> list[str]:
        """Return what is wrong, one sentence each."""
        return [
            f"{DAYS.get(name, name)}: {sentence}" if name in self.fields else str(sentence)
            for name, sentences in self.errors.items()
            for sentence in sentences
        ]

    def _check_known(self) -> None:
        """Refuse days of which no figure is known: a 0 would be wrong."""
        since, (_, wanted) = self.coverage.known_since, self._wanted()
        if since and self.coverage.known_part(wanted) is None:
            day = formats.day(since, today=self.coverage.today)
            self.add_error(None, f"This shop is known since {day}. Days before have no figures.")

    def _check(self, name: str, start: str, end: str, *, custom: str = "") -> None:
        """Check days that stand in the place of a name; `custom` is the name that asks for them."""
        given = self.cleaned_data
        first, last, chosen = given.get(start), given.get(end), given.get(name) or ""
        if first and last:
            self._check_days(first, last, start=start, end=end)
            if chosen not in ("", custom):
                self.add_error(name, "Choose either a name or two days.")
        elif (custom and chosen == custom) or first or last:
            for field in (start, end):
                if not given.get(field) and field not in self.errors:
                    self.add_error(field, "Say both the first and the last day.")

    def _check_days(self, first: date, last: date, *, start: str, end: str) -> None:
        today = self.coverage.today
        if first > last:
            self.add_error(end, "The last day lies before the first.")
        elif last > today:
            self.add_error(end, f"The last day may be today, {today}, at the latest.")
        elif first < EARLIEST:
            self.add_error(start, f"The first day may be {EARLIEST} at the earliest.")

    def _preset_period(self, preset: Preset) -> Period:
        return preset_period(
            preset,
            today=self.coverage.today,
            since=self.coverage.first_day or self.coverage.today,
            financial_month=self.coverage.financial_month,
        )


class SalesForm(OverviewForm):
    """The query string of the Sales page: every grain, and what sales are split by."""

    by = WordField(Grain.values, default=DEFAULT_GRAIN)
    metric = WordField([each.key for each in STATEMENT if each.of_days], default=DEFAULT_METRIC.key)
    split = WordField(list(SPLITS), default=DEFAULT_SPLIT)

    def query(self) -> SalesQuery:
        """Return what is asked for; the form must be valid."""
        return SalesQuery(**self._asked(), split=self.cleaned_data["split"])


def days_form(query: OverviewQuery) -> DaysForm:
    """Return the form of the picker, with the days that are shown."""
    shown = {"start": query.period.first, "end": query.period.last}
    if query.earlier:
        shown |= {"vs_start": query.earlier.first, "vs_end": query.earlier.last}
    return DaysForm(initial=shown)
