"""From the query strings of list pages to what their reports are asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField

from analytics import metrics
from analytics.enums import Grain, Preset
from analytics.forms import DEFAULT_GRAIN, EARLIEST, OverviewForm, WordField
from analytics.list_filters import OrderFilter
from analytics.metric import Metric
from analytics.periods import Bucket, named_bucket
from analytics.place_fields import PlaceField, RankField, WorthField
from analytics.reports.carts import COUNTED, LEFT, RECOVERED, WITH_EMAIL
from analytics.reports.cohorts import GRAINS as COHORTS_BY
from analytics.reports.coverage import Coverage
from analytics.reports.customers import CohortOf, CustomersQuery
from analytics.reports.fulfilment import DRAWN, LATE, OPEN, OpenQuery
from analytics.reports.orders import Like, OrdersQuery
from analytics.reports.rfm import RfmOf
from analytics.reports.rfm_groups import GROUPS
from analytics.reports.segments import SEGMENTS
from analytics.reports.splits import SPLITS
from xenofy.common.list_filters import LONGEST_SEARCH

SHOWN_DAYS = timedelta(days=29)  # before today, where nothing was asked
NO_BUCKET = "Write a week, month or quarter like 2026-W41, 2026-10 or 2026-Q4."
BY_GROUP, BY_SEGMENT = "groups", "segments"
BY_PRODUCT, BY_VARIANT = "products", "variants"


class ListForm(OverviewForm):
    """A page's period and comparison, as on the Overview, and the filters of its list.

    Of two days either may be left open. `strip` are the figures that its chart can show.
    """

    only_known: ClassVar[bool] = False  # an old order that changed is listed
    strip: ClassVar[tuple[Metric, ...]] = (metrics.ORDERS,)
    filters: ClassVar[tuple[str, ...]] = ()
    by = WordField(Grain.values, default=DEFAULT_GRAIN)

    def __init__(self, data: Mapping[str, str], *, coverage: Coverage) -> None:
        super().__init__({**data, **self.open_days(data, coverage)}, coverage=coverage)
        keys = [metric.key for metric in self.strip]
        self.fields["metric"] = WordField(keys, default=keys[0])

    def open_days(self, data: Mapping[str, str], coverage: Coverage) -> dict[str, str]:
        """Return the days that a query leaves open."""
        if data.get("start") and not data.get("end"):
            return {"end": coverage.today.isoformat()}
        if data.get("end") and not data.get("start"):
            return {"start": (coverage.first_day or EARLIEST).isoformat()}
        return {}

    def own(self) -> dict[str, tuple[str, str]]:
        """Return the choices of this page with their defaults, for its links."""
        own = {name: (self.data.get(name) or "", "") for name in self.filters}
        return {**own, "metric": (self.cleaned_data["metric"], self.strip[0].key)}

    def fields_shown(self) -> list[BoundField]:
        """Return the fields of the filters that people type in."""
        return [self[name] for name in self.filters if not self[name].is_hidden]

    @property
    def currency(self) -> str:
        """Return the currency to sum in; the form must be valid."""
        currency: str = self.cleaned_data["currency"]
        return currency


class _BucketField(forms.CharField):
    """A week, month or quarter as 2026-W41, 2026-10, 2026-Q4."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> Bucket | None:
        if not value:
            return None
        try:
            return named_bucket(value)
        except (ValueError, OverflowError):
            raise forms.ValidationError(NO_BUCKET) from None


def _search() -> forms.CharField:
    widget = forms.TextInput({"type": "search", "data-key": "/", "aria-label": "Search"})
    return forms.CharField(label="Search", required=False, max_length=LONGEST_SEARCH, widget=widget)


class OrdersForm(ListForm):
    """The filters of the list of orders; a search without days looks through all of them.

    From `counted` on they are those of figures, which lead to their orders.
    """

    strip = (
        *(metrics.ORDERS, metrics.AVERAGE_ORDER_VALUE, metrics.NET_SALES),
        *(metrics.UNITS, metrics.RETURNED_VALUE, metrics.RETURNING_ORDERS),
    )
    of_figures = ("counted", "report", "key", "weekday", "hour")
    filters = ("q", "financial", "fulfilment", *of_figures)

    q = _search()
    financial = OrderFilter.base_filters["status"].field
    fulfilment = OrderFilter.base_filters["fulfillmentStatus"].field
    counted = forms.BooleanField(required=False, widget=forms.HiddenInput)
    report = WordField(list(SPLITS), default="")
    key = forms.CharField(required=False, max_length=255, widget=forms.HiddenInput)
    weekday = forms.IntegerField(required=False, min_value=1, max_value=7, widget=forms.HiddenInput)
    hour = forms.IntegerField(required=False, min_value=0, max_value=23, widget=forms.HiddenInput)
    after = PlaceField(required=False)
    before = PlaceField(required=False)

    def open_days(self, data: Mapping[str, str], coverage: Coverage) -> dict[str, str]:
        """Return the last 30 days, today's orders among them, or all for a search."""
        if data.get("period") or data.get("start") or data.get("end"):
            return super().open_days(data, coverage)
        if data.get("q"):
            return {"period": Preset.ALL}
        first, last = coverage.today - SHOWN_DAYS, coverage.today
        return {"start": first.isoformat(), "end": last.isoformat()}

    def fields_shown(self) -> list[BoundField]:
        return [self[name] for name in ("q", "financial", "fulfilment")]

    def like(self) -> Like | None:
        """Return the figure whose orders are asked for; the form must be valid."""
        given = self.cleaned_data
        if not any(self.data.get(name) for name in self.of_figures):
            return None
        return Like(
            currency=given["currency"],
            split=given["report"],
            key=given["key"],
            weekday=given["weekday"],
            hour=given["hour"],
        )

    def narrowed(self) -> bool:
        """Tell whether the list holds less than all orders of its days."""
        return any(self.data.get(name) for name in self.filters)

    def chosen(self) -> dict[str, Any]:
        """Return what the filters of the API call the choices; the form must be valid."""
        given, period = self.cleaned_data, self.query().period
        return {
            "search": given["q"],
            "status": given["financial"],
            "fulfillmentStatus": given["fulfilment"],
            "startDate": period.first,
            "endDate": period.last,
        }

    def orders_query(self, *, may_see_people: bool) -> OrdersQuery:
        """Return which page of the list is asked for; the form must be valid."""
        given = self.cleaned_data
        return OrdersQuery(
            period=self.query().period,
            after=given["after"],
            before=given["before"],
            like=self.like(),
            may_see_people=may_see_people,
        )


class PagedForm(ListForm):
    """A list whose pages have numbers, the first being 1."""

    page = forms.IntegerField(
        required=False, min_value=1, max_value=100_000, widget=forms.HiddenInput
    )

    @property
    def number(self) -> int:
        """Return which page of the list is asked for; the form must be valid."""
        return self.cleaned_data["page"] or 1


class ProductsForm(PagedForm):
    """The filters of the list of products and variants, and of one product."""

    strip = (
        *(metrics.NET_SALES, metrics.UNITS, metrics.UNITS_RETURNED),
        *(metrics.RETURNED_VALUE, metrics.GROSS_SALES, metrics.DISCOUNTS),
    )
    filters = ("q", "of")

    q = _search()
    of = WordField([BY_PRODUCT, BY_VARIANT], default=BY_PRODUCT)

    def own(self) -> dict[str, tuple[str, str]]:
        return {**super().own(), "of": (self.cleaned_data["of"], BY_PRODUCT)}

    def fields_shown(self) -> list[BoundField]:
        return [self["q"]]


class CustomersForm(ListForm):
    """The filters of the customers' page: a cohort, active in other days, a cell, a group, or a
    segment; and by what cohorts and people are told apart."""

    strip = (
        *(metrics.CUSTOMERS, metrics.NEW_CUSTOMERS, metrics.RETURNING_CUSTOMERS),
        *(metrics.RETURNING_ORDERS, metrics.ORDERS),
    )
    filters = ("cohort", "active", "rfm", "group", "segment")

    cohort = _BucketField(required=False)
    active = _BucketField(required=False)
    rfm = forms.RegexField(r"^[1-5][1-5]$", required=False, widget=forms.HiddenInput)
    group = WordField(list(GROUPS), default="")
    segment = WordField(list(SEGMENTS), default="")
    cohorts = WordField([grain.value for grain in COHORTS_BY], default=Grain.MONTH.value)
    of = WordField([BY_GROUP, BY_SEGMENT], default=BY_GROUP)
    after = RankField(required=False)

    def own(self) -> dict[str, tuple[str, str]]:
        cohorts, of = self.cleaned_data["cohorts"], self.cleaned_data["of"]
        return {**super().own(), "cohorts": (cohorts, Grain.MONTH.value), "of": (of, BY_GROUP)}

    def grain_of_cohorts(self) -> Grain:
        """Return what cohorts are of; the form must be valid."""
        return Grain(self.cleaned_data["cohorts"])

    def customers_query(self, *, may_see_people: bool) -> CustomersQuery:
        """Return which customers are listed; the form must be valid."""
        given = self.cleaned_data
        return CustomersQuery(
            currency=self.currency,
            after=given["after"],
            cohort=CohortOf(given["cohort"], given["active"]) if given["cohort"] else None,
            cell=RfmOf(*map(int, given["rfm"])) if given["rfm"] else None,
            group=given["group"],
            segment=given["segment"],
            may_see_people=may_see_people,
        )


class CartsForm(ListForm):
    """Abandoned carts: their chart shows the share of checkouts that were completed."""

    strip = (metrics.CHECKOUT_COMPLETED,)
    filters = ("q", "of")

    q = _search()
    of = WordField([LEFT, WITH_EMAIL, RECOVERED, COUNTED], default=LEFT)
    after = WorthField(required=False)

    def own(self) -> dict[str, tuple[str, str]]:
        return {**super().own(), "of": (self.cleaned_data["of"], LEFT)}

    def fields_shown(self) -> list[BoundField]:
        return [self["q"]]

    def chosen(self) -> dict[str, Any]:
        """Return what the filters of the API call the choices; the form must be valid."""
        given, period = self.cleaned_data, self.query().period
        return {
            "of": given["of"],
            "search": given["q"],
            "startDate": period.first,
            "endDate": period.last,
        }


class FulfilmentForm(ListForm):
    """The times of orders, one of which is drawn, and the age of the open orders in the list."""

    filters = ("q", "age", "time")
    q = _search()
    age = WordField(list(OPEN), default=LATE)
    time = WordField(list(DRAWN), default=DRAWN[0])
    after = PlaceField(required=False)

    def own(self) -> dict[str, tuple[str, str]]:
        age, time = self.cleaned_data["age"], self.cleaned_data["time"]
        return {**super().own(), "age": (age, LATE), "time": (time, DRAWN[0])}

    def fields_shown(self) -> list[BoundField]:
        return [self["q"]]

    def open_query(self) -> OpenQuery:
        """Return which open orders are listed; the form must be valid."""
        given = self.cleaned_data
        return OpenQuery(age=given["age"], search=given["q"].lower(), after=given["after"])
