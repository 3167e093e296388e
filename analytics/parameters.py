"""The parameters of all reports, declared once: REST, exports and the proof page read them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from rest_framework import serializers

from analytics.enums import Comparison, Grain, Lens, Preset
from analytics.metrics import METRICS, PROVABLE
from analytics.periods import Period, chosen_period, preset_period
from analytics.reports.coverage import Coverage
from analytics.reports.query import ReportQuery, chosen_currency
from analytics.reports.splits import SPLITS
from analytics.serializers import CurrencyCode
from xenofy.common.strict_query import FIRST_DAY, LAST_DAY, DayField, OneOf, StrictQuery

EARLIEST = date(1990, 1, 1)
FORMATS = ("json", "csv", "xlsx", "jsonl")
MOST_ROWS = 250
WHOLE = "sales"  # the report that is not split
MOST_BUCKETS = 1500
MOST_PAGES = 1_000_000
LENS = "`event`: a reversal counts on its own day; `order`: on the day of its order."
COMPARE = "Earlier days to compare with; `weekdays` are those 364 days before."
GRAIN = "How long a bucket is."
SORT = "The order of the rows; `-` in front puts the greatest first."
KEY = "The row that is proven; empty for what belongs to none, all rows without it."


class ReportParameters(StrictQuery):
    """Days, currency, lens and so on; of the last nine a report takes those that it `takes`."""

    startDate = DayField(FIRST_DAY)  # noqa: N815 - the contract's name
    endDate = DayField(LAST_DAY)  # noqa: N815
    currency = CurrencyCode()
    lens = OneOf(Lens.values, default=Lens.EVENT.value, help_text=LENS)
    compare = OneOf(Comparison.values, required=False, help_text=COMPARE)
    compareStart = DayField("The first day to compare with.")  # noqa: N815
    compareEnd = DayField("The last day to compare with.")  # noqa: N815
    page = serializers.IntegerField(
        min_value=1, max_value=MOST_PAGES, default=1, help_text="Which page, of a list."
    )
    limit = serializers.IntegerField(
        min_value=1, max_value=MOST_ROWS, default=50, help_text="How many rows a page has."
    )
    grain = OneOf(Grain.values, default=Grain.DAY.value, help_text=GRAIN)
    sort = serializers.CharField(default="-netSales", max_length=40, help_text=SORT)
    format = OneOf(FORMATS, default="json", help_text="JSON, or a file of all rows.")
    by = OneOf(["country", "region"], default="country", help_text="Which places.")
    of = OneOf(  # other reports have other words
        ["products", "variants"], default="products", help_text="Which rows."
    )
    metric = OneOf(list(PROVABLE), help_text="The figure that is proven.")
    key = serializers.CharField(required=False, allow_blank=True, max_length=255, help_text=KEY)
    number = serializers.IntegerField(
        min_value=0, max_value=MOST_BUCKETS, default=0, help_text="Which cell of the row, from 0."
    )
    report = OneOf([WHOLE, "hours", *SPLITS], default=WHOLE)

    COMPARING = ("compare", "compareStart", "compareEnd")
    OWN = ("grain", "sort", "format", "by", "of", "metric", "key", "number", "report")

    def __init__(
        self,
        data: Mapping[str, str],
        *,
        coverage: Coverage,
        takes: Collection[str],
        words: Mapping[str, Collection[str]] | None = None,
        days: Callable[[Coverage, Grain], Period] | None = None,
        defaults: Mapping[str, str] | None = None,
        most_buckets: int = MOST_BUCKETS,
        compares: bool = True,
    ) -> None:
        super().__init__(data)
        self.coverage = coverage
        self.days = days or _last_days
        for name in self.COMPARING if not compares else ():
            self.fields.pop(name)
        for name in self.OWN:
            if name not in takes:
                self.fields.pop(name)
        self.most_buckets = most_buckets
        for name, allowed in (words or {}).items():
            given = (defaults or {}).get(name)
            default = {"default": given} if given else _default(self.fields[name])
            about = self.fields[name].help_text
            self.fields[name] = OneOf(allowed, help_text=about, **default)

    @classmethod
    def names(cls, takes: Collection[str]) -> set[str]:
        """Return the names of the parameters of a report that takes these."""
        return {name for name in cls._declared_fields if name in takes or name not in cls.OWN}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        self._check_days(attrs, "startDate", "endDate")
        self._check_days(attrs, "compareStart", "compareEnd")
        if "compare" in attrs and "compareStart" in attrs:
            wrong = "Choose either a comparison by its name or its two days."
            raise serializers.ValidationError({"compare": [wrong]})
        self._check_figure(attrs)
        attrs["period"] = self._period(attrs)
        attrs["earlier"] = self._earlier(attrs)
        self._check_buckets(attrs)
        return attrs

    def query(self) -> ReportQuery:
        """Return what is asked for; the parameters must be valid."""
        given = self.validated_data
        return ReportQuery(
            period=given["period"],
            earlier=given["earlier"],
            currency=chosen_currency(given.get("currency"), self.coverage),
            lens=Lens(given["lens"]),
            grain=Grain(given.get("grain", Grain.DAY)),
            page=given["page"],
            limit=given["limit"],
            sort=given.get("sort", "-netSales"),
        )

    def _check_days(self, attrs: dict[str, Any], start: str, end: str) -> None:
        first, last = attrs.get(start), attrs.get(end)
        if (first is None) != (last is None):
            missing = start if first is None else end
            raise serializers.ValidationError(
                {missing: ["Say both the first and the last day, or neither."]}
            )
        if first and last and first > last:
            raise serializers.ValidationError({end: [f"It lies before {start}."]})
        if first and first < EARLIEST:
            raise serializers.ValidationError({start: [f"It may be {EARLIEST} at the earliest."]})
        if last and last > self.coverage.today:
            today = f"It may be today, {self.coverage.today}, at the latest."
            raise serializers.ValidationError({end: [today]})

    def _check_figure(self, attrs: dict[str, Any]) -> None:
        """Refuse a key of what is not split, and a metric that its rows do not have."""
        split = SPLITS.get(attrs.get("report", ""))
        if attrs.get("report") == WHOLE and "key" in attrs:
            raise serializers.ValidationError({"key": ["Say of which report it is a row."]})
        if split and METRICS[attrs["metric"]] not in split.metrics:
            raise serializers.ValidationError({"metric": ["The rows of this report lack it."]})

    def _period(self, attrs: dict[str, Any]) -> Period:
        if "startDate" in attrs:
            return chosen_period(attrs["startDate"], attrs["endDate"])
        return self.days(self.coverage, Grain(attrs.get("grain", Grain.DAY)))

    def _earlier(self, attrs: dict[str, Any]) -> Period | None:
        if "compareStart" in attrs:
            return chosen_period(attrs["compareStart"], attrs["compareEnd"])
        period: Period = attrs["period"]
        return period.compared(Comparison(attrs.get("compare", Comparison.NONE)))

    def _check_buckets(self, attrs: dict[str, Any]) -> None:
        """Refuse a series of more buckets than anybody can read."""
        if "grain" not in attrs:
            return
        hours = 24 if attrs["grain"] == Grain.HOUR else 1
        for period in filter(None, (attrs["period"], attrs["earlier"])):
            if hours * len(period.buckets(Grain(attrs["grain"]))) > self.most_buckets:
                wrong = f"These are more than {self.most_buckets} buckets; choose a wider grain."
                raise serializers.ValidationError({"grain": [wrong]})


def _last_days(coverage: Coverage, grain: Grain) -> Period:
    today = coverage.today
    return preset_period(Preset.DAYS_30, today=today, since=today, financial_month=1)


def _default(field: Any) -> dict[str, Any]:
    """Return the default of a field that is declared anew with other words."""
    if field.default is serializers.empty:
        return {"required": field.required}
    return {"default": field.default}
