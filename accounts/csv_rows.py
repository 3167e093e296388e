"""Uploaded CSV exports in words: how far each is, and what was understood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404

from shop_data.csv_exports.exports import ORDERS
from shop_data.csv_exports.understanding import SUMS
from shop_data.models import CsvUpload
from shop_data.store import shop_time_zone
from xenofy.common.formats import MONTHS, clock, day, day_range, integer, money
from xenofy.common.money import from_minor

State = CsvUpload.State
SHOWN = 100
MOST_DAYS = 62  # in a table; then it is by month
_WORDS = {
    State.READING: ("being read", "warn"),
    State.UNDERSTOOD: ("to be confirmed", "warn"),
    State.REFUSED: ("refused", "bad"),
    State.TAKING: ("being imported", "warn"),
    State.DONE: ("imported", "good"),
    State.DROPPED: ("dropped", ""),
}
_LABELS = ("Orders", "Gross sales", "Discounts", "Returns", "Net sales", "Shipping", "Taxes",
           "Total sales")  # fmt: skip


class UploadRow(NamedTuple):
    """An upload in a line; `percent` of it has been gone through, None while nothing is known."""

    id: UUID
    name: str
    word: str
    tone: str
    at: str
    sentence: str
    trouble: str
    percent: int | None
    is_moving: bool
    may_be_confirmed: bool
    has_orders: bool
    may_be_dropped: bool


class Figures(NamedTuple):
    """What a file alone adds up to in one currency."""

    currency: str
    period: str
    by: str  # "day" or "month"
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    totals: Sequence[str]


class Understood(NamedTuple):
    """What a dry run said, as the page shows it."""

    facts: Sequence[tuple[str, str]]
    notes: Sequence[str]
    figures: Sequence[Figures]
    refused: Sequence[tuple[int, str]]
    refused_count: str
    columns_unknown: Sequence[str]
    columns_unused: Sequence[str]


def upload_rows(*, now: datetime) -> list[UploadRow]:
    """Return the newest uploads of the current tenant."""
    zone = shop_time_zone()
    uploads = CsvUpload.objects.defer("content").order_by("-uploaded_at", "-id")[:SHOWN]
    return [_row(upload, zone, now) for upload in uploads]


def upload_row(upload_id: UUID, *, now: datetime) -> tuple[UploadRow, Understood | None]:
    """Return an upload and what was understood of it; 404 for one that is not here."""
    upload = CsvUpload.objects.defer("content").filter(id=upload_id).first()
    if upload is None:
        raise Http404
    is_read = upload.understood and upload.state != State.READING
    said = in_words(upload.understood, now=now) if is_read else None
    return _row(upload, shop_time_zone(), now), said


def _row(upload: CsvUpload, zone: ZoneInfo, now: datetime) -> UploadRow:
    word, tone = _WORDS[State(upload.state)]
    local = upload.uploaded_at.astimezone(zone)
    return UploadRow(
        id=upload.id,
        name=upload.name,
        word=word,
        tone=tone,
        at=f"{day(local.date(), today=now.astimezone(zone).date())}, {clock(local)}",
        sentence=_sentence(upload),
        trouble=upload.trouble,
        percent=_percent(upload),
        is_moving=upload.state in (State.READING, State.TAKING),
        may_be_confirmed=upload.state == State.UNDERSTOOD and upload.understood["records"] > 0,
        has_orders=upload.understood.get("export") == ORDERS.name,
        may_be_dropped=upload.state in (State.READING, State.UNDERSTOOD, State.TAKING),
    )


def _sentence(upload: CsvUpload) -> str:
    found = upload.understood
    if not found:
        return "Nothing has been read yet." if upload.state == State.READING else ""
    said = f"{integer(found['records'])} {found['export']} in {integer(found['rows'])} rows."
    if upload.state == State.READING:
        said += " There are more."
    if upload.state in (State.TAKING, State.DONE):
        said += f" {integer(upload.written)} of {integer(upload.done)} said something new."
    return said


def _percent(upload: CsvUpload) -> int | None:
    if upload.state not in (State.TAKING, State.DONE):
        return None
    return int(100 * upload.done / max(1, upload.understood["records"]))


# ── what was understood ───────────────────────────────────────────────────────────────────────


def in_words(found: Mapping[str, Any], *, now: datetime) -> Understood:
    """Return what the current tenant's dry run said (`vars` of an `Understanding`)."""
    return Understood(
        facts=list(_facts(found)),
        notes=list(_notes(found)),
        figures=[_figures(code, days, now) for code, days in sorted(found["days"].items())],
        refused=found["refused"],
        refused_count=integer(found["refused_count"]) if found["refused_count"] else "",
        columns_unknown=found["columns_unknown"],
        columns_unused=found["columns_unused"],
    )


def _facts(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    states = found["states"]
    yield "Kind", f"Export of {found['export']}"
    yield "Rows", integer(found["rows"])
    yield found["export"].capitalize(), integer(found["records"])
    yield "New", integer(states.get("new", 0))
    yield "Changed since an earlier file", integer(states.get("changed", 0))
    yield "Here already", integer(states.get("same", 0))
    yield "Known from Shopify itself, left as they are", integer(states.get("told", 0))


def _notes(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the file does not tell, in sentences."""
    if found["refunded_orders"]:
        amounts = " and ".join(
            money(from_minor(minor, code), code) for code, minor in sorted(found["refunds"].items())
        )
        orders = _several(found["refunded_orders"], "order has", "orders have")
        yield (
            f"{orders} been refunded, {amounts} in all. The export tells neither when nor what for,"
            " so that these refunds are in no figure."
        )
    if found["without_customer"]:
        orders = _several(found["without_customer"], "order’s customer is", "orders’ customers are")
        yield f"{orders} not known by their e-mail. Import the export of customers first."
    if found["lines_without_product"]:
        lines = _several(found["lines_without_product"], "line has", "lines have")
        yield (
            f"{lines} no SKU of exactly one known product: sales by product leave them out."
            " Import the export of products first."
        )


def _several(count: int, one: str, many: str) -> str:
    return f"{integer(count)} {one if count == 1 else many}"


def _figures(code: str, days: Mapping[str, list[int]], now: datetime) -> Figures:
    dates = sorted(date.fromisoformat(each) for each in days)
    by = "day" if len(dates) <= MOST_DAYS else "month"
    today = now.astimezone(shop_time_zone()).date()
    sums: dict[str, list[int]] = {}
    for each in dates:
        name = day(each, today=today) if by == "day" else f"{MONTHS[each.month - 1]} {each.year}"
        sums[name] = _added(sums.get(name), days[each.isoformat()])
    total = [0] * len(SUMS)
    for values in sums.values():
        total = _added(total, values)
    return Figures(
        currency=code,
        period=day_range(dates[0], dates[-1], today=today),
        by=by,
        columns=(by.capitalize(), *_LABELS),
        rows=[(name, *_written(values, code)) for name, values in sums.items()],
        totals=("In all", *_written(total, code)),
    )


def _added(sums: list[int] | None, more: list[int]) -> list[int]:
    return [one + other for one, other in zip(sums or [0] * len(more), more, strict=True)]


def _written(values: Sequence[int], code: str) -> Iterator[str]:
    yield integer(values[0], code)
    for minor in values[1:]:
        yield money(from_minor(minor, code), code)
