"""Tables as files: CSV and workbooks for spreadsheets, JSON Lines for programs.

CSV and JSON Lines are sent while their rows are read; of neither is there ever more than a chunk
in memory. A workbook is written to disk first, as its beginning depends on its end. Each file is
an entry of the tenant: who took which rows.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import chain, islice
from typing import Any, cast

import simplejson
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request

from tenants import audit
from tenants.api_keys import key_called
from tenants.audit import Action
from tenants.credentials import Credential
from tenants.streams import TenantStream, WrittenFile
from xenofy.common.addresses import address_for_entries
from xenofy.common.tables import Row, Table
from xenofy.common.workbooks import workbook

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # what a spreadsheet takes for a formula
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ROWS = 500  # in a chunk
BROKEN = "The rest is missing: something went wrong while this file was made. Ask for it again."
OF_PAGES = ("page", "limit", "cursor", "format")  # which change nothing in a file
SEARCHES = ("search", "q")  # for a name, perhaps, which nobody could take out of an entry again
NOT_KEPT = "words that are not kept"


def exported(request: Request, table: Callable[[], Table], kind: str) -> HttpResponseBase:
    """Answer a table as a file of one of `TYPES`, to who may take files.

    Whatever is wrong with the request is raised by `table` before the first byte, and that the
    file is taken is written down before it too.
    """
    if not cast("Credential", request.auth).may_export:
        raise PermissionDenied
    made = table()
    file = _file(made, kind)
    _note(request, made, kind)
    return file


def _file(made: Table, kind: str) -> HttpResponseBase:
    headers = {"Content-Disposition": f'attachment; filename="{made.name}.{kind}"'}
    if kind == "xlsx":
        return WrittenFile(workbook(made), content_type=TYPES[kind], headers=headers)
    lines, broken = (_csv, _csv_line([BROKEN])) if kind == "csv" else (_jsonl, _broken_json())
    return TenantStream(
        lambda: _chunks(lines(made)),
        broken=broken.encode(),
        content_type=TYPES[kind],
        headers=headers,
    )


def _note(request: Request, made: Table, kind: str) -> None:
    """Write down who takes which rows, by the filters as they were asked."""
    credential = cast("Credential", request.auth)
    asked = request.query_params.items()
    audit.note(
        Action.FILE_TAKEN,
        actor_id=credential.user_id,
        actor=str(request.user or key_called(credential.key_id)),
        now=timezone.now(),
        subject=made.name,
        detail={
            "format": kind,
            "rows": made.number(),
            **{
                name: NOT_KEPT if name in SEARCHES else value
                for name, value in asked
                if name not in OF_PAGES
            },
        },
        address=address_for_entries(request),
    )


def _chunks(lines: Iterator[str]) -> Iterator[bytes]:
    while chunk := "".join(islice(lines, ROWS)):
        yield chunk.encode()


def _csv(table: Table) -> Iterator[str]:
    labels = [column.label for column in table.columns]
    return map(_csv_line, chain([labels], table.rows))


def _csv_line(row: Row) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([_cell(value) for value in row])
    return line.getvalue()


def _jsonl(table: Table) -> Iterator[str]:
    keys = [column.key for column in table.columns]
    return (_json_line(dict(zip(keys, row, strict=True))) for row in table.rows)


def _json_line(values: dict[str, Any]) -> str:
    return simplejson.dumps(values, use_decimal=True, ensure_ascii=False) + "\n"


def _broken_json() -> str:
    return _json_line({"error": BROKEN, "code": "INCOMPLETE"})


def _cell(value: Any) -> str:
    """Return the text of a cell; a text that would be a formula gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, int | Decimal):
        return str(value)
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text
