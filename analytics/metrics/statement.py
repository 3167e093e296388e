"""Metrics of the sales statement: sums over rows of the ledger."""

from __future__ import annotations

from analytics.metric import Metric, Unit, quotient

NET = ("gross_sales", "discounts", "returns")

GROSS_SALES = Metric(
    key="grossSales",
    label="Gross sales",
    unit=Unit.MONEY,
    formula="What products were sold for, before discounts and tax.",
    of=lambda sums: sums.gross_sales,
    lines=("gross_sales",),
)
DISCOUNTS = Metric(
    key="discounts",
    label="Discounts",
    unit=Unit.MONEY,
    formula="What discount codes and automatic discounts took off products.",
    of=lambda sums: sums.discounts,
    lines=("discounts",),
    good_up=None,
    negative=True,
)
RETURNS = Metric(
    key="returns",
    label="Returns",
    unit=Unit.MONEY,
    formula="What was taken back of products, after their discounts, and adjustments of refunds.",
    of=lambda sums: sums.returns,
    lines=("returns",),
    good_up=False,
    negative=True,
)
NET_SALES = Metric(
    key="netSales",
    label="Net sales",
    unit=Unit.MONEY,
    formula="Gross sales + discounts + returns.",
    of=lambda sums: sums.net_sales,
    lines=NET,
)
SHIPPING = Metric(
    key="shipping",
    label="Shipping",
    unit=Unit.MONEY,
    formula="What shipping was charged, less its discounts and refunds.",
    of=lambda sums: sums.shipping,
    lines=("shipping",),
    good_up=None,
)
TAXES = Metric(
    key="taxes",
    label="Taxes",
    unit=Unit.MONEY,
    formula="Tax on everything that was sold, less tax given back.",
    of=lambda sums: sums.taxes,
    lines=("taxes",),
    good_up=None,
)
DUTIES = Metric(
    key="duties",
    label="Duties",
    unit=Unit.MONEY,
    formula="Import duties charged, less those given back.",
    of=lambda sums: sums.duties,
    lines=("duties",),
    good_up=None,
)
ADDITIONAL_FEES = Metric(
    key="additionalFees",
    label="Additional fees",
    unit=Unit.MONEY,
    formula="Other fees of orders and returns, less those given back.",
    of=lambda sums: sums.additional_fees,
    lines=("additional_fees",),
    good_up=None,
)
TOTAL_SALES = Metric(
    key="totalSales",
    label="Total sales",
    unit=Unit.MONEY,
    formula="Net sales + shipping + taxes + duties + additional fees.",
    of=lambda sums: sums.total_sales,
    lines=(*NET, "shipping", "taxes", "duties", "additional_fees"),
)
TIPS = Metric(
    key="tips",
    label="Tips",
    unit=Unit.MONEY,
    formula="Tips, apart from all sales.",
    of=lambda sums: sums.tips,
    lines=("tips",),
)
GIFT_CARDS_SOLD = Metric(
    key="giftCardsSold",
    label="Gift cards sold",
    unit=Unit.MONEY,
    formula="What gift cards were sold for, apart from all sales.",
    of=lambda sums: sums.gift_cards_sold,
    lines=("gift_cards_sold",),
)
UNITS = Metric(
    key="units",
    label="Units sold",
    unit=Unit.COUNT,
    formula="Pieces of products sold; tips and gift cards are none.",
    of=lambda sums: sums.units,
    lines=("units",),
)
UNITS_RETURNED = Metric(
    key="unitsReturned",
    label="Units returned",
    unit=Unit.COUNT,
    formula="Pieces of products taken back.",
    of=lambda sums: sums.units_returned,
    lines=("units_returned",),
    good_up=False,
)
NET_QUANTITY = Metric(
    key="netQuantity",
    label="Net quantity",
    unit=Unit.COUNT,
    formula="Units sold - units returned.",
    of=lambda sums: sums.units - sums.units_returned,
    lines=("net_quantity",),
)
RETURNED_VALUE = Metric(
    key="returnedValue",
    label="Returned value",
    unit=Unit.SHARE,
    formula="Returns, as a positive amount / (gross sales + discounts).",
    of=lambda sums: quotient(-sums.returns, sums.gross_sales + sums.discounts),
    additive=False,
    above=("returns",),
    below=("grossSales", "discounts"),
    good_up=False,
)
