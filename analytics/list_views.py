"""Pages of lists and of their single things."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from analytics.list_forms import OrdersForm, ProductsForm
from analytics.pages.order import COLUMNS, order_page
from analytics.pages.orders import orders_page
from analytics.pages.product import VARIANT_COLUMNS, product_page
from analytics.pages.product_list import products_page
from analytics.reports.coverage import coverage
from analytics.reports.order import order_detail
from analytics.reports.orders import order_list
from analytics.reports.product import product_detail
from analytics.reports.product_list import product_list
from tenants.credentials import Kind
from tenants.http import TenantRequest, tenant_page


@require_safe
@cache_control(private=True, no_cache=True)
@tenant_page
def orders(request: TenantRequest) -> HttpResponse:
    """Answer a page of the list of orders."""
    known = coverage(now=timezone.now())
    people = request.credential.may_see_people
    form = OrdersForm(request.GET.dict(), coverage=known)
    context = {"store": known.store, "form": form, "may_see_people": people}
    if not form.is_valid():
        return render(request, "analytics/orders.html", context, status=400)
    found = order_list(form.query(may_see_people=people), zone=known.zone)
    page = orders_page(found, coverage=known, may_see_people=people, state=form.state())
    return render(request, "analytics/orders.html", {**context, "page": page})


@require_safe
@cache_control(private=True, no_cache=True)
@tenant_page
def order(request: TenantRequest, shopify_id: int) -> HttpResponse:
    """Answer one order; 404 for what is no order of this shop."""
    people = request.credential.may_see_people
    found = order_detail(shopify_id, may_see_people=people)
    if found is None:
        raise Http404
    known = coverage(now=timezone.now())
    is_demo = request.credential.kind is Kind.DEMO
    page = order_page(found, coverage=known, may_see_people=people, is_demo=is_demo)
    context = {"store": known.store, "page": page, "columns": COLUMNS}
    return render(request, "analytics/order.html", context)


@require_safe
@cache_control(private=True, no_cache=True)
@tenant_page
def products(request: TenantRequest) -> HttpResponse:
    """Answer a page of the list of products."""
    known = coverage(now=timezone.now())
    form = ProductsForm(request.GET.dict(), coverage=known)
    context = {"store": known.store, "form": form}
    if not form.is_valid():
        return render(request, "analytics/products.html", context, status=400)
    found = product_list(form.period(), currency=form.currency, live=known.live)
    page = products_page(found, number=form.number, currency=form.currency, state=form.state())
    return render(request, "analytics/products.html", {**context, "page": page})


@require_safe
@cache_control(private=True, no_cache=True)
@tenant_page
def product(request: TenantRequest, shopify_id: int) -> HttpResponse:
    """Answer one product; 404 for what is no product of this shop."""
    known = coverage(now=timezone.now())
    form = ProductsForm(request.GET.dict(), coverage=known)
    context = {"store": known.store, "form": form, "columns": VARIANT_COLUMNS}
    if not form.is_valid():
        return render(request, "analytics/product.html", context, status=400)
    period, currency = form.period(), form.currency
    found = product_detail(shopify_id, period=period, currency=currency, live=known.live)
    if found is None:
        raise Http404
    page = product_page(found, period=period, currency=currency, coverage=known)
    return render(request, "analytics/product.html", {**context, "page": page})
