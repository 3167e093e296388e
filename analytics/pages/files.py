"""Where the figures of a page can be downloaded (components/files.html)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from urllib.parse import urlencode

from django.urls import reverse

from analytics.pages.picker import Choice
from analytics.parameters import FORMATS
from analytics.report_registry import REPORTS
from analytics.reports.overview import OverviewQuery
from analytics.reports.query import ReportQuery

Query = OverviewQuery | ReportQuery
PLACES = {"countries": "country", "regions": "region"}  # splits that share an address
NAMES = {"csv": "CSV", "xlsx": "Excel", "jsonl": "JSON Lines"}


def split_files(split: str, query: Query, *, part: str = "", **more: str) -> list[Choice]:
    """Return the files of a split, or of a `part` of it, like "/proof"."""
    if split in PLACES:
        return files(f"geography{part}", query, by=PLACES[split], **more)
    return files(f"{split}{part}", query, **more)


def files(report: str, query: Query, **more: str) -> list[Choice]:
    """Return the files of a report of the API, asked as the page is."""
    if report not in REPORTS or more.get("metric") not in (None, *_metrics(report)):
        return []
    asked = {
        "startDate": query.period.first.isoformat(),
        "endDate": query.period.last.isoformat(),
        "lens": query.lens.value,
        "currency": query.currency,
        **more,
    }
    return _files(f"report-{report.replace('/', '-')}", asked)


def list_files(name: str, chosen: Mapping[str, object]) -> list[Choice]:
    """Return the files of a list of the API, filtered as it is on a page."""
    return _files(name, {key: str(value) for key, value in chosen.items() if value})


def _files(name: str, asked: Mapping[str, str]) -> list[Choice]:
    address = reverse(name)
    return [
        Choice(
            label=NAMES[kind],
            href=f"{address}?{urlencode({**asked, 'format': kind})}",
            current=False,
        )
        for kind in FORMATS
        if kind in NAMES
    ]


def _metrics(report: str) -> Collection[str]:
    """Return of which metrics a report has rows."""
    return REPORTS[report].words.get("metric", ())
