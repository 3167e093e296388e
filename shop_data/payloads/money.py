"""Reading amounts of money as whole numbers of a currency's smallest unit."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from shop_data.payloads.values import Body, PayloadError, amount, child, currency, shop_amount
from xenofy.common.money import to_minor

MOST = 10**15  # what one amount may be; sums of thousands of them still fit a bigint


class MinorUnits:
    """Reads the amounts of one body in minor units of the currency `code`."""

    def __init__(self, code: str) -> None:
        self.code = code

    def of(self, body: Body, field: str) -> int | None:
        """Return a money field on its shop side; None where it is null or absent."""
        return self.exact(shop_amount(body, field), field)

    def exact(self, value: Decimal | None, field: str) -> int | None:
        """Return an amount in minor units; refuse one that no sum could hold."""
        if value is None:
            return None
        minor = to_minor(value, self.code)
        if abs(minor) > MOST:
            raise PayloadError(f"{field} is too large to be counted: {value}.")
        return minor

    def total(self, items: Iterable[Body], field: str) -> int:
        """Return the sum of a field over items; one without it counts as 0."""
        return sum(self.of(item, field) or 0 for item in items)

    def shop_side(self, body: Body | None, field: str) -> int | None:
        """Return the amount of a money set `{"shop_money": {"amount": …}}` itself."""
        side = child(body, "shop_money") if body else None
        return self.exact(amount(side.get("amount"), field), field) if side else None


def order_currency(body: Body) -> str:
    """Return the shop's currency at the time of the order.

    Bodies that were cut to a few fields may lack `currency`, but name it beside the total.
    """
    code = currency(body.get("currency"), "currency")
    if code is None:
        total = child(body, "total_price_set") or {}
        code = currency((child(total, "shop_money") or {}).get("currency_code"), "currency_code")
    if code is None:
        raise PayloadError("currency is missing.")
    return code
