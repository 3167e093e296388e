"""The ledger as the API tells it: agreements and their sales."""

from __future__ import annotations

from typing import Any, NamedTuple

from xenofy.fakeshop.admin.ask import Ask
from xenofy.fakeshop.admin.connections import Page, page
from xenofy.fakeshop.admin.fields import field, fields, money_bags, nothing
from xenofy.fakeshop.admin.names import gid
from xenofy.fakeshop.admin.resolvers.lines import Owed
from xenofy.fakeshop.admin.resolvers.shared import Taxed
from xenofy.fakeshop.leaves import Tax
from xenofy.fakeshop.records import Agreement, Sale

for _kind in ("OrderAgreement", "OrderEditAgreement", "RefundAgreement", "ReturnAgreement"):
    fields(_kind, {"happenedAt": lambda one: one.at})
    nothing(_kind, "app")

    @field(_kind, "sales")
    def sales(one: Agreement, ask: Ask, **paging: Any) -> Page:
        return page(ask, one.sales, **paging)


fields("OrderAgreement", {"order": lambda one: one.sales[0].order})
fields("ReturnAgreement", {"return": lambda one: one.returned})


class SaleTax(NamedTuple):
    """A tax of a sale."""

    sale: Sale
    tax: Tax


for _kind in ("ProductSale", "GiftCardSale", "TipSale", "ShippingLineSale", "DutySale",
              "AdjustmentSale", "AdditionalFeeSale"):  # fmt: skip
    money_bags(_kind, {
        "totalAmount": lambda one: one.amount,
        "totalTaxAmount": lambda one: one.tax,
        "totalDiscountAmountBeforeTaxes": lambda one: one.discount,
        "totalDiscountAmountAfterTaxes": lambda one: one.discount_shown,
    })  # fmt: skip
    fields(_kind, {
        "actionType": lambda one: one.action,
        "taxes": lambda one: [SaleTax(one, tax) for tax in one.taxes],
        "lineItem": lambda one: one.of,
        "shippingLine": lambda one: one.of,
        "duty": lambda one: Owed(one.order, one.of),
    })  # fmt: skip
fields("SaleTax", {
    "id": lambda one: gid("SaleTax", one.sale.id),
    "amount": lambda one: one.sale.order.bag(one.tax.amount),
    "taxLine": lambda one: Taxed(one.sale.order, one.tax),
})  # fmt: skip
