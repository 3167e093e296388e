"""Under which names the tax of each row of an order was charged or given back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from shop_data.payloads.orders import OrderRecord
from shop_data.sold import Sold
from xenofy.common.money import allocate

Names = dict[str, int]  # "GST 18%" -> minor units


class TaxNames:
    """Splits the tax of an order's rows by name, row after row.

    What is sold is split as its body says. A reversal takes back in that proportion; odd cents
    follow from what was left before and after it, so that of tax that is taken back whole
    nothing is left under any name. Without a name anywhere, that is "".
    """

    def __init__(self, order: OrderRecord, sold: Sequence[Sold]) -> None:
        self._of: dict[str, Names] = {}
        self._left: dict[str, int] = defaultdict(int)
        whole: Names = {}
        for each in sold:
            _add(whole, each.tax_names)
            for pot in {each.key, each.account}:
                _add(self._of.setdefault(pot, {}), each.tax_names)
            if each.account != each.key:
                self._left[each.account] += each.amounts.tax
        self._of_order = whole or dict(order.tax_names) or {"": 1}

    def charged(self, sold: Sold, tax: int) -> Names:
        """Return the names of the tax of a row that sells something."""
        return self._split(sold.key, tax)

    def given_back(self, sold: Sold, tax: int) -> Names:
        """Return the names of the tax of a row that takes something back (below 0)."""
        return self._split(sold.account, tax)

    def _split(self, pot: str, tax: int) -> Names:
        before = self._left[pot]
        self._left[pot] = before + tax
        names = self._of.get(pot) or self._of_order
        if len(names) == 1:
            return dict.fromkeys(names, tax) if tax else {}
        shares = zip(names, _shares(before, names), _shares(before + tax, names), strict=True)
        return {name: new - old for name, old, new in shares if new != old}


def _shares(tax: int, names: Mapping[str, int]) -> list[int]:
    return allocate(tax, list(names.values()))


def _add(to: Names, names: Mapping[str, int]) -> None:
    for name, tax in names.items():
        to[name] = to.get(name, 0) + tax
