"""A small shop in which everything happens, and what its reports have to add up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from shop_data.models import Order, Sale
from tenants.scope import tenant_scope
from tests.accounts.clients import Api
from tests.analytics.conftest import Books, an_order
from tests.shops import Body

ROOT = "/api/data/reports"
RANGE = "startDate=2026-10-01&endDate=2026-11-20"
BRIDGED = "startDate=2026-11-01&endDate=2026-11-20&compare=previous"  # both of known days
PRODUCT = {"id": 7001, "title": "Silk shawl", "vendor": "Kaveri", "product_type": "Shawl",
           "updated_at": "2026-01-01T00:00:00Z",
           "variants": [{"id": 70010, "title": "Red", "price": "1"}]}  # fmt: skip
GST = {"tax_rate": Decimal("0.18"), "taxes": ("CGST", "SGST")}
MAIN = {
    "taxes": "taxes",
    "refund-reasons": "returns",
    "fulfillment": "open",
    "cohorts": "size",
    "abandoned-carts": "abandonedValue",
}  # where that is not net sales
Condition = Callable[[Sale], bool]


def keep_shop(books: Books) -> None:
    """Sell, give back, edit, cancel, ship and tip, on days of two months."""
    plain = an_order(1, "2026-10-05T09:30:00", "100", customer=7).ship("9.50")
    plain.line("200", 2, discount="40", product_id=7002)
    again = an_order(2, "2026-11-04T18:15:00", "2190.50", customer=7)
    guest = an_order(3, "2026-11-04T23:59:59", "1")
    guest.tip = guest._round(guest.lines[0].price)
    custom = an_order(4, "2026-11-05T00:00:00", "30", customer=8, **GST)
    custom.line("12", product_id=None)
    lost = an_order(5, "2026-11-06T10:00:00", "77", customer=9)
    card = an_order(6, "2026-11-07T10:00:00", "5", customer=9)
    card.lines.clear()
    card.line("500", gift_card=True)
    for order in (plain, custom):
        order.refund("2026-11-10T12:00:00+05:30", units={order.lines[0].id: 1}, kept="3")
    edited = again.edit("2026-11-12T08:00:00+05:30", add=[("60", 2)])
    lost.cancel("2026-11-13T08:00:00+05:30")
    card_body: Body = card.body() | {"source_name": "pos", "payment_gateway_names": ["cash", "upi"]}
    abroad = {"country_code": "US", "province_code": "NY"}
    bodies = [order.body() for order in (plain, again, custom, lost)]
    bodies.append(guest.body() | {"shipping_address": abroad, "source_name": None})
    books.tell(("products/create", PRODUCT), ("orders/edited", edited), *(
        ("orders/create", body) for body in [*bodies, card_body]))  # fmt: skip
    books.tell(*(("checkouts/create", cart) for cart in CARTS))
    books.tell(("fulfillments/create", PARCEL), ("fulfillment_events/create", ARRIVAL))
    books.refresh()


def a_cart(number: int, value: str, *, completed: str | None = None, **more: Any) -> dict[str, Any]:
    body = {"id": number, "token": f"t{number}", "email": "canary@example.com", "currency": "INR",
            "source_name": "web", "created_at": "2026-11-20T12:00:00+05:30",
            "updated_at": "2026-11-20T12:00:00+05:30", "total_price": value,
            "line_items": [{"product_id": 7001, "title": "Silk shawl", "quantity": 2}],
            "completed_at": completed}  # fmt: skip
    return {**body, **more}


CARTS = [
    a_cart(1, "100.00"),
    a_cart(2, "30.00", email=None, phone="+91 98450"),
    a_cart(3, "50.00", completed="2026-11-20T12:05:00+05:30"),
    a_cart(4, "70.00", completed="2026-11-21T12:00:00+05:30"),  # recovered
    a_cart(5, "900.00", email=None),  # nobody to ask
]
PARCEL = {"id": 41, "order_id": 2, "status": "success", "line_items": [],
          "created_at": "2026-11-05T04:15:00+05:30",
          "updated_at": "2026-11-05T04:15:00+05:30"}  # fmt: skip
ARRIVAL = {"id": 51, "fulfillment_id": 41, "order_id": 2, "status": "delivered",
           "happened_at": "2026-11-06T18:15:00+05:30"}  # fmt: skip


def main_of(report: str) -> str:
    """Return the metric that every row of a report has."""
    return MAIN.get(report.removesuffix("/proof"), "netSales")


def query_of(report: str) -> str:
    more = f"&metric={main_of(report)}" if report.endswith("/proof") else ""
    return f"{BRIDGED if report.startswith('bridge') else RANGE}{more}"


def ask(token: str, report: str, query: str = RANGE, *, status: int = 200, **headers: str) -> Any:
    """Return the answer of a report."""
    answer = Api().get(f"{ROOT}/{report}?{query}", token, **headers)
    assert answer.status_code == status, answer.content
    return answer


def sent(answer: Any) -> bytes:
    """Return the whole of a streamed answer."""
    return b"".join(answer)


def recount(books: Books, first: str, last: str, *, by_order_day: bool = False) -> Counter[str]:
    """Add up the money of the statement in plain Python, in minor units."""
    found: Counter[str] = Counter()
    with tenant_scope(books.connection.tenant_id):
        rows = list(Sale.objects.all())
        orders = list(Order.objects.filter(counts=True))
    for row in rows:
        day = row.order_day if by_order_day and row.action == "return" else row.day
        if date.fromisoformat(first) <= day <= date.fromisoformat(last):
            found.update(_of(row))
    inside = [o for o in orders if date.fromisoformat(first) <= o.day <= date.fromisoformat(last)]
    found["orders"] = len(inside)
    found["customers"] = len({o.customer_shopify_id for o in inside} - {None})
    return found


def _of(row: Sale) -> Counter[str]:
    net, sold = row.gross + row.discount, row.line_type == "product" and row.action != "return"
    back = row.action == "return" and row.line_type in {"product", "adjustment"}
    other = {"shipping": "shipping", "tip": "tips", "gift_card": "giftCardsSold"}
    lines = Counter({"taxes": row.tax, "totalSales": row.tax})
    if sold:
        lines.update({"grossSales": row.gross, "discounts": row.discount, "units": row.quantity})
    if back:
        lines.update({"returns": net})
        lines["unitsReturned"] += -row.quantity if row.line_type == "product" else 0
    if sold or back:
        lines.update({"netSales": net, "totalSales": net})
    if row.line_type in other:
        lines.update({other[row.line_type]: net})
        lines["totalSales"] += net if row.line_type == "shipping" else 0
    return lines
