"""Tables as workbooks (xlsx), written to disk row by row.

A number in a workbook is a double; XlsxWriter prints it with 16 digits, so that amounts below ten
trillions stand there to the minor unit. A text is written as a text, whatever it looks like; days
and moments are dates, of which a workbook knows no zone: the head of their column names it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xenofy.common.money import minor_units
from xenofy.common.tables import Column, Row, Table

MOST_ROWS = 1_048_575  # of a sheet, below its head
MOST_LETTERS = 32_767  # of a cell
OPTIONS = {"constant_memory": True}  # a row is on disk once the next one begins
WIDTH = 18  # in letters
DAY, MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"
FIRST = datetime(1900, 3, 1)  # noqa: DTZ001 - a workbook's dates before it are off by a day


class _Formats(NamedTuple):
    """How the numbers, days and moments of a column are shown."""

    number: Format | None = None
    day: Format | None = None
    moment: Format | None = None


def workbook(table: Table) -> IO[bytes]:
    """Return a workbook, at its beginning; what does not fit on a sheet goes on the next one."""
    file = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    rows = iter(table.rows)
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        head = book.add_format({"bold": True})
        formats = [_format(book, column) for column in table.columns]
        for number, first in enumerate(_sheets(rows), 1):
            sheet = book.add_worksheet(f"Rows {number}")
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(formats) - 1, WIDTH)
            sheet.write_row(0, 0, [column.label for column in table.columns], head)
            for line, row in enumerate(islice(first, MOST_ROWS), 1):
                _write(sheet, line, row, formats)
    file.seek(0)
    return file


def _sheets(rows: Iterator[Row]) -> Iterator[Iterator[Row]]:
    """Yield the rows once for each sheet that they need, and once where there are none."""
    yield rows
    for row in rows:
        yield chain([row], rows)


def _format(book: xlsxwriter.Workbook, column: Column) -> _Formats:
    if column.is_time:
        days, moments = ({"num_format": how} for how in (DAY, MOMENT))
        return _Formats(None, book.add_format(days), book.add_format(moments))
    if not column.currency:
        return _Formats()
    places = minor_units(column.currency)
    number = {"num_format": f"#,##0.{'0' * places}" if places else "#,##0"}
    return _Formats(book.add_format(number))


def _write(sheet: Worksheet, line: int, row: Row, formats: Sequence[_Formats]) -> None:
    for place, value in enumerate(row):
        if value is not None:
            _write_cell(sheet, line, place, value, formats[place])


def _write_cell(sheet: Worksheet, line: int, place: int, value: Any, formats: _Formats) -> None:
    if isinstance(value, int | Decimal):
        sheet.write_number(line, place, float(value), formats.number)  # there is nothing else
        return
    text = str(value)
    at = _moment(text) if formats.day else None
    if at is None:
        sheet.write_string(line, place, text[:MOST_LETTERS])
    else:
        sheet.write_datetime(line, place, at, formats.moment if len(text) > 10 else formats.day)


def _moment(text: str) -> datetime | None:
    """Return what a day or a moment says on its clock; None for what a workbook has no date for."""
    try:
        at = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
    return at if at >= FIRST else None
