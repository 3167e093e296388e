"""What a window of days adds up to: the additive numbers from which every metric is computed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Sums(NamedTuple):
    """Sums over ledger rows, orders and checkouts of some days, in one currency.

    Money is in minor units; discounts and returns are negative. The fields from `gross_sales` to
    `new_customers` are columns of the rollups. The last three are no sums: whoever counts the
    customers of a whole window puts them in, and the sums of its days have 0.
    """

    gross_sales: int = 0
    discounts: int = 0
    returns: int = 0
    shipping: int = 0
    taxes: int = 0
    duties: int = 0
    additional_fees: int = 0
    tips: int = 0
    gift_cards_sold: int = 0
    units: int = 0
    units_returned: int = 0
    order_value: int = 0
    rows: int = 0
    orders: int = 0
    returning_orders: int = 0
    new_customers: int = 0
    checkouts_completed: int = 0
    checkouts_abandoned: int = 0
    customers: int = 0
    returning_customers: int = 0
    repeat_customers: int = 0

    @property
    def net_sales(self) -> int:
        return self.gross_sales + self.discounts + self.returns

    @property
    def total_sales(self) -> int:
        charges = self.taxes + self.duties + self.shipping + self.additional_fees
        return self.net_sales + charges


NO_SUMS = Sums()
LEDGER_MONEY = Sums._fields[: Sums._fields.index("units")]  # each a sum over ledger rows
PRODUCT_COLUMNS = (
    *("gross_sales", "discounts", "returns", "taxes"),
    *("units", "units_returned", "orders"),
)
ROLLUP_COLUMNS = Sums._fields[: Sums._fields.index("checkouts_completed")]


def total_of(parts: Iterable[Sums]) -> Sums:
    """Add sums up, field by field."""
    columns = zip(*parts, strict=True)
    return Sums(*map(sum, columns))
