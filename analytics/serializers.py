"""Queries and bodies of the REST API, as the contract writes them."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from rest_framework import serializers

from analytics.data.bodies import sales_body
from analytics.data.shapes import DashboardBody, EventBody, SubjectBody, SubjectKind
from analytics.periods import Period
from analytics.reports.activity import Happened, Subject
from analytics.reports.dashboard import Dashboard
from xenofy.common.moments import iso
from xenofy.common.strict_query import FIRST_DAY, LAST_DAY, DayField, StrictQuery


class CurrencyCode(serializers.RegexField):
    """The code of a currency; it may be left out."""

    def __init__(self) -> None:
        super().__init__(
            r"\A[A-Z]{3}\Z",
            required=False,
            max_length=3,
            error_messages={"invalid": "Write a code like INR."},
            help_text="Which currency; required where the shop has sales in several.",
        )


class PeriodQuery(StrictQuery):
    """Days of the shop, both included; either end may be left open."""

    startDate = DayField(FIRST_DAY)
    endDate = DayField(LAST_DAY)
    currency = CurrencyCode()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        first, last = attrs.get("startDate", date.min), attrs.get("endDate", date.max)
        if first > last:
            raise serializers.ValidationError({"endDate": ["It lies before startDate."]})
        return attrs

    def period(self) -> Period | None:
        """Return the days asked for; None for all time."""
        given = self.validated_data
        if "startDate" not in given and "endDate" not in given:
            return None
        return Period(given.get("startDate", date.min), given.get("endDate", date.max))


def dashboard_body(found: Dashboard) -> DashboardBody:
    """Return the totals in the contract's words; `daysUpdating` are still being recomputed."""
    return {
        "customers": {"total": found.customers},
        "orders": sales_body(found.sums, found.currency),
        "products": {"total": found.products},
        "daysUpdating": found.stale,
    }


def event_body(line: Happened) -> EventBody:
    """Return one line of what happened; a subject that is not here (any more) is null."""
    return {
        "id": str(line.id),
        "eventId": line.event_id,
        "type": line.type,
        "verb": line.verb,
        "description": line.description,
        "subject": _subject(line.subject) if line.subject else None,
        "createdAt": iso(line.happened_at),
    }


def _subject(subject: Subject) -> SubjectBody:
    return {
        "type": cast("SubjectKind", subject.kind),
        "shopifyId": str(subject.shopify_id),
        "name": subject.name or None,
    }
