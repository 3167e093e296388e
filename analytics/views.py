"""Pages of figures."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from analytics.forms import DaysForm, OverviewForm
from analytics.pages.overview import coverage_notes, overview_page
from analytics.reports.coverage import Coverage, coverage
from analytics.reports.overview import overview as overview_report
from tenants.credentials import Kind
from tenants.http import TenantRequest, tenant_page


@require_safe
@cache_control(private=True, no_cache=True)
@tenant_page
def overview(request: TenantRequest) -> HttpResponse:
    """Answer the Overview; 400, with the form's words, on a query that cannot be right."""
    known = coverage(now=timezone.now())
    form = OverviewForm(request.GET, coverage=known)
    if not form.is_valid():
        return render(request, "analytics/overview.html", {"form": form}, status=400)
    is_demo = request.credential.kind is Kind.DEMO
    if known.known_since is None:
        return render(request, "analytics/overview.html", _without_orders(known, is_demo))
    query = form.query()
    page = overview_page(overview_report(query, coverage=known), is_demo=is_demo)
    days = DaysForm(initial={"start": query.period.first, "end": query.period.last})
    return render(request, "analytics/overview.html", {"form": days, "page": page})


def _without_orders(known: Coverage, is_demo: bool) -> dict[str, Any]:
    return {"importing": known.history_since, "notes": coverage_notes(known, is_demo=is_demo)}
