"""What is compared in one reconciliation, piece after piece."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from shop_data.imports.spans import Span

LEDGER, READ, EVENTS, TOTALS = "ledger", "read", "events", "totals"
OF_ORDERS = "orders"
YEAR, WEEK = timedelta(days=366), timedelta(days=7)  # of one list, and of one file of ledgers


class Piece(NamedTuple):
    """Kinds of objects are compared by id; the ledger of orders by when they were updated.

    `READ` asks for what came out as missing or old, `EVENTS` for Shopify's own feed, `TOTALS`
    compares whole days.
    """

    what: str
    span: Span | None = None

    def as_json(self) -> list[Any]:
        """Return what JSON can hold."""
        return [self.what, *(at.isoformat() for at in self.span or ())]

    @classmethod
    def from_json(cls, written: Sequence[str]) -> Piece:
        """Return what `as_json` wrote."""
        what, *moments = written
        return cls(what, Span(*map(datetime.fromisoformat, moments)) if moments else None)


def pieces(
    others: Sequence[str],
    *,
    known_since: datetime,
    ledger_since: datetime,
    events: Span,
    until: datetime,
) -> Iterator[Piece]:
    """Yield what is compared: ids, newest orders first, and what was changed since the last time.

    Parameters
    ----------
    others
        the kinds beside orders that the shop lets us see.
    known_since
        from when on every order is known here.
    ledger_since
        from when on the ledgers of changed orders are compared.
    events
        from when on and up to when Shopify's own feed is asked for.
    until
        up to when; Shopify's search is behind by some seconds.
    """
    yield from (Piece(OF_ORDERS, span) for span in _stretches(known_since, until, YEAR))
    yield from (Piece(kind) for kind in others)
    yield Piece(READ)
    yield from (Piece(LEDGER, span) for span in _stretches(ledger_since, until, WEEK))
    yield Piece(EVENTS, events)
    yield Piece(TOTALS)


def _stretches(since: datetime, until: datetime, length: timedelta) -> Iterator[Span]:
    """Yield spans that make up the time between two moments, the newest first."""
    while until > since:
        begin = max(since, until - length)
        yield Span(begin, until)
        until = begin
