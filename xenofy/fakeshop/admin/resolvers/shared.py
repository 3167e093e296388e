"""What many types have: ids, money, addresses, taxes."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from xenofy.fakeshop import catalogue_records as goods
from xenofy.fakeshop import leaves, records
from xenofy.fakeshop.admin.ask import Ask
from xenofy.fakeshop.admin.fields import field, fields, nothing
from xenofy.fakeshop.admin.names import gid, type_name

_WITH_ID = """Order LineItem ShippingLine Refund RefundLineItem RefundShippingLine
OrderTransaction Fulfillment Return ReturnLineItem Duty MailingAddress Product ProductVariant
Collection Location Customer AbandonedCheckout BasicEvent
ProductSale GiftCardSale TipSale ShippingLineSale DutySale AdditionalFeeSale AdjustmentSale
OrderAgreement OrderEditAgreement RefundAgreement ReturnAgreement"""
_WITH_LEGACY_ID = "Order Refund Fulfillment Product ProductVariant Collection Location Customer"


def gid_of(record: Any) -> str:
    """Return the global id of a record."""
    name = type_name(record)
    if isinstance(record, records.Sale):
        name = "Sale"
    if isinstance(record, records.Agreement):
        name = "SalesAgreement"
    return gid(name, record.id)


for _kind in _WITH_ID.split():
    fields(_kind, {"id": gid_of})
for _kind in _WITH_LEGACY_ID.split():
    fields(_kind, {"legacyResourceId": lambda record: record.id})

fields(
    "MoneyBag",
    {
        "shopMoney": lambda bag: bag.shop_side(),
        "presentmentMoney": lambda bag: bag.buyer_side(),
    },
)
fields("MoneyV2", {"currencyCode": lambda money: money.currency})
fields("MailingAddress", {"countryCodeV2": lambda address: address.country_code or None})
for _name in ("name", "firstName", "lastName", "company", "address1", "address2", "city", "zip",
              "phone"):  # fmt: skip

    @field("MailingAddress", _name)
    def of_person(address: Any, ask: Ask, _of: str = _name) -> Any:
        ask.needs_people(_of)
        return getattr(address, re.sub(r"([A-Z])", r"_\1", _of).lower())


nothing("TaxLine", "channelLiable", "source")


@field("TaxLine", "priceSet")
def price_of_tax(taxed: Taxed, ask: Ask) -> Any:
    return taxed.order.bag(taxed.tax.amount)


class Taxed:
    """A tax, with the order whose money it is."""

    __slots__ = ("order", "tax")

    def __init__(self, order: Any, tax: leaves.Tax) -> None:
        self.order = order
        self.tax = tax


fields(
    "TaxLine",
    {
        "title": lambda taxed: taxed.tax.title,
        "rate": lambda taxed: float(taxed.tax.rate),
        "ratePercentage": lambda taxed: float(taxed.tax.rate * 100),
    },
)


def taxed(order: Any, taxes: tuple[leaves.Tax, ...]) -> list[Taxed]:
    return [Taxed(order, tax) for tax in taxes]


def summed(parts: list[tuple[leaves.Tax, ...]]) -> tuple[leaves.Tax, ...]:
    """Return taxes of several parts, those of one title and rate added up."""
    totals: dict[tuple[str, Decimal], int] = {}
    for taxes in parts:
        for tax in taxes:
            key = tax.title, tax.rate
            totals[key] = totals.get(key, 0) + tax.amount
    return tuple(leaves.Tax(title, rate, amount) for (title, rate), amount in totals.items())


__all__ = ["gid_of", "goods", "summed", "taxed"]
