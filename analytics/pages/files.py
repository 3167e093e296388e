"""Where the figures of a page can be downloaded (components/files.html)."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from analytics.pages.picker import Choice
from analytics.parameters import FORMATS
from analytics.report_registry import REPORTS
from analytics.reports.overview import OverviewQuery

NAMES = {"csv": "CSV", "xlsx": "Excel", "jsonl": "JSON Lines"}


def files(report: str, query: OverviewQuery, **more: str) -> list[Choice]:
    """Return the files of a report of the API, asked as the page is."""
    if report not in REPORTS:
        return []
    asked = {
        "startDate": query.period.first.isoformat(),
        "endDate": query.period.last.isoformat(),
        "lens": query.lens.value,
        "currency": query.currency,
        **more,
    }
    address = reverse(f"report-{report}")
    return [
        Choice(
            label=NAMES[kind],
            href=f"{address}?{urlencode({**asked, 'format': kind})}",
            current=False,
        )
        for kind in FORMATS
        if kind in NAMES
    ]
