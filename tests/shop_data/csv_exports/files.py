"""Files as Shopify exports them: Windows newlines, quotes where needed, several rows an order."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from tests.builders import OrderBuilder

ORDER_COLUMNS = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,"
    "Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,"
    "Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,"
    "Lineitem sku,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,"
    "Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,Billing City,"
    "Billing Zip,"
    "Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,"
    "Shipping Address1,Shipping Address2,Shipping Company,Shipping City,Shipping Zip,"
    "Shipping Province,Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at,"
    "Payment Method,Payment Reference,Refunded Amount,Vendor,Outstanding Balance,Employee,"
    "Location,Device ID,Id,Tags,Risk Level,Source,Lineitem discount,Tax 1 Name,Tax 1 Value,"
    "Tax 2 Name,Tax 2 Value,Phone,Receipt Number,Duties,Billing Province Name,"
    "Shipping Province Name,Payment ID,Payment Terms Name,Next Payment Due At,Payment References"
).split(",")
CUSTOMER_COLUMNS = (
    "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,"
    "Default Address Address1,Default Address City,Default Address Province Code,"
    "Default Address Country Code,Default Address Zip,Phone,Accepts SMS Marketing,Total Spent,"
    "Total Orders,Note,Tax Exempt,Tags"
).split(",")
PRODUCT_COLUMNS = (
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,"
    "Option2 Name,Option2 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,"
    "Variant Inventory Policy,Variant Price,Variant Compare At Price,Image Src,Image Position,"
    "Cost per item,Status"
).split(",")
Row = Mapping[str, Any]


def written(columns: Iterable[str], rows: Iterable[Row], *, bom: bool = False) -> bytes:
    """Return a file with these columns; what a row does not say is empty."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(columns), restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig" if bom else "utf-8")


def orders_file(*orders: OrderBuilder, bom: bool = False, **more: Any) -> bytes:
    """Return the export of orders; `more` columns stand in the first row of each."""
    return written(ORDER_COLUMNS, [row for order in orders for row in _rows(order, more)], bom=bom)


def _rows(order: OrderBuilder, more: Row) -> list[Row]:
    body = order.body()
    goods = sum((line.price * line.quantity - line.discount for line in order.lines), Decimal(0))
    shipping = sum((price for price, _ in order.shipping), Decimal(0))
    first = {
        "Id": order.id,
        "Email": body["email"],
        "Financial Status": body["financial_status"],
        "Fulfillment Status": "unfulfilled",
        "Currency": order.currency,
        "Subtotal": goods,
        "Shipping": shipping,
        "Taxes": body["total_tax"],
        "Total": body["total_price"],
        "Discount Amount": body["total_discounts"],
        "Created at": _stamp(order.at),
        "Cancelled at": _stamp(order.cancelled_at),
        "Shipping Method": "Post" if order.shipping else "",
        "Shipping City": "Chennai",
        "Shipping Zip": "'600001",
        "Shipping Province": "TN",
        "Shipping Country": "IN",
        "Payment Method": "manual",
        "Source": "web",
        "Tax 1 Name": "VAT" if Decimal(body["total_tax"]) else "",
        "Tax 1 Value": body["total_tax"] if Decimal(body["total_tax"]) else "",
        **more,
    }
    lines = [
        {
            "Name": f"#{order.id}",
            "Lineitem quantity": line.quantity,
            "Lineitem name": "Silk shawl",
            "Lineitem price": line.price,
            "Lineitem sku": "SHAWL-1",
            "Lineitem discount": line.discount,
            "Vendor": "Kaveri",
        }
        for line in order.lines
    ]
    return [{**lines[0], **first}, *lines[1:]]


def _stamp(at: str | None) -> str:
    return f"{datetime.fromisoformat(at):%Y-%m-%d %H:%M:%S %z}" if at else ""
