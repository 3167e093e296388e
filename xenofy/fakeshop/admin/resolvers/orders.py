"""Orders: their header, sums, and the way that led to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from xenofy.fakeshop import paying, totals
from xenofy.fakeshop.admin.ask import Ask
from xenofy.fakeshop.admin.connections import Page, page
from xenofy.fakeshop.admin.fields import field, fields, money_bags, nothing
from xenofy.fakeshop.admin.names import discount_type, gid
from xenofy.fakeshop.admin.resolvers.shared import summed, taxed
from xenofy.fakeshop.fulfilling import fulfillment_status
from xenofy.fakeshop.leaves import Discount, Visit
from xenofy.fakeshop.money import Money
from xenofy.fakeshop.records import Line, Order, Shipping
from xenofy.fakeshop.returning import return_status

money_bags("Order", {
    "subtotalPriceSet": totals.subtotal,
    "totalDiscountsSet": totals.discounts,
    "totalShippingPriceSet": totals.shipping,
    "totalTaxSet": totals.tax,
    "totalPriceSet": totals.total,
    "originalTotalPriceSet": totals.original_total,
    "currentSubtotalPriceSet": totals.current_subtotal,
    "currentTotalDiscountsSet": totals.current_discounts,
    "currentShippingPriceSet": totals.current_shipping,
    "currentTotalTaxSet": totals.current_tax,
    "currentTotalPriceSet": totals.current_total,
    "totalReceivedSet": totals.received,
    "totalRefundedSet": totals.refunded,
    "totalRefundedShippingSet": lambda order: sum(one.refunded for one in order.shipping),
    "refundDiscrepancySet": totals.discrepancy,
    "totalOutstandingSet": totals.outstanding,
    "totalCapturableSet": totals.authorized,
    "netPaymentSet": lambda order: totals.received(order) - totals.refunded(order),
    "totalTipReceivedSet": totals.tips,
    "cartDiscountAmountSet": totals.discounts,
    "currentCartDiscountAmountSet": totals.current_discounts,
})  # fmt: skip
fields("Order", {
    "confirmationNumber": lambda order: order.token[-9:].upper(),
    "closed": lambda order: order.closed_at is not None,
    "cancelReason": lambda order: order.cancel_reason and order.cancel_reason.upper(),
    "displayFinancialStatus": lambda order: paying.financial_status(order).upper(),
    "displayFulfillmentStatus": fulfillment_status,
    "returnStatus": return_status,
    "fullyPaid": lambda order: not totals.outstanding(order),
    "unpaid": lambda order: not totals.received(order),
    "merchantBusinessEntity": lambda order: Stub(gid("BusinessEntity", 1)),
    "billingAddress": lambda order: order.billing,
    "displayAddress": lambda order: order.shipping_address or order.billing,
    "currencyCode": lambda order: order.currency,
    "presentmentCurrencyCode": lambda order: order.presentment,
    "customerLocale": lambda order: order.locale,
    "discountCodes": lambda order: codes(order),
    "discountCode": lambda order: next(iter(codes(order)), None),
    "paymentGatewayNames": lambda order: gateways(order),
    "statusPageUrl": lambda order: f"https://example.com/orders/{order.token}",
    "subtotalLineItemsQuantity": lambda order: sum(line.quantity for line in order.lines),
    "currentSubtotalLineItemsQuantity": lambda order: sum(line.current for line in order.lines),
    "transactionsCount": lambda order: Count(len(order.transactions)),
    "fulfillmentsCount": lambda order: Count(len(order.fulfillments)),
    "requiresShipping": lambda order: any(line.requires_shipping for line in order.lines),
    "shippingLine": lambda order: next((o for o in order.shipping if not o.is_removed), None),
    "totalCashRoundingAdjustment": lambda order: Rounding(order.bag(0), order.bag(0)),
    "app": lambda order: Stub(gid("App", 580111), "Online Store"),
    "publication": lambda order: (
        Stub(gid("Publication", 1)) if order.source_name == "web" else None
    ),
})  # fmt: skip
nothing("Order", "sourceIdentifier", "poNumber", "cartToken", "cancellation", "totalWeight")
nothing("Order", "currentTotalAdditionalFeesSet", "originalTotalAdditionalFeesSet")
nothing("Order", "customAttributes", "additionalFees", value=[])
nothing("Order", "confirmed", value=True)
nothing("Order", "taxExempt", "dutiesIncluded", "estimatedTaxes", value=False)
nothing("Order", "currentTotalWeight", value=0)


class Stub(NamedTuple):
    """Something of which only the id is known, and perhaps a name."""

    id: str
    name: str = ""
    handle: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    count: int
    precision: str = "EXACT"


class Rounding(NamedTuple):
    payment_set: Any
    refund_set: Any


def codes(order: Order) -> list[str]:
    return [one.label for one in order.discounts if one.kind == "code"]


def gateways(order: Order) -> list[str]:
    """Return the gateways that were paid through, the first used first."""
    return list(dict.fromkeys(one.gateway for one in order.transactions)) or [order.gateway]


@field("Order", "customer")
def customer(order: Order, ask: Ask) -> Any:
    ask.needs("read_customers", "customer")
    ask.needs_customer_data("customer")
    return ask.state.customers.get(order.customer_id or 0)


@field("Order", "email")
def email(order: Order, ask: Ask) -> str | None:
    ask.needs_people("email")
    return order.email


@field("Order", "phone")
def phone(order: Order, ask: Ask) -> str | None:
    ask.needs_people("phone")
    return order.phone


@field("Order", "customerAcceptsMarketing")
def accepts_marketing(order: Order, ask: Ask) -> bool:
    found = ask.state.customers.get(order.customer_id or 0)
    return bool(found and found.marketing == "subscribed")


@field("Order", "retailLocation")
def retail_location(order: Order, ask: Ask) -> Any:
    return ask.state.locations.get(order.location_id or 0)


@field("Order", "originalTotalDutiesSet")
def original_duties(order: Order, ask: Ask) -> Any:
    return order.bag(totals.duties(order)) if totals.duties(order) else None


@field("Order", "currentTotalDutiesSet")
def current_duties(order: Order, ask: Ask) -> Any:
    return order.bag(totals.current_duties(order)) if totals.duties(order) else None


@field("Order", "taxLines")
def tax_lines(order: Order, ask: Ask) -> list[Any]:
    charges: list[Line | Shipping] = [*order.lines, *order.shipping]
    return taxed(order, summed([one.taxes for one in charges]))


@field("Order", "currentTaxLines")
def current_tax_lines(order: Order, ask: Ask) -> list[Any]:
    return taxed(order, summed([one.taxes for one in order.lines if one.current]))


@field("Order", "lineItems")
def lines(order: Order, ask: Ask, **paging: Any) -> Page:
    return page(ask, order.lines, **paging)


@field("Order", "shippingLines")
def shipping_lines(
    order: Order,
    ask: Ask,
    includeRemovals: bool = False,
    **paging: Any,
) -> Page:
    found = [one for one in order.shipping if includeRemovals or not one.is_removed]
    return page(ask, found, **paging)


@field("Order", "agreements")
def agreements(order: Order, ask: Ask, **paging: Any) -> Page:
    return page(ask, order.agreements, **paging)


@field("Order", "returns")
def returns(order: Order, ask: Ask, **paging: Any) -> Page:
    ask.needs("read_returns", "returns")
    return page(ask, order.returns, **paging)


@field("Order", "events")
def events(order: Order, ask: Ask, **paging: Any) -> Page:
    return page(ask, [one for one in ask.state.events if one.subject_id == order.id], **paging)


# ── discounts ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Applied:
    """A discount of an order, at its place."""

    order: Order
    index: int
    discount: Discount

    @property
    def type_name(self) -> str:
        return discount_type(self.discount.kind)


class Percentage(NamedTuple):
    percentage: float
    type_name: str = "PricingPercentageValue"


class Price(NamedTuple):
    amount: Any
    currency: str
    type_name: str = "MoneyV2"


def applied(order: Order) -> list[Applied]:
    return [Applied(order, index, one) for index, one in enumerate(order.discounts)]


@field("Order", "discountApplications")
def discount_applications(order: Order, ask: Ask, **paging: Any) -> Page:
    return page(ask, applied(order), **paging)


def _value(one: Applied) -> Percentage | Price:
    if one.discount.is_percentage:
        return Percentage(float(one.discount.value))
    money = Money(one.discount.value, one.order.currency)
    return Price(money.amount, money.currency)


for _kind in ("code", "automatic", "manual"):
    fields(discount_type(_kind), {
        "value": _value,
        "allocationMethod": lambda one: "ACROSS",
        "targetSelection": lambda one: "ALL",
        "targetType": lambda one: (
            "SHIPPING_LINE" if one.discount.targets_shipping else "LINE_ITEM"
        ),
        "code": lambda one: one.discount.label,
        "title": lambda one: one.discount.label,
        "description": lambda one: one.discount.label,
    })  # fmt: skip


# ── journey ───────────────────────────────────────────────────────────────────────────────────


@field("Order", "customerJourneySummary")
def journey(order: Order, ask: Ask) -> Any:
    found = ask.state.customers.get(order.customer_id or 0)
    nth = found.order_ids.index(order.id) if found and order.id in found.order_ids else None
    return Journey(order, nth)


class Journey(NamedTuple):
    """The way to an order; `nth` orders of the customer came before."""

    order: Order
    nth: int | None


class Seen(NamedTuple):
    """A visit of an order."""

    order: Order
    visit: Visit


def _visit(journey: Journey) -> Seen | None:
    return Seen(journey.order, journey.order.visit) if journey.order.visit else None


fields("CustomerJourneySummary", {
    "ready": lambda one: True,
    "customerOrderIndex": lambda one: one.nth,
    "daysToConversion": lambda one: 0 if one.order.visit else None,
    "momentsCount": lambda one: Count(1 if one.order.visit else 0),
    "firstVisit": _visit,
    "lastVisit": _visit,
})  # fmt: skip
fields("CustomerVisit", {
    "id": lambda one: gid("CustomerVisit", one.order.id),
    "occurredAt": lambda one: one.visit.at,
    "landingPage": lambda one: one.visit.landing_page,
    "referrerUrl": lambda one: one.visit.referrer,
    "source": lambda one: one.visit.source,
    "utmParameters": lambda one: one.visit.utm,
})  # fmt: skip
nothing("CustomerVisit", "referralCode", "sourceDescription", "sourceType")
fields("UTMParameters", {
    "source": lambda utm: utm[0],
    "medium": lambda utm: utm[1],
    "campaign": lambda utm: utm[2],
})  # fmt: skip
nothing("UTMParameters", "content", "term")
