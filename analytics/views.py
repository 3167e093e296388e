"""Pages of figures."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from analytics.forms import OverviewForm, days_form
from analytics.pages.overview import overview_page
from analytics.reports.unchanged import kept_overview, moment
from tenants.credentials import Kind
from tenants.http import TenantRequest, tenant_page

TEMPLATE = "analytics/overview.html"


@require_safe
@cache_control(private=True, no_cache=True)
@tenant_page
def overview(request: TenantRequest) -> HttpResponse:
    """Answer the Overview; 400, with the form's words, on a query that cannot be right."""
    asked = moment(now=timezone.now())
    known = asked.known
    form = OverviewForm(request.GET, coverage=known)
    frame = {"store": known.store}  # the page's frame shows it too
    if not form.is_valid():
        return render(request, TEMPLATE, {**frame, "form": form}, status=400)
    if known.first_day is None:
        return render(request, TEMPLATE, {**frame, "importing": known.history_since})
    query = form.query()
    is_demo = request.credential.kind is Kind.DEMO
    page = overview_page(kept_overview(query, asked), is_demo=is_demo)
    days = days_form(query)
    return render(request, TEMPLATE, {**frame, "form": days, "page": page})
