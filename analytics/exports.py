"""Reports as files: CSV for spreadsheets, JSON Lines for programs.

Whole in memory: reports cost days, products or codes, and no answer may outlive its tenant scope.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import simplejson
from django.http import HttpResponse

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula
TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column; `label` names the currency or the zone of what stands in it."""

    key: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The rows of a report as they are exported; `name` is the file's, without its ending."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]


def exported(table: Table, kind: str) -> HttpResponse:
    """Answer a table as a file of one of `TYPES`."""
    lines = _csv(table) if kind == "csv" else _jsonl(table)
    response = HttpResponse(lines, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{table.name}.{kind}"'
    return response


def _csv(table: Table) -> Iterator[str]:
    labels = [column.label for column in table.columns]
    for row in (labels, *table.rows):
        line = io.StringIO()
        csv.writer(line).writerow([_cell(value) for value in row])
        yield line.getvalue()


def _jsonl(table: Table) -> Iterator[str]:
    keys = [column.key for column in table.columns]
    for row in table.rows:
        values = dict(zip(keys, row, strict=True))
        yield simplejson.dumps(values, use_decimal=True, ensure_ascii=False) + "\n"


def _cell(value: Any) -> str:
    """Return the text of a cell; a text that would be a formula gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, int | Decimal):
        return str(value)
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
