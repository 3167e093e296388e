"""Pages of reports, and the rows behind their figures."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from analytics.forms import SalesForm, days_form
from analytics.metrics import METRICS
from analytics.pages.bridge import bridge_table
from analytics.pages.hours import hours_table
from analytics.pages.proof import proof_page
from analytics.pages.sales import sales_page
from analytics.parameters import ReportParameters
from analytics.reports.breakdowns import breakdown
from analytics.reports.bridge import bridge
from analytics.reports.coverage import coverage
from analytics.reports.hours import hours_report
from analytics.reports.proof import proof as proof_of
from analytics.reports.query import asked
from analytics.reports.sales import sales_report
from tenants.http import TenantRequest, tenant_page

SALES = "analytics/sales.html"
PROOF = "analytics/proof.html"
OF_PROOF = ("metric", "report", "key")


@require_safe
@cache_control(private=True, no_cache=True)
@tenant_page
def sales(request: TenantRequest) -> HttpResponse:
    """Answer the Sales page; 400, with the form's words, on a query that cannot be right."""
    known = coverage(now=timezone.now())
    form = SalesForm(request.GET, coverage=known)
    frame = {"store": known.store}
    if not form.is_valid():
        return render(request, SALES, {**frame, "form": form}, status=400)
    if known.first_day is None:
        return render(request, SALES, {**frame, "importing": known.history_since})
    query = form.query()
    question = asked(query)
    report = sales_report(question, coverage=known)
    split = breakdown(query.split, question, coverage=known)
    context = {
        "form": days_form(query),
        "page": sales_page(query, report, split),
        "bridge": bridge_table(bridge(question, coverage=known)),
        "hours": hours_table(hours_report(question, coverage=known)),
    }
    return render(request, SALES, {**frame, **context})


@require_safe
@cache_control(private=True, no_cache=True)
@tenant_page
def proof(request: TenantRequest) -> HttpResponse:
    """Answer the ledger rows behind a figure; 400 on a query that cannot be right.

    As on every page, parameters that it does not know are left out: mail programs add their own.
    """
    known = coverage(now=timezone.now())
    names = ReportParameters.names(OF_PROOF)
    state = {name: value for name, value in request.GET.dict().items() if name in names}
    parameters = ReportParameters(state, coverage=known, takes=OF_PROOF)
    if not parameters.is_valid():
        context = {"store": known.store, "problems": parameters.problems()}
        return render(request, PROOF, context, status=400)
    given = parameters.validated_data
    found = proof_of(
        given["report"],
        parameters.query(),
        metric=METRICS[given["metric"]],
        key=given.get("key"),
        coverage=known,
    )
    page = proof_page(found, state=state)
    return render(request, PROOF, {"store": known.store, "page": page})
