"""Every rollup derived again in plain Python from the rows of ledger, orders and fulfilments.

It shares no code and no SQL with the product; a table is a dict from the key of a row (in the
order of `Rollup.key`) to its columns (in the order of `Rollup.columns`).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import connection

from analytics.rollup_sql import CUSTOMERS, ROLLUPS, Rollup
from shop_data.models import AbandonedCart, Fulfillment, Order, Sale
from tenants.scope import current_tenant_id

Table = dict[tuple[Any, ...], tuple[Any, ...]]
NEVER = date(1, 1, 1)
TEN_MINUTES = timedelta(minutes=10)
LINES = {"shipping": 3, "duty": 5, "additional_fee": 6, "fee": 6, "tip": 7, "gift_card": 8}


def stored() -> dict[str, Table]:
    """Return what all rollups of the current tenant hold."""
    return {rollup.table: _stored(rollup) for rollup in (*ROLLUPS, CUSTOMERS)}


def expected() -> dict[str, Table]:
    """Return what all rollups of the current tenant have to hold."""
    history = History(Order.objects.all())
    rows = list(Sale.objects.all())
    return {
        "analytics_salesday": _sales(rows, history),
        "analytics_variantday": _variants(rows),
        "analytics_buyergap": _gaps(history),
        "analytics_cohortday": _cohorts(rows, history),
        "analytics_fulfillmenttime": _times(history),
        "analytics_checkoutday": _checkouts(AbandonedCart.objects.exclude(day=None)),
        "analytics_customertotal": _customers(rows, history),
    }


class History:
    """Orders by id, and the counted ones of each customer in their order."""

    def __init__(self, orders: Iterable[Order]) -> None:
        self.orders = {order.id: order for order in orders}
        self.of: dict[int | None, list[Order]] = defaultdict(list)
        for order in sorted(self.orders.values(), key=lambda o: (o.processed_at, o.shopify_id)):
            if order.counts and order.customer_shopify_id is not None:
                self.of[order.customer_shopify_id].append(order)

    def turn(self, order: Order) -> str:
        """Return "new", "returning" or "" for what is no customer's counted order."""
        if not order.counts or order.customer_shopify_id is None:
            return ""
        return "new" if self.of[order.customer_shopify_id][0].id == order.id else "returning"


def _stored(rollup: Rollup) -> Table:
    columns = ", ".join((*rollup.key, *rollup.columns))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM {rollup.table} WHERE tenant_id = %s", [current_tenant_id()]
        )
        rows = cursor.fetchall()
    keys = len(rollup.key)
    return {row[:keys]: row[keys:] for row in rows}


def _parts(row: Sale) -> list[tuple[date, str]]:
    if row.action != "return":
        return [(row.day, "addition")]
    return [(row.day, "reversal"), (row.order_day, "reversal_by_order_day")]


def _lines(row: Sale) -> list[int]:
    """Return gross, discounts, returns, shipping, taxes, duties, fees, tips, cards, units, back."""
    lines = [0] * 11
    net, back = row.gross + row.discount, row.action == "return"
    lines[4] = row.tax
    if row.line_type in LINES:
        lines[LINES[row.line_type]] = net
    elif back:
        lines[2] = net
    elif row.line_type == "product":
        lines[:2] = row.gross, row.discount
    if row.line_type == "product":
        lines[10 if back else 9] = -row.quantity if back else row.quantity
    return lines


def _net(row: Sale) -> int:
    return sum(_lines(row)[:3])


def _ordered(row: Sale) -> int:
    placed = row.line_type == "product" and row.action == "order"
    return row.gross + row.discount if placed else 0


def _add(table: dict[Any, list[int]], key: tuple[Any, ...], values: Iterable[int]) -> None:
    values = list(values)
    table[key] = [a + b for a, b in zip(table.get(key, [0] * len(values)), values, strict=True)]


def _plain(table: dict[Any, list[int]]) -> Table:
    return {key: tuple(values) for key, values in table.items() if any(values)}


def _split(order: Order, hour: int, turn: str) -> dict[str, str]:
    country, province = order.country_code, order.province_code
    return {
        "total": "",
        "channel": order.source_name or "",
        "country": country or "",
        "region": f"{country}-{province}" if country and province else "",
        "gateway": " + ".join(sorted(set(order.payment_gateways))),
        "hour": f"{hour:02}",
        "new_or_returning": turn,
        "discount_code": order.discount_codes,
    }


def _by_reason_and_tax(row: Sale, values: list[int]) -> Iterable[tuple[str, str, list[int]]]:
    if row.action == "return":
        yield "refund_reason", row.reason, values
    for name, amount in row.tax_lines.items():
        yield "tax_rate", name, [0, 0, 0, 0, amount, *[0] * 7, 1, 0, 0, 0]
    if row.tax and not row.tax_lines:
        yield "tax_rate", "", [0, 0, 0, 0, row.tax, *[0] * 7, 1, 0, 0, 0]


def _sales(rows: list[Sale], history: History) -> Table:
    table: dict[Any, list[int]] = {}
    hours = {row.order_id: row.hour for row in rows if row.action == "order"}
    for row in rows:
        order = history.orders[row.order_id]
        values = [*_lines(row), _ordered(row), 1, 0, 0, 0]
        for day, part in _parts(row):
            hour = hours[order.id] if part == "reversal_by_order_day" else row.hour
            for name, key in _split(order, hour, history.turn(order)).items():
                _add(table, (name, day, row.currency, part, key), values)
            for name, key, amounts in _by_reason_and_tax(row, values):
                _add(table, (name, day, row.currency, part, key), amounts)
    for order in history.orders.values():
        if order.counts:
            turn = history.turn(order)
            values = [0] * 13 + [1, int(turn == "returning"), int(turn == "new")]
            for name, key in _split(order, hours[order.id], turn).items():
                _add(table, (name, order.day, order.currency, "addition", key), values)
    return _plain(table)


def _variants(rows: list[Sale]) -> Table:
    table: dict[Any, list[int]] = {}
    rows = [row for row in rows if row.line_type in {"product", "adjustment"}]
    placed: dict[Any, set[int]] = defaultdict(set)  # the variants of each product of each order
    for row in rows:
        product, variant = row.product_shopify_id or 0, row.variant_shopify_id or 0
        gross, discounts, returns, _, taxes, *_, units, back = _lines(row)
        if row.action == "order":
            placed[row.order_id, row.day, product, row.currency].add(variant)
        for day, part in _parts(row):
            values = [gross, discounts, returns, taxes, units, back, 0, 0]
            _add(table, (day, product, variant, row.currency, part), values)
    for (_, day, product, currency), variants in placed.items():
        for variant in variants:
            orders = [0] * 6 + [1, int(variant == min(variants))]
            _add(table, (day, product, variant, currency, "addition"), orders)
    return _plain(table)


def _gaps(history: History) -> Table:
    table: dict[Any, list[int]] = {}
    for orders in history.of.values():
        days = [order.day for order in orders]
        for day in set(days):
            earlier = [other for other in days if other < day]
            is_second = len(earlier) <= 1 < len(earlier) + days.count(day)
            _add(table, (day, max(earlier, default=NEVER)), [1, int(is_second)])
    return _plain(table)


def _starts(day: date) -> list[date]:
    """Return the first day of the week, the month and the quarter of a day."""
    quarter = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return [day - timedelta(days=day.weekday()), day.replace(day=1), quarter]


def _cohort(orders: list[Order]) -> date:
    return max(_starts(orders[0].day)[:2])


def _cohorts(rows: list[Sale], history: History) -> Table:
    table: dict[Any, list[int]] = {}
    for orders in history.of.values():
        bought = {(order.day, order.currency) for order in orders}
        for day, currency in bought:
            same = [order.day for order in orders if order.currency == currency]
            before = max((other for other in same if other < day), default=NEVER)
            active = [int(before < start) for start in _starts(day)]
            key = (day, _cohort(orders), currency, "addition")
            _add(table, key, [*active, same.count(day), 0])
    for row in rows:
        if orders := history.of.get(row.customer_shopify_id):
            cohort = _cohort(orders)
            for day, part in _parts(row):
                _add(table, (day, cohort, row.currency, part), [0, 0, 0, 0, _net(row)])
    return _plain(table)


def _times(history: History) -> Table:
    table: dict[Any, list[int]] = {}
    sent: dict[Any, list[Fulfillment]] = defaultdict(list)
    for parcel in Fulfillment.objects.exclude(status__in=["cancelled", "error", "failure"]):
        sent[parcel.order_id].append(parcel)
    for order in history.orders.values():
        moments = {
            "fulfilled": [parcel.fulfillment_created_at for parcel in sent[order.id]],
            "delivered": [parcel.delivered_at for parcel in sent[order.id]],
        }
        for stage, known in moments.items():
            first = min((at for at in known if at), default=None)
            if order.counts and first:
                hours = max((first - order.processed_at).total_seconds() / 3600, 0.01)
                bucket = math.floor(math.log(hours) / math.log(1.05))
                _add(table, (order.day, stage, bucket), [1])
    return _plain(table)


def _checkouts(carts: Iterable[AbandonedCart]) -> Table:
    table: dict[Any, list[int]] = {}
    for cart in carts:
        if cart.source_name in {"pos", "iphone", "android", "shopify_draft_order"}:
            continue
        done, contact = cart.completed_at is not None, bool(cart.email or cart.phone)
        left = contact and not done
        late = contact and done and cart.completed_at > cart.checkout_created_at + TEN_MINUTES
        worth = int((cart.total_price or 0) * 1000)
        sums = [done, left, left * worth, left and bool(cart.email), late, late * worth]
        _add(table, (cart.day, cart.currency or ""), [int(value) for value in sums])
    return _plain(table)


def _customers(rows: list[Sale], history: History) -> Table:
    sums: dict[Any, list[int]] = {}
    for row in rows:
        _add(sums, (row.customer_shopify_id, row.currency), [_ordered(row), _net(row)])
    table: Table = {}
    for customer, orders in history.of.items():
        for currency in {order.currency for order in orders}:
            moments = [order.processed_at for order in orders if order.currency == currency]
            second = moments[1] if len(moments) > 1 else None
            table[customer, currency] = (
                *(len(moments), *sums[customer, currency]),
                *(moments[0], second, moments[-1]),
            )
    return table
