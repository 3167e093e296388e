"""What a file says, before anything of it is written: a dry run."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO
from uuid import UUID
from zoneinfo import ZoneInfo

from shop_data.changes import Change
from shop_data.csv_exports.exports import ORDERS, Export, Record, Refused, export_of
from shop_data.csv_exports.loading import CHUNK, Read, compare
from shop_data.csv_exports.orders import refunded
from shop_data.csv_exports.rows import Row, Table
from shop_data.known_orders import KnownOrder
from shop_data.ledger import derive_sales
from shop_data.models import Sale
from shop_data.sale_rows import SaleRow, counts_as_order
from shop_data.store import shop_time_zone
from tenants.scope import tenant_scope
from xenofy.common.money import to_minor

MOST_REFUSED = 100  # of which the line and the reason are kept; all are counted
LineType = Sale.LineType
_GOODS = {LineType.PRODUCT, LineType.ADJUSTMENT}
_OUTSIDE = {LineType.TIP, LineType.GIFT_CARD}
SUMS = ("orders", "gross", "discounts", "returns", "net", "shipping", "taxes", "total")


@dataclass
class Understanding:
    """What was understood; `vars` of it are kept as JSON.

    Amounts are minor units. `days` holds currency -> day -> what `SUMS` names, as this file alone
    says it. `refunds` holds currency -> what was paid back at times that the file does not tell.
    """

    export: str
    columns_unknown: list[str]
    columns_unused: list[str]
    rows: int = 0
    records: int = 0
    refused_count: int = 0
    refused: list[list[Any]] = field(default_factory=list)  # line and reason
    states: Counter[str] = field(default_factory=Counter)
    days: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    refunds: dict[str, int] = field(default_factory=dict)
    refunded_orders: int = 0
    without_customer: int = 0
    lines: int = 0
    lines_without_product: int = 0
    compared: int = 0  # records, from the first on
    is_whole: bool = False  # whether that is all of the file


# What is summed from step to step; all else follows from reading the file up to there again.
_SUMMED = ("states", "days", "refunds", "refunded_orders", "without_customer", "lines",
           "lines_without_product", "compared")  # fmt: skip


def understand(
    tenant_id: UUID,
    file: BinaryIO,
    *,
    uploaded_at: datetime,
    alive: Callable[[], None] = lambda: None,
    before: Mapping[str, Any] | None = None,
    most: int | None = None,
) -> Understanding:
    """Read a file for a tenant and write nothing; raise `Unreadable`.

    At `most` so many records further than `before`, which is what an earlier call understood.
    """
    table = Table(file)
    export = export_of(table)
    found = _begun(table, export, before or {})
    rest = records_in(export, _counted(table, found), found)
    deque(islice(rest, found.compared), maxlen=0)
    some = islice(rest, most)
    while records := list(islice(some, CHUNK)):
        alive()
        with tenant_scope(tenant_id):
            zone = shop_time_zone()
            for read in compare(export, records, uploaded_at=uploaded_at):
                _add(found, export, read, zone)
        found.compared += len(records)
    found.is_whole = next(rest, None) is None
    return found


def _begun(table: Table, export: Export, before: Mapping[str, Any]) -> Understanding:
    columns = [name for name in table.columns if name not in export.known]
    kept = {name: before[name] for name in _SUMMED if name in before}
    return Understanding(
        export.name,
        columns_unknown=[name for name in columns if name not in export.unused],
        columns_unused=[name for name in columns if name in export.unused],
        **{**kept, "states": Counter(kept.get("states"))},
    )


def _add(found: Understanding, export: Export, read: Read, zone: ZoneInfo) -> None:
    found.states[read.state] += 1
    if export is ORDERS:
        _add_order(found, read, zone)


def _counted(table: Table, found: Understanding) -> Iterator[Row]:
    for row in table:
        found.rows += 1
        yield row


def records_in(export: Export, rows: Iterable[Row], found: Understanding) -> Iterator[Record]:
    """Yield what is there to be taken, and note what is refused; each thing once."""
    seen: set[int] = set()
    for record in export.records(rows):
        if isinstance(record, Refused):
            _refuse(found, record)
        elif record.body["id"] in seen:
            _refuse(found, Refused(record.line, "It stands in the file already, further up."))
        else:
            seen.add(record.body["id"])
            found.records += 1
            yield record


def _refuse(found: Understanding, refused: Refused) -> None:
    found.refused_count += 1
    if len(found.refused) < MOST_REFUSED:
        found.refused.append(list(refused))


# ── orders, in our figures ────────────────────────────────────────────────────────────────────


def _add_order(found: Understanding, read: Read, zone: ZoneInfo) -> None:
    body, rows = read.record.body, read.record.rows
    sales = _sales(read.changes[0], zone)
    sums = found.days.setdefault(body["currency"], {})
    if sales and counts_as_order(sales):
        _of_day(sums, sales[0])[0] += 1
    for sale in sales:
        _add_sale(_of_day(sums, sale), sale)
    back = refunded(rows)
    if back and not body.get("cancelled_at"):
        found.refunded_orders += 1
        minor = to_minor(back, body["currency"])
        found.refunds[body["currency"]] = found.refunds.get(body["currency"], 0) + minor
    found.without_customer += "customer" not in body
    found.lines += len(body["line_items"])
    found.lines_without_product += sum(line["product_id"] is None for line in body["line_items"])


def _sales(change: Change, zone: ZoneInfo) -> list[SaleRow]:
    known = KnownOrder(change.body["id"])
    known.learn_order(change.body, change.raw, change.version)
    return derive_sales(known, zone)


def _of_day(sums: dict[str, list[int]], sale: SaleRow) -> list[int]:
    return sums.setdefault(sale.day.isoformat(), [0] * len(SUMS))


def _add_sale(day: list[int], sale: SaleRow) -> None:
    """Add a row of the ledger to its day, as docs/metrics.md defines the figures."""
    net = sale.gross + sale.discount
    if sale.line_type in _OUTSIDE:
        return
    if sale.line_type in _GOODS:
        is_return = sale.action == Sale.Action.RETURN
        day[1] += 0 if is_return else sale.gross
        day[2] += 0 if is_return else sale.discount
        day[3] += net if is_return else 0
        day[4] += net
    elif sale.line_type == LineType.SHIPPING:
        day[5] += net
    day[6] += sale.tax
    day[7] += net + sale.tax
