"""What a verification finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from webhooks.health import DeliveriesHealth
from xenofy.common.money import from_minor

Progress = Callable[[str, int, int], None]  # what is being checked, how many are done, of how many
NOTHING = "nothing"


class Difference(NamedTuple):
    """A value that is not what is derived again; `order` is empty for a sum of a whole day."""

    day: date | None
    order: str
    metric: str
    stored: str
    derived: str


@dataclass
class Differences:
    """The first differences, up to `limit`, and how many there are."""

    limit: int
    total: int = 0
    first: list[Difference] = field(default_factory=list)

    def add(self, found: Iterable[Difference]) -> None:
        for difference in found:
            self.total += 1
            if len(self.first) < self.limit:
                self.first.append(difference)

    @property
    def rest(self) -> int:
        """Return how many are counted but not kept."""
        return self.total - len(self.first)


class LedgerCheck(NamedTuple):
    """How much of the ledger was compared with the documents of the orders."""

    orders: int
    rows: int


class RollupCheck(NamedTuple):
    """How many days were compared with the ledger, and how many wait to be recomputed."""

    days: int
    waiting: int


class InboxCheck(NamedTuple):
    """Where the deliveries that were accepted are now; the other four make up the first."""

    accepted: int
    done: int
    superseded: int
    quarantined: int
    pending: int

    @property
    def accounted_for(self) -> int:
        return self.done + self.superseded + self.quarantined + self.pending


class AuditCheck(NamedTuple):
    """How many audit entries there are, and the hash of the last one, which is over all of them."""

    entries: int
    last_hash: str


class CurrencyTotal(NamedTuple):
    """The sums of the whole ledger in one currency."""

    currency: str
    net_sales: Decimal
    total_sales: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """All that was compared of one tenant, as it stood at one moment."""

    ledger: LedgerCheck
    rollups: RollupCheck
    inbox: InboxCheck
    audit: AuditCheck
    totals: list[CurrencyTotal]
    health: DeliveriesHealth
    differences: Differences
    seconds: float


def written(value: object, currency: str | None = None) -> str:
    """Write one side of a difference: money in units of its currency, an absent value in words."""
    if value is None:
        return NOTHING
    if currency is not None and isinstance(value, int):
        return f"{from_minor(value, currency)} {currency}"
    return str(value)
