"""The Proof page: the ledger rows behind one figure, and their sum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from analytics.enums import Lens
from analytics.ledger_rows import LedgerRow
from analytics.metric import Unit
from analytics.pages import words
from analytics.pages.files import split_files
from analytics.pages.picker import Choice
from analytics.pages.statement import NO_ROWS, ProofLine
from analytics.parameters import WHOLE
from analytics.reports.proof import Proof
from xenofy.common import formats

ACTIONS = {"order": "Sold", "update": "Added by an edit", "return": "Taken back"}
LINES = {"gift_card": "Gift card", "additional_fee": "Additional fee"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofRow:
    """One row of the ledger."""

    order: str
    href: str
    day: str
    action: str
    line: str
    quantity: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofPage:
    """The inputs of analytics/proof.html."""

    heading: str
    sub: str
    value: str
    formula: str
    check: ProofLine
    rows: list[ProofRow]
    count: str
    files: list[Choice]
    newer: str
    older: str


def proof_page(found: Proof, *, state: Mapping[str, str]) -> ProofPage:
    """Return the page of a proof; `state` is the query it was asked with."""
    query, currency = found.query, found.query.currency
    days = words.range_of(query.period, today=found.coverage.today)
    last = query.page * query.limit >= found.row_count
    by_order_day = ["returns on the day of their order"] if query.lens is Lens.ORDER else []
    return ProofPage(
        heading=found.metric.label,
        sub=", ".join([*([words.isolated(found.name)] if found.name else []), days, *by_order_day]),
        value=_shown(found, found.value),
        formula=found.metric.formula,
        check=_check(found),
        rows=[_row(found, row) for row in found.rows],
        count=words.counted(found.row_count, "row", currency),
        files=_files(found, state) if found.row_count else [],
        newer=_page(state, query.page - 1) if query.page > 1 else "",
        older="" if last else _page(state, query.page + 1),
    )


def _files(found: Proof, state: Mapping[str, str]) -> list[Choice]:
    """Return all rows as files, where the API has them of this figure."""
    of = {"metric": found.metric.key, **({"key": state["key"]} if "key" in state else {})}
    return split_files(state.get("report", WHOLE), found.query, part="/proof", **of)


def _check(found: Proof) -> ProofLine:
    if not found.row_count and found.value == found.reported:
        return ProofLine(text=NO_ROWS, checked=True)
    rows = words.counted(found.row_count, "ledger row", found.query.currency)
    if found.value == found.reported:
        return ProofLine(text=f"The sum of {rows}, and what the report says.", checked=True)
    reported = _shown(found, found.reported)
    why = "Days are being recomputed." if found.stale else "Do not rely on it until both are equal."
    return ProofLine(text=f"The sum of {rows}; the report says {reported}. {why}", checked=False)


def _row(found: Proof, row: LedgerRow) -> ProofRow:
    return ProofRow(
        order=row.order_name or str(row.order_id),
        href=reverse("analytics:order", args=[row.order_id]),
        day=formats.day(row.day, today=found.coverage.today),
        action=ACTIONS[row.action],
        line=line_name(row.line_type),
        quantity=formats.integer(row.quantity, found.query.currency),
        amount=_shown(found, row.amount),
    )


def line_name(line_type: str) -> str:
    """Name the kind of a row of the ledger."""
    return LINES.get(line_type, line_type.replace("_", " ").capitalize())


def _shown(found: Proof, amount: int) -> str:
    currency = found.query.currency
    if found.metric.unit is Unit.MONEY:
        return words.minor(amount, currency)
    return formats.integer(amount, currency)


def _page(state: Mapping[str, str], page: int) -> str:
    return f"?{urlencode({**state, 'page': page})}"
