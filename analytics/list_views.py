"""Pages of lists and of their single things."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from analytics.list_forms import CustomersForm, ListForm, MoneyForm, OrdersForm, ProductsForm
from analytics.pages.carts import carts_page
from analytics.pages.customers import customer_page, customers_page
from analytics.pages.fulfilment import fulfilment_page
from analytics.pages.order import COLUMNS, order_page
from analytics.pages.orders import orders_page
from analytics.pages.product import VARIANT_COLUMNS, product_page
from analytics.pages.product_list import products_page
from analytics.reports.carts import carts as carts_report
from analytics.reports.cohorts import cohorts
from analytics.reports.coverage import coverage
from analytics.reports.customers import customer_detail, customer_list
from analytics.reports.fulfilment import fulfilment as fulfilment_report
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


@require_safe
@cache_control(private=True, no_cache=True)
@tenant_page
def customers(request: TenantRequest) -> HttpResponse:
    """Answer the customers: who bought in a period, the list, the cohorts."""
    known = coverage(now=timezone.now())
    form = CustomersForm(request.GET.dict(), coverage=known)
    context = {"store": known.store, "form": form}
    if not form.is_valid():
        return render(request, "analytics/customers.html", context, status=400)
    after, currency = form.cleaned_data["after"], form.currency
    found = customer_list(
        form.period(),
        currency=currency,
        after=after,
        live=known.live,
        may_see_people=request.credential.may_see_people,
    )
    page = customers_page(
        found,
        cohorts(currency=currency, today=known.today),
        coverage=known,
        currency=currency,
        state=form.state(),
        paged=after is not None,
    )
    return render(request, "analytics/customers.html", {**context, "page": page})


@require_safe
@cache_control(private=True, no_cache=True)
@tenant_page
def customer(request: TenantRequest, shopify_id: int) -> HttpResponse:
    """Answer one customer; 404 for who is none of this shop."""
    known = coverage(now=timezone.now())
    people = request.credential.may_see_people
    found = customer_detail(shopify_id, live=known.live, may_see_people=people)
    if found is None:
        raise Http404
    page = customer_page(found, coverage=known, may_see_people=people)
    return render(request, "analytics/customer.html", {"store": known.store, "page": page})


@require_safe
@cache_control(private=True, no_cache=True)
@tenant_page
def carts(request: TenantRequest) -> HttpResponse:
    """Answer the abandoned carts of a period."""
    known = coverage(now=timezone.now())
    form = MoneyForm(request.GET.dict(), coverage=known)
    people = request.credential.may_see_people
    context = {"store": known.store, "form": form, "may_see_people": people}
    if not form.is_valid():
        return render(request, "analytics/carts.html", context, status=400)
    found = carts_report(form.period(), currency=form.currency, now=known.now)
    page = carts_page(found, coverage=known, currency=form.currency, may_see_people=people)
    return render(request, "analytics/carts.html", {**context, "page": page})


@require_safe
@cache_control(private=True, no_cache=True)
@tenant_page
def fulfilment(request: TenantRequest) -> HttpResponse:
    """Answer what still has to be sent, and how long orders of a period took."""
    known = coverage(now=timezone.now())
    form = ListForm(request.GET.dict(), coverage=known)
    context = {"store": known.store, "form": form}
    if not form.is_valid():
        return render(request, "analytics/fulfillment.html", context, status=400)
    page = fulfilment_page(
        fulfilment_report(form.period(), live=known.live, now=known.now), coverage=known
    )
    return render(request, "analytics/fulfillment.html", {**context, "page": page})
