"""The application's addresses and one more: a page that shows the parts with fixed values."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from xenofy import urls
from xenofy.common.formats import change, money_style

TEMPLATE = Path(__file__).with_name("specimen.html")
DAYS = ["Mon 2 Nov", "Tue 3 Nov", "Wed 4 Nov", "Thu 5 Nov"]
EARLIER = ["Fri 30 Oct", "Sat 31 Oct", "Sun 1 Nov"]


class Range(forms.Form):
    start = forms.DateField(label="First day", widget=forms.DateInput({"type": "date"}))
    end = forms.DateField(label="Last day", widget=forms.DateInput({"type": "date"}))


def figure() -> dict[str, Any]:
    spec = {
        "kind": "bars",
        "labels": [day[4:] for day in DAYS],
        "titles": DAYS,
        "values": [Decimal("71237.50"), None, Decimal("0"), Decimal("-1200")],
        "compare": [Decimal("50000"), Decimal("60000"), Decimal("0")],
        "compare_titles": EARLIER,
        "unit": {"type": "money", **money_style("INR")},
        "unfinished": 3,
        "bands": [{"from": 1, "to": 2, "label": "Sale"}],
        "hrefs": [f"/specimen?day={index}" for index in range(4)],
    }
    return {
        "id": "net-sales",
        "heading": "Net sales by day",
        "note": "In Asia/Kolkata",
        "summary": "Net sales by day, 2 to 5 November. Total ₹70,037.50.",
        "current": "2 – 5 Nov",
        "compare": "30 Oct – 1 Nov",
        "spec": spec,
        "columns": ["Day", "Net sales"],
        "rows": [["Mon 2 Nov", "₹71,237.50"]],
    }


def share_figure() -> dict[str, Any]:
    """Return a figure of a rate, without an earlier period."""
    spec = {
        "kind": "line",
        "labels": [day[4:] for day in DAYS],
        "titles": DAYS,
        "values": [Decimal("0.397"), None, Decimal("0.5"), Decimal("0.45")],
        "compare": None,
        "compare_titles": None,
        "unit": {"type": "percent"},
        "unfinished": None,
        "bands": [],
        "hrefs": None,
    }
    return {
        "id": "returning",
        "heading": "Returning orders by day",
        "note": "",
        "summary": "Returning orders by day, 2 to 5 November. In all 45.0%.",
        "current": "2 – 5 Nov",
        "compare": "",
        "spec": spec,
        "columns": ["Day", "Returning orders"],
        "rows": [["Mon 2 Nov", "39.7%"]],
    }


def picker() -> dict[str, Any]:
    return {
        "label": "Last 30 days",
        "days": "24 Oct – 22 Nov",
        "earlier": "?step=earlier",
        "later": "",
        "presets": [
            {"label": "Last 7 days", "href": "?period=7d", "current": False, "key": "w"},
            {"label": "Last 30 days", "href": "?period=30d", "current": True, "key": "t"},
        ],
        "versus": "previous",
        "versus_detail": "30 days",
        "comparisons": [{"label": "Nothing", "href": "?vs=none", "current": False}],
        "toggle": "?vs=none",
        "kept": [("period", "custom"), ("by", "day")],
    }


def specimen(request: HttpRequest) -> HttpResponse:
    kpi = {
        "label": "Orders",
        "value": "1,434",
        "href": "?metric=orders",
        "change": change(1434, 1253, good_up=True),
        "was": "was 1,253",
        "spark": {"current": "0,12 36,4 72,20", "earlier": ""},
    }
    rows = [
        {"label": "Gross sales", "amount": "₹71,237.50", "change": "+42.5%"},
        {"label": "Net sales", "amount": "₹70,037.50", "change": "+40.1%", "kind": "sum"},
        {"label": "Total sales", "amount": "₹70,037.50", "change": "+40.1%", "kind": "total"},
    ]
    figures = {"figure": figure(), "share_figure": share_figure()}
    context = {**figures, "picker": picker(), "form": Range(), "kpi": kpi, "rows": rows}
    template = engines["django"].from_string(TEMPLATE.read_text())
    return HttpResponse(template.render(context, request))


handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
urlpatterns = [path("specimen", specimen), *urls.urlpatterns]
