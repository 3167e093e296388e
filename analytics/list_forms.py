"""From the query strings of list pages to what their reports are asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms

from analytics.forms import EARLIEST, DaysForm
from analytics.periods import Period
from analytics.reports.coverage import Coverage
from analytics.reports.customers import Rank
from analytics.reports.orders import FINANCIAL, FULFILMENT, OrdersQuery, Place

BIGINT = 2**63
SHOWN_DAYS = timedelta(days=29)  # before today, where nothing was asked


class ListForm(DaysForm):
    """Days of which either end may be left open; without a word, the last 30 of them."""

    def __init__(self, data: Mapping[str, str], *, coverage: Coverage) -> None:
        self.coverage = coverage
        super().__init__({**self.defaults(data), **data})

    def defaults(self, data: Mapping[str, str]) -> dict[str, str]:
        """Return the days of a query that says none."""
        if data.get("start") or data.get("end"):
            return {}
        today = self.coverage.today
        return {"start": (today - SHOWN_DAYS).isoformat(), "end": today.isoformat()}

    def clean(self) -> dict[str, Any]:
        """Refuse days that do not make a period."""
        first, last = self.first(), self.last()
        if first > last:
            self.add_error("end", "The last day lies before the first.")
        elif last > self.coverage.today:
            self.add_error(
                "end", f"The last day may be today, {self.coverage.today}, at the latest."
            )
        elif first < EARLIEST:
            self.add_error("start", f"The first day may be {EARLIEST} at the earliest.")
        return self.cleaned_data

    def first(self) -> Any:
        """Return the first day."""
        return self.cleaned_data.get("start") or EARLIEST

    def last(self) -> Any:
        """Return the last day."""
        return self.cleaned_data.get("end") or self.coverage.today

    def period(self) -> Period:
        """Return the days; the form must be valid."""
        return Period(self.first(), self.last())

    def problems(self) -> list[str]:
        """Return what is wrong, one sentence each."""
        return [f"{name}: {text}" for name, texts in self.errors.items() for text in texts]


class _PlaceField(forms.CharField):
    """Where in a list a page begins: a moment and an id."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> Place | None:
        if not value:
            return None
        moment, _, row = str(value).partition("_")
        try:
            at = datetime.fromisoformat(moment)
            place = Place(at, UUID(row))
        except ValueError:
            place = None
        if place is None or place.at.tzinfo is None:
            raise forms.ValidationError("This page of the list is not there.")
        return place


class _RankField(forms.CharField):
    """Where in the list of customers a page begins: net sales and an id."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> Rank | None:
        if not value:
            return None
        net, _, customer = str(value).partition("_")
        try:
            rank = Rank(int(net), int(customer))
        except ValueError:
            rank = None
        if rank is None or max(map(abs, rank)) >= BIGINT:
            raise forms.ValidationError("This page of the list is not there.")
        return rank


class OrdersForm(ListForm):
    """The filters of the list of orders; a search without days looks through all of them."""

    q = forms.CharField(
        label="Search", required=False, max_length=200, widget=forms.TextInput({"type": "search"})
    )
    financial = forms.ChoiceField(
        label="Payment", required=False, choices=[("", "Any"), *FINANCIAL.items()]
    )
    fulfilment = forms.ChoiceField(
        label="Fulfilment", required=False, choices=[("", "Any"), *FULFILMENT.items()]
    )
    after = _PlaceField(required=False)
    before = _PlaceField(required=False)

    def defaults(self, data: Mapping[str, str]) -> dict[str, str]:
        """Return the days of a query that says none and searches for nothing."""
        return {} if data.get("q") else super().defaults(data)

    def query(self, *, may_see_people: bool) -> OrdersQuery:
        """Return what is asked for; the form must be valid."""
        given = self.cleaned_data
        return OrdersQuery(
            period=self.period(),
            search=given["q"].lower(),
            financial=given["financial"],
            fulfilment=given["fulfilment"],
            after=given["after"],
            before=given["before"],
            may_see_people=may_see_people,
        )

    def state(self) -> dict[str, str]:
        """Return the filters that are set, for links to other pages of the list."""
        names = ("start", "end", "q", "financial", "fulfilment")
        return {name: self.data[name] for name in names if self.data.get(name)}


class MoneyForm(ListForm):
    """Days and a currency; a shop with one is not asked for it."""

    def __init__(self, data: Mapping[str, str], *, coverage: Coverage) -> None:
        super().__init__(data, coverage=coverage)
        codes = coverage.currencies
        hidden = forms.Select() if len(codes) > 1 else forms.HiddenInput()
        self.fields["currency"] = forms.ChoiceField(
            label="Currency",
            required=False,
            choices=[(code, code) for code in codes],
            widget=hidden,
        )

    @property
    def currency(self) -> str:
        """Return the currency to sum in; the form must be valid."""
        return self.cleaned_data["currency"] or self.coverage.currency

    def state(self) -> dict[str, str]:
        """Return the filters that are set, for links to other pages."""
        names = ("start", "end", "currency")
        return {name: self.data[name] for name in names if self.data.get(name)}


class ProductsForm(MoneyForm):
    """The filters of the list of products and of one of them."""

    page = forms.IntegerField(
        required=False, min_value=1, max_value=100_000, widget=forms.HiddenInput
    )

    @property
    def number(self) -> int:
        """Return which page of the list is asked for; the form must be valid."""
        return self.cleaned_data["page"] or 1


class CustomersForm(MoneyForm):
    """The filters of the customers' page."""

    after = _RankField(required=False)
