"""Money in the smallest unit of a currency.

Ledger and rollups hold integers of minor units; people and clients see decimals.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

# ISO 4217: every currency that does not have two decimal places.
_MINOR_UNITS = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}


def minor_units(currency: str) -> int:
    """Return how many decimal places `currency` (an ISO 4217 code) has; 2 for an unknown one."""
    return _MINOR_UNITS.get(currency, 2)


def to_minor(amount: Decimal, currency: str) -> int:
    """Return `amount` in minor units; what lies below the smallest unit is rounded half up."""
    return int(amount.scaleb(minor_units(currency)).to_integral_value(ROUND_HALF_UP))


def from_minor(minor: int, currency: str) -> Decimal:
    """Return minor units as a decimal with exactly the currency's places."""
    return Decimal(minor).scaleb(-minor_units(currency))


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Divide `total` in proportion to `weights`; the shares add up to it.

    What does not divide evenly is handed out in the smallest unit, one at a time, from the first
    share with a weight onward. Without any weight everything goes to the first share.
    """
    if not weights:
        return []
    whole = sum(weights)
    if whole == 0:
        return [total, *[0] * (len(weights) - 1)]
    sign = -1 if total < 0 else 1
    shares = [abs(total) * weight // whole for weight in weights]
    for index in _first_with_weight(weights, abs(total) - sum(shares)):
        shares[index] += 1
    return [sign * share for share in shares]


def _first_with_weight(weights: Sequence[int], count: int) -> list[int]:
    return [index for index, weight in enumerate(weights) if weight][:count]
