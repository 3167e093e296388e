"""The answers under /api/data/analytics: their keys, and what each holds."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from analytics.data.shapes import EventBody, ListedBody, Personal, Revenue
from xenofy.common.shapes import Code, Count, Day, Id, Moment, Money, Share, ShopifyId


class TopProductBody(TypedDict):
    id: Id | None
    shopifyId: ShopifyId
    title: str | None
    price: Money | None
    totalSold: int
    totalRevenue: Annotated[Money, "Net sales."]
    inventoryQuantity: int | None


class MonthsBody(TypedDict):
    """Total sales; growth is against the same days of the last month."""

    currentMonth: Money
    lastMonth: Money
    growthRate: Share | None


class ConversionBody(TypedDict):
    """What no data of the shop tells is null, with the reason."""

    estimatedVisits: None
    conversionRate: None
    reason: str
    cartAbandonRate: Share | None


class StoreBody(TypedDict):
    name: str | None
    domain: str | None
    planName: str | None
    currency: Code | None
    country: str | None


class InsightsBody(TypedDict):
    """The main figures of a range."""

    topProducts: list[TopProductBody]
    totalRevenue: Revenue
    netSales: Money
    currency: Code | None
    totalCustomers: Count
    recentOrders: Count
    revenue: MonthsBody
    conversion: ConversionBody
    conversionMetrics: ConversionBody
    storeInfo: StoreBody
    recentActivity: list[EventBody]


class CartBody(TypedDict):
    id: Id
    checkoutId: ShopifyId
    totalPrice: Annotated[Money | None, "Null where Shopify did not tell it."]
    currency: Code | None
    email: Personal
    createdAt: Moment | None
    updatedAt: Moment | None
    completedAt: Annotated[Moment | None, "Null for who left it."]


class CartsBody(ListedBody):
    """A page of the carts that were left; `value` is that of all pages."""

    value: Money
    currency: Code | None
    recentCarts: list[CartBody]


class StockStatsBody(TypedDict):
    """`lowStock` lasts less than 14 days at the pace of the last 30."""

    totalProducts: Count
    inStock: Count
    outOfStock: Count
    lowStock: Count
    stockValue: Annotated[Money | None, "At the prices; null where none is known."]


class StockedBody(TypedDict):
    shopifyId: ShopifyId
    title: str | None
    inventoryQuantity: int | None
    unitsSold: Annotated[int, "In the last 30 days."]
    unitsPerDay: Money | None
    daysOfStock: Money | None


class StockTotalsBody(TypedDict):
    stats: StockStatsBody
    currency: Code | None
    productsWithStock: Annotated[list[StockedBody], "Most units sold first."]


class StockBody(ListedBody, StockTotalsBody):
    """What is in stock, and how long it lasts."""


class StatusBody(TypedDict):
    count: Count
    value: Money


class StatusesBody(TypedDict):
    fulfilled: StatusBody
    partial: StatusBody
    unfulfilled: StatusBody
    restocked: StatusBody


class FulfillmentBody(TypedDict):
    """Orders by fulfilment status: what Shopify leaves out is unfulfilled."""

    total: Count
    currency: Code | None
    statusBreakdown: StatusesBody


class ThresholdsBody(TypedDict):
    highValue: Annotated[Money, "Net sales from which on a customer is of high value."]
    lowValue: Money
    newSince: Day


SegmentKey = Literal["highValue", "regular", "new", "lowValue"]


class SegmentBody(TypedDict):
    key: SegmentKey
    name: str
    rule: Annotated[str, "Who is in it, in words."]
    customers: Count
    netSales: Money
    share: Annotated[Share | None, "Of all customers."]


class SegmentsBody(TypedDict):
    """Four numbers that add up to all customers."""

    highValue: Count
    regular: Count
    new: Count
    lowValue: Count
    total: Count
    currency: Code | None
    thresholds: ThresholdsBody
    segments: list[SegmentBody]
