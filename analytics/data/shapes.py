"""The answers under /api/data: their keys, and what each holds."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from xenofy.common.shapes import Code, Count, Day, Id, Moment, Money, ShopifyId

Personal = Annotated[str | None, "Null for who may not see people."]
Revenue = Annotated[Money, "Total sales."]


class IdentityBody(TypedDict):
    """The ids of a row, as texts: they exceed what a JSON number holds exactly."""

    id: Id
    tenantId: Id
    shopifyId: ShopifyId


class CustomerBody(TypedDict):
    """A customer; `id` is null for one of whom Shopify told nothing but the number."""

    id: Id | None
    tenantId: Id
    shopifyId: ShopifyId
    email: Personal
    firstName: Personal
    lastName: Personal
    createdAt: Moment | None
    updatedAt: Moment | None
    totalOrders: Count
    totalSpent: Annotated[Money | None, "Net sales of all time."]
    currency: Code | None
    lastOrderAt: Moment | None


class OrderSummaryBody(IdentityBody):
    """An order without its lines and addresses."""

    name: str | None
    customerId: ShopifyId | None
    totalPrice: Money
    subtotalPrice: Money | None
    totalTax: Money | None
    totalDiscounts: Money | None
    currency: Code
    financialStatus: str | None
    fulfillmentStatus: str | None
    processedAt: Moment
    cancelledAt: Moment | None
    createdAt: Moment | None
    updatedAt: Moment | None


AddressType = Literal["shipping", "billing"]


class OrderItemBody(TypedDict):
    """A line of an order."""

    id: Id
    shopifyId: ShopifyId
    orderId: Id
    productId: ShopifyId | None
    variantId: ShopifyId | None
    title: str | None
    variantTitle: str | None
    sku: str | None
    quantity: Count
    price: Money
    linePrice: Annotated[Money, "The price times the quantity."]


class OrderAddressBody(TypedDict):
    """Where an order is shipped or billed."""

    type: AddressType
    name: str | None
    company: str | None
    address1: str | None
    address2: str | None
    city: str | None
    province: str | None
    country: str | None
    zip: str | None
    phone: str | None


class OrderBody(OrderSummaryBody):
    """An order with its lines; who may not see people sees no address."""

    items: list[OrderItemBody]
    addresses: list[OrderAddressBody]


class ProductBody(IdentityBody):
    """A product; price and stock are null where Shopify did not tell them."""

    title: str | None
    handle: str | None
    price: Money | None
    currency: Code | None
    inventoryQuantity: int | None
    inventoryPolicy: str | None
    createdAt: Moment | None
    updatedAt: Moment | None


class SoldBody(TypedDict):
    unitsSold: int
    revenue: Annotated[Money, "Total sales: net sales and taxes; shipping and fees are an order's."]
    netSales: Money
    grossSales: Money


class SoldProductBody(ProductBody, SoldBody):
    """A product with what it sold in all time."""


class SalesBody(TypedDict):
    """The number of orders, and what they came to."""

    total: Count
    revenue: Revenue
    netSales: Money
    grossSales: Money
    currency: Code | None


class TotalBody(TypedDict):
    total: Count


class DashboardBody(TypedDict):
    """Totals of a shop; `daysUpdating` days are still being recomputed."""

    customers: TotalBody
    orders: SalesBody
    products: TotalBody
    daysUpdating: Count


class DomainBody(TypedDict):
    domain: str
    customers: Count


class ByEmailBody(TypedDict):
    withEmail: Count
    withoutEmail: Count
    domains: Annotated[
        list[DomainBody] | None, "The ten most frequent; null for who may not see people."
    ]


class CustomerStatsBody(TypedDict):
    total: Count
    new: Annotated[int, "Who ordered first, or signed up, since the first of the shop's month."]
    byEmail: ByEmailBody


class SpendersBody(TypedDict):
    topCustomers: list[CustomerBody]


class ListedBody(TypedDict):
    """A page of a list."""

    total: Annotated[int, "Of all pages."]
    page: Count
    limit: Count


class CustomersBody(ListedBody):
    customers: list[CustomerBody]


class OrdersBody(ListedBody):
    orders: list[OrderBody]


class ProductsBody(ListedBody):
    products: list[SoldProductBody]


class CountedBody(TypedDict):
    totalOrders: Count
    totalRevenue: Revenue


class OrderStatsBody(SalesBody):
    """Orders and sales of all time."""

    recent: Annotated[list[OrderSummaryBody], "The last ten."]
    ordersByMonth: Annotated[dict[str, CountedBody], "By month, `2026-11`."]


class OrdersByDayBody(SalesBody):
    """Orders and sales of each day of a range."""

    ordersByDate: Annotated[dict[str, CountedBody], "By day, `2026-11-04`; empty ones too."]


class BestSellerBody(SoldBody):
    shopifyId: ShopifyId
    title: str | None
    currency: Code | None


class ProductStatsBody(TypedDict):
    """How many products there are, and what sells."""

    total: Count
    products: Annotated[list[ProductBody], "The newest."]
    since: Day
    bestSelling: Annotated[list[BestSellerBody], "Ten by units, of the days from `since` on."]


SubjectKind = Literal["order", "customer", "product"]


class SubjectBody(TypedDict):
    """What a line is about, where it is here."""

    type: SubjectKind
    shopifyId: ShopifyId
    name: str | None


class EventBody(TypedDict):
    """One line of what happened; it names no person."""

    id: Id
    eventId: str
    type: str
    verb: str
    description: str
    subject: SubjectBody | None
    createdAt: Moment


class EventsBody(ListedBody):
    events: list[EventBody]
