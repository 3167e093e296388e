"""Where a page of a list begins, as its address says it: a figure and an id."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms

from analytics.reports.carts import Worth
from analytics.reports.customers import Rank
from analytics.reports.orders import Place

BIGINT = 2**63
NOT_THERE = "This page of the list is not there."


class _StartField(forms.CharField):
    """Two words with a line between them, which `read` makes a place of."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> Any:
        if not value:
            return None
        figure, _, row = str(value).partition("_")
        try:
            return self.read(figure, row)
        except (ValueError, ArithmeticError):
            raise forms.ValidationError(NOT_THERE) from None

    def read(self, figure: str, row: str) -> Any:
        """Return the place; ValueError for what can be none."""
        raise NotImplementedError


class PlaceField(_StartField):
    """A moment and an id of ours."""

    def read(self, figure: str, row: str) -> Place:
        place = Place(datetime.fromisoformat(figure), UUID(row))
        if place.at.tzinfo is None:
            raise ValueError
        return place


class RankField(_StartField):
    """Net sales in minor units and a customer's id."""

    def read(self, figure: str, row: str) -> Rank:
        rank = Rank(int(figure), int(row))
        if max(map(abs, rank)) >= BIGINT:
            raise ValueError
        return rank


class WorthField(_StartField):
    """What a cart is worth, nothing where that is not known, and its id."""

    def read(self, figure: str, row: str) -> Worth:
        value = Decimal(figure) if figure else None
        if abs(int(row)) >= BIGINT or not abs(value or Decimal(0)) < BIGINT:
            raise ValueError
        return Worth(value, int(row))
