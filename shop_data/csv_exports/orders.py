"""An order's rows in the shape of a webhook: one row a line, only the first tells of the order.

The export says neither which of Shopify's lines a row is, nor when and what was refunded, nor of
which line a tax is: all that stays unknown. Columns: docs/decisions/0091-csv-exports.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from shop_data.csv_exports.cells import (
    Cells,
    count,
    lower,
    moment,
    money,
    number,
    present,
    text,
    unquoted,
)
from shop_data.csv_exports.numbers import number_of
from shop_data.csv_exports.rows import Row
from shop_data.payloads.money import MinorUnits
from shop_data.payloads.values import PayloadError, currency
from xenofy.common.money import from_minor

MUST = ("Name", "Id", "Currency", "Subtotal", "Total", "Created at", "Lineitem quantity",
        "Lineitem name", "Lineitem price")  # fmt: skip
_FIELDS = {
    "name": (text, ("Name",)),
    "email": (text, ("Email",)),
    "phone": (unquoted, ("Phone",)),
    "financial_status": (lower, ("Financial Status",)),
    "fulfillment_status": (lower, ("Fulfillment Status",)),
    "created_at": (moment, ("Created at",)),
    "cancelled_at": (moment, ("Cancelled at",)),
    "source_name": (text, ("Source",)),
    "note": (text, ("Notes",)),
    "tags": (text, ("Tags",)),
}
_LINE = ("Lineitem sku", "Lineitem discount", "Lineitem fulfillment status", "Vendor")
_ADDRESS = ("Name", "Address1", "Address2", "Company", "City", "Zip", "Province", "Country",
            "Phone", "Province Name")  # fmt: skip
TAXES = range(1, 6)
KNOWN = frozenset([
    *MUST, *(name for _, names in _FIELDS.values() for name in names), *_LINE,
    *(f"{of} {part}" for of in ("Billing", "Shipping") for part in _ADDRESS),
    *(f"Tax {place} {part}" for place in TAXES for part in ("Name", "Value")),
    "Shipping", "Taxes", "Discount Code", "Discount Amount", "Shipping Method", "Payment Method",
    "Refunded Amount", "Duties",
])  # fmt: skip
# Shopify's own columns that have no place here.
UNUSED = frozenset([
    "Paid at", "Fulfilled at", "Accepts Marketing", "Lineitem compare at price",
    "Lineitem requires shipping", "Lineitem taxable", "Billing Street", "Shipping Street",
    "Note Attributes", "Payment Reference", "Outstanding Balance", "Employee", "Location",
    "Device ID", "Risk Level", "Receipt Number", "Payment ID", "Payment Terms Name",
    "Next Payment Due At", "Payment References",
])  # fmt: skip


def orders_in(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield the rows of each order, which follow one another under its name."""
    found: list[Row] = []
    for row in rows:
        if found and _begins_another(row.cells, found[0].cells):
            yield found
            found = []
        found.append(row)
    if found:
        yield found


def _begins_another(cells: Cells, first: Cells) -> bool:
    return cells["Name"] != first["Name"] or cells["Id"] not in ("", first["Id"])


def order_body(rows: Sequence[Row]) -> dict[str, Any]:
    """Return an order as a webhook would tell it, as far as its rows do.

    Raises `PayloadError` where they do not add up: then a line of them is missing or changed.
    """
    first = rows[0].cells
    order_id = number(first, "Id")
    if order_id is None:
        raise PayloadError("Id is missing: this row does not follow the first one of its order.")
    code = currency(text(first, "Currency"), "Currency")
    if code is None or not first["Created at"]:
        raise PayloadError("Currency or Created at is missing.")
    lines = [_line(row.cells, order_id, place) for place, row in enumerate(rows)]
    sums = _sums(first, lines, MinorUnits(code))
    return {
        "id": order_id,
        "currency": code,
        **present(first, _FIELDS),
        **_amounts(first, sums, code),
        "line_items": _with_discounts(lines, sums, MinorUnits(code)),
        "shipping_lines": _shipping(first, order_id, sums, code),
        "tax_lines": list(_taxes(first)),
        "discount_codes": [{"code": each} for each in (text(first, "Discount Code"),) if each],
        **_gateways(first),
        **{f"{of.lower()}_address": _address(first, of) for of in ("Billing", "Shipping")},
    }


def refunded(rows: Sequence[Row]) -> Decimal:
    """Return what was paid back of an order at some time that the export does not tell."""
    return money(rows[0].cells, "Refunded Amount") or Decimal(0)


# ── lines ─────────────────────────────────────────────────────────────────────────────────────


def _line(cells: Cells, order_id: int, place: int) -> dict[str, Any]:
    units = count(cells, "Lineitem quantity")
    price = money(cells, "Lineitem price")
    if units is None or price is None:
        raise PayloadError("Lineitem quantity or Lineitem price is missing.")
    return {
        "id": number_of("line", order_id, place),
        "title": text(cells, "Lineitem name"),
        "sku": text(cells, "Lineitem sku"),
        "vendor": text(cells, "Vendor"),
        "quantity": units,
        "price": str(price),
        "total_discount": str(money(cells, "Lineitem discount") or 0),
        "fulfillment_status": _sent(cells),
    }


def _sent(cells: Cells) -> str | None:
    found = lower(cells, "Lineitem fulfillment status")
    return None if found == "pending" else found


def _with_discounts(
    lines: list[dict[str, Any]], sums: _Sums, money_of: MinorUnits
) -> list[dict[str, Any]]:
    """Return the lines; their own discounts only where those are part of the order's."""
    if money_of.total(lines, "total_discount") <= sums.discount:
        return lines
    return [{**line, "total_discount": "0"} for line in lines]


# ── what it adds up to ────────────────────────────────────────────────────────────────────────


class _Sums(NamedTuple):
    """An order's sums in minor units; `discount` is of goods, `off` of shipping."""

    discount: int
    off: int
    shipping: int
    duties: int
    taxes_included: bool | None  # None: there is no tax that could be


def _sums(cells: Cells, lines: Sequence[dict[str, Any]], money_of: MinorUnits) -> _Sums:
    """Return the sums of an order, which hold together."""

    def said(name: str) -> int:
        return money_of.exact(money(cells, name), name) or 0

    goods = sum(money_of.exact(Decimal(line["price"]) * line["quantity"], "Lineitem price") or 0
                for line in lines)  # fmt: skip
    discount = goods - said("Subtotal")
    given = said("Discount Amount")
    if not 0 <= discount <= given + money_of.total(lines, "total_discount"):
        raise PayloadError(
            f"Subtotal {text(cells, 'Subtotal')} is not what its lines come to"
            f" ({from_minor(goods, money_of.code)}) without its discounts."
        )
    parts = said("Subtotal") + said("Shipping") + said("Duties")
    taxes = said("Taxes")
    for off in (0, max(0, given - discount)):
        for is_included in (False, True):
            if said("Total") == parts - off + (0 if is_included else taxes):
                included = is_included if taxes else None
                return _Sums(discount, off, said("Shipping"), said("Duties"), included)
    raise PayloadError(
        f"Total {text(cells, 'Total')} is not what Subtotal, Shipping, Duties and Taxes come to."
    )


def _amounts(cells: Cells, sums: _Sums, code: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "total_price": str(money(cells, "Total")),
        "subtotal_price": str(money(cells, "Subtotal")),
        "total_tax": str(money(cells, "Taxes") or 0),
        "total_discounts": str(from_minor(sums.discount + sums.off, code)),
        "total_shipping_price": str(from_minor(sums.shipping - sums.off, code)),
        "taxes_included": sums.taxes_included,
    }
    if sums.duties:
        side = {"amount": str(from_minor(sums.duties, code)), "currency_code": code}
        found["original_total_duties_set"] = {"shop_money": side}
    return found


def _shipping(cells: Cells, order_id: int, sums: _Sums, code: str) -> list[dict[str, Any]]:
    title = text(cells, "Shipping Method")
    if not title and not sums.shipping:
        return []
    return [
        {
            "id": number_of("shipping", order_id),
            "title": title,
            "price": str(from_minor(sums.shipping, code)),
            "discounted_price": str(from_minor(sums.shipping - sums.off, code)),
        }
    ]


# ── the rest of the first row ─────────────────────────────────────────────────────────────────


def _taxes(cells: Cells) -> Iterator[dict[str, Any]]:
    for place in TAXES:
        value = money(cells, f"Tax {place} Value")
        if value:
            yield {"title": text(cells, f"Tax {place} Name"), "price": str(value)}


def _gateways(cells: Cells) -> dict[str, Any]:
    if "Payment Method" not in cells:
        return {}
    names = (text(cells, "Payment Method") or "").split(" + ")
    return {"payment_gateway_names": [name for name in names if name]}


def _address(cells: Cells, of: str) -> dict[str, Any] | None:
    """Return an address; the export writes codes where it says Province and Country."""
    read = {
        "name": text(cells, f"{of} Name"),
        "company": text(cells, f"{of} Company"),
        "address1": text(cells, f"{of} Address1"),
        "address2": text(cells, f"{of} Address2"),
        "city": text(cells, f"{of} City"),
        "zip": unquoted(cells, f"{of} Zip"),
        "province": text(cells, f"{of} Province Name"),
        "province_code": text(cells, f"{of} Province"),
        "country_code": text(cells, f"{of} Country"),
        "phone": unquoted(cells, f"{of} Phone"),
    }
    return read if any(read.values()) else None
