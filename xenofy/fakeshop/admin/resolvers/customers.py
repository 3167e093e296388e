"""Customers, as far as the app may see them."""

from __future__ import annotations

from typing import Any, NamedTuple

from xenofy.fakeshop import totals
from xenofy.fakeshop.admin.ask import Ask
from xenofy.fakeshop.admin.connections import Page, page
from xenofy.fakeshop.admin.fields import field, fields, nothing
from xenofy.fakeshop.catalogue_records import Customer
from xenofy.fakeshop.money import Money, major

nothing("Customer", "taxExemptions", value=[])
nothing("Customer", "dataSaleOptOut", value=False)
nothing("Customer", "lifetimeDuration", value="1 year")
fields("Customer", {
    "state": lambda one: one.state.upper(),
    "verifiedEmail": lambda one: one.verified,
    "productSubscriberStatus": lambda one: "NEVER_SUBSCRIBED",
    "numberOfOrders": lambda one: len(one.order_ids),
    "statistics": lambda one: one,
})  # fmt: skip
nothing("CustomerStatistics", "predictedSpendTier", "rfmGroup")

for _name in ("firstName", "lastName"):

    @field("Customer", _name)
    def name(one: Customer, ask: Ask, _of: str = _name) -> str | None:
        ask.needs_people(_of)
        return one.first_name if _of == "firstName" else one.last_name


@field("Customer", "displayName")
def display_name(one: Customer, ask: Ask) -> str:
    ask.needs_people("displayName")
    full = " ".join(part for part in (one.first_name, one.last_name) if part)
    return full or one.email or str(one.id)


class Contact(NamedTuple):
    """An e-mail or phone, with what was said about marketing."""

    value: str
    customer: Customer


@field("Customer", "defaultEmailAddress")
def email(one: Customer, ask: Ask) -> Contact | None:
    ask.needs_people("defaultEmailAddress")
    return Contact(one.email, one) if one.email else None


@field("Customer", "defaultPhoneNumber")
def phone(one: Customer, ask: Ask) -> Contact | None:
    ask.needs_people("defaultPhoneNumber")
    return Contact(one.phone, one) if one.phone else None


@field("Customer", "defaultAddress")
def address(one: Customer, ask: Ask) -> Any:
    return one.address


@field("Customer", "addressesV2")
def addresses(one: Customer, ask: Ask, **paging: Any) -> Page:
    return page(ask, [one.address] if one.address else [], **paging)


fields("CustomerEmailAddress", {
    "emailAddress": lambda one: one.value,
    "marketingState": lambda one: one.customer.marketing.upper(),
    "marketingOptInLevel": lambda one: "SINGLE_OPT_IN",
    "marketingUpdatedAt": lambda one: one.customer.marketing_at,
    "validFormat": lambda one: "@" in one.value,
})  # fmt: skip
fields("CustomerPhoneNumber", {
    "phoneNumber": lambda one: one.value,
    "marketingState": lambda one: "NOT_SUBSCRIBED",
})  # fmt: skip
nothing("CustomerPhoneNumber", "marketingOptInLevel", "marketingUpdatedAt")


@field("Customer", "amountSpent")
def spent(one: Customer, ask: Ask) -> Money:
    orders = [ask.state.orders[order_id] for order_id in one.order_ids]
    minor = sum(totals.received(order) - totals.refunded(order) for order in orders)
    currency = ask.state.settings.currency
    return Money(major(minor, currency), currency)


@field("Customer", "lastOrder")
def last_order(one: Customer, ask: Ask) -> Any:
    return ask.state.orders[one.order_ids[-1]] if one.order_ids else None


@field("Customer", "orders")
def orders(one: Customer, ask: Ask, **paging: Any) -> Page:
    ask.needs("read_orders", "orders")
    return page(ask, [ask.state.orders[order_id] for order_id in one.order_ids], **paging)


@field("Customer", "events")
def events(one: Customer, ask: Ask, **paging: Any) -> Page:
    return page(ask, [each for each in ask.state.events if each.subject_id == one.id], **paging)
