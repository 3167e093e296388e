"""Pages of lists and of their single things."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from analytics.forms import days_form
from analytics.list_filters import CartFilter, OrderFilter
from analytics.list_forms import (
    BY_SEGMENT,
    BY_VARIANT,
    CartsForm,
    CustomersForm,
    FulfilmentForm,
    ListForm,
    OrdersForm,
    ProductsForm,
)
from analytics.pages.carts import carts_page
from analytics.pages.customers import (
    BOUGHT_COLUMNS,
    CustomersReports,
    customer_page,
    customers_page,
)
from analytics.pages.fulfilment import fulfilment_page
from analytics.pages.links import Links
from analytics.pages.order import COLUMNS, order_page
from analytics.pages.orders import orders_page
from analytics.pages.product import VARIANT_COLUMNS, product_page
from analytics.pages.product_list import products_page
from analytics.pages.times import TimesReport
from analytics.periods import Period
from analytics.reports.buying import customers_report
from analytics.reports.carts import cart_list
from analytics.reports.carts import carts as carts_report
from analytics.reports.cohorts import latest_cohorts
from analytics.reports.coverage import Coverage, coverage
from analytics.reports.customers import customer_detail, customer_list
from analytics.reports.fulfilment import open_by_age, open_orders, times_by
from analytics.reports.order import order_detail
from analytics.reports.orders import order_list
from analytics.reports.overview import OverviewQuery
from analytics.reports.product import product_detail, sales_of_product
from analytics.reports.product_list import ListedProduct, product_list, variant_list
from analytics.reports.query import asked
from analytics.reports.rfm import rfm
from analytics.reports.sales import sales_report
from analytics.reports.segments import segments
from analytics.series import paired
from analytics.sums import Sums
from shop_data.withheld_customers import withheld_customers
from tenants.credentials import Kind
from tenants.http import TenantRequest, tenant_page


def _links(form: ListForm, query: OverviewQuery, known: Coverage) -> Links:
    return Links(query, default_currency=known.currency, more=form.own())


def _earlier(query: OverviewQuery, known: Coverage) -> Period | None:
    """Return the days to compare with, where they are known."""
    return query.earlier if query.earlier and known.covers(query.earlier.first) else None


@require_safe
@cache_control(private=True, no_cache=True)
@tenant_page
def orders(request: TenantRequest) -> HttpResponse:
    """Answer a page of the list of orders."""
    known = coverage(now=timezone.now())
    people = request.credential.may_see_people
    form = OrdersForm(request.GET.dict(), coverage=known)
    context: dict[str, Any] = {"store": known.store, "form": form, "may_see_people": people}
    if not form.is_valid():
        return render(request, "analytics/orders.html", context, status=400)
    query = form.query()
    chosen = form.chosen()
    found = OrderFilter(chosen, zone=known.zone, may_see_people=people).rows()
    page = orders_page(
        order_list(found, form.orders_query(may_see_people=people)),
        None if form.narrowed() else sales_report(asked(query), coverage=known),
        query=query,
        like=form.like(),
        chosen=chosen,
        links=_links(form, query, known),
        coverage=known,
        may_see_people=people,
    )
    context |= {"days": days_form(query), "page": page}
    return render(request, "analytics/orders.html", context)


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
    """Answer a page of the list of products, or of variants."""
    known = coverage(now=timezone.now())
    form = ProductsForm(request.GET.dict(), coverage=known)
    context: dict[str, Any] = {"store": known.store, "form": form}
    if not form.is_valid():
        return render(request, "analytics/products.html", context, status=400)
    query = form.query()
    page = products_page(
        _listed(form, query, known),
        sales_report(asked(query), coverage=known),
        form=form,
        query=query,
        links=_links(form, query, known),
    )
    context |= {"days": days_form(query), "page": page}
    return render(request, "analytics/products.html", context)


def _listed(form: ProductsForm, query: OverviewQuery, known: Coverage) -> list[ListedProduct]:
    if form.cleaned_data["of"] == BY_VARIANT:
        return variant_list(asked(query).windows(known)[0])
    return product_list(query.period, currency=query.currency, live=known.live, lens=query.lens)


@require_safe
@cache_control(private=True, no_cache=True)
@tenant_page
def product(request: TenantRequest, shopify_id: int) -> HttpResponse:
    """Answer one product; 404 for what is no product of this shop."""
    known = coverage(now=timezone.now())
    form = ProductsForm(request.GET.dict(), coverage=known)
    context: dict[str, Any] = {"store": known.store, "form": form, "columns": VARIANT_COLUMNS}
    if not form.is_valid():
        return render(request, "analytics/product.html", context, status=400)
    query = form.query()
    found = product_detail(
        shopify_id,
        period=query.period,
        currency=query.currency,
        live=known.live,
        lens=query.lens,
    )
    if found is None:
        raise Http404
    earlier = _product_before(shopify_id, query, known)
    links = _links(form, query, known)
    page = product_page(found, earlier, query=query, links=links, coverage=known)
    context |= {"days": days_form(query), "page": page}
    return render(request, "analytics/product.html", context)


def _product_before(
    shopify_id: int, query: OverviewQuery, known: Coverage
) -> dict[date, Sums] | None:
    earlier = _earlier(query, known)
    if earlier is None:
        return None
    return sales_of_product(
        shopify_id, period=earlier, currency=query.currency, live=known.live, lens=query.lens
    )


@require_safe
@cache_control(private=True, no_cache=True)
@tenant_page
def customers(request: TenantRequest) -> HttpResponse:
    """Answer the customers: who bought in a period, the list, the cohorts."""
    known = coverage(now=timezone.now())
    form = CustomersForm(request.GET.dict(), coverage=known)
    context: dict[str, Any] = {"store": known.store, "form": form}
    if not form.is_valid():
        return render(request, "analytics/customers.html", context, status=400)
    query = form.query()
    page = customers_page(
        _customers(request, form, query, known),
        form=form,
        query=query,
        links=_links(form, query, known),
        coverage=known,
    )
    context |= {"days": days_form(query), "page": page}
    return render(request, "analytics/customers.html", context)


def _customers(
    request: TenantRequest, form: CustomersForm, query: OverviewQuery, known: Coverage
) -> CustomersReports:
    sales = customers_report(asked(query), coverage=known)
    people = form.customers_query(may_see_people=request.credential.may_see_people)
    return CustomersReports(
        listed=customer_list(people, coverage=known),
        sales=sales,
        cohorts=latest_cohorts(query.currency, form.grain_of_cohorts(), coverage=known),
        rfm=rfm(currency=query.currency),
        segments=segments(currency=query.currency, coverage=known)
        if form.cleaned_data["of"] == BY_SEGMENT
        else None,
        repeated=sales.now.totals.repeat_customers,
        withheld=withheld_customers(),
    )


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
    page = customer_page(found, coverage=known)
    context = {"store": known.store, "page": page, "columns": BOUGHT_COLUMNS}
    return render(request, "analytics/customer.html", context)


@require_safe
@cache_control(private=True, no_cache=True)
@tenant_page
def carts(request: TenantRequest) -> HttpResponse:
    """Answer the abandoned carts of a period."""
    known = coverage(now=timezone.now())
    form = CartsForm(request.GET.dict(), coverage=known)
    people = request.credential.may_see_people
    context: dict[str, Any] = {"store": known.store, "form": form, "may_see_people": people}
    if not form.is_valid():
        return render(request, "analytics/carts.html", context, status=400)
    query = form.query()
    currency, earlier = query.currency, _earlier(query, known)
    page = carts_page(
        carts_report(query.period, currency=currency, live=known.live, now=known.now),
        carts_report(earlier, currency=currency, live=known.live, now=known.now)
        if earlier
        else None,
        cart_list(_carts(form, known, people).rows(), after=form.cleaned_data["after"]),
        form=form,
        query=query,
        links=_links(form, query, known),
        coverage=known,
        may_see_people=people,
    )
    context |= {"days": days_form(query), "page": page}
    return render(request, "analytics/carts.html", context)


def _carts(form: CartsForm, known: Coverage, people: bool) -> CartFilter:
    return CartFilter(
        form.chosen(),
        currency=form.currency,
        zone=known.zone,
        now=known.now,
        may_see_people=people,
    )


@require_safe
@cache_control(private=True, no_cache=True)
@tenant_page
def fulfilment(request: TenantRequest) -> HttpResponse:
    """Answer what still has to be sent, and how long orders of a period took."""
    known = coverage(now=timezone.now())
    form = FulfilmentForm(request.GET.dict(), coverage=known)
    context: dict[str, Any] = {"store": known.store, "form": form}
    if not form.is_valid():
        return render(request, "analytics/fulfillment.html", context, status=400)
    query = form.query()
    page = fulfilment_page(
        open_by_age(known.now),
        _times(query, known),
        open_orders(form.open_query(), now=known.now),
        form=form,
        links=_links(form, query, known),
    )
    context |= {"days": days_form(query), "page": page}
    return render(request, "analytics/fulfillment.html", context)


def _times(query: OverviewQuery, known: Coverage) -> TimesReport:
    pairs = paired(query.period, _earlier(query, known), query.fitting())
    days, before = ([side for side in sides if side] for sides in zip(*pairs, strict=True))
    return TimesReport(
        query=query,
        coverage=known,
        grain=query.fitting(),
        pairs=pairs,
        now=times_by(days, live=known.live),
        earlier=times_by(before, live=known.live) if before else None,
    )
